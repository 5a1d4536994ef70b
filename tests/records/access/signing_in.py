"""Where people sign in, for tests: a clock that is set, and the mails that were sent."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from domain.core.sign_in import SignInMail
from records.database import Database
from records.tables.base import Base
from service.core.sessions import Sessions, SignedIn, new_secret
from service.core.sign_in import NotSignedIn, SignIn

NOW = datetime(2026, 6, 1, 9, tzinfo=UTC)
ADDRESS = "p-manager@example.org"
HOME = "returner@home.example"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


class AtOnce(Executor):
    """What is to run in the background runs at once."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


@dataclass
class House:
    """Where people sign in: a clock that is set, and the mails that were sent."""

    database: Database
    now: datetime = NOW
    mails: list[SignInMail] = field(default_factory=list)
    sessions: Sessions = field(init=False)
    signing: SignIn = field(init=False)

    def __post_init__(self) -> None:
        self.sessions = Sessions(self.database, now=lambda: self.now)
        self.signing = SignIn(
            self.database, self.mails.append, self.sessions, now=lambda: self.now, background=AtOnce()
        )

    def ask(self, address: str = ADDRESS, source: str = "192.0.2.7", onward: str | None = None) -> str:
        """Somebody asks for a link, in a browser of their own; its secret."""
        browser = new_secret()
        self.signing.begin(address, browser=browser, source=source, onward=onward)
        return browser

    def enter(self, address: str = ADDRESS, agent: str = FIREFOX) -> SignedIn:
        browser = self.ask(address)
        return self.signing.redeem_link(self.mails[-1].token, browser=browser, agent=agent)

    def refuse(self, call: Callable[[], object]) -> str:
        """Why it signs nobody in."""
        with pytest.raises(NotSignedIn) as refused:
            call()
        return refused.value.why

    def later(self, **by: int) -> None:
        self.now += timedelta(**by)

    def all(self, table: type[Base]) -> list[Any]:
        with self.database.reading() as session:
            return list(session.scalars(select(table)))
