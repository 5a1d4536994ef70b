"""The dev server: started, found, killed, started again; and the ways to have one."""

import asyncio
import errno
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.service import RPCError

from engine import registration
from engine.client import connect
from engine.devserver import ports, state
from engine.devserver.config import DYNAMIC
from engine.devserver.errors import DevServerError
from engine.devserver.processes import Process
from engine.devserver.programs import find_program
from engine.devserver.progress import Progress
from engine.devserver.server import DevServer, stop_running
from engine.errors import EngineUnreachable
from engine.settings import ROOT, load_settings


@pytest.fixture(autouse=True)
def _nothing_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("TEMPORAL_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def silent() -> Progress:
    return Progress(say=lambda line: None)


@pytest.fixture
def without_wheel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No `temporal` beside Python, as on a platform without a wheel; the only directory that PATH names."""
    python = tmp_path / "venv" / "bin" / "python"
    monkeypatch.setattr(sys, "executable", str(python))
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    return programs


def _program(directory: Path, name: str, sentence: str) -> Path:
    file = directory / name
    file.write_text(f"#!/bin/sh\necho '{sentence}'\n")
    file.chmod(0o755)
    return file


async def test_state_and_port_survive_kill_and_stop(tmp_path: Path, silent: Progress) -> None:
    data_dir = tmp_path / "with space"
    (port,) = ports.some_free(1)  # not the usual one, which another test could take while nobody listens there
    server = await DevServer.start(data_dir=data_dir, ui=False, progress=silent, port=port)
    try:
        client = await connect(load_settings(data_dir=data_dir))
        await client.start_workflow("Nobody", id="kept", task_queue="nobody", start_delay=timedelta(hours=1))

        address = server.address
        server.kill()
        assert DevServer.running(data_dir) is None
        server = await DevServer.start(data_dir=data_dir, ui=False, progress=silent)
        assert server.address == address
        await client.get_workflow_handle("kept").describe()

        await server.stop()
        with _listening(server.port), pytest.raises(DevServerError, match=f"Another program uses port {server.port}"):
            await DevServer.start(data_dir=data_dir, ui=False, progress=silent)
        server = await DevServer.start(data_dir=data_dir, ui=False, progress=silent)
        assert server.address == address
        client = await connect(load_settings(data_dir=data_dir))
        await client.get_workflow_handle("kept").describe()
    finally:
        await server.stop()
    assert DevServer.running(data_dir) is None


@contextmanager
def _listening(port: int = 0) -> Iterator[int]:
    """Another program's port, by default any."""
    with socket.socket() as busy:
        busy.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        busy.bind(("127.0.0.1", port))
        busy.listen()
        yield int(busy.getsockname()[1])


async def test_a_second_start_finds_the_first_and_leaves_it_running(server: DevServer, tmp_path: Path) -> None:
    data_dir = tmp_path / "same"
    data_dir.mkdir()
    state.write(data_dir, _recorded(server))
    second = await DevServer.start(data_dir=data_dir, ui=False)
    assert second.address == server.address
    assert not second.started_here
    await second.stop()
    assert ports.answers(server.port)


async def test_ui_and_busy_ports(tmp_path: Path) -> None:
    said: list[str] = []
    progress = Progress(said.append)
    with _listening() as taken:
        with pytest.raises(DevServerError, match=f"Port {taken} is in use"):
            await DevServer.start(data_dir=tmp_path, ui=False, progress=progress, port=taken)
        assert ports.prefer(taken) != taken
        # The UI, which no worker looks for, moves when it has to, and says so.
        (free,) = ports.some_free(1)
        gone = Process(os.getpid(), "another birth")
        before = state.State(f"127.0.0.1:{free}", f"http://127.0.0.1:{taken}", "test", True, gone)
        state.write(tmp_path, before)
        server = await DevServer.start(data_dir=tmp_path, ui=True, progress=progress)
    try:
        assert server.port == free
        assert server.ui_url not in (None, before.ui_url)
        assert [line for line in said if f"uses port {taken}: the Temporal UI is on port" in line]
        assert await asyncio.to_thread(_status_of, str(server.ui_url)) == 200
    finally:
        assert await stop_running(tmp_path)
    assert not await stop_running(tmp_path)


def test_a_record_of_a_server_that_is_gone_is_ignored(tmp_path: Path) -> None:
    # This test's process id, but another birth: the id was used again after the server had died.
    gone = Process(os.getpid(), "another birth")
    state.write(tmp_path, state.State("127.0.0.1:7233", None, "test", True, gone))
    assert DevServer.running(tmp_path) is None
    gone.kill()
    (tmp_path / "devserver.json").write_text("{ half a reco")
    assert DevServer.running(tmp_path) is None


async def test_a_full_disk_is_told_in_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(state, "write", full)
    with pytest.raises(DevServerError, match=f"^The disk is full: .*in {tmp_path}\\.$"):
        await DevServer.start(data_dir=tmp_path, ui=False)


async def test_registering_again_changes_nothing_and_another_type_is_told(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unexpected(*_: object) -> None:
        raise AssertionError("waits for attributes that were there already")

    await registration.ensure_namespace(client, client.namespace)
    monkeypatch.setattr(registration, "_until_known", unexpected)
    await registration.register(client)
    assert (await client.count_workflows("WaymarkAtRisk = true AND WaymarkDue < '2020-01-01T00:00:00Z'")).count == 0
    with pytest.raises(RPCError):
        await client.count_workflows("WaymarkUnknown = 'x'")


async def test_a_configured_server_is_used_and_nothing_is_started(
    server: DevServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", server.address)
    configured = await DevServer.start(data_dir=tmp_path / "untouched")
    assert (configured.address, configured.pid, configured.started_here) == (server.address, None, False)
    await configured.stop()
    assert ports.answers(server.port)
    assert not (tmp_path / "untouched").exists()


async def test_unreachable_is_told_soon_with_address_and_remedy(tmp_path: Path) -> None:
    (port,) = ports.some_free(1)
    with pytest.raises(EngineUnreachable, match=rf"127\.0\.0\.1:{port} .*TEMPORAL_ADDRESS.*make server"):
        await connect(load_settings(data_dir=tmp_path), address=f"127.0.0.1:{port}")


async def test_a_data_directory_without_a_server_uses_no_server_that_only_happens_to_be_there(tmp_path: Path) -> None:
    with pytest.raises(EngineUnreachable, match=rf"data directory {tmp_path}\..*make server.*TEMPORAL_ADDRESS"):
        await connect(load_settings(data_dir=tmp_path))


def _temporal(directory: Path, version: str) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    return _program(directory, "temporal", f"temporal version {version} (Server 1.32.0, UI 2.54.1)")


async def test_the_program_of_ones_own_comes_before_the_environments_and_that_before_the_one_on_path(
    without_wheel: Path, tmp_path: Path
) -> None:
    on_path = _temporal(without_wheel, "1.9.1")
    assert (await find_program(None)).path == on_path
    ours = _temporal(tmp_path / "venv" / "bin", "1.9.1")
    assert (await find_program(None)).path == ours
    named = _temporal(tmp_path / "mine", "1.10.0")
    assert (await find_program(named)).path == named


async def test_without_any_program_the_ways_to_one_are_named(without_wheel: Path) -> None:
    with pytest.raises(DevServerError, match=r"on PATH.*WAYMARK_TEMPORAL_CLI.*TEMPORAL_ADDRESS"):
        await find_program(None)


async def test_a_program_that_is_too_old_or_something_else_is_refused_by_name(
    without_wheel: Path, tmp_path: Path
) -> None:
    old = _temporal(without_wheel, "1.5.1")
    with pytest.raises(DevServerError, match=f"{old} is Temporal's command line 1.5.1; 1.9.0 or newer is needed"):
        await find_program(None)
    for named in (_program(tmp_path, "other", "hello"), tmp_path / "missing"):
        with pytest.raises(DevServerError, match=f"{named} is not Temporal's command line"):
            await find_program(named)


async def test_the_setting_names_the_program_that_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYMARK_TEMPORAL_CLI", str(tmp_path / "missing"))
    with pytest.raises(DevServerError, match="missing is not Temporal's command line"):
        await DevServer.start(data_dir=tmp_path, ui=False)


def test_up_leaves_server_and_ui_where_ctrl_c_does_not_reach_them(tmp_path: Path) -> None:
    """A terminal sends Ctrl-C to a process group, so server and UI have groups of their own."""

    def devserver(command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [sys.executable, "-m", "engine.devserver", command],
            cwd=ROOT,
            env=os.environ | {"WAYMARK_DATA_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    assert devserver("status").returncode == 3
    up = devserver("up")
    try:
        assert up.returncode == 0, up.stderr
        recorded = state.read(tmp_path)
        assert recorded is not None
        assert recorded.process is not None
        assert os.getpgid(recorded.process.pid) == recorded.process.pid
        assert devserver("status").stdout == up.stdout
        assert devserver("up").stdout == f"It runs already: {up.stdout}"
    finally:
        assert devserver("down").returncode == 0
    assert devserver("status").returncode == 3
    assert not recorded.process.alive()


def test_compose_has_its_own_dynamic_configuration() -> None:
    """Time skipping is for tests: a server for real placements must not have it."""
    assert any("TimeSkipping" in option for option in DYNAMIC)
    assert "TimeSkipping" not in (ROOT / "deploy" / "dynamicconfig.yaml").read_text()


def _status_of(url: str) -> int:
    with urllib.request.urlopen(url) as page:
        return int(page.status)


def _recorded(server: DevServer) -> state.State:
    return server._state
