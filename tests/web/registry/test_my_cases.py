"""My cases: who finds which, in which order, and the way from a task to its case."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import update

from domain.core.access import Action
from domain.core.case_rows import PartsRow
from domain.core.journal import JournalBatch
from domain.core.model import Party
from records.journal import write
from records.tables.core import PersonRecord
from service.core import paging
from service.registry import my_cases
from tests.records.rows import placement_row
from tests.web.console import Answer, Console
from tests.web.looking import DESKTOP, check_looks, sign_in
from tests.web.readers import (
    CERTIFICATION,
    CHECK,
    INSIDE,
    PATH,
    PLACEMENT,
    PLAYED,
    TASKS,
    WHO,
    Reader,
    everybody,
)
from tests.web.tasks import NOW

ENDED = "R-2HD9WQ-OPS1"


@pytest.fixture
def played(console: Console) -> Console:
    """A console with the cases of the walk over all pages, and one that has ended."""
    everybody(console.database)
    ended = placement_row(NOW, WHO["learner"], role="OPS1", stage="ended", outcome="converted", stage_since=NOW)
    parts = PartsRow(at=NOW, parts={Party.RETURNER: [WHO["learner"]], Party.MENTOR: [WHO["mentor"]]})
    with console.database.session() as session:
        write(session, JournalBatch(case=ENDED, rows=[ended, parts]))
        session.execute(update(PersonRecord).values(languages=["en"]))
    return console


def cases_on(page: Answer) -> list[str]:
    """The cases that the list leads to, in its order."""
    return re.findall(r'class="row-title" href="/cases/([^"]+)"', page.text)


@pytest.mark.parametrize("who", list(WHO))
async def test_everybody_finds_the_cases_that_they_may_see_by_their_part(played: Console, who: str) -> None:
    reader = Reader(played.database, WHO[who])
    seeing = [
        case
        for case, parts in PLAYED.items()
        if case != "K-SPRING" and WHO[who] in parts.values() and reader.may(Action.CASE, case=case)
    ]
    page = await played.visitor(WHO[who]).get("/cases")
    assert sorted(set(cases_on(page)) - {ENDED}) == sorted(seeing)
    assert 'href="/cases"' in page.text
    assert page.status == 200


async def test_the_list_says_of_whom_in_what_and_as_what_and_what_runs_comes_first(played: Console) -> None:
    page = await played.visitor(WHO["mentor"]).get("/cases")
    assert cases_on(page) == [PLACEMENT, ENDED]
    assert "1 runs, 1 has ended" in page.main
    assert re.search(
        rf"Placement, \S.*? {PLACEMENT} Your part: mentor .* Ended .* {ENDED} Your part: mentor Converted", page.main
    )
    both = await played.visitor(WHO["learner"]).get("/cases")
    assert set(cases_on(both)[:2]) == {PATH, CERTIFICATION}
    assert cases_on(both)[2:] == [ENDED]


async def test_whoever_has_no_part_is_told_when_there_will_be_something(played: Console) -> None:
    page = await played.visitor(WHO["nobody in particular"]).get("/cases")
    assert "You play a part in no case." in page.main


async def test_long_lists_come_in_pages(played: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (paging, my_cases):
        monkeypatch.setattr(module, "ROWS", 1)
    visitor = played.visitor(WHO["manager"])
    found = [case for number in (1, 2, 3, 4) for case in cases_on(await visitor.get(f"/cases?page={number}"))]
    assert sorted(found) == sorted([PLACEMENT, PATH, INSIDE, CERTIFICATION])
    assert cases_on(await visitor.get("/cases?page=99")) == cases_on(await visitor.get("/cases?page=4"))


async def test_a_task_leads_to_its_case_for_those_who_may_see_it(played: Console) -> None:
    for who in WHO.values():
        for task in TASKS:
            page = await played.visitor(who).get(f"/tasks/{task}")
            if page.status != 200:
                continue
            case = task.rpartition("-")[0]
            sees = Reader(played.database, who).may(Action.CASE, case=case)
            assert (f'<a href="/cases/{case}">See the case</a>' in page.text) == sees, (who, task)
    # whoever does a task and no more sees the task alone
    laptop = await played.visitor(WHO["IT, who is asked"]).get(f"/tasks/{CHECK}")
    assert laptop.status == 200
    assert "/cases/" not in laptop.text


async def test_back_from_a_case_is_the_list_for_whoever_has_no_board(played: Console) -> None:
    page = await played.visitor(WHO["returner"]).get(f"/cases/{PLACEMENT}")
    assert 'class="back-link" href="/cases"' in page.text
    assert 'class="back-link" href="/board"' in (await played.visitor(WHO["HR"]).get(f"/cases/{PLACEMENT}")).text


async def test_looks(played: Console, window: Callable[..., Any]) -> None:
    for who in ("HR", "mentor", "nobody in particular"):
        context = await window(**DESKTOP)
        await sign_in(context, played, WHO[who])
        await check_looks(await context.new_page(), f"{played.origin}/cases")
