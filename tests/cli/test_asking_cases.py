"""Asking cases what they know of their seals: nobody waits for ever where no worker answers."""

from __future__ import annotations

from typing import Any, cast

from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from cli import seals
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
