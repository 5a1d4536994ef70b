"""The state of an upskilling path."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from pydantic import Field, model_validator

from domain.core.case import ENDED, CaseState, ClockState
from domain.core.local_days import Midnights
from domain.core.model import CaseId, Fixed, Instant, Label, Money, Party, PersonId, Sentence, TrainingId
from domain.core.naming import PathCase, PlacementCase, Programme
from domain.core.own_days import due_on_own_day
from domain.core.people import Role, Skill
from domain.core.questions import TaskKind
from domain.core.skills import RoleProfile, SkillLevel
from domain.core.tasks import Task
from domain.core.working_pattern import FULL_WEEK, Patterns, WorkingPattern, WorkingTime, WorkingWeek
from domain.learning.catalogue import NAMED, Certificate, Training
from domain.learning.enrolment import Enrolment, EnrolmentState, seats_in
from domain.learning.gaps import Gap, number_text, rank_gaps
from domain.learning.hours import HoursTotals, hours_of, totals_of
from domain.learning.part_time import hours_a_week
from domain.learning.plan import LearningPlan, PlanLimits
from domain.learning.policy import LearningPolicy
from domain.learning.xapi import Statement, StatementContext, StatementId


class PathStage(StrEnum):
    """The stages of a path."""

    ASSESSMENT = "assessment"
    PLANNING = "planning"
    TRAINING = "training"
    REASSESSMENT = "reassessment"
    CERTIFICATION = "certification"
    ENDED = ENDED


class PathOutcome(StrEnum):
    """How a path ended."""

    NO_GAP = "no_gap"
    CLOSED = "closed"
    CERTIFIED = "certified"
    NOT_CERTIFIED = "not_certified"
    """The gaps are closed, and there is no certificate at the end."""
    NOT_CLOSED = "not_closed"
    WITHDRAWN = "withdrawn"


class Goal(Fixed):
    """Where a path leads: a role, what it asks for, and the certificate at the end, if there is to be one."""

    role: Role
    profile: RoleProfile
    certificate: Certificate | None = None

    def named(self) -> dict[str, PersonId]:
        """Everybody whom it names, by field."""
        examiner = {} if self.certificate is None else {"goal.certificate.examiner": self.certificate.examiner}
        return {**self.role.named("goal.role"), **examiner}

    def passed_on(self, party: Party, before: PersonId, to: PersonId) -> Goal:
        """The same with somebody else in that part, wherever the role or the certificate names who has it."""
        role, certificate = self.role, self.certificate
        if role.parties().get(party) == before:
            role = role.model_copy(update={party.value: to})
        if certificate is not None and party is Party.EXAMINER and certificate.examiner == before:
            certificate = certificate.model_copy(update={"examiner": to})
        return self.model_copy(update={"role": role, "certificate": certificate})


class PathStart(Fixed):
    """What a path is started with; everything in it is pinned.

    ``hours`` and ``budget`` are for the path as a whole. ``placement`` is the case of the placement it is part of, and
    ``decision_at`` when that one's conversion is decided: what is learned later is no evidence.
    ``seconds_per_day`` is the pace: real seconds per programme day, 86,400 in real life; ``clock_shows`` the instant
    on the clock of a rehearsal that this one joins.
    """

    case: PathCase
    learner: PersonId
    manager: PersonId
    goal: Goal
    policy: LearningPolicy
    hours: int = Field(ge=1, le=5000)
    hours_per_week: int = Field(ge=1, le=60)
    budget: Money
    placement: PlacementCase | None = None
    decision_at: Instant | None = None
    cohort: Label | None = None
    started_by: PersonId
    beside: Sentence | None = None
    """Why it starts beside another path of the same person to the same role."""
    seconds_per_day: float = Field(default=86_400, gt=0, le=86_400)
    clock_shows: Instant | None = None
    patterns: Patterns = []
    """What the learner works in the placement around the path, of its ``working_week``; none: all of it."""
    working_week: WorkingWeek = FULL_WEEK

    def named(self) -> dict[str, PersonId]:
        """Everybody whom it names, by field."""
        around = {"learner": self.learner, "manager": self.manager, "started_by": self.started_by}
        return {**around, **self.goal.named()}

    def passed_on(self, party: Party, before: PersonId, to: PersonId) -> PathStart:
        """The same with somebody else in that part."""
        manager = to if party is Party.MANAGER and self.manager == before else self.manager
        return self.model_copy(update={"manager": manager, "goal": self.goal.passed_on(party, before, to)})

    @model_validator(mode="after")
    def _nobody_learns_from_themselves(self) -> PathStart:
        for party, who in {**self.goal.role.parties(), Party.MANAGER: self.manager}.items():
            if who == self.learner and party in PARTIES:
                raise ValueError(f"the learner, {who}, can't be the {party.spoken} too")
        return self


PARTIES = (Party.MANAGER, Party.BUDGET_OWNER, Party.HR, Party.HR_LEAD)
"""Who is around a path, besides the learner."""


class PathResult(Fixed):
    """How far a path has come: what a placement around it shows as evidence, and what it returns when it has ended.

    ``before`` and ``now`` are the missing levels by skill, of all gaps there were at first.
    """

    case: CaseId
    at: Instant
    stage: PathStage
    outcome: PathOutcome | None
    before: dict[Skill, Decimal]
    now: dict[Skill, Decimal]
    passed: list[str]
    certificate: str | None
    hours: HoursTotals | None = None
    """Hours planned, and spent by source."""


class PathState(CaseState):
    """All there is to know about one path."""

    stage: PathStage = PathStage.ASSESSMENT
    policy: LearningPolicy
    learner: PersonId
    goal: Goal
    hours: int
    hours_per_week: int
    """Those of full time; :meth:`hours_a_week` follow the learner's working pattern."""
    budget: Money
    patterns: list[WorkingPattern] = []
    working_week: WorkingWeek = FULL_WEEK
    placement: PlacementCase | None = None
    decision_at: Instant | None = None
    """When the conversion is decided of the placement around this path, as far as that is known."""
    left_without_employment: bool = False
    """Whether the placement around this path has ended, and the learner does not work here any more."""
    results_for_placement: list[PathResult] = []
    """How far the path had come, as is still to be signalled to the placement."""
    round: int = 0
    levels: list[SkillLevel] = []
    midnights: list[Midnights] = []
    """When local days begin where the role is."""
    assessed_on: date | None = None
    first_gaps: list[Gap] = []
    gaps: list[Gap] = []
    plan: LearningPlan | None = None
    plan_open: bool = False
    """Whether a plan is being proposed and agreed, so that another can still take its place."""
    assessment_began: Instant | None = None
    """When levels were last begun to be asked for."""
    open_because: dict[Skill, str] = {}
    """What the last plan, or the last try at one, leaves open, and why."""
    candidates: list[Training] = []
    enrolments: list[Enrolment] = []
    early: list[Statement] = []
    seen: dict[StatementId, Statement] = {}
    pauses: int = 0
    paused_with_placement: bool = False
    certification: CaseId | None = None
    certified_until: Instant | None = None
    no_certificate: str | None = None
    """Why there will be no certificate for now: the exam was failed too often, or the certification has ended."""
    learned_on: dict[Skill, date] = {}
    """When a training was last passed that leads to a skill: levels found before say nothing of it."""
    outcome: PathOutcome | None = None
    why: list[str] = []
    """Why it came out so, where that is not what was hoped for."""

    @classmethod
    def begin(cls, start: PathStart, now: Instant) -> PathState:
        """The state of a case that starts now."""
        shows = start.clock_shows or now
        around = {**start.goal.role.parties(), Party.MANAGER: start.manager}
        return cls(
            case=start.case,
            programme=Programme.UPSKILLING,
            policy=start.policy,
            cohort=start.cohort,
            stage_since=shows,
            clock=ClockState(began=shows, began_really=now, seconds_per_day=start.seconds_per_day),
            parties={**{party: around[party] for party in PARTIES}, Party.LEARNER: start.learner},
            learner=start.learner,
            goal=start.goal,
            hours=start.hours,
            hours_per_week=start.hours_per_week,
            budget=start.budget,
            patterns=start.patterns,
            working_week=start.working_week,
            placement=start.placement,
            decision_at=start.decision_at,
        )

    @property
    def over(self) -> bool:
        """Whether the path has ended, or is just being ended; its outcome ends it."""
        return super().over or self.outcome is not None

    # When there is time to learn

    @property
    def working_time(self) -> WorkingTime:
        """When the learner works, as far as a placement around the path has said so."""
        return WorkingTime(self.patterns, self.working_week)

    def hours_a_week(self, day: date) -> int:
        """The hours of learning in a week, as they are on that day."""
        return hours_a_week(self.hours_per_week, self.working_time, day)

    def most_hours_a_week(self, day: date) -> int:
        """The most there are from that day on, with the patterns that are to come."""
        days = [day, *(change for change in self.working_time.changes() if change > day)]
        return max(self.hours_a_week(each) for each in days)

    def due_for(self, person: PersonId, due: datetime) -> datetime:
        """When something is due that this person does: the learner on a day on which they work."""
        patterns = self.patterns if person == self.learner else []
        return due_on_own_day(due, patterns, [], self.midnights)

    # Who is around it

    def parts(self) -> dict[Party, list[PersonId]]:
        """Who plays which part; also who says that something was learned, and who examines at the end."""
        found = super().parts()
        for party in NAMED:
            judges = [judge for training in self._to_be_judged() if (judge := training.judge(party)) is not None]
            if judges:
                found[party] = list(dict.fromkeys(judges))
        if self.goal.certificate is not None and self.certification is None:
            found[Party.EXAMINER] = [self.goal.certificate.examiner]
        return found

    def _to_be_judged(self) -> list[Training]:
        """What is being learned, and while a plan is being agreed, what may be."""
        proposed = self.candidates if self.stage is PathStage.PLANNING else []
        return [*(enrolment.training for enrolment in self.enrolments if not enrolment.settled), *proposed]

    def as_passed_on(self, training: Training) -> Training:
        """A training of a plan that was proposed before others took over parts in it."""
        for moved in self.moved:
            training = training.passed_on(moved.party, moved.before, moved.to)
        return training

    def pass_on(self, party: Party, before: PersonId, to: PersonId) -> None:
        """As of every case; and wherever the goal or a training names them."""
        super().pass_on(party, before, to)
        self.goal = self.goal.passed_on(party, before, to)
        self.candidates = [training.passed_on(party, before, to) for training in self.candidates]
        for enrolment in self.enrolments:
            if not enrolment.settled:
                enrolment.training = enrolment.training.passed_on(party, before, to)

    # What is known

    @property
    def counting_from(self) -> date:
        """The day on which levels must not be stale: that of the assessment with which the way to this role began.

        What was fresh then goes on counting, or gaps would open by themselves while somebody learns.
        """
        if self.assessed_on is None:
            raise LookupError("the gaps have not been assessed yet")
        return self.assessed_on

    def rank(self) -> list[Gap]:
        """The gaps by the levels known now, the most important first."""
        return rank_gaps(self.goal.profile, self.levels, self.counting_from, self.policy.assessment, self.policy.gap)

    def passed(self) -> list[TrainingId]:
        """The trainings that were passed, and those for which an alternative was."""
        done = [enrolment for enrolment in self.enrolments if enrolment.state is EnrolmentState.PASSED]
        return list(
            dict.fromkeys(
                [
                    *(enrolment.training.id for enrolment in done),
                    *(enrolment.instead_of for enrolment in done if enrolment.instead_of),
                ]
            )
        )

    def not_passed(self) -> list[TrainingId]:
        """The trainings that were not passed, which are not proposed again."""
        return [enrolment.training.id for enrolment in self.enrolments if enrolment.state is EnrolmentState.NOT_PASSED]

    def why_not_closed(self) -> list[str]:
        """Why gaps are open at the end: what came of the trainings, else that what was learned was not enough."""
        stuck = [
            enrolment
            for enrolment in self.enrolments
            if enrolment.state in (EnrolmentState.NOT_PASSED, EnrolmentState.CALLED_OFF)
        ]
        not_enough = "what was learned has not closed it"
        return [f"{enrolment.training.title}: {enrolment.reason}" for enrolment in stuck] or [
            f"{gap.skill}: {number_text(gap.missing)} missing, {self.open_because.get(gap.skill, not_enough)}"
            for gap in self.gaps
        ]

    def seats_offered(self) -> list[tuple[Task, Instant]]:
        """The open questions whether to take a seat, each with until when, by the path's clock, it is kept."""
        until = {offer.capacity: self.clock.shows(offer.until) for offer in self.offers}
        tasks = [task for task in self.open_tasks() if task.kind is TaskKind.SEAT_OFFER]
        asked = [(task, seats_in(task.facts["training"], task.facts["session"])) for task in tasks]
        return [(task, until[seats]) for task, seats in asked if seats in until]

    def statement_context(self, now: Instant) -> StatementContext:
        """What is known when a completion event comes in."""
        under_way = [enrolment.training for enrolment in self.enrolments if enrolment.state is EnrolmentState.UNDER_WAY]
        over = [enrolment.training.activity for enrolment in self.enrolments if enrolment.settled]
        passed = [enrolment.training for enrolment in self.enrolments if enrolment.state is EnrolmentState.PASSED]
        return StatementContext(
            learner=self.learner,
            seen=self.seen,
            doing=[training.activity for training in under_way if training.activity],
            known=[
                training.activity for training in self.candidates if training.activity and training.activity not in over
            ],
            done=[training.activity for training in passed if training.activity],
            began=self.clock.began,
            now=now,
        )

    def limits_left(self, except_for: Enrolment | None = None) -> PlanLimits:
        """The hours and the money that are still there; ``except_for`` a training that is about to be given up."""
        taken = [
            enrolment.training
            for enrolment in self.enrolments
            if enrolment.begun or not (enrolment.settled or enrolment is except_for)
        ]
        money = sum((training.cost.amount for training in taken), Decimal(0))
        return PlanLimits(
            hours=max(0, self.hours - sum(training.hours for training in taken)),
            budget=Money(amount=max(Decimal(0), self.budget.amount - money), currency=self.budget.currency),
        )

    def result(self, now: Instant) -> PathResult:
        """How far the path has come."""
        missing = {gap.skill: gap.missing for gap in self.gaps}
        return PathResult(
            case=self.case,
            at=now,
            stage=self.stage,
            outcome=self.outcome,
            before={gap.skill: gap.missing for gap in self.first_gaps},
            now={gap.skill: missing.get(gap.skill, Decimal(0)) for gap in self.first_gaps},
            passed=[
                enrolment.training.title for enrolment in self.enrolments if enrolment.state is EnrolmentState.PASSED
            ],
            certificate=self.goal.certificate.title if self.goal.certificate and self.certified_until else None,
            hours=self.hours_in_all(),
        )

    def hours_in_all(self) -> HoursTotals:
        """The hours of the path: planned are those of trainings that were begun or may still come."""
        planned = [
            enrolment.training.hours
            for enrolment in self.enrolments
            if enrolment.begun or enrolment.state is not EnrolmentState.CALLED_OFF
        ]
        return totals_of(sum(planned), (entry for enrolment in self.enrolments for entry in hours_of(enrolment)))

    def view(self, now: datetime) -> dict[str, Any]:
        """The whole state, with the hours that were spent: in all, and what stands on record of each training."""
        shown = super().view(now)
        entries = [entry.model_dump(mode="json") for enrolment in self.enrolments for entry in hours_of(enrolment)]
        return {**shown, "hours_spent": {**self.hours_in_all().model_dump(mode="json"), "entries": entries}}
