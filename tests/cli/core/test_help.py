"""Help is quick because commands import what is slow only when they run."""

from __future__ import annotations

import subprocess
import sys

import pytest

from cli.core.options import a_day_or_instant
from tests.cli.conftest import CommandLine
from tests.domain.factories import ROOT

LISTS = """
import sys
from starter import app
try:
    app(sys.argv[1:])
finally:
    slow = {name.partition(".")[0] for name in sys.modules} & {"temporalio", "sqlalchemy", "domain", "records", "yaml"}
    print("imported:", sorted(slow), file=sys.stderr)
"""

COMMANDS = [
    [],
    ["import"],
    ["import", "people"],
    ["import", "roles"],
    ["placement"],
    ["placement", "start"],
    ["placement", "view"],
    ["placement", "pause"],
    ["placement", "resume"],
    ["placement", "extend"],
    ["placement", "withdraw"],
    ["placement", "reassign-mentor"],
    ["placement", "decide-early"],
    ["cohort", "check"],
    ["cohort", "launch"],
    ["cohort", "list"],
    ["cohort", "view"],
    ["cohort", "matching"],
    ["cohort", "rematch"],
    ["cohort", "pause"],
    ["cohort", "resume"],
    ["cohort", "close"],
    ["certificate"],
    ["certificate", "show"],
    ["certificate", "start"],
    ["certificate", "exam"],
    ["certificate", "renew"],
    ["certificate", "suspend"],
    ["certificate", "reinstate"],
    ["certificate", "revoke"],
    ["certificate", "withdraw"],
    ["certificate", "save"],
    ["certificate", "key"],
    ["certificate", "status-lists"],
    ["certificate", "verify"],
    ["tasks"],
    ["answer"],
    ["recommend"],
    ["assess"],
    ["plan"],
    ["event"],
    ["board"],
    ["report"],
    ["records", "migrate"],
    ["records", "verify"],
    ["decisions"],
    ["pay"],
    ["policy", "check"],
    ["capacity", "list"],
    ["capacity", "holders"],
    ["capacity", "resize"],
    ["demo"],
]


def run(*words: str) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    return subprocess.run([sys.executable, "-c", LISTS, *words], cwd=ROOT, capture_output=True, text=True, check=False)


def test_help_imports_neither_temporal_nor_the_database() -> None:
    done = run("--help")
    assert done.returncode == 0, done.stderr
    assert "imported: []" in done.stderr
    assert "Exit codes: 0 done; 1 refused" in " ".join(done.stdout.split())


@pytest.mark.parametrize("words", COMMANDS, ids=lambda words: " ".join(words) or "all")
def test_every_command_has_help_and_json(words: list[str]) -> None:
    done = run(*words, "--help")
    assert done.returncode == 0, done.stderr
    assert "imported: []" in done.stderr
    if words not in ([], ["import"], ["placement"], ["certificate"]):
        assert "--json" in done.stdout


def test_a_mistyped_command_is_a_usage_error() -> None:
    assert run("borad").returncode == 2


@pytest.mark.parametrize(
    ("words", "says"),
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
    command: CommandLine, words: tuple[str, str], says: str
) -> None:
    start = ("placement", "start", "--returner", "P-ANN", "--role", "DATA1", "--as", "P-HR1")
    said = command.error(*start, *words, code=2)
    assert said["kind"] == "usage"
    assert says in said["error"]
    assert words[0] in said["error"]


def test_a_day_or_an_instant_is_said_to_be_allowed(command: CommandLine) -> None:
    file = command.file("badge.json", "{}")
    assert a_day_or_instant("2027-02-01T10:00:00Z").hour == 10
    said = command.error("certificate", "verify", file, "--at", "1.2.2027", code=2)["error"]
    assert "must be a date, such as 2026-09-07, or an instant, such as 2026-09-07T09:30:00Z, not “1.2.2027”" in said
