"""Starting the dev server's program."""

import os
from pathlib import Path
from typing import NamedTuple

from engine.devserver import config, ports
from engine.devserver.processes import Process, spawn
from engine.devserver.programs import Program


class Plan(NamedTuple):
    """What to start, and where."""

    data_dir: Path
    port: int
    ui_port: int | None


def store_of(data_dir: Path) -> Path:
    """The SQLite file of the server."""
    return data_dir / "temporal" / "cli.db"


def server_log(data_dir: Path) -> Path:
    """What the server says."""
    return data_dir / "logs" / "temporal-server.log"


def launch(program: Program, plan: Plan, lock: int) -> Process:
    """Start the server, with its UI if the plan has one. It inherits the lock of the data directory."""
    store_of(plan.data_dir).parent.mkdir(parents=True, exist_ok=True)
    # `TEMPORAL_*` is meant for clients; the server would take some of it for options.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("TEMPORAL_")}
    return spawn(_command(program, plan), log=server_log(plan.data_dir), environment=environment, keep_open=[lock])


def _command(program: Program, plan: Plan) -> list[str]:
    ui = ["--headless"] if plan.ui_port is None else ["--ui-port", str(plan.ui_port), "--ui-disable-news-fetch"]
    listen = ["--ip", ports.HOST, "--port", str(plan.port), *ui]
    store = ["--db-filename", str(store_of(plan.data_dir))]
    logs = ["--log-format", "json", "--log-level", "warn"]
    return [str(program.path), "server", "start-dev", *listen, *store, *logs, *config.dynamic_options()]
