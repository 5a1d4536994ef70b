"""What stands about a dev server in its data directory: other programs find it there, and it its ports of before."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from engine.devserver import ports
from engine.devserver.processes import Process

_FILE = "devserver.json"


class State(NamedTuple):
    """A dev server as recorded: where it is, and its process."""

    address: str
    ui_url: str | None
    origin: str
    ready: bool
    """Namespace and search attributes are there."""
    process: Process | None
    """Running or ended; None when it is somebody else's."""

    def alive(self) -> bool:
        """Whether the server process runs and its port answers."""
        return self.process is not None and self.process.alive() and ports.answers(port_of(self.address))


def file_of(data_dir: Path) -> Path:
    """Where it is recorded."""
    return data_dir / _FILE


def port_of(address: str) -> int:
    """`127.0.0.1:7233` -> 7233"""
    return int(address.rpartition(":")[2])


def read(data_dir: Path) -> State | None:
    """The recorded server, running or not; None when there is no record or it can't be read."""
    try:
        recorded: dict[str, Any] = json.loads(file_of(data_dir).read_text())
        return State(**recorded | {"process": Process(**recorded["process"])})
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def write(data_dir: Path, state: State) -> None:
    """Record `state`; a reader sees the old or the new, never half of it.

    The record stays when the server has ended: workers that still run look for it there, so it comes back there.
    """
    record = state._asdict() | {"process": state.process and state.process._asdict()}
    draft = data_dir / f"{_FILE}.new"
    try:
        draft.write_text(json.dumps(record, indent=2) + "\n")
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    draft.replace(file_of(data_dir))


def running_address(data_dir: Path) -> str | None:
    """`host:port` of the dev server that runs on `data_dir`, if one does."""
    state = read(data_dir)
    return state.address if state and state.ready and state.alive() else None
