"""The programme clock: waits until moments of programme time, however they move and however fast they come."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from temporalio import workflow

from domain.core.clock import ClockState
from workflows.case.cancelling import heed_cancellation


def never() -> bool:
    """The condition of a wait that nothing ends early."""
    return False


class ProgrammeClock:
    """One case's clock. It stands still for those who wait while the case is paused.

    A moment to wait for is a function, because pauses, extensions and early decisions move it; the wait follows.
    """

    def __init__(self, state: ClockState) -> None:
        self._state = state
        self._stood_still = timedelta(0)

    def now(self) -> datetime:
        """The instant on the case's own clock; the real one in real life."""
        return self._state.shows(workflow.now())

    def begin_now(self) -> None:
        """What was to be looked up before the case could begin has taken none of its time, at whatever pace."""
        if not self.paused:
            waited = workflow.now() - self._state.began_really
            self._state.began += waited
            self._state.began_really += waited

    @property
    def paused(self) -> bool:
        """Whether the case is paused."""
        return self._state.paused_since is not None

    def pause(self) -> None:
        """Let all waits stand still from now on."""
        self._state.paused_since = self.now()
        self._state.remind_of_pause_at = None

    def resume(self) -> timedelta:
        """Let the waits go on; returns how long they stood still, in programme time."""
        since = self._state.paused_since
        self._state.paused_since = None
        stood_still = self.now() - since if since else timedelta(0)
        self._stood_still += stood_still
        return stood_still

    async def until(
        self,
        moment: Callable[[], datetime | None],
        summary: str,
        *,
        unless: Callable[[], bool] = never,
        even_paused: bool = False,
    ) -> bool:
        """Wait until the clock shows ``moment()``; true then, false when ``unless()`` came true first.

        A moment of none is not known yet. ``summary`` names the timer for the operators. A moment that moves
        further away is noticed when the timer fires, one that comes nearer at once: timers are not free.
        """
        while not unless():
            aim = moment()
            if (self.paused and not even_paused) or aim is None:
                await workflow.wait_condition(
                    lambda: unless() or ((even_paused or not self.paused) and moment() is not None)
                )
                continue
            remaining = aim - self.now()
            if remaining <= timedelta(0):
                return True
            if await self._sleep(aim, remaining, moment, summary, unless, even_paused) and moment() == aim:
                return not unless()
        return False

    async def until_resumed(self) -> None:
        """Wait for the end of a pause, if there is one."""
        await workflow.wait_condition(lambda: not self.paused)

    async def wait(self, days: int, summary: str) -> None:
        """Wait so many days of programme time; those of a pause don't count."""
        aim = self.now() + timedelta(days=days)
        since = self._state.paused_since
        stood_still = self._stood_still + (self.now() - since if since else timedelta(0))
        await self.until(lambda: aim + self._stood_still - stood_still, summary)

    async def _sleep(
        self,
        aim: datetime,
        remaining: timedelta,
        moment: Callable[[], datetime | None],
        summary: str,
        unless: Callable[[], bool],
        even_paused: bool,
    ) -> bool:
        """Sleep with one timer; true when it fired, false when something else woke us."""

        def disturbed() -> bool:
            if unless() or (self.paused and not even_paused):
                return True
            then = moment()
            return then is None or then < aim

        try:
            await workflow.wait_condition(disturbed, timeout=remaining / self._state.pace, timeout_summary=summary)
        except TimeoutError:
            return True
        heed_cancellation()
        return False
