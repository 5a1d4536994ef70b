"""Cohorts: check the file of one, launch it; then look at it, and change it."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.cohort import running as running_cohort
from cli.cohort.check_report import check_lines, check_result, refusal
from cli.core.commands import Commands
from cli.core.errors import CommandError
from cli.core.options import (
    DEFAULT_TIMEOUT,
    Actor,
    AsJson,
    Beside,
    CohortArgument,
    Day,
    DayOrder,
    ExistingFile,
    SecondsPerDay,
    Timeout,
    an_id,
    policy_option,
)
from cli.core.output import say, say_result, show
from cli.core.resources import read_bytes, read_placement_policy, run
from domain.core.clock import REAL_LIFE
from engine.settings import load_settings
from records.imports.cohort.report import CohortReport
from records.imports.core.csv_text import MOST_BYTES
from service.cohort import checking
from service.cohort.checking import CohortFile
from service.cohort.launching import Launched, launch_file
from service.cohort.running import WantedCohort
from service.core.connecting import temporal
from service.core.environment import records
from service.core.policies import DEFAULT_POLICY

app = Commands()

PolicyFile = Annotated[
    Path,
    policy_option("The policy of all its placements.", DEFAULT_POLICY),
]
PolicyOfLaunch = Annotated[
    Path | None,
    policy_option("The policy of all its placements; a cohort that is there keeps its own.", DEFAULT_POLICY),
]
UpdatePeople = Annotated[
    bool, typer.Option("--update-people", help="Change people on record where the file says otherwise of them.")
]
Starter = Annotated[
    str | None,
    typer.Option(
        "--as", parser=an_id, metavar="P-…", help="Who is going to start it: then checked to be HR of each role."
    ),
]


@app.command()
def check(
    file: ExistingFile,
    policy: PolicyFile = DEFAULT_POLICY,
    actor: Starter = None,
    cohort: Annotated[
        str | None,
        typer.Option(parser=an_id, metavar="COHORT", help="The cohort it is for, where some take part in it already."),
    ] = None,
    day_order: DayOrder = "iso",
    update_people: UpdatePeople = False,
    beside: Beside = None,
    as_json: AsJson = False,
) -> None:
    """Check the CSV file of a cohort, row by row, against the policy and the records; nothing is stored or started.

    It tells what a launch would refuse, and what it would change of people on record. Exit code 1 when
    anything is wrong.
    """
    given = CohortFile(file.name, read_bytes(file, MOST_BYTES), day_order, update_people, beside)
    rules = read_placement_policy(policy)
    with records() as database:
        report = checking.check(database, given, rules, actor, cohort)
    if as_json:
        say_result(check_result(file.name, report))
    else:
        _show_check(file, report)
    if report.problems:
        raise CommandError(refusal(file.name, report), "invalid")


@app.command()
def launch(
    file: ExistingFile,
    cohort: CohortArgument,
    actor: Actor,
    policy: PolicyOfLaunch = None,
    title: Annotated[str | None, typer.Option(metavar="TEXT", help="What people call it; else its id.")] = None,
    starts_on: Day = None,
    weeks: Annotated[int | None, typer.Option(min=1, max=104, help="How long; else as the policy says.")] = None,
    day_order: DayOrder = "iso",
    beside: Beside = None,
    clean_only: Annotated[
        bool, typer.Option("--clean-only", help="Launch the clean rows of a file with problems.")
    ] = False,
    update_people: UpdatePeople = False,
    seconds_per_day: SecondsPerDay = REAL_LIFE,
    timeout: Timeout = DEFAULT_TIMEOUT,
    as_json: AsJson = False,
) -> None:
    """Launch a cohort with the people of a CSV file; where it is there already, add those who are new.

    A launch that broke off, given once more, goes on where that one ended. It begins on the first Monday at least four
    weeks from today, unless you say otherwise. Exit code 1 when anything is wrong, also where the clean rows were
    launched.
    """
    wanted = WantedCohort(
        cohort=cohort,
        led_by=actor,
        policy=read_placement_policy(policy) if policy else None,
        title=title,
        starts_on=starts_on.date() if starts_on else None,
        weeks=weeks,
        seconds_per_day=seconds_per_day,
    )
    given = CohortFile(file.name, read_bytes(file, MOST_BYTES), day_order, update_people, beside)
    with records() as database:
        database.migrate()
        launching = launch_file(
            temporal,
            database,
            wanted,
            given,
            by_default=read_placement_policy(DEFAULT_POLICY),
            clean_only=clean_only,
            task_queue=load_settings().task_queue,
            seconds=timeout,
        )
        report, launched = run(launching)
    _say(file, report, launched, as_json=as_json)
    if launched is None:
        raise CommandError(f"{refusal(file.name, report)}; nothing was launched", "invalid")
    if report.problems:
        left_out = report.entries - len(report.participants)
        rows = "1 row was" if left_out == 1 else f"{left_out:,} rows were"
        raise CommandError(f"{refusal(file.name, report)}; {rows} left out", "invalid")


def _say(file: Path, report: CohortReport, launched: Launched | None, *, as_json: bool) -> None:
    if as_json:
        say_result({**check_result(file.name, report), "launched": _as_json(launched) if launched else None})
        return
    _show_check(file, report)
    if launched is not None:
        for note in launched.notes:
            say(note)
        begun = "goes on" if launched.already_running else "has started"
        there = f", {len(launched.there):,} there already" if launched.there else ""
        say(f"{launched.cohort} {begun}: {len(launched.new):,} new{there}")


def _as_json(launched: Launched) -> dict[str, Any]:
    return asdict(launched) | {"stored": launched.stored.model_dump(mode="json")}


def _show_check(file: Path, report: CohortReport) -> None:
    show(*check_lines(file.name, report))


app.command("list")(running_cohort.list_all)
app.command()(running_cohort.view)
app.command()(running_cohort.matching)
app.command()(running_cohort.rematch)
app.command()(running_cohort.pause)
app.command()(running_cohort.resume)
app.command()(running_cohort.close)
