"""The records: their tables, and what they hold about a case for good."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.core.errors import REFUSED
from cli.core.options import AsJson, CaseArgument, a_file
from cli.core.output import say, say_result, show, table
from cli.core.resources import names_of, records, run, temporal
from cli.core.usage import Commands

if TYPE_CHECKING:
    from cli.core.seals import Asked
    from records.database import Database
    from records.tables.core import DecisionRecord
    from records.tables.placement import PayRecord
    from records.tampering import Checked

app = Commands(help="The HR database: its tables, and whether what is on record is untouched.")


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
    from cli.core import seals
    from domain.core.sentences import counted

    with records() as database:
        checked = seals.check(database, key or [], copies or [])
        asked = run(_ask(database, checked)) if cases else None
    problems = {case: found for case, found in sorted(checked.problems.items()) if found}
    not_told = seals.not_told(database.seals, asked)
    if as_json:
        said = {"cases": len(checked.cases), "seals": checked.seals, "problems": problems, "list": checked.of_list}
        say_result({**said, "not_told": not_told})
    else:
        for sentence in (*checked.of_list, *(one for found in problems.values() for one in found)):
            say(sentence)
        sealed = f"{counted(checked.seals, 'seal')} of {counted(len(checked.cases), 'case')}"
        bad = f"{len(problems) or 'none'} of them tampered with"
        say(f"{sealed} with decisions, stipends or attempts; {bad}")
        say("\n".join(f"Not told by this: {sentence}." for sentence in not_told))
    raise typer.Exit(0 if checked.untouched else REFUSED)


async def _ask(database: Database, checked: Checked) -> Asked:
    from cli.core.seals import ask_cases

    return await ask_cases(await temporal(), database, checked)


def decisions(case: CaseArgument, as_json: AsJson = False) -> None:
    """Show the permanent record of a case: decisions (who, when, why, under which policy), and attempts refused."""
    from domain.core.telling import spoken
    from records.journal import verify_decisions
    from records.local_time import day_said, text_said
    from records.queries.core import cases as queries
    from records.queries.registry import check_case

    with records() as database, database.reading() as session:
        found = queries.decisions(session, case)
        if not found:  # what was decided on a programme stands under no case of one
            check_case(session, case)
        attempts = queries.attempts(session, case)
        problems = verify_decisions(session, case)
        zone = queries.time_zone(session, case)
    if as_json:
        tried = [{"n": one.n, "at": one.at.isoformat(), "by": one.by_person, "says": one.sentence} for one in attempts]
        said = {"decisions": [_decision(one) for one in found], "attempts": tried, "problems": problems}
        say_result({"case": case, **said})
        return
    names = names_of([*(one.by_person for one in found), *(one.by_person for one in attempts)])
    lines = (
        (
            one.n,
            day_said(one.at, zone),
            spoken(one.what),
            spoken(one.decided),
            _who(one.by_person, names),
            text_said(one.reason or "", zone),
        )
        for one in found
    )
    if found:
        under = ", ".join(sorted({one.policy for one in found}))
        show(table(f"Decisions of {case} under {under}", ("n", "When", "What", "Decided", "By", "Why"), lines))
    else:
        say(f"Nothing has been decided in {case} yet.")
    if attempts:
        refused = (
            (one.n, day_said(one.at, zone), _who(one.by_person, names), text_said(one.sentence, zone))
            for one in attempts
        )
        show(table("Tried, refused and put on record", ("n", "When", "By", "Why it was refused"), refused))
    if found or attempts or problems:
        say("\n".join(problems) if problems else "All seals are intact.")


def pay(case: CaseArgument, as_json: AsJson = False) -> None:
    """Show the stipends of a case, with their sum."""
    from domain.core.sentences import counted
    from records.queries.core import cases as queries

    with records() as database, database.reading() as session:
        queries.case(session, case)
        found = queries.pay_instructions(session, case)
    sums = _sums(found)
    if as_json:
        say_result({"case": case, "pay": [_pay(one) for one in found], "totals": sums})
        return
    if not found:
        say(f"No stipend of {case} has been instructed yet.")
        return
    columns = ("n", "Due on", "From", "To", "Days", "Amount")
    lines = (
        (one.n, one.due_on, one.first_day, one.last_day, one.days, f"{one.amount:,.2f} {one.currency}") for one in found
    )
    show(table(f"Stipends of {case}", columns, lines))
    total = ", ".join(f"{amount:,.2f} {currency}" for currency, amount in sums.items())
    say(f"In all: {total}, {counted(sum(one.days for one in found), 'day')}")


def _who(person: str | None, names: dict[str, str]) -> str:
    return f"{names[person]} ({person})" if person in names else person or "-"


def _sums(found: Any) -> dict[str, Any]:
    sums: dict[str, Any] = {}
    for one in found:
        sums[one.currency] = sums.get(one.currency, 0) + one.amount
    return sums


def _decision(one: DecisionRecord) -> dict[str, Any]:
    return {
        "n": one.n,
        "at": one.at.isoformat(),
        "what": one.what,
        "decided": one.decided,
        "by": one.by_person,
        "reason": one.reason,
        "policy": one.policy,
        "evidence": one.evidence,
        "seal": one.seal,
    }


def _pay(one: PayRecord) -> dict[str, Any]:
    return {
        "n": one.n,
        "due_on": one.due_on.isoformat(),
        "first": one.first_day.isoformat(),
        "last": one.last_day.isoformat(),
        "days": one.days,
        "amount": str(one.amount),
        "currency": one.currency,
    }
