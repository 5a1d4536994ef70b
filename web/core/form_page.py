"""A page with a form that is no task's: shown, read, looked at once more where much hangs on it, and sent once."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from starlette.requests import Request
from starlette.responses import Response

from domain.core.model import PersonId
from engine.errors import EngineUnreachable, is_rpc_error
from languages.marking import translatable
from languages.speech import Speech
from presentation.forms.shown import ShownField
from records.queries.core.policies import OtherContent
from service.core.errors import Refused, Unknown, Unreachable
from web.core.asked import Asked, Given, Offered, Reading, names_a_file
from web.core.asked_shown import label_of, shown_fields
from web.core.pages import page, speech
from web.core.refusals import NOT_SENT, ErrorFields, status_of, told
from web.core.rights import signed_in
from web.core.sent_once import WITHIN_SECONDS, name_of, sent_once
from web.core.surroundings import at_length, surroundings
from web.core.uploading import EMPTY, typed_and_kept

CHECK, SEND, CHANGE = "check", "send", "change"
"""What the buttons say, under the name ``_step``."""

CONFLICT, UNFIT, UNREACHABLE = 409, 422, 503

UNREACHABLE_NOW = translatable(
    "The workflow server did not answer in time. It may still be done: look where things stand before you send this "
    "once more."
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


@dataclass(frozen=True)
class FilledForm:
    """A form as it is to be shown: its fields, the ``errors`` for the summary above them, and what tells it from others
    that are alike (``form``)."""

    fields: Sequence[ShownField]
    errors: Sequence[tuple[str | None, str]]
    form: str
    status: int = 200


Send: TypeAlias = Callable[[Mapping[str, Any], str], Awaitable[Response]]
"""Does what was asked with the values of the fields, once under the name that it is given, and answers."""

Try: TypeAlias = Callable[[Mapping[str, Any]], Awaitable[None]]
"""Looks whether what is asked for could be done, and does nothing: raises what ``send`` would."""

Caution: TypeAlias = Callable[[Mapping[str, Any]], str | None]
"""What somebody may not have thought of, by the values of the fields, as it is said to them before they send them."""


def _nothing_to_mind(_: Mapping[str, Any]) -> str | None:
    return None


async def _nothing_to_try(_: Mapping[str, Any]) -> None:
    return None


Show: TypeAlias = Callable[[FilledForm], Awaitable[Response]]


@dataclass(frozen=True)
class FormPage:
    """A form on a page: its words, where it is (``here``), and the page above (``back``).

    ``send`` does what was asked, which may take ``within`` so many seconds, and leads to another page. Before a last
    look ``tried`` finds what it would refuse, and ``caution`` what somebody may not have thought of; ``error_fields``
    the field that a refusal of a class belongs to. ``doubt`` is said where it can hardly be asked any more,
    ``unreachable`` where nobody answers.

    Fields hold at first what is ``given``, values to choose from are ``offered``, and ``people`` suggested. Above them
    stand the ``caption``, whom or what it is about, and ``inset``, more of that. A ``template`` that has more around
    the form is given its ``facts``; ``show`` is for a form that is part of another page.
    """

    words: FormWords
    here: str
    back: str
    send: Send
    offered: Offered = field(default_factory=dict)
    given: Mapping[str, str] = field(default_factory=dict)
    error_fields: ErrorFields = field(default_factory=dict)
    caption: str | None = None
    inset: str | None = None
    doubt: str | None = None
    unreachable: str = UNREACHABLE_NOW
    speech: Speech | None = None
    people: Mapping[PersonId, str] = field(default_factory=dict)
    caution: Caution = _nothing_to_mind
    tried: Try = _nothing_to_try
    template: str = "core/form.html"
    facts: Mapping[str, Any] = field(default_factory=dict)
    show: Show | None = None
    within: float = WITHIN_SECONDS


async def form_page(request: Request, form: FormPage) -> Response:
    """The form; or, once it is sent, what comes of it."""
    return await _Answering(request, form).answer()


def first_filled(request: Request, form: FormPage) -> FilledForm:
    """The form as it is at first, for a page of which it is a part."""
    return _Answering(request, form).filled(Given(form.given))


class _Answering:
    """Answers a request for one form."""

    def __init__(self, request: Request, form: FormPage) -> None:
        self._request, self._page, self._asked = request, form, form.words.asked
        self._speech = form.speech or speech(request)
        self._form = _new_form()

    async def answer(self) -> Response:
        """Raises as ``posted`` does, and what ``send`` raises besides refusals."""
        if self._request.method != "POST":
            return await self._shown(Given(self._page.given))
        sent, typed, empty = await typed_and_kept(self._request, self._asked)
        if re.fullmatch("[0-9a-f]{32}", sent.value("_form")):
            self._form = sent.value("_form")
        given = await self._read(typed, empty)
        checked, step = self._page.words.checked, sent.value("_step")
        if step == CHANGE:
            return await self._shown(replace(given, wrong={}))
        if given.wrong or (self._page.doubt and checked and step != SEND):
            return await self._wrong(given, given.wrong, UNFIT)
        if checked and step != SEND:
            return await self._check(given)
        return await self._send(given)

    async def _read(self, typed: Mapping[str, str], empty: Sequence[str]) -> Given:
        """What was given. What a file says may take a while to read; where none was sent, nobody has to wait for
        others'."""
        reading = Reading(
            surroundings(self._request).database,
            signed_in(self._request).person,
            self._page.offered,
            self._speech,
        )
        if any(names_a_file(each, typed.get(each.key, "")) for each in self._asked):
            given = await at_length(self._request, reading.read, self._asked, typed)
        else:
            given = await asyncio.to_thread(reading.read, self._asked, typed)
        return replace(given, wrong={**given.wrong, **dict.fromkeys(empty, self._speech.text(EMPTY))})

    async def _send(self, given: Given) -> Response:
        key = name_of(self._request, self._form, given.typed.items())
        try:
            return await sent_once(
                self._request, key, lambda: self._page.send(given.values, key), within=self._page.within
            )
        except EngineUnreachable:
            return await self._shown(replace(given, wrong={"": self._speech.text(NOT_SENT)}), UNREACHABLE)
        except (Refused, Unknown, OtherContent) as refused:
            return await self._refused(given, refused)
        except Exception as error:
            if not isinstance(error, Unreachable) and not is_rpc_error(error):
                raise
            wrong = {"": self._speech.text(self._page.unreachable)}
            # perhaps it was heard: the same form once more
            return await self._shown(replace(given, wrong=wrong), UNREACHABLE)

    async def _refused(self, given: Given, refused: Exception) -> Response:
        keys = [each.key for each in self._asked]
        wrong = await told(self._request, refused, keys, self._speech, self._page.error_fields)
        return await self._wrong(given, wrong, status_of(refused))

    async def _wrong(self, given: Given, wrong: Mapping[str, str], status: int) -> Response:
        """The form once more, as another one: what was refused may be asked again."""
        self._form = _new_form()
        if self._page.doubt:
            wrong = {**wrong, "": " ".join(filter(None, (wrong.get(""), self._page.doubt)))}
            status = CONFLICT if status == UNFIT else status
        return await self._shown(replace(given, wrong=wrong), status)

    def filled(self, given: Given, status: int = 200) -> FilledForm:
        """The form with what was given."""
        errors = [(None, given.wrong[""])] if "" in given.wrong else []
        fields = shown_fields(self._asked, given, self._page.offered, self._speech)
        return FilledForm(fields, [*errors, *filter(None, map(_in_summary, fields))], self._form, status)

    async def _shown(self, given: Given, status: int = 200) -> Response:
        filled = self.filled(given, status)
        if self._page.show is not None:
            return await self._page.show(filled)
        apart = {each.key for each in self._asked if each.rare}
        return page(
            self._request,
            self._page.template,
            status=status,
            errors=filled.errors,
            usual=[field for field in filled.fields if field.key not in apart],
            rare=[field for field in filled.fields if field.key in apart],
            **self._facts(),
            **self._page.facts,
        )

    async def _check(self, given: Given) -> Response:
        try:
            await self._page.tried(given.values)
        except (Refused, Unknown, OtherContent) as refused:
            return await self._refused(given, refused)
        rows = [(label_of(each, self._speech), given.said[each.key]) for each in self._asked if each.key in given.said]
        typed = {key: [text] for key, text in given.typed.items()}
        caution = await asyncio.to_thread(self._page.caution, given.values)
        return page(self._request, "core/form_check.html", rows=rows, caution=caution, typed=typed, **self._facts())

    def _facts(self) -> dict[str, Any]:
        return {"form": self._page, "form_id": self._form, "speech": self._speech, "back": self._page.back}


def _in_summary(field: ShownField) -> tuple[str | None, str] | None:
    """What is wrong with a field, as the summary says it: with the field by its name, and the first thing of many."""
    if field.error is None:
        return None
    mark = "" if field.label.endswith(("?", ":")) else ":"
    return field.id, f"{field.label}{mark} {field.error.partition(chr(10))[0]}"


def _new_form() -> str:
    """What tells a form from others, that nobody has sent yet."""
    return secrets.token_hex(16)
