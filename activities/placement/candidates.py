"""People from the records as one side of a match."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from domain.core.people import Person
from domain.placement.matching import Candidate
from records.queries.core.people import Profile


def candidate(person: Person | Profile, at: datetime) -> Candidate:
    """A person as returner or mentor, in their time zone at this instant."""
    offset = at.astimezone(ZoneInfo(person.time_zone)).utcoffset()
    return Candidate(
        id=person.id,
        skills=person.skills,
        languages=person.languages,
        preferences=person.preferences,
        utc_offset_minutes=round(offset.total_seconds() / 60) if offset else 0,
    )
