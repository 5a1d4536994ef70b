"""A throw-away PostgreSQL cluster of the machine's own PostgreSQL, on TCP, for what the wheel's can't hold."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from engine.devserver import ports

USER = "waymark"


class Unavailable(Exception):
    """There is no usable PostgreSQL here; the text says what is missing."""


class Cluster(NamedTuple):
    """A running cluster; every password is right."""

    port: int

    def url(self, database: str) -> str:
        """`postgresql://...` of one database."""
        return f"postgresql://{USER}:any@{ports.HOST}:{self.port}/{database}"


@contextlib.contextmanager
def cluster(*databases: str, durable: bool = False) -> Iterator[Cluster]:
    """A fresh cluster with `databases`; if `durable`, what is committed is on disk. Raises `Unavailable`."""
    programs = _programs()
    account = _account()
    # Not pytest's directory: PostgreSQL's user may not enter that one.
    with tempfile.TemporaryDirectory(prefix="waymark-postgres-", ignore_cleanup_errors=True) as directory:
        if account:
            shutil.chown(directory, account["user"])
        data = str(Path(directory, "data"))
        (port,) = ports.some_free(1)
        fsync = "on" if durable else "off"
        options = f"-p {port} -c listen_addresses={ports.HOST} -c fsync={fsync} -k {directory}"
        control = [str(programs / "pg_ctl"), "--pgdata", data, "--wait"]
        _run([str(programs / "initdb"), "--pgdata", data, "--username", USER, "--auth", "trust"], directory, account)
        _run([*control, "--options", options, "--log", f"{data}/log", "start"], directory, account)
        try:
            for database in databases:
                _run([str(programs / "createdb"), *_at(port), database], directory, account)
            yield Cluster(port)
        finally:
            _run([*control, "--mode", "immediate", "stop"], directory, account)


def _programs() -> Path:
    """Where `initdb` and the others are; Debian keeps those of every version apart, and off PATH."""
    candidates = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)
    candidates += [Path(found).resolve() for found in [shutil.which("initdb")] if found]
    if not candidates:
        raise Unavailable("PostgreSQL is not installed")
    programs = candidates[0].parent
    shared = subprocess.run([programs / "pg_config", "--sharedir"], capture_output=True, text=True, check=True)
    if not Path(shared.stdout.strip(), "extension", "btree_gin.control").exists():
        raise Unavailable("PostgreSQL is installed without its contrib modules (btree_gin)")
    return programs


def _account() -> dict[str, Any]:
    """Whom to run as: PostgreSQL refuses root."""
    if os.geteuid() != 0:
        return {}
    return {"user": "postgres", "group": "postgres", "extra_groups": []}


def _at(port: int) -> list[str]:
    return ["--host", ports.HOST, "--port", str(port), "--username", USER]


def _run(command: Sequence[str], directory: str, account: dict[str, Any]) -> None:
    # The output goes to a file: the server inherits it, and a pipe would not end before the server does.
    with Path(directory, "output").open("w+") as output:
        done = subprocess.run(command, cwd=directory, stdout=output, stderr=output, check=False, timeout=120, **account)
        output.seek(0)
        assert done.returncode == 0, output.read()
