"""Whether people can be asked anything, by the records: only an activity can look, and while they can't be reached it
waits."""

from __future__ import annotations

from collections.abc import Sequence

from domain.core.case import CaseState
from domain.core.model import PersonId
from domain.core.people import OnRecord
from domain.core.tasks import Refused
from workflows.case import activity_calls


async def on_record(people: Sequence[PersonId]) -> OnRecord:
    """What the records know of these people."""
    return await activity_calls.known_people(list(people)) if people else OnRecord()


async def look_up(state: CaseState, named: Sequence[PersonId], *, besides: Sequence[PersonId] = ()) -> OnRecord:
    """What the records know of those who are named, and of some ``besides``.

    Who had left, and by the records is there again, can be asked again in this case.
    """
    had_left = [person for person in named if person in state.gone]
    found = await on_record(list(dict.fromkeys([*named, *besides])))
    state.note_back([person for person in had_left if person in found.known])
    return found


async def must_be_known(state: CaseState, people: Sequence[PersonId]) -> None:
    """Raise :class:`Refused` where an update names somebody who is not in the records, or has left the company."""
    found = await look_up(state, people)
    if unknown := found.unknown(people):
        are = "is" if len(unknown) == 1 else "are"
        raise Refused(f"{', '.join(unknown)} {are} not in the records; import people first", "invalid")
    for person in people:
        if person in found.left:
            raise Refused(found.left_in_words(person), "invalid")
        state.check_there(person)
