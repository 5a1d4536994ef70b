"""The seven stories of the demo: who answers what, and what happens in which week."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from domain.core.case import CaseRequest, Withdraw
from domain.core.model import PersonId, RoleId
from domain.core.questions import TaskKind
from domain.placement.requests import (
    ExtendPlacement,
    LeaveType,
    PausePlacement,
    ReassignMentor,
    ResumePlacement,
)
from simulated.answers import UNWILLING, Answers, willing

Change = Callable[[PersonId], CaseRequest]
"""What HR (whose id is given) asks of the case."""


@dataclass(frozen=True)
class Story:
    """How one placement goes. ``changes`` are asked for when the placement has reached that programme week.

    ``first`` replaces the answers to the first task of a kind, ``always`` to all of them.
    """

    title: str
    returner: PersonId
    role: RoleId
    always: Answers = field(default_factory=dict)
    first: Answers = field(default_factory=dict)
    changes: tuple[tuple[int, Change], ...] = ()
    back_after_days: int | None = None
    manager_leaves_in: int | None = None
    """The programme week in which the role's manager leaves the company, and somebody takes over all they have."""
    pattern: str | None = None
    """What the returner works; none: as the records say."""

    def answer(
        self, kind: TaskKind, facts: Mapping[str, Any], answered_before: int, mentors: Sequence[PersonId]
    ) -> dict[str, Any]:
        """The answer to a task of this kind, of which so many were answered before in this case.

        On a slow machine every mentor may let a request expire. HR then names one of those who were asked.
        """
        if not answered_before and kind in self.first:
            return self.first[kind]
        return self.always.get(kind) or willing(kind, facts, mentors)


def _pause(hr: PersonId) -> CaseRequest:
    return PausePlacement(actor=hr, leave_type=LeaveType.CARER)


def resume(hr: PersonId) -> CaseRequest:
    """The end of a leave."""
    return ResumePlacement(actor=hr)


def _mentor_leaves(hr: PersonId) -> CaseRequest:
    return ReassignMentor(actor=hr, reason="the mentor changes to another site")


def _withdraw(hr: PersonId) -> CaseRequest:
    return Withdraw(actor=hr, reason="has accepted a post closer to home")


def _extend(hr: PersonId) -> CaseRequest:
    return ExtendPlacement(actor=hr, weeks=2, reason="to finish the project")


LOW = {"score": 2, "comment": "slower than the role asks"}


def stories(returners: list[tuple[PersonId, RoleId]]) -> list[Story]:
    """The seven stories, for seven returners and the roles they are placed in. Raises ``ValueError`` for fewer."""
    if len(returners) < 7:
        raise ValueError(f"the demo needs seven returners who can be placed, the records have {len(returners)}")
    who = iter(returners)
    return [
        Story("smooth", *next(who)),
        Story("mentor leaves", *next(who), changes=((6, _mentor_leaves),)),
        Story("leave in the middle", *next(who), changes=((5, _pause),), back_after_days=28),
        Story(
            "at risk, then improved",
            *next(who),
            first=dict.fromkeys((TaskKind.MANAGER_REVIEW, TaskKind.MENTOR_REVIEW, TaskKind.SELF_REVIEW), LOW),
            changes=((9, _extend),),
        ),
        Story(
            "part-time, offer declined",
            *next(who),
            pattern="mon-wed 8, thu 4",
            always={TaskKind.OFFER: UNWILLING[TaskKind.OFFER]},
        ),
        Story("withdrawn", *next(who), changes=((7, _withdraw),)),
        Story("manager leaves", *next(who), manager_leaves_in=8),
    ]
