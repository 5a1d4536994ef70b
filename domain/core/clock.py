"""The clock of a case, which shows programme time: a real day for each day, or less in a rehearsal."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import Field

from domain.core.model import Instant, Model

DAY = timedelta(days=1)
REAL_LIFE = 86_400.0
"""Real seconds for each day of a programme in real life."""


class ClockState(Model):
    """The clock of a case.

    The clock showed ``began`` when the real time was ``began_really``; since then one programme day passes in
    ``seconds_per_day`` real seconds (86,400 in real life, where both instants are the same).
    """

    began: Instant
    began_really: Instant
    seconds_per_day: float = Field(gt=0, le=86_400)
    paused_since: Instant | None = None
    remind_of_pause_at: Instant | None = None
    """When somebody is next reminded of the pause; it outlives a run, or each would begin to remind anew."""

    @property
    def pace(self) -> float:
        """Programme time that passes in a unit of real time: 1 in real life."""
        return REAL_LIFE / self.seconds_per_day

    def shows(self, really: datetime) -> datetime:
        """The instant on the case's clock at a real instant."""
        if self.seconds_per_day == REAL_LIFE:
            return really
        return self.began + (really - self.began_really) * self.pace


def moments_missed(first: datetime, now: datetime, every: timedelta) -> list[datetime]:
    """Of what should have happened at ``first`` and at each interval since, all but the last; that one is done now."""
    return [first + every * n for n in range(max(0, (now - first) // every))]
