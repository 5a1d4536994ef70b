"""What a placement costs the machine, from application to the last follow-up, beside the same on another engine.

    .venv/bin/python -m bench.lifecycles [--cases 12] [--seconds-per-day 0.15] [--records sqlite|postgresql]

Starts a Temporal server and a worker of its own, lets so many placements run side by side, and people answer from the
records' inbox as soon as they see a task. Then the same placements on DBOS, which keeps its state in the worker's own
database: the same rows and letters by the same functions, the same waits, the same answers. Processor seconds are those
that the operating system counts for each process, from when the worker is ready.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
import time
from pathlib import Path

from dbos import DBOSClient, WorkflowHandleAsync
from temporalio.client import Client

from bench import twin
from bench.answering import Answering
from bench.cost import cost_of
from bench.driving import history
from bench.lifecycle_report import Lifecycles, report
from bench.processes import Measured, program, watched
from bench.script import Step, save, script_of
from bench.surroundings import Bench, databases, new_cases, of_its_own, options, say
from domain.core.model import CaseId
from domain.core.naming import workflow_id
from domain.core.tasks import AnswerTask, Receipt
from domain.core.updates import Update
from engine.client import connect
from engine.devserver.errors import DevServerError
from engine.devserver.server import DevServer
from engine.errors import EngineUnreachable
from engine.exit import run_to_exit
from engine.settings import SettingsError
from records.database import Database
from simulated.answers import willing
from simulated.inbox import TaskNow
from simulated.sending import Sender


async def on_temporal(bench: Bench, cases: int) -> tuple[Lifecycles, list[Step]]:
    """So many placements as they are, and what one of them did."""
    server = await DevServer.start(data_dir=bench.directory, ui=False, progress=say, ignore_configured=True)
    try:
        environment = {**bench.environment, "TEMPORAL_ADDRESS": server.address}
        client = await connect(bench.settings, address=server.address)
        log = bench.directory / "worker.log"
        async with program(["worker.py"], "worker ready", log, environment) as worker:
            say("one placement that does not count")
            first = new_cases(1)
            await _through_temporal(bench, client, first, Measured(server.pid or 0), worker)
            script = script_of(first[0], await history(client.get_workflow_handle(workflow_id(first[0]))))
            say(f"{cases} placements on Temporal")
            measured = Measured(server.pid or 0), worker.anew()
            return await _through_temporal(bench, client, new_cases(cases), *measured), script
    finally:
        await server.stop()


async def _through_temporal(
    bench: Bench, client: Client, cases: list[CaseId], server: Measured, worker: Measured
) -> Lifecycles:
    sender = Sender(client)

    async def send(task: TaskNow) -> None:
        """An answer; the case may refuse it, where it has just called the task off."""
        message = AnswerTask(actor=task.people[0], task=task.task, answer=willing(task.kind, task.facts))
        await sender(task.case, Update.ANSWER_TASK, message, Receipt)

    answering = Answering(bench.database, send)
    began, mine = time.monotonic(), time.process_time()
    handles = [client.get_workflow_handle(workflow_id(case)) for case in cases]
    async with watched(server, worker), answering.at_work():
        for case in cases:  # one after the other: a placement beside others of the same person has to know of them
            await bench.start(client, case)
        await asyncio.wait_for(asyncio.gather(*(handle.result() for handle in handles)), bench.patience)
    costs = [cost_of(await history(handle)) for handle in handles]
    return Lifecycles(
        cases=len(cases),
        seconds=time.monotonic() - began,
        server=server.cpu_seconds,
        worker=worker.cpu_seconds,
        people=time.process_time() - mine,
        took=answering.took,
        peak_mb=worker.peak_mb,
        events=sum(cost.events for cost in costs),
        size=sum(cost.size for cost in costs),
    )


async def on_dbos(bench: Bench, cases: int, script: list[Step], state: str) -> Lifecycles:
    """So many twins of the placement of that script."""
    save(script, bench.directory / "script.json")
    words = ["-m", "bench.twin", str(bench.directory / "script.json"), bench.settings.records_url, state]
    async with program(words, twin.READY, bench.directory / "twin.log", bench.environment) as worker:
        client = DBOSClient(system_database_url=state)
        say("one twin that does not count")
        await _through_dbos(bench, client, new_cases(1), worker)
        say(f"{cases} twins on DBOS")
        return await _through_dbos(bench, client, new_cases(cases), worker.anew())


async def _through_dbos(bench: Bench, client: DBOSClient, cases: list[CaseId], worker: Measured) -> Lifecycles:
    async def send(task: TaskNow) -> None:
        await client.send_async(task.case, willing(task.kind, task.facts), topic=task.task)
        await client.get_event_async(task.case, twin.answered(task.task), timeout_seconds=bench.patience)

    answering = Answering(bench.database, send)
    began, mine = time.monotonic(), time.process_time()
    async with watched(worker), answering.at_work():
        handles: list[WorkflowHandleAsync[None]] = [
            await client.enqueue_async(
                {"queue_name": twin.QUEUE, "workflow_name": twin.WORKFLOW, "workflow_id": case}, case
            )
            for case in cases
        ]
        await asyncio.wait_for(asyncio.gather(*(handle.get_result() for handle in handles)), bench.patience)
    return Lifecycles(
        cases=len(cases),
        seconds=time.monotonic() - began,
        server=0,
        worker=worker.cpu_seconds,
        people=time.process_time() - mine,
        took=answering.took,
        peak_mb=worker.peak_mb,
    )


async def run(cases: int, seconds_per_day: float, records: str) -> None:
    """The whole bench in a directory that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as name:
        directory = Path(name)
        with databases(directory, records) as (url, state):
            settings = of_its_own(directory).model_copy(update={"records_url": url})
            database = Database(settings.records_url)
            bench = Bench(directory, settings, database, seconds_per_day)
            temporal, script = await on_temporal(bench, cases)
            report(temporal, await on_dbos(bench, cases, script, state))
            database.close()


def arguments() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = options("bench.lifecycles", __doc__, cases=12)
    parser.add_argument("--seconds-per-day", type=float, default=0.15, metavar="S", help="the pace")
    asked = parser.parse_args()
    if asked.cases < 2 or not 0.05 <= asked.seconds_per_day <= 5:
        parser.error("at least two placements, and a pace of 0.05 to 5")
    return asked


def main() -> int:
    """Run the bench; 1 when there is nothing to run it on."""
    asked = arguments()
    try:
        asyncio.run(run(asked.cases, asked.seconds_per_day, asked.records))
    except (DevServerError, EngineUnreachable, SettingsError, RuntimeError) as error:
        say(str(error))
        return 1
    return 0


if __name__ == "__main__":
    run_to_exit(main)
