"""Records of their own for tests of use cases."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from records.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Records with tables and nothing in them."""
    database = Database(f"sqlite:///{tmp_path / 'waymark.db'}")
    database.migrate()
    yield database
    database.close()
