"""Long lists come a page at a time."""

from __future__ import annotations

ROWS = 50
"""So many rows stand on a page."""


def pages(rows: int) -> int:
    """How many pages so many rows take; one, if there are none."""
    return max(1, -(-rows // ROWS))


def first_on(page: int, rows: int) -> int:
    """The first row (counted from 0) on page number ``page`` (from 1) of so many; beyond the last page, on the last."""
    return (min(max(page, 1), pages(rows)) - 1) * ROWS
