"""Server and worker are killed in mid-case, more than once, and nothing is lost or done twice."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from temporalio.client import (
    Client,
    WorkflowHandle,
    WorkflowUpdateFailedError,
    WorkflowUpdateRPCTimeoutOrCancelledError,
)
from temporalio.service import RPCError

from domain.core.case import Withdraw
from domain.core.questions import TaskKind
from domain.core.tasks import AnswerTask
from domain.placement.policy import Policy
from domain.placement.start import PlacementStart
from domain.placement.stipend import days_worked, earned
from engine.devserver import ports
from engine.devserver.server import DevServer
from engine.settings import ROOT, Settings, load_settings
from records.database import Database
from records.queries.core import cases as queries
from records.queries.placement.pay import pay_instructions
from records.tables.dispatch import MailRecord
from records.tampering import problems_of
from simulated.answers import willing
from tests.domain.factories import shipped_policy
from tests.office import (
    ELIGIBLE,
    HR,
    PATIENCE_SECONDS,
    RETURNER,
    ROLE,
    asked_mentors,
    has_ended,
    new_people,
    off_boarded,
    people,
    role_record,
)
from tests.patience import patiently_connect
from tests.replaying import replayer
from workflows.placement.workflow import Placement

SECONDS_PER_DAY = 0.4
CASES = 4
DAYS_TO_ANSWER_A_MENTOR_REQUEST = 40
"""So many that on a slow machine, too, only those requests expire that nobody answers on purpose."""
SILENCE_SECONDS = 60.0
"""How long queries may fail while server and worker come back."""


class Site:
    """A server and a worker as processes that can be killed."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        (self.port,) = ports.some_free(1)  # not the usual one, which another test could take meanwhile
        self.server: DevServer | None = None
        self.worker: subprocess.Popen[bytes] | None = None

    async def up(self) -> Client:
        """Start whatever is not running, on the port it had."""
        if self.server is None:
            self.server = await DevServer.start(
                data_dir=self.settings.data_dir, ui=False, ignore_configured=True, port=self.port
            )
        if self.worker is None:
            self.worker = subprocess.Popen(  # noqa: ASYNC220 - returns at once
                [sys.executable, "worker.py"],
                cwd=ROOT,
                env={
                    **os.environ,
                    "WAYMARK_DATA_DIR": str(self.settings.data_dir),
                    "TEMPORAL_ADDRESS": self.server.address,
                },
                stderr=self.worker_log.open("ab"),
            )
        return await patiently_connect(self.settings, self.server.address)

    @property
    def worker_log(self) -> Path:
        """What the workers said, one after another."""
        return self.settings.data_dir / "worker.log"

    def kill(self, *, server: bool) -> None:
        """kill -9."""
        if self.worker is not None:
            self.worker.kill()
            self.worker.wait()
            self.worker = None
        if server and self.server is not None:
            self.server.kill()
            self.server = None

    async def down(self) -> int:
        """End in good order; the worker's exit code."""
        code = 0
        if self.worker is not None:
            self.worker.send_signal(signal.SIGTERM)
            code = await asyncio.to_thread(self.worker.wait, 60)
        if self.server is not None:
            await self.server.stop()
        return code


@pytest.fixture
async def site(tmp_path: Path) -> Any:
    site = Site(load_settings(data_dir=tmp_path))
    yield site
    site.kill(server=True)
    sys.stderr.write(site.worker_log.read_text()[-20_000:])  # pytest shows it when the test failed


def furnish(settings: Settings) -> Database:
    """The records, with everybody and a role in them."""
    database = Database(settings.records_url)
    database.migrate()
    with database.session() as session:
        session.add_all(people(new_people()[:3]))
        session.flush()
        session.add(role_record(ROLE))
    return database


def patient_policy() -> Policy:
    """The policy that comes with Waymark, with more time for mentors."""
    policy = shipped_policy()
    rule = policy.tasks[TaskKind.MENTOR_REQUEST].model_copy(update={"within_days": DAYS_TO_ANSWER_A_MENTOR_REQUEST})
    return policy.model_copy(update={"tasks": {**policy.tasks, TaskKind.MENTOR_REQUEST: rule}})


def start(n: int) -> PlacementStart:
    """Four placements of one returner: enough for mentors to be short, which is none of this test's business."""
    return PlacementStart(
        case=f"R-KILL-{n}",
        returner=RETURNER,
        application=ELIGIBLE,
        role=ROLE,
        starts_on=datetime.now(UTC).date() + timedelta(days=20),
        weeks=26,  # far from over when the story ends, also on a machine that takes its time to come back
        policy=patient_policy(),
        started_by=HR,
        seconds_per_day=SECONDS_PER_DAY,
    )


async def live(
    handles: list[WorkflowHandle[Any, Any]], until: Callable[[dict[str, Any]], bool], *, answering: bool = True
) -> list[dict[str, Any]]:
    """People answer willingly until all cases have come that far."""
    began = heard = time.monotonic()
    while True:
        try:
            views = [await handle.query(Placement.view) for handle in handles]
        except RPCError as error:
            if time.monotonic() > heard + SILENCE_SECONDS:
                raise AssertionError(f"no case answers any more ({error}); the worker says why") from error
            await asyncio.sleep(0.2)  # nobody answers yet: server or worker are just coming back
            continue
        heard = time.monotonic()
        if all(until(view) for view in views):
            return views
        assert not any(has_ended(view) for view in views), f"ended early: {[_where(view) for view in views]}"
        if time.monotonic() > began + PATIENCE_SECONDS:
            raise AssertionError(f"did not get there: {[_where(view) for view in views]}")
        for handle, view in zip(handles, views, strict=True):
            for task in view["tasks"]:
                if answering and task["state"] == "open":
                    answer = willing(TaskKind(task["kind"]), task["facts"], asked_mentors(view))
                    message = AnswerTask(actor=task["assignee"], task=task["id"], answer=answer)
                    with suppress(WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError, RPCError):
                        await handle.execute_update("answer_task", message)
        await asyncio.sleep(0.05)


def _where(view: dict[str, Any]) -> dict[str, Any]:
    """How a case stands, for whoever reads that it went no further."""
    tasks = [(task["kind"], task["due_at"]) for task in view["tasks"] if task["state"] == "open"]
    return {"tasks": tasks, **{name: view.get(name) for name in ("stage", "week", "clock", "at_risk")}}


@pytest.mark.timeout(400)
@pytest.mark.long
async def test_killed_in_mid_case_nothing_is_lost_or_done_twice(site: Site) -> None:
    # Given four placements whose first mentor requests nobody answers
    database = furnish(site.settings)
    client = await site.up()
    starts = [start(n) for n in range(1, CASES + 1)]
    handles: list[WorkflowHandle[Any, Any]] = [
        await client.start_workflow(
            Placement.run, placement, id=f"placement-{placement.case}", task_queue=site.settings.task_queue
        )
        for placement in starts
    ]
    await live(handles, lambda view: bool(view["tasks"]), answering=False)

    # When server and worker are killed, and stay so for as long as reminders and expiry need
    site.kill(server=True)
    await asyncio.sleep((DAYS_TO_ANSWER_A_MENTOR_REQUEST + 1) * SECONDS_PER_DAY)
    client = await site.up()
    handles = [client.get_workflow_handle(f"placement-{placement.case}") for placement in starts]

    # Then what was missed has been told once: that nobody answered, and none of the reminders that were due meanwhile
    views = await live(handles, lambda view: view["tasks"][0]["state"] == "expired", answering=False)
    for view in views:
        letters = Counter(letter["what"] for letter in view["tasks"][0]["letters"])
        assert (letters["task_opened"], letters["task_expired"]) == (1, 1)
        assert letters["task_reminder"] < 2

    # And when the worker alone, then both, are killed again while everybody works
    await live(handles, lambda view: (view["week"] or 0) >= 2)
    site.kill(server=False)
    await site.up()
    await live(handles, lambda view: (view["week"] or 0) >= 4)
    site.kill(server=True)
    client = await site.up()
    handles = [client.get_workflow_handle(f"placement-{placement.case}") for placement in starts]
    await live(handles, lambda view: (view["week"] or 0) >= 6)
    for handle in handles:
        await handle.execute_update("withdraw", Withdraw(actor=RETURNER, reason="the story ends here"))
        await off_boarded(handle)

    # Then all cases are there, and records and mails hold everything once
    assert (await client.count_workflows("WorkflowType = 'Placement'")).count == CASES
    a_replayer = replayer()
    for placement, handle in zip(starts, handles, strict=True):
        view = await handle.query(Placement.view)
        expect_all_told_once(database, site.settings, placement.case, view)
        await a_replayer.replay_workflow(await handle.fetch_history())
    assert await site.down() == 0


def expect_all_told_once(database: Database, settings: Settings, case: str, view: dict[str, Any]) -> None:
    """Records and mails hold what the case says, each thing once."""
    with database.reading() as records:
        assert queries.case(records, case).outcome == "withdrawn"
        assert queries.inbox(records, case=case) == []
        assert len(queries.decisions(records, case)) == len(view["decisions"])
        assert problems_of(records, case) == []
        paid = pay_instructions(records, case)
        mails = Counter(records.scalars(select(MailRecord.message_id).where(MailRecord.case_id == case)))
    assert [instruction.n for instruction in paid] == list(range(1, len(view["stipends"]) + 1))
    start_day = datetime.fromisoformat(view["plan"]["start"]).date()
    worked = days_worked(start_day, paid[-1].last_day, [], paid_leave=False)
    assert sum(instruction.amount for instruction in paid) == earned(ROLE.stipend, worked).amount
    files = [file.name for file in (settings.maildir / "new").iterdir() if file.name.startswith(f"{case}.")]
    sent = sum(len(task["letters"]) for task in view["tasks"])
    assert len(files) == len(mails) > sent
