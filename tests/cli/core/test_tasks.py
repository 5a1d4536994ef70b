"""Tasks and answers, as far as the records alone decide."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from domain.core.case_rows import TaskRow
from domain.core.journal import JournalBatch, Row
from domain.core.model import Party
from domain.core.questions import TaskKind
from domain.core.tasks import TaskState
from records.database import Database
from records.journal import write
from service.core.answering import answer_of
from service.core.errors import Unfit
from tests.cli.conftest import CommandLine
from tests.records.rows import placement_row

CASE = "R-7F3K2M-DATA1"
TASK = f"{CASE}-1"
MANAGER, SECOND = "P-5HN3TC", "P-2QX8VD"
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


def task(n: int, kind: TaskKind, person: str, **changed: Any) -> TaskRow:
    values: dict[str, Any] = {
        "task": f"{CASE}-{n}",
        "at": NOW,
        "kind": kind,
        "subject": "week 4 review",
        "party": Party.MANAGER,
        "assignee": person,
        "people": [person],
        "opened_at": NOW,
        "due_at": NOW + timedelta(days=7),
        "allowed": timedelta(days=7),
        "state": TaskState.OPEN,
        "closed_at": None,
        "answered_by": None,
        "facts": {"goals": ["one"]},
        "answer": None,
    }
    return TaskRow(**(values | changed))


@pytest.fixture
def inbox(staffed: CommandLine, database: Database) -> CommandLine:
    """The command line with a review to write, a proposal to make, and an answered task."""
    case = placement_row(NOW, "P-7F3K2M")
    tasks = [
        task(1, TaskKind.MANAGER_REVIEW, MANAGER),
        task(2, TaskKind.PROPOSAL, SECOND, due_at=NOW + timedelta(days=3)),
        task(3, TaskKind.GOALS, MANAGER, state=TaskState.ANSWERED, closed_at=NOW, answered_by=MANAGER),
        task(5, TaskKind.GOALS, MANAGER, state=TaskState.CLOSED, closed_at=NOW),
    ]
    with database.session() as session:
        write(session, JournalBatch(case=CASE, rows=[case, *tasks]))
    return staffed


def test_open_tasks_are_listed_the_soonest_due_first(inbox: CommandLine) -> None:
    assert [entry["task"] for entry in inbox.json("tasks")] == [f"{CASE}-2", TASK]
    assert [entry["task"] for entry in inbox.json("tasks", "--of", MANAGER)] == [TASK]
    assert [entry["task"] for entry in inbox.json("tasks", "--case", CASE)] == [f"{CASE}-2", TASK]
    (review,) = inbox.json("tasks", "--of", MANAGER)
    assert review["form"]["score"] == {"takes": "whole number, 1 to 5", "required": False}
    shown = inbox("tasks")
    assert "Oluwaseun Adébáyò" in shown
    assert "answer TASK --as" in shown


def test_of_many_tasks_the_first_are_shown_and_how_many_there_are(inbox: CommandLine) -> None:
    shown = inbox("tasks", "--first", "1")
    assert f"{CASE}-2" in shown
    assert TASK not in shown
    assert "The first 1 of 2 open tasks; --first 2 shows all of them." in shown
    assert [entry["task"] for entry in inbox.json("tasks", "--first", "1")] == [f"{CASE}-2"]
    assert "open tasks;" not in inbox("tasks")


def test_an_empty_inbox_says_so(inbox: CommandLine) -> None:
    assert "Nothing is waiting" in inbox("tasks", "--of", "P-8GU3RF")
    assert inbox.json("tasks", "--of", "P-8GU3RF") == []


@pytest.mark.parametrize("words", [("--of", "P-NOBODY"), ("--case", "R-NONE")])
def test_an_unknown_id_is_named(inbox: CommandLine, words: tuple[str, str]) -> None:
    error = inbox.error("tasks", *words, code=3)
    assert words[1] in error["error"]
    assert error["kind"] == "unknown"


def test_a_form_can_be_looked_at(inbox: CommandLine) -> None:
    shown = inbox("answer", f"{CASE}-2", "--show")
    for words in ("convert", "yes or no", "salary.currency", "The manager's proposal"):
        assert words in shown
    assert inbox.json("answer", TASK, "--show")["form"]["properties"]["score"]


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ((TASK, "score=4"), 2, "say who answers"),
        ((TASK, "--as", MANAGER), 2, "there is no answer"),
        ((TASK, "--as", MANAGER, "score=4", "--json-answer", "{}"), 2, "one of them"),
        ((TASK, "--as", MANAGER, "score"), 2, "key=value"),
        ((TASK, "--as", MANAGER, "--json-answer", "{"), 2, "the answer is not JSON; look at line 1, character 2"),
        ((TASK, "--as", MANAGER, "--json-answer", "[" * 5_000), 2, "nested too deeply"),
        ((TASK, "--as", MANAGER, "--json-answer", "9" * 5_000), 2, "a number that is too long"),
        ((TASK, "--as", MANAGER, "--json-answer", '{"score": 4, "score": 5}'), 2, "a name that stands twice"),
        ((TASK, "--as", MANAGER, "--json-answer", "[1]"), 2, "must be a JSON object"),
        ((TASK, "--as", MANAGER, "score=6"), 1, "score: must be 5 or less, not 6"),
        ((TASK, "--as", MANAGER, "score=good"), 1, "score: must be a whole number, not “good”"),
        ((TASK, "--as", MANAGER, "comment=fine"), 1, "give either a score or waived_because"),
        ((TASK, "--as", MANAGER, "marks=4"), 1, "marks: there is no such field"),
        ((TASK, "--as", MANAGER, "--json-answer", '{"marks": 4}'), 1, "marks"),
        ((TASK, "--as", "P-NOBODY", "score=4"), 3, "P-NOBODY"),
        ((TASK, "--as", MANAGER, "--delegate-to", "P-NOBODY"), 3, "P-NOBODY"),
        ((TASK, "--as", MANAGER, "--not-mine", "score=4"), 2, "one of them"),
        ((TASK, "--as", MANAGER, "--note", "not I", "score=4"), 2, "--note goes with --not-mine"),
        ((TASK, "--not-mine"), 2, "say who answers"),
        ((TASK, "--as", "P-NOBODY", "--not-mine"), 3, "P-NOBODY"),
        ((TASK, "--as", MANAGER, "--not-mine", "--note", " "), 1, "--note"),
        ((f"{CASE}-3", "--as", MANAGER, "goals=" + "g" * 9_000), 1, f"(answered by {MANAGER})"),
        ((f"{CASE}-3", "--as", MANAGER, "marks=4"), 1, "is closed since 2026-12-01"),
        ((f"{CASE}-5", "--as", MANAGER, "marks=4"), 1, "(called off)"),
        ((TASK, "--as", SECOND, "score=6"), 1, f"{SECOND} was not asked {TASK} (week 4 review)"),
        (("nonsense", "--as", MANAGER, "score=4"), 3, "NONSENSE is not the id of a task"),
    ],
)
def test_an_answer_that_cannot_be_sent_says_why(
    inbox: CommandLine, words: tuple[str, ...], code: int, sentence: str
) -> None:
    assert sentence in inbox.error("answer", *words, code=code)["error"]


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ((TASK, "--as", "P-NOBODY", "--reason", "wrong"), 3, "P-NOBODY"),
        ((TASK, "--as", MANAGER, "--reason", ""), 1, "--reason"),
        (("nonsense", "--as", MANAGER, "--reason", "wrong"), 3, "NONSENSE is not the id of a task"),
    ],
)
def test_a_reopening_that_cannot_be_sent_says_why(
    inbox: CommandLine, words: tuple[str, ...], code: int, sentence: str
) -> None:
    assert sentence in inbox.error("reopen", *words, code=code)["error"]


def test_tasks_say_what_is_out_of_the_ordinary(inbox: CommandLine, database: Database) -> None:
    """Given a task that is somebody else's, they say, and one that is asked once more, then the list says so; once HR
    has said whose the first is, nothing is said of it any more."""
    tasks: list[Row] = [
        task(1, TaskKind.MANAGER_REVIEW, MANAGER, not_theirs=[MANAGER]),
        task(4, TaskKind.GOALS, MANAGER, reopens=f"{CASE}-3"),
    ]
    with database.session() as session:
        write(session, JournalBatch(case=CASE, rows=tasks))
    shown = " ".join(inbox("tasks").split())
    assert MANAGER in inbox.json("tasks", "--of", MANAGER)[0]["not_theirs"]
    assert inbox.json("tasks", "--of", MANAGER)[1]["reopens"] == f"{CASE}-3"
    assert "(not" in shown  # the rest of it on lines of its own
    assert "reopened)" in shown

    with database.session() as session:
        write(session, JournalBatch(case=CASE, rows=[task(1, TaskKind.MANAGER_REVIEW, SECOND)]))
    assert inbox.json("tasks", "--of", SECOND)[-1]["not_theirs"] == []


def test_an_answer_is_read_from_standard_input_too(inbox: CommandLine) -> None:
    said = inbox("answer", TASK, "--as", MANAGER, "--file", "-", code=1, stdin='{"score": 9}')
    assert "score: must be 5 or less, not 9" in said


def test_what_is_sent_is_typed_and_leaves_out_what_was_left_out() -> None:
    sent = answer_of(TaskKind.PROPOSAL, MANAGER, TASK, {"convert": "yes", "reasons": "good"})
    assert sent.answer == {"convert": True, "reasons": "good"}
    assert "delegate_to" not in sent.model_fields_set


def test_an_ill_formed_actor_is_refused_before_anything_is_sent() -> None:
    with pytest.raises(Unfit, match="actor"):
        answer_of(TaskKind.PROPOSAL, "somebody", TASK, {"convert": "yes", "reasons": "good"})
