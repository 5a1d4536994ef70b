"""Whoever has a client hears at once that its server refuses connections, and not when the SDK has given up."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from time import monotonic
from types import SimpleNamespace
from typing import cast

import pytest
from temporalio.client import Client

from engine.devserver import ports
from engine.errors import EngineUnreachable
from service.core import connecting
from service.core.connecting import Connect, kept


class Port:
    """A port of this machine, at which a server may listen; it counts who connects."""

    def __init__(self) -> None:
        (self._port,) = ports.some_free(1)
        self.came = 0

    def client(self) -> Client:
        """A client that is to reach the server there."""
        config = SimpleNamespace(target_host=f"127.0.0.1:{self._port}", http_connect_proxy_config=None)
        return cast(Client, SimpleNamespace(service_client=SimpleNamespace(config=config)))

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Within it, a server listens there."""
        async with await asyncio.start_server(self._count, "127.0.0.1", self._port):
            yield

    async def look(self, connected: Connect) -> int:
        """How many connect as a client is asked for."""
        before = self.came
        await connected()
        await asyncio.sleep(0.05)  # the server hears of a connection after whoever has made it
        return self.came - before

    def _count(self, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.came += 1
        writer.close()


def always(client: Client) -> Connect:
    """Connects to nothing: the client is there."""

    async def connect() -> Client:
        return client

    return connect


async def test_a_server_that_refuses_connections_is_told_at_once_and_found_again() -> None:
    port = Port()
    client, begun = port.client(), monotonic()
    connected = kept(always(client))
    for _ in range(2):
        with pytest.raises(EngineUnreachable, match="connection refused"):
            await connected()
    assert monotonic() - begun < 2
    async with port.listening():
        assert await connected() is client


async def test_whether_a_server_listens_is_looked_at_once_in_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 100.0
    monkeypatch.setattr(connecting, "monotonic", lambda: now)
    port = Port()
    connected = kept(always(port.client()))
    # while it listens, one look counts for a second
    async with port.listening():
        assert [await port.look(connected) for _ in range(3)] == [1, 0, 0]
        now += connecting.LOOKS_EVERY
        assert [await port.look(connected) for _ in range(2)] == [1, 0]
    # it is gone: the next look finds that out, and each one after it looks again
    now += connecting.LOOKS_EVERY
    for _ in range(2):
        with pytest.raises(EngineUnreachable):
            await connected()
    async with port.listening():
        assert [await port.look(connected) for _ in range(2)] == [1, 0]
