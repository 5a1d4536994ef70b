"""Rows of a case, for tests."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from domain.core.case_rows import CaseRow, CohortRow, StageRow, TaskRow
from domain.core.decisions import AttemptRow, DecisionRow
from domain.core.model import Money, Party
from domain.core.placement_rows import LeaveRow, MentorshipRow, MissedSessionRow, PayRow
from domain.core.questions import TaskKind
from domain.core.tasks import TaskState

BEGIN = datetime(2026, 3, 2, 9, 30, 15, 123456, tzinfo=UTC)


def at(minutes: int) -> datetime:
    """An instant so many minutes into the case."""
    return BEGIN + timedelta(minutes=minutes)


def case_row(minutes: int = 0, **changes: Any) -> CaseRow:
    values: dict[str, Any] = {
        "at": at(minutes),
        "programme": "returnship",
        "person": "P-RETURN",
        "role": "DATA1",
        "cohort": "spring",
        "policy": "returnship-16-weeks@1",
        "stage": "intake",
        "stage_since": at(0),
        "week": None,
        "starts_on": date(2026, 4, 1),
        "ends_on": None,
        "mentor": None,
        "paused": False,
        "at_risk": [],
        "outcome": None,
    }
    return CaseRow(**(values | changes))


def cohort_row(cohort: str, **changes: Any) -> CohortRow:
    """A cohort for whose returners mentors are looked for."""
    values: dict[str, Any] = {
        "at": at(0),
        "title": "Spring 2027",
        "policy": "returnship-16-weeks@1",
        "led_by": "P-HR1",
        "stage": "matching",
        "starts_on": date(2027, 3, 1),
        "ends_on": None,
        "participants": 20,
        "matched": 15,
        "ended": 0,
        "paused": False,
        "at_risk": ["5 returners have no mentor"],
    }
    return CohortRow(cohort=cohort, **(values | changes))


def placement_row(now: datetime, person: str, **changes: Any) -> CaseRow:
    """A placement in its fourth week, in no cohort."""
    placed: dict[str, Any] = {"stage": "placement", "stage_since": now, "week": 4, "cohort": None, "starts_on": None}
    return case_row(at=now, person=person, **(placed | changes))


def task_row(case: str, n: int = 1, minutes: int = 0, **changes: Any) -> TaskRow:
    values: dict[str, Any] = {
        "task": f"{case}-{n}",
        "at": at(minutes),
        "kind": TaskKind.GOALS,
        "subject": "goals",
        "party": Party.MANAGER,
        "assignee": "P-MANAGER",
        "people": ["P-MANAGER"],
        "opened_at": at(0),
        "due_at": at(600),
        "allowed": timedelta(minutes=600),
        "state": TaskState.OPEN,
        "closed_at": None,
        "answered_by": None,
        "facts": {"goals": ["learn", "mêlée"]},
        "answer": None,
    }
    return TaskRow(**(values | changes))


def decision_row(n: int = 1, minutes: int = 0, **changes: Any) -> DecisionRow:
    values: dict[str, Any] = {
        "n": n,
        "at": at(minutes),
        "what": "approval",
        "decided": "yes",
        "by": "P-SECOND",
        "policy": "returnship-16-weeks@1",
        "reason": "she has shown it",
        "evidence": {"reviews": [4.25, None], "sessions_held": 10},
    }
    return DecisionRow(**(values | changes))


def pay_row(n: int = 1, minutes: int = 0, amount: str = "1234.56") -> PayRow:
    return PayRow(
        n=n,
        at=at(minutes),
        returner="P-RETURN",
        due_on=date(2026, 4, 30),
        first=date(2026, 4, 1),
        last=date(2026, 4, 30),
        days=30,
        amount=Money(amount=Decimal(amount), currency="EUR"),
    )


def attempt_row(n: int = 1, minutes: int = 0) -> AttemptRow:
    return AttemptRow(n=n, at=at(minutes), by="P-MANAGER", task="R-1-4", sentence="nobody approves their own proposal")


def stage_row(n: int = 1, minutes: int = 0, stage: str = "intake") -> StageRow:
    return StageRow(n=n, at=at(minutes), stage=stage)


def leave_row(n: int = 1, minutes: int = 0, last: date | None = None) -> LeaveRow:
    reason, ended_because = (None, "back again") if last else ("a parent is ill", None)
    first = date(2026, 5, 4)
    return LeaveRow(
        n=n, at=at(minutes), leave_type="carer", first=first, last=last, reason=reason, ended_because=ended_because
    )


def mentorship_row(n: int = 1, minutes: int = 0, **changes: Any) -> MentorshipRow:
    values: dict[str, Any] = {"n": n, "at": at(minutes), "mentor": "P-MENTOR", "state": "held", "reason": None}
    return MentorshipRow(**(values | changes))


def missed_session_row(n: int = 1, minutes: int = 0, hours: int = 0) -> MissedSessionRow:
    return MissedSessionRow(n=n, at=at(minutes), starts=at(60 * hours))
