"""The state of a path: which offer of a seat belongs to which question."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from domain.core.holdings import PlaceOffered
from domain.core.model import Party
from domain.core.questions import TaskKind
from domain.core.tasks import Task
from domain.learning.enrolment import seats_in
from domain.learning.state import PathState
from tests.office import HR
from tests.school import LEARNER, path_start

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


def asked(n: int, training: str, session: str) -> Task:
    return Task(
        id=f"U-1-{n}",
        kind=TaskKind.SEAT_OFFER,
        subject=f"a seat in {training}",
        party=Party.LEARNER,
        assignee=LEARNER,
        escalation=HR,
        opened_at=NOW,
        due_at=NOW + timedelta(days=n),
        ladder=[],
        then_every=timedelta(days=1),
        facts={"training": training, "session": session},
    )


def offered(training: str, session: str, days: int) -> PlaceOffered:
    return PlaceOffered(
        capacity=seats_in(training, session), holder=f"U-1/seat-1-{session.lower()}", until=NOW + timedelta(days=days)
    )


def test_the_offers_of_two_seats_in_whatever_order_belong_each_to_its_own_question() -> None:
    state = PathState.begin(path_start(), NOW)
    state.tasks = [asked(1, "SQL-W", "S1"), asked(2, "PY-W", "S1"), asked(3, "PY-W", "S2")]
    money = PlaceOffered(capacity="budget-L", holder="U-1/plan-1", until=NOW)
    state.offers = [offered("PY-W", "S1", 5), money, offered("SQL-W", "S1", 4)]

    found = {task.subject: until for task, until in state.seats_offered()}

    assert found == {"a seat in SQL-W": NOW + timedelta(days=4), "a seat in PY-W": NOW + timedelta(days=5)}
