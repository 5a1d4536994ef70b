"""How fast a file of O*NET's shape and size is imported, and how much memory that takes.

    .venv/bin/python -m bench.onet_import [--rows 60000]

Makes files of any number of rows, the same ones each time, and imports them into SQLite in a temporary directory. Needs
no server.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from engine.exit import run_to_exit
from records.database import Database
from records.imports.core.report import Stored
from records.imports.learning.onet import read_onet
from records.imports.learning.storing import store_profiles

HEADER = (
    "O*NET-SOC Code",
    "Element ID",
    "Element Name",
    "Scale ID",
    "Data Value",
    "N",
    "Standard Error",
    "Lower CI Bound",
    "Upper CI Bound",
    "Recommend Suppress",
    "Not Relevant",
    "Date",
    "Domain Source",
)
ELEMENTS = 35
"""As many as O*NET's skills, each with two rows in every occupation."""

SUPPRESSED, NOT_RELEVANT = 0.02, 0.06
"""Shares of the rows that are left out."""

SECONDS = 10
"""The aim: an import of 60,000 rows takes less."""

GROWTH = 1.25
"""The aim: a file four times as long takes at most so many times the memory."""


def lines(rows: int) -> Iterator[str]:
    """A file of O*NET's shape with so many rows under its header."""
    yield "\t".join(HEADER)
    yield from islice(_rows(random.Random(4)), rows)


def _rows(chance: random.Random) -> Iterator[str]:
    for occupation in range(90 * 9_000):
        code = f"{11 + occupation // 9_000}-{1_000 + occupation % 9_000}.00"
        for element in range(ELEMENTS):
            start = f"{code}\t2.A.{element // 10}.{element % 10}\tSkill number {element}"
            suppress = "Y" if chance.random() < SUPPRESSED else "N"
            relevant = "Y" if chance.random() < NOT_RELEVANT else "N"
            importance, level = chance.uniform(1, 5), chance.uniform(0, 7)
            end = "08/2025\tAnalyst"
            yield f"{start}\tIM\t{importance:.2f}\t8\t0.1250\t2.7550\t3.2450\t{suppress}\tn/a\t{end}"
            yield f"{start}\tLV\t{level:.2f}\t8\t0.1250\t2.7550\t3.2450\t{suppress}\t{relevant}\t{end}"


@contextmanager
def prepared(rows: int) -> Iterator[tuple[Path, Database]]:
    """A file of so many rows, and empty records, in a directory that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as directory:
        file = Path(directory) / "Skills.txt"
        with file.open("w", encoding="utf-8", newline="") as out:
            out.writelines(f"{line}\r\n" for line in lines(rows))
        database = Database(f"sqlite:///{Path(directory) / 'waymark.db'}")
        try:
            database.migrate()
            yield file, database
        finally:
            database.close()


def import_file(file: Path, database: Database) -> Stored:
    """Read and store, as the command line does it."""
    report = read_onet([file])
    with database.session() as session:
        return store_profiles(session, report)


def seconds_for(rows: int) -> tuple[float, float]:
    """How long an import into empty records takes, and the same import again, which changes nothing."""
    with prepared(rows) as (file, database):
        begin = time.perf_counter()
        say(str(import_file(file, database)))
        between = time.perf_counter()
        say(str(import_file(file, database)))
        return between - begin, time.perf_counter() - between


def peak_for(rows: int) -> int:
    """The most bytes that Python held during an import; tracing them makes it several times slower."""
    with prepared(rows) as (file, database):
        tracemalloc.start()
        try:
            import_file(file, database)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()


def report(rows: int, seconds: tuple[float, float], peaks: tuple[int, int]) -> None:
    """Print what was measured."""
    first, again = seconds
    small, large = peaks
    print(
        f"\nA file of O*NET's shape with {rows:,} rows, imported into SQLite\n\n"
        f"  into empty records   {first:6.2f} s {rows / first:>12,.0f} rows/s\n"
        f"  once more, unchanged {again:6.2f} s {rows / again:>12,.0f} rows/s\n"
        f"  memory at the most   {large / 2**20:6.1f} MiB; of a quarter of the file {small / 2**20:.1f} MiB\n\n"
        f"Aims\n  under {SECONDS} s: {_verdict(first < SECONDS)} ({first:.2f} s)\n"
        f"  a file four times as long takes at most {GROWTH} times the memory: {_verdict(large <= GROWTH * small)} "
        f"({large / small:.2f})"
    )


def _verdict(met: bool) -> str:
    return "met" if met else "MISSED"


def say(text: str) -> None:
    """Tell whoever waits how far it is."""
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """Run the bench."""
    parser = argparse.ArgumentParser(prog="bench.onet_import", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--rows", type=int, default=60_000, metavar="N", help="rows of the file")
    rows = parser.parse_args().rows
    if not 20_000 <= rows <= 10_000_000 or rows % 8:
        parser.error("20,000 to 10,000,000 rows, a multiple of 8, so that a quarter of them ends with a whole pair")
    seconds = seconds_for(rows)
    say("once more with memory traced, which is slower")
    report(rows, seconds, (peak_for(rows // 4), peak_for(rows)))
    return 0


if __name__ == "__main__":
    run_to_exit(main)
