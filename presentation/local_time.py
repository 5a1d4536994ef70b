"""What the reader is told of the time zones of what is shown."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from records.local_time import elsewhere


def note_on_zones(zones: Iterable[str | None], now: datetime) -> str:
    """Whose dates are shown, where clocks there show another time than the reader's; else nothing."""
    others = elsewhere(zones, now)
    return f"Dates are those of each case's own time zone: {', '.join(others)}." if others else ""
