"""Importing: what is only looked at keeps nobody from writing, and what is stored fits what is on record then."""

from __future__ import annotations

import pytest

from records.database import Database
from records.imports.core.report import Stored
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


OTHERWISE = {
    ImportKind.PEOPLE: (b"P-8GU3RF,", b",Europe/London,", b",Europe/Paris,"),
    ImportKind.ROLES: (b"id: DATA1", b'"2900.00"', b'"3000.00"'),
    ImportKind.PROFILES: (b"id: DATA1", b"title: ", b"title: New "),
    ImportKind.CATALOGUE: (b"trainings:", b"title: ", b"title: New "),
    ImportKind.SKILLS: (b"P-7F3K2M,sql,", b"5,", b"6,"),
}
"""By kind: after which text which one is to become which other."""


def test_what_an_import_would_change_is_what_it_changes_then(database: Database) -> None:
    def look(kind: ImportKind, content: bytes) -> Stored | None:
        found = import_file(database, kind, FILES[kind], content, store=False)
        assert found.stored is None
        return found.foreseen

    def store(kind: ImportKind, content: bytes) -> Stored | None:
        found = import_file(database, kind, FILES[kind], content, store=True)
        assert found.foreseen is None
        return found.stored

    for kind in ImportKind:
        content = (EXAMPLES / FILES[kind]).read_bytes()
        # what is new would be added: looking at it once more says the same, for nothing is stored
        foreseen = look(kind, content)
        assert foreseen is not None
        assert foreseen.added
        assert look(kind, content) == foreseen
        assert store(kind, content) == foreseen
        # what is there would become otherwise
        after, was, becomes = OTHERWISE[kind]
        first, mark, rest = content.partition(after)
        other = first + mark + rest.replace(was, becomes, 1)
        foreseen = look(kind, other)
        assert foreseen is not None
        assert (foreseen.added, foreseen.changed) == (0, 1)
        assert len(foreseen.differences) == (kind is not ImportKind.PROFILES)
        assert store(kind, other) == foreseen


def test_of_a_file_with_problems_the_clean_entries_can_be_looked_at(database: Database) -> None:
    content = (EXAMPLES / "people.csv").read_bytes().replace(b"net,Europe/London", b"net,Mars/Crater", 1)
    everything = import_file(database, ImportKind.PEOPLE, "people.csv", content, store=False)
    assert everything.foreseen is None
    clean = import_file(database, ImportKind.PEOPLE, "people.csv", content, clean_only=True, store=False)
    assert clean.foreseen is not None
    assert (clean.foreseen.refused, clean.foreseen.added) == (1, clean.report.entries - 1)


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
