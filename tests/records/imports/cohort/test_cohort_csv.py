"""A cohort file: each row is a participant, or it is told what is wrong with it; and what is protected stays apart."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from domain.core.people import Application
from records.database import Database
from records.imports.cohort.cohort_csv import MOST_ROWS, read_cohort
from records.imports.cohort.people import known_records
from records.imports.core.date_cells import DayOrder
from records.imports.core.people_and_roles import store_people
from records.imports.core.people_csv import read_people
from records.imports.core.report import ImportRefused
from records.queries.core import people as in_records
from records.tables.core import ProtectedRecord
from tests.domain.factories import ROOT
from tests.records.imports.cohort.cohort_files import (
    ANN,
    BEN,
    COLUMNS,
    HR,
    MANAGER,
    MENTOR,
    POLICY,
    TODAY,
    check,
    import_office,
    office,
    sheet,
)
from tests.records.imports.problems import said

# Files that are fine


def test_a_clean_row_is_a_person_and_a_participant() -> None:
    report = check(sheet(ANN))

    (person,), (participant,) = report.people, report.participants
    assert report.clean
    assert (person.id, person.skills, person.manager, person.mentor) == ("P-ANN", ["sql", "r"], None, False)
    assert person.application == participant.application == Application(break_months=30, experience_years=8)
    assert (participant.case, participant.returner, participant.role) == ("R-ANN-DATA1", "P-ANN", "DATA1")
    assert (participant.starts_on, participant.weeks, participant.mentor) == (date(2026, 10, 5), 20, MENTOR)


def test_what_a_file_need_not_say_is_left_to_the_cohort_and_the_policy() -> None:
    needed = [*(set(COLUMNS) - {"preferences", "underemployed", "mentor", "starts_on", "weeks", "break_began"})]
    (participant,) = check(sheet(ANN, columns=needed)).participants
    assert (participant.starts_on, participant.weeks, participant.mentor) == (None, None, None)
    assert check(sheet(ANN | {"mentor": "", "starts_on": "", "weeks": ""})).participants == [participant]


def test_a_placement_may_start_today() -> None:
    assert check(sheet(ANN | {"starts_on": "2026-09-01"})).clean


@pytest.mark.parametrize(
    "source",
    [
        sheet(ANN, BEN).encode("utf-8-sig"),
        "\ufeff" + sheet(ANN, BEN),
        sheet(ANN, BEN).replace('"SQL; R"', "SQL|R").replace(",", ";"),
        sheet(ANN | {"skills": "SQL;\nR"}, BEN),
        sheet(ANN, BEN).replace("break_months", "Break Months").replace("time_zone", "Time-Zone"),
        sheet(ANN, {}, BEN, {}),
        sheet(ANN, BEN, columns=COLUMNS[::-1]),
    ],
    ids=["BOM", "BOM in text", "semicolons", "quoted newline", "spelling of the header", "blank rows", "order"],
)
def test_what_spreadsheet_programs_make_of_a_file_does_not_matter(source: str | bytes) -> None:
    report = check(source)
    assert said(report) == []
    assert report.people == check(sheet(ANN, BEN)).people
    assert report.participants == check(sheet(ANN, BEN)).participants


@pytest.mark.parametrize(
    ("day_order", "written"),
    [
        ("iso", ["2026-12-03"]),
        ("dmy", ["2026-12-03", "03/12/2026", "03.12.2026", "03-12-2026", "3.12.2026"]),
        ("mdy", ["2026-12-03", "12/03/2026", "12.3.2026", "12-03-2026"]),
        ("ymd", ["2026-12-03", "2026/12/03", "2026.12.3"]),
    ],
)
def test_dates_are_read_in_the_order_that_is_declared(day_order: DayOrder, written: list[str]) -> None:
    for cell in written:
        (participant,) = check(sheet(ANN | {"starts_on": cell}), day_order=day_order).participants
        assert participant.starts_on == date(2026, 12, 3), cell


@pytest.mark.parametrize(
    ("day_order", "cell", "rule"),
    [
        ("iso", "03/12/2026", "must be a date, such as 2026-09-07, not “03/12/2026”; perhaps the file writes day"),
        ("dmy", "12/31/2026", "must be a day that the calendar has, in the order of 07/09/2026"),
        ("mdy", "31/12/2026", "must be a day that the calendar has, in the order of 09/07/2026"),
        ("dmy", "03/12/26", "must be a date, such as 2026-09-07 or 07/09/2026"),
        ("dmy", "03/12-2026", "must be a date"),
        ("ymd", "03/12/2026", "must be a date"),
        ("dmy", "30.02.2027", "must be a day that the calendar has"),
        ("dmy", "2027-02-30", "must be a day that the calendar has"),
        ("iso", "soon", "must be a date"),
        ("iso", "2026-08-31", "“2026-08-31” is in the past"),
    ],
)
def test_a_date_of_another_order_is_never_guessed(day_order: DayOrder, cell: str, rule: str) -> None:
    report = check(sheet(ANN | {"starts_on": cell}), day_order=day_order)
    (problem,) = report.problems
    assert problem.column == "starts_on"
    assert problem.rule.startswith(rule)


# Files that are not fine


def test_each_row_that_can_not_be_used_is_told_and_the_others_are_imported(database: Database) -> None:
    # Given a file with duplicates, bad dates, formula cells, and a break of eleven months
    import_office(database)
    source = sheet(
        ANN,
        BEN,
        BEN | {"email": "b2@example.org"},
        ANN | {"id": "P-CAT", "email": "Ann@Example.org"},
        ANN | {"id": "P-DAN", "email": "dan@example.org", "starts_on": "31/02/2027"},
        ANN | {"id": "P-EVE", "email": "eve@example.org", "name": "=HYPERLINK(evil)"},
        ANN | {"id": "P-FAY", "email": "fay@example.org", "break_months": "11"},
        ANN | {"id": "P-GUS", "email": "gus@example.org", "name": "Gus  Orr"},
    )
    with database.session() as session:
        report = read_cohort(source, known_records(session), POLICY, day_order="dmy", today=TODAY, started_by=HR)
    # then each is told by row and column, with its rule and nothing of what stood there
    assert said(report) == [
        "row 2, email: is also that of row 5",
        "row 3, id: is also that of row 4",
        "row 4, id: is also that of row 3",
        "row 5, email: is also that of row 2",
        "row 6, starts_on: must be a day that the calendar has, in the order of 07/09/2026, not “31/02/2027”",
        "row 7, name: must not be a formula (begin with = + - or @)",
        "row 8, break_months: a career break of 11 months; the policy asks for 12",
    ]
    assert "HYPERLINK" not in report.model_dump_json() + repr(report)
    # and nothing is stored, or the clean row if that is asked for
    with pytest.raises(ImportRefused), database.session() as session:
        store_people(session, report)
    with database.session() as session:
        assert str(store_people(session, report, clean_only=True)) == "people: 1 added, 7 refused"
    with database.reading() as session:
        assert in_records.person(session, "P-GUS").name == "Gus Orr"
        assert "P-ANN" not in known_records(session).people
    assert [participant.returner for participant in report.participants] == ["P-GUS"]


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\tAnn", "\rAnn", " =1"])
@pytest.mark.parametrize("column", ["id", "name", "email", "skills", "preferences", "role", "mentor", "gender"])
def test_a_cell_that_a_spreadsheet_would_run_is_refused_wherever_it_stands(column: str, cell: str) -> None:
    report = check(sheet(ANN | {column: cell}, columns=[*COLUMNS, "gender"]))
    problem = next(problem for problem in report.problems if problem.column == column)
    assert problem.rule.startswith(("must not be a formula", "must not begin with a tab or a line break"))
    assert cell.strip() not in str(report).replace(ANN["id"], "")
    assert report.participants == []


def test_all_that_is_wrong_with_a_row_is_told_at_once() -> None:
    bad = {"id": "ann", "email": "none", "time_zone": "Mars", "languages": "", "break_months": "3", "role": "NONE1"}
    report = check(sheet(ANN | bad | {"mentor": "P-NOBODY", "starts_on": "x", "weeks": "99"}))
    found = [problem.column for problem in report.problems]
    assert sorted(map(str, found)) == sorted([*bad, "mentor", "starts_on", "weeks"])


@pytest.mark.parametrize(
    ("source", "problems"),
    [
        ("", ["the file: is empty"]),
        ("name;email\r\n", [f"row 1, column {column}: is missing" for column in ("id", "time_zone", "country")]),
        (sheet(ANN, columns=[*COLUMNS, "case"]), ["row 1, column case: is unknown"]),
        (
            sheet(ANN, columns=[column for column in COLUMNS if not column.startswith("break")]),
            ["row 1, column break_months: is missing; there must be this one or break_began"],
        ),
        (sheet(ANN, columns=[*COLUMNS, "role"]), ["row 1, column role: is there twice"]),
        ("id\r\n" + "\r\n".join(["P-ANN"] * (MOST_ROWS + 1)), ["the file: has more than 20,000 rows"]),
        (b"id\n" + b"x" * 2**24, ["the file: is larger than 16 MiB"]),
    ],
    ids=["empty", "missing", "case", "no break", "twice", "too long", "too large"],
)
def test_a_file_that_is_not_such_a_table_is_refused_with_the_reason(source: str | bytes, problems: list[str]) -> None:
    report = check(source)
    found = said(report)
    assert all(any(sentence.startswith(problem) for sentence in found) for problem in problems), found
    assert not report.usable
    assert (report.participants, report.people) == ([], [])


def test_a_file_whose_rows_are_all_the_same_gets_a_report_that_can_be_read() -> None:
    report = check(sheet(*[ANN | {"email": f"a{n}@example.org"} for n in range(400)]))
    assert said(report)[6] == "row 8, id: is also that of row 2, 3, 4, 5, 6 and 394 more"
    assert said(report)[0] == "row 2, id: is also that of row 3, 4, 5, 6, 7 and 394 more"


# What is protected, and what the records know already


def test_a_gender_column_is_named_and_kept_from_everything_but_the_monitoring_table(
    database: Database,
) -> None:
    # Given an export with a column of gender, and one of age that is empty for one of them
    import_office(database)
    rows = [ANN | {"Gender": "woman", "age": "47"}, BEN | {"Gender": "man"}]
    with database.session() as session:
        source = sheet(*rows, columns=[*COLUMNS, "Gender", "age"])
        report = read_cohort(source, known_records(session), POLICY, today=TODAY, started_by=HR)
        store_people(session, report)
    # then the report names the columns, and no person, participant or text holds what they say
    assert report.clean
    assert report.protected_columns == ["gender", "age"]
    shown = report.model_dump_json() + repr(report) + str(report.people) + str(report.participants)
    assert not any(word in shown for word in ("woman", "'man'", "47"))
    # and they stand in the monitoring table
    with database.reading() as session:
        stored = {
            (record.person, record.characteristic, record.value) for record in session.scalars(select(ProtectedRecord))
        }
    assert stored == {("P-ANN", "gender", "woman"), ("P-ANN", "age", "47"), ("P-BEN", "gender", "man")}


def test_people_in_the_records_keep_what_the_file_does_not_say_and_their_application_is_updated(
    database: Database,
) -> None:
    # Given somebody in the records who has a manager, is a mentor, prefers something, and applied before
    import_office(database)
    header = (ROOT / "examples" / "people.csv").read_text(encoding="utf-8").splitlines()[0]
    before = f"P-ANN,Ann Lee,ann@example.org,,Europe/London,GB-ENG,en,sql,data,{MANAGER},yes,8,yes,8"
    with database.session() as session:
        store_people(session, read_people(f"{header}\n{before}\n", known={MANAGER}))
    # when they are in a cohort file that has no columns for preferences and underemployment
    source = sheet(
        ANN | {"break_months": "9", "email": "lee@example.org"},
        columns=[column for column in COLUMNS if column not in ("preferences", "underemployed")],
    )
    with database.session() as session:
        report = read_cohort(source, known_records(session), POLICY, today=TODAY, started_by=HR, update_people=True)
        assert str(store_people(session, report)) == "people: 1 changed"
    # then what the file says is new, and all else is as it was
    with database.reading() as session:
        stored = in_records.person(session, "P-ANN")
    assert stored.application == Application(break_months=9, underemployed=True, experience_years=8)
    assert (stored.email, stored.manager, stored.mentor, stored.preferences) == (
        "lee@example.org",
        MANAGER,
        True,
        ["data"],
    )


def test_the_example_is_clean_and_storing_it_again_changes_nothing(database: Database) -> None:
    import_office(database)
    source = (ROOT / "examples" / "cohort.csv").read_bytes()
    for expected in ("people: 20 added", "people: 20 unchanged"):
        with database.session() as session:
            report = read_cohort(source, known_records(session), POLICY, today=TODAY, started_by=HR)
            assert str(store_people(session, report)) == expected
    assert len(report.participants) == 20
    assert report.protected_columns == ["gender"]


# Who has left the company


def test_a_role_of_which_somebody_has_left_is_a_problem_of_the_file_and_nobody_takes_part_in_it() -> None:
    named = office().roles["DATA1"].manager
    known = replace(office(), left={named: date(2026, 8, 31)})
    other = next(role for role in known.roles.values() if named not in role.parties().values())

    report = check(sheet(ANN, BEN | {"role": other.id}), known, started_by=None)

    assert said(report) == [
        f"the file: the manager of DATA1, {named}, left the company after 2026-08-31; "
        "give the role somebody else in that part, and import roles anew"
    ]
    assert [participant.returner for participant in report.participants] == ["P-BEN"]


def test_a_mentor_or_returner_who_has_left_is_told_in_their_row() -> None:
    known = replace(office(), left={MENTOR: date(2026, 8, 31), "P-BEN": date(2026, 8, 31)})

    assert said(check(sheet(ANN, BEN | {"mentor": ""}), known)) == [
        "row 2, mentor: left the company after 2026-08-31",
        "row 3, id: left the company after 2026-08-31",
    ]


# Whatever is in a file


@given(st.binary(max_size=400) | st.text(max_size=400).map(lambda text: (",".join(COLUMNS) + "\n" + text).encode()))
@settings(max_examples=300)
def test_whatever_is_in_a_file_it_is_reported_and_never_raises(source: bytes) -> None:
    report = check(source, day_order="dmy")
    assert report.usable or report.problems


A_CELL = st.sampled_from(
    [*ANN.values(), "", "P-BEN", "=1", "-", "31.12.2026", "2020-02-29", "11", "9999", "no", "yes", "P-7LM2ZA", "é"]
)


@given(st.lists(st.fixed_dictionaries(dict.fromkeys([*COLUMNS, "gender"], A_CELL)), max_size=4), st.data())
@settings(max_examples=200)
def test_every_row_is_a_participant_or_has_a_problem(rows: list[dict[str, str]], data: st.DataObject) -> None:
    # Given rows that are right but for some cells
    mixed = [
        ANN | {"id": f"P-{n:03}", "email": f"{n}@example.org"} | data.draw(st.sampled_from([{}, row, _some_of(row)]))
        for n, row in enumerate(rows)
    ]
    report = check(sheet(*mixed, columns=[*COLUMNS, "gender"]), day_order="dmy")
    # then each of them takes part or is told why not, never both
    refused = {problem.row for problem in report.problems if problem.row}
    assert len(report.participants) == len(report.people) == report.entries - len(refused)
    assert report.entries == len([row for row in mixed if any(row.values())])


def _some_of(row: dict[str, str]) -> dict[str, str]:
    return {column: row[column] for column in ("mentor", "weeks", "gender")}
