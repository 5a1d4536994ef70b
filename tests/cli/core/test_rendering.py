"""A placement's view as people read it."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from rich.console import Console

from cli.core.rendering import ids_in, rendered
from domain.core.case import EarlyEnd
from domain.core.decisions import DecisionRow
from domain.core.model import Money, Party
from domain.core.people import Application, Role
from domain.core.questions import TaskKind
from domain.core.tasks import Task
from domain.placement.checklists import ItemState
from domain.placement.decision import ReviewRound
from domain.placement.mentorship import Mentorship, MentorshipState, Session
from domain.placement.start import PlacementStart
from domain.placement.state import FollowUpResult, PlacementState
from domain.placement.stipend import PayInstruction
from tests.domain.factories import shipped_policy

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
POUNDS = Money(amount=Decimal("2900"), currency="GBP")


def state() -> PlacementState:
    """A placement to which a little of everything has happened."""
    role = Role(
        id="DATA1",
        title="Data [b]analyst[/b]",
        country="GB-ENG",
        time_zone="Europe/London",
        stipend=POUNDS,
        salary=Money(amount=Decimal("46000"), currency="GBP"),
        manager="P-MANAGER",
        second_manager="P-SECOND",
        budget_owner="P-BUDGET",
        hr="P-HR1",
        hr_lead="P-HRLEAD",
        it="P-IT1",
        facilities="P-FACIL",
    )
    start = PlacementStart(
        case="R-7F3K2M-DATA1",
        returner="P-7F3K2M",
        application=Application(break_months=38, experience_years=9),
        role=role,
        starts_on=date(2026, 10, 5),
        weeks=16,
        policy=shipped_policy(),
        cohort="spring",
        started_by="P-HR1",
    )
    made = PlacementState.begin(start, NOW)
    made.parties[Party.MENTOR] = "P-MENTOR1"
    made.mentorships = [
        Mentorship(n=1, mentor="P-MENTOR2", score=0.9, reasons=["skills"], state=MentorshipState.REFUSED, since=NOW),
        Mentorship(n=2, mentor="P-MENTOR1", score=0.8, reasons=["skills"], state=MentorshipState.HELD, since=NOW),
    ]
    made.at_risk = {"improvement": "week 4 review: 2.40, below the threshold"}
    made.goals, made.goals_agreed = ["own a report"], True
    made.sessions = [Session(n=1, starts=NOW, ends=NOW + timedelta(hours=1), mentor="P-MENTOR1", note="a good start")]
    made.reviews = [
        ReviewRound(
            n=1,
            title="week 4",
            scores={Party.MANAGER: 2, Party.MENTOR: None},
            combined=Decimal("2.40"),
            below_threshold=True,
        )
    ]
    made.tasks = [
        Task(
            id="R-7F3K2M-DATA1-7",
            kind=TaskKind.IMPROVEMENT_PLAN,
            subject="improvement plan",
            party=Party.MANAGER,
            assignee="P-MANAGER",
            escalation="P-SECOND",
            escalated=True,
            opened_at=NOW,
            due_at=NOW + timedelta(days=5),
            ladder=[],
            then_every=timedelta(days=7),
        )
    ]
    made.decisions = [
        DecisionRow(
            n=1, at=NOW, what="eligibility", decided="eligible", by=None, policy="p@1", reason=None, evidence={}
        )
    ]
    made.stipends = [
        PayInstruction(n=n, due_on=NOW.date(), first=NOW.date(), last=NOW.date(), days=20, amount=POUNDS)
        for n in (1, 2)
    ]
    made.follow_ups = [FollowUpResult(days=30, at=NOW, still_here=True)]
    made.offboarding = [
        ItemState(key="access", title="Accounts closed", required=True),
        ItemState(
            key="equipment",
            title="Laptop returned",
            required=True,
            done_by="P-HR1",
            done_at=NOW,
            waived_because="worked on their own",
        ),
    ]
    made.early_end = EarlyEnd(by="P-HR1", at=NOW, reason="moved away")
    return made


def view(made: PlacementState) -> dict[str, Any]:
    return {**made.view(NOW), "week": 9}


def printed(made: PlacementState, width: int = 110) -> str:
    output = io.StringIO()
    names = {"P-7F3K2M": "Priya Venkataraman", "P-MANAGER": "Oluwaseun Adébáyò"}
    console = Console(file=output, width=width, markup=False)
    for part in rendered(view(made), names):
        console.print(part)
    return output.getvalue()


def test_everything_there_is_to_know_can_be_read() -> None:
    text = printed(state(), width=200)
    for words in (
        "Priya Venkataraman (P-7F3K2M)",
        "Data [b]analyst[/b]",
        "P-MENTOR2",
        "refused",
        "below the threshold",
        "own a report",
        "a good start",
        "manager 2, mentor waived",
        "2.40",
        "R-7F3K2M-DATA1-7",
        "2026-12-06 escalated",
        "or P-SECOND",
        "5,800.00 GBP",
        "moved away",
        "returnship-16-weeks@1",
        "spring",
        "Laptop",
        "Off-boarding",
        "Accounts closed",
        "not needed: worked on their own; P-HR1, 2026-12-01",
    ):
        assert words in text, words


def test_nothing_is_wider_than_110_columns() -> None:
    made = state()
    made.goals = ["a very long goal " * 20]
    assert max(map(len, printed(made).splitlines())) <= 110


def test_a_case_that_has_just_begun_can_be_read() -> None:
    made = state()
    for name in (
        "mentorships",
        "goals",
        "sessions",
        "reviews",
        "tasks",
        "decisions",
        "stipends",
        "follow_ups",
        "offboarding",
    ):
        setattr(made, name, [])
    made.early_end, made.at_risk, made.goals_agreed = None, {}, False
    text = printed(made)
    assert "wanted from 2026-10-05, 16 weeks" in text
    assert "Stipends" not in text


def test_the_ids_of_all_people_are_found() -> None:
    assert {"P-7F3K2M", "P-MENTOR2", "P-FACIL", "P-HR1"} <= ids_in(view(state()))
