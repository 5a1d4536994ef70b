"""Who has a part in a case, and who takes it over: what is asked of a case, and what it says of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from pydantic import Field

from domain.core.case import CaseRequest
from domain.core.model import CaseId, Fixed, Instant, Party, PersonId, Sentence
from domain.core.tasks import Refused

Parts: TypeAlias = Mapping[Party, Sequence[PersonId]]
"""Who plays which part in a case; of trainers and the like there may be several."""

MENTOR_IS_ASKED = "a mentor is asked first, and has to agree; the mentor can be changed instead"
"""Why nobody can just be given the part of the mentor."""

ABOUT = frozenset({Party.RETURNER, Party.LEARNER})
"""Whom a case is about: nobody can take that over."""


class Reassign(CaseRequest):
    """Somebody else has a part from now on. ``person`` is whom they replace, where several have the part."""

    party: Party
    to: PersonId
    person: PersonId | None = None
    reason: Sentence


class HandOver(CaseRequest):
    """Somebody has left the company: what they have in this case goes to others, or HR is asked who takes over.

    ``left_on`` was their last day. ``successors`` are for single parts, ``successor`` for all others. The mentor is
    found by a new search, unless named in ``successors``. It is for the departure of that person to ask, and the same
    however often it is asked.
    """

    person: PersonId
    left_on: date
    successor: PersonId | None = None
    successors: dict[Party, PersonId] = {}
    reason: Sentence | None = None


class Handing(StrEnum):
    """What has become of something that somebody had who left."""

    MOVED = "moved"
    """It is somebody else's now."""
    WAITS = "waits"
    """It is still theirs: HR is asked, or it can't go on at the moment."""
    OVER = "over"
    """It needs nobody any more."""


class HandedPart(Fixed):
    """One thing that somebody had in a case, as people call it (``what``), and what has become of it, since ``at``."""

    what: str
    state: Handing
    at: Instant
    to: PersonId | None = None
    why: str | None = None


WHOLE_CASE = "the whole case"
"""What a case is called as a whole among what is handed over."""


class HandedOver(Fixed):
    """What a case says of all that somebody had in it who left."""

    case: CaseId
    at: Instant
    parts: list[HandedPart] = Field(default_factory=list)


WOULD_BE_ALONE_IN_HR = "would be HR and head of HR: what they do not answer in time would go on to nobody else"
"""What follows where somebody has both parts: see :func:`escalates_to_nobody`."""

OTHER_OF_HR: Mapping[Party, Party] = {Party.HR: Party.HR_LEAD, Party.HR_LEAD: Party.HR}


def escalates_to_nobody(parts: Parts, party: Party, to: PersonId) -> bool:
    """Whether somebody who takes this part would be HR and head of HR: what they don't answer in time goes to nobody
    else, and nobody of HR is there in their place. A small company may have nobody else, so it is not refused."""
    other = OTHER_OF_HR.get(party)
    return other is not None and to in parts.get(other, ())


def replaced_in(parts: Parts, party: Party, person: PersonId | None, case: str) -> PersonId:
    """Who is replaced in that part: whoever has it, or the one who is named of several. Raises :class:`Refused`."""
    there = list(dict.fromkeys(parts.get(party, ())))
    if person is not None:
        if person not in there:
            raise Refused(f"person: {person} is not the {party.spoken} in {case}", "invalid")
        return person
    if not there:
        raise Refused(f"party: nobody is the {party.spoken} in {case}", "invalid")
    if len(there) > 1:
        raise Refused(f"person: {', '.join(there)} are each {party.spoken} in {case}; say whom to replace", "invalid")
    return there[0]
