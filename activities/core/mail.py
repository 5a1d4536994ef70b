"""What the post outbox of a case ends in: letters become mails, each sent once.

A mail server takes a mail or doesn't, and we may die before we hear which; so a mail can, rarely, go out twice. Its
Message-ID is the same then, by which mail programs show it once. All else is certain: the ledger is written after
each mail, and what is in it is never sent again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.core.contacts import Contact, UnusableAddress
from activities.core.heartbeat import heartbeating
from activities.core.letters import Attachment, UnusableLetter, compose, message_id
from activities.core.transport import MailServerAway, NotNow, RecipientRefused, Session, Transport
from domain.core.delivery import Sent
from domain.core.model import CaseId, CredentialId, PersonId
from domain.core.post import Letter, PostBatch

MailStatus = Literal["sent", "refused"]


class UnknownPerson(LookupError):
    """Nobody of that id has been imported."""

    def __init__(self, person: PersonId) -> None:
        self.person = person
        super().__init__(f"{person} is not in the records: import this person, then the letter goes out by itself")


class OtherLetter(Exception):
    """Another letter was sent under the key of this one; the text says which."""


@dataclass(frozen=True)
class Entry:
    """What the ledger knows of a mail: that it was sent, or, with a ``reason``, refused for good."""

    status: MailStatus
    reason: str | None
    template: str
    to: PersonId


@dataclass(frozen=True)
class Invited:
    """How somebody was invited: to which address, and by whom as organiser. What follows goes the same way."""

    address: str
    organizer: Contact


class Ledger(Protocol):
    """What has been sent. Entries are for ever; of invitations it knows those to what is still to come."""

    def entry(self, message_id: str) -> Entry | None:
        """The entry with this Message-ID."""

    def note_sent(self, message_id: str, case: CaseId, letter: Letter, reason: str | None, how: Invited | None) -> None:
        """Make an entry, all of it or nothing; one that is there already stays as it is.

        ``reason`` is given for a refusal; ``how`` somebody was invited, for a letter that went out and invites. With
        one that calls off, and once what it is to is over, nothing of an invitation is kept.
        """

    def invited(self, uid: str, person: PersonId) -> Invited | None:
        """How somebody was last invited to this; None where they weren't, or where it was called off."""


class AddressBook(Protocol):
    """People's names and addresses as they are now."""

    def contact(self, person_id: PersonId) -> Contact:
        """Raises :class:`UnknownPerson`."""


class Credentials(Protocol):
    """The credentials that were issued."""

    def files(self, credential: CredentialId) -> Sequence[Attachment]:
        """A credential as files to send, the document first. Raises :class:`UnusableLetter` where there is none."""

    def checked_by(self, credential: CredentialId) -> dict[str, str]:
        """What whoever checks it needs to know: its ``issuer`` and its ``status_list``. Raises the same."""


class PostActivities:
    """Sends what cases write. ``sender`` is the From of all mails: ``Waymark <waymark@example.org>``.

    Without ``credentials``, no letter can have one attached. Raises ``ValueError`` when ``sender`` is no address.
    """

    def __init__(
        self,
        ledger: Ledger,
        address_book: AddressBook,
        transport: Transport,
        sender: str,
        credentials: Credentials | None = None,
    ) -> None:
        self._ledger = ledger
        self._address_book = address_book
        self._transport = transport
        self._sender = Contact.parse(sender)
        self._credentials = credentials

    @activity.defn(name="send_post", no_thread_cancel_exception=True)
    def send_post(self, batch: PostBatch) -> Sent:
        """Send the letters in order, except those that were sent before.

        A mail that its recipient's server refuses for good is logged, noted and passed over; one that can't be sent
        now stays behind. Raises an ``ApplicationError`` to be retried, named for what is in the way:
        ``MailServerAway``; and where the batch insists and not one letter could go, ``NotNow`` (a full mailbox, a
        greylist), ``UnknownPerson`` (somebody has to be imported) or ``UnusableLetter`` (a template has to be mended).
        """
        with heartbeating(), _as_retryable():
            return self._send_all(batch, done=[], refused={}, conflicts=[])

    def send(self, batch: PostBatch) -> Sent:
        """What :meth:`send_post` does, for an activity that heartbeats; says what is away instead of raising it."""
        done: list[str] = []
        refused: dict[str, str] = {}
        conflicts: list[str] = []
        try:
            with _as_retryable():
                return self._send_all(batch, done, refused, conflicts)
        except ApplicationError as error:
            return Sent(done=done, refused=refused, away=str(error), conflicts=conflicts)

    def _send_all(self, batch: PostBatch, done: list[str], refused: dict[str, str], conflicts: list[str]) -> Sent:
        """Send what can be sent; the lists fill as it goes, for whoever is stopped in the middle.

        Where a letter has to wait, those to the same person wait behind it, in their order; others don't. Where it
        waits for somebody whom it names to be imported, only those wait behind it that name them too.
        """
        in_the_way: list[NotNow | UnknownPerson | UnusableLetter] = []
        waiting: set[PersonId] = set()
        missing: set[PersonId] = set()
        with self._transport.session() as session:
            for letter in batch.letters:
                if letter.to in waiting or missing & letter.named:
                    continue
                try:
                    reason = self._send_once(batch.case, letter, session)
                except (NotNow, UnknownPerson, UnusableLetter) as error:
                    in_the_way.append(error)
                    if isinstance(error, UnknownPerson) and error.person != letter.to:
                        missing.add(error.person)
                    else:
                        waiting.add(letter.to)
                    continue
                except OtherLetter as other:
                    conflicts.append(str(other))
                    activity.logger.error("a letter is not sent", extra={"case": batch.case, "reason": str(other)})
                    reason = None
                done.append(letter.key)
                if reason:
                    refused[letter.key] = reason
        if in_the_way and batch.insist and not done:
            raise in_the_way[0]
        unknown = [obstacle.person for obstacle in in_the_way if isinstance(obstacle, UnknownPerson)]
        return Sent(done=done, refused=refused, unknown=list(dict.fromkeys(unknown)), conflicts=conflicts)

    def _send_once(self, case: CaseId, letter: Letter, session: Session) -> str | None:
        """Send the letter, if it was not sent before; the reason when it is, or was, refused for good."""
        identity = message_id(case, letter.key, self._sender)
        before = self._ledger.entry(identity)
        if before and (before.template, before.to) != (letter.template, letter.to):
            raise OtherLetter(
                f"letter {letter.key} of {case} to {letter.to} is not sent: "
                f"another letter of that key was, to {before.to}"
            )
        if before:
            return before.reason
        reason, how = self._send(case, letter, session)
        self._ledger.note_sent(identity, case, letter, reason, how)
        return reason

    def _send(self, case: CaseId, letter: Letter, session: Session) -> tuple[str | None, Invited | None]:
        """Send the letter; the reason when it is refused for good, and how it invites when it does."""
        before = self._ledger.invited(letter.invitation.uid, letter.to) if letter.invitation else None
        organizer = before.organizer if before else self._sender
        try:
            contact = self._called_off_where_invited(letter)
            files = self._files(letter)
            mail = compose(case, self._with_how_to_check(letter, files), self._sender, contact, files, organizer)
            session.send(mail)
        except (RecipientRefused, UnusableAddress) as refusal:
            facts = {"case": case, "letter": letter.key, "to": letter.to, "reason": str(refusal)}
            activity.logger.warning("mail refused", extra=facts)
            return str(refusal), None
        invites = letter.invitation is not None and letter.invitation.method == "REQUEST"
        return None, Invited(mail["To"].addresses[0].addr_spec, organizer) if invites else None

    def _called_off_where_invited(self, letter: Letter) -> Callable[[PersonId], Contact]:
        """Who somebody is: as the records have it now, but what is called off is so at the address it was sent to."""
        invitation = letter.invitation
        if invitation is None or invitation.method != "CANCEL":
            return self._address_book.contact

        def contact(person: PersonId) -> Contact:
            now = self._address_book.contact(person)
            before = self._ledger.invited(invitation.uid, person)
            return replace(now, email=before.address) if before else now

        return contact

    def _with_how_to_check(self, letter: Letter, files: Sequence[Attachment]) -> Letter:
        """The letter with facts about how its credential is checked, where it has one."""
        if self._credentials is None or not letter.attachments:
            return letter
        facts = {"file": files[0].name, **self._credentials.checked_by(letter.attachments[0])}
        return letter.model_copy(update={"facts": {**letter.facts, **facts}})

    def _files(self, letter: Letter) -> list[Attachment]:
        if not letter.attachments:
            return []
        if self._credentials is None:
            raise UnusableLetter(f"letter {letter.key}: there are no credentials to attach here")
        return [file for credential in letter.attachments for file in self._credentials.files(credential)]


@contextmanager
def _as_retryable() -> Iterator[None]:
    """Our errors as Temporal's, under their names; without causes, which might carry addresses into the history."""
    try:
        yield
    except (MailServerAway, NotNow, UnknownPerson, UnusableLetter) as error:
        raise ApplicationError(str(error), type=type(error).__name__) from None
