"""Asking something of a case: a form, a check before what can't be undone, and what the case says to it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Action
from domain.core.case import CaseRequest
from domain.core.reopening import ReopenTask
from domain.core.tasks import DutiesNotSeparate, Refused
from domain.core.updates import Update
from languages.marking import translatable
from languages.speech import begun
from presentation.tasks.facts import named
from records.queries.learning.learning import UnknownProfile
from service.core.asking import message
from service.core.errors import Unknown
from service.registry.case_actions import ask_of_case, case_action, why_not_now
from service.registry.case_page import CasePage
from service.registry.foreseen import check_foreseen
from web.core.form_page import CONFLICT, FormPage, Send, form_page
from web.core.pages import redirect
from web.core.surroundings import surroundings
from web.registry.action_page import ActionPage
from web.registry.actions import REOPEN, action_page
from web.registry.case import read, said_in

SECONDS = 20.0
"""So long a page waits for a case to do what it was asked."""

FORBIDDEN = 403

JUST_DONE = translatable("This may just have been done. Look at the case before you send this once more.")


async def action(request: Request) -> Response:
    """The form to ask something of a case, or what comes of it.

    Raises ``Unknown`` for what nobody can ask of such a case; ``HTTPException`` for what is not for the viewer; that or
    :class:`Refused`, which says why, for a form that is opened when it can't be asked. Of one that is sent, the case
    decides.
    """
    shown = await read(request)
    case = shown.records.case_id
    found = case_action(case, request.path_params["action"])
    if found is None:
        raise Unknown(f"nothing called {request.path_params['action']} can be asked of {case}")
    if not shown.may(found.action):
        raise HTTPException(FORBIDDEN)
    late = found not in shown.actions
    if late and request.method != "POST":
        raise _cant_now(why_not_now(found, shown.records))
    words = action_page(shown.records.programme, found.called).for_viewer(shown)

    async def send(values: Mapping[str, Any], once: str) -> Response:
        if words.makes is not None:
            values = await asyncio.to_thread(words.makes, surroundings(request).database, values)
        return await _ask(request, shown, found.update, found.message, values, found.called, once)

    async def tried(values: Mapping[str, Any]) -> None:
        await asyncio.to_thread(foresee, values)

    def foresee(values: Mapping[str, Any]) -> None:
        database = surroundings(request).database
        made = words.makes(database, values) if words.makes is not None else values
        asked = message(found.message, actor=shown.there.viewer.person, **made)
        check_foreseen(database, shown.records.programme, shown.view, asked)

    here = f"/cases/{case}/actions/{found.called}"
    form = await _form(request, shown, words, here, send, late=late)
    return await form_page(request, replace(form, tried=tried))


def _cant_now(why: str | None) -> Exception:
    return HTTPException(CONFLICT) if why is None else Refused(why, "conflict")


async def reopen(request: Request) -> Response:
    """The form to have an answered task asked once more, or what comes of it."""
    shown = await read(request)
    task = next((task for task in shown.records.tasks if task.task == request.path_params["task"]), None)
    late = task is not None and not shown.may_reopen(task)
    if task is None or (late and not (request.method == "POST" and shown.may_ever_reopen(task))):
        raise Unknown(f"no task {request.path_params['task']} that can be reopened")

    async def send(values: Mapping[str, Any], once: str) -> Response:
        values = {"task": task.task, **values}
        return await _ask(request, shown, Update.REOPEN_TASK, ReopenTask, values, Action.REOPEN, once)

    subject = begun(named(said_in(request, shown).sentence(task.subject), shown.records.names))
    here = f"/cases/{shown.records.case_id}/reopen/{task.task}"
    return await form_page(request, await _form(request, shown, REOPEN, here, send, late=late, inset=subject))


async def _ask(
    request: Request,
    shown: CasePage,
    update: Update,
    model: type[CaseRequest],
    values: Mapping[str, Any],
    done: str,
    once: str,
) -> Response:
    """Ask it of the case, once under this name. Raises as :func:`service.registry.case_actions.ask_of_case` does."""
    around, case = surroundings(request), shown.records.case_id
    asked = message(model, actor=shown.there.viewer.person, **values)
    await ask_of_case(around.connect, around.database, case, update, asked, SECONDS, once=once)
    return redirect(f"/cases/{case}", done=done)


async def _form(
    request: Request,
    shown: CasePage,
    words: ActionPage,
    here: str,
    send: Send,
    *,
    late: bool,
    inset: str | None = None,
) -> FormPage:
    said, records = said_in(request, shown), shown.records
    about = records.name(records.person) or records.goal or records.case_id
    return FormPage(
        words,
        here,
        f"/cases/{records.case_id}",
        send,
        offered=await asyncio.to_thread(words.offered, shown, said, surroundings(request).database),
        error_fields={UnknownProfile: "profile", DutiesNotSeparate: "to"},
        caption=f"{about} · {records.case_id}",
        inset=inset,
        doubt=said.text(JUST_DONE) if late else None,
        speech=said,
        caution=partial(words.caution, shown, said),
    )


routes = [
    Route("/cases/{case}/actions/{action}", action, methods=["GET", "POST"]),
    Route("/cases/{case}/reopen/{task}", reopen, methods=["GET", "POST"]),
]
