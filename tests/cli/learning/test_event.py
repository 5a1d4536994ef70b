"""Completion events, as far as they are refused before anything is sent; and how what comes of them is told."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from cli.learning import event
from domain.core.journal import JournalBatch
from domain.learning.xapi import LARGEST_STATEMENT, HandedIn
from records.database import Database
from records.journal import write
from tests.cli.conftest import CommandLine
from tests.records.rows import case_row

PATH, HR = "U-7F3K2M-DATA1", "P-8GU3RF"


@pytest.fixture
def nowhere(staffed: CommandLine, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """A command line whose Temporal server can't be reached: what is sent fails with exit code 4."""
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:1")
    return staffed


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "the statement is empty"),
        (b"\xef\xbb\xbf \n", "the statement is empty"),
        (b"\x89PNG\r\n\x1a\n", "not UTF-8 text"),
        ("é".encode() * (LARGEST_STATEMENT + 1), "longer than 200,000 characters"),
        (b"x" * 4 * LARGEST_STATEMENT + b"\xff", "longer than 200,000 characters"),
    ],
)
def test_what_can_be_no_statement_is_refused_before_it_is_sent(
    nowhere: CommandLine, content: bytes, sentence: str
) -> None:
    file = nowhere.directory / "statement.json"
    file.write_bytes(content)
    error = nowhere.error("event", PATH, str(file), "--as", HR, code=1)
    assert sentence in error["error"]
    assert error["kind"] == "invalid"


def test_standard_input_is_read_where_no_file_is_named(nowhere: CommandLine) -> None:
    for words in (("event", PATH), ("event", PATH, "-")):
        assert "the statement is empty" in nowhere(*words, "--as", HR, stdin="  ", code=1)


def test_only_paths_take_events_and_only_people_we_know_hand_them_in(nowhere: CommandLine) -> None:
    file = nowhere.file("statement.json", "{}")
    assert "no upskilling path" in nowhere.error("event", "R-7F3K2M-DATA1", file, "--as", HR, code=1)["error"]
    assert "P-NOBODY" in nowhere.error("event", PATH, file, "--as", "P-NOBODY", code=3)["error"]
    assert "--as: must be" in nowhere.error("event", PATH, file, "--as", "somebody", code=1)["error"]
    nowhere.error("event", PATH, "missing.json", "--as", HR, code=2)
    nowhere.error("event", PATH, file, "--as", HR, code=4)  # all in order, and so it is sent


def test_what_came_of_an_event_is_told_in_the_zone_of_its_path(
    staffed: CommandLine, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    sentence = "SQL-E: it happened on 2027-01-04T20:30Z"

    async def handed_in(*_: Any) -> HandedIn:
        return HandedIn(case=PATH, at=datetime(2027, 1, 5, tzinfo=UTC), sentence=sentence, counted=False)

    monkeypatch.setattr(event, "hand_in", handed_in)
    with database.session() as session:
        row = case_row(programme="upskilling", time_zone="Pacific/Auckland")
        write(session, JournalBatch(case=PATH, rows=[row]))
    words = ("event", PATH, staffed.file("statement.json", "{}"), "--as", HR)
    assert staffed(*words) == f"{PATH}: SQL-E: it happened on 2027-01-05 09:30 NZDT\n"
    assert staffed.json(*words)["sentence"] == sentence
