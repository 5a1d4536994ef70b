"""The console of a demo: on a demo's own data alone, with a page on which one becomes each of its people."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

from demo.beginning import MARK
from demo.errors import OtherPlace
from demo.outcome import shown
from demo.pages import DEMO, DemoPages
from demo.people import Left, Played, SimulatedPeople
from demo.stop import CONSOLE, note, stop_noted
from demo.you import SECONDS_PER_DAY, YOURS, whom_you_are
from engine.devserver import ports
from engine.devserver.processes import has_logged, spawn
from engine.settings import PREFIX, ROOT, Settings
from web.app import make_app
from web.core.serving import run
from web.core.surroundings import Surroundings

PORT = 8080
READY_SECONDS = 60
URL = f"{PREFIX}CONSOLE_URL"
OURS = "waymark.db"


def settings_of_demo(settings: Settings) -> Settings:
    """The settings of a console for everybody on this machine, and for nobody else.

    Raises :class:`OtherPlace` where the records are no demo's: who can be anybody there, must not be on others.
    """
    own = f"sqlite:///{settings.data_dir / OURS}"
    if not (settings.data_dir / MARK).is_file() or settings.records_url != own:
        raise OtherPlace(
            f"in {shown(settings.data_dir)} there are no records of a demo: --demo lets everybody be anybody, and is "
            "for a demo's own data alone",
            "refused",
        )
    alone = {"console_host": ports.HOST, "console_proxies": "", "oidc_issuer": None, "sign_in_by_mail": True}
    return settings.model_copy(update=alone)


async def serve_demo(surroundings: Surroundings) -> None:
    """Answer until told to stop; once somebody has begun a placement there, people play in it."""
    client = await surroundings.connect()
    left = Left(whom_you_are, YOURS, SECONDS_PER_DAY)
    people = SimulatedPeople(client, surroundings.database, surroundings.settings.task_queue, [], left=left)
    playing: list[asyncio.Task[None]] = []

    def play(played: Played) -> None:
        people.play(played)
        if not playing:  # not before: a demo without you is to be as fast as ever
            playing.append(asyncio.create_task(people.live()))

    pages = DemoPages(play)
    try:
        await pages.go_on(surroundings.database)
        await run(make_app(surroundings, pages.routes), surroundings)
    finally:
        for task in playing:
            task.cancel()
        await asyncio.gather(*playing, return_exceptions=True)


def where_it_listens() -> Mapping[str, str]:
    """The settings that say where, for the console and for letters that link to it."""
    port = ports.prefer(PORT)
    return {f"{PREFIX}CONSOLE_PORT": str(port), URL: f"http://localhost:{port}"}


@asynccontextmanager
async def console_of(
    settings: Settings, environment: Mapping[str, str], *, keep: bool
) -> AsyncIterator[Callable[[], Awaitable[str | None]]]:
    """The console of a demo, beside it. What is given waits until it listens: its address; None where it does not."""
    log = settings.data_dir / "logs" / "console.log"
    console = spawn([sys.executable, str(ROOT / "console.py"), "--demo"], log=log, environment=environment)
    note(settings.data_dir, CONSOLE, console)

    async def address() -> str | None:
        ready = await has_logged(console, log, "console ready", READY_SECONDS)
        return f"{environment[URL]}{DEMO}" if ready else None

    try:
        yield address
    finally:
        if not keep:
            await stop_noted(settings.data_dir, CONSOLE)
