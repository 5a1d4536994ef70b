"""The Temporal server that this environment's settings name. What the records refuse needs none."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from temporalio.client import Client

from engine.client import connect
from engine.listening import check_listens
from engine.settings import load_settings

Connect = Callable[[], Awaitable[Client]]
"""Connects to Temporal: what is refused by the records needs no server."""


def connected(client: Client) -> Connect:
    """For whoever has a ``client`` already."""

    async def this_one() -> Client:
        return client

    return this_one


async def temporal() -> Client:
    """A client of this environment's Temporal server. Raises ``EngineUnreachable`` when none answers."""
    return await connect(load_settings())


def kept(connect: Connect) -> Connect:
    """Connects when it is first needed, and has one client from then on, which finds its server again by itself.

    Where its server refuses connections, ``EngineUnreachable`` is raised at once: nothing of what is asked was sent.
    """
    lock = asyncio.Lock()
    found: list[Client] = []

    async def one_for_all() -> Client:
        async with lock:
            if not found:
                found.append(await connect())
        await check_listens(found[0])
        return found[0]

    return one_for_all
