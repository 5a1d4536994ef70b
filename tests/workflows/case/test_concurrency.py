"""Several things at once in one case: waited for together, run beside a block, broken off, and never failing unseen."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from temporalio import workflow
from temporalio.exceptions import ApplicationError

from tests.workflows.case.driver import Driver
from tests.workflows.case.executions import Execution
from workflows.case.concurrency import Background, break_off, has_failed

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@workflow.defn
class Errands:
    """Does several errands in one of the ways there are, and says what was done, in order, and what came of it."""

    @workflow.init
    def __init__(self, way: str) -> None:
        self.background = Background()
        self.done: list[str] = []
        self.enough = False

    @workflow.run
    async def run(self, way: str) -> list[str]:
        came = await getattr(self, way)()
        return [*self.done, str(came)]

    @workflow.signal
    def stop(self) -> None:
        self.enough = True

    async def errand(self, name: str, hours: float) -> str:
        await workflow.sleep(HOUR * hours)
        if name == "bad":
            raise ApplicationError("it went wrong", non_retryable=True)
        self.done.append(name)
        return name.upper()

    async def silent(self, name: str, hours: float) -> None:
        await self.errand(name, hours)

    async def gathered(self) -> list[str]:
        return await self.background.gather(self.errand("slow", 2), self.errand("quick", 1))

    async def gathered_with_a_bad_one(self) -> str:
        try:
            await self.background.gather(self.errand("bad", 1), self.errand("slow", 2))
        except ApplicationError as error:
            return error.message
        return "no error"

    async def around_a_block(self) -> bool:
        async with self.background.running_in_background(
            lambda: self.silent("background", 2), lambda: self.silent("too", 3)
        ):
            await self.errand("block", 1)
        return all(task.done() for task in self.background.tasks)

    async def around_a_block_that_fails(self) -> str:
        try:
            async with self.background.running_in_background(lambda: self.silent("background", 2)):
                await self.errand("bad", 1)
        except ApplicationError:
            return f"left at once, {sum(not task.done() for task in self.background.tasks)} goes on"
        return "no error"

    async def unless_stopped(self) -> bool:
        self.background.spawn(self.errand("background", 2))
        return await self.background.run_unless(self.silent("part", 3), lambda: self.enough)

    async def dropped(self) -> int:
        errand = self.background.spawn(self.errand("dropped", 1))
        await workflow.sleep(HOUR / 2)
        self.background.drop()
        await workflow.wait_condition(errand.done)
        await workflow.sleep(HOUR)
        return len(self.background.tasks)

    async def failed_and_spawned_again(self) -> list[bool]:
        self.background.spawn(self.errand("bad", 1))
        self.background.spawn(self.errand("good", 1))
        await workflow.sleep(HOUR * 2)
        self.background.spawn(self.errand("next", 1))
        return [has_failed(task) for task in self.background.tasks]

    async def broken_off(self) -> list[bool]:
        tasks = [asyncio.create_task(self.errand(name, 1)) for name in ("bad", "good")]
        await workflow.sleep(HOUR / 2)
        break_off(tasks[1])
        await workflow.wait_condition(lambda: all(task.done() for task in tasks))
        return [has_failed(task) for task in tasks]


def errands(driver: Driver, way: str) -> Execution:
    """Start a workflow that does them this way."""
    started = driver.start(Errands, "errands", way)
    driver.settle()
    return started


@pytest.mark.parametrize(
    ("way", "done"),
    [
        ("gathered", ["quick", "slow", "['SLOW', 'QUICK']"]),
        ("gathered_with_a_bad_one", ["slow", "it went wrong"]),
        ("around_a_block", ["block", "background", "too", "True"]),
        ("around_a_block_that_fails", ["left at once, 1 goes on"]),
        ("dropped", ["0"]),
        ("failed_and_spawned_again", ["good", "[True, False]"]),
        ("broken_off", ["[True, False]"]),
    ],
)
def test_what_goes_on_at_once_is_waited_for_or_broken_off_and_errors_are_seen(way: str, done: list[str]) -> None:
    with Driver([Errands], {}) as driver:
        started = errands(driver, way)

        driver.wait(DAY)

        assert started.ended_with(list[str]) == done


@pytest.mark.parametrize(
    ("stopped_after", "done"),
    [
        (None, ["background", "part", "True"]),
        (2.5, ["background", "False"]),
        (1, ["False"]),
    ],
)
def test_a_part_is_run_to_its_end_or_broken_off_with_all_that_goes_on_beside_it(
    stopped_after: float | None, done: list[str]
) -> None:
    with Driver([Errands], {}) as driver:
        started = errands(driver, "unless_stopped")

        if stopped_after is not None:
            driver.wait(HOUR * stopped_after)
            driver.signal("errands", "stop")
        driver.wait(DAY)

        assert started.ended_with(list[str]) == done
