"""A path whose hours come from three sources, on the real server: each counts once, in all that is made of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from temporalio.client import WorkflowUpdateFailedError

from domain.core.questions import TaskKind
from domain.learning.catalogue import MoveOn
from domain.learning.requests import StateHours
from records.reporting import report
from records.tables.learning import LearningHoursRecord
from tests.office import HR, ROLE, Office, has_ended, open_of, refusal
from tests.school import (
    COURSE,
    LEARNER,
    PathCase,
    assignment,
    e_learning,
    open_school,
    start_path,
    workshop,
)


async def test_hours_of_three_sources_count_once_each(office: Office) -> None:
    # Given a path with an e-learning, a workshop and an assignment under way
    course = e_learning(move_on=MoveOn.COMPLETED_AND_PASSED)
    open_school(office, [course, workshop(20, sessions=1), assignment()])
    path = await start_path(office)
    working = [TaskKind.E_LEARNING, TaskKind.ASSIGNMENT_REPORT]
    view = await path.learn(
        until=lambda view: (
            len(open_of(view, TaskKind.ASSIGNMENT_REPORT)) == len(open_of(view, TaskKind.E_LEARNING)) == 1
        ),
        unanswered=working,
    )
    today = datetime.fromisoformat(view["now"]).astimezone(ZoneInfo(ROLE.time_zone)).date()

    # When the learner says how long they learned: on the job, and at the course, which nobody else has seen yet
    said = await _state(path, "TELL-J", "6.5", today)
    assert said == f"6.5 hours on {today} for Present a report to another team; spent in all: {_of('6.5')}"
    assert (await _state(path, "TELL-J", "5", today)).endswith(_of("5"))  # said again, it is corrected
    await _state(path, "SQL-E", "7", today)
    await _refused(path, today)

    # Then the learning system says it of the course, twice of the same two hours, and of the night it was left open
    now = await path.now()
    night = await path.hand_in(path.academy.completed(LEARNER, COURSE, now, took="P3D"))
    assert "more than 3 times the 20 planned" in night.sentence
    passed = path.academy.passed(LEARNER, COURSE, now, took="PT2H30M")
    assert "counts as hours spent" in (await path.hand_in(passed)).sentence
    assert "handed in before" in (await path.hand_in(passed)).sentence
    late = await path.hand_in(path.academy.completed(LEARNER, COURSE, now, took="PT2H30M"))
    assert "done already" in late.sentence
    assert "counts instead" in await _state(path, "SQL-E", "7", today)

    # And the trainer, who has seen half of the workshop
    half: dict[TaskKind, Any] = {TaskKind.ATTENDANCE: {"attended": "partial", "hours": "3.25"}}
    view = await path.learn(until=has_ended, answers=half)
    spent = {source: Decimal(hours) for source, hours in view["hours_spent"]["spent"].items()}
    assert spent == {"attendance": Decimal("3.25"), "learning_system": Decimal("2.5"), "learner": Decimal(5)}
    assert {entry["key"] for entry in view["hours_spent"]["entries"] if not entry["counts"]} == {
        f"{_n(view, 'SQL-E')}-own-{today}"
    }

    # Then result, records and report say the same
    await path.ended()
    with office.database.reading() as session:
        counted = select(LearningHoursRecord.hours).where(
            LearningHoursRecord.case_id == path.id, LearningHoursRecord.counts
        )
        assert sum(session.scalars(counted)) == Decimal("10.75")
        hours = report(session).in_all.hours
    assert (hours.paths, hours.spent, hours.attendance, hours.learning_system, hours.learner) == (
        1, Decimal("10.75"), Decimal("3.25"), Decimal("2.50"), Decimal("5.00"),
    )  # fmt: skip
    outcome = view["decisions"][-1]
    assert outcome["evidence"]["hours"]["spent"] == view["hours_spent"]["spent"]


def _of(hours: str) -> str:
    return f"{hours} of 44 planned (own statement {hours})"


def _n(view: dict[str, Any], training: str) -> int:
    return next(int(entry["n"]) for entry in view["enrolments"] if entry["training"]["id"] == training)


async def _state(path: PathCase, training: str, hours: str, on: date, actor: str = LEARNER) -> str:
    request = StateHours(actor=actor, training=training, hours=Decimal(hours), on=on)
    return (await path.ask("state_hours", request)).sentence


async def _refused(path: PathCase, today: date) -> None:
    day = timedelta(days=1)
    for training, hours, on, actor, why in (
        ("SQL-E", "7.25", today, LEARNER, "besides the 5 of other trainings is more than the 12 hours a day"),
        ("TELL-J", "1", today + day, LEARNER, f"on: {today + day} must not be after today"),
        ("TELL-J", "1", today - 60 * day, LEARNER, "nor before"),
        ("PY-W", "1", today, LEARNER, "training: PY-W is none of this path that was begun; begun are SQL-E, TELL-J"),
        ("TELL-J", "1", today, HR, f"{HR} can't do that in {path.id}: it is for learner"),
    ):
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await _state(path, training, hours, on, actor)
        assert why in refusal(refused.value)
