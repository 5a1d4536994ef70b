"""Completion events: what a learning system says of an e-learning, as a statement of xAPI (1.0.3 or 2.0).

Here stands what a case makes of a statement. How its text is read: :mod:`domain.learning.xapi_text`; whether a
learning system has signed it: :mod:`activities.learning.signatures`.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from domain.core.model import CaseId, Fixed, Instant, Message, PersonId, instant_text
from domain.core.months import months_after
from domain.learning.catalogue import Iri, MoveOn
from domain.learning.policy import TrainingRules

LARGEST_STATEMENT = 200_000
"""So many characters a statement may have, its signature included."""

MOST_AT_ONCE = 100
"""So many statements may be handed in at once."""

MILLISECOND = timedelta(milliseconds=1)
"""A learning record store keeps instants to the millisecond at least, and may cut off the rest (xAPI 1.0.3, 4.5)."""

CLOCKS_DIFFER = timedelta(days=1)
"""By so much a learning system's clock may be ahead of ours before HR hears of it."""

StatementId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
"""The UUID of a statement, in small letters. A statement that comes twice is known by it."""


class HandIn(Message):
    """Hand in a statement: plain JSON, or signed; ``text`` is as it came (see :mod:`domain.learning.xapi_text`)."""

    actor: PersonId
    text: str = Field(min_length=1, max_length=LARGEST_STATEMENT)


class HandedIn(Fixed):
    """What somebody gets who handed in a statement: what became of it, and whether it counted."""

    case: CaseId
    at: Instant
    sentence: str
    counted: bool


class Verb(StrEnum):
    """What a statement says of its activity; ``other`` stands for all verbs that say nothing about its end."""

    COMPLETED = "completed"
    PASSED = "passed"
    FAILED = "failed"
    OTHER = "other"


class Statement(Fixed):
    """What a statement says, as far as it matters to us.

    ``person`` is whom its actor is in our records (none: nobody), ``at`` when it happened by its timestamp, ``success``
    and ``completion`` are those of its result, ``signed_by`` is the learning system that has signed it (none: nobody).
    """

    id: StatementId
    person: PersonId | None
    verb: Verb
    activity: Iri
    at: Instant | None
    success: bool | None
    completion: bool | None
    signed_by: str | None
    duration: timedelta | None = None
    """How long it took, by its result, to the hundredth of a second."""

    def same_as(self, other: Statement) -> bool:
        """Whether both say the same, whoever has signed them.

        A timestamp that one of them lacks may have been added, or cut to the millisecond, by a learning record store.
        """
        if self.at and other.at and abs(self.at - other.at) >= MILLISECOND:
            return False
        what_it_says = {"at": None, "signed_by": None}
        return self.model_copy(update=what_it_says) == other.model_copy(update=what_it_says)


class Reading(Fixed):
    """What came of reading a text: exactly one of the three.

    ``forged`` says why it can't be believed (which is put on record), ``unusable`` why it is no statement at all.
    """

    statement: Statement | None = None
    forged: str | None = None
    unusable: str | None = None


class EventResult(StrEnum):
    """What becomes of a statement that was handed in."""

    COUNTS = "counts"
    REPEATED = "repeated"
    """It has been handed in before; nothing changes."""
    EARLY = "early"
    """Of a training that is still to come: kept until then."""
    LATE = "late"
    """Of a training that is done already; nothing changes."""
    STALE = "stale"
    """It happened longer before the path than the policy lets count."""
    CONFLICT = "conflict"
    """Another one with the same id says something else."""
    FORGED = "forged"
    UNRELATED = "unrelated"
    UNUSABLE = "unusable"


class StatementContext(Fixed):
    """What a path knows when a statement comes in, which decides what becomes of it.

    ``seen`` are the statements that counted, are kept, or came too late. ``doing`` are the activities of the trainings
    that are being done, ``known`` those of trainings that may still come, ``done`` those of trainings that are over.
    ``began`` is when the path began, ``now`` the instant on its clock.
    """

    learner: PersonId
    seen: dict[StatementId, Statement]
    doing: list[Iri]
    known: list[Iri]
    done: list[Iri]
    began: Instant
    now: Instant


def result_of(
    reading: Reading, at: datetime | None, so_far: StatementContext, rules: TrainingRules
) -> tuple[EventResult, str]:
    """What becomes of it, and a sentence for whoever handed it in. ``at`` is when it happened, by the path's clock."""
    statement = reading.statement
    if statement is None:
        if reading.forged is not None:
            return EventResult.FORGED, reading.forged
        return EventResult.UNUSABLE, reading.unusable or "there is no statement in it"
    if statement.signed_by is None and not rules.unsigned_events:
        return EventResult.FORGED, "nobody has signed it, and the policy lets only signed statements count"
    if statement.person != so_far.learner:
        return EventResult.FORGED, "it is about somebody else than the learner"
    before = so_far.seen.get(statement.id)
    if before is not None:
        if statement.same_as(before):
            return EventResult.REPEATED, "it was handed in before; nothing changes"
        return EventResult.CONFLICT, (
            f"another statement with its id, {statement.id}, was handed in before ({_in_words(before)}), and this one "
            f"says something else ({_in_words(statement)}); the learning system must give each an id of its own"
        )
    if statement.verb is Verb.OTHER:
        return EventResult.UNRELATED, "it says neither completed nor passed nor failed"
    return _result_by_training(statement, at, so_far, rules)


def _result_by_training(
    statement: Statement, at: datetime | None, so_far: StatementContext, rules: TrainingRules
) -> tuple[EventResult, str]:
    to_come = statement.activity in so_far.doing or statement.activity in so_far.known
    if to_come and not is_recent(at, so_far, rules):
        return EventResult.STALE, (
            f"it happened on {instant_text(statement.at or so_far.now)}; the policy lets nothing count that happened "
            f"more than {rules.event_stale_after_months} months before the path began"
        )
    if statement.activity in so_far.doing:
        return EventResult.COUNTS, f"it counts: {statement.verb.value}"
    if statement.activity in so_far.known:
        return EventResult.EARLY, "its training has not begun; it is kept until then"
    if statement.activity in so_far.done:
        return EventResult.LATE, "its training is done already; nothing changes"
    return EventResult.UNRELATED, "its activity belongs to no training that is being done or still to come"


def is_recent(at: datetime | None, so_far: StatementContext, rules: TrainingRules) -> bool:
    """Whether the policy lets count what happened then; what says no instant is taken to have happened just now."""
    return at is None or at >= months_after(so_far.began, -rules.event_stale_after_months)


def odd_time(at: datetime | None, so_far: StatementContext) -> str | None:
    """What is odd about when something happened, by the path's clock, that counts all the same; None where nothing is.

    HR hears of it: clocks go wrong, and so do people who hand in what they did before.
    """
    if at is None:
        return None
    if at > so_far.now + CLOCKS_DIFFER:
        return f"by its timestamp it happens on {instant_text(at)}, which is still to come"
    if at < so_far.began:
        began = instant_text(so_far.began)
        return f"by its timestamp it happened on {instant_text(at)}, before the path began on {began}"
    return None


def _in_words(statement: Statement) -> str:
    success = {True: ", with success", False: ", without success", None: ""}[statement.success]
    return f"{statement.verb.value}{success}" + (f", {instant_text(statement.at)}" if statement.at else "")


def e_learning_passed(move_on: MoveOn, statements: Sequence[Statement]) -> bool | None:
    """Whether an e-learning was passed by what was said of it: True, False for failed, or None for not yet.

    cmi5 (Course Structure, ``moveOn``) says what it takes. In which order the statements came does not matter, nor
    that one comes twice: what it takes stays reached, and who failed can still pass. Where nothing has to be passed
    (``Completed``), a test that was failed does not fail the training; ``NotApplicable`` takes nothing at all. cmi5
    lets no ``completed`` speak of success; one that does so all the same passes or fails by it.
    """
    completed = any(_completed(statement) for statement in statements)
    passed = any(_passed(statement) for statement in statements)
    met = {
        MoveOn.NOT_APPLICABLE: True,
        MoveOn.COMPLETED: completed,
        MoveOn.PASSED: passed,
        MoveOn.COMPLETED_AND_PASSED: completed and passed,
        MoveOn.COMPLETED_OR_PASSED: passed
        or any(_completed(statement) and statement.success is not False for statement in statements),
    }
    if met[move_on]:
        return True
    if move_on is not MoveOn.COMPLETED and any(_failed(statement) for statement in statements) and not passed:
        return False
    return None


def still_to_come(move_on: MoveOn, statements: Sequence[Statement]) -> str:
    """What ends an e-learning by the learning system's word; empty where that was said already."""
    return (
        ""
        if e_learning_passed(move_on, statements) is not None
        else f"its training ends once it is {_ENDS_ONCE[move_on]}"
    )


_ENDS_ONCE = {
    MoveOn.NOT_APPLICABLE: "begun",
    MoveOn.COMPLETED: "completed",
    MoveOn.PASSED: "passed",
    MoveOn.COMPLETED_AND_PASSED: "both completed and passed",
    MoveOn.COMPLETED_OR_PASSED: "completed or passed",
}


def _completed(statement: Statement) -> bool:
    return statement.verb is Verb.COMPLETED and statement.completion is not False


def _passed(statement: Statement) -> bool:
    if statement.verb is Verb.PASSED:
        return statement.success is not False
    return _completed(statement) and statement.success is True


def _failed(statement: Statement) -> bool:
    """Other verbs don't fail anything: ``answered`` without success is one wrong answer of a test."""
    if statement.verb is Verb.OTHER:
        return False
    return statement.verb is Verb.FAILED or statement.success is False
