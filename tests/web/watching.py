"""A window whose owner notices what runs in it, or is kept from running, and what was made by what stands on record."""

from __future__ import annotations

from playwright.async_api import ConsoleMessage, Dialog, Page

from tests.web.console import Answer

MADE_OF_TEXT = """ours => {
    const links = /^(xlink:)?(href|src|action|formaction|data)$/;
    const runs = attribute => /^on/i.test(attribute.name) || ["style", "srcdoc"].includes(attribute.name)
        || (links.test(attribute.name) && /^\\s*(javascript|vbscript|data):/i.test(attribute.value));
    const none_of_ours = "iframe, object, embed, base, style, script:not([src]), img";
    return [...document.querySelectorAll("*")]
        .filter(element => (element.matches(none_of_ours) && !element.matches(ours))
            || [...element.attributes].some(runs))
        .map(element => element.outerHTML.slice(0, 200));
}"""
"""Elements and attributes that no page of ours has, but for those elements that are ``ours`` there."""


class Watch:
    """Watches a page; ``noticed`` is what is wrong, and on which page. ``ours`` selects elements that may be there."""

    def __init__(self, page: Page, *, ours: str = "none") -> None:
        self.page = page
        self._ours = ours
        self.noticed: list[str] = []
        page.on("dialog", self._close)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.note(f"an error: {error}"))

    def note(self, what: str) -> None:
        """Something is wrong here."""
        self.noticed.append(f"{self.page.url}: {what}")

    async def _close(self, dialog: Dialog) -> None:
        self.note(f"a dialog: {dialog.message}")
        await dialog.dismiss()

    def _hear(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            self.note(message.text)

    async def look(self, address: str | None = None) -> None:
        """Open a page (or stay on it), and look whether any of it was made by a text."""
        if address is not None:
            await self.page.goto(address)
        for element in await self.page.evaluate(MADE_OF_TEXT, self._ours):
            self.note(element)

    async def show(self, address: str, answer: Answer) -> None:
        """Look at what was answered to a form that was sent to this address."""
        headers = {name: value for name, value in answer.headers if name.lower() != "content-length"}
        await self.page.route(
            address, lambda route: route.fulfill(status=answer.status, headers=headers, body=answer.text), times=1
        )
        await self.look(address)
