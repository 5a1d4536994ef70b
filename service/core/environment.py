"""What this environment's settings name: the records, and Temporal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

from temporalio.client import Client

from engine.client import connect
from engine.privacy import close_to_others
from engine.settings import load_settings
from records.database import Database
from records.seal_files import SealFiles

Connect = Callable[[], Awaitable[Client]]
"""Connects to Temporal: what is refused by the records needs no server."""


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


def connected(client: Client) -> Connect:
    """For whoever has a ``client`` already."""

    async def this_one() -> Client:
        return client

    return this_one


async def temporal() -> Client:
    """A client of this environment's Temporal server. Raises ``EngineUnreachable`` when none answers."""
    return await connect(load_settings())
