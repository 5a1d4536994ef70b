"""The clocks of a rehearsal's cases: each began at its own real instant, and all go at the same pace."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

from domain.core.clock import ClockState
from domain.core.model import CaseId

DAY = timedelta(days=1)


class Clocks:
    """Tells what a case's clock shows, and waits for it to show something."""

    def __init__(self, seconds_per_day: float) -> None:
        self.seconds_per_day = seconds_per_day
        self._clocks: dict[CaseId, ClockState] = {}

    def knows(self, case: CaseId) -> bool:
        """Whether it is known when the case began."""
        return case in self._clocks

    def learn(self, case: CaseId, began: datetime) -> None:
        """The case began then."""
        self._clocks[case] = ClockState(began=began, began_really=began, seconds_per_day=self.seconds_per_day)

    def now(self, case: CaseId) -> datetime:
        """What the clock of the case shows."""
        return self._clocks[case].shows(datetime.now(UTC))

    async def until(self, case: CaseId, moment: datetime) -> None:
        """Wait until the clock of the case shows that."""
        await asyncio.sleep(max(0.0, (moment - self.now(case)) / DAY * self.seconds_per_day))

    async def wait(self, days: float) -> None:
        """Wait so many days of programme time."""
        await asyncio.sleep(days * self.seconds_per_day)
