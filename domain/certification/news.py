"""The signals of a certification to workflows that wait for its certificate, such as the path that leads to it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from pydantic import StringConstraints

from domain.core.model import CaseId, CredentialId, Fixed, Instant
from domain.core.skills import RequiredSkill

WorkflowId = Annotated[str, StringConstraints(pattern=r"^[a-z]+-[A-Z0-9-]{1,60}$")]


class CertificationOutcome(StrEnum):
    """How a certification ended."""

    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"
    """Nobody follows it any more; what was earned stays valid until it expires."""


class CertificateEarned(Fixed):
    """Signal ``certificate_earned`` to a workflow that waits for a certificate: it was issued."""

    case: CaseId
    credential: CredentialId
    at: Instant
    valid_until: Instant


class CertificateRemediation(Fixed):
    """What a workflow is told that waits for a certificate: the exam was failed too often (signal
    ``certificate_remediation``). It may be taken again from ``not_before`` on."""

    case: CaseId
    at: Instant
    not_before: Instant


class CertificationOver(Fixed):
    """What a workflow is told that waits for a certificate: nobody will earn it any more, because the certification has
    ended (signal ``certification_over``)."""

    case: CaseId
    at: Instant
    outcome: CertificationOutcome


class Waiting(Fixed):
    """What a certification is told by a workflow that waits for its certificate, too (signal ``tell_also``).

    ``asks`` is what the certificate has to attest for it; earlier versions tell their id alone.
    """

    listener: WorkflowId
    asks: list[RequiredSkill] = []


class News(Fixed):
    """Something that a workflow has still to be told."""

    to: WorkflowId
    message: CertificateEarned | CertificateRemediation | CertificationOver
