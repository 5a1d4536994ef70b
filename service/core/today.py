"""Today, for whoever asks."""

from __future__ import annotations

from datetime import date, datetime


def today() -> date:
    """Today, in the calendar of whoever asks."""
    return datetime.now().astimezone().date()
