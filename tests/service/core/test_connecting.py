"""Whoever has a client hears at once that its server refuses connections, and not when the SDK has given up."""

from __future__ import annotations

import asyncio
from time import monotonic
from types import SimpleNamespace
from typing import cast

import pytest
from temporalio.client import Client

from engine.devserver import ports
from engine.errors import EngineUnreachable
from service.core.connecting import kept


async def test_a_server_that_refuses_connections_is_told_at_once_and_found_again() -> None:
    (port,) = ports.some_free(1)
    config = SimpleNamespace(target_host=f"127.0.0.1:{port}", http_connect_proxy_config=None)
    client = cast(Client, SimpleNamespace(service_client=SimpleNamespace(config=config)))

    async def connect() -> Client:
        return client

    connected, begun = kept(connect), monotonic()
    with pytest.raises(EngineUnreachable, match="connection refused"):
        await connected()
    assert monotonic() - begun < 2
    server = await asyncio.start_server(lambda _, writer: writer.close(), "127.0.0.1", port)
    async with server:
        assert await connected() is client
