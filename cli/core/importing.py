"""Importing people, roles, profiles, the catalogue, and levels."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.orm import Session

from cli.cohort.check_report import changes_table
from cli.core.commands import Commands
from cli.core.errors import CommandError
from cli.core.options import AsJson, DayOrder, ExistingFile, a_file
from cli.core.output import say, say_result, show
from cli.core.resources import read_bytes
from cli.learning.profile_files import ProfileFormat, read_profiles
from domain.core.sentences import counted
from domain.core.yaml_text import MOST_BYTES as MOST_YAML
from domain.placement.duties import impossible_in
from presentation.tables import table
from records.imports.core.csv_text import MOST_BYTES as MOST_CSV
from records.imports.core.people_and_roles import store_people, store_roles
from records.imports.core.people_csv import read_people
from records.imports.core.report import ImportReport, Stored
from records.imports.core.roles_yaml import read_roles
from records.imports.learning.catalogue_yaml import read_catalogue
from records.imports.learning.levels_csv import read_levels
from records.imports.learning.storing import store_catalogue, store_levels, store_profiles
from records.queries.core import people as in_records
from records.queries.core.people import people as all_people
from records.queries.learning import learning
from service.core.environment import records

app = Commands()

CleanOnly = Annotated[bool, typer.Option("--clean-only", help="Import the clean entries of a file with problems.")]


def _a_file(of: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(metavar="FILE", parser=a_file, help=of)
    return option


@app.command()
def people(file: ExistingFile, clean_only: CleanOnly = False, as_json: AsJson = False) -> None:
    """Import people from a CSV file: all of them, or none while there are problems.

    Exit code 1 when anything was refused, also where the clean rows were imported.
    """

    def store(session: Session) -> tuple[ImportReport, Stored | None]:
        present = in_records.people(session)
        report = read_people(read_bytes(file, MOST_CSV), known={one.id for one in present}, present=present)
        return report, store_people(session, report, clean_only=clean_only) if _may(report, clean_only) else None

    _import(file.name, store, as_json=as_json)


@app.command()
def roles(file: ExistingFile, clean_only: CleanOnly = False, as_json: AsJson = False) -> None:
    """Import roles from a YAML file: all of them, or none while there are problems.

    What roles ask for is imported by `import profiles`. Exit code 1 when anything was refused, also where the clean
    roles were imported.
    """

    def store(session: Session) -> tuple[ImportReport, Stored | None]:
        content = read_bytes(file, MOST_YAML)
        report = read_roles(content, file.name, known=_people_in(session), notes_on=impossible_in)
        return report, store_roles(session, report, clean_only=clean_only) if _may(report, clean_only) else None

    _import(file.name, store, as_json=as_json)


@app.command()
def profiles(
    files: Annotated[
        list[Path],
        typer.Argument(metavar="FILE", parser=a_file, help="The file; O*NET's, several."),
    ],
    file_format: Annotated[
        ProfileFormat | None, typer.Option("--format", help="Told by the file itself where not given.")
    ] = None,
    titles: Annotated[Path | None, _a_file("O*NET's titles: Occupation Data (.txt or .csv).")] = None,
    skills: Annotated[Path | None, _a_file("ESCO's names of skills: skills_en.csv.")] = None,
    occupations: Annotated[Path | None, _a_file("ESCO's titles: occupations_en.csv.")] = None,
    clean_only: CleanOnly = False,
    as_json: AsJson = False,
) -> None:
    """Import what roles ask for, from your own YAML or CSV file, or from O*NET or ESCO as they are published.

    The roles themselves, with their people and pay, are imported by `import roles`. A profile is replaced as a whole:
    give the files of O*NET that belong together in one command. Exit code 1 when anything was refused.
    """
    report = read_profiles(files, file_format, titles=titles, skills=skills, occupations=occupations)

    def store(session: Session) -> tuple[ImportReport, Stored | None]:
        return report, store_profiles(session, report, clean_only=clean_only) if _may(report, clean_only) else None

    _import(files[0].name, store, as_json=as_json)


@app.command()
def catalogue(file: ExistingFile, clean_only: CleanOnly = False, as_json: AsJson = False) -> None:
    """Import trainings and certificates from a YAML file: all of them, or none while there are problems.

    Import people and profiles first: trainings name people, certificates name profiles. Exit code 1 when anything was
    refused, also where the clean entries were imported.
    """

    def store(session: Session) -> tuple[ImportReport, Stored | None]:
        report = read_catalogue(
            read_bytes(file, MOST_YAML),
            file.name,
            people=_people_in(session),
            profiles={one.id for one in learning.profiles(session)},
            present=learning.catalogue(session),
            now=datetime.now(UTC),
        )
        return report, store_catalogue(session, report, clean_only=clean_only) if _may(report, clean_only) else None

    _import(file.name, store, as_json=as_json)


@app.command()
def skills(
    file: ExistingFile, day_order: DayOrder = "iso", clean_only: CleanOnly = False, as_json: AsJson = False
) -> None:
    """Import the levels people were found to have from a CSV file: all of them, or none while there are problems.

    Exit code 1 when anything was refused, also where the clean rows were imported.
    """

    def store(session: Session) -> tuple[ImportReport, Stored | None]:
        report = read_levels(read_bytes(file, MOST_CSV), known=_people_in(session), day_order=day_order)
        return report, store_levels(session, report, clean_only=clean_only) if _may(report, clean_only) else None

    _import(file.name, store, as_json=as_json)


def _people_in(session: Session) -> set[str]:
    return {person.id for person in all_people(session)}


def _may(report: ImportReport, clean_only: bool) -> bool:
    return report.usable and (report.clean or clean_only)


def _import(name: str, store: Callable[[Session], tuple[ImportReport, Stored | None]], *, as_json: bool) -> None:
    """Read and store in one transaction, after bringing the tables up to date: an import is often the first command."""
    with records() as database:
        database.migrate()
        with database.session() as session:
            report, stored = store(session)
    if as_json:
        shown = stored.model_dump(mode="json") if stored else None
        say_result({"file": name, "stored": shown, **report.model_dump(mode="json")})
    else:
        _tell(name, report, stored)
    if report.problems:
        raise CommandError(_refusal(name, report, stored), "invalid")


def _tell(name: str, report: ImportReport, stored: Stored | None) -> None:
    if report.problems:
        lines = ((problem.where, problem.column, problem.rule) for problem in report.problems)
        show(table(f"Problems in {name}", ("Where", "Column", "Rule"), lines))
    for note in report.notes:
        say(f"{name}: {note}")
    if stored is None:
        return
    if stored.differences:
        show(changes_table(stored.differences))
    say(f"{name}: {stored}")


def _refusal(name: str, report: ImportReport, stored: Stored | None) -> str:
    found = f"{name} has {counted(len(report.problems), 'problem')}"
    if stored is not None:
        left_out = f"{counted(stored.refused, 'entry', 'entries')} {'was' if stored.refused == 1 else 'were'}"
        return f"{found}; {left_out} not imported"
    if report.usable:
        return f"{found}; nothing was imported. Put it right, or import the clean entries with --clean-only."
    return f"{found}; nothing in it can be imported"
