"""Scarce things: how much there is of each, who has it, who waits for it; and how much there is to be."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

import typer

from cli.core.commands import Commands
from cli.core.errors import CommandError
from cli.core.options import DEFAULT_TIMEOUT, Actor, AsJson, Reason, Timeout, a_capacity, a_unit, an_amount
from cli.core.output import say, say_result, show
from cli.core.resources import run
from domain.core.holdings import KINDS, amount_text
from engine.settings import load_settings
from presentation.tables import table
from service.capacity import figures, resizing
from service.capacity.figures import CapacityFigures, Reservation, bare_amount
from service.capacity.resizing import WantedSize
from service.core.connecting import temporal
from service.core.environment import records

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
    with records() as database:
        found = figures.capacities(database, kind)
    if as_json:
        say_result([capacity.as_json() for capacity in found])
    elif found:
        columns = ("Capacity", "What", "Unit", "Size", "Held", "Offered", "Free", "Waiting")
        show(table(None, columns, (_row(capacity) for capacity in found)))
    else:
        none = "There is no such capacity yet." if kind else "There are no capacities yet."
        say(f"{none} Seats of a workshop come into being with the first booking, a budget by `capacity resize`.")


def _row(capacity: CapacityFigures) -> tuple[object, ...]:
    amounts = (
        _grouped(amount, capacity.unit) for amount in (capacity.size, capacity.held, capacity.offered, capacity.free)
    )
    return (capacity.id, capacity.title, capacity.unit, *amounts, capacity.waiting)


def _grouped(amount: Decimal, unit: str) -> str:
    """An amount as people write it: ``20,000.00``."""
    return f"{Decimal(bare_amount(amount, unit)):,}"


@app.command()
def holders(capacity: CapacityArgument, as_json: AsJson = False) -> None:
    """Show who holds a part of a capacity, who is offered one, and who waits, in order."""
    with records() as database:
        known, found = figures.reservations(database, capacity)
    if as_json:
        people = {
            status.value: [_reservation(reservation, known.unit) for reservation in ones]
            for status, ones in found.items()
        }
        say_result(known.as_json() | {"reservations": people})
        return
    held = f"{_grouped(known.held, known.unit)} of {_grouped(known.size, known.unit)} {known.unit} held"
    title = f"{known.title}: {held}, {known.waiting} waiting"
    lines = (
        (
            reservation.holder,
            status.value,
            n,
            _grouped(reservation.amount, known.unit),
            f"{reservation.at:%Y-%m-%d %H:%M}",
        )
        for status, ones in found.items()
        for n, reservation in enumerate(ones, start=1)
    )
    show(table(title, ("Holder", "Status", "n", "Amount", "Since (UTC)"), lines))


def _reservation(reservation: Reservation, unit: str) -> dict[str, Any]:
    return {
        "holder": reservation.holder,
        "amount": bare_amount(reservation.amount, unit),
        "at": reservation.at.isoformat(),
    }


@app.command()
def resize(
    capacity: CapacityArgument,
    size: Annotated[
        Decimal, typer.Option(parser=an_amount, metavar="N", help="How much there is to be, such as 12 or 20000.00.")
    ],
    reason: Reason,
    actor: Actor,
    unit: Annotated[
        str | None,
        typer.Option(parser=a_unit, metavar="UNIT", help="For a new one: places, or a currency such as GBP."),
    ] = None,
    title: Annotated[str | None, typer.Option(metavar="TEXT", help="For a new one: what it is.")] = None,
    timeout: Timeout = DEFAULT_TIMEOUT,
    as_json: AsJson = False,
) -> None:
    """Change how much there is of a capacity, or set up a new one; nobody loses what they hold.

    Its owners may; a new one is for HR, head of HR and budget owners to set up, who own it then.
    """
    wanted = WantedSize(capacity, size, unit, title, reason, actor)
    with records() as database:
        queue = load_settings().task_queue
        resized = run(resizing.resize(temporal, database, wanted, task_queue=queue, seconds=timeout))
    if as_json:
        say_result(resized.model_dump(mode="json"))
        return
    size_now, held = (amount_text(amount, resized.unit) for amount in (resized.size, resized.held))
    say(f"{resized.capacity} has {size_now} now; {held} held, {resized.waiting} waiting")
