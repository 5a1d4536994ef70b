"""A task: what it is about, what follows, and the form in which it is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Action
from domain.core.tasks import AnswerTask
from domain.registry.forms import FORMS
from engine.errors import EngineUnreachable
from languages.forms.about import WEIGHTY
from languages.marking import translatable
from presentation.forms.answers import Found, Read, read
from presentation.forms.posted import people_named, typed_in
from presentation.tasks.facts import answer_said
from service.core import drafts
from service.core.answering import send_answer
from service.core.asking import message
from service.core.errors import NobodyAtWork, Refused, Unknown, Unreachable
from service.registry.foreseen import check_answer_foreseen
from service.registry.task_page import TaskPage, people_called, task_page
from web.core.pages import page, redirect
from web.core.reading import Posted, posted
from web.core.refusals import NOT_SENT, status_of
from web.core.rights import SignInNeeded, signed_in
from web.core.sessions import session_cookie, viewer
from web.core.surroundings import surroundings
from web.core.task_form import Filled
from web.core.task_shown import Telling
from web.core.tasks import filter_in, query_of

SECONDS = 15.0
"""So long a case may take to take an answer, and to carry it out."""

ARRIVAL_SECONDS, ARRIVAL_STEP = 3.0, 0.1
"""So long the page waits for the records to know of an answer that a case has taken: mostly a moment."""

NOBODY_WORKS = translatable(
    "Your answer is on its way, but nobody is at work yet to take it. It still stands below: look in a few minutes "
    "whether it has arrived, and send it again if it has not. The same answer counts only once."
)

NOT_FOUND, CONFLICT, UNFIT, UNREACHABLE = 404, 409, 422, 503


async def show(request: Request) -> Response:
    """The page of a task: its form, or why there is none."""
    found = await look_at(request)
    if found is None:
        return no_such_task(request)
    draft = found.draft.content.get("typed", {}) if found.draft else {}
    return await _page(request, found, Filled(typed=draft, from_draft=found.draft is not None))


async def answer(request: Request) -> Response:
    """Take what was sent: an answer, a draft, or the wish for another row."""
    form = await posted(request)
    typed = typed_in(form.pairs)
    if viewer(request) is None:
        raise SignInNeeded(kept=await _keep_for_later(request, typed))
    found = await look_at(request)
    if found is None:
        return no_such_task(request)
    if not (found.is_open and _may_answer(found)):
        return await _page(request, found, Filled(typed=typed, not_sent=True), status=CONFLICT)
    if more := form.value("_more"):
        return await _page(request, found, Filled(typed=typed, more=more))
    match form.value("_step"):
        case "draft" if found.there.may(Action.DRAFT):
            return await _keep(request, found, typed)
        case "change":
            return await _page(request, found, Filled(typed=typed))
    return await _read_and_send(request, found, typed, form)


def _may_answer(found: TaskPage) -> bool:
    """Whether they may give an answer, or say why there is none; the case looks at it once more."""
    return found.there.may(Action.ANSWER) or (found.may_waive and found.there.may(Action.WAIVE))


async def _read_and_send(request: Request, found: TaskPage, typed: Mapping[str, list[str]], form: Posted) -> Response:
    telling = Telling(request, found)
    people = await _people(request, found, typed)
    given = read(found.kind, typed, telling.speech, people, waivable=found.may_waive)
    if given.errors:
        return await _page(request, found, Filled(typed=typed, errors=given.errors, found=people), status=UNFIT)
    if found.kind in WEIGHTY and form.value("_step") != "send":
        return await _foresee(request, found, typed, given)
    return await _send(request, found, typed, given)


async def _foresee(request: Request, found: TaskPage, typed: Mapping[str, list[str]], given: Read) -> Response:
    """What was given once more, before it is sent; or why the case would not take it."""
    around = surroundings(request)
    try:
        await check_answer_foreseen(around.connect, around.database, found.task.case_id, found.kind, given.answer)
    except Refused as refused:
        return await _refused(request, typed, refused)
    return await _check_page(request, found, typed, given)


async def _send(request: Request, found: TaskPage, typed: Mapping[str, list[str]], given: Read) -> Response:
    around, task = surroundings(request), found.task
    telling = Telling(request, found)
    try:
        sent = message(AnswerTask, actor=found.viewer.person, task=task.task, answer=given.answer)
        await send_answer(around.connect, around.database, task.case_id, sent, SECONDS)
    except Refused as refused:
        return await _refused(request, typed, refused)
    except EngineUnreachable:
        return await _page(request, found, Filled(typed=typed, told=telling.speech.text(NOT_SENT)), status=UNREACHABLE)
    except Unreachable as error:
        told = telling.speech.text(NOBODY_WORKS) if isinstance(error, NobodyAtWork) else telling.cant_be_reached()
        return await _page(request, found, Filled(typed=typed, told=told), status=UNREACHABLE)
    await _arrival(request, task.task)
    done = str(telling.done + 1)
    return redirect(f"/tasks/{task.task}{query_of(filter_in(request.query_params), sent='1', done=done)}")


async def _refused(request: Request, typed: Mapping[str, list[str]], refused: Refused) -> Response:
    """The case has not taken it: somebody was first, or it does not fit the case. What was typed stays."""
    await asyncio.sleep(ARRIVAL_STEP)  # whoever was first, the records are about to know
    found = await look_at(request)
    if found is None:
        return no_such_task(request)
    error = Telling(request, found).refusal(refused)
    if refused.kind == "conflict" and found.is_open and error.key is None:
        await _arrival(request, found.task.task)
        found = await look_at(request) or found
    if not found.is_open:
        return await _page(request, found, Filled(typed=typed, not_sent=True), status=CONFLICT)
    return await _page(request, found, Filled(typed=typed, errors=[error]), status=status_of(refused))


async def _keep(request: Request, found: TaskPage, typed: Mapping[str, list[str]]) -> Response:
    person, task = found.viewer.person, found.task.task
    try:
        await asyncio.to_thread(drafts.save, surroundings(request).database, task, person, {"typed": typed})
    except Refused as refused:
        return await _refused(request, typed, refused)
    return redirect(f"/tasks/{task}{query_of(filter_in(request.query_params), kept='1')}")


async def _keep_for_later(request: Request, typed: Mapping[str, list[str]]) -> bool:
    """Somebody's session ran out while they were typing: it is there when they have signed in again, if it can be."""
    around = surroundings(request)
    cookie = session_cookie(request)
    person = await asyncio.to_thread(around.sessions.lapsed, cookie) if cookie else None
    if person is None:
        return False
    try:
        await asyncio.to_thread(drafts.save, around.database, request.path_params["task"], person, {"typed": typed})
    except (Refused, Unknown):  # it is not theirs any more, or closed: its page says so
        return False
    return True


async def _check_page(request: Request, found: TaskPage, typed: Mapping[str, list[str]], given: Read) -> Response:
    telling = Telling(request, found)
    names = {**found.around.names, **found.people, **await telling.names_in(given.answer)}
    said = answer_said(found.kind, given.answer, telling.speech, names)
    return page(request, "core/task_check.html", title=telling.title, said=said, typed=typed, follows=telling.follows())


async def _people(request: Request, found: TaskPage, typed: Mapping[str, list[str]]) -> dict[str, Found]:
    """Whom the names may mean that were typed."""
    texts = people_named(FORMS[found.kind], typed)
    if not texts:
        return {}
    called = await asyncio.to_thread(people_called, surroundings(request).database, texts)
    return {text: Found(so.people, so.too_many, so.left) for text, so in called.items()}


async def _arrival(request: Request, task: str) -> None:
    """Wait until the records say that a task is not open any more, but not for long."""
    until = asyncio.get_running_loop().time() + ARRIVAL_SECONDS
    while asyncio.get_running_loop().time() < until:
        found = await look_at(request)
        if found is None or not found.is_open:
            return
        await asyncio.sleep(ARRIVAL_STEP)


async def look_at(request: Request) -> TaskPage | None:
    """The task of this address as its reader may see it; none where they may not, or there is none."""
    reader = signed_in(request)
    try:
        return await asyncio.to_thread(task_page, surroundings(request).database, reader, request.path_params["task"])
    except Unknown:
        return None


def no_such_task(request: Request) -> Response:
    """Why there is no such task for them: nobody learns whether there is one."""
    return page(request, "core/task_none.html", status=NOT_FOUND, back="/tasks")


async def _page(request: Request, found: TaskPage, filled: Filled, *, status: int = 200) -> Response:
    telling = Telling(request, found)
    facts: dict[str, Any] = await telling.facts(filled)
    return page(request, "core/task.html", status=status, **facts)


routes = [
    Route("/tasks/{task}", show, methods=["GET"]),
    Route("/tasks/{task}", answer, methods=["POST"]),
]
