"""Completion events: what a learning system says of an e-learning, as a statement of xAPI (1.0.3 or 2.0).

Here stands what a case makes of a statement. How its text is read: :mod:`domain.xapi_text`; whether a learning system
has signed it: :mod:`activities.signatures`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import Field, StringConstraints

from domain.catalogue import Iri, MoveOn
from domain.model import CaseId, Fixed, Instant, Message, PersonId

LARGEST_STATEMENT = 200_000
"""So many characters a statement may have, its signature included."""

StatementId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
"""The UUID of a statement, in small letters. A statement that comes twice is known by it."""


class HandIn(Message):
    """Hand in a statement: plain JSON, or signed; ``text`` is as it came (see :mod:`domain.xapi_text`)."""

    actor: PersonId
    text: str = Field(min_length=1, max_length=LARGEST_STATEMENT)


class HandedIn(Fixed):
    """What somebody gets who handed in a statement: what became of it, and whether it counted."""

    case: CaseId
    at: Instant
    says: str
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


class Reading(Fixed):
    """What came of reading a text: exactly one of the three.

    ``forged`` says why it can't be believed (which is put on record), ``unusable`` why it is no statement at all.
    """

    statement: Statement | None = None
    forged: str | None = None
    unusable: str | None = None


class Fate(StrEnum):
    """What becomes of a statement that was handed in."""

    COUNTS = "counts"
    REPEATED = "repeated"
    """It has been handed in before; nothing changes."""
    EARLY = "early"
    """Of a training that is still to come: kept until then."""
    LATE = "late"
    """Of a training that is done already; nothing changes."""
    FORGED = "forged"
    UNRELATED = "unrelated"
    UNUSABLE = "unusable"


def fate_of(
    reading: Reading,
    *,
    learner: PersonId,
    seen: Collection[str],
    doing: Collection[Iri],
    known: Collection[Iri],
    done: Collection[Iri],
    unsigned_count: bool,
) -> tuple[Fate, str]:
    """What becomes of it, and a sentence for whoever handed it in.

    ``seen`` are the ids of the statements that counted or are kept. ``doing`` are the activities of the trainings that
    are being done, ``known`` those of trainings that may still come, ``done`` those of trainings that are over.
    ``unsigned_count`` is the policy's ``training.unsigned_events``.
    """
    statement = reading.statement
    if statement is None:
        if reading.forged is not None:
            return Fate.FORGED, reading.forged
        return Fate.UNUSABLE, reading.unusable or "there is no statement in it"
    if statement.signed_by is None and not unsigned_count:
        return Fate.FORGED, "nobody has signed it, and the policy lets only signed statements count"
    if statement.person != learner:
        return Fate.FORGED, "it is about somebody else than the learner"
    if statement.id in seen:
        return Fate.REPEATED, "it was handed in before; nothing changes"
    if statement.verb is Verb.OTHER:
        return Fate.UNRELATED, "it says neither completed nor passed nor failed"
    if statement.activity in doing:
        return Fate.COUNTS, f"it counts: {statement.verb.value}"
    if statement.activity in known:
        return Fate.EARLY, "its training has not begun; it is kept until then"
    if statement.activity in done:
        return Fate.LATE, "its training is done already; nothing changes"
    return Fate.UNRELATED, "its activity belongs to no training that is being done or still to come"


def reached(move_on: MoveOn, statements: Sequence[Statement]) -> bool | None:
    """Whether an e-learning was passed by what was said of it: True, False for failed, or None for not yet.

    cmi5 (Course Structure, ``moveOn``) says what it takes. In which order the statements came does not matter, nor
    that one comes twice: what it takes stays reached, and who failed can still pass. Where nothing has to be passed
    (``Completed``), a test that was failed does not fail the training; ``NotApplicable`` takes nothing at all. cmi5
    lets no ``completed`` speak of success; one that does so all the same passes or fails by it.
    """
    completed = any(_completed(one) for one in statements)
    passed = any(_passed(one) for one in statements)
    met = {
        MoveOn.NOT_APPLICABLE: True,
        MoveOn.COMPLETED: completed,
        MoveOn.PASSED: passed,
        MoveOn.COMPLETED_AND_PASSED: completed and passed,
        MoveOn.COMPLETED_OR_PASSED: passed or any(_completed(one) and one.success is not False for one in statements),
    }
    if met[move_on]:
        return True
    if move_on is not MoveOn.COMPLETED and any(_failed(one) for one in statements) and not passed:
        return False
    return None


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
