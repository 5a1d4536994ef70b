"""Somebody as HR sees them: how mail reaches them, what they have in cases, and how it stands with their leaving.

Nothing that was said in confidence, no reason of an absence, and of cases only those that the viewer may see.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from domain.core.access import Viewer
from domain.core.case import ENDED
from domain.core.departure import HandedThing
from domain.core.model import CaseId, PersonId
from domain.core.naming import Programme, programme_of
from domain.core.people import Person
from records.database import Database
from records.queries.core import people as in_records
from records.queries.core.called import Left
from records.queries.leaving import TheirParts, last_day
from records.tables.core import CaseRecord, DepartureRecord
from service.core.accounts import Linked, accounts
from service.core.daily_mail import MailWays, mail_ways
from service.core.leaving import look_at
from service.registry.seen_cases import cases_about, seen_cases
from service.registry.task_page import people_called

SHORTEST_SEARCH = 2
"""Characters: with fewer everybody would be found."""


@dataclass(frozen=True)
class PersonPage:
    """Somebody, for one viewer.

    ``about`` are the cases about them; ``parts`` what they have or are asked in others that run, as far as the viewer
    may see them, and ``elsewhere`` in how many they may not. ``departure`` is how their leaving stands (none where
    none was declared), ``handed`` what has become of what they had, in cases that the viewer may see; ``named_in``
    where the records still name them.
    """

    person: Person
    ways: MailWays
    about: Sequence[CaseRecord]
    parts: Sequence[TheirParts]
    elsewhere: int
    departure: DepartureRecord | None
    handed: Sequence[HandedThing]
    named_in: Sequence[str]
    left_on: date | None
    accounts: Sequence[Linked]
    """Their accounts at the identity provider."""
    cases: Mapping[str, CaseRecord]
    names: Mapping[PersonId, str]

    @property
    def running(self) -> Sequence[CaseRecord]:
        """The cases about them that run."""
        return [case for case in self.about if case.stage != ENDED]


def person_page(database: Database, viewer: Viewer, person: PersonId) -> PersonPage:
    """Somebody as HR of any role sees them. Raises ``Unknown`` and ``Refused``."""
    ways = mail_ways(database, person, viewer.person)
    departing = look_at(database, person)
    seen = seen_cases(
        database, viewer, {theirs.case for theirs in departing.theirs} | {thing.case for thing in departing.handed}
    )
    about = cases_about(database, viewer, person)
    own = {case.case_id for case in about}
    others = [theirs for theirs in departing.theirs if theirs.case not in own]
    parts = [theirs for theirs in others if theirs.case in seen.cases or _is_cohort(theirs.case)]
    linked = accounts(database, person)
    with database.reading() as session:
        found = in_records.person(session, person)
        named = (found.manager, *(account.by for account in linked), *(case.person for case in seen.cases.values()))
        names = {who for who in named if who}
        known = in_records.names(session, names)
        left_on = last_day(session, person)
    return PersonPage(
        person=found,
        ways=ways,
        about=about,
        parts=parts,
        elsewhere=len(others) - len(parts),
        departure=departing.departure,
        handed=[thing for thing in departing.handed if thing.case in seen.cases or _is_cohort(thing.case)],
        named_in=departing.named_in,
        left_on=left_on,
        accounts=linked,
        cases=seen.cases,
        names={**departing.names, **known},
    )


def _is_cohort(case: CaseId) -> bool:
    """Whether it is a cohort, which HR of any role may see."""
    return programme_of(case) is Programme.COHORT


@dataclass(frozen=True)
class FoundPeople:
    """Whom somebody may look for: ids and names; ``too_many`` where there are more, ``too_short`` where nobody was
    looked for, because the text has too few characters; ``left`` is who of that name has left, or is leaving."""

    people: Mapping[PersonId, str]
    too_many: bool = False
    too_short: bool = False
    left: Left | None = None


def find_people(database: Database, text: str) -> FoundPeople:
    """Whose name holds a text, or whose id it is; nobody for too short a text. By their id also who has left."""
    plain = text.strip()
    if len(plain) < SHORTEST_SEARCH:
        return FoundPeople({}, too_short=True)
    with database.reading() as session:
        by_id = in_records.names(session, [plain.upper()])
    if by_id:
        return FoundPeople(by_id)
    called = people_called(database, [plain])[plain]
    return FoundPeople(called.people, called.too_many, left=called.left)
