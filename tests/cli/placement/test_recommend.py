"""What HR asks before anything starts: who lacks what, what would close it, and which programme suits."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from records.database import Database
from records.tables.core import AttemptRecord
from records.tables.learning import LevelRecord
from tests.cli.conftest import EXAMPLES, CommandLine

RETURNER, SHORT_BREAK, EMPLOYEE = "P-7F3K2M", "P-8YV3JN", "P-6NB4YV"
HR, HEAD_OF_HR, MANAGER = "P-7LM2ZA", "P-1ZE6PK", "P-5HN3TC"

PROFILES = """
profiles:
  - id: DATA1
    title: Data Analyst
    skills:
      - {skill: sql, level: 5, importance: 5, mandatory: true}
      - {skill: data visualisation, level: 4, importance: 2}
"""
CATALOGUE = """
trainings:
  - {id: SQL-101, title: SQL from the ground up, kind: self_study, leads_to: {sql: 3}, hours: 20,
     cost: {amount: "100", currency: GBP}}
  - {id: SQL-201, title: Query plans, kind: self_study, leads_to: {sql: 5}, hours: 30,
     cost: {amount: "300", currency: GBP}, requires: [SQL-101]}
  - {id: VIS-101, title: Charts, kind: self_study, leads_to: {data visualisation: 4}, hours: 10,
     cost: {amount: "50", currency: GBP}}
"""


@pytest.fixture
def learning(staffed: CommandLine) -> CommandLine:
    """The command line with people, a role, what it asks for, and what can be learned."""
    staffed("import", "profiles", staffed.file("profiles.yaml", PROFILES))
    staffed("import", "catalogue", staffed.file("catalogue.yaml", CATALOGUE))
    return staffed


def test_levels_are_put_on_record_and_the_gaps_follow(learning: CommandLine) -> None:
    learning("assess", RETURNER, "sql=4", "data visualisation=4", "--source", "self", "--as", RETURNER)
    learning("assess", RETURNER, "SQL=2.5", "--source", "manager", "--as", MANAGER)

    found = learning.json("assess", RETURNER, "--profile", "DATA1")
    assert [(gap["skill"], gap["missing"], gap["priority"]) for gap in found["gaps"]] == [("sql", "2.00", "20.00")]
    assert "self 4 with weight 1, manager 2.5 with weight 2" in found["gaps"][0]["sentence"]
    assert found["apart"] == []
    shown = learning("assess", RETURNER, "sql=1", "--source", "manager", "--as", MANAGER, "--profile", "DATA1")
    assert "levels: 1 changed" in shown
    assert "far apart: sql" in shown


@pytest.mark.parametrize(
    ("source", "actor", "sentence"),
    [
        ("self", HR, "only they can"),
        ("self", MANAGER, "only they can"),
        ("manager", RETURNER, "can't assess themselves as manager"),
        ("manager", HR, "neither the manager of P-7F3K2M nor of any role"),
        ("test", RETURNER, "can't assess themselves as test"),
        ("test", MANAGER, "that is for HR or head of HR"),
    ],
)
def test_nobody_says_what_is_not_theirs_to_say(
    learning: CommandLine, database: Database, source: str, actor: str, sentence: str
) -> None:
    error = learning.error("assess", RETURNER, "sql=5", "--source", source, "--as", actor, code=1)

    assert error["kind"] == "forbidden"
    assert sentence in error["error"]
    with database.reading() as session:
        assert session.scalars(select(LevelRecord)).all() == []


def test_the_persons_own_manager_and_head_of_hr_may_assess_too(learning: CommandLine) -> None:
    learning("assess", "P-7DW9CU", "sql=2", "--source", "manager", "--as", "P-6WR5NX")
    learning("assess", RETURNER, "sql=2", "--source", "test", "--as", HEAD_OF_HR, "--on", "2026-01-07")


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["sql=8", "--source", "test", "--as", HR], 2, "sql: level: must be 7 or less, not 8"),
        (["sql=much", "--source", "test", "--as", HR], 2, "“much” is not a level"),
        (["sql=NaN", "--source", "test", "--as", HR], 2, "sql: level"),
        (["sql=3", "Sql=4", "--source", "test", "--as", HR], 2, "Sql: given twice"),
        (["sqll=3", "--source", "test", "--as", HR], 1, "sqll: no profile asks for it"),
        (["sql=3", "--source", "guess", "--as", HR], 2, "--source: must be self, manager or test, not “guess”"),
        (["sql=3", "--source", "test", "--as", HR, "--on", "2999-01-01"], 1, "still to come"),
        (["sql", "--source", "test", "--as", HR], 2, "skill=level"),
        (["sql=3"], 2, "--source"),
        ([], 2, "--profile"),
        (["sql=3", "--source", "test", "--as", "P-NOBODY"], 3, "no person P-NOBODY"),
        (["--profile", "NONE1"], 3, "no profile NONE1"),
    ],
)
def test_a_level_that_makes_no_sense_is_refused_by_name(
    learning: CommandLine, words: list[str], code: int, sentence: str
) -> None:
    assert sentence in learning.error("assess", RETURNER, *words, code=code)["error"]


def test_the_plan_keeps_to_what_it_may_take(learning: CommandLine) -> None:
    all_of_it = learning.json("plan", RETURNER, "--profile", "DATA1")["plan"]
    assert all_of_it["trainings"] == ["SQL-101", "SQL-201", "VIS-101"]
    assert (all_of_it["hours"], all_of_it["cost"]["amount"]) == (60, "450.00")

    some = learning.json("plan", RETURNER, "--profile", "DATA1", "--hours", "30", "--budget", "149.99")["plan"]
    assert some["trainings"] == ["SQL-101"]
    assert {gap["skill"] for gap in some["uncovered"]} == {"sql", "data visualisation"}
    shown = learning("plan", RETURNER, "--profile", "DATA1", "--currency", "EUR")
    assert "There is nothing to plan" in shown
    assert "SQL-101 leads to 3 but costs 100.00 GBP, the budget is in EUR" in " ".join(shown.split())


def test_a_workshop_that_is_over_is_neither_planned_nor_counted(learning: CommandLine) -> None:
    over = """
trainings:
  - {id: SQL-W, title: SQL of 2020, kind: workshop, leads_to: {sql: 5}, hours: 4, trainer: P-6NB4YV,
     cost: {amount: "10", currency: GBP},
     sessions: [{id: S1, starts: 2020-02-16T09:30:00Z, ends: 2020-02-17T16:00:00Z, seats: 2}]}
"""
    learning("import", "catalogue", learning.file("over.yaml", over))

    planned = learning.json("plan", RETURNER, "--profile", "DATA1", "--hours", "49")["plan"]
    assert planned["trainings"] == ["SQL-101", "VIS-101"]
    assert "SQL-W leads to 5 but its last session began on 2020-02-16" in planned["uncovered"][0]["why"]
    assert learning.json("recommend", RETURNER, "--role", "DATA1")["numbers"]["hours_to_close"] == 60


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("--budget=-1", "--budget: must be a number, 0 or more"),
        ("--budget=a", "--budget: must be a number, 0 or more"),
        ("--budget=0.001", "to the hundredth"),
        ("--currency=x", "--currency: must be a currency"),
    ],
)
def test_a_budget_that_is_none_is_refused(learning: CommandLine, word: str, sentence: str) -> None:
    assert sentence in learning.error("plan", RETURNER, "--profile", "DATA1", word, code=2)["error"]


def test_what_suits_depends_on_who_asks_and_on_the_weeks(learning: CommandLine) -> None:
    programmes = [
        learning.json("recommend", *words, "--role", "DATA1")["programme"]
        for words in ([EMPLOYEE], [RETURNER], [RETURNER, "--weeks", "9"], [SHORT_BREAK])
    ]
    assert programmes == ["upskilling", "returnship_with_upskilling", "upskilling_first", "neither"]

    learning("assess", RETURNER, "sql=5", "--source", "test", "--as", HR)
    known = learning.json("recommend", RETURNER, "--role", "DATA1")
    assert known["programme"] == "returnship"
    assert known["numbers"]["hours_to_close"] == 10
    assert known["recorded"] is None


def test_what_hr_decides_is_sealed_with_what_was_recommended_and_can_be_decided_again(learning: CommandLine) -> None:
    asked = ("recommend", SHORT_BREAK, "--role", "DATA1")
    assert "HR may let them in all the same" in learning(*asked)

    first = learning.json(*asked, "--decide", "returnship", "--reason", "A month short", "--as", HR)["recorded"]
    assert (first["case"], first["recommendation"], first["decision"]) == ("W-8YV3JN-DATA1", 1, 2)
    assert first["as_recommended"] is False
    learning(*asked, "--decide", "neither", "--reason", "Another was chosen", "--as", HEAD_OF_HR)

    kept = learning.json("decisions", "W-8YV3JN-DATA1")
    assert [(decision["n"], decision["decided"], decision["by"]) for decision in kept["decisions"]] == [
        (1, "neither", None),
        (2, "returnship", HR),
        (3, "neither", None),
        (4, "neither", HEAD_OF_HR),
    ]
    assert kept["problems"] == []
    assert kept["decisions"][0]["evidence"]["numbers"]["hours_to_close"] == 60
    assert kept["decisions"][1]["policy"] == "upskilling-path@1, returnship-16-weeks@1"
    assert "All seals are intact" in learning("decisions", "W-8YV3JN-DATA1")
    verified = learning.json("records", "verify")
    assert (verified["cases"], verified["problems"], verified["list"]) == (1, {}, [])


def test_a_decision_given_again_is_on_record_once(learning: CommandLine) -> None:
    # Given a decision
    decide = ("recommend", RETURNER, "--role", "DATA1", "--decide", "returnship", "--reason", "Fits", "--as")
    first = learning.json(*decide, HR)["recorded"]
    # when the same is given again, then it is where it was
    again = learning.json(*decide, HR)["recorded"]
    assert (first["already"], again) == (False, first | {"already": True})
    assert "It was decided so already: a returnship; on record as decision 2" in learning(*decide, HR)
    # but by another person, or on other grounds, it is another decision, and so is the first after that
    learning(*decide, HEAD_OF_HR)
    learning(*decide, HR)
    learning("assess", RETURNER, "sql=5", "--source", "test", "--as", HR)
    learning(*decide, HR)
    kept = learning.json("decisions", "W-7F3K2M-DATA1")
    assert [decision["by"] for decision in kept["decisions"] if decision["by"]] == [HR, HEAD_OF_HR, HR, HR]
    assert kept["problems"] == []


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["--decide", "returnship", "--reason", "Yes", "--as", MANAGER], 1, "that is for HR (P-7LM2ZA)"),
        (["--decide", "returnship", "--reason", "Yes", "--as", RETURNER], 1, "can't decide on themselves"),
        (["--decide", "holiday", "--reason", "Yes", "--as", HR], 2, "--decide: must be"),
        (["--decide", "returnship", "--reason", " ", "--as", HR], 1, "reason"),
        (["--decide", "returnship", "--as", HR], 2, "--reason"),
        (["--decide", "returnship", "--reason", "Yes"], 2, "--as"),
        (["--reason", "Yes"], 2, "--decide"),
        (["--profile", "NONE1"], 3, "NONE1"),
    ],
)
def test_a_decision_that_is_not_theirs_or_has_no_reason_leaves_no_trace(
    learning: CommandLine, words: list[str], code: int, sentence: str
) -> None:
    assert sentence in learning.error("recommend", RETURNER, "--role", "DATA1", *words, code=code)["error"]
    assert learning.error("decisions", "W-7F3K2M-DATA1", code=3)["kind"] == "unknown"


def test_who_decides_on_themselves_is_put_on_record(learning: CommandLine, database: Database) -> None:
    for _ in range(2):
        learning.error(
            "recommend", HR, "--role", "DATA1", "--decide", "upskilling", "--reason", "I want to", "--as", HR, code=1
        )

    with database.reading() as session:
        attempts = session.scalars(select(AttemptRecord).order_by(AttemptRecord.n)).all()
    assert [(attempt.case_id, attempt.n, attempt.by_person) for attempt in attempts] == [
        ("W-7LM2ZA-DATA1", 1, HR),
        ("W-7LM2ZA-DATA1", 2, HR),
    ]


def test_each_of_the_five_recommendations_comes_out_of_the_examples(
    staffed: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Given the examples, in the autumn in which their levels were found, then each recommendation suits somebody."""
    monkeypatch.setattr("service.learning.learners.today", lambda: date(2026, 11, 24))
    for what, file in (("profiles", "profiles.yaml"), ("catalogue", "catalogue.yaml"), ("skills", "skills.csv")):
        staffed("import", what, str(EXAMPLES / file))

    suits = {
        person: staffed.json("recommend", person, "--role", role)["programme"]
        for person, role in (
            ("P-3MT8KW", "DATA1"),
            ("P-7F3K2M", "DATA1"),
            ("P-9PL4ZT", "SOFT1"),
            ("P-2HD9WQ", "DATA1"),
            ("P-8YV3JN", "OPS1"),
        )
    }

    assert suits == {
        "P-3MT8KW": "upskilling",
        "P-7F3K2M": "returnship",
        "P-9PL4ZT": "returnship_with_upskilling",
        "P-2HD9WQ": "upskilling_first",
        "P-8YV3JN": "neither",
    }
