"""The dev server: started, found, killed, started again; and the ways to have one."""

import asyncio
import os
import socket
import subprocess
import sys
import time
import urllib.request
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import Client
from temporalio.service import RPCError

from engine import search_attributes
from engine.client import EngineUnreachable, connect
from engine.devserver import ports, state
from engine.devserver.config import dynamic_config
from engine.devserver.errors import DevServerError
from engine.devserver.processes import Process
from engine.devserver.programs import find_programs
from engine.devserver.progress import Progress
from engine.devserver.server import DevServer, stop_running
from engine.settings import ROOT, load_settings


@pytest.fixture(autouse=True)
def _nothing_configured(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [each for each in os.environ if each.startswith("TEMPORAL_")]:
        monkeypatch.delenv(name)


@pytest.fixture
def silent() -> Progress:
    return Progress(say=lambda line: None)


@pytest.fixture
def nothing_here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No `temporal` and no `go` on PATH, an empty cache, no internet; the directory that PATH names."""
    programs = tmp_path / "bin"
    programs.mkdir()
    monkeypatch.setenv("PATH", str(programs))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))

    async def fail() -> None:
        raise RuntimeError("failed to download")

    monkeypatch.setattr("engine.devserver.cli._download", fail)
    return programs


def _program(directory: Path, name: str, says: str) -> Path:
    file = directory / name
    file.write_text(f"#!/bin/sh\necho '{says}'\n")
    file.chmod(0o755)
    return file


async def test_state_survives_kill_and_stop(tmp_path: Path, silent: Progress) -> None:
    data_dir = tmp_path / "with space"
    server = await DevServer.start(data_dir=data_dir, ui=False, progress=silent)
    try:
        client = await connect(load_settings(data_dir=data_dir))
        await client.start_workflow("Nobody", id="kept", task_queue="nobody", start_delay=timedelta(hours=1))

        port = server.port
        server.kill()
        assert DevServer.running(data_dir) is None
        server = await DevServer.start(data_dir=data_dir, ui=False, progress=silent, port=port)
        assert server.address == f"127.0.0.1:{port}"
        await client.get_workflow_handle("kept").describe()

        await server.stop()
        server = await DevServer.start(data_dir=data_dir, ui=False, progress=silent)
        client = await connect(load_settings(data_dir=data_dir))
        await client.get_workflow_handle("kept").describe()
    finally:
        await server.stop()
    assert DevServer.running(data_dir) is None


async def test_a_second_start_finds_the_first_and_leaves_it_running(server: DevServer, tmp_path: Path) -> None:
    data_dir = tmp_path / "same"
    data_dir.mkdir()
    state.write(data_dir, _recorded(server))
    second = await DevServer.start(data_dir=data_dir, ui=False)
    assert second.address == server.address
    assert not second.started_here
    await second.stop()
    assert ports.answers(server.port)


async def test_ui_and_busy_ports(tmp_path: Path, silent: Progress) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        taken = int(busy.getsockname()[1])
        with pytest.raises(DevServerError, match=f"Port {taken} is in use"):
            await DevServer.start(data_dir=tmp_path, ui=False, progress=silent, port=taken)
        assert ports.prefer(taken) != taken
    server = await DevServer.start(data_dir=tmp_path, ui=True, progress=silent)
    try:
        assert server.ui_url is not None
        assert await asyncio.to_thread(_status_of, server.ui_url) == 200
    finally:
        assert await stop_running(tmp_path)
    assert not await stop_running(tmp_path)


def test_a_record_of_a_server_that_is_gone_is_ignored(tmp_path: Path) -> None:
    # This test's process id, but another birth: the id was used again after the server had died.
    gone = Process("server", os.getpid(), "another birth")
    state.write(tmp_path, state.State("127.0.0.1:7233", None, "test", True, (gone,)))
    assert DevServer.running(tmp_path) is None
    gone.kill()
    (tmp_path / "devserver.json").write_text("{ half a reco")
    assert DevServer.running(tmp_path) is None


async def test_registering_again_changes_nothing_and_another_type_is_told(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unexpected(*_: object) -> None:
        raise AssertionError("waits for attributes that were there already")

    await search_attributes.ensure_namespace(client, client.namespace)
    monkeypatch.setattr(search_attributes, "_until_known", unexpected)
    await search_attributes.register(client)
    assert (await client.count_workflows("WaymarkAtRisk = true AND WaymarkDue < '2020-01-01T00:00:00Z'")).count == 0
    with pytest.raises(RPCError):
        await client.count_workflows("WaymarkUnknown = 'x'")


async def test_a_configured_server_is_used_and_nothing_is_started(
    server: DevServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEMPORAL_ADDRESS", server.address)
    configured = await DevServer.start(data_dir=tmp_path / "untouched")
    assert (configured.address, configured.pids, configured.started_here) == (server.address, (), False)
    await configured.stop()
    assert ports.answers(server.port)
    assert not (tmp_path / "untouched").exists()


async def test_unreachable_is_told_soon_with_address_and_remedy(tmp_path: Path) -> None:
    (port,) = ports.some_free(1)
    started = time.monotonic()
    with pytest.raises(EngineUnreachable, match=rf"127\.0\.0\.1:{port} .*make server.*TEMPORAL_ADDRESS"):
        await connect(load_settings(data_dir=tmp_path), address=f"127.0.0.1:{port}")
    assert time.monotonic() - started < 5


async def test_none_of_the_ways_names_all_of_them(nothing_here: Path) -> None:
    _program(nothing_here, "temporal", "temporal version 1.5.1 (Server 1.29.1, UI 2.41.0)")
    _program(nothing_here, "go", "go version go1.24.2 linux/amd64")
    said: list[str] = []
    with pytest.raises(DevServerError) as refused:
        await find_programs(Progress(said.append), ui=True)
    lines = str(refused.value).splitlines()
    assert [line.split(".")[0].strip() for line in lines[1:]] == ["1", "2", "3", "4"]
    assert "TEMPORAL_ADDRESS" in lines[1]
    assert "is 1.5.1, older than 1.9.0" in lines[2]
    assert "download failed" in lines[3]
    assert "needs Go 1.26.8 or newer; the one on PATH is 1.24.2" in lines[4]
    assert said[0].startswith("Not used: ")


async def test_a_new_enough_temporal_on_path_comes_first(nothing_here: Path, silent: Progress) -> None:
    found = _program(nothing_here, "temporal", "temporal version 1.9.1 (Server 1.32.0, UI 2.54.0)")
    programs = await find_programs(silent, ui=True)
    assert (programs.kind, programs.server) == ("cli", found)


async def test_an_earlier_build_comes_before_the_download(
    nothing_here: Path, silent: Progress, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    async def unexpected() -> None:
        raise AssertionError("downloads although there is a build")

    monkeypatch.setattr("engine.devserver.cli._download", unexpected)
    build = tmp_path / "cache" / "waymark" / "temporal-server-v1.32.1"
    build.mkdir(parents=True)
    _program(build, "temporal-server", "")
    programs = await find_programs(silent, ui=False)
    assert (programs.kind, programs.server) == ("go", build / "temporal-server")


async def test_a_failed_build_leaves_nothing_half(nothing_here: Path, silent: Progress, tmp_path: Path) -> None:
    go = _program(nothing_here, "go", "go version go1.26.8 linux/amd64")
    go.write_text(
        '#!/bin/sh\n[ "$1" = version ] && echo go version go1.26.8 && exit\n'
        'printf half > "$GOBIN/server"; echo "disk full" >&2; exit 1\n'
    )
    with pytest.raises(DevServerError, match="failed: disk full"):
        await find_programs(silent, ui=False)
    left = [file for file in (tmp_path / "cache").rglob("*") if file.is_file() and file.suffix != ".lock"]
    assert left == []


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
        assert [os.getpgid(process.pid) for process in recorded.processes] == [each.pid for each in recorded.processes]
        assert devserver("status").stdout == up.stdout
    finally:
        assert devserver("down").returncode == 0
    assert devserver("status").returncode == 3
    assert not any(process.alive() for process in recorded.processes)


def test_compose_has_its_own_dynamic_configuration() -> None:
    """Time skipping is for tests: a server for real placements must not have it."""
    assert "TimeSkipping" in dynamic_config()
    assert "TimeSkipping" not in (ROOT / "deploy" / "dynamicconfig.yaml").read_text()


def _status_of(url: str) -> int:
    with urllib.request.urlopen(url) as page:
        return int(page.status)


def _recorded(server: DevServer) -> state.State:
    return server._state
