"""Reading a file that a form sends, within limits."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request

from languages.marking import translatable
from service.core.uploads import shown_name
from web.core.reading import MOST_BYTES, Posted, posted

FILE = "file"

MISSING = translatable("Choose a file.")
EMPTY = translatable("The file is empty.")

DAY_ORDERS = {
    "iso": translatable("Year, month, day: 2027-03-31"),
    "dmy": translatable("Day, month, year: 31/03/2027"),
    "mdy": translatable("Month, day, year: 03/31/2027"),
    "ymd": translatable("Year, month, day with other marks: 2027/03/31"),
}
"""How a file can write its dates, as people choose it."""


@dataclass(frozen=True)
class Sent:
    """A form with a file: its ``name`` and ``content``, or what is wrong with it as a sentence of ours."""

    form: Posted
    name: str
    content: bytes
    wrong: str | None


async def sent(request: Request, at_most: int, *, files: int = 1) -> Sent:
    """Read a form with one file under the key ``file``. Raises as :func:`web.core.reading.posted` does."""
    form = await posted(request, at_most=files * at_most + MOST_BYTES, files=files)
    content = await content_of(form, FILE, at_most)
    file = form.files.get(FILE)
    name = shown_name(file.filename or "") if file else ""
    wrong = None if content else MISSING if not (file and file.filename) else EMPTY
    return Sent(form, name, content, wrong)


async def content_of(form: Posted, key: str, at_most: int) -> bytes:
    """What is in the file of this key; empty without one. Raises ``HTTPException`` 413 for one that is too large."""
    if (file := form.files.get(key)) is None:
        return b""
    content = await file.read(at_most + 1)
    if len(content) > at_most:
        raise HTTPException(413)
    return content
