"""Nothing begins around somebody who has left: who it is, in which part of what, and what helps, is told."""

from __future__ import annotations

from datetime import date

import pytest

from domain.core.model import PersonId
from domain.core.people import NamedIn, Role
from records.database import Database
from records.queries.core import people as in_records
from records.tables.core import PersonRecord
from service.core.errors import NamesWhoLeft
from service.core.people import check_all_here
from service.registry.imports import ImportKind, import_file
from tests.domain.factories import ROOT
from tests.office import ROLE
from tests.records.imports.cohort.cohort_files import import_office
from tests.school import LEARNER, path_start

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
    named: dict[NamedIn, PersonId] = path_start(manager=role.manager).named()

    assert NamedIn("learner").part is None
    assert [str(at) for at, person in named.items() if person == role.manager] == [f"manager of {LEARNER}"]
    assert ROLE.manager != role.manager


def test_a_file_of_roles_that_names_somebody_who_has_left_says_so(database: Database, role: Role) -> None:
    content = (ROOT / "examples" / "roles.yaml").read_bytes()

    found = import_file(database, ImportKind.ROLES, "roles.yaml", content, store=False)

    assert [note for note in found.report.notes if left(role) in note]
