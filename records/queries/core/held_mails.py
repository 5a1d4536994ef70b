"""The letters that wait for somebody's morning."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.core.daily_mail import SetAside
from domain.core.model import PersonId
from records.tables.dispatch import HeldMailRecord, MailRecord


def set_aside(session: Session, person: PersonId) -> list[SetAside]:
    """The letters to somebody that can't be written, in their order: they wait until their text is mended."""
    waiting = select(HeldMailRecord.case_id, HeldMailRecord.letter).join(
        MailRecord, MailRecord.message_id == HeldMailRecord.message_id
    )
    of_person = (HeldMailRecord.person == person, MailRecord.reason.is_not(None))
    found = session.execute(waiting.where(*of_person).order_by(HeldMailRecord.n))
    return [SetAside(case=case, letter=letter["key"]) for case, letter in found]
