"""The page of a case that can't be asked, now or any more: it says so, and shows what the records know."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NoReturn
from unittest.mock import Mock

import pytest
from sqlalchemy import select
from temporalio.client import Client

from domain.core.model import CaseId
from records.database import Database
from records.tables.core import PersonRecord
from records.tables.placement import MentorshipRecord
from service.core.access import viewer_of
from service.core.connecting import Connect
from service.core.errors import Forgotten
from service.registry import case_page as pages
from tests.office import HR
from tests.web import recorded
from tests.web.console import Clock, Console, nowhere, open_console

NOT_NOW = "This case has ended, and can't be asked at the moment."
NO_MORE = "This case has ended, and Temporal keeps it no longer."


@asynccontextmanager
async def ended(
    directory: Path, connect: Connect, name: str = "placement-smooth"
) -> AsyncIterator[tuple[Console, CaseId]]:
    """A console that connects like this, and a placement that has ended; one that nobody named went to its end."""
    handed_in = recorded.deliveries(name)
    async with open_console(directory, connect=connect) as console:
        recorded.around(console.database, handed_in)
        for delivery in handed_in:
            recorded.hand_in(console.database, delivery)
        yield console, handed_in[0].case


async def test_an_ended_case_loses_nothing_that_is_on_record_where_it_cannot_be_asked(tmp_path: Path) -> None:
    async with ended(tmp_path, nowhere) as (console, case):
        # when HR opens its page, and Temporal is not there
        page = await console.visitor(HR).get(f"/cases/{case}")
        with console.database.reading() as session:
            (mentor,) = session.scalars(select(MentorshipRecord.mentor))
            name = session.get_one(PersonRecord, mentor).name
    # then it says so, and has what the case would have said
    assert NOT_NOW in page.main
    for said in (
        "Goals own a report from question to answer pair with each member of the team once",
        "Week 4: 4.00",
        "Final: 4.00",
        "mentoring session 10",
        f"Mentoring {name}",
        "Employed",
        "365 days",
    ):
        assert said in page.main, said


async def test_of_who_left_early_it_shows_what_was_planned_and_which_sessions_never_took_place(tmp_path: Path) -> None:
    async with ended(tmp_path, nowhere, "placement-withdrawn") as (console, case):
        page = await console.visitor(HR).get(f"/cases/{case}")
    assert NOT_NOW in page.main
    for said in ("At work", "As planned at first", "mentoring session 1", "mentoring session 10"):
        assert said in page.main, said


async def test_of_a_case_that_temporal_has_forgotten_the_page_does_not_say_to_try_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def forgotten(_: Client, __: Database, case: CaseId, ___: float) -> NoReturn:
        raise Forgotten(f"{case} has ended", case)

    async def somewhere() -> Client:
        return Mock(spec=Client)

    monkeypatch.setattr(pages, "view_of", forgotten)
    async with ended(tmp_path, somewhere) as (console, case):
        page = await console.visitor(HR).get(f"/cases/{case}")
    assert NO_MORE in page.main
    assert "can't be asked" not in page.main
    assert "Week 4: 4.00" in page.main


async def test_a_case_that_takes_too_long_has_not_answered_even_if_it_has_ended(tmp_path: Path) -> None:
    async def never() -> Client:
        await asyncio.sleep(60)
        raise AssertionError

    async with ended(tmp_path, never) as (console, case):
        viewer = viewer_of(console.database, HR)
        page = await pages.case_page(never, console.database, case, viewer, Clock()(), seconds=0.01)
    assert page.records.ended
    assert page.asked is pages.Asked.NOT_NOW
