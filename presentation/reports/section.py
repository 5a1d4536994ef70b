"""A section of a report or a rehearsal, as plain text: a table with what stands around it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """A table with its title and caption, in the language of its reader; the first ``words`` columns are words, the
    others numbers. ``empty`` is what is said where there is no row.
    """

    key: str
    title: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str
    words: int = 1
