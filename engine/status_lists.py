"""Status lists (W3C Bitstring Status List 1.0): which credentials are revoked, and which suspended.

There are two, and a credential has the same place in both. Each is a signed document of one bit for each place, so that
nobody who fetches it tells us whose certificate they are looking at.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3 import build_status_list_credential, decode_encoded_list, set_indices, status_entry
from pydantic import AwareDatetime, BaseModel, Field, ValidationError

from domain.credentials import CredentialStatus, StatusEntry
from engine.issuer import Issuer
from engine.proofs import NoDocument, NotProven, check_proof, issuer_of, read_document

FIRST_SIZE = 131_072
"""Places of the smallest list; the specification wants at least so many, for people to be lost among."""


class Purpose(StrEnum):
    """What a list tells."""

    REVOCATION = "revocation"
    SUSPENSION = "suspension"

    @property
    def status(self) -> CredentialStatus:
        """The status of those whose bit is set."""
        return CredentialStatus.REVOKED if self is Purpose.REVOCATION else CredentialStatus.SUSPENDED


class UnusableStatusList(Exception):
    """It is no status list that can be relied on. The text says why."""


def size_for(credentials: int) -> int:
    """How many places a list has for so many credentials: at least twice as many, so that places are drawn by lot."""
    size = FIRST_SIZE
    while size < 2 * credentials:
        size *= 2
    return size


def url_of(issuer_url: str, purpose: Purpose) -> str:
    """Where a list is published."""
    return f"{issuer_url}/status/{purpose}"


def entries(issuer_url: str, index: int) -> list[dict[str, Any]]:
    """``credentialStatus`` of the credential with this place."""
    return [status_entry(url_of(issuer_url, purpose), purpose, index) for purpose in Purpose]


def status_list(issuer: Issuer, purpose: Purpose, marked: Iterable[int], size: int, at: datetime) -> dict[str, Any]:
    """The signed list in which the bits of these places are set, as it stands since ``at``."""
    url = url_of(issuer.url, purpose)
    return issuer.sign(build_status_list_credential(issuer.did, url, purpose, marked, size, issued=at), at)


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


def read_status_list(content: bytes, issuers: Collection[str], now: datetime) -> StatusList:
    """A list that one of these issuers (DIDs) signed. Raises :class:`UnusableStatusList`, whatever the bytes are."""
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
    except NotProven as error:
        raise UnusableStatusList(str(error)) from None
    except (ValueError, LibOpenBadgesException):  # of pydantic too: its errors are ValueErrors
        raise UnusableStatusList("it is signed, but no status list with one bit for each credential") from None
    if signed.valid_until and signed.valid_until <= now:
        raise UnusableStatusList("it has run out: ask its issuer for a newer one")
    return StatusList(issuer, signed.id, signed.subject.purpose, 8 * len(bits), set_indices(bits))


def read_entries(found: Iterable[object]) -> list[StatusEntry] | None:
    """The entries for revocation and suspension among ``credentialStatus``; None where one is of a kind unknown here.

    Other purposes (``message``, ``refresh``) take nothing from a credential.
    """
    try:
        entries = [_Entry.model_validate(one) for one in found]
    except ValidationError:
        return None
    purposes = {purpose.value for purpose in Purpose}
    return [
        StatusEntry(purpose=one.purpose, url=one.url, index=int(one.index))
        for one in entries
        if one.purpose in purposes
    ]


OneBit = Annotated[Literal[1], Field(alias="statusSize")]


class _Subject(BaseModel):
    type: Literal["BitstringStatusList"]
    purpose: str = Field(alias="statusPurpose")
    bits: str = Field(alias="encodedList")
    size: OneBit = 1


class _Signed(BaseModel):
    id: str
    valid_until: AwareDatetime | None = Field(default=None, alias="validUntil")
    subject: _Subject = Field(alias="credentialSubject")


class _Entry(BaseModel):
    type: Literal["BitstringStatusListEntry"]
    purpose: str = Field(alias="statusPurpose")
    url: str = Field(alias="statusListCredential")
    index: str = Field(alias="statusListIndex", pattern=r"^[0-9]{1,9}$")
    size: OneBit = 1
