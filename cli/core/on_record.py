"""What stays on record of a case for good: decisions, attempts, pay."""

from __future__ import annotations

from typing import Any

from cli.core.commands import Commands
from cli.core.options import AsJson, CaseArgument
from cli.core.output import say, say_result, show
from domain.core.sentences import counted
from domain.core.wording import spoken
from presentation.tables import table
from records.local_time import day_text, with_local_times
from records.tables.core import DecisionRecord
from records.tables.placement import PayRecord
from service.core.environment import records
from service.core.on_record import decided_in, pay_of
from service.core.people import names_of

app = Commands()


@app.command()
def decisions(case: CaseArgument, as_json: AsJson = False) -> None:
    """Show the permanent record of a case: decisions (who, when, why, under which policy), and attempts refused."""
    with records() as database:
        known = decided_in(database, case)
        names = names_of(database, (entry.by_person for entry in [*known.decisions, *known.attempts]))
    found, attempts, problems, zone = known.decisions, known.attempts, known.problems, known.time_zone
    if as_json:
        tried = [{"n": one.n, "at": one.at.isoformat(), "by": one.by_person, "says": one.sentence} for one in attempts]
        said = {"decisions": [_decision(one) for one in found], "attempts": tried, "problems": list(problems)}
        say_result({"case": case, **said})
        return
    lines = (
        (
            one.n,
            day_text(one.at, zone),
            spoken(one.what),
            spoken(one.decided),
            _who(one.by_person, names),
            with_local_times(one.reason or "", zone),
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
            (one.n, day_text(one.at, zone), _who(one.by_person, names), with_local_times(one.sentence, zone))
            for one in attempts
        )
        show(table("Tried, refused and put on record", ("n", "When", "By", "Why it was refused"), refused))
    if found or attempts or problems:
        say("\n".join(problems) if problems else "All seals are intact.")


@app.command()
def pay(case: CaseArgument, as_json: AsJson = False) -> None:
    """Show the stipends of a case, with their sum."""
    with records() as database:
        found = pay_of(database, case)
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
