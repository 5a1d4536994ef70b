"""Somebody leaves the company: from the day this is known until nothing is theirs any more.

Their last day counts whole: it is over at midnight where they live, and then all they have is handed over. It is looked
again until nothing is found twice in a row, so that a case which began meanwhile is found too.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from pydantic import Field

from domain.core.beginning import WorkflowBeginning
from domain.core.model import CaseId, Fixed, Instant, Message, Model, Party, PersonId, Sentence
from domain.core.naming import departure_workflow_id
from domain.core.permissions import NotByParty, Permission, Permissions
from domain.core.reassigning import WHOLE_CASE, HandedPart, Handing

LOOK_AGAIN = timedelta(minutes=5)
"""How soon it is looked again at first: the records have what a case tells within moments (own default)."""

AT_MOST_TIMES = 72
"""While something waits, the time between two looks doubles up to so many times that: six hours (own default)."""

QUIET_LOOKS = 2
"""After so many looks in a row that find nothing that waits or is new, all is handed over."""


class DepartureStage(StrEnum):
    """The stages of a departure."""

    PLANNED = "planned"
    HANDING_OVER = "handing_over"
    DONE = "done"
    CALLED_OFF = "called_off"
    BACK = "back"
    """They had left, and are back: they can be asked again. What was handed over stays so; what was not, they keep."""


class Leaving(Fixed):
    """What HR has declared: the last day, and who takes over (``successor``, and for single parts ``successors``)."""

    last_day: date = Field(lt=date(2200, 1, 1))
    declared_by: PersonId
    successor: PersonId | None = None
    successors: dict[Party, PersonId] = {}
    reason: Sentence | None = None


class HandedThing(Fixed):
    """Something that somebody had in a case, and what has become of it."""

    case: CaseId
    handed: HandedPart

    @property
    def sentence(self) -> str:
        """What it is, what has become of it, and why."""
        handed = self.handed
        to, why = f" to {handed.to}" if handed.to else "", f" ({handed.why})" if handed.why else ""
        return f"{self.case}, {handed.what}: {handed.state.value}{to}{why}"


class CaseHandOver(Fixed):
    """What came of asking a case to hand over; ``refused`` says why it did not, and ``ended`` that it is over."""

    case: CaseId
    parts: list[HandedPart] = []
    refused: str | None = None
    ended: bool = False


class DepartureState(Model):
    """All there is to know about one departure."""

    person: PersonId
    leaving: Leaving
    stage: DepartureStage = DepartureStage.PLANNED
    day_is_over_at: Instant | None = None
    """When the last day is over where they live."""
    looks: int = 0
    quiet_looks: int = 0
    handed: list[HandedThing] = []
    asked: list[CaseId] = []
    """The cases that were asked to hand over: they are told of whoever is back before all is handed over."""

    def waiting(self) -> list[HandedThing]:
        """What is still theirs."""
        return [thing for thing in self.handed if thing.handed.state is Handing.WAITS]

    def keep_the_rest(self) -> None:
        """They are back: what waited is theirs, and nothing that is handed over."""
        self.handed = [thing for thing in self.handed if thing.handed.state is not Handing.WAITS]

    def summary(self) -> list[tuple[CaseId, str, Handing, PersonId | None]]:
        """What has become of each thing, whenever that was."""
        return [(thing.case, thing.handed.what, thing.handed.state, thing.handed.to) for thing in self.handed]

    def note(self, reply: CaseHandOver, now: Instant) -> None:
        """Note what a case says; what it said before of the same is replaced, and of what waits no more forgotten."""
        if reply.refused is not None:
            said = [HandedPart(what=WHOLE_CASE, state=Handing.WAITS, at=now, why=reply.refused)]
        elif reply.ended:
            theirs = [thing.handed for thing in self.waiting() if thing.case == reply.case]
            said = [
                HandedPart(what=part.what, state=Handing.OVER, at=now, why="the case has ended")
                for part in theirs
                if part.what != WHOLE_CASE
            ]
        else:
            said = reply.parts
        again = {part.what for part in said}
        keeps = reply.refused is not None
        self.handed = [
            thing
            for thing in self.handed
            if thing.case != reply.case
            or (thing.handed.what not in again and (keeps or thing.handed.state is not Handing.WAITS))
        ]
        self.handed += [HandedThing(case=reply.case, handed=part) for part in said]
        self.handed.sort(key=lambda thing: thing.case)

    def look_again_after(self, first: timedelta) -> timedelta:
        """How long to wait until the next look."""
        if not self.waiting():
            return first
        return first * min(1 << min(self.looks, 16), AT_MOST_TIMES)

    def record(self, now: Instant) -> DepartureRow:
        """How it stands, for the records."""
        return DepartureRow(
            person=self.person,
            at=now,
            leaving=self.leaving,
            stage=self.stage,
            looks=self.looks,
            handed=list(self.handed),
        )


class DepartureStart(Fixed):
    """What a departure is started with.

    ``state`` is given when it goes on in a new run, or takes up one that was through with what it had handed over.
    """

    person: PersonId
    leaving: Leaving
    look_again_seconds: float = Field(default=LOOK_AGAIN.total_seconds(), gt=0)
    state: DepartureState | None = None


class DepartureRow(Fixed):
    """How a departure stands now, for the records (replaces its row)."""

    person: PersonId
    at: Instant
    leaving: Leaving
    stage: DepartureStage
    looks: int
    handed: list[HandedThing]


class HandOverCall(Fixed):
    """Asks these cases to hand over what somebody has in them; ``look`` counts how often it was looked."""

    person: PersonId
    look: int
    cases: list[CaseId]
    leaving: Leaving


class ChangeDeparture(Message):
    """The last day, or who takes over, is another. What is not given stays; ``successors`` replaces part by part."""

    actor: PersonId
    last_day: date | None = Field(default=None, lt=date(2200, 1, 1))
    successor: PersonId | None = None
    successors: dict[Party, PersonId] = {}
    reason: Sentence | None = None

    def applied_to(self, leaving: Leaving) -> Leaving:
        """What is declared with this change. Whoever asks for it has declared it last, and may have to stand in."""
        given: dict[str, Any] = self.model_dump(include={"last_day", "successor", "reason"}, exclude_none=True)
        successors = {**leaving.successors, **self.successors}
        return leaving.model_copy(update={**given, "successors": successors, "declared_by": self.actor})


class CallOffDeparture(Message):
    """They stay after all; or are back before all was handed over, and keep what was not."""

    actor: PersonId
    reason: Sentence | None = None


class IsBack(Fixed):
    """Somebody who had left the company is there again."""

    person: PersonId


MAY_ASK: Permissions = {
    ChangeDeparture: Permission(NotByParty.HR_OF_A_ROLE),
    CallOffDeparture: Permission(NotByParty.HR_OF_A_ROLE),
}
"""Who may ask what of a departure: whether somebody is HR of a role, the records say."""


def departure_beginning(start: DepartureStart) -> WorkflowBeginning:
    """A departure to be started."""
    return WorkflowBeginning(
        workflow="Departure",
        workflow_id=departure_workflow_id(start.person),
        start=start,
        summary=f"{start.person} leaves after {start.leaving.last_day}",
        details=f"- declared by {start.leaving.declared_by}\n- successor {_named(start.leaving)}",
    )


def _named(leaving: Leaving) -> str:
    parts: Sequence[str] = [f"{person} as {party.spoken}" for party, person in leaving.successors.items()]
    return ", ".join([*([leaving.successor] if leaving.successor else []), *parts]) or "not named"
