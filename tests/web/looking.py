"""How tests look at a page in a browser: what is wrong with it for those who see, hear, or touch it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

from playwright.async_api import BrowserContext, ConsoleMessage, Page

from domain.core.model import PersonId
from tests.web.console import Console
from web.core.sessions import SESSION


@dataclass(frozen=True)
class Look:
    """A size of a window, and its colours."""

    name: str
    options: Mapping[str, Any] = field(hash=False)


_PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
_DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 900}}

LOOKS = (
    Look("phone, light", {**_PHONE, "color_scheme": "light"}),
    Look("phone, dark", {**_PHONE, "color_scheme": "dark"}),
    Look("desktop, light", {**_DESKTOP, "color_scheme": "light"}),
    Look("desktop, dark", {**_DESKTOP, "color_scheme": "dark"}),
)

NARROW = 320
"""CSS pixels: the width of a small phone, and of a desktop at four times the size (WCAG 1.4.10)."""

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

SMALL_TARGETS = """() => [...document.querySelectorAll("button, input, select, textarea, nav a, .button")]
    .map(element => element.closest(".choice") ?? element)
    .filter(element => element.checkVisibility() && element.getBoundingClientRect().height < 44)
    .map(element => element.outerHTML.slice(0, 100))"""


async def sign_in(context: BrowserContext, console: Console, person: PersonId) -> None:
    """Have somebody signed in in a window."""
    await context.add_cookies(
        [
            {
                "name": SESSION,
                "value": console.session(person),
                "domain": "localhost",
                "path": "/",
                "secure": True,
                "httpOnly": True,
                "sameSite": "Lax",
            }
        ]
    )


async def check_looks(page: Page, address: str | None = None) -> None:
    """Open a page (or stay on it): it breaks no rule of axe's, none of its own policy, and fits a narrow window."""
    said: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            said.append(message.text)

    page.on("console", hear)
    if address is not None:
        await page.goto(address)
    where = page.url
    await page.evaluate(_axe())
    found = await page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
    broken = [
        (rule["id"], node["html"][:200], node.get("failureSummary", ""))
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
    assert not broken, (where, broken)
    assert not said, (where, said)
    assert not await page.evaluate(SMALL_TARGETS), where
    size = page.viewport_size
    assert size is not None
    await page.set_viewport_size({"width": NARROW, "height": size["height"]})
    assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW, where
    await page.set_viewport_size(size)
    page.remove_listener("console", hear)


@cache
def _axe() -> str:
    """The program that looks for what is wrong, as the package has it."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
