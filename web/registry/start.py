"""Starting something: the page that leads to the forms, what they have in common, and what comes of a start."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Generic, TypeVarTuple, Unpack

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from domain.core.access import Action, Viewer, may
from domain.core.model import Party, PersonId
from languages.marking import translatable
from presentation.forms.looks import Look
from records.database import Database
from records.queries.learning.learning import UnknownProfile
from service.certification.errors import HasGaps
from service.core.connecting import Connect
from service.core.errors import HasEnded, NameTaken, NeedsReason, Refused
from service.core.sent_forms import tell, told
from service.core.started import Started
from service.registry.starting import Startable, startable, until_on_record
from web.core.asked import Asked, as_text
from web.core.form_page import FormPage, FormWords, form_page
from web.core.navigation import may_somewhere
from web.core.pages import page, redirect
from web.core.refusals import ErrorFields
from web.core.rights import check, signed_in
from web.core.surroundings import surroundings
from web.registry.policies import Policies

START = "/start"
SECONDS = 5.0
"""So long it is waited until a case that was started can be shown."""

ROLE = Asked("role", translatable("Role"), translatable("A role whose HR you are."), Look.SELECT)
COHORT = Asked(
    "cohort",
    translatable("Cohort"),
    translatable(
        "A name by which the board and reports find cases together. Who is to be matched with others is in the file of "
        "a cohort instead."
    ),
    required=False,
    rare=True,
)
BESIDE = Asked(
    "beside",
    translatable("Reason for another one at the same time"),
    translatable("Only if the person has one already. It stays on record."),
    Look.TEXTAREA,
    required=False,
    rare=True,
)
CASE = Asked(
    "case",
    translatable("Name of the case"),
    translatable("It is named after person and role. If that name is taken, give another: capital letters and digits."),
    required=False,
    reads=as_text(str.upper),
    rare=True,
)
ERROR_FIELDS: ErrorFields = {
    NeedsReason: BESIDE.key,
    NameTaken: CASE.key,
    HasEnded: CASE.key,
    UnknownProfile: "profile",
    HasGaps: "holder",
}
"""The field that a refusal to start belongs to."""


Wanted = TypeVarTuple("Wanted")
"""What a use case is given of what is to be started."""


@dataclass(frozen=True)
class StartForm(Generic[*Wanted]):
    """A form that starts something, under ``/start``.

    ``who`` is the field for whom it is started, and their ``part`` in it; ``policies`` are those to choose from, by
    field. ``wanted`` makes of the fields what ``checks`` and ``starts`` take: the one looks, by the records alone,
    whether it could be started, the other starts it. All three raise what is refused.
    """

    name: str
    action: Action
    words: FormWords
    who: str
    part: Party
    policies: Mapping[str, Policies]
    wanted: Callable[[Mapping[str, Any]], tuple[*Wanted]]
    checks: Callable[[Database, Unpack[Wanted], PersonId], None]
    starts: Callable[[Connect, Database, Unpack[Wanted], PersonId, str], Awaitable[Started]]

    @property
    def here(self) -> str:
        """Where the form is."""
        return f"{START}/{self.name}"

    def route(self) -> Route:
        """Its page."""
        return Route(self.here, self.page, methods=["GET", "POST"])

    async def page(self, request: Request) -> Response:
        """The form, and the start. Raises ``HTTPException`` 403."""
        found, around = await may_start(request, self.action), surroundings(request)

        async def send(values: Mapping[str, Any], once: str) -> Response:
            viewer, wanted = self._viewer(request, values), self.wanted(values)
            queue = around.settings.task_queue
            started = await self.starts(around.connect, around.database, *wanted, viewer.person, queue)
            return await after_start(request, started, once)

        async def tried(values: Mapping[str, Any]) -> None:
            viewer, wanted = self._viewer(request, values), self.wanted(values)
            await asyncio.to_thread(self.checks, around.database, *wanted, viewer.person)

        offered = {"role": found.roles, "certificate": found.certificates, "profile": found.profiles}
        for key, policies in self.policies.items():
            offered[key] = await asyncio.to_thread(policies.offered, around.database)
        form = FormPage(self.words, self.here, START, send, offered, error_fields=ERROR_FIELDS, tried=tried)
        return await form_page(request, form)

    def _viewer(self, request: Request, values: Mapping[str, Any]) -> Viewer:
        """Who starts it, in the role that was given. Raises :class:`Refused` for what is about themselves, and
        ``HTTPException`` 403."""
        viewer = check(request, self.action, role=values["role"])
        if not may(viewer, self.action, [self.part] if values[self.who] == viewer.person else [], role=values["role"]):
            raise Refused(f"{self.who}: nobody starts anything of themselves: somebody else of HR does", "forbidden")
        return viewer


async def start(request: Request) -> Response:
    """What can be started."""
    viewer = signed_in(request)
    kinds = [
        (f"{START}/{name}", title, meaning)
        for action, name, title, meaning in (
            (Action.START_PLACEMENT, "placement", _PLACEMENT, _PLACEMENT_IS),
            (Action.START_PATH, "path", _PATH, _PATH_IS),
            (Action.START_CERTIFICATION, "certification", _CERTIFICATION, _CERTIFICATION_IS),
        )
        if may_somewhere(viewer, action)
    ]
    if not kinds:
        raise HTTPException(403)
    return page(request, "registry/start.html", kinds=kinds)


_PLACEMENT = translatable("A placement")
_PLACEMENT_IS = translatable(
    "Somebody comes back after a break, for some months, with a mentor and a decision at the end."
)
_PATH = translatable("An upskilling path")
_PATH_IS = translatable("Somebody learns what a role needs and they can't do yet.")
_CERTIFICATION = translatable("A certification")
_CERTIFICATION_IS = translatable("Somebody who can do it already takes the exam for a certificate.")


async def may_start(request: Request, action: Action) -> Startable:
    """What whoever is signed in may choose from. Raises ``SignInNeeded``, and ``HTTPException`` 403 for nothing."""
    viewer = signed_in(request)
    found = await asyncio.to_thread(startable, surroundings(request).database, viewer, action)
    if not found.roles:
        raise HTTPException(403)
    return found


async def after_start(request: Request, started: Started, once: str) -> Response:
    """On to the case; or to what there is to say before: that it runs already, and what is otherwise than was asked."""
    database = surroundings(request).database
    there = await until_on_record(database, started.case, SECONDS)
    if there and not (started.already_running or started.differs or started.notes):
        return redirect(f"/cases/{started.case}", done="started")
    await asyncio.to_thread(tell, database, once, asdict(started) | {"there": there})
    return redirect(f"{START}/started/{once}")


async def started(request: Request) -> Response:
    """What came of a start, for whoever started it."""
    viewer, once = signed_in(request), request.path_params["form"]
    facts = await asyncio.to_thread(told, surroundings(request).database, once, viewer.person)
    return page(request, "registry/started.html", started=facts, back=START)


routes = [
    Route(START, start, methods=["GET"]),
    Route(f"{START}/started/{{form}}", started, methods=["GET"]),
]
