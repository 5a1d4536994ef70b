"""What every page needs, made once in a process."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from starlette.requests import HTTPConnection

from engine.settings import Settings
from records.database import Database
from service.core.connecting import Connect
from service.core.sign_in import SignIn
from web.core.beside import Beside
from web.core.changes import Changes
from web.core.provider import Provider


def clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Surroundings:
    """The settings, the records, how people sign in, how to connect to Temporal, the clock, and the identity provider.

    ``demo`` is whether this is the console of a demo, where one can be anybody. ``ending`` is set when the process is
    told to stop: an answer that would go on (events) ends then.
    """

    settings: Settings
    database: Database
    sign_in: SignIn
    connect: Connect
    now: Callable[[], datetime] = clock
    provider: Provider | None = None
    demo: bool = False
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    beside: Beside = field(default_factory=Beside)
    """What this process does beside answering."""
    changes: Changes = field(init=False)
    """Who follows the records, in this process."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "changes", Changes(self.database, self.ending))


def surroundings(request: HTTPConnection) -> Surroundings:
    """Those of the process that answers this request."""
    found: Surroundings = request.state.surroundings
    return found
