"""Proposing mentors for a whole cohort, from the people and the places that the records know."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable

from sqlalchemy.orm import Session
from temporalio import activity

from activities.cohort.assignment import assign
from activities.core.heartbeat import heartbeating
from activities.core.journal import records_errors
from activities.placement.candidates import candidate
from domain.cohort.matching import (
    CohortMatchRequest,
    CohortProposal,
    MentorWithPlaces,
    Seeker,
    SeekerOnRecord,
    Unmatched,
)
from domain.cohort.matching_together import match
from domain.core.model import PersonId
from domain.core.people import Person
from records.database import Database
from records.queries import leaving
from records.queries.core import people as known
from records.queries.placement.mentors import MentorPlaces, places


class CohortMatchingActivities:
    """Reads people, roles and mentors' places from the HR database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name="match_cohort", no_thread_cancel_exception=True)
    def match_cohort(self, request: CohortMatchRequest) -> CohortProposal:
        """The best pairs by the records as they are now; nothing is written, and no place taken.

        A returner or role that the records don't know leaves that one case unmatched. It heartbeats. Raises
        ``ApplicationError`` of the name of a :class:`RecordsError` while the database can't be reached.
        """
        with heartbeating():
            with records_errors(), self._database.reading() as session:
                people = known.people(session)
                seeking, unknown = _seeking(session, request, people)
                mentors = _mentors(session, request, people)
            proposal = match(request, seeking, mentors, assign)
        unmatched = sorted([*proposal.unmatched, *unknown], key=lambda returner: returner.case)
        return proposal.model_copy(update={"unmatched": unmatched})


def _seeking(
    session: Session, request: CohortMatchRequest, people: Iterable[Person]
) -> tuple[list[SeekerOnRecord], list[Unmatched]]:
    """The seekers as the records know them, and those they don't know."""
    roles = {role.id: role for role in known.roles(session)}
    persons = {person.id: person for person in people}
    lines = _reporting_lines(persons, {seeker.returner for seeker in request.seekers})
    seeking: list[SeekerOnRecord] = []
    unknown: list[Unmatched] = []
    for seeker in request.seekers:
        if seeker.returner not in persons or seeker.role not in roles:
            unknown.append(Unmatched(case=seeker.case, returner=seeker.returner, why=_not_known(seeker, persons)))
            continue
        line = sorted({*seeker.reporting_line, *lines[seeker.returner]})
        seeking.append(
            SeekerOnRecord(
                seeker=seeker.model_copy(update={"reporting_line": line}),
                candidate=candidate(persons[seeker.returner], request.at),
                role_skills=roles[seeker.role].skills,
            )
        )
    return seeking, unknown


def _not_known(seeker: Seeker, persons: Collection[PersonId]) -> str:
    if seeker.returner not in persons:
        return f"{seeker.returner} is not in the records: import people first"
    return f"the role {seeker.role} is not in the records: import roles first"


def _reporting_lines(
    persons: dict[PersonId, Person], returners: Collection[PersonId]
) -> defaultdict[PersonId, set[PersonId]]:
    """Whoever is above each of these or below them, by the records."""
    managers = {person.id: person.manager for person in persons.values()}
    lines: defaultdict[PersonId, set[PersonId]] = defaultdict(set)
    for person in persons:
        above = known.managers_above(managers, person)
        for returner in above:
            if returner in returners:
                lines[returner].add(person)
        if person in returners:
            lines[person].update(above)
    return lines


def _mentors(session: Session, request: CohortMatchRequest, people: Iterable[Person]) -> list[MentorWithPlaces]:
    """All who offered to be mentors, and whom HR pinned, who need not have; with the places they have.

    Nobody who leaves the company.
    """
    pinned = {pin.mentor for pin in request.pins}
    on_record = places(session, request.rules.max_mentees)
    last_days = leaving.last_days(session)
    ours = {*request.counted_cases, *(seeker.case for seeker in request.seekers)}
    found: list[MentorWithPlaces] = []
    for person in people:
        if (person.mentor or person.id in pinned) and person.id not in last_days:
            mentor_places = on_record.get(person.id, MentorPlaces(size=request.rules.max_mentees))
            taken = len({*mentor_places.held, *mentor_places.asked} - ours) + request.taken.get(person.id, 0)
            found.append(
                MentorWithPlaces(
                    candidate=candidate(person, request.at),
                    size=mentor_places.size,
                    taken=taken,
                    available=person.mentor,
                )
            )
    return found
