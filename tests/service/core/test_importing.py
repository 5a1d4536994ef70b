"""Importing: what is only looked at keeps nobody from writing, and what is stored fits what is on record then."""

from __future__ import annotations

import pytest

from records.database import Database
from records.queries.core import people as in_records
from service.core.importing import import_people
from service.registry.imports import ImportKind, import_file
from tests.domain.factories import ROOT

EXAMPLES = ROOT / "examples"
FILES = {
    ImportKind.PEOPLE: "people.csv",
    ImportKind.ROLES: "roles.yaml",
    ImportKind.PROFILES: "profiles.yaml",
    ImportKind.CATALOGUE: "catalogue.yaml",
    ImportKind.SKILLS: "skills.csv",
}


@pytest.mark.parametrize("kind", ImportKind)
def test_a_check_waits_for_nobody_who_writes(database: Database, kind: ImportKind) -> None:
    name = FILES[kind]
    with database.session():
        found = import_file(database, kind, name, (EXAMPLES / name).read_bytes(), store=False)
    assert found.stored is None
    assert found.report.entries


def test_a_file_is_read_once_more_where_people_were_imported_meanwhile(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given somebody who imports the same file just as it has been read
    content = (EXAMPLES / "people.csv").read_bytes()
    read = in_records.people
    looked: list[int] = []

    def people(session: object) -> object:
        looked.append(len(found := read(session)))  # type: ignore[arg-type]
        if len(looked) == 1:
            monkeypatch.setattr(in_records, "people", read)
            import_people(database, content)
            monkeypatch.setattr(in_records, "people", people)
        return found

    monkeypatch.setattr(in_records, "people", people)
    # when it is imported
    imported = import_people(database, content)
    # then nobody is new
    assert imported.stored is not None
    assert (imported.stored.added, looked[0], looked[-1] > 0) == (0, 0, True)
