"""Ends what `make demo KEEP=1` left up: its worker, its server and UI. `python -m demo.stop [DIR]`"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path

from engine.devserver.server import stop_running
from engine.exit import run_to_exit
from engine.settings import ROOT

DATA = ROOT / "data" / "demo"
WORKER_PID = "worker.pid"
DRAINS_WITHIN_SECONDS = 30


async def stop(data_dir: Path) -> bool:
    """End the worker first, so that it can finish what is in hand; whether anything was running."""
    worker = await asyncio.to_thread(stop_worker, data_dir)
    return await stop_running(data_dir) or worker


def stop_worker(data_dir: Path) -> bool:
    """End the worker that a demo left up on this data; whether there was one."""
    file = data_dir / WORKER_PID
    pid = _noted_in(file)
    file.unlink(missing_ok=True)
    if pid is None or not _is_our_worker(pid):
        return False
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + DRAINS_WITHIN_SECONDS
    while _is_our_worker(pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    return True


def _noted_in(file: Path) -> int | None:
    """The process that a file names; none where it names none, as when a full disk left it empty."""
    try:
        pid = int(file.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return None
    return pid if pid > 0 else None


def _is_our_worker(pid: int) -> bool:
    """Whether that process is (still) a worker: process ids are used again."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    command = Path(f"/proc/{pid}/cmdline")
    return not command.exists() or b"worker.py" in command.read_bytes()


if __name__ == "__main__":
    run_to_exit(lambda: asyncio.run(stop(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA)) and 0)
