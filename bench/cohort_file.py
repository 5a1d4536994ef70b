"""How fast a cohort file is checked and its people are stored, and how much memory that takes.

    .venv/bin/python -m bench.cohort_file [--rows 5000]

Makes files of any number of rows, the same ones each time: one without a mistake, one with ten in every row, one whose
rows all have the same id. Stores into SQLite in a temporary directory. Needs no server.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from domain.placement.policy import Policy
from domain.registry.policy_file import read_policy
from engine.exit import run_to_exit
from engine.settings import ROOT
from records.database import Database
from records.imports.cohort.cohort_csv import MOST_ROWS, read_cohort
from records.imports.cohort.people import known_records
from records.imports.cohort.report import CohortReport
from records.imports.core.people_and_roles import store_people, store_roles
from records.imports.core.people_csv import read_people
from records.imports.core.roles_yaml import read_roles
from service.core.policies import DEFAULT_POLICY

HEADER = (
    "id,name,email,time_zone,country,languages,skills,preferences,break_months,break_began,underemployed,"
    "experience_years,role,mentor,starts_on,weeks,gender"
)
TODAY = date(2026, 9, 1)
HR = "P-7LM2ZA"
ROLES, MENTORS = ("DATA1", "SOFT1", "OPS1"), ("", "P-3MT8KW", "P-6NB4YV", "P-9QA5DT", "P-4XS2HJ")

SECONDS = 10
"""The aim: 5,000 rows take less, whatever is in them."""

MORE, LONGER = 5, 8
"""The aim: a file four times as long takes at most so many times the memory, and so many times as long (by the clock
of the processor, which varies; what grows with the square would take sixteen times as long)."""


def clean(n: int) -> str:
    """A row without a mistake."""
    began = "" if n % 2 else f"{1 + n % 28:02}.{1 + n % 12:02}.{2018 + n % 7}"
    return (
        f'P-{n:06},"Name {n}, Given",p{n}@example.org,Europe/London,GB-ENG,en; fr,sql; skill {n % 50},data,'
        f"{12 + n % 100 if n % 2 else ''},{began},no,{5 + n % 20},{ROLES[n % 3]},{MENTORS[n % 5]},05.10.2026,16,woman"
    )


def wrong(n: int) -> str:
    """A row with ten mistakes, one of them the same mail address as in all others."""
    return f"P-{n:06},=1+1,none,Mars,ZZ,en,sql,data,3,,no,5,NONE,P-NOBODY,05.10.2025,{30 + n % 60},woman"


def same(n: int) -> str:
    """A row of somebody who is in all the others too."""
    return clean(n).replace(f"P-{n:06}", "P-000000")


@dataclass(frozen=True)
class Measured:
    """What a file took: seconds to check it (also of the processor), seconds to store what is clean of it, and the most
    bytes that Python held."""

    checking: float
    processor: float
    storing: float
    peak: int
    report: CohortReport


def a_file(row: Callable[[int], str], rows: int) -> bytes:
    """A file of so many rows under its header."""
    return "\r\n".join([HEADER, *map(row, range(rows)), ""]).encode("utf-8-sig")


@contextmanager
def staffed() -> Iterator[Database]:
    """Records with the people and roles of the examples, in a directory that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as directory:
        database = Database(f"sqlite:///{Path(directory) / 'waymark.db'}")
        try:
            database.migrate()
            with database.session() as session:
                people = read_people((ROOT / "examples" / "people.csv").read_bytes())
                store_people(session, people)
                known = {person.id for person in people.people}
                store_roles(session, read_roles((ROOT / "examples" / "roles.yaml").read_bytes(), known=known))
            yield database
        finally:
            database.close()


def check_and_store(source: bytes, policy: Policy) -> Measured:
    """Read and store in new records, as the command line does it."""
    with staffed() as database, database.session() as session:
        begin, processor = time.perf_counter(), time.process_time()
        known = known_records(session)
        report = read_cohort(source, known, policy, day_order="dmy", today=TODAY, started_by=HR)
        between, processor = time.perf_counter(), time.process_time() - processor
        store_people(session, report, clean_only=True)
        peak = tracemalloc.get_traced_memory()[1]
        return Measured(between - begin, processor, time.perf_counter() - between, peak, report)


def measure(row: Callable[[int], str], rows: int, policy: Policy) -> Measured:
    """Once for the time, and once more with memory traced, which is several times slower."""
    source = a_file(row, rows)
    measured = check_and_store(source, policy)
    tracemalloc.start()
    try:
        return replace(measured, peak=check_and_store(source, policy).peak)
    finally:
        tracemalloc.stop()


def line(what: str, rows: int, took: Measured) -> str:
    """A line of what was measured."""
    return (
        f"  {what:<22} {took.checking:6.2f} s {rows / took.checking:>8,.0f} rows/s {took.storing:8.2f} s "
        f"{took.peak / 2**20:8.1f} MiB {len(took.report.participants):>7,} {len(took.report.problems):>9,}"
    )


def verdict(small: Measured, large: Measured) -> str:
    """Whether the aims were met."""
    seconds = large.checking + large.storing
    longer, more = large.processor / small.processor, large.peak / small.peak
    return (
        f"under {SECONDS} s: {_met(seconds < SECONDS)} ({seconds:.2f} s); compared with a quarter of the rows: "
        f"{longer:.1f} times as long, {more:.1f} times the memory: {_met(longer <= LONGER and more <= MORE)}"
    )


def _met(met: bool) -> str:
    return "met" if met else "MISSED"


def main() -> int:
    """Run the bench."""
    parser = argparse.ArgumentParser(prog="bench.cohort_file", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rows", type=int, default=5_000, metavar="N", help="rows of each file")
    rows = parser.parse_args().rows
    if not 400 <= rows <= MOST_ROWS:
        parser.error(f"400 to {MOST_ROWS:,} rows")
    policy = read_policy(DEFAULT_POLICY.read_text(encoding="utf-8"), DEFAULT_POLICY.name, Policy)
    verdicts = []
    print(f"Cohort files of {rows:,} rows, checked and stored into SQLite\n")
    print(f"  {'':<22} {'checked':>24} {'stored':>10} {'memory':>12} {'clean':>7} {'problems':>9}")
    for what, row in (("no mistake", clean), ("ten in every row", wrong), ("the same id in all", same)):
        print(f"measuring: {what}", file=sys.stderr, flush=True)
        small, large = (measure(row, number, policy) for number in (rows // 4, rows))
        print(line(what, rows, large), flush=True)
        verdicts.append(f"  {what}: {verdict(small, large)}")
    print("\n".join(["\nAims", *verdicts]))
    return 0


if __name__ == "__main__":
    run_to_exit(main)
