"""Temporal's server and its schema tool, built with Go: what runs on PostgreSQL is in no wheel.

Needs Go and a module proxy, and takes minutes the first time, so the tests do it only when asked (`COMPOSE_PARTS=1`):
`python -m tests.go_programs` builds both. They are of the version that the compose file names, and stay in
`$XDG_CACHE_HOME/waymark`, by default `~/.cache/waymark`.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import yaml

from engine.settings import ROOT

ASKED = "COMPOSE_PARTS"


class NotBuilt(Exception):
    """The programs can't be had here; the text is the reason."""


class Program(NamedTuple):
    """A program that `go install` can make."""

    name: str
    package: str

    @property
    def path(self) -> Path:
        """Where it stands once it is built; the version is part of it."""
        return _cache() / f"{self.name}-v{VERSION}" / self.name


def _image_tag(service: str) -> str:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]
    tag: str = services[service]["image"].rpartition(":")[2]
    return tag


def _cache() -> Path:
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "waymark"


VERSION = _image_tag("temporal")
SERVER = Program("temporal-server", "go.temporal.io/server/cmd/server")
SQL_TOOL = Program("temporal-sql-tool", "go.temporal.io/server/cmd/tools/sql")


def built() -> list[Program]:
    """Both programs, built now if that was asked for. Raises `NotBuilt`."""
    if not all(program.path.exists() for program in (SERVER, SQL_TOOL)):
        if not os.environ.get(ASKED):
            raise NotBuilt(
                f"Temporal's server for PostgreSQL is not built here; {ASKED}=1 builds it with Go, in some minutes"
            )
        build()
    return [SERVER, SQL_TOOL]


def build() -> None:
    """Build what is missing. Raises `NotBuilt`."""
    if not (go := shutil.which("go")):
        raise NotBuilt("there is no `go` on PATH to build Temporal's server for PostgreSQL with")
    for program in (SERVER, SQL_TOOL):
        if not program.path.exists():
            _install(go, program)


def _install(go: str, program: Program) -> None:
    """Build aside and move into place at the end, so that an interrupted build never leaves half a program."""
    _cache().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".building-", dir=_cache()) as aside:
        done = subprocess.run(
            [go, "install", f"{program.package}@v{VERSION}"],
            cwd=aside,
            env=os.environ | {"GOBIN": aside},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise NotBuilt(f"`go install {program.package}@v{VERSION}` failed: {last}")
        program.path.parent.mkdir(exist_ok=True)
        # Go names a program after the last part of its package.
        Path(aside, PurePosixPath(program.package).name).replace(program.path)


if __name__ == "__main__":
    argparse.ArgumentParser(prog="tests.go_programs", description=(__doc__ or "").split("\n")[0]).parse_args()
    try:
        build()
    except NotBuilt as reason:
        sys.exit(str(reason))
