"""How fast a rehearsal goes: real seconds for a day, slower where a machine does not keep up."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import mean

from rehearsal.figures import MOST_OFF_DAYS

FASTEST_SECONDS_PER_DAY = 0.25
SECONDS_PER_DAY_AND_PERSON = 0.0105
"""So much work a day of one placement makes for two cores, by measurement; see docs/rehearsal.md."""

SLOWER = 1.5
"""By so much longer are the days of a rehearsal that is begun anew."""

SLOWEST_OF_ITS_OWN = 4.0
"""No more seconds a day are taken, by itself: a machine that is as slow as that has something else to do."""

ENOUGH_ANSWERS = 60
"""After so many it shows whether a machine keeps up."""

HOPELESS_OFF_DAYS = 2 * MOST_OFF_DAYS
"""Where answers are off by more than that, going on would only cost time."""


def pace(people: int) -> float:
    """Real seconds for a day, so that the machine keeps up with so many people."""
    return max(FASTEST_SECONDS_PER_DAY, SECONDS_PER_DAY_AND_PERSON * people)


def slower(seconds_per_day: float) -> float | None:
    """The next slower pace, or None where that would be too slow to be taken unasked."""
    next_one = seconds_per_day * SLOWER
    return next_one if next_one <= max(SLOWEST_OF_ITS_OWN, seconds_per_day) else None


def hopeless(off_days: Sequence[float]) -> bool:
    """Whether answers so far have been off by so much that this pace is too fast for the machine."""
    return len(off_days) >= ENOUGH_ANSWERS and mean(off_days) > HOPELESS_OFF_DAYS
