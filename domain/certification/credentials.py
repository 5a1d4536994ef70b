"""Credentials: requests to issue one or change its status, and what checking one finds."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from pydantic import Field

from domain.core.model import CaseId, CredentialId, Fixed, Instant, PersonId, Sentence
from domain.core.skills import RequiredSkill
from domain.learning.catalogue import Certificate


class CredentialStatus(StrEnum):
    """What the status list says of a credential. Expiry is no status: its date is in the credential."""

    VALID = "valid"
    SUSPENDED = "suspended"
    REVOKED = "revoked"


class IssueRequest(Fixed):
    """The ``n``-th credential of a certification, from 1. Asked again with the same ``n``, the answer is the same.

    ``shown`` are the skills its holder has shown, with the levels that were asked for.
    """

    case: CaseId
    n: int = Field(ge=1)
    at: Instant
    holder: PersonId
    certificate: Certificate
    shown: list[RequiredSkill]
    valid_from: Instant
    valid_until: Instant
    time_zone: str | None = None


class Credential(Fixed):
    """A signed credential that was issued; the document itself is in the records.

    ``last_day`` is the date on which it expires, where it was earned.
    """

    id: CredentialId
    n: int
    valid_from: Instant
    valid_until: Instant
    last_day: date | None = None


class StatusRequest(Fixed):
    """A credential's new status, to be published in the status list. Asked again, nothing changes."""

    credential: CredentialId
    status: CredentialStatus
    at: Instant
    reason: Sentence | None = None


class Finding(StrEnum):
    """What looking at a credential can come to. Only the first is good."""

    VALID = "valid"
    NO_CREDENTIAL = "not a credential"
    UNCHECKABLE = "can't be checked here"
    OTHER_ISSUER = "other issuer"
    TAMPERED = "tampered"
    OTHER_HOLDER = "other holder"
    REVOKED = "revoked"
    EXPIRED = "expired"
    NOT_YET_VALID = "not yet valid"
    SUSPENDED = "suspended"
    WITHHELD = "suspended or revoked"
    STATUS_UNKNOWN = "status unknown"


class StatusEntry(Fixed):
    """Where a credential's status is published: bit ``index`` (from 0) of the list that is published at ``url``."""

    purpose: str
    url: str
    index: int = Field(ge=0)


class SkillShown(Fixed):
    """A skill that a credential says was shown, and the level that was asked for, as it stands there."""

    name: str
    level: str | None = None


class Claims(Fixed):
    """What a credential says, read after its signature was found good. ``issuer`` is a DID.

    ``criteria`` is what it was given for, and ``skills`` are what was shown, as far as it says so.

    ``statuses`` is empty where it names none, and None where it names a kind of status that we can't read.
    """

    id: str
    title: str
    issuer: str
    issuer_name: str
    valid_from: Instant | None
    valid_until: Instant | None
    statuses: list[StatusEntry] | None
    criteria: str = ""
    skills: list[SkillShown] = []


class Verdict(Fixed):
    """What was found, in a sentence for whoever asked. ``claims`` are there only where the signature is good."""

    finding: Finding
    sentence: str
    claims: Claims | None = None

    @property
    def valid(self) -> bool:
        """Whether the credential can be relied on."""
        return self.finding is Finding.VALID
