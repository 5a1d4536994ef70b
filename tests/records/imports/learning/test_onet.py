"""Importing what roles ask for from O*NET's files, as they are published."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from records.database import Database
from records.imports.core.report import ImportRefused
from records.imports.learning.onet import read_onet
from records.imports.learning.storing import store_profiles
from records.queries.learning import learning
from tests.records.imports.learning.learning_files import (
    ANALYST,
    CLERK,
    ONET_HEADER,
    asked,
    onet_file,
    onet_pair,
    onet_row,
    store,
)
from tests.records.imports.problems import said


def test_onet_is_read_as_it_is_published(tmp_path: Path, database: Database) -> None:
    # Given skills and knowledge of two occupations, with rows that O*NET would rather not have used
    skills = onet_file(
        tmp_path / "Skills.txt",
        *onet_pair(ANALYST, "2.A.1.a", "Reading Comprehension", "4.12", "4.62"),
        *onet_pair(ANALYST, "2.A.1.e", "Mathematics", "3.88", "4.50"),
        *onet_pair(ANALYST, "2.B.3.j", "Equipment Maintenance", "1.00", "0.00", not_relevant="Y"),
        *onet_pair(CLERK, "2.A.1.b", "Active Listening", "4.25", "3.88"),
        *onet_pair(CLERK, "2.A.1.e", "Mathematics", "2.00", "1.50", suppress="Y"),
    )
    knowledge = onet_file(
        tmp_path / "Knowledge.txt",
        *onet_pair(ANALYST, "2.C.4.a", "Mathematics", "4.50", "5.01"),
        *onet_pair("53-7065.00", "2.C.1.b", "Administrative", "1.30", "0.50", suppress="Y"),
    )
    titles = onet_file(
        tmp_path / "Occupation Data.txt",
        f'{ANALYST}\tData Scientists\tDevelop and "implement" methods',
        header="O*NET-SOC Code\tTitle\tDescription",
    )
    # when both are imported at once
    report = read_onet([skills, knowledge], titles)
    assert report.clean
    assert store(database, report) == "profiles: 2 added"
    # then importance and level of each element stand together, nothing is mandatory, and what is left out is counted
    with database.reading() as session:
        analyst, clerk = learning.profile(session, ANALYST), learning.profile(session, CLERK)
    assert (analyst.title, clerk.title, clerk.source) == ("Data Scientists", CLERK, "onet")
    assert asked(analyst) == {
        "mathematics": ("4.50", "3.88", False),
        "mathematics (knowledge)": ("5.01", "4.50", False),
        "reading comprehension": ("4.62", "4.12", False),
    }
    assert asked(clerk) == {"active listening": ("3.88", "4.25", False)}
    assert report.notes == [
        "6 rows left out: O*NET recommends to suppress them, or found them not relevant",
        "1 occupation left out, of which no row can be used",
    ]
    # and the same files again change nothing
    assert store(database, report) == "profiles: 2 unchanged"


def test_flags_count_whatever_blanks_stand_around_them(tmp_path: Path) -> None:
    # Given rows as they were published, one of which has a blank behind its flag
    file = onet_file(
        tmp_path / "Skills.txt",
        *onet_pair(ANALYST, "2.A.1.a", "Reading Comprehension", "4.12", "4.38"),
        *onet_pair(ANALYST, "2.B.3.c", "Equipment Selection", "1.25", "0.50", not_relevant="Y "),
        *onet_pair(ANALYST, "2.A.1.b", " Active Listening ", "4.00 ", " 4.00", suppress=" Y"),
        *onet_pair(ANALYST, "2.A.1.c", " Writing ", "3.00 ", " 2.00"),
    )

    report = read_onet([file])

    assert report.clean
    (analyst,) = report.profiles
    assert asked(analyst) == {"reading comprehension": ("4.38", "4.12", False), "writing": ("2.00", "3.00", False)}
    assert report.notes[0].startswith("4 rows left out")


def test_onets_newer_files_are_read_with_tabs_and_as_csv(tmp_path: Path) -> None:
    # Given skills as O*NET has published them since 30.3: in two files, here one of each form
    essential = onet_file(
        tmp_path / "Essential Skills.txt", *onet_pair(ANALYST, "2.A.1.a", "Reading Comprehension", "4.12", "4.62")
    )
    rows = onet_pair(ANALYST, "2.B.1.f", "Service Orientation", "2.75", "2.38")
    rows += onet_pair(ANALYST, "2.B.5.b", '"Management, ""Financial"" Resources"', "1.50", "1.25")
    transferable = tmp_path / "Transferable Skills.csv"
    transferable.write_text("\r\n".join([ONET_HEADER, *rows]).replace("\t", ","), encoding="utf-8-sig")
    titles = tmp_path / "Occupation Data.csv"
    titles.write_text(f'O*NET-SOC Code,Title,Description\n{ANALYST},Data Scientists,"Develop, and more"\n')

    report = read_onet([essential, transferable], titles)

    assert report.clean
    (analyst,) = report.profiles
    assert (analyst.title, sorted(asked(analyst))) == (
        "Data Scientists",
        ['management, "financial" resources', "reading comprehension", "service orientation"],
    )


@pytest.mark.parametrize(
    "header",
    [ONET_HEADER.lower(), ONET_HEADER.upper(), ONET_HEADER.replace(" ", "_"), ONET_HEADER.replace(" ID", "Id")],
)
@pytest.mark.parametrize("divider", ["\t", ",", ";"])
def test_onets_columns_are_known_however_their_names_are_written(tmp_path: Path, header: str, divider: str) -> None:
    rows = [header, *onet_pair(ANALYST, "2.A.1.a", "Reading Comprehension", "4.12", "4.62")]
    file = tmp_path / "Essential Skills.csv"
    file.write_text("\n".join(rows).replace("\t", divider), encoding="utf-8")

    report = read_onet([file])

    assert report.clean
    assert [list(asked(imported)) for imported in report.profiles] == [["reading comprehension"]]


def test_a_table_of_the_database_without_the_names_of_elements_is_told_by_the_column(tmp_path: Path) -> None:
    file = tmp_path / "essential_skills.csv"
    file.write_text("onetsoc_code,element_id,scale_id,data_value,recommend_suppress,not_relevant\n")

    assert said(read_onet([file])) == ["essential_skills.csv, column Element Name: is missing"]


@pytest.mark.parametrize(
    ("rows", "problem"),
    [
        ([onet_row(ANALYST, "2.A.1.b", "Speaking", "IM", "3.00")], "row 4, Scale ID: there is no LV row"),
        (onet_pair(ANALYST, "2.A.1.b", "Speaking", "0.50", "3.00"), "row 4, Data Value: must be a number from 1 to 5"),
        (onet_pair(ANALYST, "2.A.1.b", "Speaking", "3.00", "7.50"), "row 5, Data Value: must be a number from 0 to 7"),
        (onet_pair(ANALYST, "2.A.1.b", "Speaking", "n/a", "3.00"), "row 4, Data Value: must be a number from 1 to 5"),
        (onet_pair(ANALYST, "2.A.1.b", "=cmd()", "3.00", "3.00"), "row 4, Element Name: must not be a formula"),
        (onet_pair(ANALYST, "2.A.1.b", "Writing", "3.00", "3.00"), "row 4, Element Name: is that of another"),
        ([onet_row(ANALYST, "2.A.1.a", "Writing", "LV", "2.00")], "row 4, Scale ID: stands twice for this element"),
        ([onet_row(ANALYST, "2.A.1.b", "Speaking", "CX", "3.00")], "row 4, Scale ID: must be IM or LV"),
        ([f"{ANALYST}\t2.A.1.b\tSpeaking"], "row 4: has not as many cells as the header"),
        (onet_pair("15-2051", "2.A.1.b", "Speaking", "3.00", "3.00"), "row 4, O*NET-SOC Code: must be an O*NET-SOC"),
    ],
)
def test_a_bad_row_of_onet_refuses_its_occupation_and_no_other(tmp_path: Path, rows: list[str], problem: str) -> None:
    good = onet_pair(ANALYST, "2.A.1.a", "Writing", "3.00", "3.00")
    clerk = onet_pair(CLERK, "2.A.1.a", "Writing", "2.00", "2.00")
    report = read_onet([onet_file(tmp_path / "Skills.txt", *good, *rows, *clerk)])
    assert [sentence[: len(problem)] for sentence in said(report)] == [problem]
    assert {imported.id for imported in report.profiles} == {CLERK} | (
        {ANALYST} if "O*NET-SOC Code" in problem else set()
    )


def test_rows_of_an_occupation_that_do_not_stand_together_are_told(tmp_path: Path) -> None:
    # Given a file in which an occupation comes back after another one
    file = onet_file(
        tmp_path / "Skills.txt",
        *onet_pair(ANALYST, "2.A.1.a", "Writing", "3.00", "3.00"),
        *onet_pair(CLERK, "2.A.1.a", "Writing", "2.00", "2.00"),
        *onet_pair(ANALYST, "2.A.1.b", "Speaking", "3.00", "3.00"),
    )
    report = read_onet([file])
    # then neither half is taken for the whole
    assert said(report) == ["row 6, O*NET-SOC Code: its rows don't stand together; sort the file by this column"]
    assert [imported.id for imported in report.profiles] == [CLERK]


def test_of_a_file_that_is_all_wrong_only_the_beginning_is_told(tmp_path: Path) -> None:
    rows = [onet_row(ANALYST, f"2.A.{n}", f"Skill {n}", "IM", "9") for n in range(300)]
    report = read_onet([onet_file(tmp_path / "Skills.txt", *rows)])
    assert len(report.problems) == 201
    assert said(report)[-1] == "the file: has 100 more problems"


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "Skills.txt, column O*NET-SOC Code: is missing"),
        (ONET_HEADER.replace("Scale ID", "Scale").encode(), "Skills.txt, column Scale ID: is missing"),
        (f"{ONET_HEADER}\n\xff".encode("latin-1"), "Skills.txt: is not in UTF-8"),
        (
            b"PK\x03\x04" + bytes(100),
            "Skills.txt: is an Excel workbook (or another zip file), no text; save it as “CSV UTF-8 (comma delimited)”",
        ),
    ],
)
def test_a_file_that_is_not_onets_says_why(tmp_path: Path, content: bytes, problem: str) -> None:
    file = tmp_path / "Skills.txt"
    file.write_bytes(content)
    report = read_onet([file])
    assert said(report)[0] == problem
    assert not report.usable
    with pytest.raises(ImportRefused):
        store_profiles(None, report, clean_only=True)  # type: ignore[arg-type]


def test_nothing_is_half_imported_and_the_clean_occupations_can_be(tmp_path: Path, database: Database) -> None:
    file = onet_file(
        tmp_path / "Skills.txt",
        *onet_pair(ANALYST, "2.A.1.a", "Writing", "3.00", "3.00"),
        *onet_pair(CLERK, "2.A.1.a", "Writing", "2.00", "9.00"),
    )
    report = read_onet([file])
    with pytest.raises(ImportRefused, match="row 5, Data Value"):
        store(database, report)
    with database.reading() as session:
        assert learning.profiles(session) == []
    assert store(database, report, clean_only=True) == "profiles: 1 added, 1 refused"


def test_more_profiles_than_are_held_at_once_are_stored_and_compared(tmp_path: Path, database: Database) -> None:
    codes = [f"11-{n:04}.00" for n in range(1000, 1120)]
    rows = [row for code in codes for row in onet_pair(code, "2.A.1.a", "Writing", "3.00", "3.00")]
    file = onet_file(tmp_path / "Skills.txt", *rows)
    assert store(database, read_onet([file])) == "profiles: 120 added"
    rows[-1] = rows[-1].replace("3.00", "3.50", 1)
    assert store(database, read_onet([onet_file(file, *rows)])) == "profiles: 1 changed, 119 unchanged"
    with database.reading() as session:
        assert learning.profile(session, codes[-1]).skills[0].level == Decimal("3.50")
