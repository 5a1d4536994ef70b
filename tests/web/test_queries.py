"""What pages ask the records: as often however much there is, and by indexes whatever grows with the cases."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event

from domain.core.model import PersonId
from records.database import Database
from tests.records.conftest import database, files, url
from tests.web.console import Console, open_console
from tests.web.much import (
    BUDGET,
    CERTIFICATION,
    PERSON,
    REHEARSAL,
    ROLE,
    much_more,
    people_of_the_examples,
    something_of_everything,
)
from tests.web.readers import WHO, Reader, everybody
from tests.web.rights import PAGES, subjects

__all__ = ["database", "files", "url"]

Statement = tuple[str, Any]

OF_WHAT_THERE_IS = {
    "/capacities/{capacity}": f"/capacities/{BUDGET}",
    "/capacities/{capacity}/size": f"/capacities/{BUDGET}/size",
    "/rehearsals/{rehearsal}": f"/rehearsals/{REHEARSAL}",
    "/recommendations/{person}/{role}": f"/recommendations/{PERSON}/{ROLE}",
    "/recommendations/{person}/{role}/decide": f"/recommendations/{PERSON}/{ROLE}/decide",
}
"""Pages about what is on record here, and not in the walk over all pages."""

FURTHER = (
    f"/cases/{CERTIFICATION}",
    "/board?overdue=1",
    "/board?cohort=SPRING",
    "/board?stage=placement&programme=returnship",
    f"/board?person={PERSON}",
    "/board?person=ada",
    "/tasks?q=review",
    "/tasks?overdue=1",
    "/people?q=ada",
    "/reports?cohort=SPRING",
)
"""Lists with what they can be asked for."""

GROWS = frozenset({"cases", "tasks", "asked", "part_holders", "parts", "stages", "decisions", "attempts", "mails",
                   "seals", "people", "mentorships", "pay_instructions", "leaves", "pulses", "mentor_wishes",
                   "learning", "learning_hours", "skill_levels", "credentials", "reservations", "invitations", "drafts",
                   "sessions", "starts", "held_mails", "departures"})  # fmt: skip
"""Tables that have a row for each case, each person, or more."""


MARK = r"sum\((cases|tasks)\.position\)"
"""Of how all cases stand, which is asked once in two seconds for all boards."""


@pytest.fixture
async def asked(database: Database, tmp_path: Path) -> AsyncIterator[Console]:
    """A console where there is something of everything, on each database."""
    people_of_the_examples(database)
    everybody(database)
    something_of_everything(database)
    async with open_console(tmp_path, database=database) as console:
        yield console


def addresses(database: Database) -> Iterator[tuple[str, PersonId]]:
    """Each page that is read, at each address, with somebody who may, and HR of all roles where they may."""
    hr = WHO["HR of all roles"]
    everybody_there_is = [Reader(database, person) for person in WHO.values()]
    for (method, path), page in PAGES.items():
        if method != "GET" or path.endswith("/events") or path in OF_WHAT_THERE_IS:
            continue
        for address, about in subjects(path):
            readers = [reader.person for reader in everybody_there_is if page.allowed(reader, about)]
            yield from ((address, person) for person in readers if person in (readers[0], hr))
    yield from ((address, hr) for address in (*OF_WHAT_THERE_IS.values(), *FURTHER))


@contextmanager
def heard(database: Database) -> Iterator[list[Statement]]:
    """The questions that the records are asked within the block."""
    found: list[Statement] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *more: Any) -> None:
        if statement.startswith(("SELECT", "WITH")) and not re.search(MARK, statement):
            found.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


async def questions(asked: Console) -> dict[tuple[str, PersonId], list[Statement]]:
    """What each page asks."""
    visitors = {person: asked.visitor(person) for person in WHO.values()}
    found = {}
    for address, person in addresses(asked.database):
        with heard(asked.database) as statements:
            answer = await visitors[person].get(address)
        assert answer.status in (200, 303, 404, 409), (address, person, answer.status)
        found[address, person] = statements
    return found


async def test_a_page_asks_as_often_however_much_there_is(asked: Console) -> None:
    little = {page: len(statements) for page, statements in (await questions(asked)).items()}
    much_more(asked.database)
    much = {page: len(statements) for page, statements in (await questions(asked)).items()}
    assert {page: (little[page], often) for page, often in much.items() if often != little[page]} == {}


READS_ALL: Mapping[str, frozenset[str]] = {
    "/board": frozenset({"cases"}),  # it counts them
    "/board/live": frozenset({"cases"}),
    "/board?person=ada": frozenset({"people"}),  # a part of a name
    "/people?q=ada": frozenset({"people"}),  # the same
    "/imports": frozenset({"people"}),  # a file is checked against everybody
    "/cohorts/uploads": frozenset({"people"}),
    "/reports": GROWS,  # they are of all there was
    "/me/data": GROWS,  # and this of all that names somebody, wherever it stands
}
"""What pages go through whole tables for, and which, by how their addresses begin; but boards by the whole of it."""


async def test_no_page_goes_through_what_grows_with_the_cases(asked: Console) -> None:
    much_more(asked.database)
    wrong = []
    for (address, _), statements in (await questions(asked)).items():
        allowed = may_go_through(address)
        with asked.database.engine.connect() as connection:
            wrong += [
                (address, table, statement)
                for statement, parameters in statements
                for table in gone_through(connection, statement, parameters) - allowed
            ]
    assert {(address, table) for address, table, _ in wrong} == set(), wrong


def may_go_through(address: str) -> frozenset[str]:
    """The tables of which the page at this address may read all rows."""
    begins = [path for path in READS_ALL if address.startswith(path) and not address.startswith("/board")]
    return frozenset().union(*(READS_ALL[path] for path in begins), READS_ALL.get(address, ()))


def gone_through(connection: Connection, statement: str, parameters: Any) -> set[str]:
    """The tables among those that grow of which a database would read each row for this, as it plans it."""
    if connection.dialect.name == "sqlite":
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        found = {
            scan[1]
            for row in plan
            if (scan := re.match(SCANNED, row.detail)) and not (scan[2] and "LIMIT" in statement)
        }
    else:
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")  # with few rows it is faster
        (plan,) = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", parameters).scalar_one()
        found = set(_scans(plan["Plan"], limited=False))
    return {re.sub(r"_\d+$", "", table) for table in found} & GROWS


SCANNED = r"SCAN (\w+)( USING (?:COVERING )?INDEX)?"


def _scans(node: dict[str, Any], limited: bool) -> Iterator[str]:
    by_index = "Index" in node["Node Type"] or "Bitmap" in node["Node Type"]
    limited = limited or node["Node Type"] == "Limit"
    if "Relation Name" in node and not (by_index and (_has_condition(node) or limited)):
        yield node["Relation Name"]
    for child in node.get("Plans", ()):
        yield from _scans(child, limited)


def _has_condition(node: dict[str, Any]) -> bool:
    return "Index Cond" in node or "Recheck Cond" in node
