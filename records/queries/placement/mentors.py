"""What the records know of mentors and their places: whom it makes sense to ask.

Who gets a place is said by the capacity.
"""

from __future__ import annotations

import string

from sqlalchemy import ColumnElement, Subquery, case, func, literal, or_, select
from sqlalchemy.orm import Session

from domain.core.decisions import DecisionKind
from domain.core.holdings import ReservationStatus
from domain.core.model import CaseId, Fixed, PersonId
from domain.core.naming import MENTOR_PLACES, mentor_of
from domain.placement.matching import ABOVE, BELOW, DECIDES, MentorCheck, PlacesTaken
from domain.placement.mentorship import MentorshipState
from records.queries import leaving
from records.queries.core import people
from records.tables.capacity import CapacityRecord, ReservationRecord
from records.tables.core import DecisionRecord
from records.tables.placement import MentorshipRecord

AFTER_THE_CASE = string.ascii_lowercase + string.digits + "-"
"""What a holder's id ends in, after its case and a slash."""

TAKING_A_PLACE = (MentorshipState.ASKED.value, MentorshipState.HELD.value)


REASSIGNED = "reassigned"
"""What is decided where the mentor is to be another one; not who."""


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
    """The places of all mentors of whom anything is on record: which cases take them.

    Whoever is not in it has ``max_mentees`` places, all of them free. The records have a change moments later.
    """
    sizes, taking = _sizes(session), _taking()
    held: dict[PersonId, list[CaseId]] = {}
    asked: dict[PersonId, list[CaseId]] = {}
    each = select(taking.c.mentor, taking.c.case_id, func.max(taking.c.held)).group_by(*taking.c["mentor", "case_id"])
    for mentor, case_id, has_it in session.execute(each):
        (held if has_it else asked).setdefault(mentor, []).append(case_id)
    return {
        mentor: MentorPlaces(
            size=sizes.get(mentor, max_mentees), held=sorted(held.get(mentor, ())), asked=sorted(asked.get(mentor, ()))
        )
        for mentor in sorted({*sizes, *held, *asked})
    }


def places_taken(session: Session, max_mentees: int) -> dict[PersonId, PlacesTaken]:
    """How many cases take each mentor's :func:`places`, and how many places there are.

    Counted by the database, as each search for a mentor asks it, and there are as many rows as placements.
    """
    sizes, taking = _sizes(session), _taking()
    counted = select(taking.c.mentor, func.count(taking.c.case_id.distinct())).group_by(taking.c.mentor)
    taken: dict[PersonId, int] = dict(session.execute(counted).all())
    return {mentor: PlacesTaken(taken.get(mentor, 0), sizes.get(mentor, max_mentees)) for mentor in {*taken, *sizes}}


def _taking() -> Subquery:
    """Each mentor with each case that has one of their places (``held``), or may get one by an answer to come.

    A case is in it as often as mentorships and reservations say so.
    """
    state, holder = MentorshipRecord.state, ReservationRecord.holder
    held = case((state == MentorshipState.HELD.value, 1), else_=0)
    mentorships = select(
        MentorshipRecord.mentor.label("mentor"), MentorshipRecord.case_id.label("case_id"), held.label("held")
    ).where(state.in_(TAKING_A_PLACE))
    reservations = select(
        literal("P-") + func.substr(ReservationRecord.capacity, len(MENTOR_PLACES) + 1),
        func.rtrim(func.rtrim(holder, AFTER_THE_CASE), "/"),
        literal(1),
    ).where(
        ReservationRecord.capacity.startswith(MENTOR_PLACES),
        ReservationRecord.status == ReservationStatus.HELD.value,
    )
    return mentorships.union_all(reservations).subquery()


def asked_in(session: Session, case_id: CaseId) -> list[PersonId]:
    """Who was asked to be the mentor in a case."""
    asked = select(MentorshipRecord.mentor).where(MentorshipRecord.case_id == case_id).distinct()
    return list(session.scalars(asked.order_by(MentorshipRecord.mentor)))


def tells_who_was_asked(decision: DecisionRecord) -> bool:
    """Whether a decision names somebody who was asked, named, pinned or forbidden, not who has become the mentor."""
    return decision.what == DecisionKind.MENTOR and decision.decided not in (decision.by_person, REASSIGNED)


def tells_nobody_was_asked() -> ColumnElement[bool]:
    """Which rows of decisions :func:`tells_who_was_asked` is not true of."""
    decided = DecisionRecord.decided
    return or_(
        DecisionRecord.what != DecisionKind.MENTOR.value, decided == DecisionRecord.by_person, decided == REASSIGNED
    )


def why_not(session: Session, asked: MentorCheck) -> str | None:
    """Why somebody can't be the mentor, by the records; or none."""
    try:
        mentor = people.person(session, asked.mentor)
    except people.Unknown:
        return "is not in the records any more"
    if (why := leaves(session, mentor.id)) is not None:
        return why
    if not mentor.mentor and not asked.named:
        return "does not offer to be a mentor any more"
    if mentor.id in asked.reporting_line:
        return DECIDES
    if mentor.id in people.above(session, asked.returner):
        return ABOVE
    return BELOW if mentor.id in people.below(session, asked.returner) else None


def leaves(session: Session, person: PersonId) -> str | None:
    """Whoever leaves the company can be nobody's mentor, not even for the time that is left: why, or none."""
    last_day = leaving.last_day(session, person)
    return None if last_day is None else f"leaves the company after {last_day}"


def reporting_line(session: Session, deciding: list[PersonId], returner: PersonId) -> list[PersonId]:
    """Whoever is above the returner, in the placement (``deciding``) or by the records, or below them."""
    return sorted({*deciding, *people.above(session, returner), *people.below(session, returner)})


def _sizes(session: Session) -> dict[PersonId, int]:
    """How many places each mentor has of whom it is on record."""
    sizes = select(CapacityRecord.id, CapacityRecord.size).where(CapacityRecord.id.startswith(MENTOR_PLACES))
    return {mentor_of(capacity): int(size) for capacity, size in session.execute(sizes)}
