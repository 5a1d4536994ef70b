"""Importing from the command line."""

from __future__ import annotations

import pytest

from records.database import Database
from records.queries.core import people as in_records
from records.queries.learning import learning
from tests.cli.conftest import EXAMPLES, CommandLine
from tests.records.imports.learning.learning_files import ANALYST, ESCO, OCCUPATION, ONET_HEADER, onet_pair

HEADER = (
    "id,name,email,time_zone,country,languages,skills,preferences,manager,mentor,"
    "break_months,underemployed,experience_years\n"
)
GOOD = "P-AAA111,Ana Ünal,ana@example.org,Europe/London,GB-ENG,en,sql,,,no,24,no,6\n"
BAD = "P-BBB222,Bo,bo@example.org,Europe/Nowhere,GB-ENG,en,sql,,,no,many,no,6\n"


def test_the_examples_can_be_imported_and_again(command: CommandLine, database: Database) -> None:
    people, roles = str(EXAMPLES / "people.csv"), str(EXAMPLES / "roles.yaml")
    assert command.json("import", "people", people)["stored"]["added"] == 25
    assert command.json("import", "roles", roles)["stored"]["added"] == 3
    assert command.json("import", "people", people)["stored"]["unchanged"] == 25
    with database.reading() as session:
        found = in_records.people(session)
        assert {role.id for role in in_records.roles(session)} == {"DATA1", "SOFT1", "OPS1"}
    assert sum(person.application is not None for person in found) == 8
    assert sum(person.mentor for person in found) == 6
    assert [person.id for person in found if person.application and person.application.break_months == 11] == [
        "P-8YV3JN"
    ]


def test_a_file_with_problems_is_reported_by_row_and_column_and_nothing_is_imported(
    command: CommandLine, database: Database
) -> None:
    file = command.file("people.csv", HEADER + GOOD + BAD)
    said = command("import", "people", file, code=1)
    assert all(word in said for word in ("row 3", "time_zone", "break_months"))
    assert "must be an IANA time zone, such as Europe/London, not “Europe/Nowhere”" in " ".join(said.split())
    with database.reading() as session:
        assert in_records.people(session) == []


def test_the_clean_rows_can_be_imported_all_the_same(command: CommandLine, database: Database) -> None:
    file = command.file("people.csv", HEADER + GOOD + BAD)
    command("import", "people", file, "--clean-only", code=1)
    with database.reading() as session:
        assert [person.name for person in in_records.people(session)] == ["Ana Ünal"]


@pytest.mark.parametrize("text", ["", "nonsense", "a,b\n1,2\n", HEADER + '"never closed'])
def test_a_file_that_is_no_list_of_people_is_refused(command: CommandLine, text: str) -> None:
    assert command.error("import", "people", command.file("people.csv", text), "--clean-only", code=1)["error"]


def test_roles_that_name_nobody_we_know_are_refused(command: CommandLine) -> None:
    assert "roles" in command("import", "roles", str(EXAMPLES / "roles.yaml"), code=1)


def test_a_file_that_is_not_there_is_a_usage_error(command: CommandLine) -> None:
    assert command.error("import", "people", "none.csv", code=2)["kind"] == "usage"


# Learning

CSV = "profile,title,skill,level,importance,mandatory\nDATA1,Analyst,sql,5,5,yes\n"
RELATIONS = f"occupationUri,relationType,skillType,skillUri\n{OCCUPATION},optional,knowledge,{ESCO}/skill/s1\n"
ONET = "\n".join([ONET_HEADER, *onet_pair(ANALYST, "2.A.1.a", "Writing", "3.00", "3.00", suppress="N"), ""])


def test_all_that_learning_needs_can_be_imported_and_again(staffed: CommandLine, database: Database) -> None:
    for done in ("added", "unchanged"):
        for what, file in (("profiles", "profiles.yaml"), ("catalogue", "catalogue.yaml"), ("skills", "skills.csv")):
            result = staffed.json("import", what, str(EXAMPLES / file))
            assert result["stored"][done] == result["entries"] > 0
    with database.reading() as session:
        assert [profile.id for profile in learning.profiles(session)] == ["DATA1", "OPS1", "SOFT1"]
        assert learning.certificate(session, "DATA-PRO").profile == "DATA1"


def test_a_file_of_profiles_tells_its_format(command: CommandLine, database: Database) -> None:
    skills = command.file("skills_en.csv", f"conceptUri,preferredLabel\n{ESCO}/skill/s1,theatre techniques\n")
    titles = command.file("titles.txt", f"O*NET-SOC Code\tTitle\tDescription\n{ANALYST}\tData Scientists\tWork.\n")
    command("import", "profiles", command.file("mine.csv", CSV))
    said = command("import", "profiles", command.file("relations.csv", RELATIONS), "--skills", skills)
    assert "ESCO publishes no levels" in said
    command("import", "profiles", command.file("Skills.txt", ONET), "--titles", titles)
    with database.reading() as session:
        assert [(profile.title, profile.source) for profile in learning.profiles(session)] == [
            ("00030D09-2B3A-4EFD-87CC-C4EA39D27C34", "esco"),
            ("Data Scientists", "onet"),
            ("Analyst", "own"),
        ]


def test_a_file_tells_its_format_by_columns_in_other_letters_too(command: CommandLine, database: Database) -> None:
    header, _, rows = ONET.partition("\n")
    columns = header.replace("O*NET-SOC", "onetsoc").lower().replace(" ", "_").replace("\t", ",")
    text = f"{columns}\n{rows.replace(chr(9), ',')}"
    command("import", "profiles", command.file("essential_skills.csv", text))
    skills = command.file("skills_en.csv", f"conceptUri,preferredLabel\n{ESCO}/skill/s1,theatre techniques\n")
    in_capitals = RELATIONS.replace("occupationUri", "OCCUPATION_URI")
    command("import", "profiles", command.file("relations.csv", in_capitals), "--skills", skills)
    with database.reading() as session:
        assert sorted(profile.source for profile in learning.profiles(session)) == ["esco", "onet"]


def test_several_files_of_onet_make_one_profile(command: CommandLine, database: Database) -> None:
    more = ONET.replace("Writing", "Speaking").replace("2.A.1.a", "2.A.1.b")
    command("import", "profiles", command.file("Skills.txt", ONET), command.file("More.txt", more))
    with database.reading() as session:
        assert [requirement.skill for requirement in learning.profile(session, ANALYST).skills] == [
            "speaking",
            "writing",
        ]


@pytest.mark.parametrize(
    ("name", "text", "more"),
    [
        ("profiles.txt", CSV, []),
        ("profiles.csv", CSV, ["--titles", "FILE"]),
        ("Skills.txt", ONET, ["--occupations", "FILE"]),
        ("profiles.csv", CSV, ["FILE"]),
        ("profiles.csv", CSV, ["--format", "xml"]),
    ],
)
def test_files_and_options_that_do_not_go_together_are_a_usage_error(
    command: CommandLine, name: str, text: str, more: list[str]
) -> None:
    file = command.file(name, text)
    words = [file if word == "FILE" else word for word in more]
    assert command.error("import", "profiles", file, *words, code=2)["kind"] == "usage"


def test_a_catalogue_without_its_people_and_profiles_is_refused(command: CommandLine, database: Database) -> None:
    said = command("import", "catalogue", str(EXAMPLES / "catalogue.yaml"), code=1)
    assert all(words in said for words in ("import people first", "import profiles first", "nothing was imported"))
    with database.reading() as session:
        assert learning.catalogue(session).trainings == []


def test_clean_levels_can_be_imported_without_the_others(staffed: CommandLine, database: Database) -> None:
    rows = [f"P-7F3K2M,{skill},self,2026-10-05,P-7F3K2M" for skill in ("sql,4", "r,9")]
    file = staffed.file("skills.csv", "\n".join(["person,skill,level,source,on,by", *rows]))
    assert "1 entry was not imported" in staffed("import", "skills", file, "--clean-only", code=1)
    with database.reading() as session:
        assert [level.skill for level in learning.levels(session, "P-7F3K2M")] == ["sql"]


def test_circles_of_managers_and_shared_addresses_are_told_with_those_in_the_records(command: CommandLine) -> None:
    first, second = GOOD.replace("P-AAA111", "P-AAA222"), GOOD.replace("sql,,,", "sql,,P-AAA222,")
    command("import", "people", command.file("first.csv", HEADER + first))
    said = command("import", "people", command.file("second.csv", HEADER + second))
    assert "P-AAA111, P-AAA222 share one mail address" in " ".join(said.split())

    circle = first.replace("sql,,,", "sql,,P-AAA111,").replace("ana@", "other@")
    said = command("import", "people", command.file("circle.csv", HEADER + circle))
    assert "P-AAA111, whose manager is P-AAA222, whose manager is P-AAA111" in " ".join(said.split())


def test_a_role_in_which_one_person_would_decide_twice_is_imported_and_that_is_told(command: CommandLine) -> None:
    command("import", "people", str(EXAMPLES / "people.csv"))
    roles = (EXAMPLES / "roles.yaml").read_text().replace("budget_owner: P-4CY9GS", "budget_owner: P-5HN3TC", 1)

    told = command.json("import", "roles", command.file("roles.yaml", roles))

    assert told["stored"]["added"] == 3
    assert told["notes"] == [
        "role DATA1: P-5HN3TC can't approve as budget owner, because they propose as manager: "
        "the head of HR (P-1ZE6PK) is asked instead"
    ]
