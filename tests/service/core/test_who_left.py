"""Nothing begins around somebody who has left: who it is, in which part of what, and what helps, is told."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from domain.core.model import Party, PersonId
from domain.core.people import NamedIn, OnRecord, Role
from records.database import Database
from records.queries.core import people as in_records
from records.tables.core import PersonRecord
from service.core.errors import NamesWhoLeft
from service.core.people import check_all_here
from service.registry.imports import ImportKind, import_file
from tests.domain.factories import ROOT
from tests.office import ROLE, person
from tests.records.imports.cohort.cohort_files import import_office
from tests.school import LEARNER, path_start
from tests.workflows.case.courses import placement_start
from workflows.case.life_cycle import named_in_vain

LAST_DAY = date(2026, 1, 30)


@pytest.fixture
def role(database: Database) -> Role:
    """A role of the examples, whose manager has left."""
    import_office(database)
    with database.session() as session:
        role = in_records.role(session, "DATA1")
        session.get_one(PersonRecord, role.manager).left_on = LAST_DAY
    return role


def left(role: Role) -> str:
    return f"the manager of DATA1, {role.manager}, left the company after {LAST_DAY}; "


def test_a_start_is_refused_beside_the_role_and_once(database: Database, role: Role) -> None:
    path = path_start()
    path = path.model_copy(
        update={"manager": role.manager, "goal": path.goal.model_copy(update={"role": role})},
    )

    with pytest.raises(NamesWhoLeft) as refused:
        check_all_here(database, path.named())

    (rule,) = refused.value.broken
    assert rule.where == "role"
    assert rule.sentence == left(role) + "give the role somebody else in that part, and import roles anew"


def test_of_a_learner_who_has_a_manager_of_their_own_that_one_is_told(database: Database, role: Role) -> None:
    named = path_start(manager=role.manager).named()

    assert NamedIn("learner").part is None
    assert [str(at) for at, person in named if person == role.manager] == [f"manager of {LEARNER}"]
    assert ROLE.manager != role.manager


BEFORE, AFTER = "P-BEFORE1", "P-AFTER12"


@pytest.mark.parametrize("gone", [[BEFORE], [AFTER], [BEFORE, AFTER]])
def test_of_two_who_are_named_for_one_part_both_are_looked_up(database: Database, gone: list[PersonId]) -> None:
    with database.session() as session:
        session.add_all([person(BEFORE), person(AFTER)])
        session.flush()
        for one in gone:
            session.get_one(PersonRecord, one).left_on = LAST_DAY
    # given a path into a role as it was read before its IT changed, inside a placement in the role as it is now
    as_it_was, as_it_is = (ROLE.model_copy(update={"it": it}) for it in (BEFORE, AFTER))
    path = path_start()
    path = path.model_copy(update={"goal": path.goal.model_copy(update={"role": as_it_was})})
    named = placement_start(datetime.now(UTC), learning=path).model_copy(update={"role": as_it_is}).named()
    assert {at for at, person in named if person in (BEFORE, AFTER)} == {NamedIn("role", Party.IT, ROLE.id)}

    # then whoever of them has left is named, to who starts it and by the workflow itself
    with pytest.raises(NamesWhoLeft) as refused:
        check_all_here(database, named)
    told = [f"the IT of {ROLE.id}, {one}, left the company after {LAST_DAY}" for one in gone]
    assert sorted(rule.sentence.partition(";")[0] for rule in refused.value.broken) == sorted(told)
    everybody = {person for _, person in named}
    found = OnRecord(known=sorted(everybody - {*gone}), left=dict.fromkeys(gone, LAST_DAY))
    in_vain = named_in_vain(named, found)
    assert in_vain is not None
    assert all(sentence in str(in_vain) for sentence in told)


def test_a_file_of_roles_that_names_somebody_who_has_left_says_so(database: Database, role: Role) -> None:
    content = (ROOT / "examples" / "roles.yaml").read_bytes()

    found = import_file(database, ImportKind.ROLES, "roles.yaml", content, store=False)

    assert [note for note in found.report.notes if left(role) in note]


def test_a_file_of_people_whose_manager_has_left_says_so(database: Database, role: Role) -> None:
    content = (ROOT / "examples" / "people.csv").read_bytes()

    found = import_file(database, ImportKind.PEOPLE, "people.csv", content, store=False)

    with database.reading() as session:
        reporting = [person.id for person in in_records.people(session) if person.manager == role.manager]
    assert reporting
    assert [note for note in found.report.notes if "left the company" in note] == [
        f"the manager of {person}, {role.manager}, left the company after {LAST_DAY}; "
        "give them somebody else in that part, and import people anew"
        for person in reporting
    ]
