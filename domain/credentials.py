"""Credentials: what is asked of whoever signs them, and how they stand."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from domain.catalogue import Certificate
from domain.model import CaseId, Fixed, Instant, PersonId, Sentence
from domain.skills import RequiredSkill

CredentialId = Annotated[str, StringConstraints(pattern=r"^urn:uuid:[0-9a-f-]{36}$")]


class CredentialStatus(StrEnum):
    """What the status list says of a credential. Expiry is no status: it stands in the credential."""

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


class Credential(Fixed):
    """A signed credential that was issued; the document itself is in the records."""

    id: CredentialId
    n: int
    valid_from: Instant
    valid_until: Instant


class StatusRequest(Fixed):
    """A credential's new status, to be published in the status list. Asked again, nothing changes."""

    credential: CredentialId
    status: CredentialStatus
    at: Instant
    reason: Sentence | None = None
