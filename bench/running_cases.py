"""Placements that run: a Temporal server and a worker, and so many cases that wait for their mentors' answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from sqlalchemy import func, select

from bench.processes import Measured, program
from bench.staff import Staff
from bench.surroundings import say, until
from domain.core.model import CaseId
from domain.placement.policy import Policy
from domain.registry.policy_file import read_policy
from engine.client import connect
from engine.devserver.server import DevServer
from engine.settings import Settings
from records.among import among
from records.database import Database
from records.tables.core import TaskRecord
from service.core.connecting import connected
from service.core.policies import DEFAULT_POLICY
from service.placement.starting import WantedPlacement, start_placement

WITHIN_SECONDS = 300.0


@dataclass(frozen=True)
class Running:
    """The cases, the ``address`` of the server, and the worker and the server as they are measured."""

    cases: Sequence[CaseId]
    address: str
    worker: Measured
    server: Measured


@asynccontextmanager
async def running_cases(settings: Settings, database: Database, staff: Staff, number: int) -> AsyncIterator[Running]:
    """For as long as the block runs. Raises ``DevServerError`` and ``RuntimeError`` where it can't be started."""
    server = await DevServer.start(data_dir=settings.data_dir, ui=False, progress=say, ignore_configured=True)
    try:
        environment = {
            "WAYMARK_DATA_DIR": str(settings.data_dir),
            "WAYMARK_RECORDS_URL": settings.records_url,
            "WAYMARK_LOG_FORMAT": "json",
            "TEMPORAL_ADDRESS": server.address,
        }
        async with program(["worker.py"], "worker ready", settings.data_dir / "worker.log", environment) as worker:
            cases = await _start(settings, database, staff, number, server.address)
            yield Running(cases, server.address, worker, Measured(server.pid or 0))
    finally:
        await server.stop()


async def _start(settings: Settings, database: Database, staff: Staff, number: int, address: str) -> list[CaseId]:
    """Start placements of people who have another one already, each in the next role; all of them ask somebody."""
    client = await connect(settings, address=address)
    policy = read_policy(DEFAULT_POLICY.read_text(encoding="utf-8"), DEFAULT_POLICY.name, Policy)
    cases = []
    for n, person in enumerate(staff.returners[:number]):
        role = staff.roles[(n + 1) % len(staff.roles)]
        wanted = WantedPlacement(returner=person, role=role.id, policy=policy, beside="one that is measured")
        started = await start_placement(connected(client), database, wanted, role.hr, settings.task_queue)
        cases.append(started.case)
    await until(lambda: _asking(database, cases) == number, WITHIN_SECONDS)
    return cases


def _asking(database: Database, cases: Sequence[CaseId]) -> int:
    """How many of these ask somebody, by the records."""
    asking = select(func.count(TaskRecord.case_id.distinct())).where(among(TaskRecord.case_id, cases))
    with database.reading() as session:
        return session.scalar(asking) or 0
