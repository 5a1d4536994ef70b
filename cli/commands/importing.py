"""Importing people and roles."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from cli.errors import CommandError
from cli.options import AsJson, ExistingFile
from cli.output import say, say_result, show, table
from cli.resources import records

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from records.imports import ImportReport, Stored

app = typer.Typer(help="Import people and roles into the records.", no_args_is_help=True)

CleanOnly = Annotated[bool, typer.Option("--clean-only", help="Import the clean entries of a file with problems.")]


@app.command()
def people(file: ExistingFile, clean_only: CleanOnly = False, as_json: AsJson = False) -> None:
    """Import people from a CSV file: all of them, or none while there are problems.

    Exit code 1 when anything was refused, also where the clean rows were imported.
    """
    from records.imports import read_people, store_people

    def store(session: Session, known: set[str]) -> tuple[ImportReport, Stored | None]:
        report = read_people(file.read_bytes(), known=known)
        may = report.usable and (report.clean or clean_only)
        return report, store_people(session, report, clean_only=clean_only) if may else None

    _import(file.name, store, as_json=as_json)


@app.command()
def roles(file: ExistingFile, clean_only: CleanOnly = False, as_json: AsJson = False) -> None:
    """Import roles from a YAML file: all of them, or none while there are problems.

    Exit code 1 when anything was refused, also where the clean roles were imported.
    """
    from records.imports import read_roles, store_roles

    def store(session: Session, known: set[str]) -> tuple[ImportReport, Stored | None]:
        report = read_roles(file.read_bytes(), file.name, known=known)
        may = report.usable and (report.clean or clean_only)
        return report, store_roles(session, report, clean_only=clean_only) if may else None

    _import(file.name, store, as_json=as_json)


def _import(
    name: str, store: Callable[[Session, set[str]], tuple[ImportReport, Stored | None]], *, as_json: bool
) -> None:
    """Read and store in one transaction, after bringing the tables up to date: an import is often the first command."""
    from records.people import people as all_people

    with records() as database:
        database.migrate()
        with database.session() as session:
            report, stored = store(session, {person.id for person in all_people(session)})
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
    if stored is not None:
        say(f"{name}: {stored}")


def _refusal(name: str, report: ImportReport, stored: Stored | None) -> str:
    number = len(report.problems)
    found = f"{name} has {number} {'problem' if number == 1 else 'problems'}"
    if stored is not None:
        return f"{found}; {stored.refused} {stored.what} were not imported"
    if report.usable:
        return f"{found}; nothing was imported. Put it right, or import the clean entries with --clean-only."
    return f"{found}; nothing in it can be imported"
