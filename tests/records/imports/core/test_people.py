"""Importing people: what is wrong is said by row and column, and nothing is half-imported."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import pairwise

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.core.people import Application, Person
from domain.core.working_pattern import read_patterns
from records.database import Database
from records.imports.core.people_and_roles import store_people
from records.imports.core.people_csv import read_people
from records.imports.core.report import ImportRefused
from records.queries.core import people as in_records
from records.tables.core import PersonRecord, ProtectedRecord
from service.core.importing import import_people
from tests.records.imports.problems import said

HEADER = (
    "id,name,email,time_zone,country,languages,skills,preferences,manager,mentor,break_months,underemployed,"
    "experience_years"
)
BOSS = 'P-BOSS,"Größl, Käthe",kaethe@example.org,Europe/Berlin,DE-BY,de; en,sql|python,,,yes,,,'
RETURNER = "P-ANN,Ann Lee,ann@example.org,Europe/London,GB-ENG,EN,SQL; sql ;R,data,P-BOSS,no,30,no,8"


def sheet(*rows: str, header: str = HEADER) -> str:
    """A CSV file, with the line ends of spreadsheet programs."""
    return "\r\n".join([header, *rows, ""])


def with_cell(column: str, value: str) -> str:
    """The returner's row with one other cell."""
    cells = dict(zip(HEADER.split(","), RETURNER.split(","), strict=True)) | {column: value}
    return ",".join(cells.values())


# Files that are fine


def test_a_clean_file_is_read_as_people() -> None:
    report = read_people(sheet(BOSS, RETURNER))

    boss, ann = report.people
    assert report.clean
    assert (boss.name, boss.languages, boss.skills, boss.mentor) == (
        "Größl, Käthe",
        ["de", "en"],
        ["sql", "python"],
        True,
    )
    assert (ann.skills, ann.manager, ann.languages) == (["sql", "r"], "P-BOSS", ["en"])
    assert ann.application == Application(break_months=30, underemployed=False, experience_years=8)
    assert boss.application is None


@pytest.mark.parametrize(
    "source",
    [
        sheet(BOSS, RETURNER).encode("utf-8-sig"),
        sheet(BOSS, RETURNER).encode(),
        "\ufeff" + sheet(BOSS, RETURNER),
        sheet("", BOSS, ",,,,,,,,,,,,", RETURNER, "", ""),
        sheet(BOSS.replace("de; en", '"de;\n en"'), RETURNER),
        sheet(BOSS, RETURNER, header=HEADER.upper().replace("_", " ")),
        sheet(BOSS, RETURNER)
        .replace("; ", "|")
        .replace(" ;", "|")
        .replace('"Größl, Käthe"', "Größl# Käthe")
        .replace(",", ";")
        .replace("#", ","),
    ],
    ids=["BOM", "bytes", "BOM in text", "blank lines", "quoted newline", "spelling of the header", "semicolons"],
)
def test_what_spreadsheet_programs_make_of_a_file_does_not_matter(source: str | bytes) -> None:
    assert read_people(source).people == read_people(sheet(BOSS, RETURNER)).people


def test_a_manager_may_be_in_the_records_already() -> None:
    assert read_people(sheet(RETURNER), known={"P-BOSS"}).clean


# Files that are not


@pytest.mark.parametrize(
    ("column", "value", "rule"),
    [
        ("id", "ann", "must be P- and 3 to 12 capital letters"),
        ("id", "", "must be P- and 3 to 12 capital letters"),
        ("name", " ", "must not be empty"),
        ("name", "=HYPERLINK(1)", "must not be a formula"),
        ("name", "@SUM(A1)", "must not be a formula"),
        ("name", "+cmd|' /C calc'!A0", "must not be a formula"),
        ("name", "a\0b", "must not hold the invisible character U+0000"),
        ("skills", "sql;=1+1", "must not be a formula"),
        ("skills", "x" * 61, "longer than 60"),
        ("email", "ann at example", "must be one mail address"),
        ("email", "a@b.org;c@d.org", "must be one mail address"),
        ("time_zone", "Mars/Olympus", "must be an IANA time zone"),
        ("time_zone", "../etc/passwd", "must be an IANA time zone"),
        ("country", "UK", "must be an ISO 3166 country code"),
        ("country", "Germany", "must be an ISO 3166 country code"),
        ("country", "US", "public holidays differ between the parts of US; write one of its 57 codes of ISO 3166-2"),
        ("country", "GB-XX", "no part XX of GB is known; write GB-ENG, GB-NIR, GB-SCT or GB-WLS"),
        ("languages", "", "at least one ISO 639 code"),
        ("languages", "english", "at least one ISO 639 code"),
        ("manager", "P-NOBODY", "is neither in the file nor in the records"),
        ("manager", "P-ANN", "is the person themselves"),
        ("manager", "Käthe", "must be a person's id"),
        ("mentor", "perhaps", "must be yes or no"),
        ("break_months", "-5", "must be a whole number"),
        ("break_months", "2.5", "must be a whole number"),
        ("break_months", "9999", "must be a whole number from 0 to 720"),
        ("experience_years", "many", "must be a whole number"),
        ("experience_years", "", "must be a whole number from 0 to 70"),
        ("break_months", "", "must be a whole number from 0 to 720"),
        ("underemployed", "2", "must be yes or no"),
    ],
)
def test_a_bad_cell_is_named_by_row_column_and_rule_but_not_what_is_personal(
    column: str, value: str, rule: str
) -> None:
    # Given a file whose second person (row 3) has one bad cell
    report = read_people(sheet(BOSS, with_cell(column, value)))
    # then exactly that is reported, and the other person is clean
    (problem,) = report.problems
    assert (problem.row, problem.column) == (3, column)
    assert rule in problem.rule
    assert [person.id for person in report.people] == ["P-BOSS"]
    # and neither the report nor its JSON holds anything about them
    for text in (str(report), report.model_dump_json(), repr(report)):
        assert "Ann" not in text
        assert "@example" not in text
        assert not value.strip() or value not in text or column not in ("name", "email")


def test_several_bad_cells_of_a_row_are_told_at_once() -> None:
    report = read_people(sheet(BOSS, "ann,,nowhere,Mars,ZZ,,=1,,P-BOSS,maybe,x,,"))
    assert {problem.column for problem in report.problems} >= {"time_zone", "country", "skills", "mentor"}


def test_rows_are_counted_as_a_spreadsheet_does() -> None:
    report = read_people(sheet("", BOSS.replace("de; en", '"de;\nen"'), "", with_cell("email", "none")))
    assert [problem.row for problem in report.problems] == [5]


def test_of_two_rows_with_one_id_nobody_knows_the_right_one() -> None:
    report = read_people(sheet(BOSS, RETURNER, RETURNER))
    assert said(report) == ["row 3, id: is also that of row 4", "row 4, id: is also that of row 3"]


def test_who_reports_to_a_refused_person_is_refused_too() -> None:
    bad_boss = BOSS.replace("Europe/Berlin", "Berlin")
    report = read_people(sheet(bad_boss, RETURNER, with_cell("id", "P-BEN").replace("P-BOSS", "P-ANN")))
    assert said(report)[1:] == ["row 3, manager: is refused in row 2", "row 4, manager: is refused in row 3"]
    assert report.people == []


def test_a_line_of_thousands_under_somebody_unknown_is_refused_person_by_person() -> None:
    ids = ["P-NOBODY", *(f"P-{n:06}" for n in range(10_000))]
    rows = [with_cell("id", person).replace("P-BOSS", above) for above, person in pairwise(ids)]
    report = read_people(sheet(*rows))
    assert said(report)[:2] == [
        "row 2, manager: “P-NOBODY” is neither in the file nor in the records",
        "row 3, manager: is refused in row 2",
    ]
    assert (len(report.problems), report.people) == (10_000, [])


@pytest.mark.parametrize(
    ("source", "problems"),
    [
        ("", ["the file: is empty"]),
        (b"\xff\xfei\x00d\x00", ["the file: is in UTF-16"]),
        ("Ann Lee,ann@example.org\r\n", ["row 1: must name the columns id, name"]),
        (sheet('P-X,"open'), ["row 2: its quotation marks do not match"]),
        (
            sheet(BOSS, header=HEADER.replace("country", "land")),
            ["row 1, column land: is unknown", "row 1, column country: is missing"],
        ),
        (
            sheet(BOSS, header=HEADER.replace("skills", "name")),
            ["row 1, column name: is there twice", "row 1, column skills: is missing"],
        ),
        (sheet(BOSS + ",more"), ["row 2: has 14 cells, the header has 13"]),
        (sheet("P-ANN,Ann"), ["row 2: has 2 cells, the header has 13"]),
    ],
)
def test_a_file_that_is_not_such_a_table_is_refused_with_the_reason(source: str | bytes, problems: list[str]) -> None:
    report = read_people(source)
    assert len(report.problems) == len(problems)
    assert all(found.startswith(problem) for found, problem in zip(said(report), problems, strict=True)), said(report)
    assert report.people == []


@pytest.mark.parametrize(
    "column",
    ["gender", "Age", "date of birth", "Ethnicity", "disability", "parental-status", "Reason of break", "leave_type"],
)
def test_protected_characteristics_are_kept_from_people(database: Database, column: str) -> None:
    report = read_people(sheet(BOSS + ",", RETURNER + ",something private", header=f"{HEADER},{column}"))
    assert report.clean
    assert "private" not in repr(report) + report.model_dump_json() + str(report.people)

    with database.session() as session:
        store_people(session, report)
    with database.reading() as session:
        stored = session.scalars(select(ProtectedRecord)).all()
    assert [(record.person, record.value) for record in stored] == [("P-ANN", "something private")]
    assert report.protected_columns == [stored[0].characteristic]


# Storing


def count(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(PersonRecord)) or 0


def test_nothing_is_half_imported(database: Database) -> None:
    report = read_people(sheet(BOSS, with_cell("email", "none")))
    with pytest.raises(ImportRefused, match="row 3, email"), database.session() as session:
        store_people(session, report)
    assert count(database) == 0


def test_the_clean_rows_can_be_imported_if_asked_for(database: Database) -> None:
    report = read_people(sheet(BOSS, with_cell("email", "none")))
    with database.session() as session:
        stored = store_people(session, report, clean_only=True)
    assert str(stored) == "people: 1 added, 1 refused"
    assert count(database) == 1


def test_of_a_file_that_is_no_table_nothing_can_be_imported(database: Database) -> None:
    report = read_people(sheet(BOSS, header=HEADER.replace("country", "land")))
    with pytest.raises(ImportRefused), database.session() as session:
        store_people(session, report, clean_only=True)


def test_importing_again_updates_people(database: Database) -> None:
    # Given people who were imported, in whatever order, and imported again
    with database.session() as session:
        assert str(store_people(session, read_people(sheet(RETURNER, BOSS)))) == "people: 2 added"
    with database.session() as session:
        assert str(store_people(session, read_people(sheet(BOSS, RETURNER)))) == "people: 2 unchanged"
    # when one of them has changed and somebody is new
    changed = sheet(with_cell("email", "lee@example.org"), with_cell("id", "P-BEN"))
    with database.session() as session:
        assert str(store_people(session, read_people(changed, known={"P-BOSS"}))) == "people: 1 added, 1 changed"
    # then the records say so
    with database.reading() as session:
        assert in_records.person(session, "P-ANN").email == "lee@example.org"
        assert in_records.names(session, ["P-BOSS", "P-XXX"]) == {"P-BOSS": "Größl, Käthe"}
        with pytest.raises(in_records.Unknown, match="no person P-XXX in the records; import people first"):
            in_records.person(session, "P-XXX")


# Working patterns


def test_working_patterns_are_read_stored_and_stay_where_a_file_says_nothing_of_them(database: Database) -> None:
    # Given a file with the column
    header = f"{HEADER},working_pattern"
    phased = '"50%; from 2027-02-01 mon-wed 8, thu 4"'
    report = read_people(sheet(f"{BOSS},", f"{RETURNER},{phased}", header=header))
    assert said(report) == []
    with database.session() as session:
        store_people(session, report)

    # When one comes without it, nothing of that changes; when the cell is empty, the pattern goes
    with database.session() as session:
        assert store_people(session, read_people(sheet(BOSS, RETURNER))).unchanged == 2
        assert in_records.person(session, "P-ANN").working_pattern == read_patterns(phased.strip('"'))
        assert in_records.person(session, "P-BOSS").working_pattern is None
        stored = store_people(session, read_people(sheet(f"{BOSS},", f"{RETURNER},", header=header)))
        assert [str(difference) for difference in stored.differences] == [
            "P-ANN, working_pattern: 50%; from 2027-02-01 mon-wed 8, thu 4 becomes nothing"
        ]
        assert in_records.working_pattern(session, "P-ANN") == []


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ("half days", "must be days with their hours"),
        ("mon 25", "a day has at most 24 hours"),
        ("50%; 100%", "each after the first must say from which day on"),
        ("=SUM(A1)", "must not be a formula"),
    ],
)
def test_a_pattern_that_can_not_be_read_is_refused_with_its_row_and_rule(cell: str, rule: str) -> None:
    report = read_people(sheet(f"{BOSS},", f"{RETURNER},{cell}", header=f"{HEADER},working_pattern"))

    (problem,) = report.problems
    assert (problem.row, problem.column) == (3, "working_pattern")
    assert rule in problem.rule


# Private addresses


def private(row: str, address: str) -> str:
    return sheet(BOSS + ",", f"{row},{address}", header=f"{HEADER},private_email")


def test_a_private_address_is_taken_and_stays_where_a_file_has_no_column_for_it(database: Database) -> None:
    with database.session() as session:
        store_people(session, read_people(private(RETURNER, "ann@home.example")))
    with database.session() as session:
        assert str(store_people(session, read_people(sheet(BOSS, RETURNER)))) == "people: 2 unchanged"
    with database.reading() as session:
        assert in_records.person(session, "P-ANN").private_email == "ann@home.example"
    # and goes where the column is there, and empty
    with database.session() as session:
        stored = store_people(session, read_people(private(RETURNER, "")))
    assert [str(change) for change in stored.differences] == ["P-ANN, private_email: ann@home.example becomes nothing"]


def test_a_private_address_that_is_none_is_told_without_it(database: Database) -> None:
    report = read_people(private(RETURNER, "ann-at-home"))
    assert said(report) == ["row 3, private_email: must be one mail address: a name, one @, and a domain"]
    assert "ann-at-home" not in str(report)


def test_that_a_private_address_is_the_address_of_somebody_else_is_told() -> None:
    report = read_people(private(RETURNER, "kaethe@example.org"))
    assert report.clean
    assert report.notes == ["P-ANN, P-BOSS share one mail address: what is written to one reaches the others too"]


# Payroll numbers


def numbered(boss: str, returner: str) -> str:
    return sheet(f"{BOSS},{boss}", f"{RETURNER},{returner}", header=f"{HEADER},payroll_number")


def test_a_payroll_number_is_taken_and_stays_where_a_file_has_no_column_for_it(database: Database) -> None:
    with database.session() as session:
        store_people(session, read_people(numbered("", "0042-A")))
    with database.session() as session:
        assert str(store_people(session, read_people(sheet(BOSS, RETURNER)))) == "people: 2 unchanged"
    with database.reading() as session:
        numbers = [in_records.person(session, who).payroll_number for who in ("P-BOSS", "P-ANN")]
    assert numbers == [None, "0042-A"]


def test_who_is_refused_keeps_their_payroll_number_and_nobody_gets_it_beside_them() -> None:
    """Of a file from which only what is clean is taken."""
    present = read_people(numbered("100", "200")).people
    known = {person.id for person in present}

    # Given that the boss is to get Ann's number, and Ann one that is none
    report = read_people(numbered("200", "!!"), known, present)

    assert "row 2, payroll_number: is that of P-ANN on record" in said(report)
    assert report.people == []
    # but they may exchange theirs
    assert len(read_people(numbered("200", "100"), known, present).people) == len(present)


def test_people_exchange_their_payroll_numbers_and_somebody_new_gets_one_that_is_given_up(database: Database) -> None:
    def numbers() -> dict[str, str | None]:
        with database.reading() as session:
            return {person.id: person.payroll_number for person in in_records.people(session)}

    def store(boss: str, returner: str, *others: str) -> str:
        file = sheet(f"{BOSS},{boss}", f"{RETURNER},{returner}", *others, header=f"{HEADER},payroll_number")
        with database.session() as session:
            return str(store_people(session, read_people(file, numbers(), in_records.people(session))))

    store("100", "200")
    assert store("200", "100") == "people: 2 changed"
    assert numbers() == {"P-ANN": "100", "P-BOSS": "200"}

    new = f"{RETURNER},100".replace("P-ANN", "P-AAA").replace("ann@", "aaa@")
    assert store("200", "", new) == "people: 1 added, 1 changed, 1 unchanged"
    assert numbers() == {"P-AAA": "100", "P-ANN": None, "P-BOSS": "200"}


def test_of_two_who_import_one_payroll_number_at_once_the_later_hears_of_it(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given two files, each with another person of the same number, that are read at the same moment
    read, both = in_records.people, threading.Barrier(2)

    def people(session: Session) -> list[Person]:
        found = list(read(session))
        with suppress(threading.BrokenBarrierError):
            both.wait(timeout=1)
        return found

    monkeypatch.setattr(in_records, "people", people)
    files = [sheet(f"{row},42", header=f"{HEADER},payroll_number") for row in (BOSS, BOSS.replace("P-BOSS", "P-BOZZ"))]

    # when both are imported
    with ThreadPoolExecutor(2) as threads:
        imported = list(threads.map(lambda file: import_people(database, file.encode()), files))

    # then one of them is, and the other is told why not
    assert sorted(str(each.stored) for each in imported) == ["None", "people: 1 added"]
    (refused,) = (each.report for each in imported if each.stored is None)
    assert [problem.column for problem in refused.problems] == ["payroll_number"]


def test_a_payroll_number_is_that_of_one_person_and_is_told_without_it() -> None:
    """In the file, and with those on record who are not in it: payroll would pay the one for the other."""
    assert said(read_people(numbered("0042-A", "0042-A"))) == [
        "row 2, payroll_number: is also that of row 3",
        "row 3, payroll_number: is also that of row 2",
    ]
    present = [person.model_copy(update={"id": "P-OTHER"}) for person in read_people(numbered("7", "8")).people[1:]]
    assert said(read_people(numbered("9", "8"), present=present)) == [
        "row 3, payroll_number: is that of P-OTHER on record"
    ]
    swapped = read_people(numbered("8", "7"), present=read_people(numbered("7", "8")).people)
    assert swapped.clean
    report = read_people(numbered("", "secret!"))
    assert [problem.column for problem in report.problems] == ["payroll_number"]
    assert "secret" not in str(report)
