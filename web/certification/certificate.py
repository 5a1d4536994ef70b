"""Whether a certificate is genuine: for anybody who is shown one, without signing in. Nothing that is sent is kept.

A certificate on our records has a page as well, by its id: a random one, which only who has the certificate knows.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.certification.credentials import Finding, Verdict
from languages.marking import translatable
from records.queries.certification.credentials import credential, status_by_records
from service.certification.errors import NoKeyYet
from service.certification.issuer import load_issuers
from service.certification.proofs import MAX_DOCUMENT_BYTES
from service.certification.verifying import MAX_IMAGE_BYTES, verify
from service.core.errors import Unknown
from web.core.pages import page, speech
from web.core.reading import posted
from web.core.surroundings import Surroundings, surroundings
from web.core.uploading import content_of

CHECK, ITS_PAGE = "/certificate", "/certificates/{number}"
FILE = "file"

MOST_BYTES = MAX_IMAGE_BYTES + MAX_DOCUMENT_BYTES + 10_000
"""A picture or a text, and the rest of the form."""
LONGEST_ADDRESS = 254

AN_ID = "5d0c7a3e-91f2-4b68-8a47-c0e3f6b1d295"
"""How the id of a certificate looks; there is none of this one."""

AT_ONCE = 2
"""So many are looked at at once in a process; it is work of a kind that only takes one of its cores."""
PATIENCE_SECONDS = 10.0

NOTHING_SENT = translatable("Choose the file of a certificate, or paste its text.")

TITLES: Mapping[Finding, str] = {
    Finding.VALID: translatable("This certificate is genuine, and valid"),
    Finding.NO_CREDENTIAL: translatable("This is no certificate"),
    Finding.UNCHECKABLE: translatable("This can't be checked here"),
    Finding.OTHER_ISSUER: translatable("This is not by us"),
    Finding.TAMPERED: translatable("This is not genuine"),
    Finding.OTHER_HOLDER: translatable("This is somebody else's certificate"),
    Finding.REVOKED: translatable("This certificate was revoked"),
    Finding.EXPIRED: translatable("This certificate has expired"),
    Finding.NOT_YET_VALID: translatable("This certificate is not valid yet"),
    Finding.SUSPENDED: translatable("This certificate is suspended"),
    Finding.WITHHELD: translatable("This certificate does not count now"),
    Finding.STATUS_UNKNOWN: translatable("Whether this certificate still counts can't be told"),
}

MEANINGS: Mapping[Finding, str] = {
    Finding.VALID: translatable("It reads as its issuer signed it, nothing in it was changed, and it was not revoked."),
    Finding.NO_CREDENTIAL: translatable(
        "It is neither an Open Badge as JSON nor a picture (SVG or PNG) with one in it, or it is too large to be one. "
        "Ask for the file as it came in the mail."
    ),
    Finding.UNCHECKABLE: translatable(
        "It was made in a way that this page does not look into. That is no word against it: ask its issuer."
    ),
    Finding.OTHER_ISSUER: translatable(
        "It names an issuer whom this page does not know, so it was not looked into. Whoever is named as its issuer "
        "can tell you whether it is genuine."
    ),
    Finding.TAMPERED: translatable("It is not what its issuer signed: something was changed in it, or it was made up."),
    Finding.OTHER_HOLDER: translatable("It is genuine, but it was issued to somebody with another mail address."),
    Finding.REVOKED: translatable("It is genuine, but its issuer has revoked it for good."),
    Finding.EXPIRED: translatable("It is genuine, and its time is over."),
    Finding.NOT_YET_VALID: translatable("It is genuine, and its time has not begun."),
    Finding.SUSPENDED: translatable("It is genuine, but its issuer has suspended it for the time being."),
    Finding.WITHHELD: translatable("It is genuine, but its issuer has suspended or revoked it."),
    Finding.STATUS_UNKNOWN: translatable("It is genuine, but our records do not know it."),
}

TONES: Mapping[Finding, str] = {
    Finding.VALID: "green",
    Finding.UNCHECKABLE: "yellow",
    Finding.STATUS_UNKNOWN: "yellow",
}


@dataclass(frozen=True)
class Shown:
    """A verdict as a page says it."""

    verdict: Verdict
    title: str
    meaning: str
    tone: str
    asked_for_holder: bool


class _Turns:
    """So many checks at once; whoever waits too long for theirs is told to come again."""

    def __init__(self) -> None:
        self._free = asyncio.Semaphore(AT_ONCE)

    async def check(self, content: bytes, around: Surroundings, holder: str | None) -> Verdict:
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._free.acquire()
        except TimeoutError:
            raise HTTPException(429) from None
        try:
            return await asyncio.to_thread(_judged, content, around, around.now(), holder)
        finally:
            self._free.release()


_TURNS = _Turns()


async def form(request: Request) -> Response:
    """Where a certificate is sent to be checked."""
    return _form_page(request)


def _form_page(
    request: Request, pasted: str = "", address: str = "", wrong: str | None = None, *, none_of_id: bool = False
) -> Response:
    """The form; ``none_of_id`` says above it that there is no certificate of the id that was asked for."""
    errors = [(FILE, speech(request).text(wrong))] if wrong else []
    facts: dict[str, Any] = {"errors": errors, "pasted": pasted, "address": address, "key": FILE}
    status = 422 if wrong else 404 if none_of_id else 200
    example = AN_ID if none_of_id else None
    return page(request, "certification/check.html", status=status, none_of_id=example, **facts)


async def check(request: Request) -> Response:
    """What there is to say of a certificate that was sent. Nothing of it is kept, and nothing it names is asked for."""
    sent = await posted(request, at_most=MOST_BYTES, files=1)
    address = sent.value("address").strip()[:LONGEST_ADDRESS]
    pasted = sent.value("text")
    content = await content_of(sent, FILE, MAX_IMAGE_BYTES) or pasted.strip().encode()
    if not content:
        return _form_page(request, pasted, address, NOTHING_SENT)
    verdict = await _TURNS.check(content, surroundings(request), address or None)
    return _verdict_page(request, verdict, asked_for_holder=bool(address))


async def its_page(request: Request) -> Response:
    """A certificate on record, as it stands now; of any id that is none of ours, how ids look."""
    around = surroundings(request)
    try:
        identity = f"urn:uuid:{UUID(request.path_params['number'])}"
        document = await asyncio.to_thread(_document, around, identity)
    except (ValueError, Unknown):
        return _form_page(request, none_of_id=True)
    return _verdict_page(request, await _TURNS.check(document.encode(), around, None))


def _document(around: Surroundings, identity: str) -> str:
    with around.database.reading() as session:
        return credential(session, identity).document


def _judged(content: bytes, around: Surroundings, now: datetime, holder: str | None) -> Verdict:
    try:
        issuers = list(load_issuers(around.settings))
    except NoKeyYet:  # as long as there is none of ours, no certificate is
        issuers = []
    return verify(content, issuers=issuers, status=status_by_records(around.database), now=now, holder=holder)


def _verdict_page(request: Request, verdict: Verdict, *, asked_for_holder: bool = False) -> Response:
    say = speech(request).text
    shown = Shown(
        verdict=verdict,
        title=say(TITLES[verdict.finding]),
        meaning=say(MEANINGS[verdict.finding]),
        tone=TONES.get(verdict.finding, "red"),
        asked_for_holder=asked_for_holder,
    )
    return page(request, "certification/verdict.html", shown=shown, claims=verdict.claims, back=CHECK)


routes = [
    Route(CHECK, form, methods=["GET"]),
    Route(CHECK, check, methods=["POST"]),
    Route(ITS_PAGE, its_page, methods=["GET"]),
]
