"""Scarce things: how much there is of each, who has it, who waits for it; and how much there is to be."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import typer
from pydantic import TypeAdapter, ValidationError
from temporalio.client import Client
from temporalio.exceptions import WorkflowAlreadyStartedError

from cli.core.commands import Commands
from cli.core.errors import CommandError
from cli.core.options import DEFAULT_TIMEOUT, Actor, AsJson, Reason, Timeout, a_capacity
from cli.core.output import say, say_result, show
from cli.core.resources import run
from domain.capacity.reserving import CapacityStart, Resize, Resized
from domain.core.holdings import KINDS, PLACES, CapacityId, amount_text, wrong_unit
from domain.core.naming import MENTOR_PLACES, capacity_workflow_id, mentor_of
from domain.core.updates import Update
from engine.settings import load_settings
from presentation.tables import table
from records.queries.capacity import capacities
from records.tables.capacity import CapacityRecord, ReservationRecord
from service.capacity.starting import WORKFLOW_TYPE, ended, starting
from service.core.asking import ask, message
from service.core.environment import records, temporal
from service.core.errors import Unknown
from service.core.people import check_known

app = Commands()

CapacityArgument = Annotated[
    str, typer.Argument(parser=a_capacity, metavar="CAPACITY", help="A capacity, such as budget-TRAINING-2026.")
]


@app.command("list")
def list_all(
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help="Only these: seats, budget, mentor or headcount.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show all capacities: how much of each is held, offered and free, and how many wait."""
    if kind is not None and kind not in KINDS:
        raise CommandError(f"--kind: must be {', '.join(KINDS[:-1])} or {KINDS[-1]}, not “{kind}”", "usage")
    with records() as database, database.reading() as session:
        found, offered = capacities.capacities(session, kind), capacities.offered(session)
    lines = [_capacity(one, offered.get(one.id, 0)) for one in found]
    if as_json:
        say_result(lines)
    elif lines:
        columns = ("Capacity", "What", "Unit", "Size", "Held", "Offered", "Free", "Waiting")
        show(table(None, columns, (_row(line) for line in lines)))
    else:
        none = "There is no such capacity yet." if kind else "There are no capacities yet."
        say(f"{none} Seats of a workshop come into being with the first booking, a budget by `capacity resize`.")


def _row(line: dict[str, Any]) -> tuple[object, ...]:
    numbers = (_grouped(line[column]) for column in ("size", "held", "offered", "free"))
    return (line["id"], line["title"], line["unit"], *numbers, line["waiting"])


def _capacity(one: CapacityRecord, offered: Decimal | int) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": one.title,
        "unit": one.unit,
        "size": _number(one.size, one.unit),
        "held": _number(one.held, one.unit),
        "offered": _number(offered, one.unit),
        "free": _number(one.size - one.held - offered, one.unit),
        "waiting": one.waiting,
        "at": one.at.isoformat(),
    }


def _number(amount: Decimal | int, unit: str) -> str:
    return f"{amount:.0f}" if unit == PLACES else f"{amount:.2f}"


def _grouped(number: str) -> str:
    """A number as people write it: ``20,000.00``."""
    return f"{Decimal(number):,}"


@app.command()
def holders(capacity: CapacityArgument, as_json: AsJson = False) -> None:
    """Show who holds a part of a capacity, who is offered one, and who waits, in order."""
    _check_id(capacity)
    with records() as database, database.reading() as session:
        known = capacities.capacity(session, capacity)
        found = capacities.reservations(session, capacity)
        offered = capacities.offered(session).get(capacity, 0)
    whole = _capacity(known, offered)
    if as_json:
        people = {standing.value: [_reservation(one, known.unit) for one in ones] for standing, ones in found.items()}
        say_result(whole | {"reservations": people})
        return
    held = f"{_grouped(whole['held'])} of {_grouped(whole['size'])} {known.unit} held"
    title = f"{known.title}: {held}, {known.waiting} waiting"
    lines = (
        (one.holder, standing.value, n, _grouped(_number(one.amount, known.unit)), f"{one.at:%Y-%m-%d %H:%M}")
        for standing, ones in found.items()
        for n, one in enumerate(ones, start=1)
    )
    show(table(title, ("Holder", "Standing", "n", "Amount", "Since (UTC)"), lines))


def _reservation(one: ReservationRecord, unit: str) -> dict[str, Any]:
    return {"holder": one.holder, "amount": _number(one.amount, unit), "at": one.at.isoformat()}


@app.command()
def resize(
    capacity: CapacityArgument,
    size: Annotated[str, typer.Option(metavar="N", help="How much there is to be, such as 12 or 20000.00.")],
    reason: Reason,
    actor: Actor,
    unit: Annotated[
        str | None, typer.Option(metavar="UNIT", help="For a new one: places, or a currency such as GBP.")
    ] = None,
    title: Annotated[str | None, typer.Option(metavar="TEXT", help="For a new one: what it is.")] = None,
    timeout: Timeout = DEFAULT_TIMEOUT,
    as_json: AsJson = False,
) -> None:
    """Change how much there is of a capacity, or set up a new one; nobody loses what they hold.

    Its owners may; a new one is for HR, head of HR and budget owners to set up, who own it then.
    """
    resized = run(_resize(capacity, size, reason, actor, unit, title, timeout))
    if as_json:
        say_result(resized.model_dump(mode="json"))
        return
    size_now, held = (amount_text(amount, resized.unit) for amount in (resized.size, resized.held))
    say(f"{resized.capacity} has {size_now} now; {held} held, {resized.waiting} waiting")


async def _resize(
    capacity: str,
    size: str,
    reason: str,
    actor: str,
    unit: str | None,
    title: str | None,
    timeout: float,  # noqa: ASYNC109 - passed on
) -> Resized:
    _check_id(capacity)
    if unit is not None and (wrong := wrong_unit(capacity, unit)):
        raise CommandError(f"--unit: {wrong}", "invalid")
    request = message(Resize, actor=actor, size=size, unit=unit, reason=reason)
    with records() as database:
        check_known(database, [actor, *_mentor_of(capacity)])
    client = await temporal()
    try:
        return await _ask(client, capacity, request, timeout)
    except Unknown:
        pass
    if unit is None and title is None:
        raise CommandError(f"there is no capacity {capacity}; --unit and --title set up a new one", "unknown")
    start = message(CapacityStart, id=capacity, title=title, unit=unit, size=request.size, owners=[actor])
    await _set_up(client, start)
    return await _ask(client, capacity, request, timeout)


def _check_id(capacity: str) -> None:
    """Raise :class:`CommandError` for what can be no capacity's."""
    try:
        TypeAdapter[str](CapacityId).validate_python(capacity)
    except ValidationError:
        kinds = "seats-, budget-, mentor- or headcount-"
        raise CommandError(
            f"{capacity} is no capacity: that is {kinds} and an id, as budget-TRAINING-2026", "invalid"
        ) from None


def _mentor_of(capacity: str) -> list[str]:
    """Whose places these are, where they are a mentor's: nobody is, who is not in the records."""
    return [mentor_of(capacity)] if capacity.startswith(MENTOR_PLACES) else []


async def _ask(client: Client, capacity: str, request: Resize, timeout: float) -> Resized:  # noqa: ASYNC109 - passed on
    return await ask(
        client, capacity, Update.RESIZE, request, Resized, timeout, workflow=capacity_workflow_id(capacity)
    )


async def _set_up(client: Client, start: CapacityStart) -> None:
    """Start a capacity, by somebody who may; one that somebody else sets up at the same moment stays as it is."""
    (owner,) = start.owners
    with records() as database, database.reading() as session:
        if not capacities.may_open(session, owner):
            sentence = f"{owner} can't set up a capacity: it is for HR, head of HR and budget owners of a role"
            raise CommandError(sentence, "forbidden")
    try:
        await client.start_workflow(WORKFLOW_TYPE, start, **starting(start, load_settings().task_queue))
    except WorkflowAlreadyStartedError:
        raise CommandError(ended(start.id), "conflict") from None
