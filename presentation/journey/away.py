"""A leave that lasts: what is planned after its first day waits, and comes later by as much as it lasts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from domain.core.clock import DAY
from domain.placement.mentorship import SessionState
from domain.placement.programme_days import Leave
from presentation.journey import words
from presentation.journey.common import Material
from records.local_time import local_day

LONGEST_AHEAD = 400 * DAY
"""So far ahead the end of a leave is drawn: one that is planned for years would leave no room for the rest."""


def back(material: Material, leave: Leave) -> datetime:
    """Until when it goes on as far as is known: today at least, else the day on which they are to be back."""
    until = max(material.now, material.begins(leave.first))
    if (planned := material.records.planned_back) is None:
        return until
    return max(until, min(material.begins(planned), material.now + LONGEST_AHEAD))


def waiting(material: Material) -> Callable[[datetime], datetime]:
    """When that comes which is planned for some instant: later, if a leave lasts; it moves by whole local days."""
    if (leave := material.records.on_leave) is None:
        return lambda planned: planned
    first = material.begins(leave.first)
    away = local_day(back(material, leave), material.records.time_zone) - leave.first
    return lambda planned: planned + away if planned >= first else planned


def as_it_waits(material: Material) -> Material:
    """The same with the calendar, and the sessions still to come, as late as they come; as it is without a leave."""
    if material.records.on_leave is None or not material.view:
        return material
    later = waiting(material)
    moved = {
        "plan": _moved(material.view.get("plan"), later),
        "sessions": [
            _moved(session, later) if session["state"] == SessionState.PLANNED else session
            for session in material.view.get("sessions") or []
        ],
    }
    return replace(material, view={**material.view, **moved})


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
    if material.records.on_leave is None:
        return ""
    planned: date | None = material.records.planned_back
    if planned is None or material.begins(planned) <= material.now:
        return material.text(words.MOVES_EACH_DAY)
    return material.text(words.MOVED_UNTIL) % {"day": material.speech.day(planned)}
