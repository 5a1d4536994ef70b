"""The status lists as files, for whatever serves them at the issuer's address."""

from __future__ import annotations

import json
import os
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from engine.issuer import Issuer
from engine.settings import Settings
from engine.status_lists import Purpose, size_for, status_list
from records import credentials
from records.database import Database, lock


def status_list_of(session: Session, issuer: Issuer, purpose: Purpose) -> dict[str, Any]:
    """The signed list as the records have it now."""
    marked = credentials.marked(session, purpose.status)
    since = credentials.last_change(session) or datetime.now(UTC)
    return status_list(issuer, purpose, marked, size_for(credentials.count(session)), since)


def publish_status_lists(database: Database, issuer: Issuer, settings: Settings) -> list[Path]:
    """Write both lists to ``credentials/status/<purpose>.json`` in the data directory; the files.

    Under the lock of all changes: a list never overwrites a newer one. Raises ``OSError``, and errors of the records.
    """
    directory = settings.data_dir / "credentials" / "status"
    directory.mkdir(parents=True, exist_ok=True)
    files = [directory / f"{purpose}.json" for purpose in Purpose]
    with database.session() as session:
        lock(session, credentials.LOCK)
        for purpose, file in zip(Purpose, files, strict=True):
            _write(file, json.dumps(status_list_of(session, issuer, purpose), indent=2) + "\n")
    return files


def _write(file: Path, text: str) -> None:
    """Write a file; a reader sees the old or the new, never half of it."""
    descriptor, draft = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            opened.write(text)
            os.fchmod(opened.fileno(), 0o644)  # it is for everybody to read
        Path(draft).replace(file)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
