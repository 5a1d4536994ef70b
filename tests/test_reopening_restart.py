"""A worker is killed between a reopening and the new answer, and once more with the server: it goes on, once each."""

from __future__ import annotations

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from temporalio.client import Client, WorkflowHandle

from domain.core.case import Done, Withdraw
from domain.core.questions import TaskKind
from domain.core.reopening import ReopenTask
from domain.core.tasks import AnswerTask, Receipt
from engine.settings import load_settings
from records.tables.dispatch import MailRecord
from tests.office import HR, RETURNER, off_boarded
from tests.replaying import replayer
from tests.test_restart import Site, expect_all_told_once, furnish, live, start
from workflows.placement.workflow import Placement


@pytest.fixture
async def site(tmp_path: Path) -> Any:
    site = Site(load_settings(data_dir=tmp_path))
    yield site
    site.kill(server=True)


def handle_of(client: Client, case: str) -> WorkflowHandle[Any, Any]:
    return client.get_workflow_handle(f"placement-{case}")


def task_of(view: dict[str, Any], task_id: str) -> dict[str, Any]:
    found: dict[str, Any] = next(task for task in view["tasks"] if task["id"] == task_id)
    return found


@pytest.mark.timeout(400)
@pytest.mark.long
async def test_killed_between_a_reopening_and_the_new_answer(site: Site) -> None:
    # Given somebody who has withdrawn, and whom IT has ticked off by mistake
    database = furnish(site.settings)
    client = await site.up()
    placement = start(1)
    handle = await client.start_workflow(
        Placement.run, placement, id=f"placement-{placement.case}", task_queue=site.settings.task_queue
    )
    await live([handle], lambda view: (view["week"] or 0) >= 2)
    await handle.execute_update("withdraw", Withdraw(actor=RETURNER, reason="the story ends here"))
    (view,) = await live([handle], lambda view: view["stage"] == "offboarding", answering=False)
    item = next(task for task in view["tasks"] if task["kind"] == TaskKind.OFFBOARDING_ITEM and task["ref"] == "access")
    answer = AnswerTask(actor=item["assignee"], task=item["id"], answer={"done": True})
    await handle.execute_update("answer_task", answer, result_type=Receipt)

    # When HR reopens it while no worker is there, and the worker that takes it up is killed at once
    site.kill(server=False)
    reopen = ReopenTask(actor=HR, task=item["id"], reason="it was another account")
    asked = asyncio.create_task(handle.execute_update("reopen_task", reopen, result_type=Done))
    await asyncio.sleep(1)
    await site.up()
    assert "the first answer counts" in (await asked).sentence
    site.kill(server=True)
    client = await site.up()
    handle = handle_of(client, placement.case)

    # Then it is asked once more, once; and the first answer counts until the new one is there
    (view,) = await live([handle], lambda _: True, answering=False)
    (again,) = [task for task in view["tasks"] if task["reopens"] == item["id"]]
    assert (again["state"], task_of(view, item["id"])["state"]) == ("open", "answered")
    answer = AnswerTask(actor=again["assignee"], task=again["id"], answer={"done": True, "remark": "now it is"})
    await handle.execute_update("answer_task", answer, result_type=Receipt)
    site.kill(server=False)
    await site.up()
    await off_boarded(handle)

    view = await handle.query(Placement.view)
    assert (task_of(view, item["id"])["state"], task_of(view, again["id"])["state"]) == ("replaced", "answered")
    (entry,) = [entry for entry in view["offboarding"] if entry["key"] == "access"]
    assert entry["done_at"] == task_of(view, again["id"])["closed_at"]
    corrections = [said["decided"] for said in view["decisions"] if said["what"] == "correction"]
    assert corrections == [f"{item['id']} reopened", f"{item['id']} answered anew"]
    with database.reading() as records:
        told = Counter(records.scalars(select(MailRecord.template).where(MailRecord.case_id == placement.case)))
    assert told["task_reopened"] == 1
    expect_all_told_once(database, site.settings, placement.case, view)
    await replayer().replay_workflow(await handle.fetch_history())
    assert await site.down() == 0
