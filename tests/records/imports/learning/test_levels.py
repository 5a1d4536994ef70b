"""Importing which levels people were found to have."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import select

from domain.core.skills import SkillLevel, Source
from records.database import Database
from records.imports.learning.levels_csv import read_levels
from records.imports.learning.storing import store_levels
from records.queries.learning import learning
from records.tables.learning import LevelRecord
from tests.records.imports.problems import said

SHEET = "person,skill,level,source,on,by"
A_TEST = {"person": "P-ANN", "skill": "sql", "level": "4", "source": "test", "on": "2026-10-05", "by": "P-BOSS"}
KNOWN = {"P-BOSS", "P-ANN"}


def sheet(*rows: str) -> str:
    return "\r\n".join([SHEET, *rows, ""])


def test_levels_are_stored_looked_up_and_corrected(database: Database) -> None:
    rows = [
        "P-ANN,SQL,3,self,2026-10-02,P-ANN",
        "P-ANN,sql,4.5,Test,2026-10-05,P-BOSS",
        "P-BOSS,r,2,self,2026-10-02,P-BOSS",
    ]
    with database.session() as session:
        assert str(store_levels(session, read_levels(sheet(*rows), KNOWN))) == "levels: 3 added"
    # when one of them is corrected
    rows[1] = rows[1].replace("4.5", "5")
    with database.session() as session:
        assert str(store_levels(session, read_levels(sheet(*rows), KNOWN))) == "levels: 1 changed, 2 unchanged"
    # then each source keeps its own
    with database.reading() as session:
        assert learning.levels(session, "P-ANN") == [
            SkillLevel(skill="sql", level=Decimal(3), source=Source.SELF, on=date(2026, 10, 2), by="P-ANN"),
            SkillLevel(skill="sql", level=Decimal(5), source=Source.TEST, on=date(2026, 10, 5), by="P-BOSS"),
        ]
        assert learning.levels(session, "P-NOBODY") == []


@pytest.mark.parametrize(("level", "case"), [("4", "U-ANN-DATA1"), ("5", None)])
def test_a_level_that_a_case_has_found_is_its_until_it_is_corrected(
    database: Database, level: str, case: str | None
) -> None:
    found = {"person": "P-ANN", "skill": "sql", "source": "test", "found_on": date(2026, 10, 5), "by_person": "P-BOSS"}
    with database.session() as session:
        session.add(LevelRecord(**found, level=Decimal(4), case_id="U-ANN-DATA1"))
    with database.session() as session:
        store_levels(session, read_levels(sheet(f"P-ANN,sql,{level},test,2026-10-05,P-BOSS"), KNOWN))
    with database.reading() as session:
        assert session.scalars(select(LevelRecord.case_id)).all() == [case]


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("person", "P-NOBODY", "is nobody in the records"),
        ("person", "ann", "must be a person's id"),
        ("by", "P-NOBODY", "is nobody in the records"),
        ("by", "P-ANN", "must be the person themselves where the source is self, and somebody else"),
        ("source", "self", "must be the person themselves where the source is self"),
        ("source", "friend", "must be self, manager or test"),
        ("skill", "", "must have 1 to 200"),
        ("skill", "=HYPERLINK(1)", "must not be a formula"),
        ("level", "7.5", "must be a number from 0 to 7"),
        ("level", "-1", "must be a number with at most two decimals"),
        ("level", "", "must be a number from 0 to 7"),
        ("on", "05/10/2026", "must be a date"),
        ("on", "2026-02-30", "must be a day that the calendar has"),
        ("on", "9999-12-31", "is still to come"),
        ("on", "", "must be a date"),
    ],
)
def test_a_bad_level_is_named_by_row_column_and_rule(column: str, value: str, rule: str) -> None:
    cells = A_TEST | {column: value}
    report = read_levels(sheet("P-BOSS,r,2,self,2026-10-02,P-BOSS", ",".join(cells.values())), KNOWN)
    (problem,) = report.problems
    assert (problem.row, problem.column) == (3, "by" if (column, value) == ("source", "self") else column)
    assert rule in problem.rule
    assert [level.person for level in report.levels] == ["P-BOSS"]


@pytest.mark.parametrize(
    ("text", "problems"),
    [
        ("", ["the file: is empty"]),
        ("a,b\n1,2\n", ["row 1: must name the columns person, skill, level"]),
        (
            "person,skill,level,source,on\n",
            ["row 1, column by: is missing"],
        ),
        (
            sheet(*["P-ANN,sql,3,self,2026-10-02,P-ANN"] * 2),
            ["row 2: is also that of row 3", "row 3: is also that of row 2"],
        ),
        (sheet('P-ANN,"open'), ["row 2: its quotation marks do not match"]),
    ],
)
def test_a_file_that_is_no_table_of_levels_says_why(text: str, problems: list[str]) -> None:
    report = read_levels(text, KNOWN)
    assert [sentence[: len(problem)] for sentence, problem in zip(said(report), problems, strict=True)] == problems
    assert report.levels == []


def test_a_report_repeats_nothing_but_what_is_wrong() -> None:
    report = read_levels(sheet("P-ANN,secret skill,9,test,never,P-BOSS"), KNOWN)
    assert report.problems
    assert "secret" not in f"{report} {report.model_dump_json()} {report!r}"
