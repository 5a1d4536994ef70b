"""The pages that only a demo's console has: be each of its people, and begin a placement at your own pace."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from jinja2 import ChoiceLoader, FileSystemLoader
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from demo.people import Played
from demo.you import begin as begin_one
from demo.you import begun_before, everybody, how_it_stands
from domain.core.case import ENDED
from domain.core.model import CaseId
from domain.core.sentences import counted
from languages.speech import Speech
from records.database import Database
from records.queries.core import people as in_records
from service.core.sessions import Known, end_sessions_of
from web.core import sessions
from web.core.pages import environment, page, redirect
from web.core.reading import posted
from web.core.surroundings import surroundings

DEMO = "/demo"
SESSION_SECONDS = 12 * 60 * 60

ENGLISH = Speech("en")
"""As a demo speaks on the terminal."""


class DemoPages:
    """The pages, and your placement while there is one. ``play`` sees to it that people play the others in it."""

    def __init__(self, play: Callable[[Played], None]) -> None:
        self._play = play
        self._own: CaseId | None = None
        self._beginning = asyncio.Lock()
        environment().loader = ChoiceLoader(
            [environment().loader or FileSystemLoader([]), FileSystemLoader(Path(__file__).parent / "templates")]
        )

    async def go_on(self, database: Database) -> None:
        """Find your placement that was begun before this console started; people play on in it, unless it has ended."""
        async with self._beginning:
            played = await asyncio.to_thread(begun_before, database)
            if played is None:
                return
            self._own = played.case
            standing = await asyncio.to_thread(how_it_stands, database, played.case)
            if standing is not None and standing.stage != ENDED:
                self._play(played)

    @property
    def routes(self) -> Sequence[Route]:
        """Their addresses."""
        return (
            Route(DEMO, self.show, methods=["GET"]),
            Route(f"{DEMO}/be", self.be, methods=["POST"]),
            Route(f"{DEMO}/leave", self.leave, methods=["POST"]),
            Route(f"{DEMO}/begin", self.begin, methods=["POST"]),
        )

    async def show(self, request: Request) -> Response:
        """Everybody who has a part in the demo, and your placement."""
        database = surroundings(request).database
        people = await asyncio.to_thread(everybody, database, self._own)
        own = await asyncio.to_thread(how_it_stands, database, self._own) if self._own else None
        return page(request, "demo.html", people=people, own=own, english=ENGLISH, counted=counted)

    async def be(self, request: Request) -> Response:
        """Become one of them: signed in as they are, in this browser."""
        person = (await posted(request)).value("person")

        def whose(session: Session, _: datetime) -> Known:
            return Known(in_records.person(session, person).id, by_hand=True)

        agent = request.headers.get("user-agent", "")
        signed_in = await asyncio.to_thread(lambda: surroundings(request).sessions.open(whose, agent=agent))
        answer = redirect("/tasks")
        sessions.begin(answer, signed_in.cookie, SESSION_SECONDS)
        return answer

    async def leave(self, request: Request) -> Response:
        """Let somebody be played again whom you have become."""
        person, around = (await posted(request)).value("person"), surroundings(request)

        def end() -> None:
            with around.database.session() as session:
                end_sessions_of(session, person, around.now())

        await asyncio.to_thread(end)
        return redirect(DEMO)

    async def begin(self, request: Request) -> Response:
        """Begin your placement; one that runs stays."""
        around = surroundings(request)
        async with self._beginning:
            standing = await asyncio.to_thread(how_it_stands, around.database, self._own) if self._own else None
            if self._own is None or (standing is not None and standing.outcome):
                played = await begin_one(around.connect, around.database, around.settings.task_queue)
                self._own = played.case
                self._play(played)
        return redirect(DEMO)
