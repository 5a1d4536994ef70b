"""A morning on which the reviews of many placements fall due in the same minute: letters go out, and people answer.

    .venv/bin/python -m bench.mornings [--cases 200] [--records sqlite|postgresql]

Starts a Temporal server, a worker and so many placements, in which nothing happens before their first review.
Three people of each are asked then; once all letters are out, they answer within a minute. Tells how long the letters
and the answers took, and ends with 1 where a task, a letter or an answer is missing or there twice.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from temporalio.client import Client

from bench.processes import Measured, program, watched
from bench.surroundings import (
    LOOKS_EVERY_SECONDS,
    MENTEES,
    Bench,
    databases,
    import_people_like,
    new_cases,
    of_its_own,
    options,
    say,
    until,
)
from domain.core.case import Done, Withdraw
from domain.core.model import CaseId
from domain.core.questions import TaskKind
from domain.core.task_letters import TaskOpened
from domain.core.tasks import AnswerTask, Receipt, TaskState
from domain.core.updates import Update
from domain.placement.policy import Policy
from domain.placement.programme_days import monday_from
from engine.client import connect
from engine.devserver.errors import DevServerError
from engine.devserver.server import DevServer
from engine.errors import EngineUnreachable
from engine.exit import run_to_exit
from engine.settings import SettingsError
from records.database import Database
from records.tables.core import TaskRecord
from records.tables.dispatch import MailRecord
from service.core import asking
from service.core.today import today
from simulated.answers import willing
from simulated.inbox import Inbox, TaskNow

SECONDS_PER_DAY = 30.0
"""The first reviews come three and a half to six minutes after the start, their first reminders days after that."""
READY_DAYS = 2
"""Before the first day at least, so that nobody's slips because a mentor answered late."""

REVIEWS = frozenset({TaskKind.MANAGER_REVIEW, TaskKind.MENTOR_REVIEW, TaskKind.SELF_REVIEW})
AT_LEAST_A_SECOND = 10
"""Answers: six hundred within a minute."""
STARTED_AT_ONCE = 8
PATIENCE_SECONDS = 600.0
ANSWERED_WITHIN_SECONDS = 60.0


@dataclass
class Morning:
    """What came of one: seconds from the first of its tasks to the last letter, and those that each answer took."""

    letters: int
    letters_out: float
    took: Sequence[float]
    wrong: Sequence[str]


def quiet_until_reviews(policy: Policy) -> Policy:
    """The policy, but without a checklist and meetings before the first review."""
    return policy.model_copy(
        update={
            "mentoring": policy.mentoring.model_copy(
                update={"max_mentees": MENTEES, "weekly_for_weeks": 0, "then_every_weeks": 8}
            ),
            "onboarding": policy.onboarding.model_copy(update={"items": []}),
            "offboarding": policy.offboarding.model_copy(update={"items": []}),
            "translations": {},  # of titles that are no more
            "reviews": policy.reviews.model_copy(update={"weeks": [1, 8, 12]}),
        }
    )


class People:
    """Those who answer in all these placements."""

    def __init__(self, bench: Bench, client: Client) -> None:
        self._bench = bench
        self._client = client
        self._inbox = Inbox(bench.database)
        self.took: list[float] = []
        self.first_seen = 0.0

    async def answer(self, task: TaskNow) -> None:
        """Answer as a program of HR's does; how long it took is kept."""
        message = AnswerTask(actor=task.people[0], task=task.task, answer=willing(task.kind, task.facts))
        began = time.monotonic()
        await asking.ask(
            self._client,
            self._bench.database,
            task.case,
            Update.ANSWER_TASK,
            message,
            Receipt,
            ANSWERED_WITHIN_SECONDS,
        )
        self.took.append(time.monotonic() - began)

    async def until_asked(self, kinds: frozenset[TaskKind], number: int) -> list[TaskNow]:
        """Answer everything else that comes, until so many tasks of these kinds are there; those. Notes the first."""
        found: list[TaskNow] = []
        async with asyncio.timeout(PATIENCE_SECONDS), asyncio.TaskGroup() as answering:
            async for tasks in self._inbox.new_tasks(LOOKS_EVERY_SECONDS):
                of_these = [task for task in tasks if task.kind in kinds]
                if of_these and not found:
                    self.first_seen = time.monotonic()
                found += of_these
                for task in tasks:
                    if task.kind not in kinds:
                        answering.create_task(self.answer(task))
                if len(found) >= number:
                    break
        return found

    async def answer_all(self, tasks: Sequence[TaskNow]) -> None:
        """All of them within a minute, each when its turn comes, whether or not the others are done."""
        apart = min(1 / AT_LEAST_A_SECOND, 60 / len(tasks))
        async with asyncio.TaskGroup() as answering:
            for task in tasks:
                answering.create_task(self.answer(task))
                await asyncio.sleep(apart)


async def morning(bench: Bench, client: Client, cases: Sequence[CaseId]) -> Morning:
    """Start the placements, wait for their reviews, and let people answer."""
    people = People(bench, client)
    say(f"{len(cases)} placements, each with a mentor")
    returners = import_people_like(bench.database, "returner", len(cases))
    for some in range(0, len(cases), STARTED_AT_ONCE):
        now = slice(some, some + STARTED_AT_ONCE)
        await asyncio.gather(*(bench.start(client, *who) for who in zip(cases[now], returners[now], strict=True)))
    say("their first reviews, in some minutes")
    reviews = await people.until_asked(REVIEWS, 3 * len(cases))
    await until(lambda: _unwritten(bench.database) <= 0, PATIENCE_SECONDS)
    letters_out = time.monotonic() - people.first_seen
    say("the answers")
    people.took.clear()
    await people.answer_all(reviews)
    await until(lambda: _answered(bench.database) >= len(reviews), PATIENCE_SECONDS)
    say("the end of all")
    for case in cases:
        withdraw = Withdraw(actor=bench.role.hr, reason="the bench is over")
        await asking.ask(client, bench.database, case, Update.WITHDRAW, withdraw, Done, ANSWERED_WITHIN_SECONDS)
    return Morning(len(reviews), letters_out, people.took, _wrong(bench.database, cases, reviews))


def _unwritten(database: Database) -> int:
    """How many tasks have no letter yet; each of these placements' tasks is opened by one."""
    tasks = select(func.count()).select_from(TaskRecord)
    letters = select(func.count()).where(MailRecord.template == TaskOpened.template)
    with database.reading() as session:
        return (session.scalar(tasks) or 0) - (session.scalar(letters) or 0)


def _answered(database: Database) -> int:
    kinds = [kind.value for kind in REVIEWS]
    query = select(func.count()).where(TaskRecord.kind.in_(kinds), TaskRecord.state == TaskState.ANSWERED.value)
    with database.reading() as session:
        return session.scalar(query) or 0


def _wrong(database: Database, cases: Sequence[CaseId], reviews: Sequence[TaskNow]) -> list[str]:
    """What is missing, or there more than once."""
    asked = Counter(task.case for task in reviews)
    wrong = [f"{case} asked for {asked[case]} reviews, not 3" for case in cases if asked[case] != 3]
    if unwritten := _unwritten(database):
        wrong.append(f"{unwritten} tasks without a letter" if unwritten > 0 else f"{-unwritten} letters too many")
    if (answered := _answered(database)) != len(reviews):
        wrong.append(f"{answered} answers on record for {len(reviews)} tasks")
    return wrong


def report(found: Morning, worker: Measured) -> None:
    """Print it."""
    p99 = statistics.quantiles(found.took, n=100)[98]
    print(f"\nA morning with {found.letters} tasks at once\n")
    print(f"  letters out after, s                {found.letters_out:8.1f}")
    print(f"  an answer takes: half of them, ms   {1_000 * statistics.median(found.took):8.0f}")
    print(f"  99 of 100                           {1_000 * p99:8.0f}")
    print(f"  worker's memory at most, MB         {worker.peak_mb:8.0f}")
    print("\n  " + ("\n  ".join(found.wrong) or "nothing is missing, and nothing there twice"))


async def run(cases: int, records: str) -> int:
    """The whole bench in a directory that is gone afterwards; 1 where something is wrong."""
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as name:
        directory = Path(name)
        with databases(directory, records) as (url, _):
            settings = of_its_own(directory).model_copy(update={"records_url": url})
            database = Database(settings.records_url)
            bench = Bench(
                directory,
                settings,
                database,
                SECONDS_PER_DAY,
                starts_on=monday_from(today() + timedelta(days=READY_DAYS)),
            )
            bench.policy = quiet_until_reviews(bench.policy)
            import_people_like(database, "mentor", cases // MENTEES + 1)
            server = await DevServer.start(data_dir=directory, ui=False, progress=say, ignore_configured=True)
            try:
                environment = {**bench.environment, "TEMPORAL_ADDRESS": server.address}
                client = await connect(settings, address=server.address)
                log = directory / "worker.log"
                async with program(["worker.py"], "worker ready", log, environment) as worker, watched(worker):
                    found = await morning(bench, client, new_cases(cases))
                    report(found, worker)
            finally:
                await server.stop()
                database.close()
    return 1 if found.wrong else 0


def arguments() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = options("bench.mornings", __doc__, cases=200)
    asked = parser.parse_args()
    if asked.cases < 2:
        parser.error("at least two placements")
    return asked


def main() -> int:
    """Run the bench; 1 when something is lost, or there is nothing to run it on."""
    asked = arguments()
    try:
        return asyncio.run(run(asked.cases, asked.records))
    except (DevServerError, EngineUnreachable, SettingsError, RuntimeError) as error:
        say(str(error))
        return 1


if __name__ == "__main__":
    run_to_exit(main)
