"""Importing the catalogue and people's levels: it fits together afterwards, or nothing is imported."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from sqlalchemy import select

from domain.core.skills import SkillLevel, Source
from domain.learning.catalogue import Catalogue, MoveOn
from records.database import Database
from records.imports.core.report import ImportRefused
from records.imports.learning.catalogue_yaml import read_catalogue
from records.imports.learning.levels_csv import read_levels
from records.imports.learning.report import CatalogueReport, LevelsReport
from records.imports.learning.storing import store_catalogue, store_levels
from records.queries.core.people import Unknown
from records.queries.learning import learning
from records.tables.learning import LevelRecord
from tests.records.imports.learning.learning_files import catalogue_yaml, certificate, training, workshop
from tests.records.imports.problems import said

SHEET = "person,skill,level,source,on,by"
A_TEST = {"person": "P-ANN", "skill": "sql", "level": "4", "source": "test", "on": "2026-10-05", "by": "P-BOSS"}
KNOWN = {"P-BOSS", "P-ANN"}


def read(text: str | bytes, present: Catalogue | None = None) -> CatalogueReport:
    return read_catalogue(text, "catalogue.yaml", people=KNOWN, profiles={"DATA1"}, present=present)


def present(*trainings: dict[str, Any]) -> Catalogue:
    """A catalogue that is in the records already."""
    report = read(catalogue_yaml(*trainings))
    assert report.clean
    return Catalogue(trainings=report.trainings)


# The catalogue


def test_the_catalogue_is_stored_looked_up_and_updated(database: Database) -> None:
    # Given a workshop, an e-learning that requires it, and a certificate
    entries = [workshop("SQL-101"), training("SQL-201", requires=["SQL-101"], move_on="Passed", leads_to={"SQL": 4.5})]
    report = read(catalogue_yaml(*entries, certificates=(certificate(),)))
    for expected in ("3 added", "3 unchanged"):
        with database.session() as session:
            assert str(store_catalogue(session, report)) == f"trainings and certificates: {expected}"
    # then they come back as they were read, with instants in UTC
    with database.reading() as session:
        found = learning.catalogue(session)
        assert learning.certificate(session, "DATA-PRO") == found.certificates[0]
        with pytest.raises(Unknown, match="no certificate OPS-PRO in the catalogue; import the catalogue first"):
            learning.certificate(session, "OPS-PRO")
    shop, course = found.trainings
    assert (shop.id, shop.trainer, shop.sessions[0].seats) == ("SQL-101", "P-BOSS", 8)
    assert shop.sessions[0].starts == datetime(2027, 5, 11, 8, 30, tzinfo=UTC)
    assert shop.sessions[0].starts.utcoffset() == UTC.utcoffset(None)
    assert (course.requires, course.move_on, course.leads_to) == (["SQL-101"], MoveOn.PASSED, {"sql": Decimal("4.5")})
    assert found.certificates == report.certificates
    # and a training that has changed is changed, with what it requires in the records already
    with database.session() as session:
        entry = training("SQL-201", requires=["SQL-101"], hours=20)
        stored = store_catalogue(session, read(catalogue_yaml(entry), found))
    assert str(stored) == "trainings and certificates: 1 changed"
    with database.reading() as session:
        assert [(kept.id, kept.hours) for kept in learning.catalogue(session).trainings] == [
            ("SQL-101", 12),
            ("SQL-201", 20),
        ]


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (workshop("A1", trainer="P-NOBODY"), "training A1, trainer: no person P-NOBODY in the records; import people"),
        (workshop("A1", sessions=[]), "training A1: sessions: a training of the kind workshop must"),
        (training("A1", activity=None), "training A1: activity: a training of the kind e_learning must"),
        (training("A1", activity="no iri"), "training A1, activity: "),
        (training("A1", kind="course"), "training A1, kind: must be workshop, "),
        (training("A1", cost=100), "training A1, cost: must be an amount and a currency"),
        (training("A1", cost={"amount": -1, "currency": "GBP"}), "training A1: cost must not be negative"),
        (
            training("A1", cost={"amount": "1.005", "currency": "GBP"}),
            "training A1, cost.amount: must have at most two decimal places",
        ),
        (
            training("A1", cost={"amount": 0.125, "currency": "GBP"}),
            "training A1, cost.amount: must have at most two decimal places",
        ),
        (training("A1", leads_to={"sql": 9}), "training A1, leads_to.sql: must be 7 or less, not 9"),
        (training("A1", requires=["A1"]), "training A1: it requires itself"),
        (training("A1", requires=["ZZ-9"]), "training A1, requires: ZZ-9 is neither in the file nor in the records"),
        (training("A1", colour="red"), "training A1, colour: is not a key of a training"),
        ("A1", "training number 1: must be a mapping of keys to values"),
        (training("A1", activity="https://lms.example.org/B1"), "training A1, activity: is also that of B1"),
    ],
)
def test_a_bad_training_is_refused_with_its_key_and_the_rule(entry: Any, problem: str) -> None:
    report = read(catalogue_yaml(entry, training("B1")))
    assert said(report)[0][: len(problem)] == problem
    assert [imported.id for imported in report.trainings] == ([] if "also that" in problem else ["B1"])


def test_of_two_entries_with_one_id_nobody_knows_the_right_one_not_even_where_one_is_bad() -> None:
    report = read(catalogue_yaml(training("A1", hours=0), training("A1"), training("B1")))

    assert said(report) == ["training A1, hours: must be 1 or more, not 0", "training A1, id: stands twice"]
    assert [imported.id for imported in report.trainings] == ["B1"]


def test_a_session_without_an_offset_or_on_no_day_of_the_calendar_is_refused() -> None:
    text = catalogue_yaml(workshop("A1")).replace("2027-05-12T15:00:00Z", "{}")
    for wrong in ("2027-05-12T15:00:00", "2027-02-30T15:00:00Z"):
        for quoted in (wrong, f"'{wrong}'"):
            (problem,) = read(text.replace("'{}'", quoted)).problems
            assert (problem.where, problem.column) == ("training A1", "sessions number 1, ends")
            assert problem.rule.startswith("must")


def test_a_certificate_names_an_examiner_and_a_profile_in_the_records() -> None:
    report = read(catalogue_yaml(certificates=(certificate(examiner="P-NOBODY", profile="OPS1"),)))
    assert said(report) == [
        "certificate DATA-PRO, examiner: no person P-NOBODY in the records; import people first",
        "certificate DATA-PRO, profile: no profile OPS1 in the records; import profiles first",
    ]
    assert report.certificates == []


def test_requirements_that_go_in_a_circle_are_refused_and_all_that_counts_on_them() -> None:
    # Given A requires B, B requires C, C requires A; D requires A; and E stands alone
    entries = [training(a, requires=[b]) for a, b in (("A1", "B1"), ("B1", "C1"), ("C1", "A1"), ("D1", "A1"))]
    report = read(catalogue_yaml(*entries, training("E1")))
    # then the circle is told in its direction, and D is refused in turn
    assert {str(problem.where) for problem in report.problems} == {
        "training A1",
        "training B1",
        "training C1",
        "training D1",
    }
    told = next(problem.rule for problem in report.problems if problem.where == "training A1")
    circle = told.removeprefix("goes in a circle: ").split(" requires ")
    assert all(b == {"A1": "B1", "B1": "C1", "C1": "A1"}[a] for a, b in pairwise(circle)), told
    assert "training D1, requires: A1 is refused in this file" in said(report)
    assert [imported.id for imported in report.trainings] == ["E1"]


def test_a_circle_can_be_closed_by_what_is_in_the_records() -> None:
    report = read(
        catalogue_yaml(training("A1", requires=["B1"])), present(training("A1"), training("B1", requires=["A1"]))
    )
    assert [problem.where for problem in report.problems] == ["training A1"]
    assert "goes in a circle" in report.problems[0].rule


@pytest.mark.parametrize(("other", "problems"), [("B1", 1), ("A1", 0)])
def test_no_two_trainings_have_the_same_activity(other: str, problems: int) -> None:
    # Given an activity that a training in the records has: another one, or the same one that is imported again
    taken = training(other, activity="https://lms.example.org/x")
    report = read(catalogue_yaml(training("A1", activity="https://lms.example.org/x")), present(taken))
    assert len(report.problems) == problems


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("trainings: [", "catalogue.yaml: line 1: is not YAML"),
        (
            "roles: []",
            "catalogue.yaml: must hold lists under the keys `trainings` and `certificates`, and nothing else",
        ),
        ("trainings: {}", "catalogue.yaml: must hold lists under the keys"),
        (b"\xff", "catalogue.yaml: is not UTF-8 text"),
        (catalogue_yaml(training("A1"), training("A1", hours=3)), "training A1, id: stands twice"),
    ],
)
def test_a_file_without_a_usable_catalogue_says_why(text: str | bytes, problem: str) -> None:
    report = read(text)
    assert [sentence[: len(problem)] for sentence in said(report)] == [problem]
    assert report.trainings == []


def test_nothing_of_a_catalogue_is_half_imported(database: Database) -> None:
    report = read(catalogue_yaml(training("A1", hours=0), training("B1")))
    with pytest.raises(ImportRefused, match="training A1, hours"), database.session() as session:
        store_catalogue(session, report)
    with database.session() as session:
        assert learning.catalogue(session) == Catalogue()
        assert str(store_catalogue(session, report, clean_only=True)).endswith("1 added, 1 refused")


# Levels


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


@pytest.mark.parametrize("reader", [read, lambda text: read_levels(text, KNOWN)], ids=["catalogue", "levels"])
def test_a_report_repeats_nothing_but_what_is_wrong(reader: Callable[[str], CatalogueReport | LevelsReport]) -> None:
    text = sheet("P-ANN,secret skill,9,test,never,P-BOSS") if reader is not read else ""
    report = reader(text or catalogue_yaml(training("A1", title="secret skill", hours="never")))
    assert report.problems
    assert "secret" not in f"{report} {report.model_dump_json()} {report!r}"


def test_an_id_that_stands_twice_is_told_even_where_one_of_its_entries_can_not_be_read() -> None:
    report = read(catalogue_yaml(training("A-101", leads_to={}), training("A-101")))
    assert said(report) == ["training A-101, leads_to: must have 1 entry or more", "training A-101, id: stands twice"]
    assert report.trainings == []


def test_a_workshop_whose_sessions_are_all_over_is_noted_and_taken() -> None:
    text = catalogue_yaml(workshop("A1"), workshop("B1"))
    ends = max(session.ends for session in read(text).trainings[0].sessions)
    report = read_catalogue(text, people=KNOWN, now=ends)
    assert (report.clean, len(report.trainings)) == (True, 2)
    assert report.notes[0].startswith("training A1: all its sessions are over, the last since 2027-")
    assert read_catalogue(text, people=KNOWN, now=ends - timedelta(seconds=1)).notes == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"trainer": "P-BOSS"}, "training A1: trainer: only a training of the kind workshop has that"),
        ({"cost": {"amount": "-1.00", "currency": "GBP"}}, "training A1: cost must not be negative"),
        ({"hours": 0}, "training A1, hours: must be 1 or more, not 0"),
        ({"kind": "e_learning", "activity": "sql course"}, "training A1, activity: must be an IRI, such as https://"),
    ],
)
def test_what_does_not_go_with_a_kind_of_training_is_told(changes: dict[str, object], problem: str) -> None:
    (found,) = said(read(catalogue_yaml(training("A1", **changes))))
    assert found.startswith(problem)
