"""What the records know of mentors' places: whom it makes sense to ask. Who gets a place is said by the capacity."""

from __future__ import annotations

import string

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from domain.core.holdings import ReservationStatus
from domain.core.model import CaseId, Fixed, PersonId
from domain.core.naming import MENTOR_PLACES, mentor_of
from domain.placement.matching import PlacesTaken
from domain.placement.mentorship import MentorshipState
from records.tables.capacity import CapacityRecord, ReservationRecord
from records.tables.placement import MentorshipRecord

AFTER_THE_CASE = string.ascii_lowercase + string.digits + "-"
"""What a holder's id ends in, after its case and a slash."""

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
    sizes = _sizes(session)
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


def places_taken(session: Session, max_mentees: int) -> dict[PersonId, PlacesTaken]:
    """How many of each mentor's places are held or may soon be, and how many there are, as :func:`places` has it.

    Counted by the database: each search for a mentor asks it, and there are as many rows as placements.
    """
    mentors = select(MentorshipRecord.mentor.label("mentor"), (MentorshipRecord.case_id + "/").label("case"))
    holder = ReservationRecord.holder
    cases = mentors.where(MentorshipRecord.state.in_(TAKING_A_PLACE)).union(
        select(
            literal("P-") + func.substr(ReservationRecord.capacity, len(MENTOR_PLACES) + 1),
            func.rtrim(holder, AFTER_THE_CASE),
        ).where(
            ReservationRecord.capacity.startswith(MENTOR_PLACES),
            ReservationRecord.status == ReservationStatus.HELD.value,
        )
    )
    each = cases.subquery()
    counted = select(each.c.mentor, func.count()).group_by(each.c.mentor)
    taken: dict[PersonId, int] = dict(session.execute(counted).all())
    sizes = _sizes(session)
    return {mentor: PlacesTaken(taken.get(mentor, 0), sizes.get(mentor, max_mentees)) for mentor in {*taken, *sizes}}


def asked_in(session: Session, case: CaseId) -> list[PersonId]:
    """Who was asked to be the mentor in a case."""
    asked = select(MentorshipRecord.mentor).where(MentorshipRecord.case_id == case).distinct()
    return list(session.scalars(asked.order_by(MentorshipRecord.mentor)))


def _sizes(session: Session) -> dict[PersonId, int]:
    """How many places each mentor has of whom it is on record."""
    sizes = select(CapacityRecord.id, CapacityRecord.size).where(CapacityRecord.id.startswith(MENTOR_PLACES))
    return {mentor_of(capacity): int(size) for capacity, size in session.execute(sizes)}


def _holders(session: Session) -> list[tuple[PersonId, CaseId]]:
    """Each mentor with a case that holds one of their places, by the rows of the capacities."""
    query = select(ReservationRecord.capacity, ReservationRecord.holder).where(
        ReservationRecord.capacity.startswith(MENTOR_PLACES), ReservationRecord.status == ReservationStatus.HELD.value
    )
    return [(mentor_of(capacity), holder.partition("/")[0]) for capacity, holder in session.execute(query)]
