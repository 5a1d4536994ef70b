"""The records that this environment's settings name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engine.privacy import close_to_others
from engine.settings import load_settings
from records.database import Database
from records.seal_files import SealFiles


@contextmanager
def records() -> Iterator[Database]:
    """The records of this environment's settings, closed afterwards."""
    settings = load_settings()
    close_to_others(settings.data_dir)
    database = Database(settings.records_url, SealFiles(settings.seal_key, settings.seal_list))
    try:
        yield database
    finally:
        database.close()
