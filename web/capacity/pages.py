"""Scarce things: how much there is of each, who has it and who waits, and how much there is to be."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Action, may
from domain.core.holdings import BUDGET, KINDS, PLACES, CapacityId, ReservationStatus
from domain.core.model import CaseId, PersonId
from domain.core.naming import MENTOR_PLACES, mentor_of
from languages.marking import translatable
from languages.speech import Speech
from presentation.forms.looks import Look
from service.capacity.figures import CapacityFigures, Reservation, bare_amount, capacities, reservations
from service.capacity.resizing import WantedSize, check_capacity_id, check_size, resize
from service.core.errors import Refused, Unknown
from service.core.people import names_of
from service.registry.seen_cases import SeenCases, seen_cases
from web.capacity.amounts import said_amount
from web.core.asked import Asked, as_text
from web.core.form_page import FormPage, FormWords, form_page
from web.core.pages import page, redirect, speech
from web.core.rights import check
from web.core.surroundings import surroundings

CAPACITIES = "/capacities"
SECONDS = 20.0
"""So long a page waits for a capacity to change its size."""

KIND_WORDS: Mapping[str, str] = {
    "seats": translatable("Seats of workshops"),
    "budget": translatable("Budgets"),
    "mentor": translatable("Places of mentors"),
    "headcount": translatable("Headcounts"),
}
DONE: Mapping[str, str] = {"resized": translatable("The new size counts from now on.")}

STATUS_WORDS: Mapping[ReservationStatus, str] = {
    ReservationStatus.HELD: translatable("Held"),
    ReservationStatus.OFFERED: translatable("Offered"),
    ReservationStatus.WAITING: translatable("Waiting, in this order"),
}


def _capacity_id(text: str) -> CapacityId:
    """Raises :class:`Refused` for what can be no capacity's."""
    check_capacity_id(text)
    return text


SIZE = Asked(
    "size",
    translatable("How much there is to be"),
    translatable("Nobody loses what they hold; with less, only nobody new gets any."),
    Look.NUMBER,
    whole=False,
)
REASON = Asked("reason", translatable("Reason"), translatable("It stays on record."), Look.TEXTAREA)
RESIZE = FormWords(
    title=translatable("Change the size"),
    lead=translatable("Whoever is next in line hears of it at once where something becomes free."),
    button=translatable("Change the size"),
    asked=(SIZE, REASON),
    checked=True,
)
SET_UP = FormWords(
    title=translatable("Set up a capacity"),
    lead=translatable(
        "Seats of workshops, places of mentors and headcounts come into being by themselves. A budget is set up here; "
        "whoever sets it up owns it."
    ),
    button=translatable("Set it up"),
    asked=(
        Asked(
            "capacity",
            translatable("Its id"),
            translatable("A kind and a name, such as budget-TRAINING-2026."),
            reads=as_text(_capacity_id),
        ),
        Asked("title", translatable("What it is"), translatable("As people should read it.")),
        Asked(
            "unit",
            translatable("Counted in"),
            translatable("A currency such as GBP for a budget, else: places."),
        ),
        SIZE,
        REASON,
    ),
    checked=True,
)


async def overview(request: Request) -> Response:
    """All of them, or those of a kind."""
    viewer = check(request, Action.CAPACITIES)
    kind = request.query_params.get("kind", "")
    chosen = kind if kind in KINDS else None
    database = surroundings(request).database
    found = await asyncio.to_thread(capacities, database, chosen)
    said, mentors = speech(request), await asyncio.to_thread(names_of, database, map(_mentor, found))
    return page(
        request,
        "capacity/capacities.html",
        rows=[_row(capacity, mentors, said) for capacity in found],
        kinds=[(known, said.text(KIND_WORDS[known])) for known in KINDS],
        chosen=chosen,
        may_set_up=may(viewer, Action.RESIZE_CAPACITY),
    )


def _mentor(capacity: CapacityFigures) -> PersonId | None:
    """Whose places these are, where they are a mentor's."""
    return mentor_of(capacity.id) if capacity.id.startswith(MENTOR_PLACES) else None


def _row(capacity: CapacityFigures, mentors: Mapping[PersonId, str], said: Speech) -> dict[str, Any]:
    title, mentor = said.sentence(capacity.title), mentors.get(_mentor(capacity) or "")
    amounts = ("size", "held", "offered", "free")
    return {
        "id": capacity.id,
        "title": f"{mentor}: {title}" if mentor else title,
        "waiting": capacity.waiting,
        **{name: said_amount(getattr(capacity, name), capacity.unit, said) for name in amounts},
    }


async def capacity(request: Request) -> Response:
    """One of them, with those who hold a part of it, are offered one, or wait."""
    viewer, database = check(request, Action.CAPACITIES), surroundings(request).database
    known, found = await _read(request)
    cases = {_case(reservation) for group in found.values() for reservation in group}
    seen = await asyncio.to_thread(seen_cases, database, viewer, cases)
    said, mentors = speech(request), await asyncio.to_thread(names_of, database, [_mentor(known)])
    groups = [
        (said.text(STATUS_WORDS[status]), [_holder(reservation, known, seen, said) for reservation in group])
        for status, group in found.items()
        if group
    ]
    done = DONE.get(request.query_params.get("done", ""))
    return page(
        request,
        "capacity/capacity.html",
        capacity=_row(known, mentors, said),
        at=known.at,
        groups=groups,
        may_resize=may(viewer, Action.RESIZE_CAPACITY),
        notice=said.text(done) if done else None,
        back=CAPACITIES,
    )


async def _read(request: Request) -> tuple[CapacityFigures, Mapping[ReservationStatus, list[Reservation]]]:
    """Raises ``Unknown`` for none, and for what can be none."""
    database = surroundings(request).database
    try:
        known, found = await asyncio.to_thread(reservations, database, request.path_params["capacity"])
    except Refused:
        raise Unknown("no such capacity") from None
    return known, {status: list(group) for status, group in found.items()}


def _case(reservation: Reservation) -> CaseId:
    return reservation.holder.partition("/")[0]


def _holder(reservation: Reservation, known: CapacityFigures, seen: SeenCases, said: Speech) -> dict[str, Any]:
    case = _case(reservation)
    return {
        "case": case,
        "seen": case in seen.cases,
        "name": seen.name(case),
        "amount": said_amount(reservation.amount, known.unit, said),
        "at": reservation.at,
    }


async def change_size(request: Request) -> Response:
    """The form to change how much there is, and the change."""
    check(request, Action.RESIZE_CAPACITY)
    known, _ = await _read(request)
    here = f"{CAPACITIES}/{known.id}"

    async def send(values: Mapping[str, Any], once: str) -> Response:
        return await _resize(request, _wanted(request, known.id, values), once)

    async def tried(values: Mapping[str, Any]) -> None:
        await asyncio.to_thread(check_size, surroundings(request).database, _wanted(request, known.id, values))

    given = {"size": bare_amount(known.size, known.unit)}
    form = FormPage(RESIZE, f"{here}/size", here, send, given=given, caption=known.title, tried=tried)
    return await form_page(request, form)


async def set_up(request: Request) -> Response:
    """The form for one that is not there yet, and setting it up."""
    check(request, Action.RESIZE_CAPACITY)

    def wanted(values: Mapping[str, Any]) -> WantedSize:
        unit = str(values["unit"])
        given = unit.lower() if unit.lower() == PLACES else unit.upper()
        return _wanted(request, values["capacity"], values, given, values["title"])

    async def send(values: Mapping[str, Any], once: str) -> Response:
        return await _resize(request, wanted(values), once)

    async def tried(values: Mapping[str, Any]) -> None:
        await asyncio.to_thread(check_size, surroundings(request).database, wanted(values))

    given = {"capacity": f"{BUDGET}-"}
    return await form_page(request, FormPage(SET_UP, f"{CAPACITIES}/new", CAPACITIES, send, given=given, tried=tried))


def _wanted(
    request: Request,
    capacity_id: CapacityId,
    values: Mapping[str, Any],
    unit: str | None = None,
    title: str | None = None,
) -> WantedSize:
    person = check(request, Action.RESIZE_CAPACITY).person
    return WantedSize(capacity_id, values["size"], unit, title, values["reason"], person)


async def _resize(request: Request, wanted: WantedSize, once: str) -> Response:
    """Raises as :func:`service.capacity.resizing.resize` does."""
    around = surroundings(request)
    queue = around.settings.task_queue
    await resize(around.connect, around.database, wanted, task_queue=queue, seconds=SECONDS, once=once)
    return redirect(f"{CAPACITIES}/{wanted.capacity}", done="resized")


routes = [
    Route(CAPACITIES, overview, methods=["GET"]),
    Route(f"{CAPACITIES}/new", set_up, methods=["GET", "POST"]),
    Route(f"{CAPACITIES}/{{capacity}}", capacity, methods=["GET"]),
    Route(f"{CAPACITIES}/{{capacity}}/size", change_size, methods=["GET", "POST"]),
]
