"""What goes at once also to whoever has chosen one mail a day."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest

from domain.core.daily_mail import goes_at_once
from domain.core.letters import LetterFacts, RiskCleared
from domain.core.policy_rules import MailRules, Urgent
from domain.core.questions import TaskKind
from domain.core.task_letters import (
    AboutTask,
    TaskClosed,
    TaskEscalated,
    TaskLetter,
    TaskOpened,
    TaskOverdue,
    TaskReminder,
)

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
RULES = MailRules()


def about(kind: TaskKind = TaskKind.GOALS, days: float = 5) -> AboutTask:
    due_at = NOW + timedelta(days=days)
    return AboutTask(task="R-1-1", subject="goals", kind=kind, due_at=due_at, facts={}, may_answer=True)


@pytest.mark.parametrize(
    ("letter", "expected"),
    [
        (TaskOpened(about=about()), False),
        (TaskOpened(about=about(days=2)), True),
        (TaskOpened(about=about(days=2.01)), False),
        (TaskOpened(about=about(TaskKind.OFFER)), True),
        (TaskOpened(about=about(TaskKind.SEAT_OFFER)), True),
        (TaskReminder(about=about()), True),
        (TaskOverdue(about=about(days=0)), True),
        (TaskEscalated(about=about(days=0), assignee="P-ANN"), True),
        (TaskClosed(about=about(days=1), why="it is over"), False),
        (RiskCleared(), False),
    ],
)
def test_what_presses_does_not_wait(letter: LetterFacts, expected: bool) -> None:
    assert goes_at_once(letter, RULES, NOW) is expected


@pytest.mark.parametrize(
    ("kind", "letter"),
    [
        ("offers", TaskOpened(about=about(TaskKind.SEAT_OFFER))),
        ("reminders", TaskReminder(about=about())),
        ("escalations", TaskOverdue(about=about())),
    ],
)
def test_the_policy_says_what_presses(kind: Urgent, letter: TaskLetter) -> None:
    without = MailRules(at_once=[other for other in get_args(Urgent) if other != kind], at_once_due_days=0)
    assert not goes_at_once(letter, without, NOW)
    assert goes_at_once(letter, MailRules(at_once=[kind], at_once_due_days=0), NOW)


def test_an_offer_of_employment_waits_by_no_policy() -> None:
    nothing = MailRules(at_once=[], at_once_due_days=0)
    assert goes_at_once(TaskOpened(about=about(TaskKind.OFFER)), nothing, NOW)
