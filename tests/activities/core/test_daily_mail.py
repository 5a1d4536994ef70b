"""One mail a day, sent to a real SMTP server: what waits for it, what stands in it, and that it comes once."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.core import mail_records
from activities.core.contacts import Contact
from activities.core.daily_mail import DailyMailActivities
from activities.core.held_mails import HeldMails
from activities.core.mail_records import RecordsAddressBook
from domain.core.daily_mail import MorningRequest
from domain.core.journal import JournalBatch
from domain.core.tasks import TaskState
from engine.settings import ROOT
from records import journal
from records.database import Database, RecordsUnreachable
from records.tables.core import PersonRecord
from records.tables.dispatch import HeldMailRecord, MailRecord
from tests.activities.core.daily_office import DAY, NOBODY, asks, deliver, make, morning, task
from tests.activities.core.mailroom import AMARA, BO, CASE, SENDER, Mailroom, letter, smtp
from tests.records.rows import case_row

ID = f"<daily-mail-{AMARA}.2026-12-08@waymark.invalid>"
TOMORROW = DAY + timedelta(days=1)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'waymark.db'}"


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """Records with Amara, who has chosen one mail a day, and two tasks of hers."""
    database = make(url)
    for n in (1, 2):
        task(database, n)
    yield database
    database.close()


@pytest.fixture
def address(mail_server: Controller) -> str:
    return f"smtp://127.0.0.1:{mail_server.port}"


def statuses(database: Database) -> dict[str, str]:
    with database.reading() as records:
        return {
            mail.message_id.partition(".")[2].partition("@")[0]: mail.status
            for mail in records.scalars(select(MailRecord))
        }


def held(database: Database) -> int:
    with database.reading() as records:
        return len(records.scalars(select(HeldMailRecord)).all())


# What waits


def test_what_does_not_press_waits_for_the_morning_and_comes_in_one_mail(
    database: Database, mail_server: Controller, mailroom: Mailroom, address: str
) -> None:
    # Given two tasks and a piece of news, and a letter to somebody else
    letters = [asks(1), asks(2, "review"), letter(3), letter(4, to=BO)]
    for _ in range(2):
        sent = deliver(database, smtp(mail_server), *letters)
        assert sent.done == [letter.key for letter in letters]
        assert sent.daily == [AMARA]
    assert mailroom.recipients == [f"{BO.lower()}@example.org"]
    assert statuses(database) == {
        "1-task_opened": "held",
        "2-task_opened": "held",
        "3-paused": "held",
        "4-paused": "sent",
    }

    # Then the morning's mail has all of it, once
    for _ in range(2):
        assert morning(database, address).goes_on
    (mail,) = mailroom.mails[1:]
    assert (mail["Message-ID"], mail["To"].addresses[0].addr_spec) == (ID, f"{AMARA.lower()}@example.org")
    assert mail["Subject"] == "Tuesday 8 December 2026: what is open for you, and what is new"
    text = mail.get_content()
    assert "1. Goals: please answer by Monday 14 December 2026" in text
    assert "2. Review: please answer by Monday 14 December 2026" in text
    assert f"1. Placement {CASE} is paused" in text
    assert text.count("Hello") == text.count("Waymark, for your HR team") == 1
    assert set(statuses(database).values()) == {"sent"}
    assert held(database) == 0
    # and the ledger knows it for whoever hands them in again
    assert deliver(database, smtp(mail_server), *letters).done == [letter.key for letter in letters]
    assert len(mailroom.mails) == 2


def test_what_goes_at_once_does(database: Database, mail_server: Controller, mailroom: Mailroom) -> None:
    sent = deliver(database, smtp(mail_server), asks(1).model_copy(update={"at_once": True}))
    assert sent.daily == [AMARA]
    assert len(mailroom.mails) == 1
    assert held(database) == 0


def test_a_letter_is_held_and_kept_or_neither(
    database: Database, mail_server: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def goes_away(*_: object) -> None:
        raise RecordsUnreachable("away")

    monkeypatch.setattr(mail_records, "_held", goes_away)
    with pytest.raises(ApplicationError, match="away"):
        deliver(database, smtp(mail_server), asks(1))
    assert (statuses(database), held(database)) == ({}, 0)
    monkeypatch.undo()
    deliver(database, smtp(mail_server), asks(1))
    assert (statuses(database), held(database)) == ({"1-task_opened": "held"}, 1)


# What stands in it


def test_a_task_that_was_answered_or_called_off_before_the_morning_is_not_told(
    database: Database, mail_server: Controller, mailroom: Mailroom, address: str
) -> None:
    # Given one that was answered meanwhile, and one that was called off, which was written too
    facts = {**asks(2).facts, "why": "the placement has ended"}
    called_off = asks(2).model_copy(update={"key": "3-task_closed", "template": "task_closed", "facts": facts})
    deliver(database, smtp(mail_server), asks(1), asks(2), called_off)
    task(database, 1, TaskState.ANSWERED)
    task(database, 2, TaskState.CLOSED)

    # Then there is nothing to tell, and no mail
    assert not morning(database, address).goes_on
    assert mailroom.mails == []
    assert set(statuses(database).values()) == {"dropped"}
    assert held(database) == 0


def test_what_is_open_since_before_is_named_until_nothing_is(
    database: Database, mail_server: Controller, mailroom: Mailroom, address: str
) -> None:
    deliver(database, smtp(mail_server), asks(1))
    morning(database, address)
    assert "Open since before:" in mailroom.mails[0].get_content()
    assert f"- {CASE}-2: goals, due on Monday 14 December 2026" in mailroom.mails[0].get_content()
    task(database, 1, TaskState.ANSWERED)

    assert morning(database, address, TOMORROW).goes_on
    text = mailroom.mails[1].get_content()
    assert f"- {CASE}-2: goals" in text
    assert f"{CASE}-1" not in text

    # one that is called off after it was told, is told as that
    task(database, 2, TaskState.CLOSED)
    facts = {**asks(2).facts, "why": "the placement has ended"}
    deliver(
        database,
        smtp(mail_server),
        asks(2).model_copy(update={"key": "3-task_closed", "template": "task_closed", "facts": facts}),
    )
    assert not morning(database, address, TOMORROW + timedelta(days=1)).goes_on
    assert mailroom.mails[2]["Subject"] == "Thursday 10 December 2026: what is new"
    assert "No longer needed: goals" in mailroom.mails[2].get_content()
    assert not morning(database, address, TOMORROW + timedelta(days=2)).goes_on
    assert len(mailroom.mails) == 3


def test_who_wants_each_by_itself_again_gets_what_has_gathered(
    database: Database, mail_server: Controller, mailroom: Mailroom, address: str
) -> None:
    # Given a mail of this morning, and a letter since
    deliver(database, smtp(mail_server), asks(1))
    morning(database, address)
    deliver(database, smtp(mail_server), letter(3))
    assert morning(database, address).goes_on
    assert len(mailroom.mails) == 1

    with database.session() as session:
        session.get_one(PersonRecord, AMARA).mail_choice = "each"
    for _ in range(2):
        assert not morning(database, address, at_once=True).goes_on

    assert [str(mail["Message-ID"]) for mail in mailroom.mails] == [ID, ID.replace("08@", "08-2@")]
    text = mailroom.mails[1].get_content()
    assert f"Placement {CASE} is paused" in text
    assert "From now on each mail comes by itself" in text
    deliver(database, smtp(mail_server), letter(4))
    assert len(mailroom.mails) == 3


def test_before_the_first_day_it_goes_to_the_private_address(
    database: Database, mail_server: Controller, mailroom: Mailroom, address: str
) -> None:
    with database.session() as session:
        session.get_one(PersonRecord, AMARA).private_email = "amara@home.example"
    with database.session() as session:
        journal.write(session, JournalBatch(case=CASE, rows=[case_row(person=AMARA, stage="preboarding")]))
    deliver(database, smtp(mail_server), letter(3, reach="private"))
    morning(database, address)
    assert mailroom.recipients == ["amara@home.example"]


# That it comes once


@pytest.mark.parametrize(("step", "twice"), [("settled", False), ("mail 1", True), ("noted", False)])
def test_whatever_the_step_it_comes_once_or_as_the_same_mail(
    database: Database, url: str, mail_server: Controller, mailroom: Mailroom, address: str, step: str, twice: bool
) -> None:
    # Given a worker that was killed at a step, and a letter that came after that
    deliver(database, smtp(mail_server), asks(1))
    killed = subprocess.run(
        [sys.executable, "-m", "tests.activities.core.daily_office", step, url, address], cwd=ROOT, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    deliver(database, smtp(mail_server), letter(3))

    # When it is tried again
    assert morning(database, address).goes_on

    # Then it has come once, or the very same again; what came later waits for the next one
    assert [str(mail["Message-ID"]) for mail in mailroom.mails] == [ID] * (2 if twice else 1)
    assert len({mail.get_content() for mail in mailroom.mails}) == 1
    assert held(database) == 1
    morning(database, address, TOMORROW)
    assert "is paused" in mailroom.mails[-1].get_content()
    assert held(database) == 0


def test_a_server_that_is_away_is_waited_for_and_one_that_refuses_is_noted(
    database: Database, mail_server: Controller, mailroom: Mailroom, address: str
) -> None:
    deliver(database, smtp(mail_server), asks(1))
    mailroom.refused[f"{AMARA.lower()}@example.org"] = "452 4.2.2 mailbox full"
    with pytest.raises(ApplicationError) as full:
        morning(database, address)
    assert full.value.type == "NotNow"
    mailroom.refused[f"{AMARA.lower()}@example.org"] = "550 5.1.1 unknown here"
    sent = morning(database, address, TOMORROW)
    assert sent.refused == {CASE: "550 5.1.1 unknown here"}
    assert statuses(database) == {"1-task_opened": "refused", "2026-12-08": "refused", "2026-12-09": "refused"}


# When it comes


@pytest.mark.parametrize(
    ("zone", "after", "expected"),
    [
        ("Europe/London", datetime(2026, 12, 8, 7, 59, tzinfo=UTC), datetime(2026, 12, 8, 8, tzinfo=UTC)),
        ("Europe/London", datetime(2026, 12, 8, 8, tzinfo=UTC), datetime(2026, 12, 9, 8, tzinfo=UTC)),
        ("America/New_York", datetime(2026, 12, 8, 8, tzinfo=UTC), datetime(2026, 12, 8, 13, tzinfo=UTC)),
        ("Asia/Kolkata", datetime(2026, 12, 8, 8, tzinfo=UTC), datetime(2026, 12, 9, 2, 30, tzinfo=UTC)),
        # the clocks go forward in the night before
        ("Europe/Berlin", datetime(2027, 3, 27, 12, tzinfo=UTC), datetime(2027, 3, 28, 6, tzinfo=UTC)),
    ],
)
def test_the_morning_is_the_readers_own(
    database: Database, mail_server: Controller, zone: str, after: datetime, expected: datetime
) -> None:
    with database.session() as session:
        session.get_one(PersonRecord, AMARA).time_zone = zone
    book, sender = RecordsAddressBook(database), Contact.parse(SENDER)
    activities = DailyMailActivities(NOBODY, "", HeldMails(database, sender), book, smtp(mail_server), SENDER, time(8))
    found = ActivityEnvironment().run(activities.next_morning, MorningRequest(person=AMARA, after=after))
    assert found.at == expected
