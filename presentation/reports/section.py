"""A section of a report or a rehearsal, as plain text: a table with what stands around it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """A table with its title and caption; the first ``words`` columns are words, the others numbers."""

    key: str
    title: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1
    empty: str = "Nothing yet."
