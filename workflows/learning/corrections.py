"""What follows in a path where an answer is put right; which can be, :mod:`domain.learning.reopening` tells."""

from __future__ import annotations

from collections.abc import Callable

from domain.core.model import Party, PersonId
from domain.core.questions import YesNo
from domain.core.skills import Source
from domain.core.tasks import Task
from domain.learning import reopening as rules
from domain.learning.forms import Attendance, Evidence, Levels
from workflows.learning.assessment import Assessment
from workflows.learning.context import PathContext
from workflows.learning.training import Trainings
from workflows.learning.workshops import Workshops


class PathCorrections:
    """Takes up new answers in place of the first. ``gaps_anew`` works out what follows from other levels."""

    def __init__(
        self,
        context: PathContext,
        assessment: Assessment,
        workshops: Workshops,
        trainings: Trainings,
        gaps_anew: Callable[[], None],
    ) -> None:
        self._context = context
        self._state = context.state
        self._assessment = assessment
        self._workshops = workshops
        self._trainings = trainings
        self._gaps_anew = gaps_anew
        reopening = context.asking.reopening
        reopening.why_not = lambda task: rules.why_not(self._state, task)
        reopening.must_be_given = frozenset(rules.LEVELS)
        reopening.apply.update(
            {
                **dict.fromkeys(rules.LEVELS, self._levels),
                **dict.fromkeys(rules.HANDED_IN, self._work),
                **dict.fromkeys(rules.ACCEPTED, self._accepted),
                rules.RESULTS[0]: self._attended,
            }
        )

    def _levels(self, task: Task, form: Levels) -> None:
        source = Source.SELF if task.party is Party.LEARNER else Source.MANAGER
        self._assessment.note(source, form, _by(task))
        if rules.being_planned(self._state):
            self._gaps_anew()

    def _work(self, task: Task, form: Evidence) -> None:
        """Whoever is to accept it is shown what was handed in anew."""
        for accept in self._state.open_tasks():
            if accept.kind in rules.ACCEPTED and accept.ref == task.ref:
                self._context.asking.change_facts(accept, form.model_dump(mode="json", exclude_none=True))

    def _accepted(self, task: Task, form: YesNo) -> None:
        self._trainings.put_right(rules.enrolment_of(self._state, task), None if form.yes else form.reason)

    def _attended(self, task: Task, form: Attendance) -> None:
        enrolment = rules.enrolment_of(self._state, task)
        self._trainings.put_right(enrolment, self._workshops.attendance_anew(enrolment, task.facts["session"], form))


def _by(task: Task) -> PersonId:
    return task.answered_by or task.assignee
