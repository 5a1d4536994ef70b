"""What the records hold for good: decisions with their seals, and pay."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from domain.core.case_rows import CaseRow
from domain.core.decisions import DecisionRow
from domain.core.journal import JournalBatch
from domain.core.model import Money
from domain.core.placement_rows import PayRow
from records.database import Database
from records.journal import write
from tests.cli.conftest import CommandLine
from tests.records.rows import case_row

CASE = "R-7F3K2M-DATA1"
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture
def decided(command: CommandLine, database: Database) -> CommandLine:
    """The command line with a case that has two decisions and two stipends."""
    case = CaseRow(
        at=NOW,
        programme="returnship",
        person="P-7F3K2M",
        role="DATA1",
        cohort=None,
        policy="returnship-16-weeks@1",
        stage="ended",
        stage_since=NOW,
        week=None,
        starts_on=None,
        ends_on=None,
        mentor=None,
        paused=False,
        at_risk=[],
        outcome="converted",
    )
    decisions = [
        DecisionRow(
            n=n, at=NOW, what=what, decided=decided, by=by, policy="returnship-16-weeks@1", reason=None, evidence={}
        )
        for n, (what, decided, by) in enumerate(
            [("eligibility", "eligible", None), ("outcome", "converted", "P-7LM2ZA")], start=1
        )
    ]
    pay = [
        PayRow(
            n=n,
            at=NOW,
            returner="P-7F3K2M",
            due_on=date(2026, 12, 31),
            first=date(2026, 12, 1),
            last=date(2026, 12, 31),
            days=31,
            amount=Money(amount=Decimal("1450.55"), currency="GBP"),
        )
        for n in (1, 2)
    ]
    with database.session() as session:
        write(session, JournalBatch(case=CASE, rows=[case, *decisions, *pay]))
    return command


def test_decisions_are_shown_with_their_seals(decided: CommandLine) -> None:
    assert "All seals are intact" in decided("decisions", CASE)
    found = decided.json("decisions", CASE)
    assert [decision["decided"] for decision in found["decisions"]] == ["eligible", "converted"]
    assert found["problems"] == []


def test_what_a_decision_says_of_moments_is_told_where_its_case_is(command: CommandLine, database: Database) -> None:
    why = "it would have expired on 2027-01-04T20:30Z"
    row = DecisionRow(
        n=1,
        at=NOW,
        policy="upskilling-path@1",
        what="certificate",
        decided="not issued",
        by=None,
        reason=why,
        evidence={},
    )
    with database.session() as session:
        write(session, JournalBatch(case=CASE, rows=[case_row(time_zone="Pacific/Auckland"), row]))
    shown = command("decisions", CASE)
    assert "2027-01-05" in shown
    assert "T20:30Z" not in shown
    assert command.json("decisions", CASE)["decisions"][0]["reason"] == why


def test_pay_is_shown_with_its_sum(decided: CommandLine) -> None:
    assert "In all: 2,901.10 GBP, 62 days" in decided("pay", CASE)
    assert decided.json("pay", CASE)["totals"] == {"GBP": "2901.10"}


def test_where_there_is_nothing_yet_a_sentence_says_so(staffed: CommandLine, database: Database) -> None:
    with database.session() as session:
        write(session, JournalBatch(case=CASE, rows=[case_row()]))
    assert staffed("pay", CASE) == f"No stipend of {CASE} has been instructed yet.\n"
    assert staffed("decisions", CASE) == f"Nothing has been decided in {CASE} yet.\n"


def test_what_was_changed_or_taken_away_is_found(decided: CommandLine, database: Database, tmp_path: Path) -> None:
    untouched = decided.json("records", "verify")
    assert (untouched["cases"], untouched["seals"], untouched["problems"], untouched["list"]) == (1, 4, {}, [])
    assert any("the cases were not asked" in sentence for sentence in untouched["not_told"])
    with database.session() as session:
        triggers = session.scalars(text("select name from sqlite_master where type = 'trigger'")).all()
        for trigger in triggers:
            session.execute(text(f"drop trigger {trigger}"))
        session.execute(text("update decisions set decided = 'declined' where n = 2"))
        session.execute(text("delete from pay_instructions where n = 2"))
        session.execute(text("delete from seals where n = 4"))
    found = decided("records", "verify", code=1)
    assert f"decision 2 of {CASE} was changed after it was sealed\n" in found
    assert f"stipend 2 of {CASE} is gone, with its seal: the copy of the list still has seal 4\n" in found
    assert "Not told by this: what was done by somebody who has the key of the seals" in found

    # Without key and copy it says what it can't tell; given them from elsewhere it is as before
    elsewhere = (tmp_path / "data" / "issuer").rename(tmp_path / "elsewhere")
    assert "made with a key that is not here" in decided("records", "verify", code=1)
    given = ("--key", str(elsewhere / "seal.key"), "--list", str(elsewhere / "seals.jsonl"))
    assert f"stipend 2 of {CASE} is gone" in decided("records", "verify", *given, code=1)
    assert "is none" in decided.error("records", "verify", "--key", str(elsewhere / "seals.jsonl"), code=1)["error"]


@pytest.mark.parametrize("name", ["decisions", "pay"])
def test_an_unknown_case_is_named(decided: CommandLine, name: str) -> None:
    assert "R-NONE" in decided.error(name, "R-NONE", code=3)["error"]


def test_records_without_tables_say_so(command: CommandLine) -> None:
    assert command.error("board", code=4)["kind"] == "unreachable"
    assert "is up to date" in command("records", "migrate")
    assert command.json("board") == []


def test_a_setting_that_cannot_be_used_is_named(command: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYMARK_RECORDS_URL", "mysql://somewhere")
    error = command.error("board", code=2)
    assert error["kind"] == "settings"
    assert "WAYMARK_RECORDS_URL" in error["error"]
