"""The pages of cases and the board in a browser: on a phone and a desk, light and dark, with and without a script."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, Route, expect

from domain.core.updates import Update
from domain.placement.requests import PausePlacement
from service.registry import case_page
from service.registry.case_page import Asked
from service.registry.case_records import CaseRecords
from tests.office import HR, RETURNER, Case
from tests.web.console import Console, open_console
from tests.web.english import reads
from tests.web.looking import DESKTOP, check_looks, sign_in
from tests.web.readers import PLAYED, VIEWS, WHO, everybody, in_full
from tests.web.registry.test_case import links_in, on_record
from tests.web.running import Running


async def test_nothing_is_wrong_with_the_pages(shared: Running, halfway: Case, window: Callable[..., Any]) -> None:
    context = await window(**DESKTOP)
    await sign_in(context, shared.console, HR)
    page: Page = await context.new_page()

    await check_looks(page, f"{shared.console.origin}/cases/{halfway.id}")
    await page.get_by_text("The journey as a table").click()
    await check_looks(page)
    picture = page.locator("svg.journey:visible")
    assert await picture.count() == 1
    await check_looks(page, f"{shared.console.origin}/board")
    for action in ("pause", "extend", "reassign", "withdraw"):
        await check_looks(page, f"{shared.console.origin}/cases/{halfway.id}/actions/{action}")
    await page.get_by_role("button", name="Continue").click()
    await check_looks(page)  # what is missing is said
    await page.get_by_label("Reason").fill("It is over.")
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Check before you send")
    await check_looks(page)


@pytest.mark.parametrize("language", ["en", "de"])
async def test_nothing_is_wrong_with_the_page_of_a_case_of_any_programme(
    console: Console, window: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    # given a case of each programme that can be asked, and HR who opens all there is on its page
    async def as_it_says(_: Any, __: Any, records: CaseRecords, *more: Any) -> tuple[Mapping[str, Any], Asked]:
        return VIEWS.get(records.case_id, {}), Asked.YES

    monkeypatch.setattr(case_page, "_ask", as_it_says)
    everybody(console.database)
    in_full(console.database)
    reads(console.database, WHO["HR"], language)
    context = await window(**DESKTOP)
    await sign_in(context, console, WHO["HR"])
    page: Page = await context.new_page()
    for case in PLAYED:
        await page.goto(f"{console.origin}/cases/{case}")
        await page.evaluate("document.querySelectorAll('main details').forEach(each => { each.open = true })")
        await check_looks(page)
        await check_looks(page, f"{console.origin}/cases/{case}/actions/reassign")


async def test_every_link_of_a_case_leads_somewhere(shared: Running, halfway: Case) -> None:
    for person in (HR, RETURNER):
        visitor = shared.visitor(person)
        page = await visitor.get(f"/cases/{halfway.id}")
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
    shared: Running, window: Callable[..., Any]
) -> None:
    # given a slow network, on which the second script comes long after the first
    context = await window(viewport={"width": 1280, "height": 900})
    await sign_in(context, shared.console, HR)
    page: Page = await context.new_page()

    async def late(route: Route) -> None:
        await asyncio.sleep(1)
        await route.continue_()

    await page.route("**/hx-sse.min.js*", late)
    # when HR opens the board, then it asks for what changes
    async with page.expect_request("**/board/events*", timeout=20_000):
        await page.goto(f"{shared.console.origin}/board")


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


async def test_a_page_says_when_it_follows_no_more(filled: Path, tmp_path: Path, window: Callable[..., Any]) -> None:
    shutil.copy(filled, tmp_path / "waymark.db")
    context = await window(viewport={"width": 1280, "height": 900})
    page: Page = await context.new_page()
    follows_no_more = page.get_by_text("This page does not follow any more")
    async with open_console(tmp_path) as console:
        # given HR before the board, which follows the records
        everybody(console.database)
        await sign_in(context, console, WHO["HR of all roles"])
        reads(console.database, WHO["HR of all roles"], "en")
        async with page.expect_response("**/board/events*"):
            await page.goto(f"{console.origin}/board")
        await asyncio.sleep(6)
        await expect(follows_no_more).to_be_hidden()
    # when the console has ended, then the page says so
    await expect(follows_no_more).to_be_visible(timeout=20_000)


async def test_a_page_that_follows_again_says_so_no_more(shared: Running, window: Callable[..., Any]) -> None:
    context = await window(viewport={"width": 1280, "height": 900})
    await sign_in(context, shared.console, HR)
    page: Page = await context.new_page()
    tells = "name => document.dispatchEvent(new CustomEvent(name, {detail: {connection: {attempt: 1}}}))"
    async with page.expect_response("**/board/events*"):
        await page.goto(f"{shared.console.origin}/board")
    for lost in ("htmx:sse:error", "htmx:sse:before:connection", "htmx:sse:close"):
        await page.evaluate(tells, lost)
        await expect(page.locator("#follows-no-more")).to_be_visible(timeout=20_000)
        await check_looks(page)
        await page.evaluate(tells, "htmx:sse:after:connection")
        await expect(page.locator("#follows-no-more")).to_be_hidden()
