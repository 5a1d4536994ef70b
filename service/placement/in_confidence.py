"""What is for HR of the case alone to read: what returner and mentor have said, and why somebody is away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from domain.core.model import CaseId, Party, PersonId
from domain.placement.in_confidence import confidants
from records.database import Database
from records.queries.core import cases as queries
from records.queries.core import people as in_records
from records.queries.placement import in_confidence as said
from records.tables.core import CaseRecord, PartsRecord
from records.tables.placement import LeaveRecord, MentorWishRecord, PulseRecord
from service.core.errors import Refused


@dataclass(frozen=True)
class InConfidence:
    """Wishes for another mentor, answers to pulses, and leaves, in their order; where the case is at home."""

    wishes: Sequence[MentorWishRecord]
    pulses: Sequence[PulseRecord]
    leaves: Sequence[LeaveRecord]
    time_zone: str | None


def said_in_confidence(database: Database, case: CaseId, reader: PersonId) -> InConfidence:
    """What was said in confidence in a placement. Raises ``Unknown`` for no case, :class:`Refused` for other readers.

    HR and the head of HR of the case may read it, but for whoever is or was a mentor of the case, or has another part
    beside the returner.
    """
    with database.reading() as session:
        record = queries.case(session, case)
        if not may_read(session, record, reader):
            raise Refused(
                f"{reader} can't see what was said in confidence in {case}: it is for HR who has no other part in it",
                "forbidden",
            )
        return InConfidence(
            said.wishes(session, case), said.pulses(session, case), said.leaves(session, case), record.time_zone
        )


def may_read(session: Session, case: CaseRecord, reader: PersonId) -> bool:
    """Whether somebody may read what was said in confidence in this placement or path, and why somebody was away."""
    parties = {**in_records.role(session, case.role).parties(), Party.RETURNER: case.person}
    if (now := session.get(PartsRecord, case.case_id)) is not None:
        parties |= {Party(party): who[0] for party, who in now.parts.items() if who}
    return reader in [parties[party] for party in confidants(parties, said.mentored(session, case.case_id))]
