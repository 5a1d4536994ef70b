"""A form on a page as a browser sees it: what it would send, without a browser."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from languages.speech import Speech
from presentation.forms.shown import ShownField
from web.core.pages import environment


def rendered(fields: list[ShownField], speech: Speech) -> str:
    """The fields as the pages render them, in a form."""
    source = '{% from "macros/fields.html" import form_fields with context %}<form>{{ form_fields(fields) }}</form>'
    return environment().from_string(source).render(fields=fields, speech=speech)


def form_in(page: str) -> str:
    """What tells the form on a page from others that are alike."""
    found = re.search(r'name="_form" value="([0-9a-f]{32})"', page)
    assert found
    return found[1]


@dataclass
class Control:
    """A control with what it would send."""

    name: str
    value: str
    sent: bool = True


@dataclass
class SentBy(HTMLParser):
    """Reads a page; ``pairs`` is what a browser would send of its forms, without pressing a button that has a name."""

    controls: list[Control] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._area: Control | None = None
        self._select = ""

    @classmethod
    def of(cls, page: str) -> SentBy:
        """What is on a page."""
        read = cls()
        read.feed(page)
        read.close()
        return read

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Name and value, as they go over the line."""
        sent = [control for control in self.controls if control.sent and control.name]
        return [(control.name, control.value.replace("\n", "\r\n")) for control in sent]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A control begins."""
        given = dict(attrs)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "input":
            sent = given.get("type") not in ("radio", "checkbox") or "checked" in given
            one_line = value.replace("\n", "") if given.get("type") == "text" else value
            self.controls.append(Control(name, one_line, sent))
        elif tag == "textarea":
            self._area = Control(name, "")
            self.controls.append(self._area)
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select:
            self.controls.append(Control(self._select, value, "selected" in given))

    def handle_endtag(self, tag: str) -> None:
        """It ends; the first line break of a text over lines is not of the text."""
        if tag == "textarea" and self._area is not None:
            self._area.value = self._area.value.removeprefix("\n")
            self._area = None
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        """What stands in a text over lines."""
        if self._area is not None:
            self._area.value += data
