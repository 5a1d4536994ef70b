"""What the records hold for good: decisions with their seals, and pay."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import text

from domain.journal import CaseRow, DecisionRow, JournalBatch, PayRow
from domain.model import Money
from records.database import Database
from records.journal import write
from tests.cli.conftest import CommandLine

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
    assert [one["decided"] for one in found["decisions"]] == ["eligible", "converted"]
    assert found["problems"] == []


def test_pay_is_shown_with_its_sum(decided: CommandLine) -> None:
    assert "In all: 2,901.10 GBP, 62 days" in decided("pay", CASE)
    assert decided.json("pay", CASE)["totals"] == {"GBP": "2901.10"}


def test_a_decision_that_was_changed_is_found(decided: CommandLine, database: Database) -> None:
    assert decided.json("records", "verify") == {"cases": 1, "problems": {}}
    with database.session() as session:
        triggers = session.scalars(text("select name from sqlite_master where type = 'trigger'")).all()
        for trigger in triggers:
            session.execute(text(f"drop trigger {trigger}"))
        session.execute(text("update decisions set decided = 'declined' where n = 2"))
    assert "decision 2 of R-7F3K2M-DATA1 was changed after it was sealed" in decided("records", "verify", code=1)


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
