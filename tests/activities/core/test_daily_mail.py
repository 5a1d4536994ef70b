"""One mail a day, sent to a real SMTP server: what waits for it, what stands in it, and that it comes once."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
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
from activities.core.mail import PostActivities
from activities.core.mail_records import RecordsAddressBook, RecordsLedger
from domain.core.daily_mail import DailyMailRequest, MorningRequest, SetAside
from domain.core.journal import JournalBatch
from domain.core.people import MailChoice
from domain.core.post import PostBatch
from domain.core.questions import TaskKind
from domain.core.tasks import TaskState
from engine.settings import ROOT
from records import journal
from records.database import Database
from records.errors import RecordsUnreachable
from records.mail_choices import note_choices
from records.queries.core.policies import enter_content
from records.tables.core import PersonRecord
from records.tables.dispatch import DailyMailRecord, HeldMailRecord, MailRecord
from tests.activities.core.daily_office import DAY, MORNING, NOBODY, asks, at_once, deliver, make, morning, task
from tests.activities.core.mailroom import AMARA, AT, BO, CASE, SENDER, Mailroom, letter, smtp
from tests.domain.factories import shipped_policy
from tests.records.rows import case_row

ID = f"<daily-mail-{AMARA}.2026-12-08@waymark.invalid>"
TOMORROW = DAY + timedelta(days=1)
NOON = MORNING + timedelta(hours=4)
AT_WORK, AT_HOME = f"{AMARA.lower()}@example.org", "amara@home.example"


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


def reaches(database: Database) -> dict[str, str | None]:
    """To which address each mail went."""
    with database.reading() as records:
        return {
            mail.message_id.partition(".")[2].partition("@")[0]: mail.reach
            for mail in records.scalars(select(MailRecord))
        }


def choose(database: Database, choice: MailChoice, at: datetime = AT) -> None:
    """Amara chooses how mail reaches her."""
    with database.session() as session:
        session.get_one(PersonRecord, AMARA).mail_choice = choice
        session.flush()
        note_choices(session, at)


def at_home(database: Database) -> None:
    """Amara has a private address."""
    with database.session() as session:
        session.get_one(PersonRecord, AMARA).private_email = AT_HOME


def stage(database: Database, name: str) -> None:
    """Amara's placement is in this stage."""
    with database.session() as session:
        journal.write(session, JournalBatch(case=CASE, rows=[case_row(person=AMARA, stage=name)]))


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


def _unreachable(*_: object) -> None:
    raise RecordsUnreachable("unreachable")


def test_a_letter_is_held_and_kept_or_neither(
    database: Database, mail_server: Controller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail_records, "_held", _unreachable)
    with pytest.raises(ApplicationError, match="unreachable"):
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


def test_what_a_policy_calls_something_is_said_as_it_translates_it(
    database: Database, mailroom: Mailroom, address: str
) -> None:
    # Given a German reader, who has heard of two tasks before: one is called something by the policy, one by us
    policy = shipped_policy()
    task(database, 1, subject="agree to the goals")
    task(database, 2, subject="Laptop and phone ordered and set up", kind=TaskKind.CHECKLIST_ITEM)
    with database.session() as session:
        session.get_one(PersonRecord, AMARA).languages = ["de"]
        enter_content(session, policy, MORNING)
        journal.write(session, JournalBatch(case=CASE, rows=[case_row(person=BO, policy=policy.label)]))

    morning(database, address)

    (mail,) = mailroom.mails
    assert mail["Content-Language"] == "de"
    lines = [line for line in mail.get_content().splitlines() if line.startswith(f"- {CASE}")]
    assert lines == [
        f"- {CASE}-1: Zustimmung zu den Zielen, fällig am Montag, 14. Dezember 2026",
        f"- {CASE}-2: Laptop und Telefon bestellt und eingerichtet, fällig am Montag, 14. Dezember 2026",
    ]


def test_who_wants_each_by_itself_again_gets_what_has_gathered(
    database: Database, mail_server: Controller, mailroom: Mailroom, address: str
) -> None:
    # Given a mail of this morning, and a letter since
    deliver(database, smtp(mail_server), asks(1))
    morning(database, address)
    deliver(database, smtp(mail_server), letter(3))
    assert morning(database, address).goes_on
    assert len(mailroom.mails) == 1

    # When they want each mail by itself, at noon
    choose(database, "each")
    for _ in range(2):
        assert not at_once(database, address, NOON).goes_on

    # Then it comes under a Message-ID of its own
    assert [str(mail["Message-ID"]) for mail in mailroom.mails] == [ID, ID.replace("08@", "08-at-once-1@")]
    text = mailroom.mails[1].get_content()
    assert f"Placement {CASE} is paused" in text
    assert "From now on each mail comes by itself" in text
    deliver(database, smtp(mail_server), letter(4))
    assert len(mailroom.mails) == 3

    # And so does the next morning's mail, if they think better of it
    choose(database, "daily")
    morning(database, address, TOMORROW)
    assert mailroom.mails[-1]["Message-ID"] == ID.replace("08@", "09@")


# Where it goes


def test_each_letter_goes_to_the_address_that_it_is_for(
    database: Database, mail_server: Controller, mailroom: Mailroom, address: str
) -> None:
    # Given somebody who is at work by now, and a letter from the day before that is for their private address
    at_home(database)
    stage(database, "placement")
    deliver(database, smtp(mail_server), letter(3, reach="private"), asks(1), letter(4, reach="by_record"))

    for _ in range(2):
        morning(database, address)

    # Then each has its own mail, and what is open since before is named where they are now
    assert [(mail["To"].addresses[0].addr_spec, str(mail["Message-ID"])) for mail in mailroom.mails] == [
        (AT_WORK, ID),
        (AT_HOME, ID.replace("08@", "08-private@")),
    ]
    at_work, home = (mail.get_content() for mail in mailroom.mails)
    assert "Goals: please answer by" in at_work
    assert "Open since before" in at_work
    assert at_work.count("is paused") == 1
    assert "Goals" not in home
    assert "Open since before" not in home
    assert home.count("is paused") == 1
    assert reaches(database) == {
        "1-task_opened": "work",
        "3-paused": "private",
        "4-paused": "work",
        "2026-12-08": "work",
        "2026-12-08-private": "private",
    }


def test_before_the_first_day_all_of_it_goes_to_the_private_address(
    database: Database, mail_server: Controller, mailroom: Mailroom, address: str
) -> None:
    at_home(database)
    stage(database, "preboarding")
    deliver(database, smtp(mail_server), letter(3, reach="private"))
    morning(database, address)
    assert mailroom.recipients == [AT_HOME]
    assert "Goals" not in mailroom.mails[0].get_content()
    assert f"- {CASE}-1: goals" in mailroom.mails[0].get_content()


def test_the_refusal_of_one_address_is_told_of_what_went_there(
    database: Database, mail_server: Controller, mailroom: Mailroom, address: str
) -> None:
    at_home(database)
    stage(database, "placement")
    mailroom.refused[AT_HOME] = "550 5.1.1 unknown here"
    other = "R-OTHER-DATA1"
    post = PostActivities(RecordsLedger(database), RecordsAddressBook(database), smtp(mail_server), SENDER)
    private = PostBatch(case=other, letters=[letter(3, reach="private")])
    ActivityEnvironment().run(post.send_post, private)
    deliver(database, smtp(mail_server), asks(1))

    sent = morning(database, address)

    assert sent.refused == {other: "550 5.1.1 unknown here (at their private address)"}
    assert mailroom.recipients == [AT_WORK]


# That it comes once

SETTLED = {"1-task_opened": "held", "3-paused": "held", "2026-12-08": "sending", "2026-12-08-private": "sending"}
FIRST_NOTED = SETTLED | {"1-task_opened": "sent", "2026-12-08": "sent"}
ALL_NOTED = dict.fromkeys(SETTLED, "sent")


@pytest.mark.parametrize(
    ("step", "ledger", "twice"),
    [
        ("begun", {"1-task_opened": "held", "3-paused": "held"}, None),
        ("settled 1", SETTLED, None),
        ("mail 1", SETTLED, AT_WORK),
        ("noted 1", FIRST_NOTED, None),
        ("settled 2", FIRST_NOTED, None),
        ("mail 2", FIRST_NOTED, AT_HOME),
        ("noted 2", ALL_NOTED, None),
    ],
)
def test_whatever_the_step_it_comes_once_or_as_the_same_mail(
    database: Database,
    url: str,
    mail_server: Controller,
    mailroom: Mailroom,
    address: str,
    step: str,
    ledger: dict[str, str],
    twice: str | None,
) -> None:
    # Given what goes to two addresses, and a worker that was killed at a step
    at_home(database)
    stage(database, "placement")
    deliver(database, smtp(mail_server), asks(1), letter(3, reach="private"))
    killed = subprocess.run(
        [sys.executable, "-m", "tests.activities.core.daily_office", step, url, address], cwd=ROOT, check=False
    )
    assert killed.returncode == -signal.SIGKILL
    assert statuses(database) == ledger

    # And all is otherwise since: the task is answered, the reader has another name and language, a letter has come
    if step != "begun":
        task(database, 1, TaskState.ANSWERED)
        with database.session() as session:
            reader = session.get_one(PersonRecord, AMARA)
            reader.name, reader.languages = "Amara Obi", ["de"]
    deliver(database, smtp(mail_server), letter(4))

    # When it is tried again
    assert morning(database, address).goes_on

    # Then each has come once, or the very same again
    arrived = Counter(mailroom.recipients)
    assert arrived == {to: 2 if to == twice else 1 for to in (AT_WORK, AT_HOME)}
    assert len({(str(mail["Message-ID"]), mail["Subject"], mail.get_content()) for mail in mailroom.mails}) == 2
    assert {str(mail["Content-Language"]) for mail in mailroom.mails} == {"en"}
    by_address = {mail["To"].addresses[0].addr_spec: mail.get_content() for mail in mailroom.mails}
    assert "Goals: please answer by" in by_address[AT_WORK]
    assert "is paused" in by_address[AT_HOME]

    # And what came later waits for the next one
    later = "sent" if step == "begun" else "held"
    assert statuses(database) == ALL_NOTED | {"4-paused": later}
    morning(database, address, TOMORROW)
    assert set(statuses(database).values()) == {"sent"}
    assert held(database) == 0
    with database.reading() as records:
        assert records.scalars(select(DailyMailRecord)).all() == []


def test_what_was_sent_and_not_noted_is_not_held_as_well_for_whoever_has_chosen_one_mail_a_day_since(
    database: Database, mail_server: Controller, mailroom: Mailroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given somebody who gets each mail by itself, and one that went out, with nobody having noted it
    choose(database, "each")
    monkeypatch.setattr(mail_records, "_entered", _unreachable)
    with pytest.raises(ApplicationError, match="unreachable"):
        deliver(database, smtp(mail_server), letter(3))
    monkeypatch.undo()
    assert len(mailroom.mails) == 1

    # When they choose one mail a day, before it is tried again
    choose(database, "daily", AT + timedelta(minutes=5))
    deliver(database, smtp(mail_server), letter(3), letter(4, at=AT + timedelta(minutes=6)))

    # Then it goes out under the same Message-ID, and only what was written since waits
    assert len(mailroom.mails) == 2
    assert len({str(mail["Message-ID"]) for mail in mailroom.mails}) == 1
    assert statuses(database) == {"3-paused": "sent", "4-paused": "held"}
    assert held(database) == 1


# What is in the way


def test_a_letter_that_can_not_be_written_is_set_aside_and_all_else_goes_on(
    database: Database, mail_server: Controller, mailroom: Mailroom, address: str
) -> None:
    # Given a letter without its template, and one that is as it should be
    broken = letter(3, template="no_such")
    deliver(database, smtp(mail_server), broken, asks(1))

    # When the morning comes
    for _ in range(2):
        sent = morning(database, address)
        assert sent.goes_on
        assert sent.set_aside == [SetAside(case=CASE, letter="3-paused")]
        assert sent.refused == {}

    # Then the mail has all but that; the records say what is wrong with it, and that nobody has refused it
    assert len(mailroom.mails) == 1
    assert "Goals: please answer by" in mailroom.mails[0].get_content()
    assert statuses(database) == {"3-paused": "held", "1-task_opened": "sent", "2026-12-08": "sent"}
    with database.reading() as records:
        reason = records.scalars(select(MailRecord.reason).where(MailRecord.status == "held")).one()
    assert reason is not None
    assert "no_such" in reason
    assert deliver(database, smtp(mail_server), broken).refused == {}

    # And once it is mended, it comes
    with database.session() as session:
        row = session.scalars(select(HeldMailRecord)).one()
        row.letter = {**row.letter, "template": "paused"}
    sent = morning(database, address, TOMORROW)
    assert sent.set_aside == []
    assert "is paused" in mailroom.mails[1].get_content()
    assert held(database) == 0


def test_a_server_that_cant_be_reached_is_waited_for_and_one_that_refuses_is_noted(
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


# Who has left


def leaves(database: Database, after: date) -> None:
    """Amara's last day is that one."""
    with database.session() as session:
        session.get_one(PersonRecord, AMARA).left_on = after


def test_who_has_left_gets_no_mail_of_the_day_any_more(
    database: Database, mail_server: Controller, mailroom: Mailroom, address: str
) -> None:
    # Given open tasks, and letters that wait, of somebody whose last day is over
    deliver(database, smtp(mail_server), asks(1), letter(3))
    leaves(database, DAY - timedelta(days=1))

    # Then nothing is sent, nothing waits, and no morning comes
    assert not morning(database, address).goes_on
    assert mailroom.mails == []
    assert held(database) == 0
    assert set(statuses(database).values()) == {"dropped"}


def test_who_has_left_is_told_of_the_case_about_themselves(
    database: Database, mail_server: Controller, mailroom: Mailroom, address: str
) -> None:
    stage(database, "follow_up")
    at_home(database)
    deliver(database, smtp(mail_server), letter(3).model_copy(update={"reach": "private"}))
    leaves(database, DAY - timedelta(days=1))

    assert morning(database, address).goes_on
    assert AT_HOME in mailroom.recipients


def test_what_was_settled_before_somebody_left_goes_out_no_more(
    database: Database, mail_server: Controller, mailroom: Mailroom, address: str
) -> None:
    # Given a mail that is settled and not sent when its reader's last day ends
    deliver(database, smtp(mail_server), asks(1))
    request = DailyMailRequest(person=AMARA, day=DAY, at=MORNING)
    assert HeldMails(database, Contact.parse(SENDER)).settle(request) is not None
    leaves(database, DAY)

    assert not morning(database, address, TOMORROW).goes_on
    assert mailroom.mails == []
    assert held(database) == 0
