"""What can't be read is refused with a sentence, wherever it comes in; nothing waits for ever and nothing is lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.common.v1 import Payload
from temporalio.client import Client, WorkflowFailureError, WorkflowQueryFailedError, WorkflowUpdateFailedError
from temporalio.common import RawValue
from temporalio.exceptions import ApplicationError
from temporalio.workflow import _Definition

from tests.certifying import certifying_in
from tests.office import HR, PATIENCE_SECONDS, Office, eventually, open_office, refusal
from tests.replaying import replayer
from workflows.registry import WORKFLOWS

KINDS = [_Definition.must_from_class(workflow).name for workflow in WORKFLOWS]


@pytest.fixture
async def office(client: Client, tmp_path: Path) -> AsyncIterator[Office]:
    async with open_office(client, tmp_path) as office:
        yield office


@pytest.mark.parametrize("argument", [{"case": "R-1"}, "nothing of the kind", b"bytes", None])
@pytest.mark.parametrize("kind", KINDS)
async def test_a_start_that_cannot_be_read_fails_and_says_why(office: Office, kind: str, argument: Any) -> None:
    handle = await office.client.start_workflow(kind, argument, id=f"{kind}-{id(argument)}", task_queue=office.queue)

    with pytest.raises(WorkflowFailureError) as failure:
        await asyncio.wait_for(handle.result(), PATIENCE_SECONDS)

    why = failure.value.cause
    assert isinstance(why, ApplicationError)
    assert why.type == "Refused.invalid"
    assert why.message.startswith(f"{kind} can't be read: ")
    if isinstance(argument, dict):
        assert ": " in why.message.removeprefix(f"{kind} can't be read: ")
    await replayer().replay_workflow(await handle.fetch_history())


async def test_a_start_without_its_argument_fails(office: Office) -> None:
    handle = await office.client.start_workflow("Placement", id="placement-bare", task_queue=office.queue)

    with pytest.raises(WorkflowFailureError) as failure:
        await asyncio.wait_for(handle.result(), PATIENCE_SECONDS)

    assert isinstance(failure.value.cause, ApplicationError)
    assert failure.value.cause.message == "Placement takes one argument, and got 0"


@pytest.mark.parametrize("encoding", ["binary/plain", "made/up"])
async def test_messages_that_are_no_json_are_refused_and_change_nothing(office: Office, encoding: str) -> None:
    """Given a running certification, then bytes and unknown encodings are refused or told like any other message."""
    async with certifying_in(office) as certifying:
        certificate = await certifying.start()
    message = RawValue(Payload(metadata={"encoding": encoding.encode()}, data=b"x"))

    with pytest.raises(WorkflowUpdateFailedError) as update:
        await certificate.handle.execute_update("take_exam", message)
    await certificate.handle.signal("tell_also", message)

    assert refusal(update.value) == "take_exam can't be read: it is no JSON"
    await eventually(lambda: any("could not be read" in mail["Subject"] for mail in office.mails(to=HR)))


async def test_messages_that_cannot_be_read_are_refused_and_change_nothing(office: Office) -> None:
    """Given a running placement, then an update and a query that can't be read are refused, a signal is told to HR, and
    the case goes on."""
    case = await office.start()
    await case.settled()

    with pytest.raises(WorkflowUpdateFailedError) as update:
        await case.handle.execute_update("answer_task", {"actor": "somebody", "answer": {}})
    with pytest.raises(WorkflowQueryFailedError, match="view takes no argument, and got 1"):
        await case.handle.query("view", "of what?")
    await case.handle.signal("learning_result", {"stage": "training"})

    assert refusal(update.value).startswith("answer_task can't be read: ")
    for field in ("actor: ", "task: "):
        assert field in refusal(update.value)
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (told := [mail for mail in office.mails(to=HR) if "could not be read" in mail["Subject"]]):
            await asyncio.sleep(0.05)
    assert "learning_result can't be read: case" in " ".join(str(told[0].get_payload()).split())
    assert await case.open_tasks()
    await case.pass_time(timedelta(hours=1))
    await replayer().replay_workflow(await case.handle.fetch_history())
