"""What one smooth placement costs: history events, bytes, and time in relation to a workflow that does nothing.

    .venv/bin/python -m bench.placement_cost [--pairs 5] [--seconds-per-day 0.1]

Starts a dev server in a temporary directory (or takes the one that TEMPORAL_ADDRESS names) and one worker with the
real activities, on SQLite and a Maildir in that directory.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import uuid
from collections.abc import AsyncIterator, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from temporalio.client import Client, WorkflowHandle
from temporalio.testing import TimeSkipper, TimeSkippingConfig
from temporalio.worker import Worker

from activities.registry import ACTIVITY_THREADS, activities_for
from bench.bare import Bare, Load, nothing
from bench.cost import Cost, cost_of
from bench.driving import DrivenBare, DrivenPlacement, drive, history
from bench.surroundings import Bench, new_cases, of_its_own, say
from demo.people import Played, SimulatedPeople
from demo.stories import Story
from domain.core.clock import REAL_LIFE
from domain.core.naming import workflow_id
from engine.client import connect
from engine.devserver.errors import DevServerError
from engine.devserver.server import DevServer
from engine.errors import EngineUnreachable
from engine.exit import run_to_exit
from engine.settings import Settings, SettingsError
from records.database import Database
from records.seal_files import SealFiles
from workflows.registry import WORKFLOWS

MOST_EVENTS_PER_ANSWER = 16
HIGHEST_RATIO = 1.5


@dataclass(frozen=True)
class Pair:
    """A placement and a bare workflow, one right after the other on the same worker."""

    placement: Cost
    bare: Cost

    @property
    def ratio(self) -> float:
        """The time the placement worked, in units of what the bare workflow did."""
        return self.placement.worked / self.bare.worked

    @property
    def ratio_of_workflow_tasks(self) -> float:
        """The same of the workflow tasks alone, without what activities do that are not no-ops."""
        return self.placement.in_workflow_tasks / self.bare.in_workflow_tasks


@dataclass
class Runs:
    """Placements and bare workflows, one after another on the same worker."""

    bench: Bench
    client: Client
    skipper: TimeSkipper

    async def one_at_a_time(self) -> Cost:
        """A placement in which each answer is given once the case has settled."""
        handle = await self._start(self.skipper.client, REAL_LIFE)
        return await drive(self.skipper, DrivenPlacement(handle))

    async def bare(self, load: Load) -> Cost:
        """The workflow that does nothing."""
        handle = await self.skipper.client.start_workflow(
            Bare.run, load, id=f"bare-{uuid.uuid4()}", task_queue=self.bench.settings.task_queue
        )
        return await drive(self.skipper, DrivenBare(handle))

    async def as_in_the_demo(self) -> Cost:
        """A placement on a real clock, with the demo's people, who answer all they find at once."""
        bench = self.bench
        handle = await self._start(self.client, bench.seconds_per_day)
        story = Story("smooth", bench.returner, bench.role.id)
        played = Played(story, handle.id.removeprefix(workflow_id("")), bench.role.hr, bench.role.manager)
        at_work = asyncio.create_task(
            SimulatedPeople(self.client, bench.database, bench.settings.task_queue, [played]).live()
        )
        try:
            await asyncio.wait_for(handle.result(), bench.patience)
            await asyncio.sleep(1)  # whoever gave the last answer still waits for the receipt
        finally:
            at_work.cancel()
        return cost_of(await history(handle))

    async def _start(self, client: Client, seconds_per_day: float) -> WorkflowHandle[Any, Any]:
        (case,) = new_cases(1)
        started = await self.bench.start(client, case, seconds_per_day=seconds_per_day)
        return self.client.get_workflow_handle(workflow_id(started.case), run_id=started.run)


@asynccontextmanager
async def open_runs(settings: Settings, seconds_per_day: float) -> AsyncIterator[Runs]:
    """Server, records and worker, until the block ends."""
    server = await DevServer.start(data_dir=settings.data_dir, ui=False, progress=say)
    say(f"Temporal at {server.address} ({server.origin})")
    database = Database(settings.records_url, SealFiles(settings.seal_key, settings.seal_list))
    try:
        bench = Bench(settings.data_dir, settings, database, seconds_per_day)
        client = await connect(settings, address=server.address)
        async with _worker(client, settings, database):
            skipper = TimeSkipper(client, config=TimeSkippingConfig(enabled=False, max_session_skip_count=5_000))
            yield Runs(bench, client, skipper)
    finally:
        database.close()
        await server.stop()


@asynccontextmanager
async def _worker(client: Client, settings: Settings, database: Database) -> AsyncIterator[None]:
    with ThreadPoolExecutor(ACTIVITY_THREADS) as threads:
        async with Worker(
            client,
            task_queue=settings.task_queue,
            workflows=[*WORKFLOWS, Bare],
            activities=[*activities_for(database, settings, client), nothing],
            activity_executor=threads,
            max_concurrent_activities=ACTIVITY_THREADS,
        ):
            yield


async def measure(runs: Runs, pairs: int) -> None:
    """Run everything and print it."""
    seconds_per_day = runs.bench.seconds_per_day
    say("warming up: one placement and one bare workflow that don't count")
    load = (await runs.one_at_a_time()).load()
    await runs.bare(load)
    measured: list[Pair] = []
    for n in range(pairs):
        measured.append(await measure_pair(runs, n, load))
        load = measured[-1].placement.load()
    say(f"a placement as in the demo, {seconds_per_day:g} s a day (about {510 * seconds_per_day:.0f} s)")
    demo = await runs.as_in_the_demo()
    report(measured, demo, seconds_per_day)


async def measure_pair(runs: Runs, n: int, load: Load) -> Pair:
    """The two in turn, every other time the bare one first, with the load of the placement before."""
    if n % 2:
        bare = await runs.bare(load)
        pair = Pair(await runs.one_at_a_time(), bare)
    else:
        placement = await runs.one_at_a_time()
        pair = Pair(placement, await runs.bare(placement.load()))
    say(f"pair {n + 1}: {_seconds(pair.placement)} and {_seconds(pair.bare)} at work, ratio {pair.ratio:.2f}")
    return pair


def report(pairs: list[Pair], demo: Cost, seconds_per_day: float) -> None:
    """Print the tables."""
    placement, bare = pairs[0].placement, pairs[0].bare
    print("\nOne smooth 16-week placement, from application to the last follow-up\n")
    _table(placement, demo, bare)
    print(
        "\n  one at a time: each answer once the case has settled, which is what real life costs"
        f"\n  as in the demo: {seconds_per_day:g} s a day, people look every 0.1 s and answer all they find at once"
        f"\n  bare: {_contents(bare.load())},\n        nothing else; one after another and driven in the same way"
    )
    _times(pairs, demo)
    _aims(pairs, demo)


def _table(placement: Cost, demo: Cost, bare: Cost) -> None:
    columns = (placement, demo, bare)
    _line("", "one at a time", "as in the demo", "bare")
    for kind in sorted(placement.by_type | demo.by_type | bare.by_type):
        _line(kind.lower(), *(f"{cost.by_type[kind]:,}" for cost in columns))
    _line("events in all", *(f"{cost.events:,}" for cost in columns))
    _line("tasks answered", *(f"{cost.answers:,}" for cost in columns))
    _line("events per answered task", *(f"{cost.events_per_answer:.1f}" for cost in columns))
    _line("bytes of history", *(f"{cost.size:,}" for cost in columns))


def _line(what: str, *cells: str) -> None:
    print(f"  {what:45}" + "".join(f"{cell:>16}" for cell in cells))


def _contents(load: Load) -> str:
    return (
        f"{load.activities} no-op activities, {load.timers_fired} timers that fire, {load.timers_cancelled} that are "
        f"cancelled, {load.answers} updates"
    )


def _times(pairs: list[Pair], demo: Cost) -> None:
    print(
        "\nWall time while a workflow task or an activity was in hand: the waiting for people and days is left out\n"
        f"  placement     {_median(pair.placement for pair in pairs)} (as in the demo {_seconds(demo)})\n"
        f"  bare          {_median(pair.bare for pair in pairs)}\n"
        f"  ratio         {_spread(pair.ratio for pair in pairs)}\n"
        f"  of workflow tasks alone, without what ordinary activities do: "
        f"{_spread(pair.ratio_of_workflow_tasks for pair in pairs)}"
    )


def _spread(values: Iterable[float]) -> str:
    ratios = list(values)
    return f"{statistics.median(ratios):.2f} (median of {len(ratios)}; {min(ratios):.2f} to {max(ratios):.2f})"


def _median(costs: Iterable[Cost]) -> str:
    return f"{statistics.median(cost.worked.total_seconds() for cost in costs):.2f} s"


def _seconds(cost: Cost) -> str:
    return f"{cost.worked.total_seconds():.2f} s"


def _aims(pairs: list[Pair], demo: Cost) -> None:
    events = pairs[0].placement.events_per_answer
    ratio = statistics.median(pair.ratio for pair in pairs)
    print(
        f"\nAims\n  events per answered task at most {MOST_EVENTS_PER_ANSWER}: "
        f"{_verdict(events <= MOST_EVENTS_PER_ANSWER)} one at a time ({events:.1f}), "
        f"{_verdict(demo.events_per_answer <= MOST_EVENTS_PER_ANSWER)} as in the demo ({demo.events_per_answer:.1f})\n"
        f"  ratio under {HIGHEST_RATIO}: {_verdict(ratio < HIGHEST_RATIO)} ({ratio:.2f})"
    )


def _verdict(met: bool) -> str:
    return "met" if met else "MISSED"


def arguments() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="bench.placement_cost", description=(__doc__ or "").split("\n")[0])
    parser.add_argument(
        "--pairs", type=int, default=5, metavar="N", help="placements to measure, each with a bare workflow"
    )
    parser.add_argument(
        "--seconds-per-day", type=float, default=0.1, metavar="S", help="pace of the placement as in the demo"
    )
    asked = parser.parse_args()
    if asked.pairs < 1 or not 0.05 <= asked.seconds_per_day <= 1:
        parser.error("at least one pair, and a pace of 0.05 to 1 (faster than that, nobody answers in time)")
    return asked


async def run(pairs: int, seconds_per_day: float) -> None:
    """The whole bench in a directory that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as directory:
        settings = of_its_own(Path(directory)).model_copy(update={"task_queue": f"bench-{uuid.uuid4()}"})
        async with open_runs(settings, seconds_per_day) as runs:
            await measure(runs, pairs)


def main() -> int:
    """Run the bench; 1 when there is no server to run it on."""
    asked = arguments()
    try:
        asyncio.run(run(asked.pairs, asked.seconds_per_day))
    except (DevServerError, EngineUnreachable, SettingsError) as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    run_to_exit(main)
