"""Days on which everybody works who is to meet: those of mentoring sessions.

A session belongs to a programme week. It is on the first day in it that suits, from the preferred one on; else on one
before that; else on the next that suits. It is worked out change by change, in their order: a leave, or another working
pattern, moves only what would come on its first day or later. So what lies before a change stays, as everything does.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from domain.core.working_pattern import WorkingTime
from domain.placement.programme_days import FURTHEST_DAYS, Leave, Working

A_DAY = timedelta(days=1)


class CommonDays:
    """The days on which all of these ``people`` work, in a programme that began on ``start``.

    ``lacking`` is set once there was none for something within a month of its week: then it is on a day that the first
    of them works, or on any working day.
    """

    def __init__(self, start: date, leaves: Sequence[Leave], working: Working, people: Sequence[WorkingTime]) -> None:
        self._start = start
        self._leaves = [leave for leave in leaves if leave.first > start]
        self._working = working
        self._people = people
        self._changes = sorted({day for time in people for day in time.changes() if day > start})
        self.lacking = False

    def in_week(self, week: int, preferred: int, after: date | None) -> date:
        """The day of something in a programme week (from 1), from its ``preferred`` day (0 is the first) on, and later
        than the day ``after``.

        Raises ``ValueError`` where no day is worked on within a month.
        """
        first = self._start + timedelta(weeks=week - 1)
        days = [first, first + timedelta(days=preferred), first + timedelta(days=6)]
        since = max(self._start, after + A_DAY) if after else self._start
        known = self._start
        day, lacking = self._choose(days, since, known)
        for change, leave in self._in_order():
            if day < change:
                break
            if leave is None:
                known, since = change, max(since, change)
            elif leave.back_on is not None:
                days = [each + timedelta(days=leave.days) if each >= leave.first else each for each in days]
                since = max(since, leave.back_on)
            day, lacking = self._choose(days, since, known)
        self.lacking = self.lacking or lacking
        return day

    def _in_order(self) -> Iterator[tuple[date, Leave | None]]:
        """What moves days: leaves, and changes of patterns (none)."""
        moves: list[tuple[date, Leave | None]] = [(leave.first, leave) for leave in self._leaves]
        moves += [(change, None) for change in self._changes]
        yield from sorted(moves, key=lambda move: (move[0], move[1] is None))

    def _choose(self, days: Sequence[date], since: date, known: date) -> tuple[date, bool]:
        """The day between the first and the last of these ``days``, or after them, that suits; not before ``since``.

        And whether it does not suit all. Patterns count as they are ``known`` on that day.
        """
        first, preferred, last = days
        latest = max(last, since) + FURTHEST_DAYS * A_DAY
        in_turn = [*_days(preferred, last), *_days(first, preferred - A_DAY), *_days(last + A_DAY, latest)]
        worked = [day for day in in_turn if day >= since and self._working(day)]
        times = [time.up_to(known) for time in self._people]
        for asked in range(len(times), -1, -1):
            for day in worked:
                if all(time.works_on(day) for time in times[:asked]):
                    return day, asked < len(times)
        raise ValueError(f"no working day within a month of {last}")


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]
