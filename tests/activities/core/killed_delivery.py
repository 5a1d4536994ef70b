"""A process that delivers and is killed at one step: `-m tests.activities.core.killed_delivery STEP RECORDS SMTP`."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from email.message import EmailMessage

from temporalio.testing import ActivityEnvironment

from activities.core import sending
from activities.core.delivery import DeliveryActivities
from activities.core.journal import JournalActivities
from activities.core.ledger import Known, Note
from activities.core.mail import PostActivities
from activities.core.mail_records import RecordsAddressBook, RecordsLedger
from activities.core.transport import Session, SmtpTransport
from domain.core.delivery import Delivery, LastSeal, Sent
from domain.core.journal import JournalBatch
from domain.core.model import CaseId
from domain.core.post import Letter
from records.database import Database
from tests.activities.core.mailroom import AMARA, BO, CASE, CHEN, SENDER, letter
from tests.records.rows import case_row, stage_row

Reached = Callable[[str], None]


class Journal(JournalActivities):
    """Says when the rows are written."""

    def __init__(self, database: Database, reached: Reached) -> None:
        super().__init__(database)
        self._reached = reached

    def write(self, batch: JournalBatch, conflicts: list[str] | None = None) -> dict[str, LastSeal]:
        self._reached("begun")
        seals = super().write(batch, conflicts)
        self._reached("rows written")
        return seals


class Ledger(RecordsLedger):
    """Says when it has been read, and written."""

    def __init__(self, database: Database, reached: Reached) -> None:
        super().__init__(database)
        self._reached = reached

    def known(self, letters: Mapping[str, Letter]) -> Known:
        known = super().known(letters)
        self._reached("looked up")
        return known

    def note(self, case: CaseId, notes: Sequence[Note]) -> None:
        super().note(case, notes)
        self._reached("noted")


class Transport:
    """Says how many mails have gone."""

    def __init__(self, url: str, reached: Reached) -> None:
        self._transport = SmtpTransport(url, timeout=60)
        self._reached = reached
        self._gone = 0
        self._session: Session | None = None

    @contextmanager
    def session(self) -> Iterator[Session]:
        with self._transport.session() as self._session:
            yield self

    def send(self, mail: EmailMessage) -> None:
        assert self._session is not None
        self._session.send(mail)
        self._gone += 1
        self._reached(f"mail {self._gone}")


def deliver(records: str, smtp: str, reached: Reached = lambda _: None) -> Sent:
    """Deliver two rows and three letters of a case."""
    sending.NOTED_EVERY_SECONDS = 1_000  # however slow the machine is
    database = Database(records)
    post = PostActivities(Ledger(database, reached), RecordsAddressBook(database), Transport(smtp, reached), SENDER)
    activities = DeliveryActivities(Journal(database, reached), post)
    letters = [letter(n, to=person) for n, person in enumerate((AMARA, BO, CHEN), start=1)]
    delivery = Delivery(case=CASE, first_row=1, rows=[case_row(), stage_row()], letters=letters)
    try:
        return ActivityEnvironment().run(activities.deliver, delivery)
    finally:
        database.close()


if __name__ == "__main__":
    at_step, at_records, by_smtp = sys.argv[1:]

    def die(step: str) -> None:
        if step == at_step:
            os.kill(os.getpid(), signal.SIGKILL)

    deliver(at_records, by_smtp, die)
