"""The dev server as the rest of Waymark sees it: start, find, stop."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

from temporalio.client import Client
from temporalio.envconfig import ClientConfigProfile

from engine.connection import EngineUnreachable, configured_profile, dial
from engine.devserver import ports, state
from engine.devserver.errors import DevServerError
from engine.devserver.launch import Plan, kind_of_data, launch, server_log
from engine.devserver.locks import exclusive
from engine.devserver.processes import Process
from engine.devserver.programs import Programs, find_programs
from engine.devserver.progress import Progress, as_progress
from engine.devserver.state import State
from engine.search_attributes import RegistrationError, ensure_namespace, register

CONFIGURED = "configured"
_PORT = 7233
_UI_PORT = 8233
_START_SECONDS = 90.0
_LOCK_SECONDS = 120.0
_KILL_SECONDS = 5.0


class DevServer:
    """A Temporal server to work with: started here, found running, or one that Temporal's configuration names."""

    def __init__(self, data_dir: Path, recorded: State, *, started_here: bool) -> None:
        self._data_dir = data_dir
        self._state = recorded
        self.started_here = started_here
        """Whether `stop` ends it: only what this object started."""

    @property
    def address(self) -> str:
        """`host:port` for clients."""
        return self._state.address

    @property
    def configured(self) -> bool:
        """Whether it is somebody else's, which Temporal's configuration names."""
        return self._state.origin == CONFIGURED

    @property
    def port(self) -> int:
        """The port of `address`."""
        return state.port_of(self.address)

    @property
    def ui_url(self) -> str | None:
        """The Temporal UI; None without one, or when somebody else runs the server."""
        return self._state.ui_url

    @property
    def origin(self) -> str:
        """Where the server comes from, for people: `server v1.32.1 by Go`."""
        return self._state.origin

    @property
    def pids(self) -> tuple[int, ...]:
        """Process ids, the server's first; none when it is configured."""
        return tuple(process.pid for process in self._state.processes)

    @classmethod
    async def start(
        cls,
        *,
        data_dir: Path,
        ui: bool = True,
        progress: Callable[[str], None] | Progress | None = None,
        port: int | None = None,
        ignore_configured: bool = False,
    ) -> DevServer:
        """A Temporal server with namespace `default` and Waymark's search attributes, ready for work.

        In this order: the one that Temporal's configuration names (nothing is started then; `ignore_configured` skips
        it), the one that runs on `data_dir`, else a new one. A new one listens on `port`, which must be free, by
        default 7233 or any free one, and keeps its state in `data_dir`.

        Raises `DevServerError`; `EngineUnreachable` when the configured server does not answer.
        """
        said = as_progress(progress)
        profile = None if ignore_configured else configured_profile()
        if profile and profile.address:
            return await cls._configured(data_dir, profile.address, profile)
        if found := cls.running(data_dir):
            return found
        programs = await _programs(data_dir, said, ui=ui)
        waiting = f"another process works on {data_dir}; waiting for it"
        try:
            async with exclusive(
                data_dir / "devserver.lock", within=_LOCK_SECONDS, waiting=lambda: said.say(waiting)
            ) as lock:
                if found := cls.running(data_dir):
                    return found
                plan = Plan(data_dir, _choose(port), ports.prefer(_UI_PORT) if ui else None)
                return await cls._start(programs, plan, lock)
        except TimeoutError as error:
            raise DevServerError(f"Another Temporal server still uses {data_dir}. `make stop` ends it.") from error

    @classmethod
    def running(cls, data_dir: Path) -> DevServer | None:
        """The server that runs on `data_dir`, if one does; `stop` leaves it running."""
        recorded = state.read(data_dir)
        return cls(data_dir, recorded, started_here=False) if recorded and recorded.ready and recorded.alive() else None

    async def stop(self) -> None:
        """Stop the server, if this object started it. Its state stays; starting again on the same directory goes on."""
        if self.started_here:
            await _end(self._data_dir, self._state)
            self.started_here = False

    def kill(self) -> None:
        """End it as a power cut would (SIGKILL), leaving everything as it stands, and wait for that; for tests."""
        for process in self._state.processes:
            process.kill()
            process.join(_KILL_SECONDS)

    @classmethod
    async def _configured(cls, data_dir: Path, address: str, profile: ClientConfigProfile) -> DevServer:
        client = await dial(address, namespace=profile.namespace or "default", profile=profile)
        try:
            await register(client)
        except RegistrationError as error:
            raise DevServerError(str(error)) from error
        return cls(data_dir, State(address, None, CONFIGURED, True, ()), started_here=False)

    @classmethod
    async def _start(cls, programs: Programs, plan: Plan, lock: int) -> DevServer:
        if (stale := state.read(plan.data_dir)) is not None:
            await _end(plan.data_dir, stale)
        ui_url = None if plan.ui_port is None else f"http://{ports.HOST}:{plan.ui_port}"
        processes = tuple(launch(programs, plan, lock))
        starting = State(f"{ports.HOST}:{plan.port}", ui_url, programs.origin, False, processes)
        try:
            state.write(plan.data_dir, starting)
            await _until_usable(plan.data_dir, starting)
            _check_alive(plan.data_dir, processes)  # or another server has answered, which took the port first
            ready = starting._replace(ready=True)
            state.write(plan.data_dir, ready)
        except BaseException:
            await _end(plan.data_dir, starting)
            raise
        return cls(plan.data_dir, ready, started_here=True)


async def stop_running(data_dir: Path) -> bool:
    """Stop the server that runs on `data_dir`, whoever started it; False when there was none."""
    recorded = state.read(data_dir)
    if recorded is None:
        return False
    was_running = any(process.alive() for process in recorded.processes)
    await _end(data_dir, recorded)
    return was_running


async def _programs(data_dir: Path, said: Progress, *, ui: bool) -> Programs:
    prefer = kind_of_data(data_dir)
    programs = await find_programs(said, ui=ui, prefer=prefer)
    if prefer and programs.kind != prefer:
        said.say(f"The state in {data_dir} is of another kind of server; it is left alone and an empty one starts.")
    return programs


async def _end(data_dir: Path, recorded: State) -> None:
    # The UI first: it would only complain about a server that went away.
    for process in reversed(recorded.processes):
        await process.stop()
    state.forget(data_dir)


def _choose(port: int | None) -> int:
    if port is None:
        return ports.prefer(_PORT)
    if not ports.is_free(port):
        raise DevServerError(f"Port {port} is in use.")
    return port


async def _until_usable(data_dir: Path, starting: State) -> None:
    client = await _first_answer(data_dir, starting.address, starting.processes)
    try:
        await ensure_namespace(client, client.namespace)
        await register(client)
    except RegistrationError as error:
        raise DevServerError(str(error)) from error
    if starting.ui_url is not None:
        await _until_listening(data_dir, state.port_of(starting.ui_url), starting.processes)


async def _first_answer(data_dir: Path, address: str, processes: tuple[Process, ...]) -> Client:
    deadline = time.monotonic() + _START_SECONDS
    await _until_listening(data_dir, state.port_of(address), processes)
    while True:
        try:
            return await dial(address, namespace="default")
        except EngineUnreachable:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.1)


async def _until_listening(data_dir: Path, port: int, processes: tuple[Process, ...]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not ports.answers(port):
        _check_alive(data_dir, processes)
        if time.monotonic() > deadline:
            raise DevServerError(f"Nothing answers on port {port}; see {server_log(data_dir).parent}.")
        await asyncio.sleep(0.1)


def _check_alive(data_dir: Path, processes: tuple[Process, ...]) -> None:
    for process in processes:
        if not process.alive():
            raise DevServerError(
                f"The Temporal {process.name} ended while starting; see {server_log(data_dir).parent}."
            )
