"""Working patterns: how many hours somebody works on which weekday, and from which day on.

Several follow each other in a row: half days for four weeks, then full ones. Whoever has none works the full week of
the programme's policy. A share, such as 60 %, is that of the full week, on each of its days: whoever works on some days
only has hours by weekday. Public holidays are no matter of a pattern: the calendar knows them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from domain.core.model import Fixed

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
SHORT = {day[:3]: n for n, day in enumerate(WEEKDAYS)}

MOST_IN_A_ROW = 12
"""So many patterns in a row are more than anybody has agreed on."""

Hours = Annotated[Decimal, Field(ge=0, le=24, decimal_places=2)]
Percent = Annotated[Decimal, Field(gt=0, le=100, decimal_places=2)]


class WorkingWeek(Fixed):
    """Hours on each weekday; at least on one of them."""

    monday: Hours = Decimal(0)
    tuesday: Hours = Decimal(0)
    wednesday: Hours = Decimal(0)
    thursday: Hours = Decimal(0)
    friday: Hours = Decimal(0)
    saturday: Hours = Decimal(0)
    sunday: Hours = Decimal(0)

    @model_validator(mode="after")
    def _some_hours(self) -> Self:
        if not self.total:
            raise ValueError("must have hours on at least one day")
        return self

    @property
    def hours(self) -> tuple[Decimal, ...]:
        """The hours from Monday to Sunday."""
        return tuple(getattr(self, day) for day in WEEKDAYS)

    @property
    def total(self) -> Decimal:
        """Hours a week."""
        return sum(self.hours, Decimal(0))

    def __str__(self) -> str:
        return ", ".join(_days_together(self.hours))


FULL_WEEK = WorkingWeek(**dict.fromkeys(WEEKDAYS[:5], Decimal(8)))
"""Full time where a policy does not say otherwise (own default): the 40 hours of published examples of pro rata pay."""


class WorkingPattern(Fixed):
    """What somebody works from the day ``since`` on (none: from the first one): a ``share`` of full time in percent, or
    the hours of a ``week``."""

    since: date | None = Field(default=None, lt=date(2200, 1, 1))
    share: Percent | None = None
    week: WorkingWeek | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.share is None) == (self.week is None):
            raise ValueError("give either a share or hours by weekday")
        return self

    def hours_a_week(self, full: WorkingWeek) -> Fraction:
        """Hours a week, where full time is that ``full`` week."""
        if self.week is not None:
            return Fraction(self.week.total)
        return Fraction(self.share or 0) * Fraction(full.total) / 100

    def works_on(self, day: date) -> bool:
        """Whether there are hours on its weekday; a share has some on each day of the full week."""
        return self.week is None or self.week.hours[day.weekday()] > 0

    @property
    def what(self) -> str:
        """What is worked, without the day from which on."""
        return str(self.week) if self.week is not None else f"{plain(self.share or Decimal(0))}%"

    def __str__(self) -> str:
        return self.what if self.since is None else f"from {self.since} {self.what}"


def _in_a_row(patterns: list[WorkingPattern]) -> list[WorkingPattern]:
    days = [pattern.since for pattern in patterns]
    if None in days[1:]:
        raise ValueError('of several in a row, each after the first must say from which day on: "from 2027-02-01 100%"')
    known = [day for day in days if day is not None]
    if known != sorted(set(known)):
        raise ValueError("must follow each other, each from a later day than the one before")
    return patterns


Patterns = Annotated[list[WorkingPattern], Field(max_length=MOST_IN_A_ROW), AfterValidator(_in_a_row)]
"""Patterns in a row, the first from the first day on or from a day; none at all is full time."""


class WorkingTime:
    """When somebody works who has these patterns, where full time is that ``full`` week."""

    def __init__(self, patterns: Sequence[WorkingPattern], full: WorkingWeek = FULL_WEEK) -> None:
        self._patterns = patterns
        self._full = full

    def pattern_on(self, day: date) -> WorkingPattern | None:
        """The pattern of that day; none where it is full time."""
        begun = [pattern for pattern in self._patterns if pattern.since is None or pattern.since <= day]
        return begun[-1] if begun else None

    def works_on(self, day: date) -> bool:
        """Whether that day is one on which they work, as far as it is not a day off for everybody."""
        pattern = self.pattern_on(day)
        return pattern is None or pattern.works_on(day)

    def has_hours_on(self, day: date) -> bool:
        """Whether they have hours on its weekday: those of their own, or without such the ones of full time."""
        pattern = self.pattern_on(day)
        week = self._full if pattern is None or pattern.week is None else pattern.week
        return week.hours[day.weekday()] > 0

    def share_on(self, day: date) -> Fraction:
        """The part of full time that they have on that day."""
        pattern = self.pattern_on(day)
        return Fraction(1) if pattern is None else pattern.hours_a_week(self._full) / Fraction(self._full.total)

    def changes(self) -> list[date]:
        """The days from which on another pattern is theirs."""
        return [pattern.since for pattern in self._patterns if pattern.since is not None]

    def up_to(self, day: date) -> WorkingTime:
        """The same as it was before any change after that day."""
        return WorkingTime([each for each in self._patterns if each.since is None or each.since <= day], self._full)


def changed(patterns: Sequence[WorkingPattern], to: Sequence[WorkingPattern]) -> list[WorkingPattern]:
    """The patterns in a row once these take the place of whatever was to come from the first one's day on."""
    first = to[0].since
    return [*(each for each in patterns if first and (each.since is None or each.since < first)), *to]


def reason_against(patterns: Sequence[WorkingPattern], full: WorkingWeek) -> str | None:
    """Why nobody can be placed with these patterns where full time is that ``full`` week; None where they fit."""
    for pattern in patterns:
        if pattern.hours_a_week(full) > Fraction(full.total):
            return f"{pattern.what} is more than the {plain(full.total)} hours a week that are full time"
        if pattern.week and not any(
            ours and theirs for ours, theirs in zip(pattern.week.hours, full.hours, strict=True)
        ):
            return f"{pattern.what} has no day on which work is done; those are {full}"
    return None


# As people write it

RULE = (
    'must be days with their hours, such as "mon-wed 8, thu 4", or a share such as "60%"; '
    'of several in a row, put ; between them and "from 2027-02-01" before the later ones'
)

_PATTERN = re.compile(r"(?:from\s+(?P<since>\d{4}-\d{2}-\d{2})\s+)?(?P<what>.+)", re.IGNORECASE)
_SHARE = re.compile(r"(\d{1,3}(?:\.\d{1,2})?)\s*%")
_DAYS = re.compile(r"([a-z]+)(?:\s*[-–]\s*([a-z]+))?\s+(\d{1,2}(?:\.\d{1,2})?)\s*h?", re.IGNORECASE)


def read_patterns(text: str) -> list[WorkingPattern]:
    """Patterns as people write them; of an empty text none. Raises ``ValueError`` with the rule that is broken."""
    parts = [part.strip() for part in re.split("[;|]", text)]
    patterns = [_read(part) for part in parts if part]
    if len(patterns) > MOST_IN_A_ROW:
        raise ValueError(f"must be at most {MOST_IN_A_ROW} patterns in a row")
    return _in_a_row(patterns)


def patterns_text(patterns: Sequence[WorkingPattern]) -> str:
    """Patterns as people write them, which :func:`read_patterns` reads."""
    return "; ".join(map(str, patterns))


def _read(text: str) -> WorkingPattern:
    found = _PATTERN.fullmatch(text)
    if found is None:
        raise ValueError(RULE)
    try:
        since = date.fromisoformat(found["since"]) if found["since"] else None
    except ValueError:
        raise ValueError(f"{found['since']} is no day") from None
    if since is not None and since.year >= 2200:
        raise ValueError(f"{since} is too far away")
    share = _SHARE.fullmatch(found["what"])
    if share is None:
        return WorkingPattern(since=since, week=_read_week(found["what"]))
    if not 0 < Decimal(share[1]) <= 100:
        raise ValueError("a share must be more than 0% and at most 100%")
    return WorkingPattern(since=since, share=Decimal(share[1]))


def _read_week(text: str) -> WorkingWeek:
    hours: dict[str, Decimal] = {}
    for part in text.split(","):
        days = _DAYS.fullmatch(part.strip())
        if days is None:
            raise ValueError(RULE)
        first = _weekday(days[1])
        last = _weekday(days[2]) if days[2] else first
        if last < first:
            raise ValueError(f"{days[1]}-{days[2]} must be written from the earlier day to the later one")
        for day in WEEKDAYS[first : last + 1]:
            if day in hours:
                raise ValueError(f"{day} stands there twice")
            hours[day] = Decimal(days[3])
    if max(hours.values()) > 24:
        raise ValueError("a day has at most 24 hours")
    if not any(hours.values()):
        raise ValueError("must have hours on at least one day")
    return WorkingWeek(**hours)


def _weekday(name: str) -> int:
    known = SHORT.get(name[:3].lower())
    if known is None or not (len(name) == 3 or WEEKDAYS[known] == name.lower()):
        raise ValueError(RULE)
    return known


def _days_together(hours: Sequence[Decimal]) -> Iterator[str]:
    """``mon-wed 8``: days in a row with the same hours, without those that have none."""
    for same, days in groupby(range(7), key=lambda n: hours[n]):
        first, *others = days
        if same:
            names = WEEKDAYS[first][:3] + (f"-{WEEKDAYS[others[-1]][:3]}" if others else "")
            yield f"{names} {plain(same)}"


def plain(number: Decimal) -> str:
    """A number without needless zeros: ``8``, ``7.5``."""
    return f"{number.normalize():f}"
