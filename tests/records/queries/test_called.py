"""The database finds whom Python would find by the same spellings, on SQLite and PostgreSQL alike."""

from __future__ import annotations

import unicodedata
from datetime import date

import pytest
from sqlalchemy import text

from domain.core.called import holds, spellings
from records import migrations
from records.database import Database
from records.queries.core.called import Called, Left, called_here, whose_name_holds
from records.seal_files import SealFiles
from records.tables.core import PersonRecord
from service.registry.task_page import CALLED_AT_MOST, people_called
from tests.office import person

NAMES = (
    "Jörg Übelacker",
    "Joerg Uebelacker",
    "Jorg Belacker",
    "Adébáyò Okonkwo",
    "Søren Ågård",
    "Katharina Größl",
    "Li 50% Wei",
    "Li 50x Wei",
    "Under_score",
    "Underxscore",
    "Back\\slash",
    "O'Brien-Ôter",
    "王小明",
    "Иван Ёлкин",
    "ℌans \N{KELVIN SIGN}elvin",
    unicodedata.normalize("NFD", "Zoë Ångström"),
    "\N{ACUTE ACCENT}",
    "x" * 150,
    "\N{LATIN SMALL LETTER U WITH DIAERESIS}" * 120,
)
TEXTS = (
    *NAMES,
    "ubel", "uebel", "UEBEL", "bel", "g ube", "g\njo", "jorg", "joerg  u", "adé", "okon", "agard", "aagaard", "grossl",
    "%", "_", "\\", "50%", "50_", "r_s", "'", "'; --", "-o", "小", "ёл", "ЕЛ", "hans", "Hans", "ℌ", "k", "zoe", "ZOË",
    "", " ", "\N{COMBINING ACUTE ACCENT}", "\n", "i\nj", "x" * 101, "ue" * 60, "nobody",
)  # fmt: skip


def ids(names: tuple[str, ...]) -> dict[str, str]:
    """Each name by the id of who has it."""
    return {f"P-NAMED{n:02}": name for n, name in enumerate(names)}


@pytest.fixture
def named(database: Database) -> Database:
    """Somebody of each name."""
    with database.session() as session:
        session.add_all([called(person_id, name) for person_id, name in ids(NAMES).items()])
    return database


def called(person_id: str, name: str) -> PersonRecord:
    """Somebody of this name."""
    record = person(person_id)
    record.name = name
    return record


def test_the_database_finds_whom_python_finds(named: Database) -> None:
    for typed in TEXTS:
        with named.reading() as session:
            by_part = whose_name_holds(session, typed, 100)
            here = called_here(session, typed, 100)
        part = [person_id for person_id, name in ids(NAMES).items() if holds(name, typed)]
        whole = {one for one, name in ids(NAMES).items() if not {*spellings(name)}.isdisjoint(spellings(typed))}
        assert (typed, by_part) == (typed, part)
        assert (typed, sorted(somebody.id for somebody in here)) == (typed, part)
        assert (typed, {somebody.id for somebody in here if somebody.exactly}) == (typed, whole)
        assert [somebody.exactly for somebody in here] == sorted((somebody.exactly for somebody in here), reverse=True)


def test_no_more_are_found_than_were_asked_for_and_whole_names_come_first(database: Database) -> None:
    with database.session() as session:
        session.add_all([called(f"P-PART{n:02}", f"Anna Lee {n:02}") for n in range(20)])
        session.add_all([called("P-WHOLE1", "Anna Lee"), called("P-WHOLE2", "Ànna  Lee")])
        session.add(gone := called("P-GONE01", "Anna Lee"))
        gone.left_on = date(2026, 1, 30)
    with database.reading() as session:
        found = called_here(session, "anna lee", 3)
        assert {*found[:2]} == {Called("P-WHOLE1", "Anna Lee", True), Called("P-WHOLE2", "Ànna  Lee", True)}
        assert found[2] == Called("P-PART00", "Anna Lee 00", False)
        assert whose_name_holds(session, "lee", 2) == ["P-GONE01", "P-PART00"]

    asked = people_called(database, ["anna lee", "anna", "lee 07", "nobody"])
    assert {*asked["anna lee"].people} == {"P-WHOLE1", "P-WHOLE2"}
    assert not asked["anna lee"].too_many
    assert (len(asked["anna"].people), asked["anna"].too_many) == (CALLED_AT_MOST, True)
    assert (dict(asked["lee 07"].people), dict(asked["nobody"].people)) == ({"P-PART07": "Anna Lee 07"}, {})


def test_whoever_has_left_is_named_where_nobody_else_may_be_meant(database: Database) -> None:
    with database.session() as session:
        people = [called("P-GONE01", "Anna Lee"), called("P-GONE02", "Anna Lee"), called("P-GONE03", "Anna Leeds")]
        session.add_all(people)
        for n, somebody in enumerate(people, start=1):
            somebody.left_on = date(2026, n, 28)
        session.add(called("P-HERE01", "Bo Lee"))

    asked = people_called(database, ["anna lee", "anna", "lee"])
    assert asked["anna lee"].left == Left("P-GONE02", "Anna Lee", date(2026, 2, 28))
    assert (asked["anna"].left, asked["lee"].left) == (None, None)


def test_who_gets_another_name_is_found_by_that_one(named: Database) -> None:
    with named.session() as session:
        session.get_one(PersonRecord, "P-NAMED00").name = "Jürgen Groß"
    with named.reading() as session:
        assert whose_name_holds(session, "juergen gross", 9) == ["P-NAMED00"]
        assert whose_name_holds(session, "jorg ubel", 9) == []


def test_who_was_on_record_before_is_found(url: str, files: SealFiles) -> None:
    database = Database(url, files)
    if database.is_sqlite:
        database._make_directory()
    with database.engine.begin() as connection:
        migrations.upgrade(connection, "0038", seals=lambda: files)
        for person_id, name in ids(NAMES).items():
            connection.execute(
                text(
                    "INSERT INTO people (id, name, email, time_zone, country, languages, skills, preferences, mentor) "
                    "VALUES (:id, :name, 'a@a.example', 'UTC', 'IE', '[]', '[]', '[]', :mentor)"
                ),
                {"id": person_id, "name": name, "mentor": False},
            )

    database.migrate()

    with database.reading() as session:
        spelled = {row.id: row.spellings for row in session.execute(text("SELECT id, spellings FROM people"))}
        assert spelled == {one: "\n".join(spellings(name)) for one, name in ids(NAMES).items()}
        assert whose_name_holds(session, "uebel", 9) == ["P-NAMED00", "P-NAMED01"]
    database.close()
