"""Whom a name, or a part of one, means: without capital letters and accents, as :mod:`domain.core.called` spells."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, SQLColumnExpression, literal, or_, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Integer

from domain.core.called import spellings
from domain.core.model import PersonId
from records.tables.core import PersonRecord


class Called(NamedTuple):
    """Somebody on record, and whether a text is their name and not only a part of it."""

    id: PersonId
    name: str
    exactly: bool


def whose_name_holds(session: Session, text: str, at_most: int) -> Sequence[PersonId]:
    """So many of those whose name holds a text, by id."""
    query = select(PersonRecord.id).where(_holds(PersonRecord.spellings, spellings(text)))
    return session.scalars(query.order_by(PersonRecord.id).limit(at_most)).all()


def called_here(session: Session, text: str, at_most: int) -> list[Called]:
    """So many of those whose name holds a text and who have not left, nor are leaving.

    First those of exactly that name, each part in the order of names.
    """
    exactly = _is_called(text).label("exactly")
    query = select(PersonRecord.id, PersonRecord.name, exactly).where(
        PersonRecord.left_on.is_(None), _holds(PersonRecord.spellings, spellings(text))
    )
    found = session.execute(query.order_by(exactly.desc(), PersonRecord.name, PersonRecord.id).limit(at_most))
    return [Called(person, name, bool(is_exact)) for person, name, is_exact in found]


class Left(NamedTuple):
    """Somebody on record who leaves the company, or has left it, and their last day."""

    id: PersonId
    name: str
    last_day: date


def called_who_left(session: Session, text: str) -> Left | None:
    """Who left last of those of exactly this name who have left, or are leaving; or none."""
    query = select(PersonRecord.id, PersonRecord.name, PersonRecord.left_on).where(
        PersonRecord.left_on.is_not(None), _is_called(text)
    )
    found = session.execute(query.order_by(PersonRecord.left_on.desc(), PersonRecord.id).limit(1)).first()
    return Left(found[0], found[1], found[2]) if found is not None and found[2] is not None else None


def _is_called(text: str) -> ColumnElement[bool]:
    """Whether a text is somebody's name, and not only a part of it."""
    lines = literal("\n").concat(PersonRecord.spellings).concat("\n")
    return _holds(lines, [f"\n{spelled}\n" for spelled in spellings(text)])


def _holds(column: SQLColumnExpression[Any], parts: Sequence[str]) -> ColumnElement[bool]:
    """Whether one of these stands in the column, character by character."""
    return or_(*(_Place(column, part) > 0 for part in parts))


class _Place(FunctionElement[int]):
    """At which character of a text another one begins, from 1 on; 0 where it does not stand there.

    No ``LIKE``: on SQLite that takes A for a, and it has signs of its own.
    """

    type = Integer()
    inherit_cache = True


@compiles(_Place, "postgresql")
def _on_postgresql(element: _Place, compiler: SQLCompiler, **more: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **more)})"


@compiles(_Place, "sqlite")
def _on_sqlite(element: _Place, compiler: SQLCompiler, **more: Any) -> str:
    return f"instr({compiler.process(element.clauses, **more)})"
