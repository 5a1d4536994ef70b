"""E-learning: finished when the learning system says so, whoever hands that in, however often, and in any order."""

from __future__ import annotations

from datetime import datetime

from pydantic import ValidationError

from domain.core.letters import LetterFacts
from domain.core.model import Party, PersonId
from domain.core.questions import TaskKind
from domain.core.tasks import Refused
from domain.learning.enrolment import Enrolment, EnrolmentState
from domain.learning.forms import E_LEARNING
from domain.learning.letters import EventConflict, EventForged, EventOddTime
from domain.learning.xapi import (
    EventResult,
    HandedIn,
    HandIn,
    Reading,
    Statement,
    e_learning_passed,
    is_recent,
    odd_time,
    result_of,
    still_to_come,
)
from domain.learning.xapi_text import NotAStatement, split_statements
from workflows.case.answers import Answered
from workflows.learning import activity_calls
from workflows.learning.context import PathContext
from workflows.learning.hours import SpentHours


class ELearning:
    """The e-learnings of a path, and the completion events that come in for them."""

    def __init__(self, context: PathContext, hours: SpentHours) -> None:
        self._context = context
        self._state = context.state
        self._hours = hours

    async def complete(self, enrolment: Enrolment) -> str | None:
        """Learn until the learning system says that it is done; why it was not passed, or none."""
        self._context.begin(enrolment)
        enrolment.statements = self._kept_for(enrolment)
        for statement in enrolment.statements:
            self._measure(statement, enrolment)
        self._context.settle(enrolment, EnrolmentState.UNDER_WAY, enrolment.reason)
        training = enrolment.training
        passed = e_learning_passed(training.move_on, enrolment.statements)
        if passed is None:
            answer = await self._context.ask(
                E_LEARNING,
                training.title,
                of=Party.LEARNER,
                facts={"training": training.id, "link": training.activity, "hours": training.hours},
                due_at=self._context.due(E_LEARNING.kind, training),
            )
            if isinstance(answer, Answered):
                return answer.form.not_completed_because
            passed = e_learning_passed(training.move_on, enrolment.statements)
        return None if passed else "the learning system says that it was not passed"

    def _kept_for(self, enrolment: Enrolment) -> list[Statement]:
        """Events that came before their time."""
        kept = [statement for statement in self._state.early if statement.activity == enrolment.training.activity]
        self._state.early = [statement for statement in self._state.early if statement not in kept]
        return kept

    # What comes in

    async def hand_in(self, message: HandIn) -> HandedIn:
        """Accept completion events, one by one.

        Raises :class:`Refused` where none of them can be used; what is forged, or contradicts another, is put on
        record.
        """
        try:
            texts = split_statements(message.text)
        except NotAStatement as nothing:
            raise Refused(str(nothing), "invalid") from None
        if len(texts) == 1:
            return await self._hand_in(message.actor, texts[0])
        handed_in, refusals = list[HandedIn](), list[Refused]()
        said = []
        for n, text in enumerate(texts, start=1):
            try:
                event = await self._hand_in(message.actor, text)
            except Refused as refusal:
                refusals.append(refusal)
                said.append(f"{n}. refused: {refusal}")
            else:
                handed_in.append(event)
                said.append(f"{n}. {event.sentence}")
        if not handed_in:
            raise Refused("; ".join(said), refusals[0].kind)
        counted = any(event.counted for event in handed_in)
        return HandedIn(case=self._state.case, at=self._context.now(), sentence="; ".join(said), counted=counted)

    async def _hand_in(self, actor: PersonId, text: str) -> HandedIn:
        reading = await activity_calls.read_statement(_one(actor, text))
        if self._state.over:
            raise Refused(f"{self._state.case} has ended")
        at = self._on_the_clock(reading.statement.at if reading.statement else None)
        so_far = self._state.statement_context(self._context.now())
        result, why = result_of(reading, at, so_far, self._state.policy.training)
        sentence = f"{self._title_of(reading)}: {why}"
        if result in (EventResult.FORGED, EventResult.CONFLICT):
            self._context.report.attempt(actor, self._state.case, sentence)
            self._send_to_hr(EventForged(why=sentence) if result is EventResult.FORGED else EventConflict(why=sentence))
            raise Refused(sentence, "forbidden" if result is EventResult.FORGED else "conflict")
        if result in (EventResult.UNRELATED, EventResult.UNUSABLE, EventResult.STALE) or reading.statement is None:
            raise Refused(sentence, "invalid")
        self._state.seen.setdefault(reading.statement.id, reading.statement)
        if result in (EventResult.COUNTS, EventResult.EARLY):
            odd = odd_time(at, so_far)
            if odd:
                self._send_to_hr(EventOddTime(why=f"{self._title_of(reading)}: {odd}"))
            enrolment = self._doing(reading.statement)
            self._keep(reading.statement, enrolment)
            missing = enrolment and still_to_come(enrolment.training.move_on, enrolment.statements)
            sentence += f"; {missing}" if missing else ""
            sentence += self._measure(reading.statement, enrolment) if enrolment else ""
        elif result is EventResult.LATE and is_recent(at, so_far, self._state.policy.training):
            sentence += self._measure(reading.statement, self._done(reading.statement))
        return HandedIn(
            case=self._state.case, at=self._context.now(), sentence=sentence, counted=result is EventResult.COUNTS
        )

    def _measure(self, statement: Statement, enrolment: Enrolment | None) -> str:
        """Count how long it took, by what a statement says; what there is to say of that, to be added to a sentence.

        HR hears of what nobody can have spent.
        """
        if not statement.duration or enrolment is None:  # a learning system that measures nothing says PT0S
            return ""
        why_not = self._hours.measured(enrolment, statement.duration, statement.at, self._on_the_clock(statement.at))
        if why_not is None:
            return "; how long it took counts as hours spent"
        self._send_to_hr(EventOddTime(why=f"{enrolment.training.title}: {why_not}"))
        return f"; {why_not}"

    def _send_to_hr(self, letter: LetterFacts) -> None:
        self._context.report.letters(letter, to=[Party.HR, Party.HR_LEAD])

    def _on_the_clock(self, at: datetime | None) -> datetime | None:
        """What the path's clock showed at a real instant: learning systems know nothing of rehearsals."""
        try:
            return at and self._state.clock.shows(at)
        except OverflowError:
            return at

    def _title_of(self, reading: Reading) -> str:
        """The training a statement is about, as far as this path knows it."""
        activity = reading.statement.activity if reading.statement else None
        titles = [training.title for training in self._state.candidates if activity and training.activity == activity]
        return titles[0] if titles else "the statement"

    def _keep(self, statement: Statement, enrolment: Enrolment | None) -> None:
        """Keep what counts; an e-learning that is passed by it is done."""
        if enrolment is None:
            self._state.early.append(statement)
            return
        enrolment.statements.append(statement)
        if e_learning_passed(enrolment.training.move_on, enrolment.statements) is None:
            return
        for task in self._state.open_tasks():
            if task.kind is TaskKind.E_LEARNING and task.facts["training"] == enrolment.training.id:
                self._context.asking.fulfil(task.id)

    def _done(self, statement: Statement) -> Enrolment | None:
        """The training that is over and that a statement is about."""
        over = [enrolment for enrolment in self._state.enrolments if enrolment.training.activity == statement.activity]
        return over[-1] if over else None

    def _doing(self, statement: Statement) -> Enrolment | None:
        """The training under way that a statement is about."""
        return next(
            (
                enrolment
                for enrolment in self._state.enrolments
                if enrolment.state is EnrolmentState.UNDER_WAY and enrolment.training.activity == statement.activity
            ),
            None,
        )


def _one(actor: PersonId, text: str) -> HandIn:
    try:
        return HandIn(actor=actor, text=text)
    except ValidationError:
        raise Refused("it is empty, longer than a statement may be, or no text", "invalid") from None
