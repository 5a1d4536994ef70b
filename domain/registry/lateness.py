"""Whether somebody is late with an answer: one rule, for every list, count, filter and page."""

from __future__ import annotations

from datetime import datetime

from domain.core.questions import TaskKind
from domain.registry.forms import MAY_EXPIRE


def is_late(kind: TaskKind, due_at: datetime, now: datetime, *, paused: bool) -> bool:
    """Whether an open task is late.

    ``now`` is what the clock of its case shows: due times are instants on that clock, which runs ahead of real ones at
    a fast pace. In a case that is paused all time stands still, and what runs out with its time is never late.
    """
    return due_at < now and not paused and kind not in MAY_EXPIRE
