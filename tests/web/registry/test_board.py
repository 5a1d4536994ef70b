"""The board: what is on it for whom, by which filters, and how many there are."""

from __future__ import annotations

import asyncio
import re
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from domain.core.access import Duty
from records.database import Database
from records.queries.core.board import BoardFilter, counts, page
from records.tables.core import CaseRecord
from service.core.access import viewer_of
from service.registry.board_page import board_page
from tests.web.console import Console
from tests.web.registry.boards import NOW, PEOPLE, case, grant, task

HR = "P-7LM2ZA"
RETURNER, OTHER = PEOPLE
OPERATOR = "P-4CY9GS"


@pytest.fixture
def board(console: Console) -> Console:
    """A console with cases of two roles and three programmes; HR is of one of them, an operator sees all."""
    with console.database.session() as session:
        grant(session, HR, role="DATA1")
        grant(session, OPERATOR, Duty.OPERATOR)
        session.add_all([case(n) for n in range(1, 61)])
        session.add_all(
            [
                case(61, at_risk=["the mentor has left, and another is looked for"]),
                case(62, stage="matching", week=None, cohort="SPRING-2027"),
                case(63, paused=True),
                case(64, stage="ended", outcome="converted"),
                case(65, case_id="U-00065-DATA1", programme="upskilling", stage="training", week=None),
                case(66, case_id="R-00066-OPS1", role="OPS1"),
                task(1, days=-2),
                task(2, days=3),
                task(63, days=-9),
                task(3, days=-30, kind="mentor_wish"),
            ]
        )
    return console


def cases_in(text: str) -> list[str]:
    """The cases on a page of the board, in order."""
    return re.findall(r'<tr role="row" id="row-([A-Z0-9-]+)">', text)


async def test_hr_sees_the_cases_of_their_roles_fifty_a_page(board: Console) -> None:
    hr = board.visitor(HR)

    first = await hr.get("/board")
    assert first.status == 200
    assert cases_in(first.text) == [f"R-{n:05}-DATA1" for n in range(1, 51)]
    assert "1 to 50 of 64" in first.main
    second = await hr.get("/board?page=2")
    assert cases_in(second.text)[-2:] == ["R-00063-DATA1", "U-00065-DATA1"]
    assert "R-00066-OPS1" not in first.text + second.text
    beyond = await hr.get("/board?page=99")
    assert cases_in(beyond.text) == cases_in(second.text)


async def test_it_is_for_hr_and_operators(board: Console) -> None:
    assert (await board.visitor(OTHER).get("/board")).status == 403
    assert (await board.visitor(OTHER).get("/board/events")).status == 403
    assert (await board.visitor(OTHER).get("/board/live")).status == 204
    operator = await board.visitor(OPERATOR).get("/board?role=OPS1")
    assert cases_in(operator.text) == ["R-00066-OPS1"]
    assert (await board.visitor().get("/board")).header("location").startswith("/sign-in")


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ("at_risk=1", ["R-00061-DATA1"]),
        ("overdue=1", ["R-00001-DATA1"]),
        ("stage=matching", ["R-00062-DATA1"]),
        ("cohort=SPRING-2027", ["R-00062-DATA1"]),
        ("programme=upskilling", ["U-00065-DATA1"]),
        ("which=ended", ["R-00064-DATA1"]),
        ("stage=ended", ["R-00064-DATA1"]),
        ("overdue=1&at_risk=1", []),
        ("person=p-nobody", []),
        ("programme=nonsense&stage=matching&page=x", ["R-00062-DATA1"]),
    ],
)
async def test_filters_stand_in_the_address(board: Console, filters: str, found: list[str]) -> None:
    answer = await board.visitor(HR).get(f"/board?{filters}")

    assert cases_in(answer.text) == found
    if not found:
        assert "No case fits these filters." in answer.main


async def test_somebody_is_found_by_a_part_of_their_name(board: Console) -> None:
    answer = await board.visitor(HR).get("/board?person=ashworth&page=1")

    assert cases_in(answer.text)[:2] == ["R-00002-DATA1", "R-00004-DATA1"]
    by_id = await board.visitor(HR).get(f"/board?person={RETURNER.lower()}")
    assert cases_in(by_id.text) == cases_in(answer.text)


async def test_totals_lead_to_what_they_count(board: Console) -> None:
    page = await board.visitor(HR).get("/board")

    assert "64 cases" in page.main
    assert "1 at risk" in page.main
    assert "1 with a late answer" in page.main
    stage = re.search(r'<a href="([^"]+)">Placement: Matching <strong>1</strong>', page.text)
    assert stage
    assert cases_in((await board.visitor(HR).get(stage[1].replace("&amp;", "&"))).text) == ["R-00062-DATA1"]


async def test_each_row_leads_to_its_case(board: Console) -> None:
    hr = board.visitor(HR)
    page = await hr.get("/board?stage=matching")

    assert 'href="/cases/R-00062-DATA1"' in page.text
    assert (await hr.get("/cases/R-00062-DATA1")).status == 200


async def test_what_follows_the_records_holds_no_form(board: Console) -> None:
    page = await board.visitor(HR).get("/board")
    live = re.search(r'hx-get="([^"]+)"', page.text)
    assert live
    fragment = await board.visitor(HR).get(live[1].replace("&amp;", "&"))

    assert cases_in(fragment.text) == cases_in(page.text)
    assert "<form" not in fragment.text
    assert "<html" not in fragment.text


def test_a_page_takes_as_many_queries_whatever_is_on_it(board: Console) -> None:
    viewer = viewer_of(board.database, HR)

    few = queries_of(board.database, lambda: board_page(board.database, viewer, BoardFilter(at_risk=True), 1, NOW))
    many = queries_of(board.database, lambda: board_page(board.database, viewer, BoardFilter(), 1, NOW))
    assert len(few) == len(many) < 15


def queries_of(database: Database, run: Any) -> list[str]:
    """The questions that something asks the records."""
    found: list[str] = []

    def note(_: Any, __: Any, statement: str, *more: Any) -> None:
        found.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        run()
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    return [statement for statement in found if statement.startswith("SELECT")]


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (BoardFilter(overdue=True), "ix_tasks_state_due_at"),
        (BoardFilter(cohort="SPRING-2027"), "ix_cases_cohort"),
        (BoardFilter(programme="returnship", stage="matching"), "ix_cases_"),
        (BoardFilter(person=RETURNER), "ix_cases_"),
    ],
)
def test_each_filter_has_an_index(board: Console, wanted: BoardFilter, index: str) -> None:
    viewer = viewer_of(board.database, HR)
    said: list[tuple[str, Any]] = []

    def note(_: Any, __: Any, statement: str, parameters: Any, *more: Any) -> None:
        said.append((statement, parameters))

    with board.database.reading() as session:
        event.listen(board.database.engine, "before_cursor_execute", note)
        try:
            page(session, viewer, wanted, NOW, first=0, many=50)
            counts(session, viewer, wanted, NOW)
        finally:
            event.remove(board.database.engine, "before_cursor_execute", note)
        of_cases = [(statement, parameters) for statement, parameters in said if "FROM cases" in statement]
        for statement, parameters in of_cases:
            plan = session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            assert index in " ".join(str(row) for row in plan), statement


async def test_the_board_follows_all_cases(board: Console) -> None:
    stream = board.surroundings.changes.stream("")
    assert (await anext(stream)).startswith(b"retry:")
    changed = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(2.5)
    with board.database.session() as session:
        session.get_one(CaseRecord, "R-00009-DATA1").position = 1_000
    assert b"event: changed" in await asyncio.wait_for(changed, 10)
    await stream.aclose()


def test_a_person_who_is_paused_is_not_late(board: Console) -> None:
    viewer = viewer_of(board.database, HR)

    found = board_page(board.database, viewer, BoardFilter(), 2, NOW + timedelta(minutes=1))
    paused = next(row for row in found.rows if row.case == "R-00063-DATA1")
    assert (paused.paused, paused.overdue) == (True, False)


async def test_what_changes_between_the_page_and_its_stream_is_told(board: Console) -> None:
    # given a page that was made, of which the stream is not open yet
    page = await board.visitor(HR).get("/board")
    mark = re.search(r"/board/events\?mark=([0-9a-f]+)", page.text)
    assert mark
    # when a case changes
    with board.database.session() as session:
        session.get_one(CaseRecord, "R-00009-DATA1").position = 1_000
    # then the stream begins with that; and one that has seen it waits
    stream = board.surroundings.changes.stream("", mark[1])
    assert (await anext(stream)).startswith(b"retry:")
    told = await anext(stream)
    assert b"event: changed" in told
    await stream.aclose()
    again = board.surroundings.changes.stream("", told.decode().partition("id: ")[2].partition("\n")[0])
    assert (await anext(again)).startswith(b"retry:")
    waiting = asyncio.ensure_future(anext(again))
    await asyncio.sleep(0.5)
    assert not waiting.done()
    board.surroundings.ending.set()
    await asyncio.gather(waiting, return_exceptions=True)


async def test_operators_see_that_a_case_is_at_risk_and_not_why(board: Console) -> None:
    why = "The mentor has left"
    operator = await board.visitor(OPERATOR).get("/board?at_risk=1")
    assert cases_in(operator.text) == ["R-00061-DATA1"]
    assert why not in operator.text
    assert ">At risk</strong>" in operator.text
    assert why in (await board.visitor(HR).get("/board?at_risk=1")).text


async def test_nobody_finds_a_case_about_themselves_among_those_of_their_roles(board: Console) -> None:
    about_hr = {"person": HR, "at_risk": ["the mentor has left, and another is looked for"]}
    with board.database.session() as session:
        grant(session, OTHER)
        session.add(case(67, stage="matching", week=None, **about_hr))

    assert "R-00067-DATA1" not in cases_in((await board.visitor(HR).get("/board?stage=matching")).text)
    assert "R-00067-DATA1" in cases_in((await board.visitor(OTHER).get("/board?stage=matching")).text)


async def test_an_operator_reads_nothing_said_to_hr_about_themselves(board: Console) -> None:
    with board.database.session() as session:
        grant(session, OPERATOR)
        session.add(case(67, person=OPERATOR, stage="matching", week=None, at_risk=["the mentor has left"]))

    page = await board.visitor(OPERATOR).get("/board?stage=matching")
    assert "R-00067-DATA1" in cases_in(page.text)
    assert "The mentor has left" not in page.text
