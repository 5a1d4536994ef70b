"""People, for HR: found, looked at, declared to leave or to stay, and signed out."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Action, may
from domain.core.departure import DepartureStage
from domain.core.model import PERSON_ID, Party, PersonId
from domain.core.reassigning import ABOUT, Handing
from languages.marking import translatable
from languages.speech import Speech
from presentation.forms.looks import Look
from service.core.accounts import unlink as unlink_accounts
from service.core.daily_mail import choose, mail_ways
from service.core.errors import Unknown
from service.core.leaving import WantedDeparture, alone_in_hr, day_is_over, declare, field_of
from service.core.people import names_of
from service.core.sessions import end_sessions
from service.core.staying import call_off
from service.registry.person_page import PersonPage, find_people, person_page
from web.core.asked import Asked
from web.core.form_page import FormPage, FormWords, Send, form_page
from web.core.pages import page, redirect, speech
from web.core.rights import check
from web.core.surroundings import surroundings

PEOPLE = "/people"
SECONDS = 20.0

DONE: Mapping[str, str] = {
    "leave": translatable("It is declared. What they have is handed over when their last day is over."),
    "left": translatable("It is declared. Their last day is over: what they have is being handed over now."),
    "stay": translatable("They stay. Whatever was handed over already stays where it is."),
    "mail": translatable("Their mails come like this from now on."),
    "sessions": translatable("They are signed out everywhere."),
    "unlink": translatable("No account is linked any more, and they are signed out everywhere."),
}

STAGES: Mapping[DepartureStage, str] = {
    DepartureStage.PLANNED: translatable("Declared; nothing is handed over yet"),
    DepartureStage.HANDING_OVER: translatable("What they have is being handed over"),
    DepartureStage.DONE: translatable("They have left; all is handed over"),
    DepartureStage.CALLED_OFF: translatable("Called off: they stay"),
    DepartureStage.BACK: translatable("They had left, and are back"),
}

HANDED: Mapping[Handing, str] = {
    Handing.MOVED: translatable("handed over"),
    Handing.WAITS: translatable("waits"),
    Handing.OVER: translatable("over"),
}

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

MAIL = FormWords(
    title=translatable("Choose how their mails come"),
    lead=translatable("It is theirs to choose, on their own page. Choose for them if they have asked you to."),
    button=translatable("Save"),
    asked=(
        Asked(
            "mail",
            translatable("How should their mails come?"),
            translatable("What can't wait comes at once all the same."),
            Look.RADIOS,
        ),
    ),
)
WAYS: Mapping[str, str] = {"each": translatable("Each by itself"), "daily": translatable("One a day")}

SIGN_OUT = FormWords(
    title=translatable("Sign them out everywhere"),
    lead=translatable("All their sessions end now. They can sign in again, as long as they get mail."),
    button=translatable("Sign them out"),
    warning=True,
)


UNLINK = FormWords(
    title=translatable("Unlink their account"),
    lead=translatable(
        "They sign in by it no more, and all their sessions end now. If its address is theirs, the account is linked "
        "anew once they sign in by it; change the address on record first where it is not."
    ),
    button=translatable("Unlink it"),
    warning=True,
)


async def people(request: Request) -> Response:
    """Find somebody."""
    viewer = check(request, Action.PEOPLE)
    text = request.query_params.get("q", "").strip()[:100]
    found = await asyncio.to_thread(find_people, surroundings(request).database, text)
    return page(request, "registry/people.html", text=text, found=found, may_grant=may(viewer, Action.ACCESS))


async def person(request: Request) -> Response:
    """Somebody's page."""
    viewer = check(request, Action.PEOPLE)
    shown = await asyncio.to_thread(person_page, surroundings(request).database, viewer, _person(request))
    said = speech(request)
    done = DONE.get(request.query_params.get("done", ""))
    return page(
        request,
        "registry/person.html",
        shown=shown,
        leaving=_leaving(shown),
        stage=said.text(STAGES[DepartureStage(shown.departure.stage)]) if shown.departure else None,
        handed={state.value: said.text(word) for state, word in HANDED.items()},
        themselves=viewer.person == shown.person.id,
        may_unlink=may(viewer, Action.GRANT),
        notice=said.text(done) if done else None,
        back=PEOPLE,
    )


def _leaving(shown: PersonPage) -> bool:
    """Whether they leave, or have left."""
    over = (DepartureStage.CALLED_OFF.value, DepartureStage.BACK.value)
    return shown.left_on is not None or (shown.departure is not None and shown.departure.stage not in over)


def _person(request: Request) -> PersonId:
    text: str = request.path_params["person"]
    if not re.fullmatch(PERSON_ID, text):
        raise Unknown(f"no person {text[:40]}")
    return text


async def _called(request: Request) -> tuple[PersonId, str]:
    """Whom the address names, and what they are called. Raises ``Unknown``."""
    found = _person(request)
    names = await asyncio.to_thread(names_of, surroundings(request).database, [found])
    if found not in names:
        raise Unknown(f"no person {found}")
    return found, names[found]


async def leave(request: Request) -> Response:
    """The form to declare that somebody leaves, and the declaration."""
    viewer, around = check(request, Action.DEPARTURES), surroundings(request)
    who, name = await _called(request)

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

    shown = await asyncio.to_thread(person_page, around.database, viewer, who)
    form = _form(_with_parts(LEAVE, shown, speech(request)), who, name, "leave", send)
    return await form_page(request, replace(form, given=_declared(shown), caution=caution))


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
    if known is None or not _leaving(shown):
        return {}
    named = {"successor": known.successor, **{field_of(Party(party)): who for party, who in known.successors.items()}}
    people = {key: f"{shown.names.get(who, who)} ({who})" for key, who in named.items() if who}
    return {"last_day": known.last_day.isoformat(), **people}


async def stay(request: Request) -> Response:
    """The form to call a departure off, and that."""
    viewer, around = check(request, Action.DEPARTURES), surroundings(request)
    who, name = await _called(request)

    async def send(values: Mapping[str, Any], once: str) -> Response:
        reason = values.get("reason")
        await call_off(around.connect, around.database, who, viewer.person, reason, SECONDS, once=once)
        return redirect(f"{PEOPLE}/{who}", done="stay")

    return await form_page(request, _form(STAY, who, name, "stay", send))


async def mail(request: Request) -> Response:
    """The form to choose how somebody's mails come, and that."""
    viewer, around = check(request, Action.MAIL_WAYS), surroundings(request)
    who, name = await _called(request)
    ways, said = await asyncio.to_thread(mail_ways, around.database, who, viewer.person), speech(request)

    async def send(values: Mapping[str, Any], _: str) -> Response:
        chosen, queue = values["mail"], around.settings.task_queue
        await choose(around.connect, queue, around.database, who, viewer.person, chosen)
        return redirect(f"{PEOPLE}/{who}", done="mail")

    offered = {"mail": {way: said.text(word) for way, word in WAYS.items()}}
    form = _form(MAIL, who, name, "mail", send)
    return await form_page(request, replace(form, offered=offered, given={"mail": ways.choice}))


async def sign_out(request: Request) -> Response:
    """The form to end somebody's sessions, and that."""
    viewer, around = check(request, Action.END_SESSIONS), surroundings(request)
    who, name = await _called(request)

    async def send(_: Mapping[str, Any], __: str) -> Response:
        await asyncio.to_thread(end_sessions, around.database, who, viewer.person)
        return redirect(f"{PEOPLE}/{who}", done="sessions")

    return await form_page(request, _form(SIGN_OUT, who, name, "sign-out", send))


async def unlink(request: Request) -> Response:
    """The form to unlink somebody's accounts at the identity provider, and that."""
    viewer, around = check(request, Action.GRANT), surroundings(request)
    who, name = await _called(request)

    async def send(_: Mapping[str, Any], __: str) -> Response:
        await asyncio.to_thread(unlink_accounts, around.database, None, who, by=viewer.person)
        return redirect(f"{PEOPLE}/{who}", done="unlink")

    return await form_page(request, _form(UNLINK, who, name, "unlink", send))


def _form(words: FormWords, who: PersonId, name: str, what: str, send: Send) -> FormPage:
    back = f"{PEOPLE}/{who}"
    return FormPage(words, f"{back}/{what}", back, send, caption=f"{name} ({who})")


routes = [
    Route(PEOPLE, people, methods=["GET"]),
    Route(f"{PEOPLE}/{{person}}", person, methods=["GET"]),
    Route(f"{PEOPLE}/{{person}}/leave", leave, methods=["GET", "POST"]),
    Route(f"{PEOPLE}/{{person}}/stay", stay, methods=["GET", "POST"]),
    Route(f"{PEOPLE}/{{person}}/mail", mail, methods=["GET", "POST"]),
    Route(f"{PEOPLE}/{{person}}/sign-out", sign_out, methods=["GET", "POST"]),
    Route(f"{PEOPLE}/{{person}}/unlink", unlink, methods=["GET", "POST"]),
]
