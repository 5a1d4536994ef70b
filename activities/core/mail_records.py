"""The ledger of sent mails and the address book, kept in the records database."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Delete, delete, insert, select
from sqlalchemy.orm import Session

from activities.core.contacts import Contact
from activities.core.journal import records_errors
from activities.core.ledger import Entry, Invited, Known, MailStatus, Note
from domain.core.model import CaseId, PersonId
from domain.core.naming import Programme
from domain.core.post import Address, Invitation, Letter
from domain.registry.reach import reach_on_record
from records.database import Database
from records.queries.core.invitations import KEPT_AFTERWARDS, drop_over
from records.tables.core import CaseRecord, PersonRecord
from records.tables.dispatch import HeldMailRecord, InvitationRecord, MailRecord


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
            if held := [_held(case, note) for note in new if note.held]:
                records.execute(insert(HeldMailRecord), held)
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
        "reach": None if note.held else note.reach,
    }


def _held(case: CaseId, note: Note) -> dict[str, Any]:
    letter = note.letter
    return {
        "message_id": note.message_id,
        "person": letter.to,
        "case_id": case,
        "letter": letter.model_dump(mode="json", exclude_defaults=True),
    }


def _keep_invitation(records: Session, case: CaseId, note: Note) -> None:
    letter = note.letter
    if letter.invitation and note.calls_off:
        records.execute(_invitation(letter.invitation.uid, letter.to))
    if letter.invitation and note.how is not None:
        records.merge(_invited(case, letter.to, letter.invitation, note.how))


def _entry(mail: MailRecord) -> Entry:
    """The reason why a letter that is held can't be written is none why it was refused."""
    reason = mail.reason if mail.status == "refused" else None
    return Entry(cast(MailStatus, mail.status), reason, mail.template, mail.recipient)


def _how(invitation: InvitationRecord) -> Invited:
    organizer = Contact(invitation.organizer, invitation.organizer_address)
    return Invited(invitation.address, organizer, "private" if invitation.reach == "private" else "work")


def _invitation(uid: str, person: PersonId) -> Delete:
    return delete(InvitationRecord).where(InvitationRecord.uid == uid, InvitationRecord.person == person)


def _invited(case: CaseId, person: PersonId, invitation: Invitation, how: Invited) -> InvitationRecord:
    return InvitationRecord(
        uid=invitation.uid,
        person=person,
        address=how.address,
        organizer=how.organizer.name,
        organizer_address=how.organizer.email,
        reach=how.reach,
        case_id=case,
        ends_at=invitation.ends,
    )


class RecordsAddressBook:
    """Names and addresses as HR last imported them. Raises ``ApplicationError`` where the records can't be used."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def contacts(self, people: Collection[PersonId]) -> dict[PersonId, Contact]:
        """Those of them who are in the records."""
        with records_errors(), self._database.reading() as records:
            return contacts_of(records, people)

    def reach_on_record(self, people: Collection[PersonId]) -> dict[PersonId, Address]:
        """By which address each is reached, by how their placements stand on record."""
        with records_errors(), self._database.reading() as records:
            return reach_of(records, people)


def contacts_of(records: Session, people: Collection[PersonId]) -> dict[PersonId, Contact]:
    """Those of these people who are in the records."""
    found = records.scalars(select(PersonRecord).where(PersonRecord.id.in_(people)))
    return {record.id: _contact(record) for record in found}


def reach_of(records: Session, people: Collection[PersonId]) -> dict[PersonId, Address]:
    """By which address each of these people is reached, by how their placements stand on record."""
    of_placements = select(CaseRecord).where(CaseRecord.programme == Programme.RETURNSHIP)
    placements = records.scalars(of_placements.where(CaseRecord.person.in_(people))).all()
    return {
        person: reach_on_record(placement for placement in placements if placement.person == person)
        for person in people
    }


def _contact(record: PersonRecord) -> Contact:
    return Contact(
        record.name,
        record.email,
        record.time_zone,
        record.reads,
        record.private_email,
        daily=record.mail_choice == "daily",
        daily_since=record.daily_since,
    )
