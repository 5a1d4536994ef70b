"""Child processes that outlive the program that started them, and are found again by their id."""

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

_POLL_SECONDS = 0.05
_LARGEST_LOG = 10 * 1024 * 1024

# Kept so that a child that ended is reaped instead of staying a zombie.
_children: dict[int, subprocess.Popen[bytes]] = {}


class Process(NamedTuple):
    """A running program: its id, and when it was born, because ids are used again."""

    pid: int
    born: str

    def alive(self) -> bool:
        """Whether this very process still runs."""
        if (child := _children.get(self.pid)) is None:
            return _birth(self.pid) == self.born
        if child.poll() is None:
            return True
        del _children[self.pid]
        return False

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        """Signal the process and what it started; nothing if it has ended."""
        if self.alive():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.pid, number)

    async def stop(self, within: float = 10.0) -> None:
        """Ask it to end, wait up to `within` seconds, then end it by force."""
        self.kill(signal.SIGTERM)
        if not await self.ended(within):
            self.kill()
            await self.ended(within)

    def join(self, within: float) -> None:
        """Wait up to `within` seconds for its end, blocking."""
        deadline = time.monotonic() + within
        while self.alive() and time.monotonic() < deadline:
            time.sleep(_POLL_SECONDS)

    async def ended(self, within: float) -> bool:
        """Wait up to `within` seconds for its end; whether it has ended."""
        deadline = time.monotonic() + within
        while self.alive():
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(_POLL_SECONDS)
        return True


async def has_logged(process: Process, log: Path, words: str, within: float) -> bool:
    """Wait up to `within` seconds until it says so in its log; false where it ends before, or does not."""
    deadline = time.monotonic() + within
    while words.encode() not in await asyncio.to_thread(log.read_bytes):
        if not process.alive() or time.monotonic() > deadline:
            return False
        await asyncio.sleep(_POLL_SECONDS)
    return True


def spawn(
    command: Sequence[str], *, log: Path, environment: Mapping[str, str], keep_open: Sequence[int] = ()
) -> Process:
    """Start `command` in a session of its own, so that Ctrl-C in the terminal does not reach it; output goes to `log`.

    `keep_open` are file descriptors that it inherits. Raises `OSError` when it can't be started.
    """
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > _LARGEST_LOG:
        log.replace(log.with_suffix(".old.log"))
    with log.open("ab") as output:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            pass_fds=keep_open,
            env=environment,
        )
    _children[child.pid] = child
    return Process(child.pid, _birth(child.pid) or "")


def _birth(pid: int) -> str | None:
    """When the process began, in a form of the platform's; None if there is none, or only a zombie."""
    try:
        # After the name, which may hold anything, in parentheses: state, then 18 fields, then the start time.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None if Path("/proc/self/stat").exists() else _birth_by_ps(pid)
    return None if fields[0] in "ZX" else fields[19]


def _birth_by_ps(pid: int) -> str | None:
    result = subprocess.run(["ps", "-o", "stat=,lstart=", "-p", str(pid)], capture_output=True, text=True, check=False)
    state, _, born = result.stdout.strip().partition(" ")
    return None if not born or state.startswith("Z") else born.strip()
