"""The mail with a link to sign in, and its code. It is no letter of a case: no case waits for it."""

from __future__ import annotations

import logging
from email.message import EmailMessage
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from activities.core.contacts import Contact, UnusableAddress
from activities.core.headers import MailPolicy
from activities.core.mail_records import RecordsAddressBook
from activities.core.transport import MailServerAway, NotNow, RecipientRefused, Transport, transport_for
from domain.core.sign_in import SignInMail
from engine.settings import Settings
from languages.speech import Speech
from records.database import Database

log = logging.getLogger(__name__)


class SignInMails:
    """Sends links to sign in, by the way out that all mails take. Raises ``ValueError`` where the sender is no address.

    ``origin`` is where the console is: ``https://waymark.example.org``.
    """

    def __init__(self, database: Database, transport: Transport, sender: str, origin: str) -> None:
        self._address_book = RecordsAddressBook(database)
        self._transport = transport
        self._sender = Contact.parse(sender)
        self._origin = origin

    @classmethod
    def of(cls, settings: Settings, database: Database) -> SignInMails:
        """By the settings of this process."""
        transport = transport_for(settings.smtp_url, settings.maildir)
        return cls(database, transport, settings.mail_from, settings.console_origin)

    def send(self, mail: SignInMail) -> None:
        """Send one mail. Where that can't be done the log says why: whoever waits for it asks for another."""
        try:
            contact = self._address_book.contacts([mail.to])[mail.to]
            with self._transport.session() as session:
                session.send(self.written(mail, contact))
        except (MailServerAway, NotNow, RecipientRefused, UnusableAddress) as error:
            log.error("a link to sign in was not sent", extra={"sign_in": mail.id, "reason": str(error)})

    def written(self, mail: SignInMail, contact: Contact) -> EmailMessage:
        """The mail, in the language of whom it is for. Raises :class:`UnusableAddress`."""
        speech = Speech(contact.language, ZoneInfo(contact.time_zone or "UTC"))
        made = EmailMessage(policy=MailPolicy())
        made["From"] = self._sender.for_mail().as_header()
        made["To"] = contact.reached(mail.reach).as_header()
        made["Subject"] = speech.text("Your link to sign in")
        made["Date"] = format_datetime(mail.at)
        made["Message-ID"] = f"<sign-in.{mail.id}@{self._sender.email.rpartition('@')[2]}>"
        made["Auto-Submitted"] = "auto-generated"
        made.set_content(self._text(mail, contact, speech), cte="quoted-printable")
        made["Content-Language"] = contact.language
        return made

    def _text(self, mail: SignInMail, contact: Contact, speech: Speech) -> str:
        half = len(mail.code) // 2
        parts = [
            speech.text("Hello %(to)s,") % {"to": contact.for_mail().name},
            speech.text("Open this link in the browser in which you asked for it, and press the button there:"),
            f"    {self._origin}/sign-in/{mail.token}",
            speech.text("You read this on another device? Then type this code into the page on which you asked:"),
            f"    {mail.code[:half]} {mail.code[half:]}",
            speech.text("Link and code work once, until %(moment)s.") % {"moment": speech.moment(mail.ends_at)},
            speech.text(
                "You did not ask for this? Then somebody else has typed your address, and you need not do anything. "
                "Give neither link nor code to anybody, whoever asks for it."
            ),
            f"-- \n{speech.text('Waymark, for your HR team')}\n",
        ]
        return "\n\n".join(parts)
