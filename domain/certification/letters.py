"""What letters of a certification say."""

from __future__ import annotations

from typing import ClassVar

from domain.certification.signals import CertificationOutcome
from domain.core.letters import LetterFacts, Person, Repeated
from domain.core.model import Instant


class CertificationBegins(LetterFacts):
    """The exam is open. ``role`` is what the certificate leads to, where it is to lead somewhere."""

    template: ClassVar[str] = "certification_begins"

    role: str | None


class ExamDue(LetterFacts):
    """The certificate does not attest all that is asked of it now."""

    template: ClassVar[str] = "exam_due"

    holder: Person
    skills: list[str]
    valid_until: Instant | None


class ExamFailed(LetterFacts):
    """The exam was not passed. ``remediation``: it has been taken as often as it may for now."""

    template: ClassVar[str] = "exam_failed"

    n: int
    not_before: Instant
    remediation: bool


class Remediation(LetterFacts):
    """Somebody has failed too often: HR is to talk with them."""

    template: ClassVar[str] = "remediation"

    holder: Person
    times: int
    months: int
    not_before: Instant


class CertificateIssued(LetterFacts):
    """The exam was passed; the certificate is attached, and whoever sends the letter adds how it is checked."""

    template: ClassVar[str] = "certificate_issued"

    renewed: bool
    valid_until: Instant


class CertificateNotIssued(LetterFacts):
    """What was earned would have expired while the certificate was suspended."""

    template: ClassVar[str] = "certificate_not_issued"

    holder: Person
    expired_at: Instant


class CertificateExpires(Repeated):
    """The certificate will expire. ``open``: it can be renewed already."""

    template: ClassVar[str] = "certificate_expires"

    valid_until: Instant
    opens_at: Instant
    open: bool


class CertificateExpired(Repeated):
    """The certificate has expired."""

    template: ClassVar[str] = "certificate_expired"

    holder: Person
    expired_at: Instant | None


class CertificateSuspended(LetterFacts):
    """The certificate counts for nothing for now."""

    template: ClassVar[str] = "certificate_suspended"

    holder: Person
    reason: str


class CertificateReinstated(LetterFacts):
    """The certificate counts again, unless it has expired."""

    template: ClassVar[str] = "certificate_reinstated"

    holder: Person
    reason: str
    valid_until: Instant | None


class CertificateRevoked(LetterFacts):
    """The certificate counts for nothing any more."""

    template: ClassVar[str] = "certificate_revoked"

    holder: Person
    reason: str


class CertificationEnded(LetterFacts):
    """The certification is over."""

    template: ClassVar[str] = "certification_ended"

    holder: Person
    outcome: CertificationOutcome
    valid_until: Instant | None
