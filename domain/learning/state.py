"""The state of an upskilling path."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from domain.core.case import CaseState
from domain.core.clock import ClockState
from domain.core.model import CaseId, Instant, Money, Party, PersonId, TrainingId
from domain.core.naming import PlacementCase, Programme
from domain.core.people import Skill
from domain.core.questions import TaskKind
from domain.core.skills import SkillLevel
from domain.core.tasks import Task
from domain.core.working_pattern import FULL_WEEK, WorkingPattern, WorkingTime, WorkingWeek
from domain.learning.catalogue import NAMED, Training
from domain.learning.enrolment import Enrolment, EnrolmentState, seats_in
from domain.learning.gaps import Gap, number_text, rank_gaps
from domain.learning.hours import HoursTotals, hours_of, totals_of
from domain.learning.part_time import hours_a_week, most_hours_a_week
from domain.learning.plan import LearningPlan, PlanLimits
from domain.learning.policy import LearningPolicy
from domain.learning.result import PathOutcome, PathResult, PathStage
from domain.learning.start import PARTIES, Goal, PathStart
from domain.learning.xapi import Statement, StatementContext, StatementId


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
        """When the learner works, by what the path was started with, or a placement around it has said since."""
        return WorkingTime(self.patterns, self.working_week)

    def hours_a_week(self, day: date) -> int:
        """The hours of learning in a week, as they are on that day."""
        return hours_a_week(self.hours_per_week, self.working_time, day)

    def most_hours_a_week(self, day: date) -> int:
        """The most there are from that day on, with the patterns that are to come."""
        return most_hours_a_week(self.hours_per_week, self.working_time, day)

    @property
    def full_week(self) -> WorkingWeek:
        """That of the placement around it, if there is one."""
        return self.working_week

    def patterns_of(self, person: PersonId) -> list[WorkingPattern]:
        """What the learner works."""
        return self.patterns if person == self.learner else []

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
