"""Choosing whom to ask to be a mentor; who gets a place is said by the mentor's capacity, once they agree."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy.orm import Session
from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities.core.journal import records_errors
from activities.placement.candidates import candidate
from domain.core.people import Person
from domain.placement.matching import (
    Candidate,
    Match,
    MatchRequest,
    MatchResult,
    MentorCheck,
    MentorVerdict,
    PassedOver,
    best_first,
    choose,
)
from records.database import Database, lock
from records.queries.core import people as known
from records.queries.placement.mentors import leaves, places_taken, reporting_line, why_not
from records.tables.placement import MentorshipRecord


class MentorActivities:
    """Finds mentors among the people in the HR database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @activity.defn(name="choose_mentor", no_thread_cancel_exception=True)
    def choose_mentor(self, request: MatchRequest) -> MatchResult:
        """The best free mentor; that they are asked is put on record in the same transaction.

        Asked again with the same ``n`` the answer is the same. However many cases search at once, nobody is asked by
        more of them than there are places free. Raises ``ApplicationError``: of type ``Unknown`` while returner or role
        are not in the records; of the name of a :class:`RecordsError` while the database can't be reached.
        """
        try:
            with records_errors():
                with self._database.reading() as session:
                    search = _search(session, request)
                with self._database.session() as session:
                    lock(session, "mentors")  # of all who search at once: for no longer than it takes to look at places
                    return _chosen_before(session, request) or _choose(session, search)
        except known.Unknown as unknown:
            raise ApplicationError(str(unknown), type="Unknown") from None

    @activity.defn(name="check_mentor", no_thread_cancel_exception=True)
    def check_mentor(self, request: MentorCheck) -> MentorVerdict:
        """Whether somebody who agreed can be the mentor now: the records may have changed since they were asked.

        Raises ``ApplicationError`` of the name of a :class:`RecordsError` while the database can't be reached.
        """
        with records_errors(), self._database.reading() as session:
            return MentorVerdict(why_not=why_not(session, request))


def _chosen_before(session: Session, request: MatchRequest) -> MatchResult | None:
    record = session.get(MentorshipRecord, (request.case, request.n))
    if record is None:
        return None
    return MatchResult(
        match=Match(mentor=record.mentor, score=record.score or 0.0, reasons=record.reasons or []),
        passed_over=[PassedOver(**mentor) for mentor in record.passed_over or []],
    )


class _Search(NamedTuple):
    """What a search goes by before it looks at places."""

    request: MatchRequest
    returner: Candidate
    role_skills: list[str]
    ordered: list[Candidate]


def _search(session: Session, request: MatchRequest) -> _Search:
    """Look up and put in order all who offer to be mentors."""
    line = reporting_line(session, request.reporting_line, request.returner)
    request = request.model_copy(update={"reporting_line": line})
    returner = candidate(known.person(session, request.returner), request.at)
    role_skills = known.role(session, request.role).skills
    mentors = [candidate(person, request.at) for person in _to_consider(session, request)]
    return _Search(request, returner, role_skills, best_first(request, returner, role_skills, mentors))


def _choose(session: Session, search: _Search) -> MatchResult:
    request = search.request
    if request.nominee and not search.ordered:
        return MatchResult(match=None, passed_over=[PassedOver(mentor=request.nominee, why="is not in the records")])
    if request.nominee and (why := leaves(session, request.nominee)) is not None:
        return MatchResult(match=None, passed_over=[PassedOver(mentor=request.nominee, why=why)])
    result = choose(*search, places_taken(session, request.rules.max_mentees))
    if result.match is not None:
        _put_on_record(session, request, result.match, result.passed_over)
    return result


def _to_consider(session: Session, request: MatchRequest) -> Sequence[Person | known.Profile]:
    """All who offered to be mentors; or the one HR named, who need not have."""
    if not request.nominee:
        return known.mentors(session)
    try:
        return [known.person(session, request.nominee)]
    except known.Unknown:
        return []


def _put_on_record(session: Session, request: MatchRequest, match: Match, passed_over: list[PassedOver]) -> None:
    session.add(
        MentorshipRecord(
            case_id=request.case,
            n=request.n,
            at=request.at,
            mentor=match.mentor,
            state="asked",
            score=match.score,
            reasons=match.reasons,
            passed_over=[excluded.model_dump() for excluded in passed_over],
        )
    )
