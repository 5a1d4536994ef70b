"""Help is quick because commands are loaded only when they are called."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cli.core.app import COMMANDS
from cli.core.lazy import NamedCommand
from cli.core.options import a_day_or_instant
from tests.cli.conftest import ALL, CommandLine
from tests.domain.factories import ROOT

LISTS = """
import sys
from starter import app
try:
    app(sys.argv[1:])
finally:
    slow = {name.partition(".")[0] for name in sys.modules} & {"temporalio", "sqlalchemy", "records", "yaml"}
    print("imported:", sorted(slow), file=sys.stderr)
"""


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    return subprocess.run([sys.executable, "-c", LISTS, *words], cwd=ROOT, capture_output=True, text=True, check=False)


def test_help_imports_neither_temporal_nor_the_database() -> None:
    done = run("--help")
    assert done.returncode == 0, done.stderr
    assert "imported: []" in done.stderr
    assert "Exit codes: 0 done; 1 refused" in " ".join(done.stdout.split())


def test_a_mistyped_command_is_a_usage_error_that_imports_neither() -> None:
    done = run("borad")
    assert done.returncode == 2
    assert "imported: []" in done.stderr


@pytest.mark.parametrize("named_command", COMMANDS, ids=lambda named_command: str(named_command.name))
def test_a_command_has_the_line_by_which_it_is_named(named_command: NamedCommand) -> None:
    loaded = named_command.load()
    assert loaded.name == named_command.name
    assert " ".join((loaded.help or "").partition("\n\n")[0].split()) == named_command.help


@pytest.mark.parametrize("words", ALL, ids=" ".join)
def test_every_command_has_help_and_json(words: tuple[str, ...], command: CommandLine) -> None:
    assert "--json" in command(*words, "--help")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--starts-on", "31.12.2027"), "must be a date, such as 2026-09-07, not “31.12.2027”"),
        (("--starts-on", "2027-02-30"), "must be a date, such as 2026-09-07, not “2027-02-30”"),
        (("--weeks", "0"), "must be 1 or more, not 0"),
        (("--weeks", "many"), "must be a whole number, not “many”"),
        (("--seconds-per-day", "0"), "must be 0.001 or more, not 0"),
        (("--seconds-per-day", "soon"), "must be a number, not “soon”"),
    ],
)
def test_what_is_wrong_with_an_option_is_said_in_words_of_ours(
    command: CommandLine, words: tuple[str, str], sentence: str
) -> None:
    start = ("placement", "start", "--returner", "P-ANN", "--role", "DATA1", "--as", "P-HR1")
    said = command.error(*start, *words, code=2)
    assert said["kind"] == "usage"
    assert sentence in said["error"]
    assert words[0] in said["error"]


def test_a_day_or_an_instant_is_said_to_be_allowed(command: CommandLine) -> None:
    file = command.file("badge.json", "{}")
    assert a_day_or_instant("2027-02-01T10:00:00Z").hour == 10
    said = command.error("certificate", "verify", file, "--at", "1.2.2027", code=2)["error"]
    assert "must be a date, such as 2026-09-07, or an instant, such as 2026-09-07T09:30:00Z, not “1.2.2027”" in said
