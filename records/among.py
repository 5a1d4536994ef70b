"""Whether a column is one of many values: one text of a question and one parameter, however many they are.

With a parameter for each, every number of them is a question of its own, to be read and planned anew, and databases
take only so many.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Dialect, String, bindparam
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine


def among(column: InstrumentedAttribute[Any], values: Iterable[str]) -> ColumnElement[bool]:
    """Whether the column is one of these texts."""
    return _Among(column, bindparam(None, sorted(set(values)), type_=_Texts()))


class _Texts(TypeDecorator[list[str]]):
    """Texts as one parameter: an array, or on SQLite, which has none, a JSON list."""

    impl = String
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(String() if dialect.name == "sqlite" else ARRAY(String()))

    def process_bind_param(self, value: list[str] | None, dialect: Dialect) -> Any:
        return json.dumps(value) if dialect.name == "sqlite" else value


class _Among(FunctionElement[bool]):
    """Of no type that SQLAlchemy knows: of what is a boolean it would ask on SQLite whether it equals 1, which is not
    looked up in an index."""

    inherit_cache = True


@compiles(_Among, "postgresql")
def _in_an_array(element: _Among, compiler: SQLCompiler, **more: Any) -> str:
    column, values = element.clauses
    return f"({compiler.process(column, **more)} = ANY ({compiler.process(values, **more)}))"


@compiles(_Among, "sqlite")
def _in_a_list(element: _Among, compiler: SQLCompiler, **more: Any) -> str:
    column, values = element.clauses
    return f"({compiler.process(column, **more)} IN (SELECT value FROM json_each({compiler.process(values, **more)})))"
