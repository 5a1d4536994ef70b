"""The pinned versions, and how programs tell theirs."""

import asyncio
import re

Version = tuple[int, int, int]

SERVER = "v1.32.1"
UI = "v2.54.1"
CLI = "v1.9.1"
OLDEST_CLI: Version = (1, 9, 0)
"""Older ones lack the time skipping that the tests use."""
OLDEST_GO: Version = (1, 26, 8)

_ANSWER_SECONDS = 20.0


def parse(text: str) -> Version | None:
    """The first version in `text`, such as `temporal version 1.9.1 (Server 1.32.0)` or `go version go1.26.8`."""
    found = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", text)
    return (int(found[1]), int(found[2]), int(found[3] or 0)) if found else None


def show(version: Version) -> str:
    """`1.26.8`"""
    return ".".join(str(part) for part in version)


async def ask(*command: str) -> Version | None:
    """The version that a program tells when asked; None when it does not start, hangs, or tells none."""
    try:
        process = await asyncio.create_subprocess_exec(
            *command,
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
    return parse(output.decode(errors="replace"))
