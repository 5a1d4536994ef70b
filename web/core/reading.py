"""What a form sends, within limits of size and time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive

MOST_BYTES = 1_000_000
MOST_FIELDS = 2_000
MOST_PASSED_OVER = 50_000_000
READING_SECONDS = 30
"""How long the form as a whole may take to arrive."""


@dataclass(frozen=True)
class Posted:
    """The fields of a form as pairs of key and value, in the order in which the page has them, and files by key."""

    pairs: list[tuple[str, str]]
    files: Mapping[str, UploadFile] = field(default_factory=dict)

    def value(self, key: str) -> str:
        """The first value of a field; empty where it was not sent."""
        return next((value for name, value in self.pairs if name == key), "")

    def without(self, *keys: str) -> list[tuple[str, str]]:
        """All pairs but those of some keys, such as the name of the button that was pressed."""
        return [(key, value) for key, value in self.pairs if key not in keys]


FORM, WITH_FILES = "application/x-www-form-urlencoded", "multipart/form-data"

MOST_FILES, MOST_WITH_FILES = 4, 18_000_000
"""More than any page takes: see :func:`sent_before`."""


async def posted(request: Request, *, at_most: int = MOST_BYTES, files: int = 0) -> Posted:
    """Read a form of at most so many bytes, with so many files. Line ends are ``\\n``, and no text holds a NUL.

    Raises ``HTTPException``: 413 for too much, 408 where it takes too long, 400 for what is no form.
    """
    declared = request.headers.get("content-length", "0")
    if not declared.isdecimal() or int(declared) > at_most:
        await _pass_over(request)
        raise HTTPException(413)
    limited = Request(request.scope, _counted(request, at_most), request._send)
    try:
        async with asyncio.timeout(READING_SECONDS):
            form = await limited.form(max_files=files, max_fields=MOST_FIELDS, max_part_size=at_most)
    except TimeoutError:
        raise HTTPException(408) from None
    except ClientDisconnect:
        raise HTTPException(400) from None  # nobody reads it
    pairs = [(_clean(key), _clean(value)) for key, value in form.multi_items() if isinstance(value, str)]
    uploads = {key: value for key, value in form.multi_items() if isinstance(value, UploadFile)}
    read = Posted(pairs, uploads)
    request.state.posted = read
    return read


async def sent_before(request: Request, files_are_read: Callable[[], bool]) -> Posted:
    """What a form has sent, whether or not somebody has read it; nothing of what is no form, or too large for any.

    One with files is read only where that is so, which is asked in a thread.
    """
    known: Posted | None = getattr(request.state, "posted", None)
    kind = request.headers.get("content-type", "")
    with_files = kind.startswith(WITH_FILES)
    if known is None and (kind.startswith(FORM) or (with_files and await asyncio.to_thread(files_are_read))):
        with suppress(HTTPException):
            at_most, files = (MOST_WITH_FILES, MOST_FILES) if with_files else (MOST_BYTES, 0)
            known = await posted(request, at_most=at_most, files=files)
    return known or Posted([])


async def _pass_over(request: Request) -> None:
    """Read what nobody wants, within limits: a browser shows no answer before it has sent all."""
    passed, more = 0, True
    try:
        async with asyncio.timeout(READING_SECONDS):
            while more and passed < MOST_PASSED_OVER:
                message = await request.receive()
                passed += len(message.get("body", b""))
                more = message.get("more_body", False)
    except TimeoutError:
        pass


def _counted(request: Request, at_most: int) -> Receive:
    received = 0

    async def receive() -> Message:
        nonlocal received
        message = await request.receive()
        received += len(message.get("body", b""))
        if received > at_most:
            await _pass_over(request)
            raise HTTPException(413)
        return message

    return receive


def _clean(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\x00", "")
