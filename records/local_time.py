"""Instants in the time zone of a case, for all that people read.

Workflows know no time zones. What they write in a sentence is an instant of ISO 8601, which becomes a local time only
when somebody reads it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, time, tzinfo
from zoneinfo import ZoneInfo

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)")
"""An instant in a sentence."""


def local(instant: datetime | str, zone: str | tzinfo | None) -> datetime:
    """The local time of an instant; of UTC where nobody knows the zone.

    Raises ``ZoneInfoNotFoundError`` for a zone that is unknown, ``ValueError`` for what is no instant.
    """
    read = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
    if read.tzinfo is None:
        raise ValueError("an instant without its time zone")
    return read.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone or UTC)


def local_day(instant: datetime | str, zone: str | tzinfo | None) -> date:
    """The date of an instant, there."""
    return local(instant, zone).date()


def instant_at(day: date, at: time, zone: str | None) -> datetime:
    """The instant of a local time; of the reader's clock where no zone is given.

    Raises ``ZoneInfoNotFoundError``, naming the zone, for one that is unknown.
    """
    return datetime.combine(day, at, tzinfo=ZoneInfo(zone) if zone else None).astimezone(UTC)


def day_text(instant: datetime | str | None, zone: str | None) -> str:
    """``2027-01-04``; nothing for no instant, and a date as it is."""
    if instant is None:
        return ""
    return instant if isinstance(instant, str) and "T" not in instant else f"{local_day(instant, zone)}"


def time_text(instant: datetime | str, zone: str | None) -> str:
    """``2027-01-04 17:00``."""
    return f"{local(instant, zone):%Y-%m-%d %H:%M}"


def with_local_times(text: str, zone: str | None) -> str:
    """A sentence with each instant in it as local time: ``2027-01-04 17:00 GMT``."""
    return with_instants(text, lambda instant: f"{local(instant, zone):%Y-%m-%d %H:%M %Z}")


def with_instants(text: str, say: Callable[[str], str]) -> str:
    """A sentence with each instant in it as ``say`` writes it.

    What people typed may only look like one (30 February, a year that ends elsewhere): that stays as it stands.
    """

    def said(found: re.Match[str]) -> str:
        try:
            return say(found[0])
        except (ValueError, OverflowError):
            return found[0]

    return INSTANT.sub(said, text)


def same_time(zone: str | None, other: str | None, at: datetime) -> bool:
    """Whether clocks show the same in two zones at that instant."""
    return local(at, zone).utcoffset() == local(at, other).utcoffset()


def elsewhere(zones: Iterable[str | None], at: datetime) -> list[str]:
    """Those of the zones in which clocks show another time than the reader's, by name."""
    here = at.astimezone().utcoffset()
    return sorted({zone or "UTC" for zone in zones if local(at, zone).utcoffset() != here})
