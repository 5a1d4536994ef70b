"""What payroll gets, on the command line: files, what is told with them, and what is refused."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from domain.core.journal import JournalBatch
from domain.core.model import Money
from domain.core.placement_rows import PayRow
from records.database import Database
from records.journal import write
from tests.cli.conftest import CommandLine
from tests.domain.factories import ROOT
from tests.records.rows import case_row

HR, CASE = "P-7LM2ZA", "R-7F3K2M-DATA1"
PERIOD = ("--from", "2027-01-01", "--to", "2027-01-31")


def instruct(database: Database, n: int, amount: str, *, corrects: int | None = None) -> None:
    row = PayRow(
        n=n,
        at=datetime(2027, 1, 29, 12, tzinfo=UTC),
        returner="P-7F3K2M",
        due_on=date(2027, 1, 29),
        first=date(2027, 1, 4),
        last=date(2027, 1, 29),
        days=26,
        amount=Money(amount=Decimal(amount), currency="GBP"),
        corrects=corrects,
    )
    with database.session() as session:
        write(session, JournalBatch(case=CASE, rows=[case_row(person="P-7F3K2M", role="DATA1"), row]))


@pytest.fixture
def due(staffed: CommandLine, database: Database) -> CommandLine:
    """The command line with one stipend that is due."""
    instruct(database, 1, "2432.26")
    return staffed


def test_a_file_for_payroll_and_what_it_comes_to(due: CommandLine, database: Database, tmp_path: Path) -> None:
    # Given an export to a file
    file = tmp_path / "january.csv"
    said = due("pay", "export", *PERIOD, "--as", HR, "--out", str(file))
    assert "PAY-1: due from 2027-01-01 to 2027-01-31" in said
    assert "2,432.26" in said
    with file.open(newline="") as opened:
        (row,) = csv.DictReader(opened)
    assert (row["line"], row["kind"], row["name"], row["cost_centre"]) == (
        f"{CASE}/1", "stipend", "Priya Venkataraman", "4200",
    )  # fmt: skip
    assert file.stat().st_mode & 0o077 == 0

    # When it is exported again there is nothing new, and no file; then a correction is there
    other = tmp_path / "other.csv"
    assert "Nothing new is due" in due("pay", "export", *PERIOD, "--as", HR, "--out", str(other))
    assert sorted(path.name for path in tmp_path.glob("*.csv")) == ["january.csv"]
    instruct(database, 2, "-280.65", corrects=1)
    (line,) = due.json("pay", "export", *PERIOD, "--as", HR, "--out", str(other))["lines"]
    assert (line["line"], line["corrects"], line["amount"]["amount"]) == (f"{CASE}/2", 1, "-280.65")

    # Then the first can be made again, to the byte, and all is listed
    same = tmp_path / "same.csv"
    due("pay", "export", "--again", "pay-1", "--as", HR, "--out", str(same))
    assert same.read_bytes() == file.read_bytes()
    listed = due.json("pay", "exports")["exports"]
    assert [(entry["export"], entry["by"], entry["in_all"]) for entry in listed] == [
        ("PAY-1", HR, {"GBP": "2432.26"}),
        ("PAY-2", HR, {"GBP": "-280.65"}),
    ]
    assert all(entry["written_at"] for entry in listed)
    assert "PAY-2" in due("pay", "exports")
    shown = due.json("pay", CASE)["pay"]
    assert [(entry["corrects"], entry["export"]) for entry in shown] == [(None, "PAY-1"), (1, "PAY-2")]


def test_without_a_file_the_lines_are_printed_and_nothing_else(due: CommandLine) -> None:
    said = due("pay", "export", *PERIOD, "--as", HR)
    assert said.startswith("line,kind,corrects,returner")
    assert f"\n{CASE}/1," in said.replace("\r\n", "\n")
    assert len(said.splitlines()) == 2
    assert due.json("pay", "exports")["exports"][0]["written_at"]


@pytest.mark.parametrize("how", [(), ("--json",)], ids=["as a file", "as JSON"])
def test_lines_that_nobody_was_there_to_read_do_not_count_as_written(due: CommandLine, how: tuple[str, ...]) -> None:
    # Given a reader that has gone before the lines are printed
    reader, writer = os.pipe()
    os.close(reader)
    words = [sys.executable, "starter.py", "pay", "export", *PERIOD, "--as", HR, *how]
    ended = subprocess.run(words, cwd=ROOT, stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)

    # Then the export is on record without its file, and it can be printed once more
    assert ended.returncode
    assert "PAY-1 is on record, but its file can't be written: Broken pipe" in ended.stderr
    assert [entry["written_at"] for entry in due.json("pay", "exports")["exports"]] == [None]
    assert due.json("pay", "export", "--again", "PAY-1", "--as", HR)["count"] == 1
    assert all(entry["written_at"] for entry in due.json("pay", "exports")["exports"])


def test_what_can_not_be_exported_takes_nothing(due: CommandLine, tmp_path: Path) -> None:
    there = tmp_path / "there.csv"
    there.write_text("not fetched yet")
    for words, code, sentence in (
        (("--from", "2027-02-01", "--to", "2027-01-01", "--as", HR), 1, "--to: must not be before 2027-02-01"),
        (("--from", "2027-02-01", "--as", HR), 2, "give --from and --to, or --again by itself"),
        ((*PERIOD, "--again", "PAY-1", "--as", HR), 2, "give --from and --to, or --again by itself"),
        (("--again", "PAY-9", "--as", HR), 3, "there is no export PAY-9"),
        ((*PERIOD, "--as", "P-5HN3TC"), 1, "P-5HN3TC can't export pay: it is for HR"),
        ((*PERIOD, "--as", HR, "--out", str(there)), 1, "is there already, and may not have been fetched"),
        ((*PERIOD, "--as", HR, "--out", str(tmp_path / ("x" * 254))), 1, "can't be written"),
        ((*PERIOD, "--as", HR, "--out", str(tmp_path / "no" / "x.csv")), 2, "there is no directory"),
    ):
        assert sentence in due.error("pay", "export", *words, code=code)["error"]
    assert there.read_text() == "not fetched yet"
    assert due.json("pay", "exports") == {"exports": []}
    assert due("pay", "exports") == "Nothing was exported yet.\n"


def test_a_disk_that_is_full_loses_nothing(due: CommandLine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    file = tmp_path / "january.csv"
    with monkeypatch.context() as patched:
        patched.setattr("service.core.files.os.fsync", full)
        error = due.error("pay", "export", *PERIOD, "--as", HR, "--out", str(file), code=1)["error"]
    assert error == (
        f"PAY-1 is on record, but {file} can't be written: No space left on device; "
        "`pay export --again PAY-1 --out FILE` writes it"
    )
    assert list(tmp_path.glob("*.csv*")) == []
    assert list(tmp_path.glob(".january*")) == []

    due("pay", "export", "--again", "PAY-1", "--as", HR, "--out", str(file))
    assert f"{CASE}/1," in file.read_text()
