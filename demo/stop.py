"""Ends what `make demo KEEP=1` left up: its worker, its server and UI. `python -m demo.stop [DIR]`"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from engine.devserver.processes import Process
from engine.devserver.server import stop_running
from engine.exit import run_to_exit
from engine.settings import ROOT

DATA = ROOT / "data" / "demo"
WORKER = "worker.json"
DRAINS_WITHIN_SECONDS = 60


async def stop(data_dir: Path) -> bool:
    """End the worker first, so that it can finish what is in hand; whether anything was running."""
    worker = await stop_worker(data_dir)
    return await stop_running(data_dir) or worker


def note_worker(data_dir: Path, worker: Process) -> None:
    """Write down which process is the worker of a demo."""
    (data_dir / WORKER).write_text(json.dumps(worker), encoding="ascii")


async def stop_worker(data_dir: Path) -> bool:
    """End the worker of a demo on this data; whether there was one."""
    file = data_dir / WORKER
    worker = _noted_in(file)
    file.unlink(missing_ok=True)
    if worker is None or not worker.alive():
        return False
    await worker.stop(DRAINS_WITHIN_SECONDS)
    return True


def _noted_in(file: Path) -> Process | None:
    """The process that a file names; none where it names none, as when a full disk left it empty."""
    try:
        pid, born = json.loads(file.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return Process(pid, born)


if __name__ == "__main__":
    run_to_exit(lambda: asyncio.run(stop(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA)) and 0)
