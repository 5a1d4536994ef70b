"""Capacities on pages, on the real server."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Page

from domain.core.model import PersonId
from tests.office import BUDGET_OWNER, HR, MANAGER
from tests.web.console import Answer
from tests.web.looking import DESKTOP, check_looks, sign_in
from tests.web.running import Running

SEE_OTHER, OK = 303, 200


async def set_up(running: Running, person: PersonId, budget: str, **changed: str) -> Answer:
    """Somebody sets a budget up, and it is on record."""
    fields = {"capacity": budget, "title": "Training", "unit": "gbp", "size": "1000", "reason": "A new year."}
    answer = await running.visitor(person).post("/capacities/new", (fields | {"_step": "send"} | changed).items())
    while answer.status == SEE_OTHER and (await running.visitor(person).get(f"/capacities/{budget}")).status != OK:
        await asyncio.sleep(0.05)
    return answer


def a_budget() -> str:
    return f"budget-{uuid.uuid4().hex[:8].upper()}"


async def test_a_budget_is_set_up_and_made_larger_by_its_owner(running: Running) -> None:
    budget = a_budget()
    # given a budget that somebody of HR has set up
    assert (await set_up(running, HR, budget)).status == 303
    hr = running.visitor(HR)
    page = await hr.get(f"/capacities/{budget}")
    assert "1,000.00 GBP" in page.main
    assert budget in (await hr.get("/capacities?kind=budget")).main
    assert budget not in (await hr.get("/capacities?kind=seats")).main
    # when they make it larger
    check = await hr.post(f"/capacities/{budget}/size", size="1500.50", reason="More people.", _step="check")
    assert "1500.50" in check.main
    done = await hr.post(f"/capacities/{budget}/size", size="1500.50", reason="More people.", _step="send")
    # then that is its size
    assert "The new size counts" in (await hr.follow(done)).main
    # and who does not own it is refused, with the reason, and what was typed
    refused = await running.visitor(BUDGET_OWNER).post(
        f"/capacities/{budget}/size", size="9", reason="Mine now.", _step="send"
    )
    assert refused.status in (403, 409)
    assert "Mine now." in refused.text


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"capacity": "money-1"}, "capacity"),
        ({"unit": "places"}, "unit"),
        ({"size": "much"}, "size"),
        ({"reason": ""}, "reason"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field(running: Running, changed: dict[str, str], field: str) -> None:
    answer = await set_up(running, HR, a_budget(), **changed)
    assert answer.status == 422
    assert f'id="field-{field}-error"' in answer.text


async def test_a_size_that_cant_be_stands_beside_its_field_before_the_last_look(running: Running) -> None:
    answer = await set_up(running, HR, a_budget(), size="-1", _step="check")
    assert answer.status == 422
    assert 'id="field-size-error"' in answer.text


async def test_capacities_are_for_hr_and_budget_owners(running: Running) -> None:
    for path in ("/capacities", "/capacities/new"):
        assert (await running.visitor(MANAGER).get(path)).status == 403
        assert (await running.visitor(BUDGET_OWNER).get(path)).status == 200
    assert (await running.visitor(HR).get("/capacities/nothing")).status == 404


async def test_nothing_is_wrong_with_the_pages(running: Running, window: Callable[..., Any]) -> None:
    case = await running.in_placement()
    mentor = (await case.view())["parties"]["mentor"]
    budget = a_budget()
    await set_up(running, HR, budget)
    context = await window(**DESKTOP)
    await sign_in(context, running.console, HR)
    page: Page = await context.new_page()
    for path in ("", "/new", f"/{budget}", f"/{budget}/size", f"/mentor-{mentor.removeprefix('P-')}"):
        await check_looks(page, f"{running.console.origin}/capacities{path}")
