"""Cohorts: check the file of one."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from cli.errors import CommandError
from cli.options import DEFAULT_POLICY, AsJson, ExistingFile
from cli.output import say_result, show
from cli.resources import check_known, read_text, records

if TYPE_CHECKING:
    from domain.policy import Policy
    from records.database import Database
    from records.import_report import CohortReport

app = typer.Typer(help="Cohorts: check the file of one.", no_args_is_help=True)

PolicyFile = Annotated[
    Path,
    typer.Option(
        exists=True,
        dir_okay=False,
        metavar="FILE",
        help="The policy of all its placements.",
        show_default="policies/returnship-16-weeks.yaml",
    ),
]
DayOrder = Annotated[
    Literal["iso", "dmy", "mdy", "ymd"],
    typer.Option(help="In which order the file writes day, month and year, besides 2026-09-07, which it always may."),
]
Starter = Annotated[
    str | None,
    typer.Option("--as", metavar="P-…", help="Who is going to start it: then checked to be HR of each role."),
]


@app.callback()
def cohorts() -> None:
    """Cohorts: check the file of one."""


@app.command()
def check(
    file: ExistingFile,
    policy: PolicyFile = DEFAULT_POLICY,
    actor: Starter = None,
    day_order: DayOrder = "iso",
    as_json: AsJson = False,
) -> None:
    """Check the CSV file of a cohort, row by row, against the policy and the records; nothing is stored or started.

    Exit code 1 when anything is wrong.
    """
    from cli.cohort_report import check_lines, check_result, refusal

    with records() as database:
        check_known(database, [actor])
        report = _read(database, file, _policy(policy), actor, day_order)
    if as_json:
        say_result(check_result(file.name, report))
    else:
        show(*check_lines(file.name, report))
    if report.problems:
        raise CommandError(refusal(file.name, report), "invalid")


def _policy(file: Path) -> Policy:
    from domain.policy import Policy
    from domain.policy_file import read_policy

    return read_policy(read_text(file), file.name, Policy)


def _read(database: Database, file: Path, policy: Policy, actor: str | None, day_order: DayOrder) -> CohortReport:
    from cli.learners import today
    from records.cohort_csv import MOST_BYTES, read_cohort
    from records.cohort_imports import known_records

    with file.open("rb") as opened:
        source = opened.read(MOST_BYTES + 1)
    with database.reading() as session:
        known = known_records(session)
    return read_cohort(source, known, policy, day_order=day_order, today=today(), started_by=actor)
