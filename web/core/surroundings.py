"""What every page needs, made once in a process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from typing import ParamSpec, TypeVar

from starlette.requests import HTTPConnection

from engine.settings import Settings
from records.database import Database
from service.core.connecting import Connect
from service.core.sessions import Sessions
from service.core.sign_in import SignIn
from web.core.background import Background
from web.core.changes import Changes
from web.core.provider import Provider

P = ParamSpec("P")
T = TypeVar("T")

THREADS = 16
"""So many requests of a process are read for at once, each by a connection that is kept."""

LONG_AT_ONCE = 2
"""So many files are read, cohorts checked and reports made in a process at once."""


def clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Surroundings:
    """What all pages need: the settings, the records, how people sign in, how to connect to Temporal, the clock.

    ``provider`` is that of identities, if there is one; ``demo`` is whether this is the console of a demo, where one
    can be anybody. ``ending`` is set when the process is told to stop: an answer that would go on (events) ends then.
    """

    settings: Settings
    database: Database
    sign_in: SignIn
    sessions: Sessions
    connect: Connect
    now: Callable[[], datetime] = clock
    provider: Provider | None = None
    demo: bool = False
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    background: Background = field(default_factory=Background)
    """What this process does in the background."""
    long_work: Executor = field(default_factory=lambda: ThreadPoolExecutor(LONG_AT_ONCE, "long-work"))
    """The threads of what takes seconds, so that nothing else waits for a thread."""
    changes: Changes = field(init=False)
    """Who follows the records, in this process."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "changes", Changes(self.database, self.ending))


def surroundings(request: HTTPConnection) -> Surroundings:
    """Those of the process that answers this request."""
    found: Surroundings = request.state.surroundings
    return found


async def at_length(request: HTTPConnection, do: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
    """Do what may take seconds, such as reading a large file, in one of the few threads for that."""
    work = partial(copy_context().run, partial(do, *arguments, **named))
    return await asyncio.get_running_loop().run_in_executor(surroundings(request).long_work, work)
