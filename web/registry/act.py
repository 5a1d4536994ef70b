"""Asking something of a case: a form, a check before what can't be undone, and what the case says to it."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Action
from domain.core.case import CaseRequest
from domain.core.reopening import ReopenTask
from domain.core.updates import Update
from engine.errors import EngineUnreachable
from languages.marking import translatable
from languages.speech import Speech, begun
from service.core.asking import message
from service.core.errors import Refused, Unfit, Unknown, Unreachable
from service.core.people import names_of
from service.registry.acts import act_of, ask_of_case
from service.registry.case_page import CasePage
from web.core.errors import STATUS
from web.core.pages import page, redirect
from web.core.reading import posted
from web.core.surroundings import surroundings
from web.registry.act_pages import ActPage, Asks
from web.registry.act_reading import read_typed
from web.registry.acts import REOPEN, act_page, asked_of
from web.registry.case import read, said_in
from web.registry.case_facts import named_in

SECONDS = 20.0
"""So long a page waits for a case to do what it was asked."""

CHECK, SEND, BACK = "check", "send", "back"
"""What the buttons say, under the name ``_step``."""

FORBIDDEN, CONFLICT, UNFIT, AWAY = 403, 409, 422, 503

NOT_REACHED = translatable(
    "The case did not answer in time. It may still do what you asked: look at its page before you send this once more."
)

JUST_DONE = translatable("This may just have been done. Look at the case before you send this once more.")


@dataclass(frozen=True)
class ShownField:
    """A field as the page shows it, with what was typed and what is wrong with it."""

    key: str
    label: str
    hint: str
    kind: str
    required: bool
    value: str
    said: str
    choices: Sequence[tuple[str, str]]
    error: str | None


def new_form() -> str:
    """A name for a form that nobody has sent yet."""
    return secrets.token_hex(16)


@dataclass(frozen=True)
class Asking:
    """What is asked of a case on a page: its words, how it is sent, and which page that is."""

    shown: CasePage
    words: ActPage
    update: Update
    model: type[CaseRequest]
    path: str
    done: str
    about: Mapping[str, Any]
    subject: str | None = None
    late: bool = False
    """Whether it can't be asked any more, by the records: perhaps because it has just been done."""
    form: str = field(default_factory=new_form)
    """What tells a form that is sent twice from two that are alike."""


async def act(request: Request) -> Response:
    """The form, or what comes of it."""
    return await _page(request, await _asking(request))


async def reopen(request: Request) -> Response:
    """The form to have an answered task asked once more, or what comes of it."""
    shown = await read(request)
    task = next((task for task in shown.records.tasks if task.task == request.path_params["task"]), None)
    late = task is not None and not shown.may_reopen(task)
    if task is None or (late and not (request.method == "POST" and shown.may_ever_reopen(task))):
        raise Unknown(f"no task {request.path_params['task']} that can be reopened")
    said = said_in(request, shown)
    subject = begun(named_in(said.sentence(task.subject), shown.records.names))
    path = f"/cases/{shown.records.case_id}/reopen/{task.task}"
    about = {"task": task.task}
    asking = Asking(shown, REOPEN, Update.REOPEN_TASK, ReopenTask, path, Action.REOPEN, about, subject, late)
    return await _page(request, asking)


async def _asking(request: Request) -> Asking:
    """Raises ``Unknown`` for what nobody can ask of such a case; ``HTTPException`` for what is not for the viewer, and
    for a form that is opened when it can't be asked; of one that is sent, the case decides."""
    shown = await read(request)
    found = act_of(shown.records.case_id, request.path_params["act"])
    if found is None:
        raise Unknown(f"nothing called {request.path_params['act']} can be asked of {shown.records.case_id}")
    if not shown.may(found.action):
        raise HTTPException(FORBIDDEN)
    late = found not in shown.acts
    if late and request.method != "POST":
        raise HTTPException(CONFLICT)
    words = act_page(shown.records.programme, found.action)
    path = f"/cases/{shown.records.case_id}/acts/{found.action}"
    return Asking(shown, words, found.update, found.message, path, found.action, {}, late=late)


async def _page(request: Request, asking: Asking) -> Response:
    said = said_in(request, asking.shown)
    fields = asked_of(asking.shown, asking.words)
    if request.method != "POST":
        return _form(request, asking, said, fields, {})
    form = await posted(request)
    if re.fullmatch("[0-9a-f]{32}", form.value("_form")):
        asking = replace(asking, form=form.value("_form"))
    typed = {field.key: form.value(field.key).strip() for field in fields}
    step = form.value("_step")
    if step == BACK:
        return _form(request, asking, said, fields, typed)
    offered = {field.key: _choices(asking, said, field) for field in fields}
    values, wrong = await asyncio.to_thread(read_typed, surroundings(request).database, fields, typed, offered, said)
    if wrong and not asking.late:
        return _form(request, asking, said, fields, typed, wrong, UNFIT)
    if wrong or (asking.late and asking.words.checked and step != SEND):
        return _form(request, asking, said, fields, typed, {"": said.text(JUST_DONE)}, CONFLICT)
    if asking.words.checked and step != SEND:
        return await _check(request, asking, said, fields, typed, values)
    return await _send(request, asking, said, fields, typed, values)


async def _send(
    request: Request,
    asking: Asking,
    said: Speech,
    fields: Sequence[Asks],
    typed: Mapping[str, str],
    values: Mapping[str, Any],
) -> Response:
    around, shown = surroundings(request), asking.shown
    try:
        asked = message(asking.model, actor=shown.there.viewer.person, **asking.about, **values)
        case = shown.records.case_id
        await ask_of_case(around.connect, around.database, case, asking.update, asked, SECONDS, form=asking.form)
    except Unfit as unfit:
        wrong = {str(rule.at[0]) if rule.at else "": said.sentence(rule.sentence) for rule in unfit.broken}
        return _form(request, asking, said, fields, typed, wrong, UNFIT)
    except Refused as refused:
        wrong = _refusal(refused, fields, said, shown)
        if asking.late:
            wrong[""] = " ".join(filter(None, (wrong.get(""), said.text(JUST_DONE))))
        return _form(request, asking, said, fields, typed, wrong, STATUS.get(refused.kind, CONFLICT))
    except Unknown as unknown:
        return _form(request, asking, said, fields, typed, {"": said.sentence(str(unknown))}, UNFIT)
    except (Unreachable, EngineUnreachable):
        return _form(request, asking, said, fields, typed, {"": said.text(NOT_REACHED)}, AWAY)
    return redirect(f"/cases/{shown.records.case_id}", done=asking.done)


def _refusal(refused: Refused, fields: Sequence[Asks], said: Speech, shown: CasePage) -> dict[str, str]:
    """The case's own sentence, at the field that it names."""
    key, colon, rest = str(refused).partition(": ")
    known = any(field.key == key for field in fields)
    sentence = rest if known and colon else str(refused)
    return {key if known else "": begun(named_in(said.sentence(sentence), shown.records.names))}


# Pages


def _form(
    request: Request,
    asking: Asking,
    said: Speech,
    fields: Sequence[Asks],
    typed: Mapping[str, str],
    wrong: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    wrong = wrong or {}
    if wrong and status != AWAY:  # where nobody has answered it may have been heard, and is not to be done twice
        asking = replace(asking, form=new_form())
    shown = [_field(asking, said, field, typed, wrong.get(field.key)) for field in fields]
    keys = [field.key for field in fields]
    errors = [(f"f-{key}" if key in keys else None, sentence) for key, sentence in wrong.items()]
    return page(request, "registry/act.html", status=status, errors=errors, **_of_page(asking, said, shown))


async def _check(
    request: Request,
    asking: Asking,
    said: Speech,
    fields: Sequence[Asks],
    typed: Mapping[str, str],
    values: Mapping[str, Any],
) -> Response:
    """What is about to be sent, to look at once more."""
    shown = [_field(asking, said, field, typed, None) for field in fields]
    people = [values[field.key] for field in fields if field.kind == "person" and field.key in values]
    names = await asyncio.to_thread(names_of, surroundings(request).database, people)
    shown = [
        replace(field, said=f"{names.get(values[field.key], '')} ({values[field.key]})".strip())
        if field.kind == "person" and field.key in values
        else field
        for field in shown
    ]
    caution = asking.words.caution(asking.shown, said, values)
    return page(request, "registry/act_check.html", caution=caution, **_of_page(asking, said, shown))


def _of_page(asking: Asking, said: Speech, fields: Sequence[ShownField]) -> dict[str, Any]:
    records = asking.shown.records
    return {
        "words": asking.words,
        "fields": fields,
        "action": asking.path,
        "form": asking.form,
        "case": records.case_id,
        "about": records.name(records.person) or records.goal or records.case_id,
        "subject": asking.subject,
        "back": f"/cases/{records.case_id}",
        "speech": said,
    }


def _choices(asking: Asking, said: Speech, field: Asks) -> Sequence[tuple[str, str]]:
    return field.offers(asking.shown, said) if field.offers else ()


def _field(asking: Asking, said: Speech, field: Asks, typed: Mapping[str, str], error: str | None) -> ShownField:
    value = typed.get(field.key, "")
    choices = _choices(asking, said, field)
    spoken = next((label for known, label in choices if known == value), value)
    if field.kind == "date" and value:
        spoken = _day(value, said)
    return ShownField(
        key=field.key,
        label=field.label,
        hint=field.hint,
        kind=field.kind,
        required=field.required,
        value=value,
        said=spoken,
        choices=choices,
        error=error,
    )


def _day(value: str, said: Speech) -> str:
    try:
        return said.day(value)
    except ValueError:
        return value


routes = [
    Route("/cases/{case}/acts/{act}", act, methods=["GET", "POST"]),
    Route("/cases/{case}/reopen/{task}", reopen, methods=["GET", "POST"]),
]
