"""People who leave the company: declaring it, seeing what is handed over to whom, taking it back; and mail ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any

import typer

from cli.core.about import about, sign_out
from cli.core.commands import Commands
from cli.core.errors import CommandError
from cli.core.mail_ways import mail
from cli.core.options import DEFAULT_TIMEOUT, Actor, AsJson, Day, IfReason, Timeout, an_id
from cli.core.output import say, say_result, show
from cli.core.resources import run
from domain.core.departure import HandedThing
from domain.core.model import Party, PersonId
from domain.core.reassigning import Handing
from domain.core.wording import spoken
from engine.settings import load_settings
from presentation.tables import cell, table
from service.core.connecting import temporal
from service.core.declaring import declare
from service.core.environment import records
from service.core.leaving import Departing, WantedDeparture, alone_in_hr, check_declares, look_at
from service.core.staying import call_off

app = Commands()
app.command()(mail)
app.command()(about)
app.command("sign-out")(sign_out)

PersonArgument = Annotated[str, typer.Argument(parser=an_id, metavar="P-…", help="Who leaves, or has left.")]


@app.command()
def leave(
    person: PersonArgument,
    actor: Actor,
    on: Day = None,
    successor: Annotated[
        str | None,
        typer.Option(parser=an_id, metavar="P-…", help="Who takes over all parts; where nobody can, HR is asked."),
    ] = None,
    part: Annotated[
        list[str] | None,
        typer.Option(metavar="PARTY=P-…", help="Who takes over this part, such as manager=P-7F3K2M. Repeat for more."),
    ] = None,
    reason: IfReason = None,
    at_once: Annotated[
        bool,
        typer.Option("--at-once", help="Their last day is over already: all is handed over now, once and for all."),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what they have; nothing is declared.")] = False,
    timeout: Timeout = DEFAULT_TIMEOUT,
    as_json: AsJson = False,
) -> None:
    """Declare that somebody leaves the company: --on is their last day; when it is over, what they have is handed over.

    Declared again, it shows how far that has come; with another day or successor it is changed.
    """
    wanted = WantedDeparture(
        person=person,
        last_day=on.date() if on else None,
        successor=successor,
        successors=_parts(part or []),
        reason=reason,
        at_once=at_once,
    )
    with records() as database:
        alone = alone_in_hr(database, wanted)
        if dry_run:
            check_declares(database, wanted, actor)
            declared = None
        else:
            queue = load_settings().task_queue
            declared = run(declare(temporal, database, wanted, actor, queue, timeout))
        departing = look_at(database, person)
    if as_json:
        said = None if declared is None else {"begun": declared.begun, "sentence": declared.sentence}
        say_result({"declared": said, "alone_in_hr": alone, **_as_json(departing)})
        return
    if declared is not None:
        say(f"{person} {declared.sentence}")
    if alone:
        say(
            f"Who is named to take over is then HR and head of HR in {', '.join(alone)}: what they do not answer in "
            "time goes on to nobody else."
        )
    _show(departing)


@app.command()
def departure(person: PersonArgument, as_json: AsJson = False) -> None:
    """Show what somebody has who leaves, what was handed over to whom, and what waits. It needs no server."""
    with records() as database:
        departing = look_at(database, person)
    if as_json:
        say_result(_as_json(departing))
    else:
        _show(departing)


@app.command()
def stay(
    person: PersonArgument,
    actor: Actor,
    reason: IfReason = None,
    timeout: Timeout = DEFAULT_TIMEOUT,
    as_json: AsJson = False,
) -> None:
    """Call a departure off, as long as nothing was handed over; or let somebody who had left be asked again."""
    with records() as database:
        sentence = run(call_off(temporal, database, person, actor, reason, timeout))
    if as_json:
        say_result({"person": person, "sentence": sentence})
    else:
        say(f"{person} {sentence}")


def _parts(given: list[str]) -> dict[Party, PersonId]:
    """Who takes over which part. Raises :class:`CommandError` for what is none."""
    successors: dict[Party, PersonId] = {}
    for text in given:
        name, equals, person = text.partition("=")
        try:
            party = Party(name.strip().lower().replace("-", "_"))
        except ValueError:
            parties = ", ".join(Party)
            raise CommandError(f"--part: {name} is no part; there are {parties}", "usage") from None
        if not equals or not person.strip():
            raise CommandError(f"--part: say who takes it over, as {party.value}=P-7F3K2M", "usage")
        successors[party] = an_id(person)
    return successors


def _as_json(departing: Departing) -> dict[str, Any]:
    record = departing.departure
    shown = asdict(departing) | {
        "departure": None
        if record is None
        else {
            "stage": record.stage,
            "last_day": record.last_day.isoformat(),
            "declared_by": record.declared_by,
            "reason": record.reason,
            "successor": record.successor,
            "successors": record.successors,
            "looks": record.looks,
            "at": record.at.isoformat(),
        },
        "handed": [thing.model_dump(mode="json") for thing in departing.handed],
        "theirs": [theirs.model_dump(mode="json") for theirs in departing.theirs],
    }
    return {key: value for key, value in shown.items() if key != "names"}


def _show(departing: Departing) -> None:
    record, person = departing.departure, departing.person
    if record is None:
        say(f"No departure of {person} is on record.")
    else:
        say(f"{_who(person, departing.names)}: last day {record.last_day}, {spoken(record.stage)}")
        named = [record.successor, *(f"{who} as {spoken(part)}" for part, who in record.successors.items())]
        say(f"Who takes over: {', '.join(filter(None, named)) or 'nobody is named; HR of each case is asked'}")
    if departing.theirs:
        lines = (
            (theirs.case, ", ".join(party.spoken for party in theirs.parts), ", ".join(theirs.tasks))
            for theirs in departing.theirs
        )
        show(table(f"What {person} has now", ("Case", "Parts", "Open tasks"), lines))
    else:
        say(f"{person} has nothing in any case that runs.")
    if departing.handed:
        handed = (_line(thing, departing.names) for thing in departing.handed)
        show(table("Handed over", ("Case", "What", "State", "To", "Why"), handed))
    for named_in in departing.named_in:
        say(f"still named by the records, so that new cases would be refused, until it is imported anew: {named_in}")


def _line(thing: HandedThing, names: Mapping[PersonId, str]) -> tuple[object, ...]:
    handed = thing.handed
    waits = handed.state is Handing.WAITS
    state = cell(spoken(handed.state.value), "red" if waits else "")
    return thing.case, handed.what, state, _who(handed.to, names) if handed.to else "", handed.why or ""


def _who(person: PersonId, names: Mapping[PersonId, str]) -> str:
    return f"{names[person]} ({person})" if person in names else person
