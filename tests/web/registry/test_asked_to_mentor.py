"""Who waits for a mentor's answer in a cohort's placements is told on the cohort's own pages, with the board's rows."""

from __future__ import annotations

from html import unescape

import pytest

from records.queries.changes import of_cohorts
from records.tables.core import TaskRecord
from tests.web.console import Console
from tests.web.registry.boards import case, cohort, grant, task
from web.registry.board import BOARD

HR = "P-7LM2ZA"
ITSELF = "Nobody is asked anything about the cohort itself at the moment."


@pytest.fixture
def matched(console: Console) -> Console:
    """Two of SPRING's three placements wait for a mentor's answer, as does one of another cohort's."""
    with console.database.session() as session:
        grant(session, HR)
        session.add_all([*(cohort(name, led_by=HR, participants=3) for name in ("SPRING", "AUTUMN", "WINTER"))])
        asked_in = ["SPRING", "SPRING", None, "AUTUMN"]
        for n, name in enumerate(asked_in):
            kind = "mentor_request" if name else "goals"
            stage = "matching" if name else "placement"
            session.add_all([case(n, cohort=name or "SPRING", stage=stage), task(n, days=2, kind=kind, party="mentor")])
    return console


async def test_the_pages_of_a_cohort_say_how_many_placements_wait_for_a_mentors_answer(matched: Console) -> None:
    visitor = matched.visitor(HR)
    for path in ("/cases/K-SPRING", "/cohorts/SPRING/matching"):
        page = await visitor.get(path)
        assert "2 placements wait for the answers of people who are asked to be their mentors." in page.main
        link = unescape(page.text.partition("to be their mentors.")[2].partition('href="')[2].partition('"')[0])
        # and the link shows these, and no other
        assert link.startswith(f"{BOARD}?")
        board = await visitor.get(link)
        shown = [n for n in range(4) if f"R-{n:05}-DATA1" in board.main]
        assert shown == [0, 1]
    assert ITSELF in (await visitor.get("/cases/K-SPRING")).main
    # while one that waits for nobody says nothing of it
    quiet = await visitor.get("/cases/K-WINTER")
    assert ITSELF in quiet.main
    assert "to be the" not in quiet.main


def test_the_page_of_a_cohort_follows_who_is_asked(matched: Console) -> None:
    def marks() -> dict[str, tuple[object, ...]]:
        with matched.database.reading() as session:
            return of_cohorts(session, ["SPRING", "AUTUMN"])

    before = marks()
    with matched.database.session() as session:
        session.get_one(TaskRecord, "R-00000-DATA1-7").state = "answered"

    after = marks()
    assert (before["SPRING"] != after["SPRING"], before["AUTUMN"] == after["AUTUMN"]) == (True, True)
