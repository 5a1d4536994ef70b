"""The ledger of sent mails and the address book, kept in the records database."""

from __future__ import annotations

from sqlalchemy import Delete, delete

from activities.core.contacts import Contact
from activities.core.journal import records_errors
from activities.core.mail import Entry, Invited, MailStatus, UnknownPerson
from domain.core.model import CaseId, PersonId
from domain.core.post import Invitation, Letter
from records.database import Database
from records.queries.core.invitations import KEPT_AFTERWARDS, drop_over
from records.tables.core import PersonRecord
from records.tables.dispatch import InvitationRecord, MailRecord


class RecordsLedger:
    """Which mails went out, by their Message-ID. Raises ``ApplicationError`` where the records can't be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def entry(self, message_id: str) -> Entry | None:
        """The entry with this Message-ID."""
        with records_errors(), self._database.reading() as records:
            found = records.get(MailRecord, message_id)
            if found is None:
                return None
            status: MailStatus = "refused" if found.status == "refused" else "sent"
            return Entry(status, found.reason, found.template, found.recipient)

    def note_sent(self, message_id: str, case: CaseId, letter: Letter, reason: str | None, how: Invited | None) -> None:
        """Make an entry, all of it or nothing; one that is there already stays as it is.

        Its instant is on the case's clock, by which invitations that are long over are deleted.
        """
        with records_errors(), self._database.session() as records:
            if records.get(MailRecord, message_id) is not None:
                return
            records.add(
                MailRecord(
                    message_id=message_id,
                    case_id=case,
                    template=letter.template,
                    recipient=letter.to,
                    sent_at=letter.at,
                    status="refused" if reason else "sent",
                    reason=reason,
                )
            )
            drop_over(records, case, letter.at - KEPT_AFTERWARDS)
            if letter.invitation and letter.invitation.method == "CANCEL" and reason is None:
                records.execute(_invitation(letter.invitation.uid, letter.to))
            if letter.invitation and how is not None:
                records.merge(_invited(case, letter.to, letter.invitation, how))

    def invited(self, uid: str, person: PersonId) -> Invited | None:
        """How somebody was last invited to this; None where they weren't, or where it was called off."""
        with records_errors(), self._database.reading() as records:
            found = records.get(InvitationRecord, (uid, person))
            return Invited(found.address, Contact(found.organizer, found.organizer_address)) if found else None


def _invitation(uid: str, person: PersonId) -> Delete:
    return delete(InvitationRecord).where(InvitationRecord.uid == uid, InvitationRecord.person == person)


def _invited(case: CaseId, person: PersonId, invitation: Invitation, how: Invited) -> InvitationRecord:
    return InvitationRecord(
        uid=invitation.uid,
        person=person,
        address=how.address,
        organizer=how.organizer.name,
        organizer_address=how.organizer.email,
        case_id=case,
        ends_at=invitation.ends,
    )


class RecordsAddressBook:
    """Names and addresses as HR last imported them. Raises ``ApplicationError`` where the records can't be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def contact(self, person_id: PersonId) -> Contact:
        """Raises :class:`UnknownPerson`."""
        with records_errors(), self._database.reading() as records:
            person = records.get(PersonRecord, person_id)
            if person is None:
                raise UnknownPerson(person_id)
            return Contact(person.name, person.email, person.time_zone)
