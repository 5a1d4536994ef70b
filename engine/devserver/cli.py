"""Temporal's own command line, which has server and UI in one program: from PATH, or downloaded by the SDK."""

import asyncio
import os
import shutil
from datetime import timedelta
from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from engine.connection import runtime
from engine.devserver import cache, versions
from engine.devserver.errors import WayUnavailable
from engine.devserver.progress import Progress

# Without a connection it fails at once; this is for a network that swallows what is sent.
_DOWNLOAD_SECONDS = 300.0


async def on_path(progress: Progress) -> Path:
    """`temporal` on PATH. Raises `WayUnavailable` when it is missing or too old."""
    if not (found := shutil.which("temporal")):
        raise WayUnavailable("there is none")
    version = await versions.ask(found, "--version")
    if version is None:
        raise WayUnavailable(f"{found} tells no version")
    if version < versions.OLDEST_CLI:
        reason = f"{found} is {versions.show(version)}, older than {versions.show(versions.OLDEST_CLI)}"
        progress.say(f"Not used: {reason}")
        raise WayUnavailable(reason)
    return Path(found)


async def downloaded_before() -> Path:
    """The program that an earlier `download` left. Raises `WayUnavailable` when there is none."""
    for each in _programs_in(_download_dir()):
        # An interrupted download may have left half a program, which tells no version.
        if await versions.ask(str(each), "--version"):
            return each
    raise WayUnavailable("not downloaded yet")


async def download(progress: Progress) -> Path:
    """Let the SDK download the pinned version into the cache. Raises `WayUnavailable`, quickly without a connection."""
    async with cache.filling("temporal-cli", progress):
        _download_dir().mkdir(parents=True, exist_ok=True)
        try:
            async with progress.during(f"downloading the Temporal CLI {versions.CLI}"):
                await asyncio.wait_for(_download(), _DOWNLOAD_SECONDS)
        except (RuntimeError, TimeoutError) as error:
            raise WayUnavailable("the download failed (no connection to the internet?)") from error
        return await downloaded_before()


async def _download() -> None:
    """The SDK downloads only on the way to starting a server of its own, so that one is started and shut down."""
    environment = await WorkflowEnvironment.start_local(
        dev_server_download_version=versions.CLI,
        download_dest_dir=str(_download_dir()),
        dev_server_startup_timeout=timedelta(seconds=60),
        runtime=runtime(),
    )
    await environment.shutdown()


def _programs_in(directory: Path) -> list[Path]:
    return sorted(each for each in directory.glob("*") if each.is_file() and os.access(each, os.X_OK))


def _download_dir() -> Path:
    return cache.directory() / f"temporal-cli-{versions.CLI}"
