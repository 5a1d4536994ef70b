"""The driver of workflows without a server: what the tests that use it rely on."""

from __future__ import annotations

import asyncio
import itertools
from datetime import datetime, timedelta

import pytest
from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, ChildWorkflowError

from tests.workflows.case.commands import Activity
from tests.workflows.case.driver import Driver
from tests.workflows.case.executions import Execution, Gone, SentUpdate
from tests.workflows.case.run_by_hand import OutOfStep, TaskFailed

DAY = timedelta(days=1)
FULL = 3
_calls = itertools.count()


@workflow.defn
class Basket:
    """Takes things until it is full, and then begins a new run; ends when it is told to."""

    @workflow.init
    def __init__(self, things: list[str]) -> None:
        self.things, self.over = list(things), False

    @workflow.run
    async def run(self, things: list[str]) -> list[str]:
        await workflow.wait_condition(lambda: self.over or len(self.things) - len(things) >= FULL)
        if not self.over:
            await workflow.wait_condition(workflow.all_handlers_finished)
            workflow.continue_as_new(self.things)
        return self.things

    @workflow.update
    async def put(self, thing: str) -> int:
        if thing == "broken":
            raise ApplicationError("it is broken", non_retryable=True)
        self.things.append(await workflow.execute_activity("wash", thing, start_to_close_timeout=DAY, result_type=str))
        return len(self.things)

    @put.validator
    def check_put(self, thing: str) -> None:
        if thing in self.things:
            raise ValueError(f"{thing} is in it")

    @workflow.signal
    def close(self) -> None:
        self.over = True

    @workflow.query
    def view(self) -> list[str]:
        return self.things


@workflow.defn
class Parent:
    """Has a child that fails, tells another workflow, waits for a day, and breaks off an activity."""

    @workflow.run
    async def run(self, other: str) -> list[str]:
        seen: list[str] = []
        child = await workflow.start_child_workflow("Child", "no", id="child")
        try:
            await child
        except ChildWorkflowError as error:
            seen.append(str(error.cause))
        for _ in range(2):
            try:
                await workflow.get_external_workflow_handle(other).signal("close")
                await workflow.sleep(DAY)
            except ApplicationError:
                seen.append("nobody there")
        slow = asyncio.create_task(workflow.execute_activity("wash", "sand", start_to_close_timeout=DAY))
        await workflow.sleep(DAY)
        slow.cancel()
        try:
            await slow
        except (ActivityError, asyncio.CancelledError):
            seen.append("broken off")
        return seen


@workflow.defn
class Child:
    """Fails."""

    @workflow.run
    async def run(self, why: str) -> None:
        raise ApplicationError(why, non_retryable=True)


@workflow.defn
class Unsteady:
    """Does something else each time."""

    @workflow.run
    async def run(self) -> None:
        await workflow.sleep(timedelta(seconds=1 + next(_calls)))


@workflow.defn
class Meddling:
    """Is changed by what it refuses, and fails a while after it is told to."""

    @workflow.init
    def __init__(self) -> None:
        self.asked = 0
        self.bad = False

    @workflow.run
    async def run(self) -> None:
        await workflow.wait_condition(lambda: self.bad)
        await workflow.sleep(DAY * (1 + self.asked))
        raise KeyError("an error of ours")

    @workflow.update
    async def ask(self) -> None:
        """Is never accepted."""

    @ask.validator
    def check_ask(self) -> None:
        self.asked += 1
        raise ValueError("no")

    @workflow.signal
    def fail(self) -> None:
        self.bad = True


def upper(thing: str) -> str:
    return thing.upper()


def basket(wash: Activity = upper) -> Driver:
    return Driver([Basket, Parent, Child, Unsteady, Meddling], {"wash": wash})


def test_updates_are_answered_refused_or_fail_and_the_workflow_goes_on_in_as_many_runs_as_it_needs() -> None:
    with basket() as driver:
        there = driver.start(Basket, "basket", [])
        assert driver.ask("basket", "put", "apple", int) == 1
        with pytest.raises(ApplicationError, match="APPLE is in it"):
            driver.ask("basket", "put", "APPLE", int)
        with pytest.raises(ApplicationError, match="it is broken"):
            driver.ask("basket", "put", "broken", int)
        assert [driver.ask("basket", "put", fruit, int) for fruit in ("pear", "plum", "fig")] == [2, 3, 4]
        assert (there.runs, driver.query("basket")) == (2, ["APPLE", "PEAR", "PLUM", "FIG"])

        driver.signal("basket", "close")
        driver.settle()
        assert there.ended_with(list[str]) == ["APPLE", "PEAR", "PLUM", "FIG"]
        with pytest.raises(Gone):
            driver.signal("basket", "close")


def test_the_same_update_once_more_is_the_first_one() -> None:
    with basket() as driver:
        driver.start(Basket, "basket", [])
        sent = [driver.update("basket", "put", "apple", update_id="once") for _ in range(2)]
        driver.settle()
        assert [update.answer(int) for update in sent] == [1, 1]
        assert driver.query("basket") == ["APPLE"]


def test_what_comes_while_the_last_step_of_a_run_is_under_way_is_taken_up_before_there_is_a_new_run() -> None:
    with basket() as driver:
        # Given a basket that is full once the pear is in it
        there = driver.start(Basket, "basket", [])
        for fruit in ("apple", "plum"):
            driver.ask("basket", "put", fruit, int)
        late: list[SentUpdate] = []

        def put_one_more(ending: Execution) -> None:
            if not late:
                late.append(driver.update("basket", "put", "fig"))
                with pytest.raises(AssertionError, match="before it is known whether its step counts"):
                    driver.query(ending.id)

        # When something else is put into it just as it begins a new run
        driver.meanwhile = put_one_more
        last = driver.update("basket", "put", "pear")
        while not late:
            driver.step()

        # Then there is no new run yet, and nobody has been answered by the run that there was not.
        assert (there.runs, last.done, late[0].done) == (1, False, False)
        driver.settle()
        assert [last.answer(int), late[0].answer(int)] == [3, 4]
        assert (there.runs, driver.query("basket")) == (2, ["APPLE", "PLUM", "PEAR", "FIG"])


def test_a_workflow_can_be_ended_by_force_while_its_last_step_is_under_way() -> None:
    with basket() as driver:
        there = driver.start(Basket, "basket", [])
        driver.meanwhile = lambda ending: driver.end_by_force(ending.id)
        driver.signal("basket", "close")
        driver.settle()
        assert (there.status, there.result) == ("terminated", None)


def test_what_cant_be_reached_is_waited_for_and_what_comes_next_can_be_chosen() -> None:
    with basket() as driver:
        driver.start(Basket, "basket", [])
        driver.unreachable.add("wash")
        sent = [driver.update("basket", "put", fruit) for fruit in ("apple", "pear")]
        driver.settle()
        assert not sent[0].done
        driver.unreachable.clear()
        assert len(driver.choices()) == 2
        driver.step(1)
        driver.settle()
        assert driver.query("basket") == ["PEAR", "APPLE"]


def test_children_signals_timers_and_what_is_broken_off() -> None:
    washed: list[str] = []

    def wash(thing: str) -> None:
        washed.append(thing)

    with basket(wash) as driver:
        there = driver.start(Parent, "parent", "basket")
        driver.start(Basket, "basket", [])
        driver.unreachable.add("wash")
        driver.wait(DAY / 2)
        assert (driver.executions["basket"].status, there.status) == ("completed", "running")
        driver.wait(DAY)
        assert there.status == "running"
        driver.wait(DAY)
        assert there.ended_with(list[str]) == ["no", "nobody there", "broken off"]
        # whoever carries it out has not heard of it in time
        driver.unreachable.clear()
        driver.settle()
        assert washed == ["sand"]


def test_a_new_worker_takes_up_where_the_one_before_has_left_off() -> None:
    with basket() as driver:
        driver.start(Basket, "basket", [])
        for fruit in ("apple", "pear"):
            driver.new_worker()
            driver.ask("basket", "put", fruit, int)
        driver.new_worker()
        assert driver.query("basket") == ["APPLE", "PEAR"]


def test_a_workflow_that_does_something_else_when_it_is_replayed_is_noticed() -> None:
    driver = basket()
    driver.start(Unsteady, "unsteady")
    driver.settle()
    with pytest.raises(OutOfStep, match="unsteady, step 1"):
        driver.close()


def test_an_error_of_ours_in_a_workflow_is_noticed() -> None:
    driver = basket()
    driver.start(Meddling, "meddling")
    driver.signal("meddling", "fail")
    driver.settle()
    with pytest.raises(TaskFailed, match="an error of ours"):
        driver.wait(DAY)
    driver.close(replay=False)


def test_a_workflow_that_is_changed_by_what_it_refuses_is_noticed() -> None:
    driver = basket()
    driver.start(Meddling, "meddling")
    driver.settle()
    assert driver.update("meddling", "ask").refusal is None
    driver.settle()
    driver.signal("meddling", "fail")
    driver.settle()
    with pytest.raises(OutOfStep, match="meddling, step 2"):
        driver.close()


def test_time_stands_still_but_for_the_steps() -> None:
    with basket() as driver:
        driver.start(Basket, "basket", [])
        began: datetime = driver.now
        driver.ask("basket", "put", "apple", int)
        assert timedelta(0) < driver.now - began < timedelta(seconds=1)
