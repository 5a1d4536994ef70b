"""The console as a program of its own."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import time
from pathlib import Path

from engine.devserver import ports
from engine.settings import ROOT
from tests.web.console import Visitor


async def started(tmp_path: Path, port: int) -> asyncio.subprocess.Process:
    """The program, on records of its own."""
    environment = os.environ | {"WAYMARK_DATA_DIR": str(tmp_path), "WAYMARK_CONSOLE_PORT": str(port)}
    return await asyncio.create_subprocess_exec(
        sys.executable, str(ROOT / "console.py"), env=environment, stderr=asyncio.subprocess.PIPE
    )


async def ready(program: asyncio.subprocess.Process) -> None:
    """Wait until the program answers."""
    assert program.stderr is not None
    async with asyncio.timeout(60):
        while b"console ready" not in await program.stderr.readline():
            pass


async def test_it_serves_until_it_is_told_to_stop_and_an_open_connection_does_not_hold_it_up(tmp_path: Path) -> None:
    (port,) = ports.some_free(1)
    program = await started(tmp_path, port)
    await ready(program)
    visitor = Visitor(f"http://localhost:{port}")
    assert (await visitor.get("/health")).status == 200
    assert (await visitor.get("/sign-in")).status == 200
    # another one at the same address is told so
    second = await started(tmp_path, port)
    _, said = await asyncio.wait_for(second.communicate(), 60)
    assert second.returncode == 1
    assert b"WAYMARK_CONSOLE_PORT" in said
    with socket.create_connection(("127.0.0.1", port)):
        began = time.monotonic()
        program.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(program.wait(), 30) == 0
        assert time.monotonic() - began < 15


async def test_what_draws_charts_and_solves_plans_is_not_loaded_before_it_is_needed() -> None:
    """Both take seconds to load, and half of the memory."""
    slow = "{name.partition('.')[0] for name in sys.modules} & {'matplotlib', 'numpy', 'scipy', 'alembic'}"
    program = await asyncio.create_subprocess_exec(
        sys.executable, "-c", f"import sys, console; print(sorted({slow}))", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await program.communicate()
    assert said.decode().strip() == "[]"
