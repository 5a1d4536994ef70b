"""Patience with a server that stalls; apart from the fixtures, because programs under test use it as well."""

import asyncio

from temporalio.client import Client

from engine.client import connect
from engine.connection import EngineUnreachable
from engine.settings import Settings


async def patiently_connect(settings: Settings, address: str) -> Client:
    """A client, also of a server that stalls for some seconds."""
    for _ in range(20):
        try:
            return await connect(settings, address=address)
        except EngineUnreachable:
            await asyncio.sleep(1)
    return await connect(settings, address=address)
