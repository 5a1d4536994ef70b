"""The command ``rehearse``: read what is to be rehearsed, rehearse it, show the report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cli.cohort_file import policy_in
from cli.core.errors import CommandError
from cli.core.output import say, say_result, show, warn
from cli.core.resources import check_known, read_text, records
from cli.learners import today
from cli.reporting.table import render
from cli.starting import first_start_date
from domain.placement.policy import Policy
from engine.devserver.progress import Progress
from records.database import Database
from records.imports.core.date_cells import DayOrder
from records.queries.core.policies import OtherContent, check_content
from rehearsal.figures import Rehearsed
from rehearsal.habits import DEFAULT_HABITS, Habits, HabitsError, read_habits
from rehearsal.inputs import Inputs, names_of, read_inputs
from rehearsal.run import rehearse_all
from rehearsal.sections import headline, sections


@dataclass(frozen=True)
class Asked:
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


def rehearse(asked: Asked) -> None:
    """Rehearse and show what would happen. Raises :class:`CommandError` and what reading the files raises."""
    if asked.html is not None and asked.as_json:
        raise CommandError("give either --html or --json", "usage")
    progress = Progress()
    progress.say(f"reading {asked.file.name}, people and roles ...")
    habits = _habits(asked.people or DEFAULT_HABITS)
    inputs, against = _inputs(asked, progress)
    seeds = range(asked.seed, asked.seed + asked.runs)
    made = rehearse_all(asked.file.name, inputs, against, habits, seeds, asked.seconds_per_day, progress)
    if asked.as_json:
        say_result(_as_json(made))
    elif asked.html is not None:
        _write(made, asked.html)
    else:
        _show(made)


def _habits(file: Path) -> Habits:
    try:
        return read_habits(read_text(file), file.name)
    except HabitsError as error:
        raise CommandError(str(error), "invalid") from None


def _says_otherwise(database: Database, policy: Policy) -> str | None:
    """What is told of a policy that could not be used as it is: it may be rehearsed all the same."""
    with database.reading() as session:
        try:
            check_content(session, policy)
        except OtherContent as error:
            return str(error)
    return None


def _inputs(asked: Asked, progress: Progress) -> tuple[Inputs, Inputs | None]:
    starts_on = asked.starts_on or first_start_date(today())
    if starts_on < today():
        raise CommandError(f"starts-on: {starts_on} is in the past", "invalid")
    with records() as database:
        check_known(database, [asked.led_by])

        policies = {file: policy_in(file) for file in (asked.policy, asked.against) if file}
        names = names_of({file: policy.label for file, policy in policies.items()})
        for file, policy in policies.items():
            if (otherwise := _says_otherwise(database, policy)) is not None:
                progress.say(f"{file.name}: {otherwise}")

        def inputs(file: Path) -> Inputs:
            return read_inputs(
                database,
                asked.file,
                policies[file],
                names[file],
                led_by=asked.led_by,
                starts_on=starts_on,
                day_order=asked.day_order,
                today=today(),
            )

        return inputs(asked.policy), inputs(asked.against) if asked.against else None


def _as_json(made: Rehearsed) -> dict[str, object]:
    return {
        "headline": headline(made),
        **made.model_dump(mode="json"),
        "figures": [figure.model_dump(mode="json") for figure in made.figures()],
        "differences": [difference.model_dump(mode="json") for difference in made.differences()],
    }


def _show(made: Rehearsed) -> None:
    for warning in made.warnings:
        warn(warning)
    say(headline(made))
    for note in made.notes:
        say(note)
    for problem in [*made.left_out, *(row for row in made.left_out_against if row not in made.left_out)]:
        say(f"Left out: {problem}")
    show(*render(sections(made)))


def _write(made: Rehearsed, file: Path) -> None:
    from rehearsal.page import page

    try:
        file.write_text(page(made), encoding="utf-8")
    except OSError as error:
        raise CommandError(f"{file} can't be written: {error.strerror}", "invalid") from None
    for warning in made.warnings:
        warn(warning)
    say(headline(made))
    say(f"{file} is written; it needs nothing else to be opened, mailed or printed")
