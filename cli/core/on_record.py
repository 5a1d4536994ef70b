"""What stays on record of a case for good: decisions, and attempts that were refused."""

from __future__ import annotations

from typing import Any

from cli.core.commands import Commands
from cli.core.options import AsJson, CaseArgument
from cli.core.output import say, say_result, show
from domain.core.decisions import spoken_of
from domain.core.wording import spoken
from presentation.tables import table
from records.local_time import day_text, with_local_times
from records.tables.core import DecisionRecord
from service.core.environment import records
from service.core.on_record import decided_in
from service.core.people import names_of

app = Commands()


@app.command()
def decisions(case: CaseArgument, as_json: AsJson = False) -> None:
    """Show the permanent record of a case: decisions (who, when, why, under which policy), and attempts refused."""
    with records() as database:
        known = decided_in(database, case)
        deciders = [decision.by_person for decision in known.decisions]
        names = names_of(database, [*deciders, *(attempt.by_person for attempt in known.attempts)])
    found, attempts, problems, zone = known.decisions, known.attempts, known.problems, known.time_zone
    if as_json:
        tried = [
            {"n": attempt.n, "at": attempt.at.isoformat(), "by": attempt.by_person, "sentence": attempt.sentence}
            for attempt in attempts
        ]
        said = {"decisions": [_decision(decision) for decision in found], "attempts": tried, "problems": list(problems)}
        say_result({"case": case, **said})
        return
    lines = (
        (
            decision.n,
            day_text(decision.at, zone),
            spoken_of(decision.what, decision.evidence),
            spoken(decision.decided),
            _who(decision.by_person, names),
            with_local_times(decision.reason or "", zone),
        )
        for decision in found
    )
    if found:
        under = ", ".join(sorted({decision.policy for decision in found}))
        show(table(f"Decisions of {case} under {under}", ("n", "When", "What", "Decided", "By", "Why"), lines))
    else:
        say(f"Nothing has been decided in {case} yet.")
    if attempts:
        refused = (
            (
                attempt.n,
                day_text(attempt.at, zone),
                _who(attempt.by_person, names),
                with_local_times(attempt.sentence, zone),
            )
            for attempt in attempts
        )
        show(table("Tried, refused and put on record", ("n", "When", "By", "Why it was refused"), refused))
    if found or attempts or problems:
        say("\n".join(problems) if problems else "All seals are intact.")


def _who(person: str | None, names: dict[str, str]) -> str:
    return f"{names[person]} ({person})" if person in names else person or "-"


def _decision(decision: DecisionRecord) -> dict[str, Any]:
    return {
        "n": decision.n,
        "at": decision.at.isoformat(),
        "what": decision.what,
        "decided": decision.decided,
        "by": decision.by_person,
        "reason": decision.reason,
        "policy": decision.policy,
        "evidence": decision.evidence,
        "seal": decision.seal,
    }
