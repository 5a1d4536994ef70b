"""The report on the command line: tables, JSON, and the page that is mailed."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from domain.core.journal import JournalBatch
from records.database import Database
from records.journal import write
from tests.cli.conftest import CommandLine
from tests.records.reporting.report_cases import AUTUMN, NAMES, SPRING, fill, placement
from tests.records.rows import cohort_row


@pytest.fixture
def filled(database: Database) -> Database:
    with database.session() as session:
        fill(session)
    return database


class Page(HTMLParser):
    """What stands in a page: its tags, what they refer to, the alternatives of its pictures, its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.refers_to: list[str] = []
        self.pictures: list[str] = []
        self.ids: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.tags.append(tag)
        self.refers_to += [given[name] or "" for name in ("src", "href", "xlink:href", "action") if name in given]
        self.refers_to += re.findall(r"url\(([^)]*)\)", " ".join(value or "" for value in given.values()))
        if tag == "svg":
            self.pictures.append(given.get("aria-label") or "")
        if given.get("id"):
            self.ids.append(given["id"] or "")

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_tables_tell_each_cohort(command: CommandLine, filled: Database) -> None:
    shown = command("report")
    assert "Of 14 applications, 10 started and 6 went on to the last day. 4 were converted." in shown
    for words in (AUTUMN, SPRING, "no cohort", "15,000.00", "starts, conversions", "Family reasons"):
        assert words in shown
    assert max(map(len, shown.splitlines())) <= 110


def test_json_is_the_report_itself(command: CommandLine, filled: Database) -> None:
    made = command.json("report", "--cohort", SPRING)
    assert made["in_all"]["counts"]["conversions"] == 2
    assert made["in_all"]["per_conversion"][0]["each"] == {"amount": "7500.00", "currency": "GBP"}


def test_the_page_needs_nothing_else_and_names_nobody(command: CommandLine, filled: Database) -> None:
    file = command.directory / "report.html"
    assert str(file) in command("report", "--html", str(file))
    text = file.read_text(encoding="utf-8")
    page = Page(text)
    assert all(reference.startswith("#") for reference in page.refers_to), page.refers_to
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    assert "@import" not in text
    assert len(page.pictures) >= 8
    assert all(re.search(r"\d", sentence) for sentence in page.pictures)
    assert len(page.ids) == len(set(page.ids))
    assert {reference.removeprefix("#") for reference in page.refers_to} <= set(page.ids)
    for words in (AUTUMN, "7,500.00", "3 of 5 (60%)", "suppressed", "2 of 2 (100%)"):
        assert words in page.text
    for name in [*NAMES.values(), "Alma", "Sørensen", "Somebody", "P-BOSS", "example.org"]:
        assert name not in text
    assert not re.search(r"\bP-[A-Z0-9]{3,12}\b|\b[RU]-[A-Z0-9]+", text)


def test_the_same_records_make_the_same_drawings(command: CommandLine, filled: Database) -> None:
    first, second = command.directory / "1.html", command.directory / "2.html"
    command("report", "--html", str(first))
    command("report", "--html", str(second))
    assert _drawings(first) == _drawings(second) != []


def _drawings(file: Path) -> list[str]:
    return re.findall(r"<svg.*?</svg>", file.read_text(encoding="utf-8"), re.DOTALL)


def test_what_people_typed_is_never_markup(command: CommandLine, database: Database) -> None:
    with database.session() as session:
        placement(
            session, "S01", "<b>X</b>", {"intake": 0, "ended": 4}, "withdrawn", because="<script>alert(1)</script> $x$"
        )
    file = command.directory / "report.html"
    command("report", "--html", str(file))
    page = Page(file.read_text(encoding="utf-8"))
    assert "script" not in page.tags
    assert "b" not in page.tags
    assert "<script>alert(1)</script> $x$" in page.text


def test_empty_records_are_a_sentence(command: CommandLine, database: Database) -> None:
    file = command.directory / "report.html"
    assert "no placements" in command("report")
    assert "no placements" in command("report", "--html", str(file))
    assert not file.exists()
    assert command.json("report")["in_all"]["counts"]["applications"] == 0


@pytest.mark.parametrize("shows", ["report", "board"])
def test_an_unknown_cohort_names_the_known_ones(command: CommandLine, filled: Database, shows: str) -> None:
    said = command.error(shows, "--cohort", "SUMMER", code=3)
    assert said["error"] == f"no cohort SUMMER in the records; there are {AUTUMN}, {SPRING}"


@pytest.mark.parametrize("shows", ["report", "board"])
def test_a_cohort_that_was_launched_and_has_no_case_yet_is_known(
    command: CommandLine, filled: Database, shows: str
) -> None:
    with filled.session() as session:
        write(session, JournalBatch(case="K-SUMMER", rows=[cohort_row("SUMMER")]))
    assert command(shows, "--cohort", "SUMMER") == "There are no cases in the cohort SUMMER yet.\n"


def test_a_page_that_can_not_be_written_says_so(command: CommandLine, filled: Database) -> None:
    assert "there is no directory" in command("report", "--html", str(command.directory / "no" / "report.html"), code=2)
    assert "can't be written" in command("report", "--html", "/proc/report.html", code=1)
    command("report", "--html", str(command.directory / "report.html"), "--json", code=2)
