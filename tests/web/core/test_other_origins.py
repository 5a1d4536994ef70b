"""A page of somebody else's, in the browser of somebody who is signed in: it changes nothing, and reads nothing.

It comes from another port of the same host, for which browsers send cookies along, and from another host.
"""

from __future__ import annotations

import html
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.async_api import Page, expect

from domain.core.questions import TaskKind
from service.core import drafts
from tests.web.console import Console
from tests.web.core.test_refusals import warned
from tests.web.looking import sign_in
from tests.web.tasks import CASE, MANAGER, on_record, task

TASK = f"{CASE}-1"

SENDS = """async ([origin, path, fields]) => {
    const body = new URLSearchParams(fields);
    const ways = {
        "no-cors": {method: "POST", mode: "no-cors", body},
        "cors": {method: "POST", mode: "cors", body},
        "text": {method: "POST", mode: "no-cors", body: body.toString(), headers: {"Content-Type": "text/plain"}},
        "json": {method: "POST", mode: "cors", body: "{}", headers: {"Content-Type": "application/json"}},
    };
    const read = {};
    for (const [name, way] of Object.entries(ways)) {
        try {
            const answer = await fetch(origin + path, {credentials: "include", ...way});
            read[name] = answer.type === "opaque" ? "" : await answer.text();
        } catch (error) {
            read[name] = "";
        }
    }
    navigator.sendBeacon(origin + path, body);
    return Object.values(read).join("");
}"""
"""What a script of such a page can send, and what of the answers it can read."""

READS = """async ([origin, paths]) => {
    const found = [];
    for (const path of paths) {
        try {
            found.push(await (await fetch(origin + path, {credentials: "include"})).text());
        } catch (error) {
            found.push("");
        }
        for (const kind of ["img", "script", "link", "audio"]) {
            const element = document.createElement(kind);
            const settled = new Promise(resolve => {
                element.onload = () => resolve(`${kind} ${path} was loaded`);
                element.onerror = () => resolve("");
                setTimeout(() => resolve(""), 3000);
            });
            element.rel = "stylesheet";
            element[kind === "link" ? "href" : "src"] = origin + path;
            document.body.append(element);
            found.push(await settled);
        }
    }
    return found.join("");
}"""
"""What a page can load of ours, and read."""


@dataclass
class Elsewhere:
    """Somebody else's server: what it answers by path."""

    port: int
    pages: dict[str, str]

    def page(self, host: str, path: str, content: str) -> str:
        """Put a page there; its address."""
        self.pages[path] = f"<!DOCTYPE html><meta charset=utf-8><title>Win a prize</title><body>{content}"
        return f"http://{host}:{self.port}{path}"


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    """Somebody else's server."""
    pages: dict[str, str] = {}

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            content = pages.get(self.path, "").encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Elsewhere(server.server_port, pages)
    server.shutdown()
    server.server_close()
    thread.join()


def form(action: str, fields: Mapping[str, str], kind: str) -> str:
    """A form that sends itself."""
    inputs = "".join(f'<input name="{name}" value="{html.escape(value)}">' for name, value in fields.items())
    return (
        f'<form id=f method=post action="{action}" enctype="{kind}">{inputs}</form>'
        "<script>document.getElementById('f').submit()</script>"
    )


@pytest.fixture
async def victim(console: Console, window: Callable[..., Any]) -> Page:
    """A window of somebody who is signed in, and is asked something."""
    on_record(console.database, task(1, TaskKind.GOALS, MANAGER))
    context = await window()
    await sign_in(context, console, MANAGER)
    page: Page = await context.new_page()
    return page


WISHES: tuple[tuple[str, Mapping[str, str]], ...] = (
    ("/me/language", {"language": "de"}),
    ("/me/sign-out-everywhere", {"sure": "yes"}),
    ("/sign-out", {"sure": "yes"}),
    (f"/tasks/{TASK}", {"goals": "Theirs", "_step": "draft"}),
    ("/sign-in", {"address": "evil@example.org"}),
)
"""What somebody else would like to have done."""

PAGES = ("/me", "/me/data", f"/tasks/{TASK}", "/about")


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"], ids=["same host", "another host"])
async def test_a_page_of_somebody_else_changes_nothing_and_reads_nothing(
    console: Console, elsewhere: Elsewhere, victim: Page, host: str, caplog: pytest.LogCaptureFixture
) -> None:
    # when somebody who is signed in opens a page whose forms send themselves
    for n, (path, fields) in enumerate(WISHES):
        kind = ("application/x-www-form-urlencoded", "multipart/form-data", "text/plain")[n % 3]
        await victim.goto(elsewhere.page(host, f"/form{n}", form(console.origin + path, fields, kind)))
        # then they are told that it did not come from us
        await expect(victim.get_by_role("heading", level=1)).to_have_text("This did not come from our pages")
        assert victim.url == console.origin + path
    refused = warned(caplog, "a request was not let in")
    assert [line["why"] for line in refused] == ["site"] * len(WISHES)
    # and what its scripts send is not done, and no answer can be read
    await victim.goto(elsewhere.page(host, "/scripts", "Wait ..."))
    for path, fields in WISHES:
        assert await victim.evaluate(SENDS, [console.origin, path, dict(fields)]) == ""
    assert await victim.evaluate(READS, [console.origin, PAGES]) == ""
    assert len(warned(caplog, "a request was not let in")) > len(refused)
    # and none of our pages is shown within theirs
    frames = "".join(f'<iframe src="{console.origin}{path}"></iframe>' for path in PAGES)
    await victim.goto(elsewhere.page(host, "/frames", frames), wait_until="load")
    within = [await frame.content() for frame in victim.frames if frame is not victim.main_frame]
    assert len(within) == len(PAGES)
    assert not any("Waymark" in content for content in within)
    # so nothing has changed: they are signed in, their language is what it was, and nothing was typed for them
    await victim.goto(f"{console.origin}/me")
    assert await victim.locator("html").get_attribute("lang") == "en"
    assert drafts.load(console.database, TASK, MANAGER) is None


async def test_a_link_on_a_page_of_somebody_else_opens_ours_which_they_can_not_reach_into(
    console: Console, elsewhere: Elsewhere, victim: Page
) -> None:
    # given a link on another site, which opens a page of ours in a window beside
    opens = "window.ours = window.open(this.href, 'ours'); return false"
    link = f'<a href="{console.origin}/me" onclick="{opens}">Win</a>'
    await victim.goto(elsewhere.page("127.0.0.1", "/link", link))
    # when it is followed
    async with victim.context.expect_page() as opened:
        await victim.get_by_role("link", name="Win").click()
    ours = await opened.value
    # then they are there, signed in; and neither window knows of the other
    await expect(ours.get_by_role("heading", level=1)).to_contain_text("My page")
    assert await ours.evaluate("window.opener") is None
    assert await victim.evaluate("window.ours.closed")
