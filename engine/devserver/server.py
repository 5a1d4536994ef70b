"""The dev server as the rest of Waymark sees it: start, find, stop."""

from __future__ import annotations

import asyncio
import errno
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from temporalio.client import Client
from temporalio.envconfig import ClientConfigProfile

from engine.connection import configured_profile, dial
from engine.devserver import ports, state
from engine.devserver.errors import DevServerError
from engine.devserver.launch import Plan, launch, server_log
from engine.devserver.locks import exclusive
from engine.devserver.processes import Process
from engine.devserver.programs import Program, find_program
from engine.devserver.progress import Progress, as_progress
from engine.devserver.state import State
from engine.errors import EngineUnreachable, RegistrationError
from engine.privacy import close_to_others
from engine.registration import ensure_namespace, register
from engine.settings import load_settings

CONFIGURED = "configured"
_PORT = 7233
_UI_PORT = 8233
_START_SECONDS = 90.0
_LOCK_SECONDS = 120.0
_KILL_SECONDS = 5.0
_ROOM_BYTES = 2**20
"""With less on the disk, that is why a server ended."""


class DevServer:
    """A Temporal server to work with: started here, found running, or one that Temporal's configuration names."""

    def __init__(self, recorded: State, *, started_here: bool) -> None:
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
        """Where the server comes from, for people: `temporal on PATH`."""
        return self._state.origin

    @property
    def pid(self) -> int | None:
        """The server's process id; None when it is configured."""
        return self._state.process.pid if self._state.process else None

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
        it), the one that runs on `data_dir`, else a new one. A new one keeps its state in `data_dir` and listens on
        `port`, by default where the last one on `data_dir` did, else on 7233 or any free port.

        Raises `DevServerError`; `EngineUnreachable` when the configured server does not answer.
        """
        said = as_progress(progress)
        profile = None if ignore_configured else configured_profile()
        if profile and profile.address:
            return await cls._configured(profile.address, profile)
        if found := cls.running(data_dir):
            return found
        program = await find_program(load_settings().temporal_cli)
        close_to_others(data_dir)
        waiting = f"another process works on {data_dir}; waiting for it"
        try:
            async with exclusive(
                data_dir / "devserver.lock", within=_LOCK_SECONDS, waiting=lambda: said.say(waiting)
            ) as lock:
                if found := cls.running(data_dir):
                    return found
                return await cls._start(program, await _plan(data_dir, port, said, ui=ui), lock)
        except TimeoutError as error:
            raise DevServerError(f"Another Temporal server still uses {data_dir}. `make stop` ends it.") from error
        except OSError as error:
            raise DevServerError(_unusable(data_dir, error)) from error

    @classmethod
    def running(cls, data_dir: Path) -> DevServer | None:
        """The server that runs on `data_dir`, if one does; `stop` leaves it running."""
        recorded = state.read(data_dir)
        return cls(recorded, started_here=False) if recorded and recorded.ready and recorded.alive() else None

    async def stop(self) -> None:
        """Stop the server, if this object started it. Its state stays; starting again on the same directory goes on."""
        if self.started_here:
            await _end(self._state)
            self.started_here = False

    def kill(self) -> None:
        """End it as a power cut would (SIGKILL), leaving everything as it stands, and wait for that; for tests."""
        if process := self._state.process:
            process.kill()
            process.join(_KILL_SECONDS)

    @classmethod
    async def _configured(cls, address: str, profile: ClientConfigProfile) -> DevServer:
        client = await dial(address, namespace=profile.namespace or "default", profile=profile)
        try:
            await register(client)
        except RegistrationError as error:
            raise DevServerError(str(error)) from error
        return cls(State(address, None, CONFIGURED, True, None), started_here=False)

    @classmethod
    async def _start(cls, program: Program, plan: Plan, lock: int) -> DevServer:
        ui_url = None if plan.ui_port is None else f"http://{ports.HOST}:{plan.ui_port}"
        process = launch(program, plan, lock)
        starting = State(f"{ports.HOST}:{plan.port}", ui_url, program.origin, False, process)
        try:
            state.write(plan.data_dir, starting)
            await _until_usable(plan.data_dir, starting, process)
            _check_alive(plan.data_dir, process)  # or another server has answered, which took the port first
            ready = starting._replace(ready=True)
            state.write(plan.data_dir, ready)
        except BaseException:
            await _end(starting)
            raise
        return cls(ready, started_here=True)


async def stop_running(data_dir: Path) -> bool:
    """Stop the server that runs on `data_dir`, whoever started it; False when there was none."""
    recorded = state.read(data_dir)
    if recorded is None:
        return False
    was_running = recorded.process is not None and recorded.process.alive()
    await _end(recorded)
    return was_running


def _unusable(data_dir: Path, error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _full(data_dir)
    return f"The Temporal server can't work in {data_dir}: {error.strerror or error}."


def _full(data_dir: Path) -> str:
    return f"The disk is full: the Temporal server can't keep its state in {data_dir}."


async def _end(recorded: State) -> None:
    if recorded.process is not None:
        await recorded.process.stop()


async def _plan(data_dir: Path, port: int | None, progress: Progress, *, ui: bool) -> Plan:
    """Where the server of `data_dir` is to listen: where it did before, because workers look for it there."""
    before = state.read(data_dir)
    if before is not None:
        await _end(before)  # what is left of one that no longer answers
    ui_before = state.port_of(before.ui_url) if before and before.ui_url else None
    return Plan(data_dir, _port(data_dir, port, before), _ui_port(ui_before, progress) if ui else None)


def _port(data_dir: Path, wanted: int | None, before: State | None) -> int:
    if wanted is None and before is None:
        return ports.prefer(_PORT)
    port = wanted or state.port_of(before.address if before else "")
    if ports.is_free(port):
        return port
    raise DevServerError(_taken(data_dir, port) if wanted is None else f"Port {port} is in use.")


def _taken(data_dir: Path, port: int) -> str:
    return (
        f"Another program uses port {port}, on which workers look for the Temporal server of {data_dir}: end that "
        f"program, or let the server take another port by removing {state.file_of(data_dir)}, and start workers anew."
    )


def _ui_port(before: int | None, progress: Progress) -> int:
    if before is None:
        return ports.prefer(_UI_PORT)
    chosen = ports.prefer(before)
    if chosen != before:
        progress.say(f"Another program uses port {before}: the Temporal UI is on port {chosen} this time.")
    return chosen


async def _until_usable(data_dir: Path, starting: State, process: Process) -> None:
    client = await _first_answer(data_dir, starting.address, process)
    try:
        await ensure_namespace(client, client.namespace)
        await register(client)
    except RegistrationError as error:
        raise DevServerError(str(error)) from error
    if starting.ui_url is not None:
        await _until_listening(data_dir, state.port_of(starting.ui_url), process)


async def _first_answer(data_dir: Path, address: str, process: Process) -> Client:
    deadline = time.monotonic() + _START_SECONDS
    await _until_listening(data_dir, state.port_of(address), process)
    while True:
        try:
            return await dial(address, namespace="default")
        except EngineUnreachable:
            if time.monotonic() > deadline:
                raise
            await asyncio.sleep(0.1)


async def _until_listening(data_dir: Path, port: int, process: Process) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not ports.answers(port):
        _check_alive(data_dir, process)
        if time.monotonic() > deadline:
            raise DevServerError(f"Nothing answers on port {port}; see {server_log(data_dir)}.")
        await asyncio.sleep(0.1)


def _check_alive(data_dir: Path, process: Process) -> None:
    if process.alive():
        return
    if shutil.disk_usage(data_dir).free < _ROOM_BYTES:
        raise DevServerError(_full(data_dir))
    raise DevServerError(f"The Temporal server ended while starting; see {server_log(data_dir)}.")
