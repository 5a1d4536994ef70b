"""The command line as people use it: a process each time, its exit code, and its JSON."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import dataclass
from typing import Any

from engine.settings import ROOT


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The output, which is JSON."""
        return json.loads(self.out)

    @property
    def error(self) -> str:
        """The sentence of a command that failed."""
        return str(json.loads(self.err.splitlines()[-1])["error"])


@dataclass(frozen=True)
class CommandLine:
    """`starter.py` with the given environment; every command is run with `--json`."""

    environment: dict[str, str]

    async def __call__(self, *arguments: str) -> Said:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "starter.py",
            *arguments,
            "--json",
            cwd=ROOT,
            env=self.environment,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await process.communicate()
        return Said(process.returncode or 0, out.decode(), err.decode())
