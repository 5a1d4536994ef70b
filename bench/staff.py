"""The people of a large company, and its roles: who plays the parts in thousands of cases."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from bench.surroundings import import_people_like
from demo.examples import EXAMPLES, import_examples
from domain.core.access import Duty
from domain.core.model import PersonId
from domain.core.people import Role
from domain.core.yaml_text import read_yaml
from records.database import Database
from records.queries.core import people as in_records
from service.core.access import grant
from service.placement.importing import import_roles

ROLES = 40
PARTS = ("manager", "second_manager", "budget_owner", "hr", "hr_lead", "it", "facilities")
"""Of a role: each is played by somebody else in each."""
MENTEES = 10
"""So many have the same mentor."""


@dataclass(frozen=True)
class Staff:
    """Who there is, by id; one ``manager`` beside those of the roles, and one who is ``hr`` of all roles."""

    roles: Sequence[Role]
    returners: Sequence[PersonId]
    mentors: Sequence[PersonId]
    manager: PersonId
    hr: PersonId


def hire(database: Database, returners: int) -> Staff:
    """Import so many returners, and those around them, beside the people of the examples, into new records."""
    import_examples(database)
    comers = import_people_like(database, "returner", returners)
    others = iter(import_people_like(database, "mentor", 2 + ROLES * len(PARTS) + returners // MENTEES + 2))
    manager, hr = next(others), next(others)
    examples = read_yaml((EXAMPLES / "roles.yaml").read_text(encoding="utf-8"))["roles"]
    wanted = [
        {
            **examples[n % len(examples)],
            "id": f"ROLE{n}",
            "title": f"{examples[n % len(examples)]['title']} {n}",
            **dict(zip(PARTS, islice(others, len(PARTS)), strict=True)),
        }
        for n in range(ROLES)
    ]
    report = import_roles(database, json.dumps({"roles": wanted}).encode(), "roles of the bench").report
    assert report.clean, report
    grant(database, hr, Duty.HR)
    with database.reading() as session:
        roles = [in_records.role(session, role["id"]) for role in wanted]
    return Staff(roles, comers, list(others), manager, hr)
