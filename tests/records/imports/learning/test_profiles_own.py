"""Importing what roles ask for from one's own files."""

from __future__ import annotations

import pytest

from records.database import Database
from records.imports.learning.profiles_own import read_profiles_csv, read_profiles_yaml
from records.queries.core.people import Unknown
from records.queries.learning import learning
from tests.records.imports.learning.learning_files import asked, profile, profiles_yaml, store
from tests.records.imports.problems import said

SHEET = "profile,title,skill,level,importance,mandatory"


def test_a_profile_is_stored_looked_up_and_replaced_as_a_whole(database: Database) -> None:
    # Given a profile that was imported, and imported again
    first = read_profiles_yaml(profiles_yaml(profile(), profile(id="OPS1")))
    assert store(database, first) == "profiles: 2 added"
    assert store(database, first) == "profiles: 2 unchanged"
    # when one of the two asks for something else
    skills = [{"skill": "r", "level": 3, "importance": 2}, {"skill": "excel", "level": 1.5, "importance": 1}]
    assert store(database, read_profiles_yaml(profiles_yaml(profile(skills=skills)))) == "profiles: 1 changed"
    # then the skill it no longer names is gone, and the other profile is as it was
    with database.reading() as session:
        assert asked(learning.profile(session, "DATA1")) == {
            "excel": ("1.50", "1.00", False),
            "r": ("3.00", "2.00", False),
        }
        assert asked(learning.profile(session, "OPS1")) == {"sql": ("5.00", "4.50", True)}
        assert [(line.id, line.source, line.skills) for line in learning.profiles(session)] == [
            ("DATA1", "own", 2),
            ("OPS1", "own", 1),
        ]
        with pytest.raises(Unknown, match="no profile SOFT1 in the records; import profiles first"):
            learning.profile(session, "SOFT1")


def test_only_the_title_may_change(database: Database) -> None:
    store(database, read_profiles_yaml(profiles_yaml(profile())))
    assert store(database, read_profiles_yaml(profiles_yaml(profile(title="Senior")))) == "profiles: 1 changed"
    with database.reading() as session:
        assert learning.profile(session, "DATA1").title == "Senior"


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"id": "data 1"}, "profile data 1, id: "),
        ({"skills": []}, "profile DATA1, skills: "),
        ({"skills": ["sql"]}, "profile DATA1, skills number 1: must be a mapping of keys to values"),
        (
            {"skills": [{"skill": "sql", "level": 8, "importance": 1}]},
            "profile DATA1, skills number 1, level: must be 7 or less",
        ),
        (
            {"skills": [{"skill": "sql", "level": 1, "importance": 0}]},
            "profile DATA1, skills number 1, importance: must be",
        ),
        ({"skills": [{"skill": s, "level": 1, "importance": 1} for s in ("R", "r")]}, "profile DATA1: a skill stands"),
        ({"source": "onet"}, "profile DATA1, source: is not a key of a profile"),
        ({"colour": "red"}, "profile DATA1, colour: is not a key of a profile"),
    ],
)
def test_a_bad_profile_is_refused_with_its_key_and_the_rule(changes: dict[str, object], problem: str) -> None:
    report = read_profiles_yaml(profiles_yaml(profile(**changes), profile(id="OPS1")))
    assert [sentence[: len(problem)] for sentence in said(report)] == [problem]
    assert [imported.id for imported in report.profiles] == ["OPS1"]


def test_of_two_profiles_with_one_id_nobody_knows_the_right_one() -> None:
    report = read_profiles_yaml(profiles_yaml(profile(), profile(title="Other")), "mine.yaml")
    assert (said(report), list(report.profiles)) == (["profile DATA1, id: stands twice"], [])


def test_a_spreadsheet_of_profiles_has_a_row_for_each_skill() -> None:
    rows = ["DATA1,Analyst,SQL,5,4.5,yes", "OPS1,Ops,excel,2,3,", "DATA1,,python,4,4,no"]
    report = read_profiles_csv("\r\n".join([SHEET, *rows]))
    assert report.clean
    data, ops = report.profiles
    assert (data.title, asked(data)) == ("Analyst", {"sql": ("5", "4.5", True), "python": ("4", "4", False)})
    assert (ops.id, ops.source) == ("OPS1", "own")
    assert list(read_profiles_csv("\r\n".join([SHEET, *rows]).replace(",", ";").replace("4.5", "4,5")).profiles) == [
        data,
        ops,
    ]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("DATA1,,python,high,4,no", "row 3, level: must be a number"),
        ("DATA1,,python,8,4,no", "row 3, level: must be a number from 0 to 7"),
        ("DATA1,,python,4,,no", "row 3, importance: must be a number from 1 to 5"),
        ("DATA1,,=cmd,4,4,no", "row 3, skill: must not be a formula"),
        ("DATA1,,,4,4,no", "row 3, skill: must have 1 to 200"),
        ("DATA1,Another,python,4,4,no", "row 2, title: must stand in one row"),
        ("DATA1,,python,4,4", "row 3: has 5 cells, the header has 6"),
    ],
)
def test_a_profile_is_refused_whole_when_one_of_its_rows_is(row: str, problem: str) -> None:
    # Given two profiles, one of which has a bad row
    report = read_profiles_csv("\n".join([SHEET, "DATA1,Analyst,sql,5,5,yes", row, "OPS1,Ops,excel,2,3,"]))
    # then that is told, and nobody imports the rest of that profile as if it were all of it
    assert [sentence[: len(problem)] for sentence in said(report)] == [problem]
    if "cells" not in problem:
        assert [imported.id for imported in report.profiles] == ["OPS1"]


def test_a_skill_twice_in_a_profile_is_told_for_both_rows() -> None:
    report = read_profiles_csv("\n".join([SHEET, "DATA1,Analyst,SQL,5,5,yes", "DATA1,,sql,4,4,no"]))
    assert said(report) == ["row 2, skill: is also that of row 3", "row 3, skill: is also that of row 2"]
