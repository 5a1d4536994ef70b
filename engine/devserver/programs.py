"""Which `temporal` runs the dev server: Temporal's own command line, which has server and UI inside."""

import asyncio
import re
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

from engine.devserver.errors import DevServerError

Version = tuple[int, int, int]

OLDEST: Version = (1, 9, 0)
"""Older ones lack the time skipping that the tests use."""

_ANSWER_SECONDS = 20.0
_NONE = (
    "There is no Temporal server to start: no `temporal` came with the virtual environment (there is none for this "
    "platform), and none is on PATH. Name yours in WAYMARK_TEMPORAL_CLI, or a server that runs in TEMPORAL_ADDRESS."
)


class Program(NamedTuple):
    """Temporal's command line on this machine."""

    path: Path
    origin: str
    """Where it comes from, for people."""


async def find_program(named: Path | None) -> Program:
    """The `temporal` that a setting names, else that of the virtual environment, else the one on PATH.

    Raises `DevServerError` when there is none, or when it is too old.
    """
    if named is not None:
        return await _new_enough(Program(named, f"`temporal` {named}"))
    # Not resolved: in a virtual environment, `python` is a link to elsewhere.
    ours = Path(sys.executable).with_name("temporal")
    if ours.is_file():  # of the version that the lock names
        return Program(ours, "`temporal` of the virtual environment")
    if found := shutil.which("temporal"):
        return await _new_enough(Program(Path(found), "`temporal` on PATH"))
    raise DevServerError(_NONE)


async def _new_enough(program: Program) -> Program:
    version = await _ask(program.path)
    if version is None:
        raise DevServerError(f"{program.path} is not Temporal's command line: it does not start, or tells no version.")
    if version < OLDEST:
        raise DevServerError(
            f"{program.path} is Temporal's command line {_show(version)}; {_show(OLDEST)} or newer is needed."
        )
    return program


async def _ask(program: Path) -> Version | None:
    """The version that a program tells when asked; None when it does not start, hangs, or tells none."""
    try:
        process = await asyncio.create_subprocess_exec(
            program,
            "--version",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        return None
    try:
        output, _ = await asyncio.wait_for(process.communicate(), _ANSWER_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
        return None
    return _parse(output.decode(errors="replace"))


def _parse(text: str) -> Version | None:
    """The first version in `text`, such as `temporal version 1.9.1 (Server 1.32.0, UI 2.54.1)`."""
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


def _show(version: Version) -> str:
    """`1.9.1`"""
    return ".".join(str(part) for part in version)
