"""Letters about an item of a checklist say whom it is for, from when, where, and who their manager is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from temporalio.testing import ActivityEnvironment

from activities.core.letters import write
from activities.core.mail import PostActivities
from activities.core.mail_records import RecordsAddressBook, RecordsLedger
from activities.core.whom_for import RecordsWhomFor
from domain.core.journal import JournalBatch
from domain.core.letters import LetterFacts
from domain.core.model import Party, PersonId
from domain.core.post import Letter, PostBatch
from domain.core.questions import TaskKind
from domain.core.task_letters import TaskDelegated, TaskOpened, TaskReminder
from records.database import Database
from records.journal import write as write_rows
from records.tables.core import CaseRecord, PersonRecord
from service.core.answering import look_up
from tests.activities.core.letter_examples import about, wire
from tests.activities.core.mailroom import SENDER, Mailroom, smtp
from tests.migrated import new_records
from tests.records.imports.cohort.cohort_files import import_office
from tests.web.console import nowhere
from tests.web.tasks import CASE, HR, MANAGER, RETURNER, on_record, task

IT = "P-8GU3RF"
ITEM = about(kind=TaskKind.CHECKLIST_ITEM, facts={}, task=f"{CASE}-7", subject="Laptop and phone ordered and set up")


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Records with the people and roles of the examples, and a placement that begins on 4 January 2027."""
    database = new_records(tmp_path / "waymark.db")
    import_office(database)
    on_record(database)
    with database.session() as session:
        session.get_one(CaseRecord, CASE).starts_on = date(2027, 1, 4)
    yield database
    database.close()


def told(database: Database, facts: LetterFacts, to: PersonId = IT, language: str = "en") -> str:
    """What a letter of the placement says."""
    (letter,) = RecordsWhomFor(database).said_in(CASE, [addressed(facts, to)])
    with database.reading() as session:
        names = {key: session.get_one(PersonRecord, person).name for key, person in letter.people.items()}
    return write(CASE, letter, "Tobias", names, language=language).text


def addressed(facts: LetterFacts, to: PersonId) -> Letter:
    return wire(facts).model_copy(update={"to": to})


@pytest.mark.parametrize(
    "facts",
    [TaskOpened(about=ITEM), TaskReminder(about=ITEM), TaskDelegated(about=ITEM, by=HR)],
    ids=lambda f: f.template,
)
def test_whoever_is_to_get_something_ready_hears_for_whom_when_where_and_of_which_manager(
    database: Database, facts: LetterFacts
) -> None:
    said = told(database, facts)
    assert (
        "for whom: Priya Venkataraman\n"
        "first day: Monday 4 January 2027\n"
        "country: United Kingdom (ENG)\n"
        "time zone: Europe/London\n"
        "manager: Oluwaseun Adébáyò\n"
    ) in said
    assert "example.net" not in said
    assert "38" not in said


def test_it_is_said_in_the_readers_language(database: Database) -> None:
    said = told(database, TaskOpened(about=ITEM), language="de")
    assert "für wen: Priya Venkataraman\n" in said
    assert "erster Tag: Montag, 4. Januar 2027\n" in said
    assert "Land: Vereinigtes Königreich (ENG)\n" in said
    assert "Zeitzone: Europe/London\n" in said
    assert "Führungskraft: Oluwaseun Adébáyò\n" in said


def test_nobody_is_told_of_themselves_and_at_the_end_not_of_the_first_day(database: Database) -> None:
    assert "for whom" not in told(database, TaskOpened(about=ITEM), to=RETURNER)
    assert "manager:" not in told(database, TaskOpened(about=ITEM), to=MANAGER)
    last = told(database, TaskOpened(about=ITEM.model_copy(update={"kind": TaskKind.OFFBOARDING_ITEM})))
    assert "for whom: Priya Venkataraman\n" in last
    assert "first day" not in last


def test_other_letters_and_those_of_cases_that_are_not_on_record_stay_as_they_are(database: Database) -> None:
    review = addressed(TaskOpened(about=about(kind=TaskKind.MANAGER_REVIEW)), MANAGER)
    item = addressed(TaskOpened(about=ITEM), IT)
    letters = RecordsWhomFor(database)
    assert letters.said_in(CASE, [review]) == [review]
    assert letters.said_in("R-NOBODY", [item]) == [item]
    assert letters.said_in(CASE, [review, item])[0] == review


async def test_who_looks_the_form_up_at_the_command_line_reads_it_too(database: Database) -> None:
    item = task(7, TaskKind.CHECKLIST_ITEM, IT, party=Party.IT, subject=ITEM.subject)
    with database.session() as session:
        write_rows(session, JournalBatch(case=CASE, rows=[item]))
    asked = await look_up(nowhere, database, item.task, 1.0)
    assert (asked.facts["for_whom"], asked.facts["first_day"], asked.facts["manager"]) == (
        RETURNER,
        "2027-01-04",
        MANAGER,
    )


def test_the_mail_is_sent_with_it(database: Database, mail_server: Controller, mailroom: Mailroom) -> None:
    around = RecordsWhomFor(database)
    post = PostActivities(
        RecordsLedger(database), RecordsAddressBook(database), smtp(mail_server), SENDER, tasks=around
    )
    letter = addressed(TaskOpened(about=ITEM), IT)
    sent = ActivityEnvironment().run(post.send_post, PostBatch(case=CASE, letters=[letter]))
    assert sent.done == [letter.key]
    (mail,) = mailroom.mails
    assert "for whom: Priya Venkataraman" in mail.get_content()
