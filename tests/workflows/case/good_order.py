"""How cases are to be left when all has ended: whatever came in whatever order."""

from __future__ import annotations

from collections.abc import Sequence

from domain.core.naming import workflow_id
from domain.core.tasks import REFUSED
from tests.workflows.case.driver import Driver
from tests.workflows.case.executions import Execution, SentUpdate
from workflows.capacity.workflow import Capacity


def cases(driver: Driver) -> list[Execution]:
    """All cases there are."""
    return [one for one in driver.executions.values() if one.run.kind is not Capacity]


def capacities(driver: Driver) -> list[Execution]:
    """All capacities there are."""
    return [one for one in driver.executions.values() if one.run.kind is Capacity]


def all_is_well(driver: Driver, asked: Sequence[SentUpdate]) -> None:
    """All cases have come to a good end, and whoever has asked something has an answer. Raises ``AssertionError``."""
    for sent in asked:
        assert sent.done, f"{sent.name} has never been answered"
        if sent.failure is not None and "has ended" not in sent.failure.message:
            assert sent.failure.application_failure_info.type.startswith(REFUSED), f"{sent.name}: {sent.failure}"
    for one in cases(driver):
        if one.status == "terminated":  # by force: it could leave nothing in order
            continue
        assert one.status == "completed", f"{one.id} is {one.status}: {one.failure}"
        assert driver.query(one.id)["stage"] == "ended"
        assert not driver.query(one.id, "open_tasks"), f"open at the end of {one.id}"
    if all(one.status == "completed" for one in cases(driver)):
        _nothing_is_kept(driver)


def _nothing_is_kept(driver: Driver) -> None:
    """But for the place of whoever is employed, and money that is spent."""
    employed = {one.id for one in cases(driver) if driver.query(one.id).get("outcome") == "converted"}
    for one in capacities(driver):
        view = driver.query(one.id)
        assert not view["offers"] + view["waiting"], f"{one.id} at the end: {view}"
        if one.id.startswith("capacity-headcount"):
            held = {workflow_id(claim["holder"].partition("/")[0]) for claim in view["holders"]}
            assert held == employed, f"{one.id} is held by {held}, and employed are {employed}"
        elif not one.id.startswith("capacity-budget"):
            assert not view["holders"], f"{one.id} at the end: {view}"
