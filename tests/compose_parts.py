"""The parts of docker-compose.yml as processes, each with the variables, scripts and files that it has there."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from engine.devserver import ports
from engine.settings import ROOT
from tests.debian_postgres import Cluster
from tests.go_programs import Program
from tests.test_compose import SERVICES, environment

SERVICE_SECONDS = 180
"""How long a one-shot service is run again while Temporal is still starting on PostgreSQL."""


def on_path(programs: list[Program], directory: Path) -> Path:
    """A directory for PATH with these programs."""
    for program in programs:
        (directory / program.name).symlink_to(program.path)
    return directory


def set_up_schema(postgres: Cluster, programs: Path) -> None:
    """Run the compose file's script that makes Temporal's tables, or brings them up to date."""
    (script,) = SERVICES["temporal-schema"]["command"]
    variables = environment("temporal-schema") | {"SQL_HOST": ports.HOST, "SQL_PORT": str(postgres.port)}
    done = subprocess.run(
        [*SERVICES["temporal-schema"]["entrypoint"], ROOT / script.removeprefix("/")],
        env=variables | {"PATH": f"{programs}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@contextlib.contextmanager
def temporal_server(postgres: Cluster, programs: Path, log: Path) -> Iterator[str]:
    """The server of the compose file; its address."""
    names = [
        *(f"{service}_GRPC_PORT" for service in ("FRONTEND", "MATCHING", "HISTORY", "WORKER")),
        *(f"{service}_MEMBERSHIP_PORT" for service in ("FRONTEND", "MATCHING", "HISTORY", "WORKER")),
        "FRONTEND_HTTP_PORT",
    ]
    chosen = dict(zip(names, map(str, ports.some_free(len(names))), strict=True))
    here = {
        "POSTGRES_SEEDS": ports.HOST,
        "DB_PORT": str(postgres.port),
        "BIND_ON_IP": ports.HOST,
        # The image's entry point works this one out.
        "TEMPORAL_BROADCAST_ADDRESS": ports.HOST,
        "DYNAMIC_CONFIG_FILE_PATH": str(ROOT / environment("temporal")["DYNAMIC_CONFIG_FILE_PATH"].removeprefix("/")),
    }
    with log.open("wb") as output:
        server = subprocess.Popen(
            [programs / "temporal-server", "start"],
            env=environment("temporal") | here | chosen,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield f"{ports.HOST}:{chosen['FRONTEND_GRPC_PORT']}"
    except BaseException:
        sys.stderr.write(log.read_text(errors="replace")[-4000:])  # pytest shows it with the failure
        raise
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def worker_variables(postgres: Cluster, address: str, data_dir: Path) -> dict[str, str]:
    """The environment of the compose file's worker."""
    here = {
        "TEMPORAL_ADDRESS": address,
        "WAYMARK_RECORDS_URL": postgres.url(environment("postgres")["POSTGRES_DB"]),
        "WAYMARK_DATA_DIR": str(data_dir),
    }
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("WAYMARK_", "TEMPORAL_"))}
    # There is no mail server here; mail goes to files instead.
    return kept | {name: value for name, value in environment("worker").items() if name != "WAYMARK_SMTP_URL"} | here


def run_service(name: str, variables: dict[str, str]) -> None:
    """Run a one-shot service to its end; as its `restart: on-failure` does, again while Temporal is still starting."""
    deadline = time.monotonic() + SERVICE_SECONDS
    while True:
        done = subprocess.run(
            command(name), cwd=ROOT, env=variables, capture_output=True, text=True, check=False, timeout=120
        )
        if done.returncode == 0:
            return
        if time.monotonic() > deadline:
            break
        time.sleep(0.5)
    raise RuntimeError(f"{name}: {done.stdout}{done.stderr}")


def command(service: str) -> list[str]:
    """The command of a service that runs Waymark's image."""
    program, *arguments = SERVICES[service]["command"]
    assert program == "python"
    return [sys.executable, *arguments]
