"""A console on the records of an office whose placements run on the real server."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from temporalio.client import Client
from temporalio.service import RPCError

from domain.core.access import Duty
from domain.core.model import PersonId
from domain.core.naming import departure_workflow_id
from domain.core.questions import TaskKind
from records.tables.access import GrantRecord
from service.core.connecting import connected
from tests.office import HR, MANAGER, Case, Office, open_of, open_office
from tests.web.console import Clock, Console, Visitor, open_console

OPERATOR = "P-STANDIN"
"""Nobody's part is theirs; they are an operator."""


@dataclass
class Running:
    """A console and the office whose placements it shows."""

    console: Console
    office: Office

    def visitor(self, person: PersonId) -> Visitor:
        """Somebody who is signed in."""
        return self.console.visitor(person)

    async def in_placement(self, **more: Any) -> Case:
        """A placement whose first day has come: goals are proposed, and the mentor is found."""
        case = await self.office.start(**more)
        await case.go_on(until=lambda view: open_of(view, TaskKind.GOALS), unanswered=[TaskKind.GOALS])
        return case


@asynccontextmanager
async def opened(client: Client, directory: Path) -> AsyncIterator[Running]:
    """A console and its office; one more person is an operator."""
    async with open_office(client, directory) as office:
        with office.database.session() as session:
            session.add(
                GrantRecord(
                    person=OPERATOR,
                    duty=Duty.OPERATOR.value,
                    role=None,
                    granted_by=HR,
                    granted_at=Clock()(),
                    revoked_by=None,
                    revoked_at=None,
                )
            )
        made = open_console(
            directory,
            connect=connected(client),
            database=office.database,
            task_queue=office.queue,
            temporal_ui="http://localhost:8233",
        )
        async with made as console:
            yield Running(console, office)
    await _forget_departure(client)


async def _forget_departure(client: Client) -> None:
    """The manager is the same person in all tests: a departure that has not ended yet would wait for this office."""
    with suppress(RPCError):
        await client.get_workflow_handle(departure_workflow_id(MANAGER)).terminate()
