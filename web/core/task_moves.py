"""Handing a task to somebody else, and saying that it is not mine."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Action
from domain.core.model import PersonId
from domain.core.not_mine import NotMine
from domain.core.tasks import AnswerTask
from engine.errors import EngineUnreachable
from languages.forms import rules
from languages.forms.words import FORM
from languages.marking import translatable
from presentation.forms.answers import Found
from presentation.forms.looks import Look
from presentation.forms.posted import id_in, typed_in
from presentation.forms.shown import ShownField, person_field
from service.core.answering import say_not_mine, send_answer
from service.core.asking import message
from service.core.errors import Refused, Unreachable
from service.registry.task_page import TaskPage, people_called
from web.core.pages import page, redirect
from web.core.reading import posted
from web.core.rights import signed_in
from web.core.surroundings import surroundings
from web.core.task import AWAY, CONFLICT, FORBIDDEN, SECONDS, UNFIT, look_at, no_such_task
from web.core.task_shown import Telling
from web.core.tasks import filter_in, query_of


@dataclass(frozen=True)
class Move:
    """A way to get rid of a task: what it is called and means, and the one field that it asks for."""

    action: Action
    heading: str
    meaning: str
    button: str
    key: str
    label: str
    hint: str


HAND_ON = Move(
    Action.HAND_ON,
    translatable("Hand it to somebody else"),
    translatable("They get a mail, and can answer in your place. You can still answer it yourself, until they do."),
    translatable("Hand it on"),
    "to",
    translatable("Who is to answer it?"),
    translatable("A name, or the id of a person."),
)

NOT_MINE = Move(
    Action.NOT_MINE,
    translatable("Say that it is not yours"),
    translatable("HR is asked whose it is. You get no more mails about it in the meantime."),
    translatable("It is not mine"),
    "note",
    translatable("What HR should know"),
    translatable("For instance whose it may be. You may leave it empty."),
)


async def hand_on(request: Request) -> Response:
    """The form that asks to whom."""
    return await _form(request, HAND_ON)


async def handed_on(request: Request) -> Response:
    """Hand it on."""
    return await _move(request, HAND_ON, _hand_on)


async def not_mine(request: Request) -> Response:
    """The form that asks for a note."""
    return await _form(request, NOT_MINE)


async def disowned(request: Request) -> Response:
    """Tell HR."""
    return await _move(request, NOT_MINE, _disown)


async def _form(request: Request, move: Move) -> Response:
    signed_in(request)
    found = await look_at(request)
    if found is None:
        return no_such_task(request)
    if not _may(found, move):
        return redirect(f"/tasks/{found.task.task}")
    return _page(request, found, move, "")


def _may(found: TaskPage, move: Move) -> bool:
    possible = found.may_hand_on if move is HAND_ON else found.may_disown
    return possible and found.there.may(move.action)


async def _move(
    request: Request, move: Move, do: Callable[[Request, TaskPage, str], Awaitable[Response | None]]
) -> Response:
    form = await posted(request)
    signed_in(request)
    found = await look_at(request)
    if found is None:
        return no_such_task(request)
    if not _may(found, move):
        return redirect(f"/tasks/{found.task.task}")
    text = next(iter(typed_in(form.pairs).get(move.key, [])), "").strip()
    telling = Telling(request, found)
    try:
        answered = await do(request, found, text)
    except Refused as refused:
        wrong = telling.refusal(refused).sentence
        status = {"invalid": UNFIT, "forbidden": FORBIDDEN}.get(refused.kind, CONFLICT)
        return _page(request, found, move, text, wrong=wrong, status=status)
    except (Unreachable, EngineUnreachable):
        return _page(request, found, move, text, wrong=telling.cant_be_reached(), status=AWAY)
    return answered or redirect(f"/tasks{query_of(filter_in(request.query_params), told=move.action.value)}")


async def _hand_on(request: Request, found: TaskPage, text: str) -> Response | None:
    around, telling = surroundings(request), Telling(request, found)
    if not text:
        return _page(request, found, HAND_ON, text, wrong=telling.speech.word(FORM, rules.A_PERSON), status=UNFIT)
    to = id_in(text)
    if to is None:
        called = (await asyncio.to_thread(people_called, around.database, [text]))[text]
        if len(called.people) != 1:
            people = Found(called.people, called.too_many)
            return _page(request, found, HAND_ON, text, wrong=_who(telling, people), among={text: people}, status=UNFIT)
        to = next(iter(called.people))
    sent = message(AnswerTask, actor=found.viewer.person, task=found.task.task, delegate_to=to)
    await send_answer(around.connect, around.database, found.task.case_id, sent, SECONDS)
    return None


def _who(telling: Telling, found: Found) -> str:
    rule = rules.TOO_MANY_PEOPLE if found.too_many else rules.SEVERAL if found.people else rules.NOBODY
    return telling.speech.word(FORM, rule)


async def _disown(request: Request, found: TaskPage, text: str) -> Response | None:
    around = surroundings(request)
    said = message(NotMine, actor=found.viewer.person, task=found.task.task, note=text or None)
    await say_not_mine(around.connect, around.database, found.task.case_id, said, SECONDS)
    return None


def _page(
    request: Request,
    found: TaskPage,
    move: Move,
    text: str,
    *,
    wrong: str | None = None,
    among: Mapping[str, Found] | None = None,
    status: int = 200,
) -> Response:
    telling = Telling(request, found)
    say, chosen = telling.speech.text, filter_in(request.query_params)
    look = Look.PERSON if move is HAND_ON else Look.TEXTAREA
    people: Mapping[PersonId, str] = found.people if move is HAND_ON else {}
    field = ShownField(move.key, look, move.key, say(move.label), say(move.hint), move is HAND_ON, wrong, value=text)
    field = person_field(field, people, among or {}) if move is HAND_ON else field
    here = f"/tasks/{found.task.task}"
    return page(
        request,
        "core/task_move.html",
        status=status,
        back=f"{here}{query_of(chosen)}",
        here=here,
        query=query_of(chosen),
        title=telling.title,
        heading=say(move.heading),
        meaning=say(move.meaning),
        button=say(move.button),
        fields=[field],
        people=people,
        errors=[(move.key, wrong)] if wrong else [],
    )


routes = [
    Route("/tasks/{task}/hand-on", hand_on, methods=["GET"]),
    Route("/tasks/{task}/hand-on", handed_on, methods=["POST"]),
    Route("/tasks/{task}/not-mine", not_mine, methods=["GET"]),
    Route("/tasks/{task}/not-mine", disowned, methods=["POST"]),
]
