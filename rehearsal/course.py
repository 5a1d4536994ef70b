"""One rehearsal from beginning to end: the cohort launched in a house of its own, and lived through."""

from __future__ import annotations

import asyncio
import time as stopwatch
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day
from typing import Any, TypeVar

from cli.errors import CommandError
from cli.launching import Wanted, launch
from engine.devserver.progress import Progress
from records.cohort_imports import known_records
from rehearsal.chance import Chance
from rehearsal.clocks import Clocks
from rehearsal.company import Company
from rehearsal.habits import Habits
from rehearsal.house import House, house
from rehearsal.scene import COHORT, Log, Scene
from rehearsal.script import Script
from rehearsal.staffing import move_in, open_capacities

R = TypeVar("R")

FASTEST_SECONDS_PER_DAY = 0.25
SECONDS_PER_DAY_AND_PERSON = 0.0074
"""So much work a day of one placement makes for two cores, by measurement; see docs/rehearsal.md."""

WEEKS_TO_SPARE = 8
"""After so many weeks beyond the last day, a rehearsal ends with whatever still waits for something."""

ANSWERS_WITHIN_SECONDS = 60.0
TRIES = 3


@dataclass(frozen=True)
class Lived:
    """What a rehearsal has left to be measured. ``seconds`` of real time it took to live through it."""

    house: House
    script: Script
    log: Log
    seed: int
    seconds_per_day: float
    seconds: float


def pace(people: int) -> float:
    """Real seconds for a day, so that the machine keeps up with so many people."""
    return max(FASTEST_SECONDS_PER_DAY, SECONDS_PER_DAY_AND_PERSON * people)


async def rehearse(
    script: Script,
    habits: Habits,
    seed: int,
    seconds_per_day: float,
    progress: Progress,
    measure: Callable[[Lived], R],
) -> R:
    """Live through a cohort once; ``measure`` is called before all of it is thrown away, and what it says returned.

    Raises ``DevServerError`` where there is no server to be had, ``CommandError`` where the cohort can't be launched.
    """
    async with house(progress) as its_own:
        began = stopwatch.monotonic()
        clocks = Clocks(seconds_per_day)
        await asyncio.to_thread(move_in, its_own.database, script.staff)
        await open_capacities(its_own.client, its_own.database, script.staff, its_own.settings.task_queue)
        scene = Scene(its_own.client, its_own.database, script, habits, Chance(seed), clocks)
        company = Company(scene)
        await _launch(its_own, script, seconds_per_day)
        days = progress.during(f"rehearsing {len(script.report.participants)} placements under {script.policy.label}")
        async with days:
            await _while_living(company.live(), company.over(_the_end(script)))
        lived = Lived(its_own, script, scene.log, seed, seconds_per_day, stopwatch.monotonic() - began)
        return await asyncio.to_thread(measure, lived)


async def _launch(its_own: House, script: Script, seconds_per_day: float) -> None:
    """Launch the cohort, as often as a server needs that has only just begun to serve; doing it again completes it."""
    for _ in range(TRIES - 1):
        with suppress(CommandError):
            return await _try_to_launch(its_own, script, seconds_per_day)
    return await _try_to_launch(its_own, script, seconds_per_day)


async def _try_to_launch(its_own: House, script: Script, seconds_per_day: float) -> None:
    wanted = Wanted(
        cohort=COHORT,
        led_by=script.led_by,
        policy=script.policy,
        title="Rehearsal",
        starts_on=script.starts_on,
        weeks=None,
        seconds_per_day=seconds_per_day,
    )
    with its_own.database.reading() as session:
        known = known_records(session)
    await launch(
        its_own.client,
        its_own.database,
        wanted,
        script.policy,
        script.report,
        known,
        None,
        task_queue=its_own.settings.task_queue,
        seconds=ANSWERS_WITHIN_SECONDS,
    )


async def _while_living(living: Coroutine[Any, Any, None], until: Coroutine[Any, Any, None]) -> None:
    """Let people live until the end; what goes wrong with them ends it at once, as it was."""
    alive, over = asyncio.create_task(living), asyncio.create_task(until)
    try:
        await asyncio.wait([alive, over], return_when=asyncio.FIRST_COMPLETED)
        if alive.done():
            alive.result()
        over.result()
    finally:
        for one in (alive, over):
            one.cancel()
            with suppress(asyncio.CancelledError):
                await one


def _the_end(script: Script) -> datetime:
    weeks = script.weeks + WEEKS_TO_SPARE
    return datetime.combine(script.last_start + timedelta(weeks=weeks), time_of_day(), tzinfo=UTC)
