"""The six stories of the demo: who answers what, and what happens in which week."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from domain.core.case import CaseRequest, Withdraw
from domain.core.model import PersonId, RoleId
from domain.core.questions import TaskKind
from domain.placement.matching import ASKED_BEFORE
from domain.placement.requests import (
    ExtendPlacement,
    LeaveType,
    PausePlacement,
    ReassignMentor,
    ResumePlacement,
)

Answers = Mapping[TaskKind, dict[str, Any]]
Happening = Callable[[PersonId], CaseRequest]
"""What HR (whose id is given) asks of the case."""

WILLING: Answers = {
    TaskKind.ELIGIBILITY_OVERRIDE: {"proceed": True, "reason": "strong portfolio, five weeks short of the rule"},
    TaskKind.MENTOR_REQUEST: {"yes": True},
    TaskKind.CHECKLIST_ITEM: {"done": True},
    TaskKind.GOALS: {"goals": ["own a report from question to answer", "pair with each member of the team once"]},
    TaskKind.GOALS_AGREEMENT: {"yes": True},
    TaskKind.SESSION_NOTE: {"held": True, "minutes": 60, "note": "good questions, more confident every week"},
    TaskKind.MANAGER_REVIEW: {"score": 4, "comment": "delivers, and asks early", "goals_met": 1},
    TaskKind.MENTOR_REVIEW: {"score": 4, "comment": "has found her feet"},
    TaskKind.SELF_REVIEW: {"score": 4, "comment": "back in the saddle"},
    TaskKind.IMPROVEMENT_PLAN: {"actions": ["two pairing sessions a week", "smaller tasks, finished daily"]},
    TaskKind.IMPROVEMENT_CHECK: {"passed": True, "comment": "the plan worked"},
    TaskKind.PROPOSAL: {"convert": True, "reasons": "meets what the role asks, and the team wants to keep them"},
    TaskKind.APPROVAL: {"yes": True},
    TaskKind.CONFIRMATION: {"yes": True},
    TaskKind.OFFER: {"accept": True},
    TaskKind.EXTENSION_CONSENT: {"yes": True},
    TaskKind.FOLLOW_UP: {"still_here": True},
    TaskKind.PLAN_CHOICE: {"agree": True},
    TaskKind.PLAN_APPROVAL: {"yes": True},
    TaskKind.SEAT_OFFER: {"take": True},
    TaskKind.ATTENDANCE: {"attended": "full"},
    TaskKind.E_LEARNING: {"not_completed_because": "no longer in the team's field"},
    TaskKind.ASSIGNMENT_REPORT: {"evidence": "the report runs every Monday now", "link": "https://wiki.example.org/r"},
    TaskKind.SIGN_OFF: {"yes": True},
    TaskKind.STUDY_EVIDENCE: {"evidence": "a summary of each chapter, and the exercises solved"},
    TaskKind.EVIDENCE_REVIEW: {"yes": True},
    TaskKind.PATH_AFTER_PLACEMENT: {"go_on": True, "reason": "the course is paid for and useful anywhere"},
    TaskKind.EXAM_RESULT: {"passed": True, "percent": 84},
}
"""What people answer unless a story says otherwise, and unless it depends on the task; see :func:`willing`."""


def willing(kind: TaskKind, facts: Mapping[str, Any]) -> dict[str, Any]:
    """What people answer to a task with these facts unless a story says otherwise.

    On a slow machine every mentor may let a request expire. HR then names one who was asked before, if there is one.
    """
    if kind in LEVELS:
        return {"levels": dict.fromkeys(facts["skills"], 5)}
    if kind is not TaskKind.MENTOR_NOMINATION:
        return WILLING[kind]
    passed_over = [one.partition(": ") for one in facts["passed_over"]]
    mentor, _, _ = min(passed_over, key=lambda one: one[2] != ASKED_BEFORE)
    return {"mentor": mentor}


LEVELS = (TaskKind.SKILLS_SELF, TaskKind.SKILLS_MANAGER, TaskKind.CALIBRATION)
"""What is answered with a level for each skill that was asked for."""


@dataclass(frozen=True)
class Story:
    """One placement's fate. ``happenings`` are due when the placement has reached that programme week.

    ``first`` replaces the answers to the first task of a kind, ``always`` to all of them.
    """

    title: str
    returner: PersonId
    role: RoleId
    always: Answers = field(default_factory=dict)
    first: Answers = field(default_factory=dict)
    happenings: tuple[tuple[int, Happening], ...] = ()
    back_after_days: int | None = None

    def answer(self, kind: TaskKind, facts: Mapping[str, Any], answered_before: int) -> dict[str, Any]:
        """The answer to a task of this kind, of which so many were answered before in this case."""
        if not answered_before and kind in self.first:
            return self.first[kind]
        return self.always.get(kind) or willing(kind, facts)


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
    """The six stories, for six returners and the roles they are placed in. Raises ``ValueError`` for fewer."""
    if len(returners) < 6:
        raise ValueError(f"the demo needs six returners who can be placed, the records have {len(returners)}")
    who = iter(returners)
    return [
        Story("smooth", *next(who)),
        Story("mentor leaves", *next(who), happenings=((6, _mentor_leaves),)),
        Story("leave in the middle", *next(who), happenings=((5, _pause),), back_after_days=28),
        Story(
            "at risk, then improved",
            *next(who),
            first=dict.fromkeys((TaskKind.MANAGER_REVIEW, TaskKind.MENTOR_REVIEW, TaskKind.SELF_REVIEW), LOW),
            happenings=((9, _extend),),
        ),
        Story("offer declined", *next(who), always={TaskKind.OFFER: {"accept": False, "comment": "another offer"}}),
        Story("withdrawn", *next(who), happenings=((7, _withdraw),)),
    ]
