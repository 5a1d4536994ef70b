"""The parts of docker-compose.yml as processes, with its own variables, scripts and files.

No container engine runs here. So PostgreSQL is the machine's own, Temporal is the same release built with Go and
configured by the very variables that the compose file gives its image, and the one-shot services and the worker are
started with the compose file's commands. Only hosts and ports differ. Where Temporal's programs were not built before,
these tests are skipped unless asked for (see `tests/go_programs.py`).
"""

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from temporalio.client import Client

from engine import search_attributes
from engine.client import connect
from engine.settings import ROOT, Settings, load_settings
from tests import go_programs
from tests.command_line import CommandLine
from tests.compose_parts import command, on_path, run_service, set_up_schema, temporal_server, worker_variables
from tests.debian_postgres import Cluster, Unavailable, cluster
from tests.test_compose import environment

_START_SECONDS = 120
_DRAIN_SECONDS = 60
_ANSWER_SECONDS = 120

pytestmark = pytest.mark.timeout(1800)  # the first test builds, where asked to, and sets up all the others' servers


class Deployment(NamedTuple):
    """The compose file's services as processes, ready for a worker."""

    address: str
    variables: dict[str, str]
    """The worker's environment."""
    client: Client


@pytest.fixture(scope="module")
def postgres() -> Iterator[Cluster]:
    try:
        with cluster(environment("postgres")["POSTGRES_DB"]) as running:
            yield running
    except Unavailable as reason:
        if os.environ.get(go_programs.ASKED):
            pytest.fail(f"{reason}: .ci/run installs it")
        pytest.skip(f"{reason}; Debian's `postgresql` has all of it")


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory for PATH with the programs of Temporal's images."""
    try:
        found = go_programs.built()
    except go_programs.NotBuilt as reason:
        pytest.skip(str(reason))
    return on_path(found, tmp_path_factory.mktemp("bin"))


@pytest.fixture(scope="module")
async def deployment(
    programs: Path, postgres: Cluster, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Deployment]:
    set_up_schema(postgres, programs)
    set_up_schema(postgres, programs)  # as every `docker compose up` does
    with temporal_server(postgres, programs, tmp_path_factory.mktemp("temporal") / "log") as address:
        variables = worker_variables(postgres, address, tmp_path_factory.mktemp("data"))
        run_service("namespace", variables)
        run_service("namespace", variables)
        run_service("records", variables)
        yield Deployment(address, variables, await connect(_settings(variables), address=address))


def test_dynamic_configuration_is_valid(programs: Path) -> None:
    checked = subprocess.run(
        [programs / "temporal-server", "validate-dynamic-config", ROOT / "deploy" / "dynamicconfig.yaml"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "warning" not in checked.stdout


async def test_namespace_and_search_attributes_are_there(deployment: Deployment) -> None:
    query = " AND ".join(f"{key.name} IS NULL" for key in search_attributes.ALL)
    assert (await deployment.client.count_workflows(query)).count == 0


async def test_the_worker_starts_and_drains_on_sigterm(deployment: Deployment) -> None:
    async with worker(deployment):
        pass


async def test_a_placement_is_started_and_withdrawn_on_it(deployment: Deployment) -> None:
    run = CommandLine(deployment.variables)
    hr, returner = "P-7LM2ZA", "P-7F3K2M"
    async with worker(deployment):
        assert (await run("import", "people", "examples/people.csv")).code == 0
        assert (await run("import", "roles", "examples/roles.yaml")).code == 0
        started = await run("placement", "start", "--returner", returner, "--role", "DATA1", "--as", hr)
        assert started.code == 0, started.err
        case = started.json["case"]
        async with asyncio.timeout(_ANSWER_SECONDS):
            while not (tasks := await open_tasks(run, case)):
                await asyncio.sleep(0.2)
        assert tasks[0]["kind"] == "mentor_request"
        withdrawn = await run("placement", "withdraw", case, "--as", hr, "--reason", "only a rehearsal")
        assert withdrawn.code == 0, withdrawn.err
        ending = await deployment.client.get_workflow_handle(f"placement-{case}").result()
    assert ending["outcome"] == "withdrawn"
    assert (await run("tasks", "--case", case)).json == []
    assert [decision["what"] for decision in (await run("decisions", case)).json["decisions"]][-1] == "outcome"
    assert (await run("records", "verify")).code == 0


async def open_tasks(run: CommandLine, case: str) -> list[dict[str, Any]]:
    """What the command line lists."""
    listed = await run("tasks", "--case", case)
    assert listed.code == 0, listed.err
    tasks: list[dict[str, Any]] = listed.json
    return tasks


@contextlib.asynccontextmanager
async def worker(deployment: Deployment) -> AsyncIterator[None]:
    """The compose file's worker, from "worker ready" until it has drained with code 0."""
    process = await asyncio.create_subprocess_exec(
        *command("worker"), cwd=ROOT, env=deployment.variables, stderr=asyncio.subprocess.PIPE
    )
    assert process.stderr is not None
    said: list[str] = []
    try:
        async with asyncio.timeout(_START_SECONDS):
            while "worker ready" not in (said[-1] if said else ""):
                line = await process.stderr.readline()
                assert line, f"the worker ended: {''.join(said)}"
                said.append(line.decode())
        # Read on, so that a full pipe never stops the worker.
        rest = asyncio.create_task(process.stderr.read())
        yield
        process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(_DRAIN_SECONDS):
            assert await process.wait() == 0, (await rest).decode()
            await rest
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


def _settings(variables: dict[str, str]) -> Settings:
    return load_settings(records_url=variables["WAYMARK_RECORDS_URL"], data_dir=Path(variables["WAYMARK_DATA_DIR"]))
