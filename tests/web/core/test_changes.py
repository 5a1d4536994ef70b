"""What tells a page that follows the records how they were when it was made."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from sqlalchemy import event

from domain.core.model import CaseId
from records.database import Database
from records.queries import changes as marks
from records.tables.core import CaseRecord
from service.core.access import viewer_of
from service.registry.case_page import case_page
from tests.records.conftest import database, files, url
from tests.web.console import Clock, Console, nowhere
from tests.web.much import CERTIFICATION, much_more, people_of_the_examples, something_of_everything
from tests.web.readers import PATH, PLACEMENT, WHO, everybody
from web.core.changes import ALL, Changes, digest

__all__ = ["database", "files", "url"]

BOARDS = 20


@pytest.mark.parametrize("case", [PLACEMENT, PATH, CERTIFICATION])
async def test_a_pages_mark_is_the_one_that_its_stream_finds(database: Database, case: CaseId) -> None:
    """Else a page would be loaded anew as soon as it is there, for nothing."""
    people_of_the_examples(database)
    everybody(database)
    for fill in (something_of_everything, much_more):
        fill(database)
        shown = await case_page(nowhere, database, case, viewer_of(database, WHO["HR of all roles"]), Clock()())
        with database.reading() as session:
            assert digest(shown.mark) == digest(marks.of_cases(session, [case])[case])


async def test_of_many_who_open_a_board_at_once_one_asks_how_all_cases_stand(console: Console) -> None:
    everybody(console.database)
    asked: list[str] = []

    def note(_: Any, __: Any, statement: str, *more: Any) -> None:
        asked.append(statement)

    # given many who open a board at the same moment
    changes = Changes(console.database, console.surroundings.ending, every=0.3)
    event.listen(console.database.engine, "before_cursor_execute", note)
    first = await asyncio.gather(*(changes.mark(ALL) for _ in range(BOARDS)))
    # then the cases are counted once, for all of them
    assert sum("FROM cases" in statement for statement in asked) == 1
    assert len(set(first)) == 1
    # and who opens one after something has changed is told of it: by the mark, or by the stream
    with console.database.session() as session:
        session.get_one(CaseRecord, PLACEMENT).position = 1_000
    stream = changes.stream(ALL, await changes.mark(ALL))
    assert (await anext(stream)).startswith(b"retry:")
    assert b"event: changed" in await anext(stream)
    await stream.aclose()
    await asyncio.sleep(0.4)
    assert await changes.mark(ALL) != first[0]
