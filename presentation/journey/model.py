"""A journey as data: rows of stretches and marks in time, said in the language of their reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class How(StrEnum):
    """Whether something has happened."""

    DONE = "done"
    UNDER_WAY = "under_way"
    PLANNED = "planned"
    NOT_DONE = "not_done"
    """It was to happen, and did not: refused, expired, waived, failed."""


@dataclass(frozen=True)
class Stretch:
    """Something that lasts, from an instant to a later or the same one. ``kind`` is what it is, for its colour."""

    kind: str
    label: str
    since: datetime
    until: datetime
    how: How
    note: str = ""


@dataclass(frozen=True)
class Mark:
    """Something that happens at an instant. ``label`` stands in the picture, ``note`` beside it in the table only."""

    kind: str
    label: str
    at: datetime
    how: How
    note: str = ""


@dataclass(frozen=True)
class Row:
    """What belongs together. Of a row ``in_short`` the picture shows no labels of its own, the table does."""

    key: str
    title: str
    stretches: Sequence[Stretch] = ()
    marks: Sequence[Mark] = ()
    in_short: bool = False

    def __bool__(self) -> bool:
        return bool(self.stretches or self.marks)

    @property
    def entries(self) -> list[Stretch | Mark]:
        """All that is in it, in the order in which it begins."""
        return sorted([*self.stretches, *self.marks], key=begins)

    def instants(self) -> Iterator[datetime]:
        """All instants in it."""
        for stretch in self.stretches:
            yield from (stretch.since, stretch.until)
        yield from (mark.at for mark in self.marks)


@dataclass(frozen=True)
class Journey:
    """The journey of a case up to ``now``, by its own clock, and what is planned of it from there.

    ``zone`` is where the case is at home. After the ``knee``, where there is one, time is drawn narrower: what comes
    then lasts long, and little happens in it. ``absences`` are drawn across all rows.
    """

    title: str
    rows: Sequence[Row]
    now: datetime
    zone: str | None
    absences: Sequence[Stretch] = ()
    knee: datetime | None = None
    legend: Sequence[tuple[str, str]] = ()
    """Kinds of stretches with what they are called, where the rows have no labels."""
    supposes: str = ""
    """What is drawn as if it were so, for the reader."""

    @property
    def first(self) -> datetime:
        """When it begins."""
        return min(self._instants())

    @property
    def last(self) -> datetime:
        """When the last of it is over, or will be, or now."""
        return max(self._instants())

    def _instants(self) -> list[datetime]:
        return [self.now, *(instant for row in self.rows for instant in row.instants())]


def begins(entry: Stretch | Mark) -> datetime:
    """When something begins, or happens."""
    return entry.since if isinstance(entry, Stretch) else entry.at


def sofar(since: datetime, until: datetime, now: datetime) -> How:
    """Whether something that lasts so long is over, under way or to come."""
    if until <= now:
        return How.DONE
    return How.UNDER_WAY if since <= now else How.PLANNED
