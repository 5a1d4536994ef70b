"""What suits somebody, asked and decided on pages. It needs no server."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from records.database import Database
from records.imports.learning.report import ProfilesReport
from records.imports.learning.storing import store_profiles
from tests.office import HR, MANAGER, RETURNER, ROLE, new_people, people, role_record
from tests.school import PROFILE
from tests.web.console import Console, open_console
from tests.web.looking import DESKTOP, check_looks, sign_in

ASKED = {"person": RETURNER, "role": "DATA1"}
HERE = f"/recommendations/{RETURNER}/DATA1"


@pytest.fixture
async def school(tmp_path: Path) -> AsyncIterator[Console]:
    """A console whose records know a role, its profile, and somebody who has applied."""
    async with open_console(tmp_path) as console:
        _fill(console.database)
        yield console


def _fill(database: Database) -> None:
    with database.session() as session:
        everybody = people(new_people()[:3])
        returner = next(person for person in everybody if person.id == RETURNER)
        returner.break_months, returner.experience_years = 30, 8
        session.add_all(everybody)
        session.add(role_record(ROLE))
        store_profiles(session, ProfilesReport(entries=1, profiles=[PROFILE]))


async def test_what_suits_is_shown_with_its_reasons_and_decided_otherwise(school: Console) -> None:
    hr = school.visitor(HR)
    # given what suits somebody by the rules
    page = await hr.follow(await hr.post("/recommendations/ask", ASKED.items(), _step="send"))
    assert "A returner with 4 gaps to the role" in page.main
    assert "sql" in page.main
    # when HR decides otherwise, after a last look
    decision = {"programme": "upskilling_first", "reason": "She asked for it."}
    check = await hr.post(f"{HERE}/decide", decision.items(), _step="check")
    assert "Upskilling first, a returnship afterwards" in check.main
    page = await hr.follow(await hr.post(f"{HERE}/decide", decision.items(), _step="send"))
    # then it is on record, once, and in the list
    assert "The decision is on record." in page.main
    await hr.post(f"{HERE}/decide", decision.items(), _step="send")
    listed = await hr.get("/recommendations")
    assert listed.main.count("She asked for it.") == 1
    assert "otherwise than recommended" in listed.main


async def test_a_decision_needs_its_reason_and_is_for_hr_of_the_role(school: Console) -> None:
    unfit = await school.visitor(HR).post(f"{HERE}/decide", programme="neither", _step="send")
    assert unfit.status == 422
    assert 'id="field-reason-error"' in unfit.text
    for path in ("/recommendations", "/recommendations/ask", HERE, f"{HERE}/decide"):
        assert (await school.visitor(MANAGER).get(path)).status == 403
        assert (await school.visitor(RETURNER).get(path)).status == 403
    assert (await school.visitor(HR).get(f"{HERE}?weeks=many")).status == 404


async def test_what_was_typed_stays_where_temporal_cant_be_reached(school: Console) -> None:
    typed = {"returner": RETURNER, "role": "DATA1", "beside": "Both are part-time.", "_step": "send"}
    unreachable = await school.visitor(HR).post("/start/placement", typed.items())
    assert unreachable.status == 503
    assert "nothing was done" in unreachable.main
    assert "Both are part-time." in unreachable.main


async def test_pages_speak_their_readers_language(school: Console) -> None:
    hr = school.visitor(HR)
    await hr.post("/me/language", language="de")
    page = await hr.post("/start/placement", returner=RETURNER, role="DATA1", starts_on="2020-01-06", _step="send")
    assert page.status == 422
    assert "Montag, 6. Januar 2020 liegt in der Vergangenheit" in page.main
    assert "Wiedereinstieg starten" in (await hr.get("/start/placement")).main


async def test_nothing_is_wrong_with_the_pages(school: Console, window: Callable[..., Any]) -> None:
    await school.visitor(HR).post(f"{HERE}/decide", programme="neither", reason="Not now.", _step="send")
    context = await window(**DESKTOP)
    await sign_in(context, school, HR)
    page: Page = await context.new_page()
    for path in ("/recommendations", "/recommendations/ask", HERE, f"{HERE}/decide"):
        await check_looks(page, school.origin + path)
