"""Pauses: nobody's is forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from domain.model import Party
from workflows.case import Desk


async def remind_while_paused(desk: Desk[Any], over: Callable[[], bool], back_in_days: int | None) -> None:
    """HR hears of a pause on the day it should end, where that is known, and then at the policy's interval."""
    since = desk.now()
    interval = desk.state.policy.pause.remind_every_days
    days = back_in_days or interval

    def due() -> datetime:
        return since + timedelta(days=days)

    while await desk.clock.until(due, "reminder of a pause", unless=over, even_paused=True):
        desk.report.letters("pause_reminder", [Party.HR], since=since.isoformat(), days=days)
        days += interval
