"""Keeping the newest of the rows that say how something is now, in one statement for each."""

from __future__ import annotations

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Table, and_, inspect, or_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.dml import Insert

from records.tables.base import Base

Excluded = ReadOnlyColumnCollection[str, Any]


def keep_newest(session: Session, new: Base) -> None:
    """Replace the row of the same key unless that is newer. What ``new`` does not set stays as it is.

    A row is newer that is of a later instant; of the same, that of the later ``position``, where both have one.
    """
    table = type(new).__table__
    assert isinstance(table, Table)
    columns = inspect(type(new)).column_attrs
    given = {columns[key].columns[0].name: value for key, value in inspect(new).dict.items() if key in columns}
    session.execute(_entering(table, session.get_bind().dialect.name, tuple(given)), given)


@cache
def _entering(table: Table, dialect: str, names: tuple[str, ...]) -> Insert:
    """The statement for rows that set these columns."""
    entering = (sqlite if dialect == "sqlite" else postgresql).insert(table)
    replaced = {name: entering.excluded[name] for name in names if not table.c[name].primary_key}
    unless_newer: Insert = entering.on_conflict_do_update(
        index_elements=list(table.primary_key), set_=replaced, where=_not_older(entering.excluded, table)
    )
    return unless_newer


def _not_older(new: Excluded, table: Table) -> ColumnElement[bool]:
    in_order = or_(new.position.is_(None), table.c.position.is_(None), new.position >= table.c.position)
    return or_(new.at > table.c.at, and_(new.at == table.c.at, in_order))
