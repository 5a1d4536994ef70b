"""Invitations to calendar entries of one kind: people are invited, hear that an entry moves, or is called off.

A calendar believes the word with the highest sequence number, so each word to the same people has a higher one than the
one before: :func:`later`. The number of the last one stands in the state, beside what it is about.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from domain.core.letters import CallsOff, Invites
from domain.core.model import PersonId
from domain.core.post import Invitation
from workflows.case.context import CaseContext


@dataclass(frozen=True)
class Entry:
    """A calendar entry as those see it who are invited; ``key`` names it within the case.

    A key of the letter's ``people`` in braces is written as that person's name in the ``summary``.
    """

    key: str
    starts: datetime
    ends: datetime
    summary: str
    attendees: list[PersonId]
    place: str | None = None


def later(sequence: int | None) -> int:
    """The sequence number of the next word about an entry, after the last one; 0 is the first."""
    return 0 if sequence is None else sequence + 1


def send(context: CaseContext[Any], letter: Invites | CallsOff, entry: Entry, sequence: int, *, to: PersonId) -> None:
    """Invite somebody, move what they are invited to, or call it off for them, as the letter says."""
    invitation = Invitation(
        method=letter.method,
        uid=f"{context.state.case}-{entry.key}@waymark",
        sequence=sequence,
        starts=entry.starts,
        ends=entry.ends,
        summary=entry.summary,
        place=entry.place,
        attendees=entry.attendees,
    )
    context.report.letter(letter, to=to, invitation=invitation)
