"""Working days and local times, by today's public holidays and time zones: the data of the packages installed."""

from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import holidays

from domain.core.local_days import At
from domain.core.people import Country
from domain.core.working_pattern import WorkingTime
from domain.placement.programme_days import Working, nearest_working_day
from records.imports.core.places import needed_parts
from records.local_time import instant_at


def holidays_lack(country: Country) -> str | None:
    """What is left out where a country is named alone, as in records from before its part was asked for."""
    parts = needed_parts(country)
    return parts and f"those of the parts of {country} are left out: the role names none of them ({parts})"


def working_days(country: Country) -> Working:
    """Which days are worked on in a country. Raises ``NotImplementedError``, naming it, for one that is unknown."""
    public = _public_holidays(country)

    def working(day: date) -> bool:
        return public.is_working_day(day)

    return working


def _public_holidays(country: Country) -> holidays.HolidayBase:
    code, _, subdivision = country.partition("-")
    return holidays.country_holidays(code, subdiv=subdivision or None)


def first_worked_day(country: Country, wanted: date, time: WorkingTime | None = None) -> date:
    """The day on which begins what is wanted to begin on this one: the nearest that is worked on.

    It is also one on which somebody works whose ``time`` is given. In a country that is unknown it stays: planning its
    calendar names that.
    """
    try:
        public = _public_holidays(country)
    except NotImplementedError:
        return wanted
    works_on = (time or WorkingTime([])).works_on
    try:
        return nearest_working_day(wanted, lambda day: public.is_working_day(day) and works_on(day))
    except ValueError:  # they never work there: see ProgrammeDays
        return nearest_working_day(wanted, public.is_working_day)


def begins_later(country: Country, wanted: date, time: WorkingTime | None = None) -> str | None:
    """On which day begins what is to begin on one that is not worked on, and why; none where it is worked on."""
    first = first_worked_day(country, wanted, time)
    if first == wanted:
        return None
    public = _public_holidays(country)
    if public.is_working_day(wanted):
        return f"the first day is {first}, because the returner does not work on {wanted}"
    if wanted in public:
        return f"the first day is {first}, because {wanted} is a public holiday in {country}"
    return f"the first day is {first}, because {wanted} is no working day in {country}"


def local_times(time_zone: str) -> At:
    """When it is a local time there. Raises ``ZoneInfoNotFoundError``, naming the zone, for one that is unknown."""
    ZoneInfo(time_zone)

    def at(day: date, local: time) -> datetime:
        return instant_at(day, local, time_zone)

    return at
