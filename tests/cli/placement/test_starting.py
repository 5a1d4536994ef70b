"""Starting placements, as far as it needs no server: dates, ids, and what is refused at once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as some
from temporalio.client import Client

from cli.core.changing import say_started
from domain.core.naming import placement_case, workflow_id
from records.database import Database
from records.tables.core import CaseRecord, RoleRecord
from service.core.started import Started
from service.placement.starting import first_start_date
from tests.cli.conftest import CommandLine

HR = "P-7LM2ZA"
START = ("placement", "start", "--returner", "P-7F3K2M", "--role", "DATA1", "--as")


@pytest.fixture(autouse=True)
def nobody_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that can't be used: what is refused here must be refused before Temporal is asked."""

    async def no_client() -> Client:
        return None  # type: ignore[return-value]

    monkeypatch.setattr("cli.placement.commands.temporal", no_client)


@given(some.dates(min_value=date(2000, 1, 1), max_value=date(2100, 1, 1)))
def test_it_starts_on_the_first_monday_at_least_four_weeks_away(today: date) -> None:
    start = first_start_date(today)
    assert start.weekday() == 0
    assert timedelta(weeks=4) <= start - today < timedelta(weeks=5)


def test_ids_are_made_of_ids() -> None:
    assert placement_case("P-7F3K2M", "DATA1") == "R-7F3K2M-DATA1"
    assert workflow_id("R-7F3K2M-DATA1") == "placement-R-7F3K2M-DATA1"


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (("placement", "start", "--returner", "P-NOBODY", "--role", "DATA1", "--as", HR), 3, "P-NOBODY"),
        (("placement", "start", "--returner", "P-7F3K2M", "--role", "NONE", "--as", HR), 3, "NONE"),
        (("placement", "start", "--returner", "P-3MT8KW", "--role", "DATA1", "--as", HR), 1, "no months of break and"),
        ((*START, "P-NOBODY"), 3, "P-NOBODY"),
        ((*START, "P-3MT8KW"), 1, "it is for HR (P-7LM2ZA)"),
        ((*START, HR, "--starts-on", "2020-01-06"), 1, "2020-01-06 is in the past"),
        ((*START, HR, "--starts-on", "soon"), 2, "soon"),
        ((*START, HR, "--weeks", "0"), 2, "weeks"),
        ((*START, HR, "--pattern", "half days"), 2, "--pattern: must be days with their hours, such as"),
        ((*START, HR, "--pattern", "mon-sat 8"), 1, "--pattern: mon-sat 8 is more than the 40 hours a week"),
        ((*START, HR, "--mentor", "P-NOBODY"), 3, "P-NOBODY"),
        ((*START, HR, "--mentor", "P-7F3K2M"), 1, "--mentor: P-7F3K2M is the returner"),
        ((*START, HR, "--mentor", HR), 1, "--mentor: P-7LM2ZA can't be the mentor: takes part in the decision"),
        ((*START, HR, "--case", "not an id"), 1, "case: "),
        ((*START, HR, "--case", ""), 1, "case: "),
        ((*START, HR, "--case", "W-7F3K2M-DATA1"), 1, "case: must not begin with U-, C-, K- or W-"),
        ((*START, HR, "--cohort", "Ana Lee\n<ana@example.org>"), 1, "cohort: must be up to 40 letters"),
        ((*START, HR, "--cohort", ""), 1, "cohort: "),
        ((*START, HR, "--policy", "none.yaml"), 2, "none.yaml"),
        ((*START, HR, "--seconds-per-day", "0"), 2, "seconds-per-day"),
    ],
)
def test_what_cannot_be_started_says_why(
    staffed: CommandLine, words: tuple[str, ...], code: int, sentence: str
) -> None:
    assert sentence in staffed.error(*words, code=code)["error"]


def test_an_unpaid_placement_is_refused(staffed: CommandLine, database: Database) -> None:
    with database.session() as session:
        role = session.get_one(RoleRecord, "DATA1")
        role.stipend_amount = Decimal(0)
    assert "an unpaid placement is refused" in staffed.error(*START, HR, code=1)["error"]


def test_nobody_is_placed_in_a_role_they_have_a_part_in(staffed: CommandLine, database: Database) -> None:
    with database.session() as session:
        role = session.get_one(RoleRecord, "DATA1")
        role.manager = "P-7F3K2M"
    assert "P-7F3K2M is the manager of DATA1" in staffed.error(*START, HR, code=1)["error"]


def test_a_case_that_ended_long_ago_is_not_started_again(staffed: CommandLine, database: Database) -> None:
    now = datetime.now(UTC)
    with database.session() as session:
        session.add(
            CaseRecord(
                case_id="R-7F3K2M-DATA1",
                at=now,
                programme="returnship",
                person="P-7F3K2M",
                role="DATA1",
                policy="returnship-16-weeks@1",
                stage="ended",
                stage_since=now,
                paused=False,
                at_risk=[],
                outcome="converted",
            )
        )
    error = staffed.error(*START, HR, code=1)
    assert (error["kind"], "has ended" in error["error"]) == ("conflict", True)


def test_a_second_start_says_what_it_did_not_change(capsys: pytest.CaptureFixture[str]) -> None:
    kept = "R-1 keeps the first day it was started with: 2027-03-01, not 2027-04-05"

    say_started(Started("R-1", "a-run", already_running=True, differs=[kept]), as_json=False)

    assert capsys.readouterr().out.splitlines() == ["R-1 is already running; nothing was changed", kept]


def test_a_start_says_when_it_begins_later(capsys: pytest.CaptureFixture[str]) -> None:
    later = "the first day is 2027-03-01, because 2027-02-28 is no working day in GB-ENG"

    say_started(Started("R-1", "a-run", already_running=False, notes=[later]), as_json=False)

    assert capsys.readouterr().out.splitlines() == ["R-1 has started", later]


def test_a_policy_that_cannot_be_used_is_refused(staffed: CommandLine) -> None:
    bad = staffed.file("bad.yaml", "id: x\n")
    assert "bad.yaml: " in staffed.error(*START, HR, "--policy", bad, code=1)["error"]


@pytest.mark.parametrize(
    "words",
    [
        ("extend", "R-1", "--as", HR, "--weeks", "2", "--reason", "  "),
        ("change-pattern", "R-1", "--as", HR, "--pattern", "60%", "--reason", "school hours"),
        ("withdraw", "R-1", "--as", "somebody", "--reason", "x"),
    ],
)
def test_a_change_that_no_case_could_accept_is_refused(staffed: CommandLine, words: tuple[str, ...]) -> None:
    assert staffed.error("placement", *words, code=1)["kind"] == "invalid"


def test_a_type_of_leave_that_there_is_not_is_a_wrong_option(staffed: CommandLine) -> None:
    error = staffed.error("placement", "pause", "R-1", "--as", HR, "--leave-type", "holiday", code=2)
    assert error["error"].startswith("--leave-type: must be parental, sick, carer or other, not “holiday”")


def test_no_server_is_an_exit_code_of_its_own(command: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("WAYMARK_DATA_DIR", str(command.directory))
    monkeypatch.setenv("TEMPORAL_ADDRESS", "127.0.0.1:9")
    error = command.error("placement", "view", "R-1", code=4)
    assert error["kind"] == "unreachable"
    assert "127.0.0.1:9" in error["error"]
