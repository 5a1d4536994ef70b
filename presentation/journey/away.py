"""A leave that lasts: what is planned after its first day waits, and comes later by as much as it lasts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from domain.core.clock import DAY
from domain.placement.programme_days import Leave
from presentation.journey import words
from presentation.journey.common import Material
from records.local_time import local_day

LONGEST_AHEAD = 400 * DAY
"""So far ahead the end of a leave is drawn: one that is planned for years would leave no room for the rest."""


def lasting(material: Material) -> Leave | None:
    """The leave on which the returner is now, or none."""
    if material.records.ended:
        return None
    return next((leave for leave in material.records.leaves if leave.back_on is None), None)


def back(material: Material, leave: Leave) -> datetime:
    """Until when it goes on as far as is known: today at least, else the day on which they are to be back."""
    until = max(material.now, material.begins(leave.first))
    if (planned := material.records.planned_back) is None:
        return until
    return max(until, min(material.begins(planned), material.now + LONGEST_AHEAD))


def waiting(material: Material) -> Callable[[datetime], datetime]:
    """When that comes which is planned for some instant: later, if a leave lasts; it moves by whole local days."""
    if (leave := lasting(material)) is None:
        return lambda planned: planned
    first = material.begins(leave.first)
    away = local_day(back(material, leave), material.records.time_zone) - leave.first
    return lambda planned: planned + away if planned >= first else planned


def waiting_plan(material: Material) -> Mapping[str, Any]:
    """The calendar of a placement as the case has it, and what waits in it as late as it comes then; or nothing."""
    plan: Mapping[str, Any] = material.view.get("plan") or {}
    return plan if lasting(material) is None else _moved(plan, waiting(material))


def _moved(planned: Any, later: Callable[[datetime], datetime]) -> Any:
    if isinstance(planned, Mapping):
        return {key: _moved(value, later) for key, value in planned.items()}
    if isinstance(planned, list):
        return [_moved(value, later) for value in planned]
    if isinstance(planned, str) and (instant := _instant(planned)):
        return later(instant).isoformat()
    return planned


def _instant(text: str) -> datetime | None:
    """The instant that a text of a calendar is; its dates and its words are none."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def supposed(material: Material) -> str:
    """What a picture supposes of a leave that lasts; nothing without one."""
    if lasting(material) is None:
        return ""
    planned: date | None = material.records.planned_back
    if planned is None or material.begins(planned) <= material.now:
        return material.text(words.MOVES_EACH_DAY)
    return material.text(words.MOVED_UNTIL) % {"day": material.speech.day(planned)}
