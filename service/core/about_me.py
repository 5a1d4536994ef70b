"""What is stored about somebody (GDPR, article 15): all of it, as one file that people and programs can read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from domain.core.access import Action, may
from domain.core.model import PersonId
from records.database import Database
from records.queries.about_person import LEFT_OUT, THEIRS_ALONE, NotShown, Stored, stored_about
from records.queries.core import access as in_access
from records.queries.core import people as in_records
from service.core.errors import Refused


@dataclass(frozen=True)
class AboutMe:
    """All that the records hold about a person, at an instant; and what they hold that is not shown, and why."""

    person: PersonId
    name: str
    at: datetime
    stored: list[Stored]
    not_shown: list[NotShown]

    def as_json(self) -> dict[str, Any]:
        """The file: of each kind of entry what it is, and the entries."""
        return {
            "person": self.person,
            "name": self.name,
            "at": self.at.isoformat(),
            "stored": [{"what": part.what, "entries": part.entries} for part in self.stored],
            "not_shown": [{"what": part.what, "why": part.why} for part in self.not_shown],
        }


def about(database: Database, person: PersonId, actor: PersonId) -> AboutMe:
    """What is stored about somebody, for themselves, or for HR of all roles, who hands it to them.

    What they said in confidence, and what they have typed and not sent, is shown to themselves alone. Raises
    ``Unknown``, and :class:`Refused` for all others.
    """
    now = datetime.now(UTC)
    with database.reading() as session:
        in_records.person(session, person)
        viewer = in_access.viewer(session, actor, now)
        if actor != person and not may(viewer, Action.ABOUT_SOMEBODY):
            raise Refused(
                f"{actor} can't see what is stored about {person}: it is for themselves and HR of all roles",
                "forbidden",
            )
        stored = stored_about(session, person, to_themselves=actor == person)
        name = in_records.names(session, [person])[person]
    not_shown = [*LEFT_OUT, *([] if actor == person else [THEIRS_ALONE])]
    return AboutMe(person, name, now, [part for part in stored if part.entries], not_shown)
