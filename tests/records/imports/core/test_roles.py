"""Importing roles: what is wrong with a file is said by entry and key."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from records.database import Database
from records.imports.core.people_and_roles import store_people, store_roles
from records.imports.core.people_csv import read_people
from records.imports.core.roles_yaml import read_roles
from records.queries.core import people as in_records
from tests.records.imports.core.test_people import BOSS, sheet


def role_entry(**changes: Any) -> dict[str, Any]:
    parties = ["manager", "second_manager", "budget_owner", "hr", "hr_lead", "it", "facilities"]
    entry = {
        "id": "DATA1",
        "title": "Analyst",
        "country": "DE-BY",
        "time_zone": "Europe/Berlin",
        "skills": ["SQL"],
        "stipend": {"amount": 2500.5, "currency": "EUR"},
        "salary": {"amount": "46000", "currency": "EUR"},
        **dict.fromkeys(parties, "P-BOSS"),
    }
    return {key: value for key, value in (entry | changes).items() if value is not None}


def roles_file(*entries: Any) -> str:
    return yaml.safe_dump({"roles": list(entries)})


def test_roles_are_read_stored_and_updated(database: Database) -> None:
    with database.session() as session:
        store_people(session, read_people(sheet(BOSS)))
    for stipend, expected in [(2500.5, "roles: 1 added"), (2500.5, "roles: 1 unchanged"), (2600, "roles: 1 changed")]:
        report = read_roles(roles_file(role_entry(stipend={"amount": stipend, "currency": "EUR"})), known={"P-BOSS"})
        with database.session() as session:
            assert str(store_roles(session, report)) == expected

    with database.reading() as session:
        role = in_records.role(session, "DATA1")
    assert (str(role.stipend), role.skills) == ("2,600.00 EUR", ["sql"])


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"colour": "red"}, "role DATA1, colour: is not a key of a role"),
        ({"title": None}, "role DATA1, title: is missing"),
        ({"id": "data one"}, "role data one, id: "),
        ({"it": "P-NOBODY"}, "role DATA1, it: no person P-NOBODY in the records; import people first"),
        ({"country": "ZZ"}, "role DATA1, country: must be an ISO 3166 country code, such as GB-ENG or IE"),
        ({"country": "DE-XX"}, "role DATA1, country: no part XX of DE is known; write DE-BB, DE-BE, "),
        (
            {"country": "GB"},
            "role DATA1, country: public holidays differ between the parts of GB; "
            "write GB-ENG, GB-NIR, GB-SCT or GB-WLS",
        ),
        ({"country": False}, "role DATA1, country: must be text; put it in quotes"),
        ({"time_zone": "CEST"}, "role DATA1, time_zone: must be an IANA time zone"),
        ({"stipend": {"amount": -1, "currency": "EUR"}}, "role DATA1, stipend: must not be negative"),
        (
            {"stipend": {"amount": 10_000_000_000, "currency": "IRR"}},  # months of it could not be added up
            "role DATA1, stipend: must be less than ten thousand million",
        ),
        ({"stipend": {"amount": 1e30, "currency": "EUR"}}, "role DATA1, stipend.amount: must be less than"),
        ({"salary": 46000}, "role DATA1, salary: must be an amount and a currency"),
        ({"salary": {"amount": 1, "currency": "€"}}, "role DATA1, salary.currency: "),
    ],
)
def test_a_bad_role_is_refused_with_its_key_and_the_rule(changes: dict[str, Any], problem: str) -> None:
    report = read_roles(roles_file(role_entry(**changes), role_entry(id="OPS1")), known={"P-BOSS"})
    assert [str(reported)[: len(problem)] for reported in report.problems] == [problem]
    assert [role.id for role in report.roles] == ["OPS1"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("roles: [", "roles.yaml: line 1: is not YAML; look at"),
        ("roles:\n- id: A1\n  id: B1\n", "roles.yaml: line 3: the key id stands twice"),
        ("people: []", "roles.yaml: must hold a list under the single key `roles`"),
        ("- id: A1", "roles.yaml: must hold a list under the single key `roles`"),
        (
            "roles: !!python/object/apply:os.system [ls]",
            "roles.yaml: line 1: a ! stands before a text that is not in quotes",
        ),
        (b"\xff\xff", "roles.yaml: is not UTF-8 text"),
        (roles_file(role_entry(), role_entry()), "role DATA1, id: stands twice"),
        (roles_file("DATA1"), "role number 1: must be a mapping of keys to values"),
    ],
)
def test_a_file_without_usable_roles_says_why(text: str | bytes, problem: str) -> None:
    report = read_roles(text, "roles.yaml", known={"P-BOSS"})
    assert [str(reported)[: len(problem)] for reported in report.problems] == [problem]
    assert report.roles == []
