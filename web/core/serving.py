"""How the console listens: uvicorn, with limits of time for slow clients, and a graceful end."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from starlette.types import ASGIApp
from uvicorn import Config, Server
from uvicorn.protocols.http.h11_impl import H11Protocol

from engine.settings import Settings
from engine.signals import stopped_by
from web.core.surroundings import Surroundings

log = logging.getLogger("waymark.console")

HEADERS_SECONDS = 15
"""How long somebody may take to send the headers of a request."""
KEPT_SECONDS = 30
"""How long a connection stays open between two requests."""
END_SECONDS = 10
"""How long answers in hand may still take once the process is told to stop; well within what deployments give."""
BACKGROUND_SECONDS = 25
"""How long what goes on in the background (a rehearsal) may take to clean up then."""
TICK_SECONDS = 1
"""How often the date is written anew that answers bear."""
CONNECTIONS = 1_000
"""So many at once; whoever comes then is told to try again."""


class CantListen(Exception):
    """The address is taken, or none of this machine's. The text says which, and what to do."""


class Timed(H11Protocol):
    """HTTP/1.1 that doesn't wait for ever for somebody who is slow to say what they want."""

    _waiting: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Wait for the first request."""
        super().connection_made(transport)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Wait for the rest of a request's headers, if these are the first bytes of it."""
        if self._waiting is None and self._idle():
            self._wait()
        super().data_received(data)
        if not self._idle():
            self._stop_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _wait(self) -> None:
        self._waiting = self.loop.call_later(HEADERS_SECONDS, self._give_up)

    def _stop_waiting(self) -> None:
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None

    def _give_up(self) -> None:
        self._waiting = None
        if self._idle() and not self.transport.is_closing():
            self.transport.close()


class Serving(Server):
    """A server that leaves signals to whoever runs it: uvicorn would end the process by the signal itself. It is told
    to end by :meth:`end`, and then looks for what is in hand at once; uvicorn looks ten times a second."""

    def __init__(self, config: Config) -> None:
        super().__init__(config)
        self._told = asyncio.Event()

    def end(self) -> None:
        """Take no more requests, and finish what is in hand."""
        self.should_exit = True
        self._told.set()

    async def main_loop(self) -> None:
        """Keep the date that answers bear, until it is told to end."""
        while not await self.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(self._told.wait(), TICK_SECONDS)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close what nobody waits at; uvicorn waits for the rest."""
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        await asyncio.sleep(0)  # what was closed tells of it
        if self.server_state.connections or self.server_state.tasks:
            await super().shutdown(sockets)
        else:
            for listener in sockets or []:
                listener.close()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Capture none."""
        yield


def configured(app: ASGIApp, settings: Settings) -> Config:
    """How uvicorn serves this application. Nobody's ``X-Forwarded-For`` counts but that of the proxies named."""
    return Config(
        app,
        http=Timed,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,  # it would write addresses of mail links; web.core.log says what was asked
        server_header=False,
        proxy_headers=bool(settings.console_proxies),
        forwarded_allow_ips=settings.console_proxies or None,
        timeout_keep_alive=KEPT_SECONDS,
        timeout_graceful_shutdown=END_SECONDS,
        limit_concurrency=CONNECTIONS,
    )


async def run(app: ASGIApp, surroundings: Surroundings) -> None:
    """Serve until SIGTERM or Ctrl-C, then finish what is in hand. Raises :class:`CantListen`."""
    server = Serving(configured(app, surroundings.settings))

    def stop() -> None:
        surroundings.ending.set()
        server.end()

    with listening(surroundings.settings) as listener, stopped_by(signal.SIGTERM, signal.SIGINT, stop=stop):
        log.info("console ready", extra={"address": surroundings.settings.console_origin})
        await server.serve(sockets=[listener])
        await surroundings.background.ended(BACKGROUND_SECONDS)


@contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """The socket that browsers, or the proxy, connect to. Raises :class:`CantListen`."""
    address: tuple[Any, ...] = (settings.console_host, settings.console_port)
    try:
        family = socket.AF_INET6 if ":" in settings.console_host else socket.AF_INET
        listener = socket.create_server(address, family=family, backlog=2048)
    except (OSError, UnicodeError) as error:
        number = getattr(error, "errno", None)
        why = os.strerror(number) if number and number > 0 else "no such address"
        raise CantListen(
            f"The console can't listen at {address[0]}, port {address[1]} ({why}). Name others in WAYMARK_CONSOLE_HOST "
            "and WAYMARK_CONSOLE_PORT."
        ) from None
    with listener:
        yield listener
