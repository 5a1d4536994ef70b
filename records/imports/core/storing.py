"""Storing what an import has read: row by row, so that what has not changed stays untouched.

What storing it would change is found by the same functions, which then write nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from sqlalchemy import update
from sqlalchemy.orm import Session

from records.database import lock_rows
from records.imports.core.differences import Difference, differences
from records.imports.core.report import ImportRefused, ImportReport, Stored
from records.tables.base import Base

Change = Literal["added", "changed", "unchanged"]


def check(report: ImportReport, *, clean_only: bool) -> None:
    """Raise :class:`ImportRefused` where there are problems; with ``clean_only``, where nothing is usable."""
    if not report.usable or (report.problems and not clean_only):
        raise ImportRefused(report)


def summary(noun: str, changes: Counter[Change], entries: int, found: Sequence[Difference] = ()) -> Stored:
    """What was changed of so many entries of a file; what was not stored has been refused."""
    return Stored(
        what=noun,
        added=changes["added"],
        changed=changes["changed"],
        unchanged=changes["unchanged"],
        refused=entries - changes.total(),
        differences=list(found),
    )


def store_rows(
    session: Session,
    table: type[Base],
    entries: Iterable[dict[str, Any]],
    *,
    on_change: Mapping[str, Any] | None = None,
    found: list[Difference] | None = None,
    exclusive: str | None = None,
    write: bool = True,
) -> Counter[Change]:
    """Add or update rows by their primary keys; unless ``write``, only compare them, and keep nobody from writing.

    A row that is changed gets the values of ``on_change`` as well. What becomes otherwise is added to ``found``. Of an
    ``exclusive`` column no two rows have the same value, but rows may exchange theirs.
    """
    if write:
        lock_rows(session, table.__tablename__)
    changes: Counter[Change] = Counter()
    with session.no_autoflush:  # nobody gets an exclusive value before whoever had it has given it up
        for values in entries:
            keys = [column.key for column in table.__table__.primary_key]
            existing = session.get(table, tuple(values[key] for key in keys))
            if existing is not None and found is not None:
                before = {column: getattr(existing, column) for column in values}
                found += differences(" ".join(str(values[key]) for key in keys), before, values)
            changes[_change(existing, values)] += 1
            if write:
                if existing is not None and exclusive is not None and exclusive in values:
                    _give_up(session, existing, exclusive, values[exclusive])
                _store(session, table, existing, values, on_change or {})
    if write:
        session.flush()
    return changes


def _change(existing: Base | None, values: Mapping[str, Any]) -> Change:
    if existing is None:
        return "added"
    return "changed" if any(getattr(existing, column) != value for column, value in values.items()) else "unchanged"


def _give_up(session: Session, row: Base, column: str, wanted: Any) -> None:
    """In the database a row gives up a value for another one, which it gets when all have given up theirs."""
    had = getattr(row, column)
    if had is not None and had != wanted:
        table = type(row)
        is_this = (getattr(table, key.key) == getattr(row, key.key) for key in table.__table__.primary_key)
        session.execute(
            update(table).where(*is_this).values({column: None}), execution_options={"synchronize_session": False}
        )


def _store(
    session: Session, table: type[Base], existing: Base | None, values: dict[str, Any], on_change: Mapping[str, Any]
) -> None:
    if existing is None:
        session.add(table(**values))
        return
    changed = {column: value for column, value in values.items() if getattr(existing, column) != value}
    for column, value in {**changed, **(on_change if changed else {})}.items():
        setattr(existing, column, value)
