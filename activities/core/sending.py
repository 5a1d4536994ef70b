"""Letters of one case on their way out: each is sent once, and what became of it is noted."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from types import TracebackType

from temporalio import activity

from activities.core.contacts import Contact, UnusableAddress
from activities.core.ledger import Credentials, Invited, Known, Ledger, Note
from activities.core.letters import Attachment, UnusableLetter, compose, message_id
from activities.core.transport import RecipientRefused, Session
from domain.core.model import CaseId, PersonId
from domain.core.post import Address, Letter

NOTED_EVERY_SECONDS = 0.5
"""A transaction for each mail would cost as much as the mail. Where we are killed, this is what may go out twice."""


class UnknownPerson(LookupError):
    """Nobody of that id has been imported."""

    def __init__(self, person: PersonId) -> None:
        self.person = person
        super().__init__(f"{person} is not in the records: import this person, then the letter goes out by itself")


def why_refused(refusal: RecipientRefused | UnusableAddress, reach: Address) -> str:
    """Why a mail will never reach its reader, for HR and the ledger."""
    return f"{refusal}{' (at their private address)' if reach == 'private' else ''}"


class OtherLetter(Exception):
    """Another letter was sent under the key of this one; the text says which."""


@dataclass
class Progress:
    """The keys of letters that are done with, and why those of them were refused that were."""

    done: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    conflicts: list[str] = field(default_factory=list)
    daily: list[PersonId] = field(default_factory=list)
    """Those of the readers who get one mail a day."""

    def over(self, letter: Letter, reason: str | None) -> None:
        """A letter is done with."""
        self.done.append(letter.key)
        if reason:
            self.refused[letter.key] = reason


class Sending(AbstractContextManager["Sending"]):
    """A batch on its way, with what was known before it began. At its end, whatever that is, all is noted."""

    def __init__(
        self,
        case: CaseId,
        sender: Contact,
        people: Mapping[PersonId, Contact],
        on_record: Mapping[PersonId, Address],
        known: Known,
        ledger: Ledger,
        credentials: Credentials | None,
        session: Session,
        progress: Progress,
        console: str | None,
    ) -> None:
        self._case = case
        self._sender = sender
        self._people = people
        self._on_record = on_record
        self._known = known
        self._ledger = ledger
        self._credentials = credentials
        self._session = session
        self._progress = progress
        self._console = console
        self._notes: list[Note] = []
        self._noted_at = time.monotonic()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Note what is not noted yet."""
        self._note_all()

    def send_once(self, letter: Letter) -> None:
        """Send the letter, if it was not sent before; a recipient that is refused for good is passed over.

        What can wait for the morning of a reader who has chosen one mail a day is noted as held, and kept until then.
        """
        identity = message_id(self._case, letter.key, self._sender)
        before = self._known.entries.get(identity)
        if before and (before.template, before.to) != (letter.template, letter.to):
            raise OtherLetter(
                f"letter {letter.key} of {self._case} to {letter.to} is not sent: "
                f"another letter of that key was, to {before.to}"
            )
        if before:
            self._over(letter, before.reason)
            return
        note = self._send(identity, letter)
        self._known.add(note)
        self._notes.append(note)
        if time.monotonic() - self._noted_at > NOTED_EVERY_SECONDS:
            self._note_all()

    def _note_all(self) -> None:
        if self._notes:
            self._ledger.note(self._case, self._notes)
        for note in self._notes:
            self._over(note.letter, note.reason)
        self._notes = []
        self._noted_at = time.monotonic()

    def _over(self, letter: Letter, reason: str | None) -> None:
        self._progress.over(letter, reason)
        reader = self._people.get(letter.to)
        if reader and reader.daily and letter.to not in self._progress.daily:
            self._progress.daily.append(letter.to)

    def _send(self, identity: str, letter: Letter) -> Note:
        if letter.may_wait and self._person(letter.to).gathers(letter.at):
            for person in sorted(letter.named):
                self._person(person)
            return Note(identity, letter, held=True)
        before = self._invited(letter, letter.to)
        organizer = before.organizer if before else self._sender
        reach = self._reach(letter)
        try:
            files = self._files(letter)
            mail = compose(
                self._case,
                self._with_how_to_check(letter, files),
                self._sender,
                lambda person: self._contact(letter, person),
                files,
                organizer,
                console=self._console,
            )
            self._session.send(mail)
        except (RecipientRefused, UnusableAddress) as refusal:
            reason = why_refused(refusal, reach)
            facts = {"case": self._case, "letter": letter.key, "to": letter.to, "reason": reason}
            activity.logger.warning("mail refused", extra=facts)
            return Note(identity, letter, reason, reach=reach)
        invites = letter.invitation is not None and not letter.invitation.calls_off
        how = Invited(mail["To"].addresses[0].addr_spec, organizer, reach) if invites else None
        return Note(identity, letter, how=how, reach=reach)

    def _reach(self, letter: Letter) -> Address:
        """To which of its reader's addresses a letter goes: what follows an invitation, to the one that was invited.

        A calendar knows an entry by whom it invites: moved to another address, it would stay where it was in the first.
        """
        if before := self._invited(letter, letter.to):
            return before.reach
        asked = self._on_record.get(letter.to, "work") if letter.reach == "by_record" else letter.reach
        return self._person(letter.to).address_for(asked)

    def _person(self, person: PersonId) -> Contact:
        if person not in self._people:
            raise UnknownPerson(person)
        return self._people[person]

    def _contact(self, letter: Letter, person: PersonId) -> Contact:
        """Who somebody is: as the records have it now, but what is called off is so at the address it was sent to.

        Nobody is shown the private address of somebody else.
        """
        now = self._person(person)
        if person == letter.to:
            now = now.reached(self._reach(letter))
        calls_off = letter.invitation is not None and letter.invitation.calls_off
        before = self._invited(letter, person) if calls_off else None
        if before is None or (person != letter.to and before.reach == "private"):
            return now
        return replace(now, email=before.address)

    def _invited(self, letter: Letter, person: PersonId) -> Invited | None:
        return self._known.invited.get((letter.invitation.uid, person)) if letter.invitation else None

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
