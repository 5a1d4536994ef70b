"""The ledger of sent mails and the address book, kept in the records database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Delete, delete, insert, select
from sqlalchemy.orm import Session

from activities.core.contacts import Contact
from activities.core.journal import records_errors
from activities.core.ledger import Entry, Invited, Known, Note
from domain.core.languages import read_by
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

    def known(self, letters: Mapping[str, Letter]) -> Known:
        """What is known of these letters, given by their Message-IDs, and of the invitations they are about."""
        uids = {letter.invitation.uid for letter in letters.values() if letter.invitation}
        with records_errors(), self._database.reading() as records:
            mails = records.scalars(select(MailRecord).where(MailRecord.message_id.in_(letters)))
            entries = {mail.message_id: _entry(mail) for mail in mails}
            if not uids:
                return Known(entries)
            invitations = records.scalars(select(InvitationRecord).where(InvitationRecord.uid.in_(uids)))
            return Known(entries, {(found.uid, found.person): _how(found) for found in invitations})

    def note(self, case: CaseId, notes: Sequence[Note]) -> None:
        """Make entries, all or none; one that is there already stays as it is.

        Their instants are on the case's clock, by which invitations that are long over are deleted.
        """
        with records_errors(), self._database.session() as records:
            ids = [note.message_id for note in notes]
            there = set(records.scalars(select(MailRecord.message_id).where(MailRecord.message_id.in_(ids))))
            if new := [note for note in notes if note.message_id not in there]:
                records.execute(insert(MailRecord), [_entered(case, note) for note in new])
            for note in new:
                _keep_invitation(records, case, note)
            drop_over(records, case, max(note.letter.at for note in notes) - KEPT_AFTERWARDS)


def _entered(case: CaseId, note: Note) -> dict[str, Any]:
    entry = note.entry
    return {
        "message_id": note.message_id,
        "case_id": case,
        "template": entry.template,
        "recipient": entry.to,
        "sent_at": note.letter.at,
        "status": entry.status,
        "reason": entry.reason,
    }


def _keep_invitation(records: Session, case: CaseId, note: Note) -> None:
    letter = note.letter
    if letter.invitation and note.calls_off:
        records.execute(_invitation(letter.invitation.uid, letter.to))
    if letter.invitation and note.how is not None:
        records.merge(_invited(case, letter.to, letter.invitation, note.how))


def _entry(mail: MailRecord) -> Entry:
    return Entry("refused" if mail.status == "refused" else "sent", mail.reason, mail.template, mail.recipient)


def _how(invitation: InvitationRecord) -> Invited:
    return Invited(invitation.address, Contact(invitation.organizer, invitation.organizer_address))


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

    def contacts(self, people: Collection[PersonId]) -> dict[PersonId, Contact]:
        """Those of them who are in the records."""
        known = PersonRecord
        columns = known.id, known.name, known.email, known.time_zone, known.languages
        with records_errors(), self._database.reading() as records:
            found = records.execute(select(*columns).where(PersonRecord.id.in_(people)))
            return {
                person: Contact(name, email, zone, read_by(languages)) for person, name, email, zone, languages in found
            }
