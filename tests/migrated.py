"""Records for tests, with all tables and nothing in them: migrated once in a process, and copied from then on."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from records.database import Database
from records.seal_files import SealFiles


def new_records(file: Path, seals: SealFiles | None = None) -> Database:
    """New records in a SQLite file."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(_migrated())
    return Database(f"sqlite:///{file}", seals)


@cache
def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "waymark.db"
        database = Database(f"sqlite:///{file}")
        database.migrate()
        database.close()
        assert [left.name for left in Path(directory).iterdir()] == [file.name], "something of it is not in the file"
        return file.read_bytes()
