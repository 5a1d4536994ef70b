"""A command line with records of its own."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.core import TyperGroup
from typer.testing import CliRunner

from cli.core.app import app
from cli.core.lazy import NamedCommand
from records.database import Database
from tests.command_line import Said
from tests.domain.factories import ROOT
from tests.migrated import new_records
from tests.office import Office

EXAMPLES = ROOT / "examples"


def commands(group: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """All commands of the command line, with the words that lead to each."""
    for name, named in group.commands.items():
        command = named.load() if isinstance(named, NamedCommand) else named
        if isinstance(command, TyperGroup):
            yield from commands(command, (*words, name))
        else:
            yield (*words, name), command


WHOLE: Any = typer.main.get_command(app)
ALL = dict(commands(WHOLE))


class CommandLine:
    """The command line on records in a temporary directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    def __call__(self, *words: str, code: int = 0, stdin: str | None = None) -> str:
        """Run a command, which must end with this exit code; what it prints, or says is wrong."""
        result = CliRunner().invoke(app, list(words), input=stdin)
        assert result.exit_code == code, (words, result.output, result.exception)
        return result.stdout if code == 0 else result.output

    def json(self, *words: str) -> Any:
        """Run a command with ``--json``; what it prints."""
        return json.loads(self(*words, "--json"))

    def error(self, *words: str, code: int) -> dict[str, str]:
        """Run a command with ``--json`` that fails with this exit code; what it says on standard error."""
        result = CliRunner().invoke(app, [*words, "--json"])
        assert result.exit_code == code, (words, result.output, result.exception)
        said: dict[str, str] = json.loads(result.stderr)
        return said

    def file(self, name: str, text: str) -> str:
        """A file with this text; its path."""
        path = self.directory / name
        path.write_text(text, encoding="utf-8")
        return str(path)


@dataclass(frozen=True)
class OnServer:
    """The command line on a real server, named by the environment; each command with ``--json``, on a thread."""

    environment: dict[str, str]

    async def __call__(self, *words: str) -> Said:
        runner = CliRunner(env=self.environment)
        result = await asyncio.to_thread(runner.invoke, app, [*words, "--json"], catch_exceptions=False)
        return Said(result.exit_code, result.stdout, result.stderr)


def on_server(office: Office) -> OnServer:
    """The command line on the server, the queue and the records of an office."""
    settings = office.settings
    return OnServer(
        {
            "TEMPORAL_ADDRESS": office.client.service_client.config.target_host,
            "WAYMARK_DATA_DIR": str(settings.data_dir),
            "WAYMARK_TASK_QUEUE": settings.task_queue,
        }
    )


@pytest.fixture
def command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The command line, its records still without tables."""
    return _in(tmp_path, monkeypatch)


def _in(directory: Path, patched: pytest.MonkeyPatch) -> CommandLine:
    patched.setenv("WAYMARK_DATA_DIR", str(_data(directory)))
    patched.delenv("WAYMARK_RECORDS_URL", raising=False)
    return CommandLine(directory)


def _data(directory: Path) -> Path:
    return directory / "data"


@pytest.fixture
def database(command: CommandLine) -> Iterator[Database]:
    """The records of ``command``, with tables."""
    file = _data(command.directory) / "waymark.db"
    database = Database(f"sqlite:///{file}") if file.exists() else new_records(file)  # a command may have made it
    yield database
    database.close()


@pytest.fixture(scope="session")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data of the command line after the examples were imported: once in a process, and copied from then on."""
    directory = tmp_path_factory.mktemp("imported")
    with pytest.MonkeyPatch.context() as patched:
        command = _in(directory, patched)
        command("import", "people", str(EXAMPLES / "people.csv"))
        command("import", "roles", str(EXAMPLES / "roles.yaml"))
    return _data(directory)


@pytest.fixture
def staffed(command: CommandLine, imported: Path) -> CommandLine:
    """The command line after the examples were imported."""
    shutil.copytree(imported, _data(command.directory))  # fails where something is on record already
    return command
