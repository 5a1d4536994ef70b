"""Looking at a credential that somebody shows: is it ours, untouched, theirs, and does it still stand?

Nothing is ever fetched: what a credential names as its key or its status list is for the one who looks to have, not to
ask the internet for. Whatever the bytes are, the answer is a verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from openbadgeslib import baking
from openbadgeslib.ob3 import IdentityObject, OpenBadgeCredential

from domain.credentials import Claims, CredentialStatus, Finding, Verdict
from engine.proofs import MAX_DOCUMENT_BYTES, NoDocument, NotProven, check_proof, issuer_of, read_document
from engine.status_lists import Purpose, StatusList, read_entries

MAX_IMAGE_BYTES = 1024 * 1024
"""The longest picture that is searched for a credential."""

PNG = b"\x89PNG\r\n\x1a\n"
BADGE = {"VerifiableCredential", "OpenBadgeCredential"}

StatusSource = Callable[[Claims], CredentialStatus | None]
"""How a credential stands; None where that is not known."""


class _Refused(Exception):
    """The verdict is clear, and it is not good."""

    def __init__(self, finding: Finding, sentence: str) -> None:
        super().__init__(sentence)
        self.finding = finding


def verify(
    content: bytes, *, issuers: Collection[str], status: StatusSource, now: datetime, holder: str | None = None
) -> Verdict:
    """What there is to say of a credential: JSON, or the SVG or PNG it is baked into.

    ``issuers`` are the DIDs that are trusted. With ``holder``, a mail address, it must be of whoever has that.
    """
    claims = None
    try:
        document = _unpacked(content)
        issuer = _trusted_issuer(document, issuers)
        try:
            check_proof(document, issuer)
            badge = OpenBadgeCredential.from_vc_document(document)
        except NotProven as error:
            raise _Refused(Finding.TAMPERED, f"This is not what its issuer signed: {error}.") from None
        except (ValueError, TypeError, KeyError):
            raise _Refused(Finding.NO_CREDENTIAL, "This is signed, but no Open Badge as it should be.") from None
        claims = _claims(badge)
        _check_holder(badge, holder)
        _check_standing(claims, status(claims), now)
    except _Refused as refused:
        return Verdict(finding=refused.finding, sentence=str(refused), claims=claims)
    return Verdict(finding=Finding.VALID, sentence=_praise(claims), claims=claims)


def lists_say(lists: Sequence[StatusList]) -> StatusSource:
    """A status as these lists have it: each place that a credential names must be on one of its own issuer's."""

    def status(claims: Claims) -> CredentialStatus | None:
        if claims.statuses is None:
            return None
        found = CredentialStatus.VALID
        for entry in claims.statuses:
            of_its_issuer = [one for one in lists if one.issuer == claims.issuer]
            marks = [mark for one in of_its_issuer if (mark := one.marks(entry)) is not None]
            if not marks:
                return None
            if any(marks) and found is not CredentialStatus.REVOKED:
                found = Purpose(entry.purpose).status
        return found

    return status


# Getting at the document


def _unpacked(content: bytes) -> dict[str, object]:
    packed = content.lstrip()
    is_picture = packed.startswith((PNG, b"<")) or content.startswith((PNG, b"\xef\xbb\xbf<"))
    limit = MAX_IMAGE_BYTES if is_picture else MAX_DOCUMENT_BYTES
    if len(content) > limit:
        raise _Refused(Finding.NO_CREDENTIAL, f"This is no credential: it is longer than {limit:,} bytes.")
    try:
        return read_document(_unbaked(content) if is_picture else content)
    except NoDocument as error:
        raise _Refused(Finding.NO_CREDENTIAL, f"This is no credential: {error}.") from None


def _unbaked(picture: bytes) -> bytes:
    """What is baked into a picture."""
    try:
        if picture.startswith(PNG):
            text = baking.extract_png(picture, keyword=baking.ITXT_KEYWORD_OB3)
        else:
            text = baking.extract_svg(picture, element=baking.SVG_ELEMENT_OB3, text_fallback=True)
    except Exception:  # parsers of pictures fail on bad ones with errors of many kinds
        raise NoDocument("it is a picture that can't be read") from None
    if text is None:
        raise NoDocument("it is a picture without one")
    return text.encode("utf-8", "replace")


def _trusted_issuer(document: dict[str, object], issuers: Collection[str]) -> str:
    types = document.get("type")
    if not isinstance(types, list) or not all(one in types for one in BADGE):
        raise _Refused(Finding.NO_CREDENTIAL, "This is no credential: it does not say that it is an Open Badge.")
    issuer = issuer_of(document)
    if issuer is None or issuer not in issuers:
        raise _Refused(Finding.OTHER_ISSUER, "This is by an issuer who is not trusted here; it was not looked into.")
    return issuer


# What it says


def _claims(badge: OpenBadgeCredential) -> Claims:
    return Claims(
        id=badge.id or "",
        title=badge.achievement.name,
        issuer=badge.issuer.id,
        issuer_name=badge.issuer.name,
        valid_from=badge.issuance_date,
        valid_until=badge.expiration_date,
        statuses=read_entries(badge.credential_status),
    )


def _check_holder(badge: OpenBadgeCredential, holder: str | None) -> None:
    if holder is not None and not any(_is_of(one, holder) for one in badge.identifiers):
        raise _Refused(Finding.OTHER_HOLDER, "This is genuine, but of somebody with another mail address.")


def _is_of(identity: IdentityObject, address: str) -> bool:
    if not identity.hashed:
        return bool(identity.identity_hash == address)
    return bool(identity.identity_hash == IdentityObject.create(address, identity.salt).identity_hash)


def _check_standing(claims: Claims, status: CredentialStatus | None, now: datetime) -> None:
    """The worst first: what is revoked is revoked, whether or not it would have run out since."""
    if status is CredentialStatus.REVOKED:
        raise _Refused(Finding.REVOKED, "This was revoked by its issuer, for good.")
    if claims.valid_until and claims.valid_until <= now:
        raise _Refused(Finding.EXPIRED, f"This has expired: it was valid until {claims.valid_until:%Y-%m-%d}.")
    if claims.valid_from and claims.valid_from > now:
        raise _Refused(Finding.NOT_YET_VALID, f"This is not valid yet: it will be from {claims.valid_from:%Y-%m-%d}.")
    if status is CredentialStatus.SUSPENDED:
        raise _Refused(Finding.SUSPENDED, "This is suspended by its issuer for the time being.")
    if status is None:
        raise _Refused(
            Finding.STATUS_UNKNOWN,
            "This is genuine, but whether it was revoked can't be told: none of the status lists at hand names it.",
        )


def _praise(claims: Claims) -> str:
    until = f" until {claims.valid_until:%Y-%m-%d}" if claims.valid_until else ""
    return f"{claims.title}: genuine, and valid{until}."
