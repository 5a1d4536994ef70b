"""The records: their tables, and what they hold about a case for good."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.core.commands import Commands
from cli.core.errors import REFUSED
from cli.core.options import AsJson, a_file
from cli.core.output import say, say_result
from cli.core.resources import run
from domain.core.sentences import counted
from records.database import Database
from records.tampering import Checked
from service.core import seals
from service.core.connecting import temporal
from service.core.environment import records
from service.core.seals import Answers, ask_cases

app = Commands()


@app.command()
def migrate(as_json: AsJson = False) -> None:
    """Bring the tables up to date, making the database file if there is none."""
    with records() as database:
        database.migrate()
        where = database.shown
    if as_json:
        say_result({"records": where})
    else:
        say(f"{where} is up to date")


Cases = Annotated[
    bool, typer.Option("--cases", help="Ask the cases too what they know of their newest seals; needs Temporal.")
]
Keys = Annotated[
    list[Path] | None,
    typer.Option("--key", parser=a_file, metavar="FILE", help="A further key of seals; several times."),
]
Lists = Annotated[
    list[Path] | None,
    typer.Option(
        "--list",
        parser=a_file,
        metavar="FILE",
        help="A further copy of the list; several times.",
    ),
]


@app.command()
def verify(cases: Cases = False, key: Keys = None, copies: Lists = None, as_json: AsJson = False) -> None:
    """Check all decisions, stipends and attempts on record against their seals: exit code 1 when one was changed,
    removed or put in.
    """
    with records() as database:
        checked = seals.check(database, key or [], copies or [])
        asked = run(_ask(database, checked)) if cases else None
    problems = {case: found for case, found in sorted(checked.problems.items()) if found}
    not_checked = seals.not_checked(database.seals, asked)
    if as_json:
        said = {"cases": len(checked.cases), "seals": checked.seals, "problems": problems, "list": checked.of_list}
        say_result({**said, "not_told": not_checked})
    else:
        for sentence in (*checked.of_list, *(problem for found in problems.values() for problem in found)):
            say(sentence)
        sealed = f"{counted(checked.seals, 'seal')} of {counted(len(checked.cases), 'case')}"
        bad = f"{len(problems) or 'none'} of them tampered with"
        say(f"{sealed} with decisions, stipends or attempts; {bad}")
        say("\n".join(f"Not told by this: {sentence}." for sentence in not_checked))
        if asked is None:
            say("Ask the cases too with --cases.")
    raise typer.Exit(0 if checked.untouched else REFUSED)


async def _ask(database: Database, checked: Checked) -> Answers:
    return await ask_cases(await temporal(), database, checked)
