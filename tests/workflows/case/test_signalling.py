"""Signalling other workflows: in order, each thing once, and one that is gone is no error."""

from __future__ import annotations

import asyncio

from temporalio import workflow

from domain.core.signals import Signal
from tests.workflows.case.driver import Driver
from workflows.case.signalling import SignalQueue, signalled


@workflow.defn
class Hearer:
    """Hears until it is told to stop, and says what it has heard."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    @workflow.run
    async def run(self) -> list[str]:
        await workflow.wait_condition(lambda: "stop" in self.heard)
        return self.heard

    @workflow.signal(name=Signal.PLACE_OFFERED.value)
    def hear(self, word: str) -> None:
        self.heard.append(word)


@workflow.defn
class Teller:
    """Signals these words, each written as ``workflow:word``, and says which were lost, once nothing is left."""

    @workflow.init
    def __init__(self, words: list[str]) -> None:
        self.queue = list(words)
        self.lost: list[str] = []
        self.under_way = False
        self.signals = SignalQueue(self.queue, self._send, self.lost.append)

    async def _send(self, entry: str) -> bool:
        to, word = entry.split(":")
        self.under_way = True
        return await signalled(to, Signal.PLACE_OFFERED, word)

    @workflow.run
    async def run(self, words: list[str]) -> list[str]:
        delivering = asyncio.create_task(self.signals.deliver_forever())
        if "forget" in words[-1]:
            await workflow.wait_condition(lambda: self.under_way)
            self.queue.clear()
            self.queue.append("ann:stop")
        await workflow.wait_condition(lambda: self.signals.empty)
        delivering.cancel()
        return self.lost


def test_what_is_queued_is_signalled_in_order_and_what_nobody_gets_is_lost() -> None:
    with Driver([Teller, Hearer], {}) as driver:
        ann = driver.start(Hearer, "ann")
        teller = driver.start(Teller, "teller", ["ann:one", "nobody:two", "ann:three", "nobody:four", "ann:stop"])

        driver.settle()

        assert ann.ended_with(list[str]) == ["one", "three", "stop"]
        assert teller.ended_with(list[str]) == ["nobody:two", "nobody:four"]


def test_what_comes_into_an_emptied_queue_while_a_word_is_under_way_is_signalled_too() -> None:
    with Driver([Teller, Hearer], {}) as driver:
        ann = driver.start(Hearer, "ann")
        teller = driver.start(Teller, "teller", ["ann:one", "ann:two", "ann:forget"])

        driver.settle()

        assert ann.ended_with(list[str]) == ["one", "stop"]
        assert teller.ended_with(list[str]) == []
