"""Whether people are in the records: only an activity can look, and while the records are away this waits."""

from __future__ import annotations

from collections.abc import Sequence

from domain.core.model import PersonId
from domain.core.tasks import Refused
from workflows.case import activity_calls


async def unknown_people(people: Sequence[PersonId]) -> list[PersonId]:
    """Who of these is not in the records."""
    known = await activity_calls.known_people(list(people)) if people else []
    return [person for person in people if person not in known]


async def must_be_known(people: Sequence[PersonId]) -> None:
    """Raise :class:`Refused` where an update names somebody who is not in the records."""
    if unknown := await unknown_people(people):
        are = "is" if len(unknown) == 1 else "are"
        raise Refused(f"{', '.join(unknown)} {are} not in the records; import people first", "invalid")
