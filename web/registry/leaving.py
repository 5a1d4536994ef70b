"""That somebody leaves the company, or stays after all, as HR declares it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Action
from domain.core.model import Party, PersonId
from domain.core.reassigning import ABOUT
from languages.marking import translatable
from languages.speech import Speech
from presentation.forms.looks import Look
from service.core.declaring import declare
from service.core.leaving import WantedDeparture, alone_in_hr, check_declares, day_is_over, field_of
from service.core.staying import call_off
from service.registry.person_page import PersonPage, person_page
from web.core.asked import Asked
from web.core.form_page import FormWords, form_page
from web.core.pages import redirect, speech
from web.core.rights import check
from web.core.surroundings import surroundings
from web.registry.people import PEOPLE, called, form_about, is_leaving

SECONDS = 20.0

WHY = Asked("reason", translatable("Reason"), translatable("It stays on record."), Look.TEXTAREA, required=False)

LEAVE = FormWords(
    title=translatable("Declare that they leave the company"),
    lead=translatable(
        "When their last day is over, what they have in all cases is handed over, and they are signed out. If it is "
        "declared already, what you give here takes the place of what was given; what you leave empty stays."
    ),
    button=translatable("Declare it"),
    asked=(
        Asked("last_day", translatable("Last day"), translatable("It counts whole."), Look.DATE),
        Asked(
            "successor",
            translatable("Who takes over"),
            translatable("A name, or an id. Where nobody is named or nobody can, HR of each case is asked."),
            Look.PERSON,
            required=False,
        ),
        WHY,
    ),
    checked=True,
    warning=True,
)

OVER_ALREADY = translatable(
    "This day is over already: all they have is handed over at once, and cases about them end. It can't be called off."
)

ALONE_IN_HR = translatable(
    "Who is named to take over would be HR and head of HR in %(cases)s: what they do not answer in time would go on to "
    "nobody else."
)

STAY = FormWords(
    title=translatable("Declare that they stay"),
    lead=translatable(
        "While nothing is handed over, the departure is called off. Who had left can be asked again, and keeps what is "
        "not handed over yet."
    ),
    button=translatable("They stay"),
    asked=(WHY,),
)


async def leave(request: Request) -> Response:
    """The form to declare that somebody leaves, and the declaration."""
    viewer, around = check(request, Action.DEPARTURES), surroundings(request)
    who, name = await called(request)

    async def send(values: Mapping[str, Any], once: str) -> Response:
        wanted, queue = _wanted(who, values), around.settings.task_queue
        await declare(around.connect, around.database, wanted, viewer.person, queue, SECONDS, once=once)
        return redirect(f"{PEOPLE}/{who}", done="left" if await asyncio.to_thread(over, values) else "leave")

    def over(values: Mapping[str, Any]) -> bool:
        return day_is_over(around.database, who, values["last_day"])

    def caution(values: Mapping[str, Any]) -> str | None:
        said = speech(request)
        alone = alone_in_hr(around.database, _wanted(who, values))
        both = said.text(ALONE_IN_HR) % {"cases": ", ".join(alone)} if alone else None
        return " ".join(filter(None, (said.text(OVER_ALREADY) if over(values) else None, both))) or None

    async def tried(values: Mapping[str, Any]) -> None:
        await asyncio.to_thread(check_declares, around.database, _wanted(who, values), viewer.person)

    shown = await asyncio.to_thread(person_page, around.database, viewer, who)
    form = form_about(_with_parts(LEAVE, shown, speech(request)), who, name, "leave", send)
    return await form_page(request, replace(form, given=_declared(shown), caution=caution, tried=tried))


def _with_parts(words: FormWords, shown: PersonPage, said: Speech) -> FormWords:
    """With a field for who takes over each part; those that they don't have, as far as is seen, stand apart."""
    theirs = {party for held in shown.parts for party in held.parts}
    parts = [
        Asked(
            field_of(party),
            translatable("Who takes over as: %(part)s"),
            look=Look.PERSON,
            required=False,
            rare=party not in theirs,
            of={"part": said.party(party.value)},
        )
        for party in Party
        if party not in ABOUT
    ]
    last_day, successor, *others = words.asked
    return replace(words, asked=[last_day, successor, *parts, *others])


def _wanted(who: PersonId, values: Mapping[str, Any]) -> WantedDeparture:
    """What is declared, by what was given."""
    successors = {party: values[field_of(party)] for party in Party if field_of(party) in values}
    last_day, successor, reason = (values.get(key) for key in ("last_day", "successor", "reason"))
    return WantedDeparture(who, last_day, successor, successors or None, reason, at_once=True)  # the check says it


def _declared(shown: PersonPage) -> dict[str, str]:
    """What is declared already, to be changed."""
    known = shown.departure
    if known is None or not is_leaving(shown):
        return {}
    named = {"successor": known.successor, **{field_of(Party(party)): who for party, who in known.successors.items()}}
    people = {key: f"{shown.names.get(who, who)} ({who})" for key, who in named.items() if who}
    return {"last_day": known.last_day.isoformat(), **people}


async def stay(request: Request) -> Response:
    """The form to call a departure off, and that."""
    viewer, around = check(request, Action.DEPARTURES), surroundings(request)
    who, name = await called(request)

    async def send(values: Mapping[str, Any], once: str) -> Response:
        reason = values.get("reason")
        await call_off(around.connect, around.database, who, viewer.person, reason, SECONDS, once=once)
        return redirect(f"{PEOPLE}/{who}", done="stay")

    return await form_page(request, form_about(STAY, who, name, "stay", send))


routes = [
    Route(f"{PEOPLE}/{{person}}/leave", leave, methods=["GET", "POST"]),
    Route(f"{PEOPLE}/{{person}}/stay", stay, methods=["GET", "POST"]),
]
