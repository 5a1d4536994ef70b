"""The pages of cases and the board in a browser: on a phone and a desk, light and dark, with and without a script."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from domain.core.updates import Update
from domain.placement.requests import PausePlacement, ResumePlacement
from tests.office import HR, RETURNER, Case
from tests.web.looking import LOOKS, Look, check_looks, sign_in
from tests.web.registry.conftest import Running
from tests.web.registry.test_case import links_in, on_record


async def in_its_middle(running: Running) -> Case:
    """A placement with reviews, sessions and a leave behind it, on record."""
    case = await running.in_placement()
    await case.ask(Update.PAUSE, PausePlacement(actor=HR))
    await case.ask(Update.RESUME, ResumePlacement(actor=HR))
    await case.go_on(until=lambda view: len(view["reviews"]) >= 2)
    await on_record(running, case)
    return case


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
async def test_nothing_is_wrong_with_the_pages(running: Running, window: Callable[..., Any], look: Look) -> None:
    case = await in_its_middle(running)
    context = await window(**look.options)
    await sign_in(context, running.console, HR)
    page: Page = await context.new_page()

    await check_looks(page, f"{running.console.origin}/cases/{case.id}")
    await page.get_by_text("The journey as a table").click()
    await check_looks(page)
    picture = page.locator("svg.journey:visible")
    assert await picture.count() == 1
    await check_looks(page, f"{running.console.origin}/board")
    for act in ("pause", "extend", "reassign", "withdraw"):
        await check_looks(page, f"{running.console.origin}/cases/{case.id}/acts/{act}")
    await page.get_by_role("button", name="Continue").click()
    await check_looks(page)  # what is missing is said
    await page.get_by_label("Reason").fill("It is over.")
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Check before you send")
    await check_looks(page)


async def test_every_link_of_a_case_leads_somewhere(running: Running) -> None:
    case = await in_its_middle(running)

    for person in (HR, RETURNER):
        visitor = running.visitor(person)
        page = await visitor.get(f"/cases/{case.id}")
        for path in sorted(links_in(page.text)):
            assert (await visitor.get(path)).status in (200, 303), path


async def test_a_page_shows_what_happens_while_somebody_reads_it(running: Running, window: Callable[..., Any]) -> None:
    # given HR who reads the page of a case, and has opened a table
    case = await running.in_placement()
    await on_record(running, case)
    context = await window(viewport={"width": 1280, "height": 900})
    await sign_in(context, running.console, HR)
    page: Page = await context.new_page()
    await page.goto(f"{running.console.origin}/cases/{case.id}")
    await page.get_by_text("The journey as a table").click()
    await asyncio.sleep(3)
    # when the placement is paused
    await case.ask(Update.PAUSE, PausePlacement(actor=HR))
    # then the page says so by itself, and what was opened stays open
    await expect(page.locator(".tags")).to_contain_text("Paused", timeout=20_000)
    await expect(page.locator("#journey-table")).to_have_attribute("open", "")


async def test_a_script_that_arrives_late_still_follows_the_records(
    running: Running, window: Callable[..., Any]
) -> None:
    # given a slow network, on which the second script comes long after the first
    context = await window(viewport={"width": 1280, "height": 900})
    await sign_in(context, running.console, HR)
    page: Page = await context.new_page()

    async def late(route: Route) -> None:
        await asyncio.sleep(1)
        await route.continue_()

    await page.route("**/hx-sse.min.js*", late)
    # when HR opens the board, then it asks for what changes
    async with page.expect_request("**/board/events*", timeout=20_000):
        await page.goto(f"{running.console.origin}/board")


async def test_what_is_typed_into_the_filters_stays_while_cases_change(
    running: Running, window: Callable[..., Any]
) -> None:
    # given somebody who types into a filter
    case = await running.in_placement()
    await on_record(running, case)
    context = await window(viewport={"width": 1280, "height": 900})
    await sign_in(context, running.console, HR)
    page: Page = await context.new_page()
    await page.goto(f"{running.console.origin}/board")
    await asyncio.sleep(3)
    await page.get_by_label("Person").press_sequentially("Per")
    # when a case changes
    await case.ask(Update.PAUSE, PausePlacement(actor=HR))
    await expect(page.locator("#board")).to_contain_text("Paused", timeout=20_000)
    # then they type on where they were
    await page.keyboard.type("son")
    await expect(page.get_by_label("Person")).to_have_value("Person")
    assert "/board" in page.url


async def test_a_case_is_paused_on_a_phone_without_a_script(running: Running, window: Callable[..., Any]) -> None:
    case = await running.in_placement()
    await on_record(running, case)
    context = await window(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    await sign_in(context, running.console, HR)
    page: Page = await context.new_page()

    await page.goto(f"{running.console.origin}/cases/{case.id}")
    await page.get_by_role("link", name="Begin a leave").click()
    await page.get_by_label("Another reason").check()
    await page.get_by_role("button", name="Begin the leave").click()

    await expect(page.get_by_role("status")).to_contain_text("The placement is paused.")
    assert (await case.view())["clock"]["paused_since"]
