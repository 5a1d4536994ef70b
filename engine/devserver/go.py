"""Programs built from the Go module proxy: the pinned Temporal server, its UI and its schema tool."""

import asyncio
import os
import shutil
import signal
import tempfile
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from engine.devserver import cache, versions
from engine.devserver.errors import WayUnavailable
from engine.devserver.progress import Progress


class Build(NamedTuple):
    """A program that `go install` can make."""

    name: str
    package: str
    version: str
    note: str

    def path(self) -> Path:
        """Where it stands once it is built; the version is part of it."""
        return cache.directory() / f"{self.name}-{self.version}" / self.name


SERVER = Build(
    "temporal-server", "go.temporal.io/server/cmd/server", versions.SERVER, "the first time only, 4 to 6 minutes"
)
UI = Build(
    "temporal-ui", "github.com/temporalio/ui-server/v2/cmd/server", versions.UI, "the first time only, about a minute"
)
SQL_TOOL = Build(
    "temporal-sql-tool", "go.temporal.io/server/cmd/tools/sql", versions.SERVER, "the first time only, seconds"
)


async def built(build: Build, progress: Progress) -> Path:
    """The program, built now unless it was before. Raises `WayUnavailable` with the reason."""
    if (target := build.path()).exists():
        return target
    go = await _go()
    async with cache.filling(build.name, progress):
        if not target.exists():  # whoever held the lock before us may have built it
            await _build(go, build, target, progress)
    return target


async def _go() -> str:
    needed = f"needs Go {versions.show(versions.OLDEST_GO)} or newer"
    if not (go := shutil.which("go")):
        raise WayUnavailable(f"{needed}; there is no `go` on PATH")
    version = await versions.ask(go, "version")
    if version is None:
        raise WayUnavailable(f"{needed}; `go version` tells none")
    if version < versions.OLDEST_GO:
        raise WayUnavailable(f"{needed}; the one on PATH is {versions.show(version)}")
    return go


async def _build(go: str, build: Build, target: Path, progress: Progress) -> None:
    """Build aside and move into place at the end, so that an interrupted build never leaves half a program."""
    with tempfile.TemporaryDirectory(prefix=".building-", dir=cache.directory()) as aside:
        async with progress.during(f"building {build.name} {build.version} with Go ({build.note})"):
            await _go_install(go, build, Path(aside))
        _move(Path(aside), build, target)


def _move(aside: Path, build: Build, target: Path) -> None:
    target.parent.mkdir(exist_ok=True)
    # Go names a program after the last part of its package.
    (aside / PurePosixPath(build.package).name).replace(target)


async def _go_install(go: str, build: Build, into: Path) -> None:
    process = await asyncio.create_subprocess_exec(
        go,
        "install",
        f"{build.package}@{build.version}",
        cwd=into,
        env=os.environ | {"GOBIN": str(into)},
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        _, errors = await process.communicate()
    except asyncio.CancelledError:
        os.killpg(process.pid, signal.SIGKILL)  # the compilers that it started, too
        await process.wait()
        raise
    if process.returncode:
        reason = (errors.decode(errors="replace").strip().splitlines() or ["no reason given"])[-1]
        raise WayUnavailable(f"`go install {build.package}@{build.version}` failed: {reason}")
