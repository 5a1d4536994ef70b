"""Forms that people send in the console: what one asks is done once, however often it is sent.

Whoever sends one claims it. While somebody has the claim, others who send the same wait; once it is done they are led
to where it led. A claim that was given up, or whose holder has died, is free again. All of it goes after a day.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import delete, update

from domain.core.model import PersonId
from records.database import Database, lock
from records.tables.sent_forms import SentFormRecord
from service.core.errors import Unknown

KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Claim:
    """Whether the form is ``free`` to be done by whoever claims it; else where it ``led_to``, if it is done."""

    free: bool
    led_to: str | None = None


def claim(database: Database, key: str, person: PersonId, within: timedelta) -> Claim:
    """Claim a form that somebody sends, to do what it asks within so long."""
    now = datetime.now(UTC)
    with database.session() as session:
        lock(session, f"form {key}")
        session.execute(delete(SentFormRecord).where(SentFormRecord.at <= now - KEPT))
        record = session.get(SentFormRecord, key)
        if record is None:
            session.add(SentFormRecord(key=key, person=person, at=now, led_to=None, told=None))
            return Claim(free=True)
        if record.led_to is None and record.at <= now - within:
            record.at = now
            return Claim(free=True)
        return Claim(free=False, led_to=record.led_to)


def give_up(database: Database, key: str) -> None:
    """What the form asks is not done: whoever sends it again may claim it."""
    with database.session() as session:
        session.execute(delete(SentFormRecord).where(SentFormRecord.key == key))


def settle(database: Database, key: str, led_to: str) -> None:
    """It is done, and led to this page."""
    _note(database, key, led_to=led_to)


def tell(database: Database, key: str, facts: Mapping[str, Any]) -> None:
    """Keep what the page is to say to which it leads."""
    _note(database, key, told=dict(facts))


def _note(database: Database, key: str, **values: Any) -> None:
    with database.session() as session:
        session.execute(update(SentFormRecord).where(SentFormRecord.key == key).values(**values))


def told(database: Database, key: str, person: PersonId) -> Mapping[str, Any]:
    """What that page says, to whoever sent the form. Raises ``Unknown`` for anybody else, and when it is gone."""
    with database.reading() as session:
        record = session.get(SentFormRecord, key)
        if record is None or record.person != person or record.told is None:
            raise Unknown("nothing was sent like this, or it is too long ago")
        return record.told
