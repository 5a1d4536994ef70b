"""Records of their own for tests of use cases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from records.database import Database
from tests.migrated import new_records


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Records with tables and nothing in them."""
    database = new_records(tmp_path / "waymark.db")
    yield database
    database.close()
