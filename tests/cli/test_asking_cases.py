"""Asking cases what they know of their seals: nobody waits for ever where no worker answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import pytest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from cli import cases, seals
from cli.errors import CommandError
from domain.case import Done
from domain.placement_requests import ResumePlacement
from records.database import Database
from records.tampering import Checked


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
    assert (found.told, len(found.silent)) == (0, 100)
    assert server.asked == seals.AT_ONCE


async def test_cases_that_temporal_has_no_more_stop_nobody(database: Database) -> None:
    server = Silent(RPCStatusCode.NOT_FOUND)
    found = await seals.ask_cases(cast("Client", server), database, Checked(cases={f"R-{n}" for n in range(100)}))
    assert (len(found.silent), server.asked) == (100, 100)


REQUEST = ResumePlacement(actor="P-HR1")
DONE = Done(case="R-1", at=datetime(2027, 1, 4, tzinfo=UTC), says="done")


class GoingOn:
    """A workflow that goes on in a new run while the first updates come; it keeps their ids."""

    def __init__(self, turned_away: int) -> None:
        self.ids: list[str] = []
        self._turned_away = turned_away

    def get_workflow_handle(self, _: str) -> GoingOn:
        return self

    async def start_update(self, *_: Any, id: str, **__: Any) -> GoingOn:
        self.ids.append(id)
        if len(self.ids) <= self._turned_away:
            raise RPCError("unexpected workflow task failure", RPCStatusCode.FAILED_PRECONDITION, b"")
        return self

    async def result(self, **_: Any) -> Done:
        return DONE


async def test_what_comes_as_a_case_goes_on_in_a_new_run_is_sent_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "BETWEEN_TRIES", 0.01)
    workflow = GoingOn(turned_away=3)

    said = await cases.ask(cast("Client", workflow), "R-1", "pause", REQUEST, Done, 5)

    assert (said, len(workflow.ids), len(set(workflow.ids))) == (DONE, 4, 1)


async def test_what_is_turned_away_for_as_long_as_somebody_waits_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cases, "BETWEEN_TRIES", 0.01)

    with pytest.raises(CommandError, match="no worker answered"):
        await cases.ask(cast("Client", GoingOn(turned_away=10_000)), "R-1", "pause", REQUEST, Done, 0.1)
