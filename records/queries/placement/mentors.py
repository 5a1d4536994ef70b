"""What the records know of mentors' places: whom it makes sense to ask. Who gets a place is said by the capacity."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.core.holdings import ReservationStatus
from domain.core.model import CaseId, Fixed, PersonId
from domain.core.naming import MENTOR_PLACES, mentor_of
from domain.placement.mentorship import MentorshipState
from records.tables.capacity import CapacityRecord, ReservationRecord
from records.tables.placement import MentorshipRecord

TAKING_A_PLACE = (MentorshipState.ASKED.value, MentorshipState.HELD.value)


class MentorPlaces(Fixed):
    """So many mentees a mentor may have; which cases have a place, and which others wait for an answer."""

    size: int
    held: list[CaseId] = []
    asked: list[CaseId] = []

    @property
    def free(self) -> int:
        """The places that nobody has, and nobody may get by an answer that is still to come; never negative."""
        return max(0, self.size - len(self.held) - len(self.asked))


def places(session: Session, max_mentees: int) -> dict[PersonId, MentorPlaces]:
    """The places of all mentors of whom anything is on record.

    Whoever is not in it has ``max_mentees`` places, all of them free. The records have a change moments later.
    """
    sizes = {
        mentor_of(record.id): int(record.size)
        for record in session.scalars(select(CapacityRecord).where(CapacityRecord.id.startswith(MENTOR_PLACES)))
    }
    held: dict[PersonId, set[CaseId]] = {}
    asked: dict[PersonId, set[CaseId]] = {}
    query = select(MentorshipRecord.mentor, MentorshipRecord.case_id, MentorshipRecord.state)
    for mentor, case, state in session.execute(query.where(MentorshipRecord.state.in_(TAKING_A_PLACE))):
        (held if state == MentorshipState.HELD.value else asked).setdefault(mentor, set()).add(case)
    for mentor, case in _holders(session):
        held.setdefault(mentor, set()).add(case)
    return {
        mentor: MentorPlaces(
            size=sizes.get(mentor, max_mentees),
            held=sorted(held.get(mentor, ())),
            asked=sorted(asked.get(mentor, set()) - held.get(mentor, set())),
        )
        for mentor in sorted({*sizes, *held, *asked})
    }


def asked_in(session: Session, case: CaseId) -> list[PersonId]:
    """Who was asked to be the mentor in a case."""
    asked = select(MentorshipRecord.mentor).where(MentorshipRecord.case_id == case).distinct()
    return list(session.scalars(asked.order_by(MentorshipRecord.mentor)))


def _holders(session: Session) -> list[tuple[PersonId, CaseId]]:
    """Each mentor with a case that holds one of their places, by the rows of the capacities."""
    query = select(ReservationRecord.capacity, ReservationRecord.holder).where(
        ReservationRecord.capacity.startswith(MENTOR_PLACES), ReservationRecord.status == ReservationStatus.HELD.value
    )
    return [(mentor_of(capacity), holder.partition("/")[0]) for capacity, holder in session.execute(query)]
