"""What the HR database refuses, in one line without any of the data."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

MISSING = ("42P01", "42703", sqlite3.SQLITE_ERROR)
"""PostgreSQL's codes for a table and a column that are not there; SQLite's for statements that don't fit its tables."""
RAISED_BY_TRIGGER = "P0001"
"""PostgreSQL's code for what a trigger of ours refuses."""

IS_THERE = "42P07"
"""PostgreSQL's code for a table that is to be made and is there."""

MAKES = "`starter.py records migrate` makes them, and so does an import, or a worker when it starts"
"""Of tables that are not there: how they come to be."""


class RecordsError(Exception):
    """The records database and what went wrong with it, in one line without any of the data."""


class RecordsUnreachable(RecordsError):
    """The records database can't be used now; trying again later may help."""


class RecordsRefused(RecordsError):
    """The records database is there and has refused a statement."""


def in_one_line(error: DBAPIError | PoolTimeout, database: str) -> RecordsError:
    """What went wrong with a ``database``, which is shown without its password."""
    if _lacks_tables(error):
        return RecordsUnreachable(f"the records database {database} has not all its tables yet: {MAKES}")
    if isinstance(error, OperationalError | InterfaceError | PoolTimeout):
        return RecordsUnreachable(f"the records database {database} can't be used now: {_first_line(error)}")
    return RecordsRefused(f"the records database {database} refused: {_without_data(error)}")


def is_of_other_tables(error: DBAPIError) -> bool:
    """Whether a statement met tables that are not as it takes them to be."""
    return _code(error) in (*MISSING, IS_THERE)


def _lacks_tables(error: DBAPIError | PoolTimeout) -> bool:
    return not isinstance(error, PoolTimeout) and _code(error) in MISSING


def _code(error: DBAPIError) -> object:
    return getattr(error.orig, "sqlstate", getattr(error.orig, "sqlite_errorcode", None))


def _first_line(error: DBAPIError | PoolTimeout) -> str:
    cause = error if isinstance(error, PoolTimeout) else error.orig
    lines = str(cause).strip().splitlines()
    return lines[0] if lines else type(cause).__name__


def _without_data(error: DBAPIError) -> str:
    """What a database says about a refusal; PostgreSQL's own sentences may repeat the data, so not those."""
    sqlstate = getattr(error.orig, "sqlstate", None)
    if sqlstate is None or sqlstate == RAISED_BY_TRIGGER:
        return _first_line(error)
    constraint = getattr(getattr(error.orig, "diag", None), "constraint_name", None)
    return " ".join([type(error.orig).__name__, f"({sqlstate})", *([f"on {constraint}"] if constraint else [])])
