"""All that the records hold about one person; what of each table that is, :mod:`kinds_about_person` says."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from pydantic_core import to_jsonable_python
from sqlalchemy import inspect, select
from sqlalchemy.orm import Session

from domain.core.model import CaseId, PersonId
from domain.core.naming import CHOICE
from records.queries.kinds_about_person import KINDS, Kind
from records.tables.core import CaseRecord, DecisionRecord

Entry = dict[str, Any]

COUNTED = ("position", "arrived")
"""Columns that say in which order rows came, and nothing of anybody."""


class Stored(NamedTuple):
    """Entries of one kind, each by the names of its fields, as JSON."""

    what: str
    entries: list[Entry]


class NotShown(NamedTuple):
    """What is held and not shown, and why."""

    what: str
    why: str


LEFT_OUT = (
    NotShown(
        "The reviews and other evidence on which a decision about you rests",
        "others have written them; HR gives you what of them is about you",
    ),
    NotShown("What others have said to HR in confidence", "it is theirs"),
    NotShown("Who else was asked or named to be your mentor, and is not", "whether somebody said no is theirs"),
    NotShown(
        "Hashes: of the cookie and the links by which you sign in, and the seals of what is on record for good",
        "they say nothing about you, and whoever had the former could try to be you",
    ),
)


THEIRS_ALONE = NotShown(
    "What you said in confidence, what you have typed and not sent, types of leaves, and protected characteristics",
    "they are shown to you alone, once you are signed in",
)
"""What is not shown either where somebody else asks for them."""


def stored_about(session: Session, person: PersonId, *, to_themselves: bool) -> list[Stored]:
    """All that is stored about somebody; what is for nobody else's eyes only where it goes ``to_themselves``."""
    cases = [
        *session.scalars(select(CaseRecord.case_id).where(CaseRecord.person == person)),
        *_choices(session, person),
    ]
    kinds = (kind for kind in KINDS if to_themselves or not kind.private)
    return [
        Stored(kind.what, list(_entries(session, kind, person, cases, to_themselves=to_themselves))) for kind in kinds
    ]


def _choices(session: Session, person: PersonId) -> list[CaseId]:
    """Under which it is kept which programme suits them, by role."""
    begin = f"{CHOICE}{person.removeprefix('P-')}-"
    found = select(DecisionRecord.case_id).where(DecisionRecord.case_id.startswith(begin, autoescape=True)).distinct()
    return list(session.scalars(found))


def _entries(
    session: Session, kind: Kind, person: PersonId, cases: Collection[CaseId], *, to_themselves: bool
) -> Iterator[Entry]:
    mapper = inspect(kind.table)
    shown = kind.columns or tuple(column.key for column in mapper.column_attrs if column.key not in COUNTED)
    columns = [getattr(kind.table, name) for name in shown]
    rows = select(*columns).where(kind.rows(person, cases)).order_by(*mapper.primary_key)
    if kind.confidential is not None and not to_themselves:
        rows = rows.where(~kind.confidential)
    for row in session.execute(rows):
        yield to_jsonable_python(dict(zip(shown, row, strict=True)))
