"""Signals between a certification and the workflows that wait for its certificate, such as the path that needs it."""

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
    """Signal ``certificate_remediation`` to a workflow that waits for a certificate: the exam was failed too often.

    It may be taken again from ``not_before`` on.
    """

    case: CaseId
    at: Instant
    not_before: Instant


class CertificationOver(Fixed):
    """Signal ``certification_over`` to a workflow that waits for a certificate: nobody will earn it any more."""

    case: CaseId
    at: Instant
    outcome: CertificationOutcome


class TellAlso(Fixed):
    """Signal ``tell_also`` of a workflow that waits for the certificate too: it is the ``listener``.

    ``asks`` is what the certificate has to attest for it; earlier versions send their id alone.
    """

    listener: WorkflowId
    asks: list[RequiredSkill] = []


class SignalToSend(Fixed):
    """A signal that is still to be sent."""

    to: WorkflowId
    message: CertificateEarned | CertificateRemediation | CertificationOver
