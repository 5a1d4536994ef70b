"""The state of a certification, and what can be asked of one.

A certification is a person and a certificate: preparing for the exam, taking it, holding the certificate, renewing
it or letting it expire, for as long as the person is around.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints, model_validator

from domain.case import ENDED, Asked, CaseState, ClockState
from domain.catalogue import Certificate
from domain.credentials import Credential, CredentialId, CredentialStatus, IssueRequest
from domain.exams import Allowed, Attempt, NotBefore, Why, next_attempt
from domain.learning_policy import LearningPolicy
from domain.model import CaseId, Fixed, Instant, Label, Model, Party, PersonId, Sentence, Title
from domain.naming import CertificationCase
from domain.questions import TaskKind
from domain.skills import RequiredSkill
from domain.validity import Moment, renewal_opens

PROGRAMME = "certification"


class CertificationStage(StrEnum):
    """Where a certification stands."""

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


class CertificationOutcome(StrEnum):
    """How a certification ended."""

    REVOKED = "revoked"
    WITHDRAWN = "withdrawn"
    """Nobody follows it any more; what was earned stays valid until it expires."""


WorkflowId = Annotated[str, StringConstraints(pattern=r"^[a-z]+-[A-Z0-9-]{1,60}$")]

NEEDED = (Party.LEARNER, Party.HR, Party.HR_LEAD, Party.EXAMINER)
"""Who must be around a certification; there may be others, such as the manager."""


class CertificateEarned(Fixed):
    """What a workflow is told that waits for a certificate: it was issued (signal ``certificate_earned``)."""

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


class News(Fixed):
    """Something that a workflow has still to be told."""

    to: WorkflowId
    message: CertificateEarned | CertificateRemediation | CertificationOver


class Exam(Fixed):
    """An exam whose result is awaited: the ``n``-th of the certification, from 1."""

    n: int
    at: Instant
    asked_by: PersonId


class HeldCredential(Model):
    """A credential that was issued, and how it stands. ``reason`` is of its status."""

    credential: Credential
    status: CredentialStatus = CredentialStatus.VALID
    since: Instant
    reason: str | None = None


class CertificationState(CaseState):
    """All there is to know about one certification.

    ``role_title`` is that of the role on the way to which it is earned, if any. ``exam`` is being taken; ``issuing``
    was asked for and is not there yet; ``coming`` is what will happen to the latest credential. ``listeners`` are
    workflows that wait for the certificate, ``news`` what they are still to be told. ``runs`` counts the runs before.
    """

    stage: CertificationStage = CertificationStage.PREPARING
    policy: LearningPolicy
    holder: PersonId
    certificate: Certificate
    shown: list[RequiredSkill]
    role_title: str | None
    time_zone: str
    exams: list[Attempt] = []
    exam: Exam | None = None
    issuing: IssueRequest | None = None
    credentials: list[HeldCredential] = []
    coming: list[Moment] = []
    suspended: bool = False
    listeners: list[str] = []
    news: list[News] = []
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
            programme=PROGRAMME,
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
            listeners=[start.tell] if start.tell else [],
        )

    @property
    def latest(self) -> HeldCredential | None:
        """The credential issued last."""
        return self.credentials[-1] if self.credentials else None

    @property
    def expiry(self) -> Instant | None:
        """When the credential issued last expires, or has expired."""
        return self.latest.credential.valid_until if self.latest else None

    @property
    def issued(self) -> list[HeldCredential]:
        """All credentials but those that were revoked."""
        return [one for one in self.credentials if one.status is not CredentialStatus.REVOKED]

    def unexpired(self, now: datetime) -> list[HeldCredential]:
        """The credentials that have neither expired nor been revoked; they may be suspended."""
        return [one for one in self.issued if one.credential.valid_until > now]

    def valid_until(self, now: datetime) -> Instant | None:
        """Until when the holder has a certificate that counts now; none without one."""
        valid = [one for one in self.unexpired(now) if one.status is CredentialStatus.VALID]
        return max((one.credential.valid_until for one in valid), default=None)

    def next_attempt(self, now: datetime) -> Allowed | NotBefore:
        """Whether the exam may be taken now, by the retake rule."""
        opens = None
        if self.expiry is not None and now < self.expiry:
            opens = renewal_opens(self.expiry, self.policy.certificate.renewal_opens_months)
        return next_attempt(self.exams, self.policy.exam, now, opens)

    def remediation_until(self, now: datetime) -> Instant | None:
        """Until when the exam can't be taken because it was taken too often; none where that is not so."""
        verdict = self.next_attempt(now)
        return verdict.at if isinstance(verdict, NotBefore) and verdict.why is Why.REMEDIATION else None

    def stage_at(self, now: datetime) -> CertificationStage:
        """Where the certification stands by what is valid now."""
        if self.suspended:
            return CertificationStage.SUSPENDED
        if self.expiry is None:
            return CertificationStage.EXAM if self.exam else CertificationStage.PREPARING
        if now >= self.expiry:
            return CertificationStage.EXPIRED
        opens = renewal_opens(self.expiry, self.policy.certificate.renewal_opens_months)
        return CertificationStage.RENEWAL if now >= opens else CertificationStage.VALID


class CertificationStart(Fixed):
    """What a certification is started with; everything in it is pinned.

    ``shown`` are the skills that its holder has shown, at the levels that were asked for. ``parties`` are those of
    :data:`NEEDED`, and others. ``title`` is that of the role on the way to which it is earned, if any. ``tell`` is a
    workflow that waits for the certificate. ``seconds_per_day`` is the pace: real seconds per programme day, 86,400 in
    real life; ``clock_shows`` the instant on the clock of a rehearsal that this one joins. ``state`` is given when a
    certification goes on in a new run, and then all else comes from it.
    """

    case: CertificationCase
    holder: PersonId
    certificate: Certificate
    shown: list[RequiredSkill]
    policy: LearningPolicy
    parties: dict[Party, PersonId]
    time_zone: str
    title: Title | None = None
    cohort: Label | None = None
    started_by: PersonId
    tell: WorkflowId | None = None
    seconds_per_day: float = Field(default=86_400, gt=0, le=86_400)
    clock_shows: Instant | None = None
    state: CertificationState | None = None

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


# What can be asked


class TakeExam(Asked):
    """The exam is taken now; the examiner is asked for its result."""


class Renew(Asked):
    """The exam is taken now, to renew a certificate that is still valid."""


class Suspend(Asked):
    """The certificate counts for nothing until it is reinstated."""

    reason: Sentence


class Reinstate(Asked):
    """A suspended certificate counts again."""

    reason: Sentence


class Revoke(Asked):
    """The certificate counts for nothing any more; this can't be undone, and ends the certification."""

    reason: Sentence


MAY: dict[type[Asked], frozenset[Party]] = {
    TakeExam: frozenset({Party.LEARNER, Party.HR, Party.HR_LEAD}),
    Renew: frozenset({Party.LEARNER, Party.HR, Party.HR_LEAD}),
    Suspend: frozenset({Party.HR, Party.HR_LEAD}),
    Reinstate: frozenset({Party.HR, Party.HR_LEAD}),
    Revoke: frozenset({Party.HR, Party.HR_LEAD}),
}
"""Which parties may ask what of a certification; withdrawing is for the learner and HR."""

WITHDRAWERS = frozenset({Party.LEARNER, Party.HR, Party.HR_LEAD})


def skills_in_words(shown: Sequence[RequiredSkill]) -> list[str]:
    """The skills as lines a person reads: ``sql: level 4``."""
    return [f"{one.skill}: level {one.level:f}" for one in shown]
