"""What the parts of an upskilling path have at hand: the common context, with what all parts of a path share."""

from __future__ import annotations

import math
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from domain.core.case_rows import CaseRow
from domain.core.learning_rows import LearningRow
from domain.core.letters import LetterFacts
from domain.core.local_days import local_day_of
from domain.core.model import Party, PersonId
from domain.core.post import Reach
from domain.core.questions import TaskKind
from domain.learning.catalogue import Training
from domain.learning.enrolment import Enrolment, EnrolmentState
from domain.learning.state import PathState
from domain.learning.time import LearningTime
from workflows.case.context import CaseContext


class PathContext(CaseContext[PathState]):
    """Everything the parts of a path share."""

    def __init__(self, state: PathState) -> None:
        super().__init__(state, state.goal.role.title, state.goal.role.time_zone, self.case_row, self.headline)
        self.report.reach_of = self._reach_of

    def _reach_of(self, person: PersonId, _: LetterFacts) -> Reach:
        return "private" if person == self.state.learner and self.state.left_without_employment else "work"

    def today(self) -> date:
        """The date on the case's clock, where the role is: levels are found, and grow old, by days."""
        return local_day_of(self.now(), self.state.midnights)

    def learning_time(self) -> LearningTime:
        """When the learner can learn from now on: in a placement, up to its decision."""
        now, decision = self.now(), self.state.decision_at if self.state.placement else None
        return LearningTime(
            begins=now,
            hours_per_week=self.state.most_hours_a_week(self.today()),
            until=decision if decision and decision > now else None,
            midnights=self.state.midnights,
        )

    def judge(self, named: PersonId | None) -> PersonId:
        """Who says whether a training was passed: whoever is named for it, else the manager. Never the learner."""
        return named if named and named != self.state.learner else self.state.parties[Party.MANAGER]

    def due(self, kind: TaskKind, training: Training) -> datetime:
        """By when something that takes the learner's own hours is to be done.

        The policy's days, or the weeks that the hours of all that is under way take, where those are more.
        """
        under_way = [
            enrolment.training for enrolment in self.state.enrolments if enrolment.state is EnrolmentState.UNDER_WAY
        ]
        hours = sum(training.hours for training in under_way) or training.hours
        weeks = math.ceil(hours / self.state.hours_a_week(self.today()))
        days = max(self.state.policy.tasks[kind.value].within_days, weeks * 7)
        return self.now() + timedelta(days=days)

    def begin(self, enrolment: Enrolment) -> None:
        """A training is taken up; from the first time on, its cost is spent."""
        enrolment.begun = enrolment.begun or self.now()
        self.asking.reopening.close_lapsed()

    def settle(self, enrolment: Enrolment, state: EnrolmentState, reason: str | None = None) -> None:
        """How it stands with a training from now on; it goes on record."""
        enrolment.state, enrolment.reason = state, reason
        self.record_enrolments([enrolment])

    def record_enrolments(self, enrolments: Iterable[Enrolment]) -> None:
        """Put on record how it stands with trainings; what can't be put right any more, is not asked once more."""
        self.asking.reopening.close_lapsed()
        for enrolment in enrolments:
            self.report.row(
                LearningRow(
                    n=enrolment.n,
                    at=self.now(),
                    training=enrolment.training.id,
                    kind=enrolment.training.kind,
                    round=enrolment.round,
                    state=enrolment.state.value,
                    attempts=enrolment.attempts,
                    hours=enrolment.training.hours,
                    cost=enrolment.training.cost,
                    reason=enrolment.reason,
                )
            )

    def headline(self) -> str:
        """Stage and round, for the operators."""
        state = self.state
        paused = ", paused" if self.clock.paused else ""
        outcome = f": {state.outcome.value}" if state.outcome else ""
        return f"{state.stage.value}{f', round {state.round}' if state.round else ''}{paused}{outcome}"

    def case_row(self) -> CaseRow:
        """Where the case stands, for the records."""
        outcome = self.state.outcome.value if self.state.outcome else None
        return self.row(person=self.state.learner, role=self.state.goal.role.id, outcome=outcome)
