"""A workflow that does nothing: what the same number of activities, timers and updates costs by itself.

Its timers are as long as those of real life, and skipped as those of the placement are.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta

from temporalio import activity, workflow

LONG, SHORT = timedelta(days=30), timedelta(days=1)


@dataclass(frozen=True)
class Load:
    """What the bare workflow is to do, each evenly spread over its rounds; ``answers`` is the number of rounds."""

    activities: int
    answers: int
    timers_fired: int
    timers_cancelled: int

    def share(self, of: int, n: int) -> int:
        """How many of so many fall into the ``n``-th round, from 0."""
        return of * (n + 1) // self.answers - of * n // self.answers


@activity.defn
def nothing(n: int) -> int:
    """An ordinary activity on a worker's thread."""
    return n


@workflow.defn
class Bare:
    """In each round: its share of activities and of timers that fire, then it waits for one answer.

    The round's share of timers that are cancelled starts with the round and is cancelled by the answer, as the
    timer of a reminder is. Everything is one after another, with the fewest workflow tasks this can take.
    """

    def __init__(self) -> None:
        self._asked = 0
        self._answered = 0

    @workflow.run
    async def run(self, load: Load) -> int:
        """All rounds; returns how many answers came."""
        for n in range(load.answers):
            timers = [asyncio.create_task(workflow.sleep(LONG)) for _ in range(load.share(load.timers_cancelled, n))]
            for number in range(load.share(load.activities, n)):
                await workflow.execute_activity(nothing, number, start_to_close_timeout=timedelta(minutes=1))
            for _ in range(load.share(load.timers_fired, n)):
                await workflow.sleep(SHORT)
            await self._answer()
            for timer in timers:
                timer.cancel()
        await workflow.wait_condition(workflow.all_handlers_finished)
        return self._answered

    async def _answer(self) -> None:
        self._asked += 1
        await workflow.wait_condition(lambda: self._answered == self._asked)

    @workflow.update
    async def answer(self, text: str) -> int:
        """Somebody answers; the number of the answer."""
        self._answered += 1
        return self._answered

    @answer.validator
    def check_answer(self, text: str) -> None:
        """Reject an answer to nothing, as the placement does."""
        if not self.waiting() or not text:
            raise ValueError("nothing is asked")

    @workflow.query
    def waiting(self) -> bool:
        """Whether an answer is awaited."""
        return self._answered < self._asked
