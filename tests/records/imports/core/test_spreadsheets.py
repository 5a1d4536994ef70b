"""What spreadsheet programs make of a file of any kind: told by its name and what to do, or passed over as nothing."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date

import pytest

from domain.core.addresses import LONGEST
from records.imports.cohort.cohort_csv import read_cohort
from records.imports.cohort.people import KnownRecords
from records.imports.core.csv_text import MOST_BYTES
from records.imports.core.people_csv import read_people
from records.imports.core.report import ImportReport, Remedy
from records.imports.learning.levels_csv import read_levels
from records.imports.learning.profiles_own import read_profiles_csv
from tests.domain.core.test_sentences import LIBRARY
from tests.domain.factories import shipped_policy
from tests.records.imports.problems import said

NOBODY = KnownRecords(people={}, roles={})


def read_a_cohort(source: str | bytes) -> ImportReport:
    return read_cohort(source, NOBODY, shipped_policy(), today=date(2026, 9, 1))


Reader = Callable[[str | bytes], ImportReport]
KINDS: dict[Reader, list[str]] = {
    read_people: [
        "id,name,email,time_zone,country,languages,skills,preferences,manager,mentor,break_months,underemployed,"
        "experience_years",
        "P-ANN,Ann Lee,ann@example.org,Europe/London,GB-ENG,en,sql,,,no,30,no,8",
    ],
    read_a_cohort: [
        "id,name,email,time_zone,country,languages,skills,break_months,experience_years,role",
        "P-ANN,Ann Lee,ann@example.org,Europe/London,GB-ENG,en,sql,30,8,DATA1",
    ],
    read_levels: ["person,skill,level,source,on,by", "P-ANN,sql,3,test,2026-09-01,P-BOSS"],
    read_profiles_csv: ["profile,title,skill,level,importance,mandatory", "DATA1,Data analyst,sql,4,5,yes"],
}
EVERY_KIND = pytest.mark.parametrize(("read", "rows"), KINDS.items(), ids=["people", "cohort", "levels", "profiles"])


def workbook() -> bytes:
    """What a spreadsheet program saves unless it is told otherwise."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as book:
        book.writestr("xl/workbook.xml", "<workbook/>")
    return file.getvalue()


@EVERY_KIND
@pytest.mark.parametrize(
    ("made", "problem"),
    [
        (lambda text: text.replace(",", "\t"), "row 1: has its cells divided by tabs; save it as"),
        (lambda text: text.replace(",", "|"), "row 1: has its cells divided by the bar |; save it as"),
        (lambda text: "sep=;\n" + text.replace(",", ";"), "row 1: sep=; is for spreadsheet programs alone; delete"),
        (lambda text: f"Spring 2027 cohort,,,\n\n{text}", "row 1: names no columns; row 3 does, so delete what is abo"),
        (lambda text: f"Spring 2027\n{text.replace(',', ';')}", "row 1: names no columns; row 2 does, so delete"),
        (lambda _: workbook(), "the file: is an Excel workbook (or another zip file), no text; save it as “CSV UTF-8"),
        (lambda _: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "the file: is an Excel workbook of the old kind"),
        (lambda text: text.encode("utf-16"), "the file: is in UTF-16, which spreadsheet programs call “Unicode text”"),
        (lambda text: text.encode("utf-16-le"), "the file: is in UTF-16"),
        (lambda text: f"{text}\n{'é'}".encode("latin-1"), "the file: is not in UTF-8; save it as"),
        (lambda text: text.encode() + b" " * MOST_BYTES, "the file: is larger than 16 MiB"),
        (lambda text: f'{text}\n"{"x" * 200_000}"', "row 3: a cell has more than 131,072 characters"),
    ],
    ids=["tabs", "bars", "sep", "title", "title and semicolons", "workbook", "old workbook", "UTF-16", "no BOM",
         "Latin-1", "large", "long"],
)  # fmt: skip
def test_a_file_that_is_something_else_is_told_by_its_name(
    read: Reader, rows: list[str], made: Callable[[str], str | bytes], problem: str
) -> None:
    report = read(made("\n".join(rows)))
    assert not report.usable
    assert [sentence[: len(problem)] for sentence in said(report)] == [problem]


@EVERY_KIND
@pytest.mark.parametrize(
    ("header", "row"), [(",,,", ",,,"), ("", ","), (",", ""), ("", ", , ,")], ids=["both", "rows", "header", "blanks"]
)
def test_empty_columns_at_the_end_are_passed_over(read: Reader, rows: list[str], header: str, row: str) -> None:
    assert said(read(f"{rows[0]}{header}\n{rows[1]}{row}")) == said(read("\n".join(rows)))


@EVERY_KIND
def test_something_in_a_column_without_a_name_is_not_passed_over(read: Reader, rows: list[str]) -> None:
    assert "row 2: has" in said(read(f"{rows[0]},,\n{rows[1]},,x"))[0]


@EVERY_KIND
def test_a_cell_that_nobody_can_have_typed_is_refused(read: Reader, rows: list[str]) -> None:
    first, _, others = rows[1].partition(",")
    (problem, *_) = said(read(f"{rows[0]}\n{first}{'X' * 20_000},{others}"))
    assert problem.startswith("row 2, ")
    assert "must not be longer than 10,000 characters; this has 20,00" in problem


@EVERY_KIND
@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        ("#N/A", "must not be #N/A, an error of the spreadsheet"),
        ("#REF!", "must not be #REF!, an error of the spreadsheet"),
        ("P\u200bANN", "must not hold the invisible character U+200B (zero width space)"),
        ("\u202egro", "must not hold the invisible character U+202E (right-to-left override)"),
        ("A\u00adB", "must not hold the invisible character U+00AD (soft hyphen)"),
        ("A\u3164B", "must not hold the invisible character U+3164 (hangul filler)"),
    ],
)
def test_no_cell_holds_an_error_or_what_nobody_sees(read: Reader, rows: list[str], cell: str, rule: str) -> None:
    columns, cells = rows[0].split(","), rows[1].split(",")
    for n, column in enumerate(columns):
        problems = read(f"{rows[0]}\n{','.join([*cells[:n], cell, *cells[n + 1 :]])}").problems
        assert any(problem.column == column and problem.rule.startswith(rule) for problem in problems), column


PEOPLE, ANN = KINDS[read_people]


def with_cell(column: str, cell: str) -> str:
    cells = dict(zip(PEOPLE.split(","), ANN.split(","), strict=True)) | {column: f'"{cell}"'}
    return f"{PEOPLE}\n{','.join(cells.values())}"


@pytest.mark.parametrize(
    ("column", "cell", "rule"),
    [
        ("skills", "sql; n/a", "must not hold n/a; leave the cell empty where there is nothing"),
        ("skills", "-", "must not hold -; leave the cell empty"),
        ("preferences", "None", "must not hold none; leave the cell empty"),
        ("manager", "N/A", "must not be N/A; leave the cell empty where there is none"),
        ("name", "Evil\nName", "must be one line, without a line break"),
        ("name", "Evil\u2028Name", "must be one line, without a line break"),
        ("break_months", "many", "must be a whole number, 0 or more, not “many”"),
        ("country", "UK", "must be an ISO 3166 country code, such as GB-ENG or IE, not “UK”"),
        ("mentor", "perhaps", "must be yes or no, not “perhaps”"),
        ("email", f"{'a' * 65}@example.org", "must not have more than 64 characters before the @"),
        ("email", "jürgen@example.org", "must have only ASCII letters before the @"),
        ("email", f"a@{'b' * 60}.{'c' * LONGEST}.org", "must have"),
        ("email", "a..b@example.org", "must have only letters, digits, single dots"),
    ],
)
def test_a_cell_that_can_not_be_used_is_told_with_what_to_do(column: str, cell: str, rule: str) -> None:
    (problem,) = read_people(with_cell(column, cell)).problems
    assert problem.column == column
    assert problem.rule.startswith(rule)


@pytest.mark.parametrize(
    "name", ["مه‌دی رضایی", "श्रीमान् क्‍ष", "Ann O’Lee-Smith", "Größl, Käthe", "李 小龍", "Ann\u00a0Lee"]
)
def test_a_name_of_any_script_is_taken(name: str) -> None:
    assert said(read_people(with_cell("name", name))) == []


def test_an_address_with_an_international_domain_is_taken() -> None:
    assert said(read_people(with_cell("email", "kaethe@bücher.example"))) == []


def test_ids_in_small_letters_are_the_same_ids() -> None:
    (person,) = read_people(with_cell("id", "p-ann")).people
    assert person.id == "P-ANN"
    (profile,) = read_profiles_csv("\n".join(KINDS[read_profiles_csv]).replace("DATA1", "data1")).profiles
    assert profile.id == "DATA1"


@pytest.mark.parametrize(
    ("cell", "rule"),
    [
        (
            "2026-09-01 00:00:00",
            "must be a date, such as 2026-09-07, without a time, not “2026-09-01 00:00:00”;",
        ),
        ("2026-09-01T10:30", "must be a date, such as 2026-09-07, without a time"),
        ("45044", "must be a date, such as 2026-09-07, not 45044; a spreadsheet counts days like this, so format"),
        ("12.2024", "must be a date, such as 2026-09-07, not 12.2024; the day is missing"),
        ("1/9/26", "must be a date, such as 2026-09-07, with the year in four digits"),
        ("01/09/2026", "must be a date, such as 2026-09-07, not “01/09/2026”; perhaps the file writes day, month"),
        ("soon", "must be a date, such as 2026-09-07, not “soon”"),
    ],
)
def test_what_looks_like_a_date_is_told_as_what_it_is(cell: str, rule: str) -> None:
    header, row = KINDS[read_levels]
    report = read_levels(f"{header}\n{row.replace('2026-09-01', cell)}", {"P-ANN", "P-BOSS"})
    (problem,) = report.problems
    assert problem.rule.startswith(rule)
    assert problem.remedy is (Remedy.DAY_ORDER if cell == "01/09/2026" else None)


def test_levels_may_be_dated_in_an_order_that_is_declared() -> None:
    header, row = KINDS[read_levels]
    report = read_levels(f"{header}\n{row.replace('2026-09-01', '01/09/2026')}", {"P-ANN", "P-BOSS"}, day_order="dmy")
    assert [level.level.on for level in report.levels] == [date(2026, 9, 1)]


WRONG = ["", " ", "x", "ä", "1,5", "-1", "9" * 30, "1e5", "nan", "inf", "yes", "n/a", "#N/A", "2026-13-45", "45044",
         "\0", "=1", "P-", "p-ann", "a@b", "x" * 5_000, "UK", "e-mail", "[]", "{a: b}"]  # fmt: skip


@EVERY_KIND
@pytest.mark.parametrize("cell", WRONG, ids=lambda cell: cell[:12])
def test_whatever_stands_in_a_cell_no_library_speaks(read: Reader, rows: list[str], cell: str) -> None:
    columns, cells = rows[0].split(","), rows[1].split(",")
    wrong = [f"{rows[0]}\n" + ",".join([*cells[:n], f'"{cell}"', *cells[n + 1 :]]) for n in range(len(columns))]
    for text in [*wrong, f'"{cell}"\n{rows[1]}', f'{rows[0]},"{cell}"\n{rows[1]}']:
        assert not LIBRARY.search(str(read(text))), str(read(text))
