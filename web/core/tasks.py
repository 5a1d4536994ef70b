"""My tasks: what waits for whoever is signed in, what is overdue first; its filters stand in the address."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Action, Viewer
from domain.core.naming import Programme
from languages.marking import translatable
from presentation.tasks.rows import PROGRAMMES, TaskFilter, TaskRow, rows_of
from service.registry.my_tasks import waiting_for
from web.core.pages import page, speech
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
    everything = await all_rows(request, viewer)
    return page(
        request,
        "core/tasks.html",
        notice=speech(request).text(TOLD[told]) if (told := request.query_params.get("told", "")) in TOLD else None,
        rows=[row for row in everything if chosen.fits(row)],
        all_rows=len(everything),
        overdue=sum(row.overdue for row in everything),
        few=FEW,
        filter=chosen,
        programmes={programme.value: word for programme, word in PROGRAMMES.items()},
        query=query_of(chosen),
    )


async def all_rows(request: Request, viewer: Viewer) -> Sequence[TaskRow]:
    """Everything that waits for somebody."""
    around = surroundings(request)
    waiting = await asyncio.to_thread(waiting_for, around.database, viewer)
    return rows_of(waiting.tasks, waiting.around, viewer.person, speech(request), around.now())


def filter_in(query: QueryParams) -> TaskFilter:
    """The filters of an address; what is none of ours is passed over."""
    kind = query.get("kind", "")
    return TaskFilter(
        programme=next((programme for programme in Programme if programme.value == kind), None),
        overdue=query.get("overdue") == "1",
        text=query.get("q", "").strip()[:LONGEST_SEARCH],
    )


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
