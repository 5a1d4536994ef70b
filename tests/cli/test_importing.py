"""Importing people and roles from the command line."""

from __future__ import annotations

import pytest

from records import people as in_records
from records.database import Database
from tests.cli.conftest import EXAMPLES, CommandLine

HEADER = (
    "id,name,email,time_zone,country,languages,skills,preferences,manager,mentor,"
    "break_months,underemployed,experience_years\n"
)
GOOD = "P-AAA111,Ana Ünal,ana@example.org,Europe/London,GB,en,sql,,,no,24,no,6\n"
BAD = "P-BBB222,Bo,bo@example.org,Europe/Nowhere,GB,en,sql,,,no,many,no,6\n"


def test_the_examples_can_be_imported_and_again(command: CommandLine, database: Database) -> None:
    people, roles = str(EXAMPLES / "people.csv"), str(EXAMPLES / "roles.yaml")
    assert command.json("import", "people", people)["stored"]["added"] == 25
    assert command.json("import", "roles", roles)["stored"]["added"] == 3
    assert command.json("import", "people", people)["stored"]["unchanged"] == 25
    with database.reading() as session:
        found = in_records.people(session)
        assert {role.id for role in in_records.roles(session)} == {"DATA1", "SOFT1", "OPS1"}
    assert sum(one.application is not None for one in found) == 8
    assert sum(one.mentor for one in found) == 6
    assert [one.id for one in found if one.application and one.application.break_months == 11] == ["P-8YV3JN"]


def test_a_file_with_problems_is_reported_by_row_and_column_and_nothing_is_imported(
    command: CommandLine, database: Database
) -> None:
    file = command.file("people.csv", HEADER + GOOD + BAD)
    said = command("import", "people", file, code=1)
    assert all(word in said for word in ("row 3", "time_zone", "break_months"))
    assert "Nowhere" not in said
    with database.reading() as session:
        assert in_records.people(session) == []


def test_the_clean_rows_can_be_imported_all_the_same(command: CommandLine, database: Database) -> None:
    file = command.file("people.csv", HEADER + GOOD + BAD)
    command("import", "people", file, "--clean-only", code=1)
    with database.reading() as session:
        assert [one.name for one in in_records.people(session)] == ["Ana Ünal"]


@pytest.mark.parametrize("text", ["", "nonsense", "a,b\n1,2\n", HEADER + '"never closed'])
def test_a_file_that_is_no_list_of_people_is_refused(command: CommandLine, text: str) -> None:
    assert command.error("import", "people", command.file("people.csv", text), "--clean-only", code=1)["error"]


def test_roles_that_name_nobody_we_know_are_refused(command: CommandLine) -> None:
    assert "roles" in command("import", "roles", str(EXAMPLES / "roles.yaml"), code=1)


def test_a_file_that_is_not_there_is_a_usage_error(command: CommandLine) -> None:
    assert command.error("import", "people", "none.csv", code=2)["kind"] == "usage"
