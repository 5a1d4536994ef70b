"""E-learning: finished when the learning system says so, whoever hands that in, however often, and in any order."""

from __future__ import annotations

from domain.learning_forms import E_LEARNING
from domain.model import Party
from domain.questions import TaskKind
from domain.tasks import Refused
from domain.upskilling import Enrolment, EnrolmentState
from domain.xapi import Fate, HandedIn, HandIn, Reading, Statement, fate_of, reached
from workflows import acts
from workflows.answers import Answered
from workflows.learning.desk import PathDesk


class ELearning:
    """The e-learnings of a path, and the completion events that come in for them."""

    def __init__(self, desk: PathDesk) -> None:
        self._desk = desk
        self._state = desk.state

    async def complete(self, enrolment: Enrolment) -> str | None:
        """Learn until the learning system says that it is done; why it was not passed, or none."""
        self._desk.begin(enrolment)
        enrolment.statements = self._kept_for(enrolment)
        self._desk.settle(enrolment, EnrolmentState.UNDER_WAY, enrolment.reason)
        training = enrolment.training
        passed = reached(training.move_on, enrolment.statements)
        if passed is None:
            answer = await self._desk.ask(
                E_LEARNING,
                training.title,
                of=Party.LEARNER,
                facts={"training": training.id, "link": training.activity, "hours": training.hours},
                due_at=self._desk.due(E_LEARNING.kind, training),
            )
            if isinstance(answer, Answered):
                return answer.form.not_completed_because
            passed = reached(training.move_on, enrolment.statements)
        return None if passed else "the learning system says that it was not passed"

    def _kept_for(self, enrolment: Enrolment) -> list[Statement]:
        """Events that came before their time."""
        kept = [one for one in self._state.early if one.activity == enrolment.training.activity]
        self._state.early = [one for one in self._state.early if one not in kept]
        return kept

    # What comes in

    async def hand_in(self, message: HandIn) -> HandedIn:
        """Take in a completion event. Raises :class:`Refused` for one that is unusable, or forged (put on record)."""
        reading = await acts.read_statement(message)
        if self._state.over:
            raise Refused(f"{self._state.case} has ended")
        doing = {str(one.training.activity): one for one in self._under_way()}
        fate, says = fate_of(
            reading,
            learner=self._state.learner,
            seen=self._state.seen,
            doing=list(doing),
            known=self._known(),
            done=self._done(),
            unsigned_count=self._state.policy.training.unsigned_events,
        )
        says = f"{self._title_of(reading)}: {says}"
        if fate is Fate.FORGED:
            self._desk.report.attempt(message.actor, self._state.case, says)
            self._desk.report.letters("event_forged", [Party.HR, Party.HR_LEAD], why=says)
            raise Refused(says, "forbidden")
        if fate in (Fate.UNRELATED, Fate.UNUSABLE) or reading.statement is None:
            raise Refused(says, "invalid")
        if fate in (Fate.COUNTS, Fate.EARLY):
            self._state.seen.append(reading.statement.id)
            self._take_in(reading.statement, doing.get(reading.statement.activity))
        return HandedIn(case=self._state.case, at=self._desk.now(), says=says, counted=fate is Fate.COUNTS)

    def _title_of(self, reading: Reading) -> str:
        """The training a statement is about, as far as this path knows it."""
        activity = reading.statement.activity if reading.statement else None
        titles = [one.title for one in self._state.candidates if activity and one.activity == activity]
        return titles[0] if titles else "the statement"

    def _take_in(self, statement: Statement, enrolment: Enrolment | None) -> None:
        if enrolment is None:
            self._state.early.append(statement)
            return
        enrolment.statements.append(statement)
        if reached(enrolment.training.move_on, enrolment.statements) is None:
            return
        for task in self._state.open_tasks():
            if task.kind is TaskKind.E_LEARNING and task.facts["training"] == enrolment.training.id:
                self._desk.asking.fulfil(task.id)

    def _under_way(self) -> list[Enrolment]:
        return [
            one
            for one in self._state.enrolments
            if one.state is EnrolmentState.UNDER_WAY and one.training.activity is not None
        ]

    def _known(self) -> list[str]:
        """The activities that this path may still come to."""
        over = [one.training.activity for one in self._state.enrolments if one.settled]
        return [one.activity for one in self._state.candidates if one.activity and one.activity not in over]

    def _done(self) -> list[str]:
        """The activities of e-learnings that were passed."""
        passed = [one.training for one in self._state.enrolments if one.state is EnrolmentState.PASSED]
        return [training.activity for training in passed if training.activity]
