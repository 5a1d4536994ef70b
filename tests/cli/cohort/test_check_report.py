"""Checking a cohort file from the command line."""

from __future__ import annotations

import pytest

from records.database import Database
from records.queries.core import people as in_records
from tests.cli.conftest import EXAMPLES, CommandLine

COHORT = EXAMPLES / "cohort.csv"
HR, MENTOR = "P-7LM2ZA", "P-6NB4YV"


def test_the_example_can_take_part_and_checking_stores_nothing(staffed: CommandLine, database: Database) -> None:
    assert "cohort.csv: 20 of 20 can take part" in staffed("cohort", "check", str(COHORT), "--as", HR)
    said = staffed.json("cohort", "check", str(COHORT))
    assert (said["entries"], said["can_take_part"], said["problems"]) == (20, 20, [])
    assert said["protected_columns"] == ["gender"]
    with database.reading() as session:
        assert len(in_records.people(session)) == 25


def test_what_is_wrong_is_a_table_for_people_and_a_list_for_scripts(staffed: CommandLine) -> None:
    # Given a file in which dates are written day first, one row breaks a rule, and one date there can't be
    text = COHORT.read_text(encoding="utf-8").replace("2023-04-28", "28.04.2023")
    text = text.replace(",20,,no,14,", ",11,,no,14,").replace(",,,20,woman", ",,31.02.2030,20,woman")
    file = staffed.file("spring.csv", text)
    # when it is checked
    said = staffed("cohort", "check", file, "--day-order", "dmy", "--as", HR, code=1)
    # then both rows are told, and the others can take part
    assert "row 4" in said
    assert "a career break of 11 months; the policy asks for 12" in " ".join(said.split())
    assert "spring.csv: 18 of 20 can take part, 2 can't" in said
    assert "Charlotte" not in said
    assert staffed.error("cohort", "check", file, "--day-order", "dmy", code=1) == {
        "error": "spring.csv has 2 problems",
        "kind": "invalid",
    }
    # and without the order of days, the date that was right is told too
    assert "spring.csv has 3 problems" in staffed("cohort", "check", file, code=1)


def test_a_file_of_which_nobody_can_take_part_ends_with_its_problems(staffed: CommandLine) -> None:
    said = staffed("cohort", "check", str(EXAMPLES / "people.csv"), code=1)
    assert "column manager" in said
    assert "\n\n" not in said


def test_the_policy_that_is_named_is_the_one_that_counts(staffed: CommandLine) -> None:
    policy = (EXAMPLES.parent / "policies" / "returnship-16-weeks.yaml").read_text(encoding="utf-8")
    strict = staffed.file("strict.yaml", policy.replace("min_break_months: 12", "min_break_months: 24"))
    said = staffed("cohort", "check", str(COHORT), "--policy", strict, code=1)
    assert "the policy asks for 24" in " ".join(said.split())


@pytest.mark.parametrize(
    ("words", "code"),
    [(["--as", "P-NOBODY"], 3), (["--as", MENTOR], 1), (["--day-order", "ydm"], 2), (["--policy", "none.yaml"], 2)],
)
def test_who_or_what_is_not_there_is_told(staffed: CommandLine, words: list[str], code: int) -> None:
    assert staffed.error("cohort", "check", str(COHORT), *words, code=code)["error"]


def test_who_may_not_start_them_is_told_so_once_before_what_is_wrong_with_rows(staffed: CommandLine) -> None:
    # Given a file with one bad row
    text = COHORT.read_text(encoding="utf-8").replace(",,,20,woman", ",,31.02.2030,20,woman")
    # when somebody has it checked who is HR of none of its roles
    said = " ".join(staffed("cohort", "check", staffed.file("c.csv", text), "--as", MENTOR, code=1).split())
    # then that is one sentence, and the table has the bad row alone
    assert said.startswith(f"c.csv: {MENTOR} can't start placements in DATA1 (for HR {HR} or head of HR P-1ZE6PK), ")
    assert (said.count("can't start"), said.count(" row ")) == (1, 1)
    assert "0 of 20 can take part, 20 can't" in said


def test_one_person_in_two_parts_is_a_note_for_each_role_of_the_file_as_where_roles_are_imported(
    staffed: CommandLine,
) -> None:
    # Given two roles in which somebody has two parts, of which the file has one
    roles = (EXAMPLES / "roles.yaml").read_text(encoding="utf-8").replace("hr_lead: P-1ZE6PK", f"hr_lead: {HR}")
    told = staffed.json("import", "roles", staffed.file("roles.yaml", roles))["notes"]
    of_file = [note for note in told if note.startswith("role DATA1: ")]
    rows = COHORT.read_text(encoding="utf-8").splitlines()
    file = staffed.file("small.csv", "\n".join([rows[0], *(row for row in rows if ",DATA1," in row)]))
    # when the file is checked
    said = " ".join(staffed("cohort", "check", file, "--as", HR).split())
    # then it says what the import said of that role, and nobody is kept out
    assert of_file == [
        f"role DATA1: {HR} would be HR and head of HR: what they do not answer in time would go on to nobody else"
    ]
    assert len(told) > len(of_file)
    assert f"small.csv: {of_file[0]} small.csv: gender: protected" in said
    assert staffed.json("cohort", "check", file)["notes"] == of_file


def test_of_thousands_of_problems_people_see_the_first_and_scripts_all(staffed: CommandLine) -> None:
    lines = COHORT.read_text(encoding="utf-8").splitlines()
    rows = [lines[1].replace("P-2BF6TQ", f"P-{n:04}").replace("amara.", f"{n}.") for n in range(600)]
    file = staffed.file("long.csv", "\n".join([lines[0], *(row.replace("DATA1", "NONE1") for row in rows)]))
    said = staffed("cohort", "check", file, code=1)
    assert "100 more problems; --json tells all" in said
    assert "row 501" in said
    assert "row 502" not in said
    assert staffed.error("cohort", "check", file, code=1)["error"] == "long.csv has 600 problems"
