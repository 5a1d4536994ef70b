"""Letters that say that somebody's mail address was changed: they go to the addresses that were on record until then.

They are in no outbox of a case: imports need no Temporal, and the records know at which addresses somebody is to hear
of it (:mod:`records.address_changes`). Each worker looks for them now and then.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from temporalio.exceptions import ApplicationError

from activities.core.contacts import Contact, UnusableAddress
from activities.core.ledger import AddressBook
from activities.core.letters import compose
from activities.core.transport import MailServerUnreachable, NotNow, RecipientRefused, Transport
from domain.core.post import Letter
from domain.core.sign_in import AddressChanged
from records import address_changes
from records.database import Database
from records.errors import RecordsError
from records.tables.dispatch import AddressChangeRecord

EVERY_SECONDS = 30.0
AGAIN_AFTER = timedelta(minutes=5)
"""Until then another worker may just be sending it, or its server can't be reached."""
GIVEN_UP_AFTER = timedelta(days=7)
"""A mailbox that is full for so long is nobody's any more."""
AT_ONCE = 20

OF = "address"
"""What stands in the place of a case."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class AddressLetters:
    """Sends such letters. ``sender`` is the From of all mails."""

    database: Database
    book: AddressBook
    transport: Transport
    sender: str

    async def keep_sending(self, every: float = EVERY_SECONDS) -> None:
        """Send what there is, again and again, until cancelled."""
        while True:
            try:
                await asyncio.to_thread(self.send_due)
            except (MailServerUnreachable, RecordsError, ApplicationError) as error:
                _log.warning("nobody hears of changed addresses for now", extra={"reason": str(error)})
            except Exception:  # a letter less is no reason to end a worker
                _log.exception("letters about changed addresses were not sent")
            await asyncio.sleep(every)

    def send_due(self, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Send all that is due.

        Raises :class:`MailServerUnreachable`, ``RecordsError``, and ``ApplicationError`` where people can't be looked
        up.
        """
        while changes := self._due(now()):
            for change in changes:
                if self._is_done(change, now()):
                    with self.database.session() as session:
                        address_changes.done(session, change)

    def _due(self, now: datetime) -> Sequence[AddressChangeRecord]:
        with self.database.session() as session:
            return address_changes.to_be_told(session, now, again_after=AGAIN_AFTER, at_most=AT_ONCE)

    def _is_done(self, change: AddressChangeRecord, now: datetime) -> bool:
        """Whether nothing more is to be sent: it was, or can't be."""
        there = self.book.contacts([change.person]).get(change.person)
        if there is None:
            return True
        try:
            self._send(change, replace(there, email=change.address))
        except (NotNow, RecipientRefused, UnusableAddress) as error:
            if isinstance(error, NotNow) and now < change.at + GIVEN_UP_AFTER:
                return False
            facts = {"person": change.person, "reason": str(error)}
            _log.warning("nobody hears of a changed address at the old one", extra=facts)
        else:
            _log.info("somebody was told of a changed address", extra={"person": change.person})
        return True

    def _send(self, change: AddressChangeRecord, reader: Contact) -> None:
        facts = AddressChanged(id=change.person, changed_at=change.at)
        letter = Letter(
            key=f"{change.person}.{change.at:%Y%m%d%H%M%S}.{change.n}",
            at=change.at,
            template=AddressChanged.template,
            to=change.person,
            time_zone=reader.time_zone or "UTC",
            facts={"role_title": "", **facts.facts()},
            at_once=True,
        )
        with self.transport.session() as session:
            session.send(compose(OF, letter, Contact.parse(self.sender), lambda _: reader))
