"""My tasks: what waits for whoever is signed in, what is overdue first; its filters stand in the address."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Action, Viewer
from domain.core.naming import Programme
from languages.marking import translatable
from presentation.tasks.rows import PROGRAMMES, TaskFilter, TaskRow, rows_of
from records.queries.task_lists import Totals
from service.core.paging import ROWS, first_on, pages
from service.registry.my_tasks import all_of, page_of
from web.core.pages import page, speech
from web.core.paging import page_in, pages_around
from web.core.rights import check
from web.core.surroundings import surroundings

FEW = 5
"""Tasks that nobody needs to search among."""

TOLD: Mapping[str, str] = {
    Action.HAND_ON.value: translatable("The task is handed on."),
    Action.NOT_MINE.value: translatable("HR is asked whose the task is."),
}
"""What has just been done with a task, as the address says it."""

LONGEST_SEARCH = 200
"""Characters."""


async def tasks(request: Request) -> Response:
    """The list."""
    viewer = check(request, Action.MY_TASKS)
    chosen = filter_in(request.query_params)
    shown = await _shown(request, viewer, chosen, page_in(request.query_params))
    numbers = pages_around(shown.page, pages(shown.wanted))
    return page(
        request,
        "core/tasks.html",
        notice=speech(request).text(TOLD[told]) if (told := request.query_params.get("told", "")) in TOLD else None,
        shown=shown,
        few=FEW,
        filter=chosen,
        programmes={programme.value: word for programme, word in PROGRAMMES.items()},
        query=query_of(chosen, page=_page_if_not_first(shown.page)),
        numbers=[(number, f"/tasks{query_of(chosen, page=str(number))}") for number in numbers],
    )


@dataclass(frozen=True)
class ShownTasks:
    """A page of the list, whose first row is number ``first`` (from 1) of ``wanted``.

    ``all`` and ``overdue`` count everything that waits, whatever is wanted.
    """

    rows: Sequence[TaskRow]
    first: int
    wanted: int
    all: int
    overdue: int

    @property
    def page(self) -> int:
        """Its number, from 1."""
        return self.first // ROWS + 1


async def _shown(request: Request, viewer: Viewer, chosen: TaskFilter, number: int) -> ShownTasks:
    around = surroundings(request)
    if chosen.text:
        found, totals = await _holding_text(request, viewer, chosen)
        first = first_on(number, len(found))
        return ShownTasks(found[first : first + ROWS], first + 1, len(found), totals.all, totals.overdue)
    waiting = await asyncio.to_thread(page_of, around.database, viewer, chosen.on_record, number, around.now())
    rows = rows_of(waiting, viewer.person, speech(request))
    totals = waiting.totals
    return ShownTasks(rows, waiting.first + 1, totals.wanted, totals.all, totals.overdue)


async def next_after(request: Request, viewer: Viewer, chosen: TaskFilter, task: str) -> tuple[TaskRow | None, int]:
    """The first task that waits for somebody beside this one, of those that are chosen, and how many there are."""
    around = surroundings(request)
    if chosen.text:
        rows, _ = await _holding_text(request, viewer, chosen, but=task)
        return (rows[0] if rows else None), len(rows)
    wanted = replace(chosen.on_record, but=task)
    waiting = await asyncio.to_thread(partial(all_of, around.database, viewer, wanted, around.now(), most=1))
    rows = rows_of(waiting, viewer.person, speech(request))
    return (rows[0] if rows else None), waiting.totals.wanted


async def _holding_text(
    request: Request, viewer: Viewer, chosen: TaskFilter, *, but: str | None = None
) -> tuple[list[TaskRow], Totals]:
    """Those that hold a text: what they say, their reader's language makes."""
    around = surroundings(request)
    wanted = replace(chosen.on_record, but=but)
    waiting = await asyncio.to_thread(all_of, around.database, viewer, wanted, around.now())
    rows = await asyncio.to_thread(rows_of, waiting, viewer.person, speech(request))
    return [row for row in rows if chosen.holds_text(row)], waiting.totals


def filter_in(query: QueryParams) -> TaskFilter:
    """The filters of an address; what is none of ours is passed over."""
    kind = query.get("kind", "")
    return TaskFilter(
        programme=next((programme for programme in Programme if programme.value == kind), None),
        overdue=query.get("overdue") == "1",
        text=query.get("q", "").strip()[:LONGEST_SEARCH],
    )


def back_to(query: QueryParams) -> str:
    """The list as somebody left it who opened a task: its filters and its page."""
    return f"/tasks{query_of(filter_in(query), page=_page_if_not_first(page_in(query)))}"


def _page_if_not_first(number: int) -> str:
    return str(number) if number > 1 else ""


def query_of(chosen: TaskFilter, **more: str) -> str:
    """The filters as they stand in an address, ``?`` and all; empty without any."""
    given = {
        "kind": chosen.programme.value if chosen.programme else "",
        "overdue": "1" if chosen.overdue else "",
        "q": chosen.text,
        **more,
    }
    query = urlencode({name: value for name, value in given.items() if value})
    return f"?{query}" if query else ""


routes = [Route("/tasks", tasks, methods=["GET"])]
