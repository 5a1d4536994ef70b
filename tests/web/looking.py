"""How tests look at a page in a browser: what is wrong with it for those who see, hear, or touch it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import Any

from playwright.async_api import BrowserContext, ConsoleMessage, Error, Page, Response

from domain.core.model import PersonId
from tests.web.console import Console
from web.core.sessions import SESSION

PHONE: Mapping[str, Any] = {"viewport": {"width": 360, "height": 740}, "is_mobile": True, "has_touch": True}
DESKTOP: Mapping[str, Any] = {"viewport": {"width": 1280, "height": 900}}
"""Windows, as :func:`tests.web.conftest.window` opens them."""

NARROW = 320
"""CSS pixels: the width of a small phone, and of a desktop at four times the size (WCAG 1.4.10)."""
TWICE = 640
"""CSS pixels: the width of a desktop at twice the size (WCAG 1.4.4)."""

RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
OF_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
"""The rules of axe's, and those of them that other colours may break."""

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


TOO_WIDE = """width => {
    const wide = document.documentElement.scrollWidth;
    return wide <= width ? [] : [`${wide} pixels`, ...[...document.body.querySelectorAll("*")]
        .filter(element => element.checkVisibility() && element.getBoundingClientRect().right > width + 1)
        .map(element => element.outerHTML.slice(0, 100))];
}"""
"""How wide a page is that scrolls sideways, and what in it stands out."""

REPEATED = """() => {
    const ids = [...document.querySelectorAll("[id]")].map(element => element.id);
    return ids.filter((id, n) => ids.indexOf(id) < n);
}"""
"""Ids that a page has twice."""


@dataclass
class Heard:
    """What a browser says of a page while it loads it, and nobody should ever read."""

    said: list[str] = field(default_factory=list)

    def console(self, message: ConsoleMessage) -> None:
        """Hear what is written to the console: errors, and what the page's own policy forbids."""
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            self.said.append(message.text)

    def failed(self, error: Error) -> None:
        """Hear of a script that broke off."""
        self.said.append(str(error))

    def response(self, response: Response) -> None:
        """Hear of a part of a page that is not there; of the page itself its status tells."""
        if response.status >= HTTPStatus.BAD_REQUEST and not response.request.is_navigation_request():
            self.said.append(f"{response.url}: {response.status}")


async def check_looks(page: Page, address: str | None = None, *, status: int = HTTPStatus.OK) -> None:
    """Open a page (or stay on it), and look at it on a phone and on a desk, in light and in dark.

    It is there, breaks no rule of axe's and none of its own policy, and never scrolls sideways, neither in a narrow
    window nor at twice the size. Of one that is not to be there, say its ``status``.
    """
    heard = Heard()
    page.on("console", heard.console)
    page.on("pageerror", heard.failed)
    page.on("response", heard.response)
    if address is not None:
        answer = await page.goto(address)
        assert answer is not None
        assert answer.status == status, (address, answer.status)
    size = page.viewport_size
    assert size is not None
    assert not (repeated := await page.evaluate(REPEATED)), (page.url, repeated)
    await page.evaluate(_axe())
    await page.emulate_media(reduced_motion="reduce")  # or colours are on their way when they are looked at
    for window in (PHONE["viewport"], DESKTOP["viewport"]):
        await page.set_viewport_size(window)
        await _keeps_to(RULES, page)
        await page.emulate_media(color_scheme="dark")
        await _keeps_to(OF_COLOURS, page)
        await page.emulate_media(color_scheme="light")
        assert not (small := await page.evaluate(SMALL_TARGETS)), (page.url, window, small)
    await page.evaluate("document.documentElement.style.fontSize = '200%'")
    await _fits(page, "in large letters")
    await page.evaluate("document.documentElement.style.fontSize = ''")
    for width in (DESKTOP["viewport"]["width"], TWICE, PHONE["viewport"]["width"], NARROW):
        await page.set_viewport_size({"width": width, "height": size["height"]})
        await _fits(page)
    await page.set_viewport_size(size)
    assert not heard.said, (page.url, heard.said)
    page.remove_listener("console", heard.console)
    page.remove_listener("pageerror", heard.failed)
    page.remove_listener("response", heard.response)


async def _keeps_to(rules: Mapping[str, Any], page: Page) -> None:
    """It breaks none of these rules as it looks now."""
    found = await page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", rules)
    broken = [
        (rule["id"], node["html"][:200], node.get("failureSummary", ""))
        for rule in found["violations"]
        for node in rule["nodes"]
    ]
    assert not broken, (page.url, page.viewport_size, rules["type"], broken)


async def _fits(page: Page, how: str = "") -> None:
    """It does not scroll sideways."""
    size = page.viewport_size
    assert size is not None
    assert not (wide := await page.evaluate(TOO_WIDE, size["width"])), (page.url, size["width"], how, wide)


@cache
def _axe() -> str:
    """The program that looks for what is wrong, as the package has it."""
    return (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
