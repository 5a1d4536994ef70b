"""A page with a form that is no task's: shown, read, looked at once more where much hangs on it, and sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from starlette.requests import Request
from starlette.responses import Response

from engine.errors import EngineUnreachable
from languages.marking import translatable
from languages.speech import begun
from presentation.forms.looks import control_id
from service.core.errors import Refused, Unfit, Unknown, Unreachable
from service.registry.task_page import names_of
from web.core.asked import Asked, Given, Offered, read_given, shown_fields
from web.core.errors import STATUS
from web.core.pages import page, speech
from web.core.reading import posted
from web.core.surroundings import surroundings
from web.registry.case_facts import named_in

CHECK, SEND, CHANGE = "check", "send", "change"
"""What the buttons say, under the name ``_step``."""

UNFIT, AWAY = 422, 503

AWAY_NOW = translatable(
    "Nobody answered in time. It may still be done: look where things stand before you send this once more."
)


@dataclass(frozen=True)
class FormWords:
    """What a form is called and means, its fields, and its button; ``checked`` where much hangs on it, ``warning``
    where it can't be undone."""

    title: str
    lead: str
    button: str
    asked: Sequence[Asked] = ()
    checked: bool = False
    warning: bool = False


Caution: TypeAlias = Callable[[Mapping[str, Any]], str | None]
"""What somebody may not have thought of, by the values of the fields, as it is said to them before they send them."""


def _nothing_to_mind(_: Mapping[str, Any]) -> str | None:
    return None


Send: TypeAlias = Callable[[Mapping[str, Any]], Awaitable[Response]]
"""Does what was asked with the values of the fields, and answers."""


@dataclass(frozen=True)
class FormPage:
    """A form on a page: its words, where it is (``here``), and the page above (``back``).

    ``send`` does what was asked, and answers. ``given`` is what its fields hold at first, ``beside`` the field that a
    refusal of a class belongs to, ``caption`` whom or what it is about.
    """

    words: FormWords
    here: str
    back: str
    send: Send
    offered: Offered = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    beside: Mapping[type[Refused], str] = field(default_factory=dict)
    caption: str | None = None
    caution: Caution = _nothing_to_mind


async def form_page(request: Request, form: FormPage) -> Response:
    """The form; or, once it is sent, what comes of it."""
    asked = form.words.asked
    if request.method != "POST":
        return _shown(request, form, Given(form.given))
    sent = await posted(request)
    typed, step = {each.key: sent.value(each.key).strip() for each in asked}, sent.value("_step")
    database = surroundings(request).database
    given = await asyncio.to_thread(read_given, database, asked, typed, form.offered, speech(request))
    if step == CHANGE:
        return _shown(request, form, replace(given, wrong={}))
    if given.wrong:
        return _shown(request, form, given, UNFIT)
    if form.words.checked and step != SEND:
        return await _check(request, form, given)
    try:
        return await form.send(given.values)
    except (Unreachable, EngineUnreachable):
        return _shown(request, form, replace(given, wrong={"": speech(request).text(AWAY_NOW)}), AWAY)
    except Unknown as unknown:
        return await _refused(request, form, given, Refused(str(unknown), "invalid"))
    except Refused as refused:
        return await _refused(request, form, given, refused)


async def _refused(request: Request, form: FormPage, given: Given, refused: Refused) -> Response:
    """The form once more, with what was typed, and why it is refused beside the field that it is about."""
    keys = {each.key for each in form.words.asked}
    if isinstance(refused, Unfit):
        told = [(str(rule.at[0]) if rule.at else "", rule.sentence) for rule in refused.broken]
    else:
        key, colon, rest = str(refused).partition(": ")
        told = [(key, rest)] if colon and key in keys else [(_field_of(refused, form), str(refused))]
    names = await asyncio.to_thread(names_of, surroundings(request).database, [sentence for _, sentence in told])
    said = speech(request)
    wrong = {
        key if key in keys else "": begun(named_in(said.sentence(sentence), names)) for key, sentence in reversed(told)
    }
    return _shown(request, form, replace(given, wrong=wrong), STATUS.get(refused.kind, 409))


def _field_of(refused: Refused, form: FormPage) -> str:
    return next((key for kind, key in form.beside.items() if isinstance(refused, kind)), "")


def _shown(request: Request, form: FormPage, given: Given, status: int = 200) -> Response:
    asked = form.words.asked
    keys = [each.key for each in asked]
    wrong = sorted(given.wrong.items(), key=lambda told: keys.index(told[0]) if told[0] else -1)
    return page(
        request,
        "core/form.html",
        status=status,
        errors=[(control_id(key) if key else None, sentence) for key, sentence in wrong],
        fields=shown_fields(asked, given, form.offered, speech(request)),
        form=form,
        back=form.back,
    )


async def _check(request: Request, form: FormPage, given: Given) -> Response:
    said = speech(request)
    rows = [(said.text(each.label), given.said[each.key]) for each in form.words.asked if each.key in given.said]
    typed = {key: [text] for key, text in given.typed.items()}
    caution = await asyncio.to_thread(form.caution, given.values)
    return page(request, "core/form_check.html", rows=rows, caution=caution, typed=typed, form=form, back=form.back)
