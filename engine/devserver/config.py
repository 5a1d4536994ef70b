"""Configuration files of the Temporal server and its UI."""

import json
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from engine.devserver.ports import HOST

DYNAMIC: dict[str, Any] = {
    # Timers fire when they are due instead of up to a second late: a rehearsal has a programme day in less than that.
    "history.timerProcessorMaxTimeShift": "10ms",
    # Tests run whole placements, with real durations, in seconds.
    "frontend.WorkflowTimeSkippingEnabled": True,
    "frontend.WorkflowTimeSkippingMaxSkipPerSession": 10_000,
}
"""Dynamic configuration of the dev server."""


class Ports(NamedTuple):
    """Ports of one server: the front end that clients use, and what its services use among each other."""

    frontend: int
    inner: tuple[int, ...]
    """`INNER_PORTS` of them: gRPC of matching, history and worker, then membership of all four."""


INNER_PORTS = 7


def server_config(store: Path, ports: Ports, dynamic: Path) -> str:
    """The server's configuration file, as YAML: everything in the one SQLite file `store`, options from `dynamic`."""
    return _yaml(
        {
            "log": {"stdout": True, "level": "warn"},
            "persistence": {
                "defaultStore": "sqlite",
                "visibilityStore": "sqlite",
                "numHistoryShards": 1,
                "datastores": {"sqlite": {"sql": _store(store)}},
            },
            "global": {"membership": {"maxJoinDuration": "30s", "broadcastAddress": HOST}},
            "services": _services(ports),
            "clusterMetadata": _cluster(ports.frontend),
            "dcRedirectionPolicy": {"policy": "noop"},
            "dynamicConfigClient": {"filepath": str(dynamic), "pollInterval": "60s"},
        }
    )


def dynamic_config() -> str:
    """`DYNAMIC` as the server's dynamic configuration file."""
    return _yaml({key: [{"value": value}] for key, value in DYNAMIC.items()})


def dynamic_options() -> list[str]:
    """`DYNAMIC` as options of Temporal's command line."""
    options: list[str] = []
    for key, value in DYNAMIC.items():
        options += ["--dynamic-config-value", f"{key}={json.dumps(value)}"]
    return options


def ui_config(address: str, port: int) -> str:
    """The UI's configuration file, as YAML: it listens on the loopback interface only."""
    return _yaml(
        {
            "temporalGrpcAddress": address,
            "host": HOST,
            "port": port,
            "enableUi": True,
            "defaultNamespace": "default",
            "disableNewsFetch": True,
            "codec": {"endpoint": ""},
            "cors": {
                # Plain HTTP on this machine: a browser would not send back a cookie that wants TLS.
                "cookieInsecure": True,
                "allowOrigins": [f"http://{HOST}:{port}", f"http://localhost:{port}"],
            },
        }
    )


def _store(file: Path) -> dict[str, Any]:
    return {
        "pluginName": "sqlite",
        "databaseName": str(file),
        "connectAddr": "localhost",
        "connectProtocol": "tcp",
        # The server makes the file and its schema by itself. Write-ahead, so that a power cut loses nothing.
        "connectAttributes": {"mode": "rwc", "setup": "true", "journal_mode": "wal"},
        "maxConns": 1,
        "maxIdleConns": 1,
    }


def _services(ports: Ports) -> dict[str, Any]:
    grpc = dict(zip(("matching", "history", "worker"), ports.inner[:3], strict=True)) | {"frontend": ports.frontend}
    membership = dict(zip(("frontend", "matching", "history", "worker"), ports.inner[3:], strict=True))
    return {
        name: {"rpc": {"grpcPort": grpc[name], "membershipPort": membership[name], "bindOnLocalHost": True}}
        for name in membership
    }


def _cluster(frontend: int) -> dict[str, Any]:
    here = {"enabled": True, "initialFailoverVersion": 1, "rpcName": "frontend", "rpcAddress": f"{HOST}:{frontend}"}
    return {
        "enableGlobalNamespace": False,
        "failoverVersionIncrement": 10,
        "masterClusterName": "active",
        "currentClusterName": "active",
        "clusterInformation": {"active": here},
    }


def _yaml(content: dict[str, Any]) -> str:
    return yaml.safe_dump(content, sort_keys=False, allow_unicode=True)
