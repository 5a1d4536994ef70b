"""The state of a certification.

A certification is a person and a certificate: preparing for the exam, taking it, holding the certificate, renewing
it or letting it expire, for as long as the person is around.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from pydantic import Field, model_validator

from domain.certification.credentials import Credential, CredentialStatus, IssueRequest
from domain.certification.exams import Allowed, Attempt, NotAllowedBecause, NotBefore, next_attempt
from domain.certification.signals import CertificationOutcome, SignalToSend, WorkflowId
from domain.certification.validity import CertificateDate, renewal_opens
from domain.core.case import ENDED, CaseState
from domain.core.clock import ClockState
from domain.core.model import CaseId, Fixed, Instant, Label, Model, Party, PersonId, Title, instant_text
from domain.core.naming import CertificationCase, Programme
from domain.core.people import Country, Named, NamedIn, all_named
from domain.core.questions import TaskKind
from domain.core.skills import RequiredSkill, not_attested
from domain.core.tasks import Refused
from domain.learning.catalogue import Certificate, CertificateEntry
from domain.learning.policy import LearningPolicy


class CertificationStage(StrEnum):
    """The stages of a certification."""

    PREPARING = "preparing"
    """Nothing is valid yet, and no exam is being taken."""
    EXAM = "exam"
    """Nothing is valid yet, and the result of an exam is awaited."""
    VALID = "valid"
    RENEWAL = "renewal"
    """The certificate is valid and can be renewed."""
    SUSPENDED = "suspended"
    EXPIRED = "expired"
    """The certificate has expired and can be earned anew."""
    ENDED = ENDED


NEEDED = (Party.LEARNER, Party.HR, Party.HR_LEAD, Party.EXAMINER)
"""Who must be around a certification; there may be others, such as the manager."""


class Exam(Fixed):
    """An exam whose result is awaited: the ``n``-th of the certification, from 1."""

    n: int
    at: Instant
    asked_by: PersonId


class HeldCredential(Model):
    """A credential that was issued, and its status, with the ``reason`` for that.

    ``shown`` is what it attests; None of one that is older than this field, which attests what the certification does.
    """

    credential: Credential
    shown: list[RequiredSkill] | None = None
    status: CredentialStatus = CredentialStatus.VALID
    since: Instant
    reason: str | None = None


class CertificationState(CaseState):
    """All there is to know about one certification.

    ``role_title`` is that of the role on the way to which it is earned, if any. ``exam`` is being taken; ``issuing``
    was asked for and is not there yet; ``coming`` is what will happen to the latest credential. ``listeners`` are
    workflows that wait for the certificate, ``signals`` what is still to be sent to them. ``asks`` is what some of
    them ask of it, until the next one is issued. ``runs`` counts the runs before.
    """

    stage: CertificationStage = CertificationStage.PREPARING
    policy: LearningPolicy
    holder: PersonId
    certificate: Certificate
    shown: list[RequiredSkill]
    role_title: str | None
    time_zone: str
    country: Country
    exams: list[Attempt] = []
    exam: Exam | None = None
    issuing: IssueRequest | None = None
    credentials: list[HeldCredential] = []
    coming: list[CertificateDate] = []
    suspended: bool = False
    listeners: list[str] = []
    signals: list[SignalToSend] = []
    asks: dict[str, list[RequiredSkill]] = {}
    runs: int = 0
    outcome: CertificationOutcome | None = None

    @classmethod
    def begin(cls, start: CertificationStart, now: Instant) -> CertificationState:
        """The state of a certification that starts, or the one it goes on with in a new run."""
        if start.state is not None:
            return start.state.model_copy(update={"runs": start.state.runs + 1})
        shows = start.clock_shows or now
        return cls(
            case=start.case,
            programme=Programme.CERTIFICATION,
            policy=start.policy,
            cohort=start.cohort,
            stage_since=shows,
            clock=ClockState(began=shows, began_really=now, seconds_per_day=start.seconds_per_day),
            parties=dict(start.parties),
            holder=start.holder,
            certificate=start.certificate,
            shown=start.shown,
            role_title=start.title,
            time_zone=start.time_zone,
            country=start.country,
            listeners=[start.listener] if start.listener else [],
        )

    @property
    def over(self) -> bool:
        """Whether the certification has ended, or is just being ended; its outcome ends it."""
        return super().over or self.outcome is not None

    @property
    def latest(self) -> HeldCredential | None:
        """The credential issued last."""
        return self.credentials[-1] if self.credentials else None

    @property
    def last_day(self) -> date | None:
        """The date on which it expires, where it was earned; by UTC for a credential older than this field."""
        credential = self.latest.credential if self.latest else None
        return (credential.last_day or credential.valid_until.date()) if credential else None

    @property
    def expiry(self) -> Instant | None:
        """When the credential issued last expires, or has expired."""
        return self.latest.credential.valid_until if self.latest else None

    @property
    def issued(self) -> list[HeldCredential]:
        """All credentials but those that were revoked."""
        return [held for held in self.credentials if held.status is not CredentialStatus.REVOKED]

    def unexpired(self, now: datetime) -> list[HeldCredential]:
        """The credentials that have neither expired nor been revoked; they may be suspended."""
        return [held for held in self.issued if held.credential.valid_until > now]

    def valid_until(self, now: datetime) -> Instant | None:
        """Until when the holder has a certificate that counts now; none without one."""
        valid = [held for held in self.unexpired(now) if held.status is CredentialStatus.VALID]
        return max((held.credential.valid_until for held in valid), default=None)

    def lacking(self, listener: str) -> list[RequiredSkill]:
        """What a workflow that waits asks of the certificate, and the credential issued last does not attest."""
        if self.latest is None:
            return []
        attested = self.shown if self.latest.shown is None else self.latest.shown
        return not_attested(self.asks.get(listener, []), attested)

    @property
    def is_due(self) -> bool:
        """Whether somebody waits for more than is attested, so that the exam can be taken at once."""
        return any(self.lacking(listener) for listener in self.asks)

    @property
    def entry(self) -> CertificateEntry:
        """What the certificate attests by the entry of the catalogue that counts."""
        return CertificateEntry(certificate=self.certificate, shown=self.shown)

    def renewal_opens(self) -> datetime | None:
        """From when on the latest credential can be renewed; none without one, and where the exam is due at once."""
        if self.expiry is None or self.is_due:
            return None
        return renewal_opens(self.expiry, self.policy.certificate.renewal_opens_months)

    def next_attempt(self, now: datetime) -> Allowed | NotBefore:
        """Whether the exam may be taken now, by the retake rule."""
        valid = self.expiry is not None and now < self.expiry
        return next_attempt(self.exams, self.policy.exam, now, self.renewal_opens() if valid else None)

    def check_sat(self, sat_at: datetime, now: datetime) -> None:
        """Refuse a moment at which no exam can have been sat that way. Raises :class:`Refused`."""
        if sat_at > now:
            raise Refused(f"sat_at: {instant_text(sat_at)} is still to come", "invalid")
        if self.exams and sat_at <= self.exams[-1].sat:
            before = self.exams[-1]
            raise Refused(f"sat_at: exam {before.n} was sat on {instant_text(before.sat)}, after that", "invalid")
        verdict = self.next_attempt(sat_at)
        if isinstance(verdict, NotBefore):
            raise Refused(f"sat_at: {verdict.sentence}", "invalid")

    def remediation_until(self, now: datetime) -> Instant | None:
        """Until when the exam can't be taken because it was taken too often; none where that is not so."""
        verdict = self.next_attempt(now)
        return verdict.at if isinstance(verdict, NotBefore) and verdict.why is NotAllowedBecause.REMEDIATION else None

    def stage_at(self, now: datetime) -> CertificationStage:
        """The stage of the certification, by what is valid now."""
        if self.suspended:
            return CertificationStage.SUSPENDED
        if self.expiry is None:
            return CertificationStage.EXAM if self.exam else CertificationStage.PREPARING
        if now >= self.expiry:
            return CertificationStage.EXPIRED
        opens = self.renewal_opens()
        return CertificationStage.VALID if opens is not None and now < opens else CertificationStage.RENEWAL


class CertificationStart(Fixed):
    """What a certification is started with; everything in it is pinned.

    ``shown`` are the skills that its holder has shown, at the levels that were asked for. ``parties`` are those of
    :data:`NEEDED`, and others. ``title`` is that of the role on the way to which it is earned, if any. ``listener``
    is a workflow that waits for the certificate. ``country``, the role's, says which public holidays count.
    ``seconds_per_day`` is the pace: real seconds per programme day, 86,400 in real life; ``clock_shows`` the instant
    on the clock of a rehearsal that this one joins. ``state`` is given when a certification goes on in a new run, and
    then all else comes from it.
    """

    case: CertificationCase
    holder: PersonId
    certificate: Certificate
    shown: list[RequiredSkill]
    policy: LearningPolicy
    parties: dict[Party, PersonId]
    time_zone: str
    country: Country
    title: Title | None = None
    cohort: Label | None = None
    started_by: PersonId
    listener: WorkflowId | None = None
    seconds_per_day: float = Field(default=86_400, gt=0, le=86_400)
    clock_shows: Instant | None = None
    state: CertificationState | None = None

    def named(self) -> Named:
        """Everybody whom it names, by where; nobody where it goes on in a new run."""
        if self.state is not None:
            return []
        return all_named(
            [(NamedIn("holder"), self.holder)],
            [(NamedIn("parties", party, self.case), person) for party, person in self.parties.items()],
            self.certificate.named(),
            [(NamedIn("started_by"), self.started_by)],
        )

    @model_validator(mode="after")
    def _everybody_is_there(self) -> CertificationStart:
        needed = [*NEEDED, self.policy.tasks[TaskKind.EXAM_RESULT.value].escalate_to]
        missing = [party.spoken for party in dict.fromkeys(needed) if party not in self.parties]
        if missing:
            raise ValueError(f"parties must name {', '.join(missing)}")
        if self.parties[Party.LEARNER] != self.holder:
            raise ValueError("the learner must be the holder")
        for party in (Party.HR, Party.HR_LEAD):
            if self.parties[party] == self.holder:
                raise ValueError(f"the holder, {self.holder}, can't be the {party.spoken} too")
        return self


class CertificationEnding(Fixed):
    """What a certification returns when it has ended."""

    case: CaseId
    outcome: CertificationOutcome
    ended_at: Instant
