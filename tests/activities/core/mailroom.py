"""What the tests of the post share: a real SMTP server, an address book and a ledger in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.core.contacts import Contact
from activities.core.ledger import Entry, Known, Note
from activities.core.mail import PostActivities
from activities.core.transport import SmtpTransport, Transport
from domain.core.delivery import Sent
from domain.core.post import Address, Letter, PostBatch
from engine.devserver import ports

CASE = "R-7F3K2M-DATA1"
AT = datetime(2026, 12, 7, 9, 30, tzinfo=UTC)
SENDER = "Waymark <hr@waymark.invalid>"
AMARA, BO, CHEN = "P-AMARA", "P-BO1", "P-CHEN"


@dataclass
class Book:
    """An address book in memory."""

    people: dict[str, Contact]
    gone: set[str] = field(default_factory=set)

    def contacts(self, people: Collection[str]) -> dict[str, Contact]:
        return {person: self.people[person] for person in people if person in self.people}

    def reach_on_record(self, people: Collection[str]) -> dict[str, Address]:
        return {person: "private" if person in self.gone else "work" for person in people}


@dataclass
class Entries:
    """A ledger in memory."""

    all: Known = field(default_factory=Known)

    @property
    def noted(self) -> dict[str, Entry]:
        return self.all.entries

    def known(self, letters: Mapping[str, Letter]) -> Known:
        return deepcopy(self.all)

    def note(self, case: str, notes: Sequence[Note]) -> None:
        for note in notes:
            self.all.add(note)


@dataclass
class Mailroom:
    """What the SMTP server does: keeps mails, refuses recipients with a reply, falters after so many mails."""

    mails: list[EmailMessage] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    falters_after: int | None = None
    on_mail: Callable[[], None] = lambda: None

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.falters_after is not None and len(self.mails) >= self.falters_after:
            return "451 4.3.0 no room just now"
        assert isinstance(envelope.content, bytes)
        assert envelope.content.isascii()
        self.on_mail()
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"

    @property
    def recipients(self) -> list[str]:
        return [mail["To"].addresses[0].addr_spec for mail in self.mails]


def free_port() -> int:
    return ports.some_free(1)[0]


def three_people() -> Book:
    return Book(
        {
            AMARA: Contact("Amara Ökafor", "amara@example.org"),
            BO: Contact("Bo", "bo@example.org"),
            CHEN: Contact("Chen 陈", "chen@example.org"),
        }
    )


@contextmanager
def running(mailroom: Mailroom, port: int | None = None, **options: Any) -> Iterator[Controller]:
    controller = Controller(mailroom, hostname="127.0.0.1", port=port or free_port(), **options)
    controller.start()
    try:
        yield controller
    finally:
        controller.stop(no_assert=True)


def smtp(server: Controller, login: str = "") -> SmtpTransport:
    return SmtpTransport(f"smtp://{login}127.0.0.1:{server.port}", timeout=60)


def letter(n: int, to: str = AMARA, **changes: Any) -> Letter:
    facts = {"role_title": "Data engineer", "since": "2026-12-07", "fixed": False}
    return Letter(**{"key": f"{n}-paused", "at": AT, "template": "paused", "to": to, "facts": facts, **changes})


def batch(*letters: Letter, insist: bool = True) -> PostBatch:
    return PostBatch(case=CASE, letters=list(letters), insist=insist)


def send(transport: Transport, entries: Entries, book: Book, *letters: Letter, insist: bool = True) -> Sent:
    """Run the activity."""
    activities = PostActivities(entries, book, transport, SENDER)
    return ActivityEnvironment().run(activities.send_post, batch(*letters, insist=insist))


def fail(transport: Transport, entries: Entries, book: Book, *letters: Letter) -> ApplicationError:
    """Run the activity, which fails; the error, checked to be retryable and to carry no other error along."""
    with pytest.raises(ApplicationError) as caught:
        send(transport, entries, book, *letters)
    error = caught.value
    assert not error.non_retryable
    assert error.__cause__ is None
    assert error.__suppress_context__
    return error
