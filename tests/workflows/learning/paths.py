"""Upskilling paths on the real server: what their tests set up and look at."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import Any

from domain.capacity.reserving import CapacityStart
from domain.core.naming import capacity_workflow_id
from domain.core.questions import TaskKind
from domain.learning.catalogue import Training
from records.tables.capacity import CapacityRecord, ReservationRecord
from tests.domain.factories import shipped_learning_policy
from tests.office import (
    BUDGET_OWNER,
    HR_LEAD,
    PATIENCE_SECONDS,
    Office,
    eventually,
)
from tests.school import (
    PathCase,
    open_school,
    start_path,
    workshop,
)


def states(view: dict[str, Any]) -> dict[str, str]:
    """How it stands with each training of the plan, by its id."""
    return {enrolment["training"]["id"]: enrolment["state"] for enrolment in view["enrolments"]}


def held(office: Office, capacity: str) -> dict[str, Decimal]:
    """Which case holds how much, by the records."""
    with office.database.reading() as session:
        found = session.query(ReservationRecord).filter_by(capacity=capacity, status="held").all()
        return {reservation.holder.partition("/")[0]: reservation.amount for reservation in found}


def with_budget(capacity: str) -> Any:
    """The shipped policy, whose plans are paid from this budget."""
    policy = shipped_learning_policy()
    return policy.model_copy(update={"plan": policy.plan.model_copy(update={"budget_from": capacity})})


async def open_budget(office: Office, capacity: str, size: int, unit: str = "GBP") -> None:
    """Start a budget with so much in it."""
    start = CapacityStart(
        id=capacity, title="Training budget", unit=unit, size=Decimal(size), owners=[BUDGET_OWNER, HR_LEAD]
    )
    await office.client.start_workflow(
        "Capacity", start, id=capacity_workflow_id(capacity), task_queue=office.queue, result_type=type(None)
    )
    await eventually(lambda: _known(office, capacity))


def _known(office: Office, capacity: str) -> bool:
    with office.database.reading() as session:
        return session.get(CapacityRecord, capacity) is not None


async def two_for_one_seat(
    office: Office, alternative: Training, *, budget: str | None = None
) -> tuple[PathCase, PathCase]:
    """Two paths: the first has the only seat of the workshop that suits best; another could take its place.

    A ``budget`` is for two workshops at 600.
    """
    open_school(office, [workshop(20, seats=1, sessions=1), alternative])
    if budget is not None:
        await open_budget(office, budget, 1200)
    policy = shipped_learning_policy() if budget is None else with_budget(budget)
    first = await start_path(office, policy=policy)
    await first.learn(until=lambda view: states(view).get("PY-W") == "under_way")
    return first, await start_path(office, policy=policy)


async def is_offered_a_seat(path: PathCase) -> None:
    """Wait for the offer, on the real clock of the capacity."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await path.open_tasks(TaskKind.SEAT_OFFER):
            await asyncio.sleep(0.05)
