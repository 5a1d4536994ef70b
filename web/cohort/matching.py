"""The matching of a cohort as a table: pairs are pinned, forbidden, lifted; all is matched again, or agreed to."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.cohort.requests import Rematch
from domain.core.access import Action
from domain.core.case import Done
from domain.core.model import PersonId
from domain.core.naming import cohort_case
from domain.core.questions import TaskKind
from domain.core.updates import Update
from engine.errors import EngineUnreachable
from languages.marking import translatable
from languages.speech import Speech
from presentation.forms.posted import id_in
from service.core.answering import answer_of, send_answer
from service.core.asking import ask, message
from service.core.errors import Refused, Unknown, Unreachable
from service.core.people import check_known
from service.registry.case_page import Asked, CasePage, case_page
from service.registry.task_page import names_of, people_called
from web.cohort.files import COHORTS
from web.cohort.matching_table import MatchingTable
from web.core.pages import page, path_and_query, redirect, speech
from web.core.reading import Posted, posted
from web.core.refusals import NOT_SENT, status_of, told
from web.core.rights import signed_in
from web.core.sent_once import name_of, sent_once
from web.core.surroundings import surroundings
from web.registry.case_links import Links

SECONDS = 20.0
CONFLICT, UNFIT, UNREACHABLE = 409, 422, 503

ARRIVAL_SECONDS, ARRIVAL_STEP = 3.0, 0.2
"""So long the page waits until what was done shows in it: mostly a moment."""

PAIRS = ("pin", "forbid", "lift")

AGAIN, AGREE = "again", "agree"
"""What the buttons say, under the name ``_step``."""

DONE: Mapping[str, str] = {
    AGAIN: translatable("It is matched again. The new proposal comes in a moment."),
    AGREE: translatable("You have agreed to the matching. The mentors are asked now."),
}

MATCHED_AGAIN = translatable("It was matched again: this is the new proposal.")
NO_REASON = translatable("Enter a reason.")
NOBODY = translatable("Nobody on record is called that, or several are. Enter an id such as P-7F3K2M.")
NO_RETURNER = translatable("Choose a returner.")
BOTH = translatable("A pair can't be pinned and forbidden at once.")
NOT_MATCHED_YET = translatable(
    "You have ticked or named pairs, which agreeing would not heed. Match again with them first; or take them away, "
    "and then agree."
)
OTHERWISE = translatable(
    "Meanwhile it was matched again, or somebody has agreed: perhaps you, by a first click. This is how it stands now: "
    "look at it before you send this once more."
)
NOT_REACHED = translatable(
    "The cohort did not answer in time. It may still do what you asked: load this page again before you send it once "
    "more."
)


async def matching(request: Request) -> Response:
    """The table, or what comes of it."""
    found = await _read(request)
    if request.method != "POST":
        return await _page(request, found, None, {})
    form = await posted(request)
    return await _sent(request, found, form)


async def _read(request: Request) -> CasePage:
    """The cohort, as whoever is signed in sees it. Raises ``Unknown`` for one that is not there, or not for them."""
    around, viewer = surroundings(request), signed_in(request)
    cohort: str = request.path_params["cohort"]
    if not cohort.isascii() or len(cohort) > 40:
        raise Unknown(f"no cohort {cohort[:40]}")
    return await case_page(around.connect, around.database, cohort_case(cohort.upper()), viewer, around.now())


def _review(found: CasePage) -> str | None:
    """The task in which the viewer is asked whether they agree to the matching, if they are."""
    mine = found.there.viewer.person
    for task in found.open_tasks:
        if task.kind == TaskKind.MATCHING_REVIEW and mine in (task.people or []):
            return task.task
    return None


def _shown_of(found: CasePage) -> str:
    """Which table this is: the proposal by its number, and the task that asks about it."""
    proposal = found.view.get("proposal") or {}
    return f"{proposal.get('n', 0)} {_review(found) or ''}".strip()


async def _sent(request: Request, found: CasePage, form: Posted) -> Response:
    review = _review(found)
    if review is None and not found.may(Action.REMATCH):
        raise HTTPException(403)
    if not found.answered:
        return await _page(request, found, form, {"": speech(request).text(NOT_REACHED)}, UNREACHABLE)
    key = name_of(request, form.value("_of"), form.pairs)
    return await sent_once(request, key, lambda: _do(request, found, form, review, key))


async def _do(request: Request, found: CasePage, form: Posted, review: str | None, once: str) -> Response:
    """What is done with the table that was sent, as long as it is the one there is."""
    if form.value("_of") != _shown_of(found):
        return await _page(request, found, form, {"": speech(request).text(OTHERWISE)}, CONFLICT)
    if form.value("_step") == AGREE:
        if review is None:
            raise HTTPException(CONFLICT)
        if _changes(form):
            return await _page(request, found, form, {"pairs": speech(request).text(NOT_MATCHED_YET)}, UNFIT)
        return await _send(request, found, form, AGREE, {"agree": True}, review, once)
    values, wrong = await asyncio.to_thread(_values, request, form)
    if wrong:
        return await _page(request, found, form, wrong, UNFIT)
    return await _send(request, found, form, AGAIN, {"agree": False, **values} if review else values, review, once)


def _changes(form: Posted) -> bool:
    """Whether the table as it was sent asks for other pairs than are proposed."""
    return any(_all(form, key) for key in PAIRS) or any(form.value(key).strip() for key in ("returner", "mentor"))


def _values(request: Request, form: Posted) -> tuple[dict[str, Any], dict[str, str]]:
    """What was typed, as it is sent, and what is wrong with which field."""
    said = speech(request)
    pairs = {key: _all(form, key) for key in PAIRS}
    wrong: dict[str, str] = {}
    returner, mentor, how = (form.value(key).strip() for key in ("returner", "mentor", "how"))
    if mentor:
        person = id_in(mentor) or _called(request, mentor)
        if not returner:
            wrong["returner"] = said.text(NO_RETURNER)
        elif person is None:
            wrong["mentor"] = said.text(NOBODY)
        else:
            pairs["forbid" if how == "forbid" else "pin"].append(f"{returner}={person}")
    if set(pairs["pin"]) & set(pairs["forbid"]):
        wrong["pairs"] = said.text(BOTH)
    reason = form.value("reason").strip()
    if not reason:
        wrong["reason"] = said.text(NO_REASON)
    return {**{key: list(dict.fromkeys(chosen)) for key, chosen in pairs.items()}, "reason": reason}, wrong


def _called(request: Request, name: str) -> PersonId | None:
    """The one person on record who is called that, if it is one."""
    people = people_called(surroundings(request).database, [name])[name].people
    return next(iter(people)) if len(people) == 1 else None


async def _send(
    request: Request, found: CasePage, form: Posted, step: str, values: dict[str, Any], review: str | None, once: str
) -> Response:
    around, said, actor = surroundings(request), speech(request), found.there.viewer.person
    case = found.records.case_id
    try:
        if review is not None:
            answer = answer_of(TaskKind.MATCHING_REVIEW, actor, review, values)
            await send_answer(around.connect, around.database, case, answer, SECONDS)
        else:
            asked = message(Rematch, actor=actor, **values)
            people = [person for pair in [*asked.pin, *asked.forbid] for person in pair.split("=")]
            await asyncio.to_thread(check_known, around.database, people)
            await ask(await around.connect(), around.database, case, Update.REMATCH, asked, Done, SECONDS, once=once)
    except (Refused, Unknown) as refused:
        wrong = await told(request, refused, ["reason"], said)
        return await _page(request, found, form, wrong, status_of(refused))
    except EngineUnreachable:
        return await _page(request, found, form, {"": said.text(NOT_SENT)}, UNREACHABLE)
    except Unreachable:
        return await _page(request, found, form, {"": said.text(NOT_REACHED)}, UNREACHABLE)
    of = form.value("_of")
    await _arrival(request, step, of)
    return redirect(request.url.path, done=step, of=of)


async def _arrival(request: Request, step: str, of: str) -> None:
    """Wait until what was done shows, but not for long."""
    until = asyncio.get_running_loop().time() + ARRIVAL_SECONDS
    while asyncio.get_running_loop().time() < until:
        if not _follows(await _read(request), step, of):
            return
        await asyncio.sleep(ARRIVAL_STEP)


def _follows(found: CasePage, step: str, of: str) -> bool:
    """Whether the table is still the one (``of``) with which this was done: what comes of it shows in a moment."""
    number, _, review = of.partition(" ")
    if step == AGREE:
        return bool(review) and review == _review(found)
    return step == AGAIN and number == _shown_of(found).partition(" ")[0]


async def _page(
    request: Request, found: CasePage, form: Posted | None, wrong: Mapping[str, str], status: int = 200
) -> Response:
    said, review = speech(request), _review(found)
    shown = {part: found.view.get(part) for part in ("proposal", "pins", "forbids", "participants")}
    names = await asyncio.to_thread(names_of, surroundings(request).database, [shown])
    done = request.query_params.get("done", "")
    follows = form is None and _follows(found, done, request.query_params.get("of", ""))
    return page(
        request,
        "cohort/matching.html",
        status=status,
        errors=[(f"f-{key}" if key else None, sentence) for key, sentence in wrong.items()],
        wrong=wrong,
        cohort=found.records.goal or found.records.case_id,
        case=found.records.case_id,
        path=request.url.path,
        unreachable=not found.answered,
        over=found.asked is Asked.NO_MORE,
        **MatchingTable(shown, names, said).facts(),
        asked=Links(found, said).asked_to_mentor(),
        review=None if follows else review,
        follows=path_and_query(request) if follows else None,
        shown_of=_shown_of(found),
        may_change=found.answered and not follows and (review is not None or found.may(Action.REMATCH)),
        chosen={key: _all(form, key) for key in PAIRS},
        typed={key: form.value(key) if form else "" for key in ("returner", "mentor", "how", "reason")},
        notice=_notice(done, follows, said),
        back=f"/cases/{found.records.case_id}",
    )


def _notice(done: str, follows: bool, said: Speech) -> str | None:
    """What has just been done, if anything."""
    if done == AGAIN and not follows:
        return said.text(MATCHED_AGAIN)
    return said.text(DONE[done]) if done in DONE else None


def _all(form: Posted | None, key: str) -> list[str]:
    """All values of a field."""
    return [value for name, value in form.pairs if name == key] if form else []


routes = [Route(f"{COHORTS}/{{cohort}}/matching", matching, methods=["GET", "POST"])]
