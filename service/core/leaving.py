"""Who leaves the company, by the records: what they have, how far it is, and whether that can be declared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from domain.core.departure import LOOK_AGAIN, DepartureStage, HandedThing
from domain.core.model import CaseId, Party, PersonId
from domain.core.reassigning import ABOUT, OTHER_OF_HR
from records.database import Database
from records.queries import leaving as queries
from records.queries.core import access as in_access
from records.queries.core import people as in_records
from records.queries.leaving import TheirParts
from records.tables.core import DepartureRecord
from service.core.errors import Refused, Unfit


@dataclass(frozen=True)
class WantedDeparture:
    """What HR declares; what is none stays as it was, or comes by itself."""

    person: PersonId
    last_day: date | None = None
    successor: PersonId | None = None
    successors: Mapping[Party, PersonId] | None = None
    reason: str | None = None
    look_again: timedelta = LOOK_AGAIN
    at_once: bool = False
    """Whether it is known that the last day is over, and what follows from that."""

    def named(self) -> dict[str, PersonId]:
        """Who is to take over, by field."""
        for_all = {} if self.successor is None else {"successor": self.successor}
        return for_all | {field_of(party): successor for party, successor in (self.successors or {}).items()}


def alone_in_hr(database: Database, wanted: WantedDeparture) -> list[CaseId]:
    """The cases in which who is named would be HR and its head in one: what they don't answer goes on to nobody else.

    It is no reason to refuse: there may be nobody else.
    """
    with database.reading() as session:
        known = queries.departure(session, wanted.person)
        still = known is not None and known.stage in (DepartureStage.PLANNED, DepartureStage.HANDING_OVER)
        for_all, by_part = wanted.successor, dict(wanted.successors or {})
        if known is not None and still:
            for_all = for_all or known.successor
            by_part = {**{Party(party): who for party, who in known.successors.items()}, **by_part}
        successors = {party: who for party in OTHER_OF_HR if (who := by_part.get(party, for_all)) is not None}
        return queries.alone_in_hr(session, wanted.person, successors)


def field_of(party: Party) -> str:
    """The field that names who takes over one part."""
    return f"successors.{party.value}"


@dataclass(frozen=True)
class Departing:
    """What somebody has, how their departure stands (none where none was declared), and where else they are named."""

    person: PersonId
    departure: DepartureRecord | None
    handed: list[HandedThing]
    theirs: list[TheirParts]
    named_in: list[str]
    names: Mapping[PersonId, str]


def look_at(database: Database, person: PersonId) -> Departing:
    """How it stands with somebody, by the records. Raises ``Unknown``."""
    with database.reading() as session:
        in_records.person(session, person)
        record = queries.departure(session, person)
        theirs = queries.parts_of(session, person)
        handed = [HandedThing.model_validate(thing) for thing in record.handed] if record is not None else []
        ids = {person, *(thing.handed.to for thing in handed if thing.handed.to)}
        if record is not None:
            ids |= {who for who in (record.declared_by, record.successor, *record.successors.values()) if who}
        names = in_records.names(session, ids)
        return Departing(person, record, handed, theirs, queries.stands_in(session, person), names)


def check_declares(database: Database, wanted: WantedDeparture, actor: PersonId) -> None:
    """Raise :class:`Refused` where this can't be declared: not by them, or a successor who can't be one."""
    check_is_hr(database, wanted.person, actor)
    with database.reading() as session:
        last_days = queries.last_days(session)
        for field, successor in wanted.named().items():
            in_records.person(session, successor)
            if successor == wanted.person:
                raise Unfit.at(field, f"{successor} is who leaves")
            if successor in last_days:
                raise Unfit.at(field, f"{successor} leaves too, after {last_days[successor]}")
    for party in wanted.successors or {}:
        if party in ABOUT:
            raise Unfit.at(field_of(party), f"a case is the {party.spoken}'s; it ends when they leave")


def check_is_hr(database: Database, person: PersonId, actor: PersonId) -> None:
    """Raise :class:`Refused` for whoever is not HR of any role, or declares it of themselves."""
    with database.reading() as session:
        in_records.person(session, person)
        in_records.person(session, actor)
        is_hr = in_access.hr_of(session, actor)
        left = queries.on_record(session, [actor], datetime.now(UTC)).left
    if actor == person:
        raise Refused(f"{actor} can't declare that of themselves: somebody else of HR does", "forbidden")
    if not is_hr or actor in left:
        raise Refused(f"{actor} can't declare who leaves: that is for HR or head of HR of a role", "forbidden")


def day_is_over(database: Database, person: PersonId, last_day: date | None) -> bool:
    """Whether that day, if it is one, is over already where somebody lives. Raises ``Unknown``."""
    with database.reading() as session:
        there = in_records.person(session, person)
    return queries.has_left(there.time_zone, last_day, datetime.now(UTC))
