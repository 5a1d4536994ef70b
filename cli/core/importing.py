"""Importing people, roles, profiles, the catalogue, and levels."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from cli.cohort.check_report import changes_table
from cli.core.commands import Commands
from cli.core.errors import CommandError
from cli.core.explaining import rule_of
from cli.core.options import AsJson, DayOrder, ExistingFile, a_file
from cli.core.output import say, say_result, show
from cli.core.resources import read_bytes
from domain.core.sentences import counted
from domain.core.yaml_text import MOST_BYTES as MOST_YAML
from presentation.tables import table
from records.database import Database
from records.imports.core.csv_text import MOST_BYTES as MOST_CSV
from records.imports.core.report import ImportReport, Stored
from service.core.environment import records
from service.core.importing import Imported, import_people
from service.learning.importing import ProfileFormat, format_of, import_catalogue, import_levels, import_profiles
from service.placement.importing import import_roles

app = Commands()

CleanOnly = Annotated[bool, typer.Option("--clean-only", help="Import the clean entries of a file with problems.")]


def _a_file(of: str) -> typer.models.OptionInfo:
    option: typer.models.OptionInfo = typer.Option(metavar="FILE", parser=a_file, help=of)
    return option


@contextmanager
def _records() -> Iterator[Database]:
    """The records with their tables brought up to date: an import often comes first of all."""
    with records() as database:
        database.migrate()
        yield database


@app.command()
def people(file: ExistingFile, clean_only: CleanOnly = False, as_json: AsJson = False) -> None:
    """Import people from a CSV file: all of them, or none while there are problems.

    Exit code 1 when anything was refused, also where the clean rows were imported.
    """
    with _records() as database:
        imported = import_people(database, read_bytes(file, MOST_CSV), clean_only=clean_only)
    _say(file.name, imported, as_json=as_json)


@app.command()
def roles(file: ExistingFile, clean_only: CleanOnly = False, as_json: AsJson = False) -> None:
    """Import roles from a YAML file: all of them, or none while there are problems.

    What roles ask for is imported by `import profiles`. Exit code 1 when anything was refused, also where the clean
    roles were imported.
    """
    with _records() as database:
        imported = import_roles(database, read_bytes(file, MOST_YAML), file.name, clean_only=clean_only)
    _say(file.name, imported, as_json=as_json)


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
    if (known_format := file_format or format_of(files[0])) is None:
        raise CommandError(f"{files[0].name} does not tell its format; say it with --format", "usage")
    _check_options(known_format, len(files), onet=bool(titles), esco=bool(skills or occupations))
    with _records() as database:
        imported = import_profiles(
            database,
            files,
            known_format,
            titles=titles,
            skills=skills,
            occupations=occupations,
            clean_only=clean_only,
        )
    _say(files[0].name, imported, as_json=as_json)


@app.command()
def catalogue(file: ExistingFile, clean_only: CleanOnly = False, as_json: AsJson = False) -> None:
    """Import trainings and certificates from a YAML file: all of them, or none while there are problems.

    Import people and profiles first: trainings name people, certificates name profiles. Exit code 1 when anything was
    refused, also where the clean entries were imported.
    """
    with _records() as database:
        imported = import_catalogue(database, read_bytes(file, MOST_YAML), file.name, clean_only=clean_only)
    _say(file.name, imported, as_json=as_json)


@app.command()
def skills(
    file: ExistingFile, day_order: DayOrder = "iso", clean_only: CleanOnly = False, as_json: AsJson = False
) -> None:
    """Import the levels people were found to have from a CSV file: all of them, or none while there are problems.

    Exit code 1 when anything was refused, also where the clean rows were imported.
    """
    with _records() as database:
        imported = import_levels(database, read_bytes(file, MOST_CSV), day_order, clean_only=clean_only)
    _say(file.name, imported, as_json=as_json)


def _check_options(file_format: ProfileFormat, files: int, *, onet: bool, esco: bool) -> None:
    """Raise :class:`CommandError` for files and options that don't go together."""
    if files > 1 and file_format is not ProfileFormat.ONET:
        raise CommandError("several files in one command are for O*NET only", "usage")
    if onet and file_format is not ProfileFormat.ONET:
        raise CommandError("--titles is for O*NET only", "usage")
    if esco and file_format is not ProfileFormat.ESCO:
        raise CommandError("--skills and --occupations are for ESCO only", "usage")


def _say(name: str, imported: Imported, *, as_json: bool) -> None:
    """Print what came of it. Raises :class:`CommandError` where anything was refused."""
    report, stored = imported.report, imported.stored
    if as_json:
        shown = stored.model_dump(mode="json") if stored else None
        say_result({"file": name, "stored": shown, **report.model_dump(mode="json")})
    else:
        _show(name, report, stored)
    if report.problems:
        raise CommandError(_refusal(name, report, stored), "invalid")


def _show(name: str, report: ImportReport, stored: Stored | None) -> None:
    if report.problems:
        lines = ((problem.where, problem.column, rule_of(problem)) for problem in report.problems)
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
