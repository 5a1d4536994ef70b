"""How cases are to be left when all has ended: whatever came in whatever order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.core.delivery import Delivery
from domain.core.journal import Row
from domain.core.naming import workflow_id
from domain.core.post import Letter
from domain.core.tasks import REFUSED, TaskState
from tests.workflows.case.driver import Driver
from tests.workflows.case.executions import Execution, SentUpdate
from workflows.capacity.workflow import Capacity

CHANGED_THEIR_MIND = ["converted", "withdrawn"]
"""The one outcome that another may follow: who has accepted an offer can withdraw until the first day of employment."""


def cases(driver: Driver) -> list[Execution]:
    """All cases there are."""
    return [execution for execution in driver.executions.values() if execution.run.kind is not Capacity]


def capacities(driver: Driver) -> list[Execution]:
    """All capacities there are."""
    return [execution for execution in driver.executions.values() if execution.run.kind is Capacity]


def all_is_well(driver: Driver, asked: Sequence[SentUpdate]) -> None:
    """All cases have come to a good end, and whoever has asked something has an answer. Raises ``AssertionError``."""
    for sent in asked:
        assert sent.done, f"{sent.name} has never been answered"
        if sent.failure is not None and "has ended" not in sent.failure.message:
            assert sent.failure.application_failure_info.type.startswith(REFUSED), f"{sent.name}: {sent.failure}"
    for case in cases(driver):
        if case.status == "terminated":  # by force: it could leave nothing in order
            continue
        assert case.status == "completed", f"{case.id} is {case.status}: {case.failure}"
        assert driver.query(case.id)["stage"] == "ended"
        assert not driver.query(case.id, "open_tasks"), f"open at the end of {case.id}"
        _one_answer_counts(driver.query(case.id)["tasks"])
        outcomes = [said["decided"] for said in driver.query(case.id)["decisions"] if said["what"] == "outcome"]
        assert len(outcomes) <= 1 or outcomes == CHANGED_THEIR_MIND, f"{case.id} has come out as {outcomes}"
    if all(case.status == "completed" for case in cases(driver)):
        _nothing_is_kept(driver)


def _one_answer_counts(tasks: Sequence[dict[str, Any]]) -> None:
    """Of what was asked once more exactly one answer counts, and all before it say which took their place."""
    by_id = {task["id"]: task for task in tasks}
    for task in tasks:
        assert (task["state"] == TaskState.REPLACED) is (task["replaced_by"] is not None), task
        assert not [said for said in task["said_not_theirs"] if not said["settled"]], f"not settled: {task}"
        if task["replaced_by"] is not None:
            later = by_id[task["replaced_by"]]
            assert later["reopens"] == task["id"]
            assert later["state"] in (TaskState.ANSWERED, TaskState.REPLACED)
        if task["reopens"] is not None:
            first = by_id[task["reopens"]]
            counts = [other for other in tasks if other["reopens"] == first["id"] and other["answer"] is not None]
            assert len(counts) == (first["state"] == TaskState.REPLACED), f"answers to {first['id']}: {counts}"


def nothing_is_lost_or_said_twice(driver: Driver, delivered: Sequence[Delivery]) -> None:
    """Rows follow each other without a gap; what is handed in once more is the same. Raises ``AssertionError``.

    But for capacities, of whose rows only the newest of each holder matters.
    """
    of_cases = {driver.query(case.id)["case"] for case in cases(driver)}
    rows: dict[tuple[str, int], Row] = {}
    letters: dict[tuple[str, str], Letter] = {}
    for delivery in (delivery for delivery in delivered if delivery.case in of_cases):
        for n, row in enumerate(delivery.rows, delivery.first_row):
            assert rows.setdefault((delivery.case, n), row) == row, f"{delivery.case} has another row {n}: {row}"
        for letter in delivery.letters:
            assert letters.setdefault((delivery.case, letter.key), letter) == letter, f"{delivery.case}: {letter}"
    for case in {case for case, _ in rows}:
        numbers = sorted(n for of, n in rows if of == case)
        assert numbers == list(range(1, len(numbers) + 1)), f"rows of {case} are missing: there are {numbers}"


def _nothing_is_kept(driver: Driver) -> None:
    """But for the place of whoever is employed, and money that is spent."""
    employed = {case.id for case in cases(driver) if driver.query(case.id).get("outcome") == "converted"}
    for capacity in capacities(driver):
        view = driver.query(capacity.id)
        assert not view["offers"] + view["waiting"], f"{capacity.id} at the end: {view}"
        if capacity.id.startswith("capacity-headcount"):
            held = {workflow_id(claim["holder"].partition("/")[0]) for claim in view["holders"]}
            assert held == employed, f"{capacity.id} is held by {held}, and employed are {employed}"
        elif not capacity.id.startswith("capacity-budget"):
            assert not view["holders"], f"{capacity.id} at the end: {view}"
