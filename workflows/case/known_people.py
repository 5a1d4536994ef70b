"""Whether people can be asked anything, by the records: only an activity can look, and while they are away it waits."""

from __future__ import annotations

from collections.abc import Sequence

from domain.core.model import PersonId
from domain.core.people import OnRecord
from domain.core.tasks import Refused
from workflows.case import activity_calls


async def on_record(people: Sequence[PersonId]) -> OnRecord:
    """What the records know of these people."""
    return await activity_calls.known_people(list(people)) if people else OnRecord()


async def why_not_asked(people: Sequence[PersonId]) -> dict[PersonId, str]:
    """Who of these can't be asked anything, each with a sentence that says why: nobody knows them, or they left."""
    found = await on_record(people)
    unknown = {person: f"{person} is not in the records; import people first" for person in found.unknown(people)}
    return {**unknown, **{person: found.left_in_words(person) for person in people if person in found.left}}


async def must_be_known(people: Sequence[PersonId]) -> None:
    """Raise :class:`Refused` where an update names somebody who is not in the records, or has left the company."""
    found = await on_record(people)
    if unknown := found.unknown(people):
        are = "is" if len(unknown) == 1 else "are"
        raise Refused(f"{', '.join(unknown)} {are} not in the records; import people first", "invalid")
    for person in people:
        if person in found.left:
            raise Refused(found.left_in_words(person), "invalid")
