"""docker-compose.yml names only what exists: commands, ports, variables, files. test_compose_runs.py runs its parts."""

import ipaddress
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml

from engine.settings import ROOT, Settings, load_settings

COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = [name for name, service in SERVICES.items() if "build" in service]

# Where each service listens inside the network.
LISTENS = {"postgres": {5432}, "temporal": {7233}, "temporal-ui": {8233}, "mail": {1025, 8025}, "console": {8080}}

# What each program reads, as far as it is used here.
CLIENT = {"TEMPORAL_ADDRESS", "TEMPORAL_NAMESPACE"}
SCHEMA_TOOL = {"SQL_PLUGIN", "SQL_HOST", "SQL_PORT", "SQL_USER", "SQL_PASSWORD"}
SERVER = {
    *("DB", "DB_PORT", "POSTGRES_SEEDS", "POSTGRES_USER", "POSTGRES_PWD", "NUM_HISTORY_SHARDS", "BIND_ON_IP"),
    *("LOG_LEVEL", "TEMPORAL_ALLOW_NO_AUTH", "DYNAMIC_CONFIG_FILE_PATH"),
}
UI = {"TEMPORAL_ADDRESS", "TEMPORAL_UI_PORT", "TEMPORAL_CORS_ORIGINS", "TEMPORAL_CSRF_COOKIE_INSECURE"}
POSTGRES = {"POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB"}
WAYMARK = CLIENT | {f"WAYMARK_{field.upper()}" for field in Settings.model_fields}
KNOWN: dict[str, set[str]] = dict.fromkeys(OURS, WAYMARK) | {
    "postgres": POSTGRES,
    "temporal-schema": SCHEMA_TOOL,
    "temporal": SERVER,
    "temporal-ui": UI,
    "mail": set(),
}


def environment(service: str) -> dict[str, str]:
    """A service's variables, with the defaults of what `${...}` stands for."""
    given: dict[str, str] = SERVICES[service].get("environment", {})
    return {name: re.sub(r"\$\{\w+:-(\w*)\}", r"\1", value) for name, value in given.items()}


@pytest.mark.parametrize("service", SERVICES)
def test_every_variable_is_one_that_its_program_reads(service: str) -> None:
    assert environment(service).keys() <= KNOWN[service]
    # YAML would make a number or a truth value of what is not quoted.
    assert all(isinstance(value, str) for value in SERVICES[service].get("environment", {}).values())


@pytest.mark.parametrize("service", SERVICES)
def test_every_address_is_a_service_that_listens_there(service: str) -> None:
    for host, port in _addresses(environment(service)):
        assert port in LISTENS[host]
        # Ours have one environment; the worker is the one that uses all of it.
        assert host in _needed_by(service) or service in ("namespace", "records")


@pytest.mark.parametrize("service", OURS)
def test_our_variables_are_settings_that_load(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in environment(service).items():
        monkeypatch.setenv(name, value)
    settings = load_settings()
    assert settings.records_url == "postgresql+psycopg://waymark:waymark@postgres:5432/waymark"
    assert settings.records_url.endswith("/" + environment("postgres")["POSTGRES_DB"])
    assert settings.smtp_url == "smtp://mail:1025"


@pytest.mark.parametrize("service", OURS)
def test_our_commands_exist(service: str) -> None:
    program, *arguments = SERVICES[service]["command"]
    assert program == "python"
    if arguments[0] == "-m":
        assert (ROOT / arguments[1].replace(".", "/")).with_suffix(".py").is_file()
    else:
        assert (ROOT / arguments[0]).is_file()


def test_published_ports_are_different_listened_to_and_of_this_machine_only() -> None:
    published = [
        (name, *mapping.rsplit(":", 2)) for name, service in SERVICES.items() for mapping in service.get("ports", [])
    ]
    assert all(ipaddress.ip_address(host).is_loopback for _, host, _, _ in published)
    assert len({outside for _, _, outside, _ in published}) == len(published)
    assert all(int(inside) in LISTENS[name] for name, _, _, inside in published)
    console = load_settings(
        console_url=environment("console")["WAYMARK_CONSOLE_URL"],
        console_host=environment("console")["WAYMARK_CONSOLE_HOST"],
    )
    assert (console.console_origin, console.console_port) == ("http://localhost:8080", 8080)
    ui = environment("temporal-ui")
    assert int(ui["TEMPORAL_UI_PORT"]) in LISTENS["temporal-ui"]
    assert urlsplit(ui["TEMPORAL_CORS_ORIGINS"]).port in {int(outside) for _, _, outside, _ in published}


def test_every_volume_and_every_file_in_it_exists() -> None:
    for service in SERVICES.values():
        for volume in service.get("volumes", []):
            source, target = volume.split(":")[:2]
            assert source in COMPOSE["volumes"] or (ROOT / source).is_dir()
            if target == "/deploy":
                assert (ROOT / source).samefile(ROOT / "deploy")
    named = [environment("temporal")["DYNAMIC_CONFIG_FILE_PATH"], *SERVICES["temporal-schema"]["command"]]
    for file in named:
        assert (ROOT / file.removeprefix("/")).is_file()


def test_whoever_seals_what_is_on_record_has_the_same_key() -> None:
    kept = {name: SERVICES[name]["volumes"] for name in ("worker", "records", "console")}
    assert all(volumes == ["waymark-data:/waymark/data"] for volumes in kept.values())


def test_services_wait_for_what_can_tell_that_it_is_ready() -> None:
    for service in SERVICES.values():
        for needed, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in SERVICES[needed]
            else:
                assert how["condition"] == "service_completed_successfully"
                # What has to end must not be started again when it has.
                assert SERVICES[needed]["restart"].startswith("on-failure")


def test_images_are_pinned_and_the_schema_is_of_the_servers_version() -> None:
    images = {name: service["image"] for name, service in SERVICES.items() if "build" not in service}
    assert images["temporal"].rpartition(":")[2] == images["temporal-schema"].rpartition(":")[2]
    assert all(":" in image and not image.endswith(":latest") for image in images.values())


def test_dockerfile_copies_all_code_and_runs_as_nobody_special() -> None:
    lines = [line.split() for line in (ROOT / "Dockerfile").read_text().splitlines() if line and line[0].isupper()]
    sources = {source for line in lines if line[0] == "COPY" for source in line[1:-1]}
    assert all((ROOT / source).exists() for source in sources)
    packages = set(tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"])
    assert packages - {"bench", "tests"} <= sources
    assert {"policies", "starter.py", "worker.py", "console.py"} <= sources
    assert [line[1] for line in lines if line[0] == "USER"] == ["waymark"]


def test_dockerignore_keeps_nothing_out_that_is_copied() -> None:
    ignored = set((ROOT / ".dockerignore").read_text().split())
    copied = {line.split()[1] for line in (ROOT / "Dockerfile").read_text().splitlines() if line.startswith("COPY")}
    assert not ignored & copied


def _addresses(variables: dict[str, str]) -> Iterator[tuple[str, int]]:
    for host, port in (("SQL_HOST", "SQL_PORT"), ("POSTGRES_SEEDS", "DB_PORT")):
        if host in variables:
            yield variables[host], int(variables[port])
    urls = [f"grpc://{value}" for name, value in variables.items() if name == "TEMPORAL_ADDRESS"]
    urls += [value for name, value in variables.items() if name in ("WAYMARK_RECORDS_URL", "WAYMARK_SMTP_URL")]
    for url in map(urlsplit, urls):
        assert url.hostname
        assert url.port
        yield url.hostname, url.port


def _needed_by(service: str) -> set[str]:
    """What a service waits for, directly or through others."""
    direct = set(SERVICES[service].get("depends_on", {}))
    return direct.union(*(_needed_by(needed) for needed in direct))


def test_one_directory_holds_what_the_servers_mount() -> None:
    assert {file.name for file in Path(ROOT / "deploy").iterdir()} == {"dynamicconfig.yaml", "setup-schema.sh"}
