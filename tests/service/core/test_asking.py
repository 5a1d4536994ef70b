"""Asking cases, and what they know of their seals: nobody waits for ever where no worker answers."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import Any, cast

import pytest
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from domain.core.case import Done
from domain.core.tasks import REFUSED
from domain.core.updates import Update
from domain.placement.requests import ResumePlacement
from records.database import Database
from records.tampering import Checked
from service.core import asking, seals
from service.core.errors import Refused, RefusedByCase, Unreachable


class Silent:
    """A Temporal server without a worker; it counts who is asked."""

    def __init__(self, status: RPCStatusCode) -> None:
        self.asked = 0
        self._status = status

    def get_workflow_handle(self, _: str) -> Silent:
        return self

    async def query(self, *_: Any, **__: Any) -> Any:
        self.asked += 1
        raise RPCError("no answer", self._status, b"")


async def test_where_no_worker_answers_only_the_first_are_waited_for(database: Database) -> None:
    server = Silent(RPCStatusCode.DEADLINE_EXCEEDED)
    found = await seals.ask_cases(cast("Client", server), database, Checked(cases={f"R-{n}" for n in range(100)}))
    assert (found.answered, len(found.silent)) == (0, 100)
    assert server.asked == seals.AT_ONCE


async def test_cases_that_temporal_has_no_more_stop_nobody(database: Database) -> None:
    server = Silent(RPCStatusCode.NOT_FOUND)
    found = await seals.ask_cases(cast("Client", server), database, Checked(cases={f"R-{n}" for n in range(100)}))
    assert (len(found.silent), server.asked) == (100, 100)


REQUEST = ResumePlacement(actor="P-HR1")
DONE = Done(case="R-1", at=datetime(2027, 1, 4, tzinfo=UTC), sentence="done")


class Busy:
    """A workflow that hears nobody while the first updates come; it keeps their ids."""

    def __init__(self, turned_away: int, status: RPCStatusCode) -> None:
        self.ids: list[str] = []
        self._turned_away, self._status = turned_away, status

    def get_workflow_handle(self, _: str) -> Busy:
        return self

    async def start_update(self, *_: Any, id: str, **__: Any) -> Busy:
        self.ids.append(id)
        if len(self.ids) <= self._turned_away:
            raise RPCError("turned away", self._status, b"")
        return self

    async def result(self, **_: Any) -> Done:
        return DONE


@pytest.mark.parametrize(
    "status", [RPCStatusCode.ABORTED, RPCStatusCode.FAILED_PRECONDITION, RPCStatusCode.RESOURCE_EXHAUSTED]
)
async def test_what_comes_as_a_case_goes_on_in_a_new_run_or_has_much_in_hand_is_sent_again(
    database: Database, monkeypatch: pytest.MonkeyPatch, status: RPCStatusCode
) -> None:
    monkeypatch.setattr(asking, "BETWEEN_TRIES", 0.01)
    workflow = Busy(3, status)

    said = await asking.ask(cast("Client", workflow), database, "R-1", Update.PAUSE, REQUEST, Done, 5)

    assert (said, len(workflow.ids), len(set(workflow.ids))) == (DONE, 4, 1)


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        (RPCStatusCode.FAILED_PRECONDITION, "no worker answered"),
        (RPCStatusCode.RESOURCE_EXHAUSTED, "R-1 is asked too much at once; try again in a moment"),
    ],
)
async def test_what_is_turned_away_for_as_long_as_somebody_waits_is_told(
    database: Database, monkeypatch: pytest.MonkeyPatch, status: RPCStatusCode, sentence: str
) -> None:
    monkeypatch.setattr(asking, "BETWEEN_TRIES", 0.01)

    with pytest.raises(Unreachable, match=sentence):
        await asking.ask(cast("Client", Busy(10_000, status)), database, "R-1", Update.PAUSE, REQUEST, Done, 0.1)


class Slow(Busy):
    """A workflow that takes its time to hear an update; on this task queue."""

    task_queue = "waymark"

    async def describe(self) -> Slow:
        return self

    async def start_update(self, *arguments: Any, id: str, **more: Any) -> Busy:
        await asyncio.sleep(0.3)
        return await super().start_update(*arguments, id=id, **more)


async def test_a_case_that_takes_its_time_is_waited_for_while_somebody_works(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[str] = []

    async def somebody_polls(_: Client, task_queue: str) -> bool:
        looked_at.append(task_queue)
        return False

    monkeypatch.setattr(asking, "LOOKS_FOR_WORKERS", 0.1)
    monkeypatch.setattr(asking, "nobody_polls", somebody_polls)
    workflow = Slow(0, RPCStatusCode.ABORTED)

    said = await asking.ask(cast("Client", workflow), database, "R-1", Update.PAUSE, REQUEST, Done, 5)

    assert (said, len(workflow.ids)) == (DONE, 1)
    assert {*looked_at} == {"waymark"}


class Failing:
    """A workflow whose updates fail in this way."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def get_workflow_handle(self, _: str) -> Failing:
        return self

    async def start_update(self, *_: Any, **__: Any) -> Any:
        raise self._error


OF_A_LIBRARY = "gRPC frame exploded at 0x7f"


@pytest.mark.parametrize(
    ("error", "kind", "sentence"),
    [
        (
            WorkflowUpdateFailedError(ApplicationError("back_on: must be later", type=f"{REFUSED}invalid")),
            RefusedByCase,
            "back_on: must be later",
        ),
        (
            WorkflowUpdateFailedError(ApplicationError(OF_A_LIBRARY, type="KeyError")),
            RefusedByCase,
            "R-1 could not do that; look at it before you ask again",
        ),
        (
            WorkflowUpdateFailedError(ApplicationError(OF_A_LIBRARY)),
            RefusedByCase,
            "R-1 could not do that; look at it before you ask again",
        ),
        (
            RPCError(OF_A_LIBRARY, RPCStatusCode.INVALID_ARGUMENT, b""),
            Refused,
            "Temporal does not take this for R-1; it may be too long",
        ),
        (
            RPCError(OF_A_LIBRARY, RPCStatusCode.PERMISSION_DENIED, b""),
            Unreachable,
            "Temporal could not do it (permission denied); try again later",
        ),
    ],
)
async def test_only_what_a_case_says_itself_is_told_in_its_words(
    database: Database, caplog: pytest.LogCaptureFixture, error: Exception, kind: type[Exception], sentence: str
) -> None:
    with pytest.raises(kind) as told:
        await asking.ask(cast("Client", Failing(error)), database, "R-1", Update.PAUSE, REQUEST, Done, 0.1)

    assert str(told.value) == sentence
    of_a_library = sentence != "back_on: must be later"
    assert any(OF_A_LIBRARY in getattr(record, "reason", "") for record in caplog.records) == of_a_library
