"""What was said in confidence, on the command line: lists, boards and forms don't have it; HR of the case does."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.core.case_rows import TaskRow
from domain.core.journal import JournalBatch, Row
from domain.core.model import Party
from domain.core.placement_rows import LeaveRow, MentorshipRow, MentorWishRow, PulseRow
from domain.core.questions import TaskKind
from domain.core.tasks import TaskState
from records.database import Database
from records.journal import write
from tests.cli.conftest import CommandLine
from tests.records.rows import placement_row

CASE = "R-7F3K2M-DATA1"
RETURNER, MENTOR, HR, HR_LEAD, MANAGER = "P-7F3K2M", "P-6NB4YV", "P-7LM2ZA", "P-1ZE6PK", "P-5HN3TC"
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
QUESTIONS = {"support": "I feel supported", "workload": "My workload is fine"}
WISH, PULSE, REVIEW = f"{CASE}-7", f"{CASE}-8", f"{CASE}-9"


def task(name: str, kind: TaskKind, party: Party, person: str, **facts: Any) -> TaskRow:
    return TaskRow(
        task=name,
        at=NOW,
        kind=kind,
        subject="week 4 review" if kind is TaskKind.MANAGER_REVIEW else "something in confidence",
        party=party,
        assignee=person,
        people=[person],
        opened_at=NOW,
        due_at=NOW + timedelta(days=7),
        allowed=timedelta(days=7),
        state=TaskState.OPEN,
        closed_at=None,
        answered_by=None,
        facts=facts,
        answer=None,
    )


@pytest.fixture
def placed(staffed: CommandLine, database: Database) -> CommandLine:
    """The command line with a placement in which HR is asked, the returner is asked, and both have been before."""
    case = placement_row(NOW, RETURNER, mentor=MENTOR)
    rows: list[Row] = [
        case,
        MentorshipRow(n=1, at=NOW, mentor=MENTOR, state="held", reason=None, score=0.5, reasons=[]),
        task(WISH, TaskKind.MENTOR_WISH, Party.HR, HR),
        task(PULSE, TaskKind.PULSE, Party.RETURNER, RETURNER, questions=QUESTIONS),
        task(REVIEW, TaskKind.MANAGER_REVIEW, Party.MANAGER, MANAGER),
        MentorWishRow(
            n=1,
            at=NOW,
            asked_at=NOW,
            mentor=MENTOR,
            reason="we never meet",
            state="asked",
            message=None,
            answered_by=None,
        ),
        PulseRow(
            n=1,
            at=NOW,
            week=2,
            party=Party.RETURNER,
            person=RETURNER,
            questions=QUESTIONS,
            scores={"support": 2},
            comment="it is a lot",
        ),
        LeaveRow(
            n=1, at=NOW, leave_type="carer", first=date(2026, 11, 2), last=None, reason="her father", ended_because=None
        ),
    ]
    with database.session() as session:
        write(session, JournalBatch(case=CASE, rows=rows))
    return staffed


def test_only_whoever_is_asked_in_confidence_finds_the_task(placed: CommandLine) -> None:
    assert [entry["task"] for entry in placed.json("tasks")] == [REVIEW]
    assert [entry["task"] for entry in placed.json("tasks", "--case", CASE)] == [REVIEW]
    assert [entry["task"] for entry in placed.json("tasks", "--of", HR)] == [WISH]
    assert [entry["task"] for entry in placed.json("tasks", "--of", RETURNER)] == [PULSE]
    (row,) = placed.json("board")
    assert row["waiting_for"] == ["manager"]
    for words in ((PULSE, "--show"), (PULSE, "--show", "--as", MANAGER), (WISH, "--as", MENTOR, "reply=grant")):
        assert placed.error("answer", *words, code=3)["error"] == f"{CASE} has no task {words[0]}"
    reopening = placed.error("reopen", WISH, "--as", HR_LEAD, "--reason", "who was that?", code=3)
    assert reopening["error"] == f"{CASE} has no task {WISH}"
    shown = placed("answer", PULSE, "--show", "--as", RETURNER)
    assert "support I feel supported" in shown
    assert "only HR sees it" in shown


def test_hr_reads_what_was_said_in_confidence(placed: CommandLine) -> None:
    for reader in (HR, HR_LEAD):
        said = placed.json("placement", "in-confidence", CASE, "--as", reader)
        assert [(wish["reason"], wish["state"]) for wish in said["wishes"]] == [("we never meet", "asked")]
        assert [(pulse["week"], pulse["scores"]) for pulse in said["pulses"]] == [(2, {"support": 2})]
        assert [(leave["leave_type"], leave["reason"]) for leave in said["leaves"]] == [("carer", "her father")]
    shown = placed("placement", "in-confidence", CASE, "--as", HR)
    for words in ("we never meet", "I feel supported: 2", "it is a lot", "Gareth Llewellyn", "her father"):
        assert words in shown


@pytest.mark.parametrize("reader", [RETURNER, MENTOR, MANAGER, "P-2QX8VD", "P-8GU3RF"])
def test_nobody_else_reads_it(placed: CommandLine, reader: str) -> None:
    error = placed.error("placement", "in-confidence", CASE, "--as", reader, code=1)
    assert error["kind"] == "forbidden"
    assert error["error"].startswith(f"{reader} can't see what was said in confidence in {CASE}")


def test_hr_who_was_the_mentor_does_not_read_it(placed: CommandLine, database: Database) -> None:
    been = MentorshipRow(n=2, at=NOW, mentor=HR, state="ended", reason=None, score=0.5, reasons=[])
    with database.session() as session:
        write(session, JournalBatch(case=CASE, rows=[been]))

    assert placed.error("placement", "in-confidence", CASE, "--as", HR, code=1)["kind"] == "forbidden"
    assert placed.json("placement", "in-confidence", CASE, "--as", HR_LEAD)["pulses"]


def test_a_case_that_there_is_not_is_named(placed: CommandLine) -> None:
    assert "R-NONE" in placed.error("placement", "in-confidence", "R-NONE", "--as", HR, code=3)["error"]
