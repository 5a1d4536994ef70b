"""A console to test pages with: the real application, listening, on records of its own; and people who visit it."""

from __future__ import annotations

import asyncio
import http.client
import re
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from starlette.routing import Route
from temporalio.client import Client

from console import mailer
from domain.core.model import PersonId
from engine.devserver import ports
from engine.errors import EngineUnreachable
from engine.settings import Settings, load_settings
from records.database import Database
from records.tables.access import SessionRecord
from records.tables.core import PersonRecord
from service.core.connecting import Connect
from service.core.sessions import Sessions, hashed, new_secret
from service.core.sign_in import SignIn
from tests.migrated import new_records
from web.app import make_app
from web.core.provider import provider_of
from web.core.serving import Serving, configured, listening
from web.core.sessions import SESSION
from web.core.surroundings import Surroundings

OURS = {"Sec-Fetch-Site": "same-origin"}
"""What a browser says of a form on one of our pages."""


@dataclass
class Clock:
    """Now, and whatever was skipped."""

    skipped: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.skipped

    def skip(self, **duration: float) -> None:
        """Let time pass."""
        self.skipped += timedelta(**duration)


@dataclass(frozen=True)
class Answer:
    """What a page answered."""

    status: int
    headers: Sequence[tuple[str, str]]
    text: str

    def header(self, name: str) -> str:
        """A header; empty where there is none."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def cookies(self) -> SimpleCookie:
        """The cookies that it sets."""
        found = SimpleCookie()
        for name, value in self.headers:
            if name.lower() == "set-cookie":
                found.load(value)
        return found

    @property
    def main(self) -> str:
        """What the page itself says, as words with single blanks between them."""
        inside = self.text.partition("<main")[2].partition(">")[2].partition("</main>")[0]
        return " ".join(re.sub(r"<[^>]+>", " ", inside).split())


@dataclass
class Visitor:
    """Somebody's browser without a window: it keeps cookies, and says where its forms come from."""

    origin: str
    cookies: dict[str, str] = field(default_factory=dict)
    agent: str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"

    async def get(self, path: str, *, method: str = "GET", **headers: str) -> Answer:
        """Open a page."""
        return await self.send(method, path, headers={"Sec-Fetch-Site": "none"} | _spelled(headers))

    async def post(self, path: str, fields: Iterable[tuple[str, str]] = (), **named: str) -> Answer:
        """Send a form of one of our pages."""
        body = urlencode([*fields, *named.items()]).encode()
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        return await self.send("POST", path, OURS | form, body)

    async def follow(self, answer: Answer) -> Answer:
        """Go where an answer leads."""
        assert answer.status == 303
        return await self.get(answer.header("location"))

    async def send(
        self, method: str, path: str, headers: dict[str, str] | None = None, body: bytes | Iterable[bytes] | None = None
    ) -> Answer:
        """Send any request, with the cookies there are; those of the answer are kept."""
        answer = await asyncio.to_thread(self._send, method, path, headers or {}, body)
        for name, morsel in answer.cookies.items():
            if morsel["max-age"] == "0":
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = morsel.value
        return answer

    def _send(self, method: str, path: str, headers: dict[str, str], body: bytes | Iterable[bytes] | None) -> Answer:
        connection = http.client.HTTPConnection(urlsplit(self.origin).netloc, timeout=60)
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        given = {"User-Agent": self.agent, **({"Cookie": cookie} if cookie else {}), **headers}
        try:
            with suppress(BrokenPipeError, ConnectionResetError):  # it may answer before it has read all
                connection.request(method, path, body=body, headers=given)
            response = connection.getresponse()
            return Answer(response.status, response.getheaders(), response.read().decode())
        finally:
            connection.close()


def _spelled(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


@dataclass
class Console:
    """The console, its records and its mails."""

    surroundings: Surroundings
    clock: Clock

    @property
    def settings(self) -> Settings:
        """Its settings."""
        return self.surroundings.settings

    @property
    def origin(self) -> str:
        """Where it is."""
        return self.settings.console_origin

    @property
    def database(self) -> Database:
        """Its records."""
        return self.surroundings.database

    def visitor(self, person: PersonId | None = None) -> Visitor:
        """A browser in which somebody is signed in, or nobody."""
        return Visitor(self.origin, {SESSION: self.session(person)} if person else {})

    def session(self, person: PersonId) -> str:
        """A session of somebody, put on record: its cookie."""
        cookie, now = new_secret(), self.clock()
        with self.database.session() as session:
            session.add(
                SessionRecord(
                    id=hashed(cookie),
                    person=person,
                    created_at=now,
                    last_seen_at=now,
                    ends_at=now + timedelta(hours=12),
                    agent="Firefox, Linux",
                    by_hand=True,
                )
            )
        return cookie

    def address_of(self, person: PersonId) -> str:
        """Somebody's mail address."""
        with self.database.reading() as session:
            return session.get_one(PersonRecord, person).email

    async def mail(self, to: str, number: int = 1) -> EmailMessage:
        """The mail of this number to an address, as soon as it is there."""
        async with asyncio.timeout(30):
            while len(found := list(self.mails(to))) < number:
                await asyncio.sleep(0.02)
        return found[number - 1]

    def mails(self, to: str) -> Iterator[EmailMessage]:
        """All mails to an address, the oldest first."""
        files = sorted(self.settings.maildir.glob("new/*"), key=lambda file: file.stat().st_mtime_ns)
        for file in files:
            read = message_from_bytes(file.read_bytes(), policy=policy.default)
            if to in read["To"]:
                yield read


def link_in(mail: EmailMessage) -> str:
    """The path of the link of a mail."""
    found = re.search(r"https?://[^/\s]+(/sign-in/\S+)", text_of(mail))
    assert found
    return found[1]


def code_in(mail: EmailMessage) -> str:
    """The code of a mail."""
    found = re.search(r"^ +(\d{6})$", text_of(mail), re.MULTILINE)
    assert found
    return found[1]


def text_of(mail: EmailMessage) -> str:
    """The words of a mail."""
    content: str = mail.get_content()
    return content


async def nowhere() -> Client:
    """There is no Temporal server."""
    raise EngineUnreachable("no Temporal server answers here")


@asynccontextmanager
async def open_console(
    directory: Path,
    *,
    connect: Connect = nowhere,
    database: Database | None = None,
    more: Sequence[Route] = (),
    **settings: object,
) -> AsyncIterator[Console]:
    """A console on records in this directory (or on others), listening on this machine as long as the block lasts.

    With ``more`` pages it is that of a demo.
    """
    (port,) = ports.some_free(1)
    known = load_settings(data_dir=directory, console_port=port, **settings)
    file = directory / "waymark.db"
    records = database or (Database(known.records_url) if file.exists() else new_records(file))
    clock = Clock()
    provider = provider_of(known)
    sessions = Sessions(records, now=clock, duties_by_mail=provider is None)
    sign_in = SignIn(records, mailer(known, records), sessions, now=clock)
    surroundings = Surroundings(known, records, sign_in, sessions, connect, clock, provider, demo=bool(more))
    server = Serving(configured(make_app(surroundings, more), known))
    with listening(known) as listener:
        serving = asyncio.create_task(server.serve(sockets=[listener]))
        try:
            async with asyncio.timeout(30):
                while not server.started:
                    await asyncio.sleep(0)
            yield Console(surroundings, clock)
        finally:
            surroundings.ending.set()
            server.end()
            await serving
            await surroundings.background.ended(60)
            sign_in.close()
            if database is None:
                records.close()
