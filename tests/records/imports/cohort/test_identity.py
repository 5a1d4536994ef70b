"""A cohort file and the people on record: nobody is overwritten unseen, and nobody is taken for somebody else."""

from __future__ import annotations

from datetime import date

import pytest

from domain.core.people import Application, Person
from records.database import Database
from records.imports.cohort.cohort_csv import read_cohort
from records.imports.cohort.people import KnownRecords, Placed
from records.imports.core.differences import Difference
from records.imports.core.people_and_roles import store_people
from records.imports.core.people_csv import read_people
from tests.records.imports.cohort.cohort_files import (
    ANN,
    BEN,
    COLUMNS,
    HR,
    MANAGER,
    MENTOR,
    POLICY,
    TODAY,
    office,
    sheet,
)
from tests.records.imports.problems import said

ON_RECORD = Person(
    id="P-ANN",
    name="Ann Lee",
    email="ann@example.org",
    time_zone="Europe/London",
    country="GB-ENG",
    languages=["en"],
    skills=["sql", "r"],
    preferences=["data"],
    application=Application(break_months=30, experience_years=8),
)


def known(*people: Person, placed: dict[str, Placed] | None = None) -> KnownRecords:
    """The people of the examples, and these."""
    return KnownRecords({**office().people, **{person.id: person for person in people}}, office().roles, placed or {})


def test_what_differs_from_the_records_is_told_old_and_new_and_refused_unless_it_is_wanted() -> None:
    # Given a row that says otherwise of somebody on record
    row = ANN | {"name": "Ann Doe", "skills": "sql; python", "break_months": "31", "time_zone": "Europe/Berlin"}
    report = read_cohort(sheet(row, BEN), known(ON_RECORD), POLICY, today=TODAY)
    # then it is refused field by field, with what is there and what is here, and the others can take part
    assert said(report) == [
        "row 2, name: is Ann Lee on record and Ann Doe here",
        "row 2, time_zone: is Europe/London on record and Europe/Berlin here",
        "row 2, skills: is sql; r on record and sql; python here",
        "row 2, break_months: is 30 on record and 31 here",
    ]
    assert [participant.returner for participant in report.participants] == ["P-BEN"]
    # and where that is wanted, it is shown
    wanted = read_cohort(sheet(row, BEN), known(ON_RECORD), POLICY, today=TODAY, update_people=True)
    assert wanted.clean
    assert wanted.changes[0] == Difference(of="P-ANN", field="name", before="Ann Lee", after="Ann Doe")
    assert [change.field for change in wanted.changes] == ["name", "time_zone", "skills", "break_months"]


def test_a_break_that_is_counted_from_its_first_day_grows_without_being_a_change() -> None:
    row = ANN | {"break_months": "", "break_began": "2024-01-05", "starts_on": ""}
    report = read_cohort(sheet(row), known(ON_RECORD), POLICY, today=date(2026, 11, 28))
    assert report.clean
    assert report.participants[0].application.break_months == 34
    assert report.changes == []


def test_the_same_once_more_is_no_change() -> None:
    report = read_cohort(sheet(ANN), known(ON_RECORD), POLICY, today=TODAY)
    assert (report.clean, report.changes) == (True, [])


@pytest.mark.parametrize(
    ("who", "why"),
    [(MENTOR, "who has never applied"), (MANAGER, "manager of DATA1"), (HR, "HR of DATA1")],
    ids=["mentor", "manager", "HR"],
)
@pytest.mark.parametrize("update_people", [False, True])
def test_a_returner_s_row_never_overwrites_an_employee(who: str, why: str, update_people: bool) -> None:
    row = ANN | {"id": who, "mentor": ""}
    report = read_cohort(sheet(row), known(), POLICY, today=TODAY, update_people=update_people)
    assert f"row 2, id: is that of an employee on record, {why}; a returner has an id of their own" in said(report)
    assert report.people == []


def test_whoever_leads_others_is_an_employee_even_with_an_application() -> None:
    leads = known(ON_RECORD, ON_RECORD.model_copy(update={"id": "P-BEN", "email": "b@x.org", "manager": "P-ANN"}))
    assert "an employee on record, manager of others" in said(read_cohort(sheet(ANN), leads, POLICY, today=TODAY))[0]


@pytest.mark.parametrize("address", ["ann@example.org", "Ann@EXAMPLE.org"])
@pytest.mark.parametrize("update_people", [False, True])
def test_an_address_of_somebody_else_on_record_is_refused(address: str, update_people: bool) -> None:
    report = read_cohort(
        sheet(BEN | {"email": address}), known(ON_RECORD), POLICY, today=TODAY, update_people=update_people
    )
    assert said(report) == ["row 2, email: is that of P-ANN on record"]


def test_a_private_address_is_taken_kept_where_the_file_has_no_column_and_never_that_of_somebody_else() -> None:
    at_home = ON_RECORD.model_copy(update={"private_email": "ann@home.example"})
    # Given one on record, and a file without the column
    columns = [column for column in COLUMNS if column != "private_email"]
    report = read_cohort(sheet(ANN, columns=columns), known(at_home), POLICY, today=TODAY)
    assert (report.clean, report.changes) == (True, [])
    assert report.people[0].private_email == "ann@home.example"
    # with it, another one is a change, and that of somebody else a mistake
    row = BEN | {"private_email": "ben@home.example"}
    assert read_cohort(sheet(row), known(at_home), POLICY, today=TODAY).people[0].private_email == "ben@home.example"
    report = read_cohort(sheet(BEN | {"private_email": "Ann@home.example"}), known(at_home), POLICY, today=TODAY)
    assert said(report) == ["row 2, private_email: is that of P-ANN on record"]


@pytest.mark.parametrize(
    ("placed", "cohort", "problem"),
    [
        (Placed("P-ANN", "SPRING", running=True), "SPRING", None),
        (
            Placed("P-ANN", "AUTUMN", running=True),
            "SPRING",
            "row 2, role: is one they are placed in already, in",
        ),
        (
            Placed("P-ANN", None, running=False),
            "SPRING",
            "row 2, role: is one they are placed in already, by",
        ),
        (Placed("P-ANN", "SPRING", running=True), None, "row 2, role: is one they are placed in already, in"),
    ],
)
def test_who_is_placed_in_the_role_already_is_told_by_the_check(
    placed: Placed, cohort: str | None, problem: str | None
) -> None:
    there = known(ON_RECORD, placed={"R-ANN-DATA1": placed})
    found = said(read_cohort(sheet(ANN), there, POLICY, today=TODAY, cohort=cohort))
    assert [sentence[: len(problem or "")] for sentence in found] == ([problem] if problem else [])


def test_who_takes_part_in_the_cohort_in_another_role_is_told() -> None:
    there = known(ON_RECORD, placed={"R-ANN-OPS1": Placed("P-ANN", "SPRING", running=True)})
    report = read_cohort(sheet(ANN), there, POLICY, today=TODAY, cohort="SPRING")
    assert said(report) == ["row 2, id: takes part in SPRING already, in R-ANN-OPS1"]


def test_more_people_than_a_cohort_can_have_and_none_at_all_are_told() -> None:
    many = [ANN | {"id": f"P-{n:05}", "email": f"a{n}@example.org"} for n in range(1_001)]
    (problem,) = said(read_cohort(sheet(*many), known(), POLICY, today=TODAY))
    assert problem.startswith("the file: 1,001 people would take part; a cohort has at most 1,000")
    assert said(read_cohort(sheet(), known(), POLICY, today=TODAY)) == [
        "the file: has no rows under its header, so nobody can take part"
    ]


def test_importing_people_again_shows_what_it_changed(database: Database) -> None:
    header = (
        "id,name,email,time_zone,country,languages,skills,preferences,manager,mentor,break_months,underemployed,exp"
    )
    header = header.removesuffix("exp") + "experience_years"
    rows = "P-ANN,Ann Lee,ann@example.org,Europe/London,GB-ENG,en,sql,,,no,30,no,8"
    with database.session() as session:
        assert store_people(session, read_people(f"{header}\n{rows}")).differences == []
    with database.session() as session:
        stored = store_people(session, read_people(f"{header}\n{rows.replace('sql', '').replace(',no,30', ',yes,30')}"))
    assert [str(difference) for difference in stored.differences] == [
        "P-ANN, skills: sql becomes nothing",
        "P-ANN, mentor: no becomes yes",
    ]


def test_who_has_another_placement_that_runs_gets_one_beside_it_only_for_a_reason() -> None:
    placed = {
        "R-ANN-OPS1": Placed("P-ANN", "AUTUMN", running=True),
        "R-ANN-HR1": Placed("P-ANN", None, running=False),
    }
    there = known(ON_RECORD, placed=placed)

    assert said(read_cohort(sheet(ANN), there, POLICY, today=TODAY, cohort="SPRING")) == [
        "row 2, id: has a placement that runs, R-ANN-OPS1; one can be started beside it where somebody says why"
    ]
    beside = "two half-time placements"
    allowed = read_cohort(sheet(ANN, BEN), there, POLICY, today=TODAY, cohort="SPRING", beside=beside)
    assert [participant.beside for participant in allowed.participants] == [beside, None]


def test_what_is_refused_in_a_row_is_no_change_of_what_is_on_record() -> None:
    # Given a row whose break can't be read, and whose country and address can't be taken
    row = ANN | {"break_months": "", "break_began": "2024-01-05 00:00:00", "country": "GB", "email": "none"}
    report = read_cohort(sheet(row), known(ON_RECORD), POLICY, today=TODAY)
    # then each is told once, and nothing is said to be missing of the application that stands in the row
    assert sorted(problem.column or "" for problem in report.problems) == ["break_began", "country", "email"]
