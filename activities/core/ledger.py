"""What is known of mails: who they are to, which went out, and how people were invited."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from activities.core.contacts import Contact
from activities.core.letters import Attachment
from domain.core.model import CaseId, CredentialId, PersonId
from domain.core.post import Address, Letter

MailStatus = Literal["sent", "refused", "held", "dropped", "sending"]
"""What became of a mail. ``held``: it waits for its reader's morning; ``dropped``: it was not needed any more by then;
``sending``: it is a daily mail, what goes with it is settled, and nobody knows yet whether it went."""


@dataclass(frozen=True)
class Entry:
    """What the ledger knows of a mail: that it was sent, is held, or, with a ``reason``, was refused for good."""

    status: MailStatus
    reason: str | None
    template: str
    to: PersonId


@dataclass(frozen=True)
class Invited:
    """How somebody was invited: to which address, and by whom as organiser. What follows goes the same way.

    ``reach`` says which of their addresses that was. One that has changed meanwhile counts for what moves the entry.
    """

    address: str
    organizer: Contact
    reach: Address = "work"


@dataclass(frozen=True)
class Note:
    """What became of a letter: it was sent, or, with a ``reason``, refused for good. ``how`` it invites, if it does.

    ``reach`` says to which of its reader's addresses it was sent. What is ``held`` is kept until their morning.
    """

    message_id: str
    letter: Letter
    reason: str | None = None
    how: Invited | None = None
    reach: Address = "work"
    held: bool = False

    @property
    def entry(self) -> Entry:
        """What the ledger keeps for ever."""
        status: MailStatus = "held" if self.held else "refused" if self.reason else "sent"
        return Entry(status, self.reason, self.letter.template, self.letter.to)

    @property
    def calls_off(self) -> bool:
        """Whether somebody has been uninvited by it."""
        return self.letter.invitation is not None and self.letter.invitation.calls_off and not self.reason


@dataclass
class Known:
    """What the ledger knows: entries by Message-ID, and how people are invited, by calendar UID and person."""

    entries: dict[str, Entry] = field(default_factory=dict)
    invited: dict[tuple[str, PersonId], Invited] = field(default_factory=dict)

    def add(self, note: Note) -> None:
        """Know this too; an entry that is there already stays as it is."""
        self.entries.setdefault(note.message_id, note.entry)
        if note.letter.invitation:
            event = (note.letter.invitation.uid, note.letter.to)
            if note.calls_off:
                self.invited.pop(event, None)
            if note.how:
                self.invited[event] = note.how


class Ledger(Protocol):
    """What has been sent. Entries are for ever; of invitations it knows those to what is still to come."""

    def known(self, letters: Mapping[str, Letter]) -> Known:
        """What is known of these letters, given by their Message-IDs, and of the invitations they are about."""

    def note(self, case: CaseId, notes: Sequence[Note]) -> None:
        """Make entries, all or none; one that is there already stays as it is.

        Once what somebody is invited to is over, or called off, nothing of the invitation is kept.
        """


class AddressBook(Protocol):
    """People's names and addresses as they are now."""

    def contacts(self, people: Collection[PersonId]) -> Mapping[PersonId, Contact]:
        """Those of them who are in the records."""

    def reach_on_record(self, people: Collection[PersonId]) -> Mapping[PersonId, Address]:
        """By which address each is reached, by how their placements stand on record."""


class Tasks(Protocol):
    """What there is to know of tasks beside what their cases write."""

    def said_in(self, case: CaseId, letters: Sequence[Letter]) -> list[Letter]:
        """These letters of a case, with whom their tasks are for."""


class Credentials(Protocol):
    """The credentials that were issued."""

    def files(self, credential: CredentialId) -> Sequence[Attachment]:
        """A credential as files to send, the document first. Raises :class:`UnusableLetter` where there is none."""

    def checked_by(self, credential: CredentialId) -> dict[str, str]:
        """What whoever checks it needs to know: its ``issuer`` and its ``status_list``. Raises the same."""
