"""Whether a column is one of many values, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import not_, select

from records.among import among
from records.database import Database
from records.tables.dispatch import PolicyRecord

LABELS = sorted(["plain", "O'Hara", 'a "quoted" one', "{a,b}", "ünï", "back\\slash", ""])
MORE_THAN_PARAMETERS = 100_000
"""A database takes fewer."""


@pytest.fixture
def labelled(database: Database) -> Database:
    """Records with a policy of each of these labels."""
    with database.session() as session:
        session.add_all(PolicyRecord(label=label, programme="x", content={}, at=datetime.now(UTC)) for label in LABELS)
    return database


@pytest.mark.parametrize("label", LABELS)
def test_a_value_is_found_and_nothing_else(labelled: Database, label: str) -> None:
    with labelled.reading() as session:
        assert session.scalars(select(PolicyRecord.label).where(among(PolicyRecord.label, [label]))).all() == [label]


def test_any_number_of_values_may_be_looked_for(labelled: Database) -> None:
    nobodys = [f"nobody {n}" for n in range(MORE_THAN_PARAMETERS)]
    with labelled.reading() as session:
        for values, found in (([], []), (nobodys, []), ([*nobodys, *LABELS], LABELS)):
            matching = select(PolicyRecord.label).where(among(PolicyRecord.label, values))
            assert sorted(session.scalars(matching)) == found
        others = select(PolicyRecord.label).where(not_(among(PolicyRecord.label, LABELS[1:])))
        assert session.scalars(others).all() == LABELS[:1]
