"""Looking at a credential that somebody shows: is it ours, untouched, theirs, and does it still stand?

Nothing is ever fetched: what a credential names as its key or its status list is for the one who looks to have, not to
ask the internet for. Whatever the bytes are, the answer is a verdict.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import datetime

from openbadgeslib import baking
from openbadgeslib.ob3 import IdentityObject, OpenBadgeCredential

from domain.certification.credentials import Claims, Finding, SkillShown, StatusEntry, Verdict
from domain.core.addresses import comparable
from engine.settings import Settings
from service.certification.issuer import load_issuers
from service.certification.proofs import (
    ED25519_DID,
    MAX_DOCUMENT_BYTES,
    NoDocument,
    NotProven,
    Uncheckable,
    check_proof,
    issuer_of,
    read_document,
    types_of,
)
from service.certification.status_lists import (
    Purpose,
    StatusList,
    UnusableStatusList,
    read_entries,
    read_status_list,
    revoked_too,
)
from service.core.errors import Refused

MAX_IMAGE_BYTES = 1024 * 1024
"""The longest picture that is searched for a credential."""

PNG = b"\x89PNG\r\n\x1a\n"
BADGES = {"OpenBadgeCredential", "AchievementCredential"}
"""Two names of one type, by the context of Open Badges."""

StatusSource = Callable[[Claims], Finding | None]
"""How a credential stands: valid, suspended, revoked, or one of the latter; None where that is not known."""


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
        badge = _proven(document, issuer)
        claims = _claims(badge, document)
        _check_holder(badge, holder)
        _check_status(claims, status(claims), now)
    except _Refused as refused:
        return Verdict(finding=refused.finding, sentence=str(refused), claims=claims)
    return Verdict(finding=Finding.VALID, sentence=_genuine(claims), claims=claims)


def trusted_issuers(named: Sequence[str] | None, settings: Settings) -> Sequence[str]:
    """The DIDs to trust: those ``named``, or else our own, of now and before.

    Raises :class:`Refused` for what is no DID that can be checked, ``NoIssuerKey`` where we have none.
    """
    if named is None:
        return list(load_issuers(settings))
    if not all(ED25519_DID.fullmatch(did) for did in named):
        raise Refused("an issuer to trust must be the did:key of an Ed25519 key (did:key:z6Mk…)", "invalid")
    return named


def status_by_lists(files: Iterable[tuple[str, bytes]], issuers: Collection[str], now: datetime) -> StatusSource:
    """A status as the lists in these files (name and content) have it, by one of these issuers.

    Raises :class:`Refused` naming the file that is no list to rely on.
    """
    lists = []
    for name, content in files:
        try:
            lists.append(read_status_list(content, issuers, now))
        except UnusableStatusList as error:
            raise Refused(f"{name}: {error}", "invalid") from None
    return lists_say(lists)


def lists_say(lists: Sequence[StatusList]) -> StatusSource:
    """A status as these lists have it: each place that a credential names must be on one of its own issuer's."""

    def status(claims: Claims) -> Finding | None:
        if claims.statuses is None:
            return None
        of_its_issuer = [status_list for status_list in lists if status_list.issuer == claims.issuer]
        found = [_by_entry(entry, of_its_issuer) for entry in claims.statuses]
        if None in found:
            return None
        worst = (Finding.REVOKED, Finding.SUSPENDED, Finding.WITHHELD)
        return next((finding for finding in worst if finding in found), Finding.VALID)

    return status


def _by_entry(entry: StatusEntry, lists: Sequence[StatusList]) -> Finding | None:
    """What lists say of one place: of two that differ (in age) the bad news counts. None where no list has it."""
    set_there = _is_set(entry, lists)
    if not set_there:
        return None if set_there is None else Finding.VALID
    if entry.purpose == Purpose.REVOCATION:
        return Finding.REVOKED
    second = revoked_too(entry)
    for_good = _is_set(second, lists) if second else None
    if for_good is None:
        return Finding.WITHHELD
    return Finding.REVOKED if for_good else Finding.SUSPENDED


def _is_set(entry: StatusEntry, lists: Sequence[StatusList]) -> bool | None:
    marks = [mark for status_list in lists if (mark := status_list.marks(entry)) is not None]
    return any(marks) if marks else None


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
    except Uncheckable as error:
        raise _uncheckable(error) from None


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
    types = types_of(document)
    if "VerifiableCredential" not in types or not BADGES & set(types):
        raise _Refused(Finding.NO_CREDENTIAL, "This is no credential: it does not say that it is an Open Badge.")
    issuer = issuer_of(document)
    if issuer is None or issuer not in issuers:
        raise _Refused(Finding.OTHER_ISSUER, "This is by an issuer who is not trusted here; it was not looked into.")
    return issuer


def _proven(document: dict[str, object], issuer: str) -> OpenBadgeCredential:
    """The badge, once it is shown that its issuer signed it as it reads."""
    try:
        check_proof(document, issuer)
        return OpenBadgeCredential.from_vc_document(document)
    except Uncheckable as error:
        raise _uncheckable(error) from None
    except NotProven as error:
        raise _Refused(Finding.TAMPERED, f"This is not what its issuer signed: {error}.") from None
    except (ValueError, TypeError, KeyError):
        raise _Refused(Finding.NO_CREDENTIAL, "This is signed, but no Open Badge as it should be.") from None


def _uncheckable(error: Uncheckable) -> _Refused:
    return _Refused(Finding.UNCHECKABLE, f"This can't be checked here: {error}. That is no word against it.")


# What it says


def _claims(badge: OpenBadgeCredential, document: dict[str, object]) -> Claims:
    return Claims(
        id=badge.id or "",
        title=badge.achievement.name,
        issuer=badge.issuer.id,
        issuer_name=badge.issuer.name,
        valid_from=badge.issuance_date,
        valid_until=badge.expiration_date,
        statuses=read_entries(document.get("credentialStatus")),
        criteria=badge.achievement.criteria_narrative or "",
        skills=[
            SkillShown(name=skill.name, level=skill.required_value) for skill in badge.achievement.result_descriptions
        ],
    )


def _check_holder(badge: OpenBadgeCredential, holder: str | None) -> None:
    if holder is not None and not any(_is_of(identity, holder) for identity in badge.identifiers):
        raise _Refused(Finding.OTHER_HOLDER, "This is genuine, but of somebody with another mail address.")


def _is_of(identity: IdentityObject, address: str) -> bool:
    """Whether it is this address, without regard to case: hashed as it is typed, in small letters, or as it is sent."""
    if not identity.hashed:
        return comparable(str(identity.identity_hash)) == comparable(address)
    ways = {address, address.lower(), comparable(address)}
    return any(identity.identity_hash == IdentityObject.create(way, identity.salt).identity_hash for way in ways)


def _check_status(claims: Claims, status: Finding | None, now: datetime) -> None:
    """The worst first: what is revoked is revoked, whether or not it would have run out since."""
    if status is Finding.REVOKED:
        raise _Refused(status, "This was revoked by its issuer, for good.")
    if claims.valid_until and claims.valid_until <= now:
        raise _Refused(Finding.EXPIRED, f"This has expired: it was valid until {claims.valid_until:%Y-%m-%d}.")
    if claims.valid_from and claims.valid_from > now:
        raise _Refused(Finding.NOT_YET_VALID, f"This is not valid yet: it will be from {claims.valid_from:%Y-%m-%d}.")
    if status is Finding.SUSPENDED:
        raise _Refused(status, "This is suspended by its issuer for the time being.")
    if status is Finding.WITHHELD:
        raise _Refused(
            status,
            "This is suspended or revoked by its issuer: which of the two, only the issuer's revocation list tells.",
        )
    if status is None and claims.statuses != []:
        raise _Refused(
            Finding.STATUS_UNKNOWN,
            f"This is genuine, but whether it was revoked can't be told: {_why_unknown(claims)}.",
        )


def _why_unknown(claims: Claims) -> str:
    if claims.statuses is None:
        return "its status is of a kind that can't be read here"
    return "neither the records nor a status list at hand names it"


def _genuine(claims: Claims) -> str:
    until = f" until {claims.valid_until:%Y-%m-%d}" if claims.valid_until else ""
    without = "" if claims.statuses else " It has no status by which it could be revoked."
    return f"{claims.title}: genuine, and valid{until}.{without}"
