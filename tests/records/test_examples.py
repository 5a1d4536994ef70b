"""The shipped examples: they import cleanly, again and again, and hold what the demo and the guide need."""

from __future__ import annotations

import pytest

from domain.core.people import Person, Role
from records.database import Database
from records.imports.core.people_and_roles import store_people, store_roles
from records.imports.core.people_csv import read_people
from records.imports.core.roles_yaml import read_roles
from records.imports.learning.catalogue_yaml import read_catalogue
from records.imports.learning.levels_csv import read_levels
from records.imports.learning.profiles_own import read_profiles_yaml
from records.imports.learning.storing import store_catalogue, store_levels, store_profiles
from records.queries.core import people as in_records
from records.queries.learning import learning
from tests.domain.factories import ROOT, shipped_policy

PEOPLE = ROOT / "examples" / "people.csv"
ROLES = ROOT / "examples" / "roles.yaml"
PROFILES = ROOT / "examples" / "profiles.yaml"
CATALOGUE = ROOT / "examples" / "catalogue.yaml"
SKILLS = ROOT / "examples" / "skills.csv"


@pytest.fixture(scope="module")
def people() -> dict[str, Person]:
    """Everybody in the example, by id."""
    return {person.id: person for person in read_people(PEOPLE.read_bytes()).people}


@pytest.fixture(scope="module")
def roles(people: dict[str, Person]) -> list[Role]:
    """The roles of the example."""
    return read_roles(ROLES.read_text(encoding="utf-8"), ROLES.name, known=people.keys()).roles


def test_the_examples_import_cleanly_and_importing_them_again_changes_nothing(database: Database) -> None:
    for expected in ("added", "unchanged"):
        # when both files are imported
        report = read_people(PEOPLE.read_bytes())
        with database.session() as session:
            of_people = store_people(session, report)
        with database.session() as session:
            known = {person.id for person in in_records.people(session)}
            roles = read_roles(ROLES.read_text(encoding="utf-8"), ROLES.name, known=known)
            of_roles = store_roles(session, roles)
        # then all of them are added, and the second time none is touched
        assert str(of_people) == f"people: {report.entries} {expected}"
        assert str(of_roles) == f"roles: {roles.entries} {expected}"


def test_what_is_stored_is_what_was_read(database: Database, people: dict[str, Person], roles: list[Role]) -> None:
    with database.session() as session:
        store_people(session, read_people(PEOPLE.read_bytes()))
        store_roles(session, read_roles(ROLES.read_text(encoding="utf-8"), known=people.keys()))

    with database.reading() as session:
        assert {person.id: person for person in in_records.people(session)} == people
        assert in_records.roles(session) == sorted(roles, key=lambda role: role.id)


def test_every_role_has_its_own_manager_who_is_not_a_mentor(people: dict[str, Person], roles: list[Role]) -> None:
    assert [role.id for role in roles] == ["DATA1", "SOFT1", "OPS1"]
    assert len({role.manager for role in roles}) == len(roles)
    assert not any(people[role.manager].mentor for role in roles)


def test_one_returner_is_short_of_the_break_that_the_policy_asks_for(people: dict[str, Person]) -> None:
    least = shipped_policy().eligibility.min_break_months
    applications = [person.application for person in people.values() if person.application]
    assert len(applications) == 8
    assert [
        application.break_months
        for application in applications
        if application.break_months < least and not application.underemployed
    ] == [11]


def test_what_there_is_to_learn_imports_cleanly_too(database: Database, people: dict[str, Person]) -> None:
    for expected in ("added", "unchanged"):
        with database.session() as session:
            profiles = read_profiles_yaml(PROFILES.read_bytes(), PROFILES.name)
            assert str(store_profiles(session, profiles)) == f"profiles: {profiles.entries} {expected}"
            known = {profile.id for profile in learning.profiles(session)}
            catalogue = read_catalogue(CATALOGUE.read_bytes(), people=people.keys(), profiles=known)
            stored = store_catalogue(session, catalogue)
            assert str(stored) == f"trainings and certificates: {catalogue.entries} {expected}"
            levels = read_levels(SKILLS.read_bytes(), people.keys())
            assert str(store_levels(session, levels)) == f"levels: {levels.entries} {expected}"


def test_every_gap_to_a_role_can_be_closed_by_the_catalogue(database: Database, people: dict[str, Person]) -> None:
    # Given the examples
    with database.session() as session:
        store_profiles(session, read_profiles_yaml(PROFILES.read_bytes()))
        profiles = [learning.profile(session, role) for role in ("DATA1", "SOFT1", "OPS1")]
    catalogue = read_catalogue(
        CATALOGUE.read_bytes(), people=people.keys(), profiles={profile.id for profile in profiles}
    )
    # then some training leads to every level that a role asks for, and there is a certificate for each role
    for wanted in (skill for profile in profiles for skill in profile.skills):
        reached = [
            training.leads_to[wanted.skill] for training in catalogue.trainings if wanted.skill in training.leads_to
        ]
        assert max(reached, default=0) >= wanted.level, wanted.skill
    assert {certificate.profile for certificate in catalogue.certificates} == {profile.id for profile in profiles}
    assert len({training.kind for training in catalogue.trainings}) == 4
