"""What simulated people answer to each kind of task."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from domain.core.model import PersonId
from domain.core.questions import TaskKind

Answers = Mapping[TaskKind, dict[str, Any]]

LEVELS = (TaskKind.SKILLS_SELF, TaskKind.SKILLS_MANAGER, TaskKind.CALIBRATION)
"""What is answered with a level for each skill that was asked for."""

PULSES = (TaskKind.PULSE, TaskKind.MENTOR_PULSE)
"""What is answered with a score for each question."""

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
    TaskKind.PATTERN_CONSENT: {"yes": True},
    TaskKind.FOLLOW_UP: {"still_here": True},
    TaskKind.OFFBOARDING_ITEM: {"done": True},
    TaskKind.CHANGEOVER_ITEM: {"done": True},
    TaskKind.MENTOR_WISH: {"reply": "grant", "for_the_record": "the mentor is needed elsewhere"},
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
    TaskKind.MATCHING_REVIEW: {"agree": True},
    TaskKind.RIGHT_PERSON: {"theirs_because": "it is for whoever works with them each day"},
}
"""What everybody hopes for, where it does not depend on the task; see :func:`willing`."""

UNWILLING: Answers = {
    TaskKind.ELIGIBILITY_OVERRIDE: {"proceed": False, "reason": "too far from the rule"},
    TaskKind.MENTOR_REQUEST: {"yes": False, "reason": "no time"},
    TaskKind.GOALS_AGREEMENT: {"yes": False, "reason": "too many for the time"},
    TaskKind.SESSION_NOTE: {"held": False},
    TaskKind.IMPROVEMENT_CHECK: {"passed": False, "comment": "not there yet"},
    TaskKind.APPROVAL: {"yes": False, "reason": "above the band"},
    TaskKind.CONFIRMATION: {"yes": False, "reason": "not now"},
    TaskKind.OFFER: {"accept": False, "comment": "another offer"},
    TaskKind.EXTENSION_CONSENT: {"yes": False, "reason": "long enough"},
    TaskKind.PATTERN_CONSENT: {"yes": False, "reason": "the team meets on Fridays"},
    TaskKind.MENTOR_WISH: {"reply": "decline", "message": "give it three more weeks, and tell me then"},
    TaskKind.SEAT_OFFER: {"take": False},
    TaskKind.SIGN_OFF: {"yes": False, "reason": "not seen"},
    TaskKind.EVIDENCE_REVIEW: {"yes": False, "reason": "too short"},
    TaskKind.PATH_AFTER_PLACEMENT: {"go_on": False, "reason": "of no use now"},
    TaskKind.EXAM_RESULT: {"passed": False},
}
"""The noes, for the tasks to which there is one."""


def willing(kind: TaskKind, facts: Mapping[str, Any], mentors: Sequence[PersonId] = ()) -> dict[str, Any]:
    """What everybody hopes for as the answer to a task with these facts.

    Where no mentor is found, HR names the first of ``mentors``; for a part of somebody who left, the first who could
    take it. Raises ``LookupError`` where there is none of them.
    """
    if kind in LEVELS:
        return {"levels": dict.fromkeys(facts["skills"], 5)}
    if kind in PULSES:
        return {"scores": dict.fromkeys(facts["questions"], 4)}
    if kind is TaskKind.MENTOR_NOMINATION:
        return {"mentor": mentors[0]}
    if kind is TaskKind.SUCCESSOR:
        return {"to": facts["could"][0]}
    return WILLING[kind]
