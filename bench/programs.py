"""How long the programs take that people call: help, the inbox, the board and a report.

    .venv/bin/python -m bench.programs [--cases 10000] [--records sqlite|postgresql]

Fills the records of a temporary directory with so many cases, each as far as one of the recorded histories at some
moment, and runs each program three times: the median of the seconds it took, and of the processor's seconds in it.
Needs no server.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bench.filled_records import Filled, fill
from bench.surroundings import databases, of_its_own, options, say
from engine.exit import run_to_exit
from engine.settings import ROOT
from records.database import Database
from records.seal_files import SealFiles

TIMES = 3


@dataclass(frozen=True)
class Program:
    """A program as somebody calls it, and within how many seconds it should be over; none is aimed at for some."""

    words: tuple[str, ...]
    aim: float | None = None


PROGRAMS = (
    Program(("--help",), 0.3),
    Program(("placement", "--help")),
    Program(("tasks",), 0.7),
    Program(("board",), 0.7),
    Program(("tasks", "--json")),
    Program(("board", "--json")),
    Program(("report",)),
)


def programs_for(filled: Filled) -> list[Program]:
    """Those, and the lists of somebody with many tasks and of a cohort."""
    of_somebody = Program(("tasks", "--of", filled.staff.manager), 0.7)
    of_cohort = Program(("board", "--cohort", filled.cohorts[0]), 0.7)
    return [*PROGRAMS, of_somebody, of_cohort]


def measure(program: Program, environment: Mapping[str, str]) -> tuple[float, float]:
    """The medians of the seconds a program took, and of the processor's."""
    command = [sys.executable, str(ROOT / "starter.py"), *program.words]
    took, used = [], []
    for _ in range(TIMES):
        began, before = time.monotonic(), _children()
        subprocess.run(command, env={**os.environ, **environment}, capture_output=True, check=True)
        took.append(time.monotonic() - began)
        used.append(_children() - before)
    return statistics.median(took), statistics.median(used)


def _children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(cases: int, records: str) -> None:
    """The whole bench in a directory that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="waymark-bench-") as name:
        directory = Path(name)
        with databases(directory, records) as (url, _):
            settings = of_its_own(directory).model_copy(update={"records_url": url})
            database = Database(url, SealFiles(settings.seal_key, settings.seal_list))
            filled = fill(database, cases)
            say(f"{cases:,} cases with {filled.tasks:,} tasks")
            database.close()
            environment = {"WAYMARK_DATA_DIR": str(directory), "WAYMARK_RECORDS_URL": url}
            title = f"with {cases:,} cases"
            print(f"\n  {title:32}{'seconds':>9}{'processor':>11}{'aim':>7}")
            for program in programs_for(filled):
                seconds, processor = measure(program, environment)
                words = " ".join(program.words)
                print(f"  {words:32}{seconds:9.2f}{processor:11.2f}{program.aim or '':>7}", flush=True)


def arguments() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = options("bench.programs", __doc__, cases=10_000)
    asked = parser.parse_args()
    if asked.cases < 1:
        parser.error("at least one case")
    return asked


def main() -> int:
    """Run the bench; 1 where a program fails."""
    asked = arguments()
    try:
        run(asked.cases, asked.records)
    except subprocess.CalledProcessError as failed:
        say(f"{' '.join(failed.cmd[1:])} ended with {failed.returncode}: {failed.stderr.decode(errors='replace')}")
        return 1
    return 0


if __name__ == "__main__":
    run_to_exit(main)
