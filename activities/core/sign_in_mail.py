"""The mail with the link by which somebody signs in: it goes the way of all mails, at once, and to nobody else.

It is in no ledger: it is never sent again, and whoever misses it asks for another one.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence

from activities.core.contacts import Contact, UnusableAddress
from activities.core.ledger import AddressBook
from activities.core.letters import compose
from activities.core.transport import MailServerUnreachable, NotNow, RecipientRefused, Transport
from domain.core.post import Letter
from domain.core.sign_in import SignInLink, SignInMail

WAITS_SECONDS = (2.0, 10.0, 30.0)
"""So long it waits between tries, where the mail server can't be reached: the link counts for minutes only."""

SIGN_IN = "sign-in"
"""What stands in the place of a case."""

_log = logging.getLogger(__name__)


class SignInMailer:
    """Sends such mails. ``link`` makes the address of a link of its token; ``sender`` is the From of all mails."""

    def __init__(
        self,
        address_book: AddressBook,
        transport: Transport,
        sender: str,
        link: Callable[[str], str],
        waits: Sequence[float] = WAITS_SECONDS,
    ) -> None:
        self._address_book = address_book
        self._transport = transport
        self._sender = Contact.parse(sender)
        self._link = link
        self._waits = waits

    def __call__(self, mail: SignInMail) -> None:
        """Send it; what can't be sent is logged, without the address."""
        there = self._address_book.contacts([mail.to]).get(mail.to)
        if there is None:
            return
        reader = there.reached(mail.reach)
        try:
            self._send(mail, reader)
        except (MailServerUnreachable, NotNow, RecipientRefused, UnusableAddress) as error:
            _log.error("a link to sign in was not sent", extra={"to": mail.to, "reason": str(error)})

    def _send(self, mail: SignInMail, reader: Contact) -> None:
        letter = self._letter(mail, reader)
        for wait in (*self._waits, None):
            try:
                with self._transport.session() as session:
                    session.send(compose(SIGN_IN, letter, self._sender, lambda _: reader))
                return
            except (MailServerUnreachable, NotNow):
                if wait is None:
                    raise
                time.sleep(wait)

    def _letter(self, mail: SignInMail, reader: Contact) -> Letter:
        facts = SignInLink(id=mail.to, link=self._link(mail.token), code=mail.code, until=mail.ends_at)
        return Letter(
            key=mail.id,
            at=mail.at,
            template=SignInLink.template,
            to=mail.to,
            time_zone=reader.time_zone or "UTC",
            facts={"role_title": "", **facts.facts()},
            at_once=True,
        )
