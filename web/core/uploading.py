"""Files that forms send, within limits: each is kept for whoever sent it, so that nobody sends it twice."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request

from languages.marking import translatable
from presentation.forms.looks import Look
from service.core.uploads import keep
from web.core.asked import KEPT_FILE, AFile, Asked
from web.core.pages import speech
from web.core.reading import MOST_BYTES, Posted, posted
from web.core.rights import signed_in
from web.core.surroundings import surroundings

EMPTY = translatable("The file is empty.")

DAY_ORDERS = {
    "iso": translatable("Year, month, day: 2027-03-31"),
    "dmy": translatable("Day, month, year: 31/03/2027"),
    "mdy": translatable("Month, day, year: 03/31/2027"),
    "ymd": translatable("Year, month, day with other marks: 2027/03/31"),
}
"""How a file can write its dates, as people choose it."""

DAY_ORDER = Asked("day_order", translatable("How does the file write dates?"), look=Look.SELECT)


async def typed_and_kept(request: Request, asked: Sequence[Asked]) -> tuple[Posted, dict[str, str], list[str]]:
    """A form that was sent: what was typed into its fields, and which files in it are empty. Files are kept.

    Raises as :func:`web.core.reading.posted` does.
    """
    files = {each.key: (each, each.file) for each in asked if each.file is not None}
    at_most = MOST_BYTES + sum(file.at_most for _, file in files.values())
    sent = await posted(request, at_most=at_most, files=len(files))
    typed, empty = {each.key: sent.value(each.key).strip() for each in asked}, []
    for key, (each, file) in files.items():
        name = sent.files[key].filename if key in sent.files else None
        if not name:
            continue
        if content := await content_of(sent, key, file.at_most):
            kept = await _keep(request, file, name, content)
            typed[key] = kept if each.look is Look.FILE else f"{KEPT_FILE}{kept}"
        else:
            empty.append(key)
    return sent, typed, empty


async def _keep(request: Request, file: AFile, name: str, content: bytes) -> str:
    database, person = surroundings(request).database, signed_in(request).person
    return await asyncio.to_thread(keep, database, person, file.kept_as, name, content)


async def content_of(form: Posted, key: str, at_most: int) -> bytes:
    """What is in the file of this key; empty without one. Raises ``HTTPException`` 413 for one that is too large."""
    if (file := form.files.get(key)) is None:
        return b""
    content = await file.read(at_most + 1)
    if len(content) > at_most:
        raise HTTPException(413)
    return content


def day_orders(request: Request) -> dict[str, str]:
    """How a file can write its dates, to choose from."""
    said = speech(request)
    return {order: said.text(word) for order, word in DAY_ORDERS.items()}
