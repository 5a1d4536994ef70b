"""Which time zones, countries and holiday calendars there are."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones

import holidays

NOT_PLACES = frozenset({"localtime", "Factory", "posixrules"})


def is_time_zone(name: str) -> bool:
    """Whether the IANA database has this time zone."""
    return name in _time_zones()


def is_country(code: str) -> bool:
    """Whether the part of a code before the hyphen is a country whose public holidays are known."""
    return code.partition("-")[0] in _calendars()


def has_calendar(code: str) -> bool:
    """Whether the public holidays of a country, or of its part where one is named (``DE-BY``), are known."""
    country, _, part = code.partition("-")
    return is_country(country) and (not part or part in _calendars()[country])


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones()) - NOT_PLACES


@cache
def _calendars() -> dict[str, list[str]]:
    return holidays.list_supported_countries(include_aliases=False)
