"""Which time zones, countries and holiday calendars there are."""

from __future__ import annotations

import re
from functools import cache
from zoneinfo import available_timezones

from holidays import country_holidays, list_supported_countries

NOT_PLACES = frozenset({"localtime", "Factory", "posixrules"})

PART = re.compile(r"[A-Z0-9]{1,3}")
"""The part of a country in a code of ISO 3166-2."""

YEARS = range(2025, 2033)
"""The years in which public holidays are compared: eight, for those of every fourth year too."""

ONLY_EXCEPTIONS = frozenset({"FR"})
"""Countries of which the calendars name only the parts that differ from all the rest, which has no code of its own."""

NAMED_IN_FULL = 30
"""A country with more parts than this has a few named, as examples."""


def is_time_zone(name: str) -> bool:
    """Whether the IANA database has this time zone."""
    return name in _time_zones()


def is_country(code: str) -> bool:
    """Whether the part of a code before the hyphen is a country whose public holidays are known."""
    return code.partition("-")[0] in _calendars()


def broken_country_rule(code: str) -> str | None:
    """Why the public holidays are not those of one place by this code, and what to write instead; none if they are."""
    country, _, part = code.partition("-")
    if not is_country(code):
        return "must be an ISO 3166 country code, such as GB-ENG or IE"
    if not part:
        needed = needed_parts(code)
        return f"public holidays differ between the parts of {country}; write {needed}" if needed else None
    if part in _calendars()[country]:
        return None
    known = [known_part for known_part in _calendars()[country] if PART.fullmatch(known_part)]
    return f"no part {part} of {country} is known; write {_one_of(country, known) if known else country}"


def needed_parts(code: str) -> str | None:
    """Which parts there are, for a sentence, where a country is named without one though holidays differ; else none."""
    country, _, part = code.partition("-")
    if part or not is_country(country) or not (parts := _differing_parts(country)):
        return None
    return _one_of(country, parts)


def _one_of(country: str, parts: list[str]) -> str:
    codes = [f"{country}-{part}" for part in parts]
    if len(codes) > NAMED_IN_FULL:
        return f"one of its {len(codes)} codes of ISO 3166-2, such as {', '.join(codes[:3])}"
    return f"{', '.join(codes[:-1])} or {codes[-1]}" if len(codes) > 1 else codes[0]


@cache
def _differing_parts(country: str) -> list[str]:
    """All parts of a country, where the public holidays of at least one are not those that are told for the whole."""
    if country in ONLY_EXCEPTIONS:
        return []
    parts = [part for part in _calendars()[country] if PART.fullmatch(part)]
    of_all = set(country_holidays(country, years=YEARS))
    differ = any(set(country_holidays(country, subdiv=part, years=YEARS)) != of_all for part in parts)
    return parts if differ else []


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones()) - NOT_PLACES


@cache
def _calendars() -> dict[str, list[str]]:
    return list_supported_countries(include_aliases=False)
