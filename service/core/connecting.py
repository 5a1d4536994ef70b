"""The Temporal server that this environment's settings name. What the records refuse needs none."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic

from temporalio.client import Client

from engine.client import connect
from engine.listening import check_listens
from engine.settings import load_settings

Connect = Callable[[], Awaitable[Client]]
"""Connects to Temporal: what is refused by the records needs no server."""

LOOKS_EVERY = 1.0
"""For so many seconds a server that was found listening is taken to listen still."""


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
    A refusal is not remembered; that it listens is, for :data:`LOOKS_EVERY` seconds.
    """
    lock = asyncio.Lock()
    found: list[Client] = []
    look_after = monotonic()

    async def one_for_all() -> Client:
        nonlocal look_after
        async with lock:
            if not found:
                found.append(await connect())
        looked_at = monotonic()
        if looked_at >= look_after and await check_listens(found[0]):
            look_after = looked_at + LOOKS_EVERY
        return found[0]

    return one_for_all
