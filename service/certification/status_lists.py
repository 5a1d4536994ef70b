"""Status lists (W3C Bitstring Status List 1.0): which credentials are not to be accepted.

A credential names one place in one list, because Open Badges 3.0 has room for one ``credentialStatus``. Of the purposes
that the specification knows, it is ``suspension``: set for those that are suspended, which is taken back when they are
reinstated, and for those that are revoked, for good. Every validator refuses both. The others would not do: bits of
``revocation`` may never be taken back; what ``message`` says (in several bits) is for information only, so that a
validator may accept what was revoked, and ``openbadgeslib`` takes no list of more than one bit a place.

Which of the two it is, a second list tells whoever has it: ``revocation``, of the same places. Certificates that were
issued with an entry for each of both lists stay checkable by the same two lists.

Each list is a signed document of one bit for each place, so that nobody who fetches it tells us whose certificate they
are looking at. It is signed by the issuer of the certificates in it: after a new key there are lists of both issuers.
"""

from __future__ import annotations

import base64
import gzip
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3 import build_status_list_credential, decode_encoded_list, set_indices, status_entry
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from domain.certification.credentials import CredentialStatus, StatusEntry
from service.certification.issuer import Issuer
from service.certification.proofs import NoDocument, NotProven, Uncheckable, check_proof, issuer_of, read_document

FIRST_SIZE = 131_072
"""Places of the smallest list; the specification wants at least so many, for people to be lost among."""


class Purpose(StrEnum):
    """What a list tells."""

    REVOCATION = "revocation"
    SUSPENSION = "suspension"

    @property
    def marks(self) -> frozenset[CredentialStatus]:
        """The statuses of those whose bit is set."""
        revoked, suspended = CredentialStatus.REVOKED, CredentialStatus.SUSPENDED
        return frozenset({revoked} if self is Purpose.REVOCATION else {revoked, suspended})


class UnusableStatusList(Exception):
    """It is no status list that can be relied on. The text says why."""


def size_for(credentials: int) -> int:
    """How many places a list has for so many credentials: at least twice as many, so that places are drawn by lot."""
    size = FIRST_SIZE
    while size < 2 * credentials:
        size *= 2
    return size


def home_of(issuer: Issuer) -> str:
    """The address below which an issuer's lists are published: one of its own, since it has a key of its own."""
    return f"{issuer.url}/status/{issuer.did.removeprefix('did:key:')}"


def url_of(home: str, purpose: Purpose) -> str:
    """Where a list is published."""
    return f"{home}/{purpose}"


def entry(home: str, index: int) -> dict[str, Any]:
    """``credentialStatus`` of the credential with this place."""
    entry: dict[str, Any] = status_entry(url_of(home, Purpose.SUSPENSION), Purpose.SUSPENSION, index)
    return entry


def status_list(
    issuer: Issuer, home: str, purpose: Purpose, marked: Iterable[int], size: int, at: datetime
) -> dict[str, Any]:
    """The signed list in which the bits of these places are set, as it stands since ``at``.

    What stands the same is the same document, to the byte.
    """
    url = url_of(home, purpose)
    unsigned = build_status_list_credential(issuer.did, url, purpose, (), size, issued=at)
    unsigned["credentialSubject"]["encodedList"] = _encoded(marked, size)
    return issuer.sign(unsigned, at)


def _encoded(marked: Iterable[int], size: int) -> str:
    """The bits, packed. ``openbadgeslib`` would put the second in which it is done into them."""
    bits = bytearray(size // 8)
    for index in marked:
        bits[index // 8] |= 0x80 >> index % 8
    return "u" + base64.urlsafe_b64encode(gzip.compress(bytes(bits), mtime=0)).decode().rstrip("=")


@dataclass(frozen=True)
class StatusList:
    """A list that was read and found to be its issuer's, with the places whose bit is set."""

    issuer: str
    url: str
    purpose: str
    size: int
    marked: frozenset[int]

    def marks(self, entry: StatusEntry) -> bool | None:
        """Whether the bit of this place is set; None where it is not a place of this list."""
        ours = (entry.url, entry.purpose) == (self.url, self.purpose) and entry.index < self.size
        return entry.index in self.marked if ours else None


def revoked_too(entry: StatusEntry) -> StatusEntry | None:
    """Where the second list tells whether what is set in the first is revoked; None for other entries."""
    home, slash, last = entry.url.rpartition("/")
    if not slash or (last, entry.purpose) != (Purpose.SUSPENSION, Purpose.SUSPENSION):
        return None
    return StatusEntry(purpose=Purpose.REVOCATION, url=url_of(home, Purpose.REVOCATION), index=entry.index)


def read_status_list(content: bytes, issuers: Collection[str], now: datetime) -> StatusList:
    """A list that one of these issuers (DIDs) signed, and that counts ``now``.

    Raises :class:`UnusableStatusList`, whatever the bytes are.
    """
    try:
        document = read_document(content)
        issuer = issuer_of(document)
        if issuer is None or issuer not in issuers:
            raise UnusableStatusList("it is of an issuer who is not trusted here")
        check_proof(document, issuer)
        signed = _Signed.model_validate(document)
        bits = decode_encoded_list(signed.subject.bits)
    except NoDocument as error:
        raise UnusableStatusList(f"it is no status list: {error}") from None
    except Uncheckable as error:
        raise UnusableStatusList(f"it can't be checked here: {error}") from None
    except NotProven as error:
        raise UnusableStatusList(str(error)) from None
    except (ValueError, LibOpenBadgesException):  # of pydantic too: its errors are ValueErrors
        raise UnusableStatusList("it is signed, but no status list with one bit for each credential") from None
    _check_validity(signed, now)
    return StatusList(issuer, signed.id, signed.subject.purpose, 8 * len(bits), set_indices(bits))


def _check_validity(signed: _Signed, now: datetime) -> None:
    if signed.valid_until and signed.valid_until <= now:
        raise UnusableStatusList(
            f"it has run out: it counted until {_said(signed.valid_until)}; ask its issuer for a newer one"
        )
    if signed.valid_from and signed.valid_from > now:
        raise UnusableStatusList(
            f"it counts only from {_said(signed.valid_from)}, and it is looked at as of {_said(now)}"
        )


def _said(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def read_entries(found: object) -> list[StatusEntry] | None:
    """The entries for revocation and suspension in ``credentialStatus``; None where one is of a kind unknown here.

    It may be missing, one object, or a list. Other purposes (``message``, ``refresh``) take nothing from a credential.
    """
    if found is None:
        return []
    try:
        entries = [_Entry.model_validate(status) for status in (found if isinstance(found, list) else [found])]
    except ValidationError:
        return None
    purposes = {purpose.value for purpose in Purpose}
    return [
        StatusEntry(purpose=entry.purpose, url=entry.url, index=int(entry.index))
        for entry in entries
        if entry.purpose in purposes
    ]


OneBit = Annotated[Literal[1], Field(alias="statusSize")]


class _Subject(BaseModel):
    type: Literal["BitstringStatusList"]
    purpose: str = Field(alias="statusPurpose")
    bits: str = Field(alias="encodedList")
    size: OneBit = 1


class _Signed(BaseModel):
    id: str
    valid_from: AwareDatetime | None = Field(default=None, alias="validFrom")
    valid_until: AwareDatetime | None = Field(default=None, alias="validUntil")
    subject: _Subject = Field(alias="credentialSubject")


class _Entry(BaseModel):
    type: Literal["BitstringStatusListEntry"]
    purpose: str = Field(alias="statusPurpose")
    url: str = Field(alias="statusListCredential")
    index: str = Field(alias="statusListIndex", pattern=r"^[0-9]{1,9}$")
    size: OneBit = 1
