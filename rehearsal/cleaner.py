"""Cleans up after a rehearsal, however that ends: `python -m rehearsal.cleaner DIRECTORY`.

The programs of a rehearsal read from a pipe that the rehearsal itself holds open. When it closes, because the
rehearsal is over, was interrupted, or was killed, the worker ends itself; the cleaner ends the server and removes the
directory with everything in it.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

from engine.devserver import state
from engine.exit import run_to_exit
from engine.settings import ROOT
from rehearsal.settings import environment

ENDS_WITHIN_SECONDS = 30.0
_KILL_SECONDS = 10.0


def launch(module: str, *words: str, log: Path | None = None) -> subprocess.Popen[bytes]:
    """Start one of our modules, with a pipe that ends when this process does, and output to ``log`` or nowhere.

    In a session of its own, so that Ctrl-C in the terminal does not end it before its time.
    """
    with (log or Path(os.devnull)).open("ab") as output:
        return subprocess.Popen(
            [sys.executable, "-m", module, *words],
            cwd=ROOT,
            env=environment(),
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )


def end(program: subprocess.Popen[bytes], within: float = ENDS_WITHIN_SECONDS) -> None:
    """Close the pipe of such a program and wait for its end; after ``within`` seconds it is killed."""
    assert program.stdin is not None
    program.stdin.close()
    try:
        program.wait(within)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()


def wait_for_the_end() -> None:
    """Wait until whoever started this program closes its pipe, or is gone."""
    while os.read(0, 4096):
        pass


def end_with_the_rehearsal() -> None:
    """Let this process end at once when the rehearsal does; whatever it is doing is of no use to anybody then."""

    def watch() -> None:
        wait_for_the_end()
        os._exit(0)

    threading.Thread(target=watch, name="end with the rehearsal", daemon=True).start()


def stop_when_the_input_ends() -> None:
    """Have this process stop, as by SIGTERM, once whoever runs it closes its standard input, or is gone."""

    def watch() -> None:
        wait_for_the_end()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="stop when the input ends", daemon=True).start()


def clean_up(directory: Path) -> None:
    """End the server of a directory, by force: nothing in it is worth an orderly end. Then remove the directory."""
    server = state.read(directory)
    if server and server.process:
        server.process.kill()
        server.process.join(_KILL_SECONDS)
    deadline = time.monotonic() + _KILL_SECONDS
    while directory.exists() and time.monotonic() < deadline:  # the worker may still write while it ends
        shutil.rmtree(directory, ignore_errors=True)
        time.sleep(0.05)


def main() -> int:
    """Wait for the end of the rehearsal, then clean up."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    wait_for_the_end()
    clean_up(Path(sys.argv[1]))
    return 0


if __name__ == "__main__":
    run_to_exit(main)
