"""Where people sign in, on either database."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from records.database import Database
from tests.records.access.people import staff
from tests.records.access.signing_in import House


@pytest.fixture
def house(database: Database) -> Iterator[House]:
    staff(database)
    made = House(database)
    yield made
    made.signing.close()
