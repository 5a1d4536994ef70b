"""Ends what `make demo KEEP=1` left up: its console, its worker, its server and UI. `python -m demo.stop [DIR]`"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from demo.outcome import shown
from engine.devserver.processes import Process
from engine.devserver.server import stop_running
from engine.exit import run_to_exit
from engine.settings import ROOT

DATA = ROOT / "data" / "demo"
WORKER, CONSOLE = "worker.json", "console.json"
"""The files that name the processes of a demo."""
DRAINS_WITHIN_SECONDS = 60


async def stop(data_dir: Path) -> bool:
    """End console and worker first, so that they can finish what is in hand; whether anything was running."""
    ended = [await stop_noted(data_dir, name) for name in (CONSOLE, WORKER)]
    return await stop_running(data_dir) or any(ended)


def note(data_dir: Path, name: str, process: Process) -> None:
    """Write down which process is the worker (or the console) of a demo."""
    (data_dir / name).write_text(json.dumps(process), encoding="ascii")


async def stop_noted(data_dir: Path, name: str) -> bool:
    """End the worker (or the console) of a demo on this data; whether there was one."""
    file = data_dir / name
    process = _noted_in(file)
    file.unlink(missing_ok=True)
    if process is None or not process.alive():
        return False
    await process.stop(DRAINS_WITHIN_SECONDS)
    return True


def _noted_in(file: Path) -> Process | None:
    """The process that a file names; none where it names none, as when a full disk left it empty."""
    try:
        pid, born = json.loads(file.read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError, TypeError):
        return None
    return Process(pid, born)


def main() -> int:
    """End what a demo left up, and say so; 0 also where there was nothing."""
    data_dir = Path(sys.argv[1]) if len(sys.argv) > 1 else DATA
    if asyncio.run(stop(data_dir)):
        sys.stdout.write(f"The demo's server, worker and console are ended; its data stays in {shown(data_dir)}.\n")
    return 0


if __name__ == "__main__":
    run_to_exit(main)
