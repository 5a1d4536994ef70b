"""Records that hold thousands of cases, without a server: what lists, boards, pages and reports are measured on.

Each case has on record what a recorded one had at some moment of its life: most are on their way, one in eight has
ended. They are in the roles of a large company; one manager there has 200 open tasks.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import insert

from bench.recorded_lives import SEALS, TASKS, Rows, Snapshot, Values, snapshots, table_of
from bench.staff import MENTEES, PARTS, Staff, hire
from domain.cohort.state import CohortStage
from domain.core.case_rows import CohortRow, PartsRow
from domain.core.journal import JournalBatch
from domain.core.model import CaseId, CohortId, Party, PersonId
from domain.core.naming import cohort_case, path_case, placement_case
from domain.core.people import Role
from domain.registry.policy_file import read_any_policy
from engine.settings import ROOT
from records import seals
from records.database import Database
from records.journal import write
from records.ledger import TABLES, copy_to_files
from records.queries.core.policies import enter_content
from records.tables.core import CaseRecord

PLACEMENTS = ("placement-smooth", "placement-smooth", "placement-changed", "placement-confidential")
PATH = "path-certified"
PATH_EVERY = 10
"""Of so many cases the last is a learning path, within the placement before it."""
ENDED_EVERY = 8
COHORT_EVERY, COHORT_SIZE = 4, 50
TASKS_OF_MANAGER = 200
STEP = 19
"""From a case to the next of the same kind of life, so many moments: few cases are at moments anywhere in it, too."""
ASKED_DAYS_AGO = 10
"""What is open was asked today or up to so many days ago: some of it is overdue."""
AT_ONCE = 250
"""So many cases are written in a transaction."""

CASES = table_of(CaseRecord)
SEALED = {kind: table_of(record) for kind, record in TABLES.items()}


@dataclass
class Filled:
    """What there is on record: the ``staff``, the cases, the cohorts by their ids, and how many tasks."""

    staff: Staff
    cases: list[CaseId] = field(default_factory=list)
    cohorts: list[CohortId] = field(default_factory=list)
    tasks: int = 0


def fill(database: Database, cases: int) -> Filled:
    """Make the tables, and put so many cases there."""
    filling = _Filling(database, Filled(hire(database, returners=cases)), _lives(), datetime.now(UTC))
    filling.enter_policies()
    for first in range(0, cases, AT_ONCE):
        filling.add(range(first, min(first + AT_ONCE, cases)))
    filling.enter_cohorts()
    copy_to_files(database)
    return filling.filled


def _lives() -> dict[str, list[Snapshot]]:
    with TemporaryDirectory(prefix="waymark-bench-") as directory:
        scratch = Database(f"sqlite:///{Path(directory) / 'lives.db'}")
        scratch.migrate()
        found = {name: snapshots(name, scratch) for name in sorted({*PLACEMENTS, PATH})}
        scratch.close()
    return found


class _Filling:
    def __init__(
        self, database: Database, filled: Filled, lives: Mapping[str, Sequence[Snapshot]], now: datetime
    ) -> None:
        self._database, self.filled, self._lives, self._now = database, filled, lives, now
        self._open_of_manager = 0
        self._seals = _Seals(database.seals.key())

    def enter_policies(self) -> None:
        """Put on record what the policies say that the cases name."""
        with self._database.session() as session:
            for file in sorted((ROOT / "policies").glob("*.yaml")):
                enter_content(session, read_any_policy(file.read_text(encoding="utf-8"), file.name), self._now)

    def add(self, numbers: range) -> None:
        """Add the cases of these numbers."""
        together: Rows = defaultdict(list)
        for n in numbers:
            for table, rows in self._case(n).items():
                together[table] += rows
        together[SEALS] = self._seals.enter(together)
        self.filled.cases += [row["case_id"] for row in together[CASES]]
        self.filled.tasks += len(together[TASKS])
        with self._database.session() as session:
            for table, rows in together.items():
                session.execute(insert(table), rows)

    def _case(self, n: int) -> Rows:
        of_path = n % PATH_EVERY == PATH_EVERY - 1
        returner = n - of_path  # a path is of whoever has the placement before it
        staff = self.filled.staff
        person, role = staff.returners[returner], staff.roles[returner % len(staff.roles)]
        life = self._lives[PATH if of_path else PLACEMENTS[n % len(PLACEMENTS)]]
        snapshot = (
            life[-1] if n % ENDED_EVERY == ENDED_EVERY - 1 else life[n // len(PLACEMENTS) * STEP % (len(life) - 1)]
        )
        case = (path_case if of_path else placement_case)(person, role.id)
        later = self._now - snapshot.at - timedelta(days=n % ASKED_DAYS_AGO)
        rows = snapshot.like(case, role.id, self._people(n, person, role, snapshot), timedelta(days=later.days))
        rows[CASES][0]["cohort"] = None if of_path else self._cohort(n)
        return rows

    def _people(self, n: int, person: PersonId, role: Role, snapshot: Snapshot) -> dict[str, PersonId]:
        """Who plays which part in case number ``n``, those of trainings and exams included."""
        staff = self.filled.staff
        people: dict[str, PersonId] = {
            **role.model_dump(include=set(PARTS)),
            **dict.fromkeys((Party.RETURNER, Party.LEARNER), person),
            **dict.fromkeys((Party.TRAINER, Party.SUPERVISOR, Party.REVIEWER, Party.EXAMINER), role.second_manager),
            **{f"mentor {turn}": staff.mentors[n // MENTEES + turn - 1] for turn in (1, 2)},
        }
        asked = snapshot.open_tasks.get(Party.MANAGER, 0)
        if asked and self._open_of_manager + asked <= TASKS_OF_MANAGER:
            self._open_of_manager += asked
            people[Party.MANAGER] = staff.manager
        return people

    def _cohort(self, n: int) -> CohortId | None:
        """The cohort of case number ``n``: some are in none."""
        if n % COHORT_EVERY:
            return None
        cohort = f"BENCH-{n // COHORT_EVERY // COHORT_SIZE}"
        if cohort not in self.filled.cohorts:
            self.filled.cohorts.append(cohort)
        return cohort

    def enter_cohorts(self) -> None:
        """Put the cohorts on record, each with its HR."""
        hr = self.filled.staff.hr
        for cohort in self.filled.cohorts:
            row = CohortRow(
                cohort=cohort,
                at=self._now,
                title=f"Cohort {cohort}",
                policy="returnship-16-weeks@1",
                led_by=hr,
                stage=CohortStage.RUNNING,
                starts_on=self._now.date(),
                ends_on=None,
                participants=COHORT_SIZE,
                matched=COHORT_SIZE,
                ended=0,
                paused=False,
                at_risk=[],
            )
            parts = PartsRow(at=self._now, parts={Party.HR: [hr], Party.HR_LEAD: [hr]})
            with self._database.session() as session:
                write(session, JournalBatch(case=cohort_case(cohort), rows=[row, parts]))


class _Seals:
    """Seals rows as :mod:`records.ledger` does, thousands at once, in records that nobody else writes."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._n, self._last = 0, seals.FIRST
        self._of_decisions: dict[CaseId, str] = {}

    def enter(self, together: Rows) -> list[Values]:
        """Seal what is to be sealed among these rows; the rows for the list of seals."""
        return [self._entered(kind, row) for kind, table in SEALED.items() for row in together.get(table, ())]

    def _entered(self, kind: seals.Kind, row: Values) -> Values:
        case = row["case_id"]
        if kind == "decision":
            row["previous_seal"] = self._of_decisions.get(case, seals.FIRST)
        digest = seals.digest(self._key, kind, row)
        if kind == "decision":
            row["seal"] = self._of_decisions[case] = digest
        self._n, previous = self._n + 1, self._last
        self._last = seals.seal(self._key, self._n, digest, previous)
        return {
            "n": self._n,
            "case_id": case,
            "kind": kind,
            "row": row["n"],
            "key": seals.name_of(self._key),
            "digest": digest,
            "previous": previous,
            "seal": self._last,
        }
