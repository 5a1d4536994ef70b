"""Handing a task to somebody else, and saying that it is not mine."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Action
from domain.core.model import PersonId
from domain.core.not_mine import NotMine
from domain.core.tasks import AnswerTask
from languages.marking import translatable
from presentation.forms.looks import Look
from service.core.answering import say_not_mine, send_answer
from service.core.asking import message
from service.registry.task_page import TaskPage
from web.core.asked import Asked
from web.core.form_page import FormPage, FormWords, form_page
from web.core.pages import redirect
from web.core.rights import signed_in
from web.core.surroundings import surroundings
from web.core.task import SECONDS, look_at, no_such_task
from web.core.task_shown import NOT_REACHED, Telling
from web.core.tasks import filter_in, query_of

HAND_ON = FormWords(
    title=translatable("Hand it to somebody else"),
    lead=translatable(
        "They get a mail, and can answer in your place. You can still answer it yourself, until they do."
    ),
    button=translatable("Hand it on"),
    asked=(
        Asked("to", translatable("Who is to answer it?"), translatable("A name, or the id of a person."), Look.PERSON),
    ),
)

NOT_MINE = FormWords(
    title=translatable("Say that it is not yours"),
    lead=translatable("HR is asked whose it is. You get no more mails about it in the meantime."),
    button=translatable("It is not mine"),
    asked=(
        Asked(
            "note",
            translatable("What HR should know"),
            translatable("For instance whose it may be."),
            Look.TEXTAREA,
            required=False,
        ),
    ),
)


async def hand_on(request: Request) -> Response:
    """The form that asks to whom, and handing it on."""
    around = surroundings(request)

    async def send(found: TaskPage, values: Mapping[str, Any]) -> None:
        sent = message(AnswerTask, actor=found.viewer.person, task=found.task.task, delegate_to=values["to"])
        await send_answer(around.connect, around.database, found.task.case_id, sent, SECONDS)

    return await _move(request, HAND_ON, Action.HAND_ON, send)


async def not_mine(request: Request) -> Response:
    """The form that asks for a note, and telling HR."""
    around = surroundings(request)

    async def send(found: TaskPage, values: Mapping[str, Any]) -> None:
        said = message(NotMine, actor=found.viewer.person, task=found.task.task, note=values.get("note"))
        await say_not_mine(around.connect, around.database, found.task.case_id, said, SECONDS)

    return await _move(request, NOT_MINE, Action.NOT_MINE, send)


async def _move(
    request: Request,
    words: FormWords,
    action: Action,
    do: Callable[[TaskPage, Mapping[str, Any]], Awaitable[None]],
) -> Response:
    signed_in(request)
    found = await look_at(request)
    if found is None:
        return no_such_task(request)
    possible = found.may_hand_on if action is Action.HAND_ON else found.may_disown
    here, chosen = f"/tasks/{found.task.task}", filter_in(request.query_params)
    if not (found.there.may(action) and (possible or request.method == "POST")):  # of what is sent, the case decides
        return redirect(here)

    async def send(values: Mapping[str, Any], _: str) -> Response:
        await do(found, values)
        return redirect(f"/tasks{query_of(chosen, told=action.value)}")

    telling, back = Telling(request, found), f"{here}{query_of(chosen)}"
    return await form_page(
        request,
        FormPage(
            words,
            f"{request.url.path}{query_of(chosen)}",
            back,
            send,
            caption=telling.title,
            unreachable=NOT_REACHED,
            speech=telling.speech,
            people=_others(found) if action is Action.HAND_ON else {},
        ),
    )


def _others(found: TaskPage) -> dict[PersonId, str]:
    """Who may be meant: nobody hands anything to themselves."""
    return {person: name for person, name in found.people.items() if person != found.viewer.person}


routes = [
    Route("/tasks/{task}/hand-on", hand_on, methods=["GET", "POST"]),
    Route("/tasks/{task}/not-mine", not_mine, methods=["GET", "POST"]),
]
