"""Starting the programs of a dev server with their configuration."""

import json
from pathlib import Path
from typing import NamedTuple

from engine.devserver import config, ports
from engine.devserver.processes import Process, spawn
from engine.devserver.programs import Kind, Programs

_STORES: dict[Kind, str] = {"cli": "cli.db", "go": "server.db"}


class Plan(NamedTuple):
    """What to start, and where."""

    data_dir: Path
    port: int
    ui_port: int | None


def store_of(data_dir: Path, kind: Kind) -> Path:
    """The SQLite file of a kind of server. Each has its own, because their schemas are not promised to be the same."""
    return _files(data_dir) / _STORES[kind]


def has_store(data_dir: Path) -> bool:
    """Whether a server has ever written here."""
    return any(store_of(data_dir, kind).exists() for kind in _STORES)


def kind_of_data(data_dir: Path) -> Kind | None:
    """The kind of server that has written here, if only one has; it is the one that finds its state again."""
    written: list[Kind] = [kind for kind in _STORES if store_of(data_dir, kind).exists()]
    return written[0] if len(written) == 1 else None


def server_log(data_dir: Path) -> Path:
    """What the server says."""
    return data_dir / "logs" / "temporal-server.log"


def launch(programs: Programs, plan: Plan, lock: int) -> list[Process]:
    """Start the server and then, if the plan has one, the UI. The server inherits the lock of the data directory."""
    _files(plan.data_dir).mkdir(parents=True, exist_ok=True)
    command = _cli_command(programs, plan) if programs.kind == "cli" else _server_command(programs, plan)
    server = spawn("server", command, log=server_log(plan.data_dir), keep_open=[lock])
    if programs.ui is None or plan.ui_port is None:
        return [server]
    try:
        ui = spawn("ui", _ui_command(programs.ui, plan), log=plan.data_dir / "logs" / "temporal-ui.log")
    except OSError:
        server.kill()
        raise
    return [server, ui]


def _server_command(programs: Programs, plan: Plan) -> list[str]:
    files = _files(plan.data_dir)
    dynamic = _written(files / "dynamic.yaml", config.dynamic_config())
    chosen = config.Ports(plan.port, _inner_ports(files / "inner-ports.json", but=plan.port))
    file = _written(files / "server.yaml", config.server_config(store_of(plan.data_dir, "go"), chosen, dynamic))
    return [str(programs.server), "--config-file", str(file), "--allow-no-auth", "start"]


def _inner_ports(file: Path, *, but: int) -> tuple[int, ...]:
    """Those of the last time, if they are free, else others; never the one that is about to be taken.

    The services of a killed server stay listed as members for a while. With the ports of before, what is sent to them
    arrives; with others, cases stand still until the list is mended, which takes up to a minute.
    """
    try:
        before = [int(port) for port in json.loads(file.read_text())]
    except (OSError, ValueError, TypeError):
        before = []
    if len(before) == config.INNER_PORTS and all(port != but and ports.is_free(port) for port in before):
        return tuple(before)
    chosen = [port for port in ports.some_free(config.INNER_PORTS + 1) if port != but][: config.INNER_PORTS]
    _written(file, json.dumps(chosen))
    return tuple(chosen)


def _ui_command(ui: Path, plan: Plan) -> list[str]:
    files = _files(plan.data_dir)
    assert plan.ui_port is not None
    _written(files / "ui" / "waymark.yaml", config.ui_config(f"{ports.HOST}:{plan.port}", plan.ui_port))
    return [str(ui), "--root", str(files), "--config", "ui", "--env", "waymark", "start"]


def _cli_command(programs: Programs, plan: Plan) -> list[str]:
    ui = ["--headless"] if plan.ui_port is None else ["--ui-port", str(plan.ui_port)]
    listen = ["--ip", ports.HOST, "--port", str(plan.port), *ui]
    store = ["--db-filename", str(store_of(plan.data_dir, "cli"))]
    logs = ["--log-format", "json", "--log-level", "warn"]
    return [str(programs.server), "server", "start-dev", *listen, *store, *logs, *config.dynamic_options()]


def _files(data_dir: Path) -> Path:
    return data_dir / "temporal"


def _written(file: Path, content: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)
    return file
