"""What the post outbox of a case ends in: letters become mails, each sent once.

A mail server takes a mail or doesn't, and we may die before we hear which, or before the ledger has it; so a mail can,
rarely, go out twice. Its Message-ID is the same then, by which mail programs show it once. All else is certain: what
is in the ledger is never sent again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.core.contacts import Contact
from activities.core.heartbeat import heartbeating
from activities.core.ledger import AddressBook, Credentials, Ledger, Tasks
from activities.core.letters import UnusableLetter, message_id
from activities.core.sending import OtherLetter, Progress, Sending, UnknownPerson
from activities.core.transport import MailServerUnreachable, NotNow, Session, Transport
from domain.core.delivery import Sent
from domain.core.model import PersonId
from domain.core.post import PostBatch


class PostActivities:
    """Sends what cases write. ``sender`` is the From of all mails: ``Waymark <waymark@example.org>``.

    Without ``credentials``, no letter can have one attached; without ``tasks``, none says more of its task than its
    case does; without ``console``, where the console is, none links to it. Raises ``ValueError`` when ``sender`` is no
    address.
    """

    def __init__(
        self,
        ledger: Ledger,
        address_book: AddressBook,
        transport: Transport,
        sender: str,
        credentials: Credentials | None = None,
        tasks: Tasks | None = None,
        *,
        console: str | None = None,
    ) -> None:
        self._ledger = ledger
        self._address_book = address_book
        self._transport = transport
        self._sender = Contact.parse(sender)
        self._credentials = credentials
        self._tasks = tasks
        self._console = console

    @activity.defn(name="send_post", no_thread_cancel_exception=True)
    def send_post(self, batch: PostBatch) -> Sent:
        """Send the letters in order, except those that were sent before.

        A mail that its recipient's server refuses for good is logged, noted and passed over; one that can't be sent now
        stays behind. Raises an ``ApplicationError`` to be retried, named for what is in the way:
        ``MailServerUnreachable``; and where the batch insists and not one letter could go, ``NotNow`` (a full mailbox,
        a greylist), ``UnknownPerson`` (somebody has to be imported) or ``UnusableLetter`` (a template has to be
        mended).
        """
        with heartbeating(), as_retryable():
            return self._send_all(batch, Progress())

    def send(self, batch: PostBatch) -> Sent:
        """What :meth:`send_post` does, in an activity that heartbeats; says what can't be reached instead of raising
        it."""
        progress = Progress()
        try:
            with as_retryable():
                return self._send_all(batch, progress)
        except ApplicationError as error:
            return _sent(progress, away=str(error))

    def _send_all(self, batch: PostBatch, progress: Progress) -> Sent:
        """Send what can be sent; ``progress`` goes with it, for whoever is stopped in the middle.

        Where a letter has to wait, those to the same person wait behind it, in their order; others don't. Where it
        waits for somebody whom it names to be imported, only those wait behind it that name them too.
        """
        in_the_way: list[NotNow | UnknownPerson | UnusableLetter] = []
        waiting: set[PersonId] = set()
        missing: set[PersonId] = set()
        if self._tasks is not None:
            batch = batch.model_copy(update={"letters": self._tasks.said_in(batch.case, batch.letters)})
        with self._transport.session() as session, self._sending(batch, session, progress) as sending:
            for letter in batch.letters:
                if letter.to in waiting or missing & letter.named:
                    continue
                try:
                    sending.send_once(letter)
                except (NotNow, UnknownPerson, UnusableLetter) as error:
                    in_the_way.append(error)
                    if isinstance(error, UnknownPerson) and error.person != letter.to:
                        missing.add(error.person)
                    else:
                        waiting.add(letter.to)
                except OtherLetter as other:
                    progress.conflicts.append(str(other))
                    progress.over(letter, None)
                    activity.logger.error("a letter is not sent", extra={"case": batch.case, "reason": str(other)})
        if in_the_way and batch.insist and not progress.done:
            raise in_the_way[0]
        unknown = [obstacle.person for obstacle in in_the_way if isinstance(obstacle, UnknownPerson)]
        return _sent(progress, unknown=list(dict.fromkeys(unknown)))

    def _sending(self, batch: PostBatch, session: Session, progress: Progress) -> Sending:
        """The batch, with all that there is to know for it looked up at once."""
        people = {person for letter in batch.letters for person in (letter.to, *letter.named)}
        by_record = {letter.to for letter in batch.letters if letter.reach == "by_record"}
        return Sending(
            batch.case,
            self._sender,
            self._address_book.contacts(people),
            self._address_book.reach_on_record(by_record) if by_record else {},
            self._ledger.known({message_id(batch.case, letter.key, self._sender): letter for letter in batch.letters}),
            self._ledger,
            self._credentials,
            session,
            progress,
            self._console,
        )


def _sent(progress: Progress, unknown: list[PersonId] | None = None, away: str | None = None) -> Sent:
    return Sent(
        done=progress.done,
        refused=progress.refused,
        conflicts=progress.conflicts,
        daily=progress.daily,
        unknown=unknown or [],
        away=away,
    )


@contextmanager
def as_retryable() -> Iterator[None]:
    """Our errors as Temporal's, under their names; without causes, which might carry addresses into the history."""
    try:
        yield
    except (MailServerUnreachable, NotNow, UnknownPerson, UnusableLetter) as error:
        raise ApplicationError(str(error), type=type(error).__name__) from None
