"""Cases on record and their views, made by hand, to draw journeys of."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from domain.core.model import Party
from domain.core.naming import Programme
from domain.core.questions import TaskKind
from domain.core.tasks import TaskState
from domain.placement.planner import make_plan
from domain.placement.programme_days import Leave
from languages.speech import Speech
from presentation.journey.common import Material, Shown
from records.tables.core import CaseRecord, DecisionRecord, StageRecord, TaskRecord
from service.registry.case_records import CaseRecords
from tests.domain.factories import plan_request, utc, weekday

CASE = "R-7F3K2M-DATA1"
NAMES = {
    "P-7F3K2M": "Priya Venkataraman",
    "P-4CY9GS": "Sean O'Malley",
    "P-MNTR02": "Aiko Tanaka",
    "P-MANAGR": "Margaret Ashworth-Bell",
    "P-SECOND": "Ulrike Steinhauer",
    "P-HRHRHR": "Hannah Rösler",
}
STARTS = date(2027, 1, 4)


def noon(day: date) -> datetime:
    """That day's noon, UTC."""
    return datetime.combine(day, time(12), tzinfo=UTC)


def placement(
    today: date,
    *,
    weeks: int = 16,
    starts: date = STARTS,
    leaves: list[Leave] | None = None,
    stages: dict[str, date] | None = None,
    view: dict[str, Any] | None = None,
    **more: Any,
) -> Material:
    """A placement as of a day: its calendar, the stages it has been in, and what else its view has."""
    leaves = leaves or []
    plan = make_plan(plan_request(starts, weeks, leaves), weekday, utc)
    entered = stages or {
        "intake": starts - timedelta(days=38),
        "matching": starts - timedelta(days=36),
        "preboarding": starts - timedelta(days=29),
        "placement": starts,
    }
    entered = {stage: day for stage, day in entered.items() if day <= today}
    case = CaseRecord(
        case_id=CASE,
        at=noon(today),
        position=40,
        programme=Programme.RETURNSHIP.value,
        person="P-7F3K2M",
        role="DATA1",
        cohort=None,
        policy="returnship-16-weeks@1",
        stage=list(entered)[-1],
        stage_since=noon(list(entered.values())[-1]),
        week=None,
        starts_on=plan.start,
        ends_on=plan.end,
        time_zone="UTC",
        mentor="P-MNTR02",
        paused=bool(leaves and leaves[-1].back_on is None),
        at_risk=[],
        outcome=None,
        planned_starts_on=starts,
        planned_ends_on=starts + timedelta(weeks=weeks, days=-1),
    )
    records = CaseRecords(
        case_id=CASE,
        programme=Programme.RETURNSHIP,
        case=case,
        parts={Party.RETURNER: ["P-7F3K2M"], Party.MANAGER: ["P-MANAGR"], Party.MENTOR: ["P-MNTR02"]},
        names=NAMES,
        stages=[
            StageRecord(case_id=CASE, n=n, at=noon(day) - timedelta(hours=3), stage=stage)
            for n, (stage, day) in enumerate(entered.items(), start=1)
        ],
        leaves=leaves,
        goal="Data analyst",
        **more,
    )
    known = {
        "plan": plan.model_dump(mode="json"),
        "weeks": weeks,
        "now": noon(today).isoformat(),
        **(view or {}),
    }
    return Material(records, known, noon(today), Speech(), Shown())


def task(n: int, kind: TaskKind, opened: date, closed: date | None, **more: Any) -> TaskRecord:
    """A task on record, answered where it is closed."""
    values: dict[str, Any] = {
        "task": f"{CASE}-{n}",
        "case_id": CASE,
        "at": noon(closed or opened),
        "position": n,
        "kind": kind.value,
        "subject": f"task {n}",
        "party": Party.MANAGER.value,
        "assignee": "P-MANAGR",
        "people": ["P-MANAGR"],
        "opened_at": noon(opened),
        "due_at": noon(opened + timedelta(days=7)),
        "allowed_seconds": 7 * 86_400.0,
        "state": TaskState.ANSWERED.value if closed else TaskState.OPEN.value,
        "closed_at": noon(closed) if closed else None,
        "answered_by": "P-MANAGR" if closed else None,
        "facts": {},
        "answer": None,
    }
    return TaskRecord(**(values | more))


def decision(n: int, what: str, decided: str, on: date, by: str = "P-MANAGR") -> DecisionRecord:
    """A decision on record."""
    return DecisionRecord(
        case_id=CASE,
        n=n,
        at=noon(on),
        what=what,
        decided=decided,
        by_person=by,
        policy="returnship-16-weeks@1",
        reason="She has shown it.",
        evidence={},
        previous_seal="",
        seal="",
    )


def in_the_middle() -> Material:
    """Week nine: a leave lies behind, one mentor has left, two reviews are in, and the last day has moved."""
    today = date(2027, 3, 19)
    leave = Leave(first=date(2027, 2, 8), back_on=date(2027, 2, 22))
    made = placement(
        today, leaves=[leave], tasks=[task(9, TaskKind.GOALS_AGREEMENT, STARTS, STARTS + timedelta(days=8))]
    )
    reviews = made.view["plan"]["reviews"]
    sessions = [
        {
            **session,
            "state": "held"
            if datetime.fromisoformat(session["starts"]) < made.now and session["n"] != 3
            else "not_held"
            if session["n"] == 3
            else "planned",
        }
        for session in made.view["plan"]["sessions"]
    ]
    made.view.update(  # type: ignore[attr-defined]  # a dict of ours
        week=9,
        reviews=[{"n": 1, "title": reviews[0]["title"], "scores": {}, "combined": "3.80", "below_threshold": False}],
        tasks=[
            {
                "kind": "manager_review",
                "ref": reviews[0]["title"],
                "state": "answered",
                "closed_at": (datetime.fromisoformat(reviews[0]["opens_at"]) + timedelta(days=4)).isoformat(),
            }
        ],
        sessions=sessions,
        mentorships=[
            {"n": 1, "mentor": "P-SECOND", "state": "refused", "since": noon(date(2026, 11, 30)).isoformat()},
            {
                "n": 2,
                "mentor": "P-4CY9GS",
                "state": "ended",
                "since": noon(date(2026, 12, 3)).isoformat(),
                "until": noon(date(2027, 2, 3)).isoformat(),
            },
            {"n": 3, "mentor": "P-MNTR02", "state": "held", "since": noon(date(2027, 2, 5)).isoformat()},
        ],
    )
    return made


def employed() -> Material:
    """Half a year after the last day: converted, employed, followed up."""
    today = date(2027, 10, 25)
    stages = {
        "intake": date(2026, 11, 26),
        "matching": date(2026, 11, 27),
        "preboarding": date(2026, 12, 4),
        "placement": STARTS,
        "decision": date(2027, 3, 29),
        "offer": date(2027, 4, 9),
        "closing": date(2027, 4, 14),
        "follow_up": date(2027, 4, 26),
    }
    made = placement(
        today,
        stages=stages,
        tasks=[
            task(9, TaskKind.GOALS_AGREEMENT, STARTS, STARTS + timedelta(days=8)),
            task(40, TaskKind.OFFER, date(2027, 4, 9), date(2027, 4, 14)),
        ],
        decisions=[
            decision(1, "proposal", "convert", date(2027, 3, 31)),
            decision(2, "approval", "agreed", date(2027, 4, 2), "P-SECOND"),
            decision(3, "approval", "agreed", date(2027, 4, 6), "P-SECOND"),
            decision(4, "confirmation", "agreed", date(2027, 4, 8), "P-HRHRHR"),
        ],
        view={"employed_from": "2027-04-26", "week": None},
    )
    made.view["follow_ups"] = [  # type: ignore[index]
        {"days": each["days"], "at": each["at"], "still_here": True}
        for each in made.view["plan"]["follow_ups"]
        if datetime.fromisoformat(each["at"]) < made.now
    ]
    made.view["reviews"] = [  # type: ignore[index]
        {"n": each["n"], "title": each["title"], "scores": {}, "combined": score, "below_threshold": False}
        for each, score in zip(made.view["plan"]["reviews"], ("3.40", "3.85", "4.20"), strict=False)
    ]
    made.view["sessions"] = [{**each, "state": "held"} for each in made.view["plan"]["sessions"]]  # type: ignore[index]
    made.view["mentorships"] = [  # type: ignore[index]
        {
            "n": 1,
            "mentor": "P-MNTR02",
            "state": "ended",
            "since": noon(date(2026, 12, 3)).isoformat(),
            "until": noon(date(2027, 4, 23)).isoformat(),
        }
    ]
    return made
