"""The command ``rehearse``: read what is to be rehearsed, rehearse it, show the report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer

from cli.core.commands import Commands
from cli.core.errors import CommandError
from cli.core.options import AsJson, Day, ExistingFile, a_file, a_file_to_write, an_id, policy_option
from cli.core.output import say, say_result, show, warn, write_page
from cli.core.resources import read_bytes, read_placement_policy, read_text
from cli.reporting.table import render
from domain.placement.policy import Policy
from engine.devserver.progress import Progress
from languages.speech import Speech
from records.database import Database
from records.imports.core.csv_text import MOST_BYTES
from records.imports.core.date_cells import DayOrder
from records.queries.core.policies import OtherContent
from rehearsal.cleaner import stop_when_the_input_ends
from rehearsal.figures import Rehearsed
from rehearsal.habits import DEFAULT_HABITS, Habits, HabitsError, read_habits
from rehearsal.inputs import Inputs, names_of, read_inputs
from rehearsal.run import Interrupted, rehearse_all
from rehearsal.sections import headline, sections
from service.core.environment import records
from service.core.people import check_known
from service.core.policies import DEFAULT_POLICY, check_on_record
from service.core.today import today
from service.placement.starting import first_start_date

app = Commands()


@dataclass(frozen=True)
class RehearsalOptions:
    """What was asked for on the command line. ``seed`` is that of the first of ``runs``."""

    file: Path
    policy: Path
    against: Path | None
    people: Path | None
    led_by: str | None
    starts_on: date | None
    day_order: DayOrder
    seed: int
    runs: int
    seconds_per_day: float | None
    html: Path | None
    as_json: bool


@app.command()
def rehearse(
    file: ExistingFile,
    policy: Annotated[
        Path,
        policy_option("The policy to be tried.", DEFAULT_POLICY),
    ] = DEFAULT_POLICY,
    against: Annotated[
        Path | None,
        typer.Option(parser=a_file, metavar="FILE", help="A second policy, tried with the same people."),
    ] = None,
    seed: Annotated[int, typer.Option(min=0, help="Which people: the same seed behaves the same.")] = 1,
    runs: Annotated[
        int, typer.Option(min=1, max=50, help="So many seeds, from this one on, to see how it varies.")
    ] = 1,
    people: Annotated[
        Path | None,
        typer.Option(
            parser=a_file,
            metavar="FILE",
            help="How people behave.",
            show_default="rehearsal/people.yaml",
        ),
    ] = None,
    actor: Annotated[
        str | None,
        typer.Option(
            "--as", parser=an_id, metavar="P-…", help="Who starts the cohort; else whoever is HR of all roles."
        ),
    ] = None,
    starts_on: Day = None,
    day_order: Annotated[
        Literal["iso", "dmy", "mdy", "ymd"], typer.Option(help="In which order the file writes day, month and year.")
    ] = "iso",
    seconds_per_day: Annotated[
        float | None,
        typer.Option(min=0.01, max=60, help="Real seconds for each day; else as fast as two cores can take."),
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option(parser=a_file_to_write, metavar="FILE", help="Write one page with charts, to be mailed."),
    ] = None,
    as_json: AsJson = False,
    until_input_ends: Annotated[
        bool,
        typer.Option("--until-input-ends", help="Stop once standard input ends: for a program that runs this one."),
    ] = False,
) -> None:
    """Rehearse a cohort in time-lapse with simulated people, and report what would happen; nothing real is touched.

    Twenty people over sixteen weeks take a minute, two hundred eight.
    """
    options = RehearsalOptions(
        file=file,
        policy=policy,
        against=against,
        people=people,
        led_by=actor,
        starts_on=starts_on.date() if starts_on else None,
        day_order=day_order,
        seed=seed,
        runs=runs,
        seconds_per_day=seconds_per_day,
        html=html,
        as_json=as_json,
    )
    if until_input_ends:
        stop_when_the_input_ends()
    try:
        _rehearse(options)
    except Interrupted as interrupted:
        raise typer.Exit(interrupted.code) from None


def _rehearse(options: RehearsalOptions) -> None:
    """Rehearse and show what would happen. Raises :class:`CommandError` and what use cases raise."""
    if options.html is not None and options.as_json:
        raise CommandError("give either --html or --json", "usage")
    progress = Progress()
    progress.say(f"reading {options.file.name}, people and roles ...")
    habits = _habits(options.people or DEFAULT_HABITS)
    inputs, against = _inputs(options, progress)
    seeds = range(options.seed, options.seed + options.runs)
    made = rehearse_all(options.file.name, inputs, against, habits, seeds, options.seconds_per_day, progress)
    if options.as_json:
        say_result(_as_json(made))
    elif options.html is not None:
        _write(made, options.html)
    else:
        _show(made)


def _habits(file: Path) -> Habits:
    try:
        return read_habits(read_text(file), file.name)
    except HabitsError as error:
        raise CommandError(str(error), "invalid") from None


def _other_content(database: Database, policy: Policy) -> str | None:
    """What is told of a policy that could not be used as it is: it may be rehearsed all the same."""
    try:
        check_on_record(database, policy)
    except OtherContent as error:
        return str(error)
    return None


def _inputs(options: RehearsalOptions, progress: Progress) -> tuple[Inputs, Inputs | None]:
    starts_on = options.starts_on or first_start_date(today())
    if starts_on < today():
        raise CommandError(f"starts-on: {starts_on} is in the past", "invalid")
    source = read_bytes(options.file, MOST_BYTES)
    with records() as database:
        check_known(database, [options.led_by])

        policies = {file: read_placement_policy(file) for file in (options.policy, options.against) if file}
        names = names_of({file: policy.label for file, policy in policies.items()})
        for file, policy in policies.items():
            if (otherwise := _other_content(database, policy)) is not None:
                progress.say(f"{file.name}: {otherwise}")

        def inputs(file: Path) -> Inputs:
            return read_inputs(
                database,
                options.file.name,
                source,
                policies[file],
                names[file],
                led_by=options.led_by,
                starts_on=starts_on,
                day_order=options.day_order,
                today=today(),
            )

        return inputs(options.policy), inputs(options.against) if options.against else None


def _as_json(made: Rehearsed) -> dict[str, object]:
    return {
        "headline": headline(made, Speech()),
        **made.model_dump(mode="json"),
        "figures": [figure.model_dump(mode="json") for figure in made.figures()],
        "differences": [difference.model_dump(mode="json") for difference in made.differences()],
    }


SLOWER = "(--seconds-per-day)"
"""What is added to the warning that a machine was too slow for its figures to be right."""


def _show(made: Rehearsed) -> None:
    for warning in made.warnings:
        warn(f"{warning} {SLOWER}")
    say(headline(made, Speech()))
    for note in made.notes:
        say(note)
    for problem in [*made.left_out, *(row for row in made.left_out_against if row not in made.left_out)]:
        say(f"Left out: {problem}")
    show(*render(sections(made, Speech())))
    say(f"{'' if len(made.runs) > 1 else '--runs 5 shows how it varies; '}--json has everybody, and every week.")


def _write(made: Rehearsed, file: Path) -> None:
    from rehearsal.page import page  # its charts take a second to load, which tables and JSON need not wait for

    for warning in made.warnings:
        warn(f"{warning} {SLOWER}")
    say(headline(made, Speech()))
    write_page(page(made), file)
