"""One rehearsal from beginning to end: the cohort launched in a sandbox of its own, and played through."""

from __future__ import annotations

import asyncio
import time as stopwatch
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from typing import Any, TypeVar

from engine.devserver.progress import Progress
from records.imports.cohort.people import known_records
from rehearsal.chance import Chance
from rehearsal.clocks import DAY, Clocks
from rehearsal.context import COHORT, COHORT_CASE, RehearsalContext, RehearsalLog
from rehearsal.habits import Habits
from rehearsal.inputs import Inputs
from rehearsal.pacing import hopeless
from rehearsal.people import People
from rehearsal.records_setup import move_in, open_capacities
from rehearsal.sandbox import Sandbox, sandbox
from service.cohort.launching import launch
from service.cohort.running import WantedCohort
from service.core.errors import Refused, Unknown, Unreachable

R = TypeVar("R")

WEEKS_TO_SPARE = 8
"""After so many weeks beyond the last day, a rehearsal ends with whatever still waits for something."""

ANSWERS_WITHIN_SECONDS = 60.0
TRIES = 3


@dataclass(frozen=True)
class FinishedRun:
    """What a rehearsal has left to be measured. ``seconds`` of real time it took to live through it."""

    sandbox: Sandbox
    inputs: Inputs
    log: RehearsalLog
    seed: int
    seconds_per_day: float
    seconds: float


class TooSlow(Exception):
    """The machine does not keep up, and a slower pace may be tried."""


async def rehearse(
    inputs: Inputs,
    habits: Habits,
    seed: int,
    seconds_per_day: float,
    progress: Progress,
    measure: Callable[[FinishedRun], R],
    *,
    give_up: bool = False,
) -> R:
    """Live through a cohort once; ``measure`` is called before all of it is thrown away, and what it says returned.

    Raises ``DevServerError`` where there is no server to be had, ``Refused`` or ``Unreachable`` where the cohort can't
    be launched, and :class:`TooSlow` where it is seen early that the machine does not keep up, if it may ``give_up``
    then.
    """
    async with AsyncExitStack() as stack:
        async with progress.during("starting a server and a worker for the rehearsal"):
            its_own = await stack.enter_async_context(sandbox(progress))
        began = stopwatch.monotonic()
        clocks = Clocks(seconds_per_day)
        people = len(inputs.report.participants)
        async with progress.during(f"launching a cohort of {people} under {inputs.name}"):
            await asyncio.to_thread(move_in, its_own.database, inputs.staff)
            await open_capacities(its_own.client, its_own.database, inputs.staff, its_own.settings.task_queue)
            await _launch(its_own, inputs, seconds_per_day)
        context = RehearsalContext(its_own.client, its_own.database, inputs, habits, Chance(seed), clocks)
        simulated = People(context)
        async with progress.during(f"rehearsing {people} placements under {inputs.name}", lambda: _how_far(context)):
            await _while_acting(simulated.act(), simulated.over(_the_end(inputs), give_up=give_up))
            if give_up and hopeless(context.log.off):
                raise TooSlow
        finished = FinishedRun(its_own, inputs, context.log, seed, seconds_per_day, stopwatch.monotonic() - began)
        return await asyncio.to_thread(measure, finished)


async def _launch(its_own: Sandbox, inputs: Inputs, seconds_per_day: float) -> None:
    """Launch the cohort, as often as a server needs that has only just begun to serve; doing it again completes it."""
    for _ in range(TRIES - 1):
        with suppress(Refused, Unknown, Unreachable):
            return await _try_to_launch(its_own, inputs, seconds_per_day)
    return await _try_to_launch(its_own, inputs, seconds_per_day)


async def _try_to_launch(its_own: Sandbox, inputs: Inputs, seconds_per_day: float) -> None:
    wanted = WantedCohort(
        cohort=COHORT,
        led_by=inputs.led_by,
        policy=inputs.policy,
        title="Rehearsal",
        starts_on=inputs.starts_on,
        weeks=None,
        seconds_per_day=seconds_per_day,
    )
    with its_own.database.reading() as session:
        known = known_records(session)
    await launch(
        its_own.client,
        its_own.database,
        wanted,
        inputs.policy,
        inputs.report,
        known,
        None,
        task_queue=its_own.settings.task_queue,
        seconds=ANSWERS_WITHIN_SECONDS,
    )


async def _while_acting(living: Coroutine[Any, Any, None], until: Coroutine[Any, Any, None]) -> None:
    """Let people live until the end; what goes wrong with them ends it at once, as it was."""
    alive, over = asyncio.create_task(living), asyncio.create_task(until)
    try:
        await asyncio.wait([alive, over], return_when=asyncio.FIRST_COMPLETED)
        if alive.done():
            alive.result()
        over.result()
    finally:
        for task in (alive, over):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def _how_far(context: RehearsalContext) -> str:
    """How far a rehearsal is, and how long it still takes, for whoever waits for it."""
    if not context.clocks.knows(COHORT_CASE):
        return ""
    inputs, now = context.inputs, context.clocks.now(COHORT_CASE)
    begins = datetime.combine(inputs.starts_on, time_of_day(), tzinfo=UTC)
    ends = datetime.combine(inputs.last_start + timedelta(weeks=inputs.weeks), time_of_day(), tzinfo=UTC)
    week = (now - begins).days // 7 + 1
    where = f"week {week} of {(ends - begins).days // 7}" if week > 0 else "before the first day"
    left = (ends - now) / DAY * context.clocks.seconds_per_day
    return f"{where}, about {left:.0f} s left" if left > 0 else "the last of them are ending"


def _the_end(inputs: Inputs) -> datetime:
    weeks = inputs.weeks + WEEKS_TO_SPARE
    return datetime.combine(inputs.last_start + timedelta(weeks=weeks), time_of_day(), tzinfo=UTC)
