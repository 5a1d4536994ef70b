"""The mail server or the records can't be reached in mid-case: the case waits for nobody and loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from temporalio.client import Client

from domain.core.model import PersonId
from domain.core.questions import TaskKind
from engine.devserver import ports
from records.queries.core import cases as queries
from tests.office import PATIENCE_SECONDS, Case, Office, eventually, open_office
from tests.workflows.conftest import replays


class Mailroom:
    """A mail server's desk: keeps the Message-IDs of what came in."""

    def __init__(self) -> None:
        self.received: list[str] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        header = next(line for line in envelope.content.splitlines() if line.lower().startswith(b"message-id:"))
        self.received.append(header.split(b":", 1)[1].strip().decode())
        return "250 OK"


@pytest.fixture
async def port() -> int:
    return ports.some_free(1)[0]


@pytest.fixture
async def office(client: Client, tmp_path: Path, port: int) -> AsyncIterator[Office]:
    """An office whose mail goes to a server that is not there yet, and whose records can be taken away."""
    there = tmp_path / "records"
    there.mkdir()
    url = f"sqlite:///{there / 'waymark.db'}"
    async with open_office(client, tmp_path, smtp_url=f"smtp://127.0.0.1:{port}", records_url=url) as office:
        yield office
        await replays(office)


async def operators_see(case: Case, what: str) -> None:
    """Wait until a pending activity of the case names what can't be reached."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            pending = (await case.handle.describe()).raw_description.pending_activities
            if any(what in activity.last_failure.message for activity in pending):
                return
            await asyncio.sleep(0.05)


def in_records(office: Office, case: Case, kind: TaskKind) -> bool:
    """Whether an open task of this kind stands in the records."""
    with office.database.reading() as records:
        return any(task.kind == kind for task in queries.inbox(records, case=case.id))


async def test_a_mail_server_that_cant_be_reached_holds_up_neither_the_case_nor_the_records(
    office: Office, port: int
) -> None:
    case = await office.start()
    await eventually(lambda: in_records(office, case, TaskKind.MENTOR_REQUEST))
    (request,) = await case.open_tasks(TaskKind.MENTOR_REQUEST)
    await case.answer(request, yes=False, reason="no time")
    await eventually(lambda: in_records(office, case, TaskKind.MENTOR_REQUEST))
    assert (await case.view())["waiting"]["post"] > 0
    await operators_see(case, "127.0.0.1")

    mailroom = Mailroom()
    controller = Controller(mailroom, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        await eventually(lambda: len(mailroom.received) >= 2)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while (await case.view())["waiting"]["post"]:
                await asyncio.sleep(0.05)
    finally:
        controller.stop()

    view = await case.view()
    assert [task["assignee"] for task in view["tasks"]] == list(office.mentors[:2])
    assert len(mailroom.received) == len(set(mailroom.received)) == view["totals"]["letters"]


async def test_records_that_cant_be_reached_do_not_hold_up_the_case(office: Office, tmp_path: Path, port: int) -> None:
    controller = Controller(Mailroom(), hostname="127.0.0.1", port=port)
    controller.start()
    try:
        case = await office.start()
        item = await case.next_task(TaskKind.CHECKLIST_ITEM)
        await eventually(lambda: in_records(office, case, TaskKind.CHECKLIST_ITEM))
        (tmp_path / "records").rename(tmp_path / "moved")
        office.database.engine.dispose()

        receipt = await case.answer(item)
        assert receipt.by == item["assignee"]
        async with asyncio.timeout(PATIENCE_SECONDS):
            while item["id"] in {task["id"] for task in await case.open_tasks(TaskKind.CHECKLIST_ITEM)}:
                await asyncio.sleep(0.05)
        await operators_see(case, "waymark.db")

        (tmp_path / "moved").rename(tmp_path / "records")
        await eventually(lambda: answered_by(office, item["id"]) == item["assignee"])
    finally:
        controller.stop()


def answered_by(office: Office, task: str) -> PersonId | None:
    """By whom a task was answered, as far as the records know."""
    with office.database.reading() as records:
        return queries.task(records, task).answered_by
