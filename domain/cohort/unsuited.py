"""Whom the cohort's own dates don't suit: who does not work on that day. HR may move the date, or talk to them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from domain.core.local_days import Midnights, local_day_of
from domain.core.model import PersonId
from domain.core.working_pattern import WorkingPattern, WorkingTime

NAMED_AT_MOST = 20
"""So many people are named in a letter or task; the view names all."""


def not_working(
    starts: datetime, people: Iterable[tuple[PersonId, list[WorkingPattern]]], midnights: list[Midnights]
) -> list[PersonId]:
    """Those of these ``people`` who don't work on the local day on which something begins, by id."""
    day = local_day_of(starts, midnights)
    return sorted({who for who, patterns in people if not WorkingTime(patterns).works_on(day)})


def named(people: list[PersonId]) -> str:
    """People in a sentence, as far as there is room."""
    more = len(people) - NAMED_AT_MOST
    return ", ".join(people[:NAMED_AT_MOST]) + (f" and {more} more" if more > 0 else "")
