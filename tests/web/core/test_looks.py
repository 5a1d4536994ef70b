"""The pages that everybody sees, in a real browser: on phone and desktop, light and dark, and without a mouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.web.console import Console, code_in, link_in
from tests.web.looking import DESKTOP, PHONE, check_looks, sign_in
from tests.web.registry.boards import grant

MARGARET, HR = "P-2QX8VD", "P-7LM2ZA"

PAGES = ["/sign-in", "/sign-in?ended=out&then=%2Fme", "/sign-in?out=1", "/sign-in/abc", "/about"]
OWN_PAGES = ["/me", "/me?done=language", "/about"]


async def test_pages_for_everybody(console: Console, window: Callable[..., Any]) -> None:
    context = await window(**DESKTOP)
    page = await context.new_page()
    for path in PAGES:
        await check_looks(page, console.origin + path)
    await check_looks(page, f"{console.origin}/nowhere", status=404)
    # and those that somebody gets to who asks for a link, with something wrong in it
    await page.goto(f"{console.origin}/sign-in")
    await page.fill("#address", "margaret")
    await page.click("main button")
    await check_looks(page)
    assert await page.evaluate("document.activeElement.className") == "error-summary"
    await page.fill("#address", "nobody@example.org")
    await page.click("main button")
    await page.wait_for_url("**/sign-in/sent")
    await check_looks(page)
    await page.fill("#code", "1")
    await page.click("main button")
    await check_looks(page)


async def test_ones_own_pages(console: Console, window: Callable[..., Any]) -> None:
    context = await window(**DESKTOP)
    await sign_in(context, console, MARGARET)
    console.session(MARGARET)  # elsewhere
    page = await context.new_page()
    for path in OWN_PAGES:
        await check_looks(page, console.origin + path)
    await check_looks(page, f"{console.origin}/nowhere", status=404)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
async def test_somebody_signs_in_on_a_phone_and_out_again(
    console: Console, window: Callable[..., Any], scripts: bool
) -> None:
    # given a phone whose owner opens their page
    context = await window(**PHONE, java_script_enabled=scripts)
    page = await context.new_page()
    await page.goto(f"{console.origin}/me")
    # when they ask for a link, and open it from their mails
    await page.get_by_label("Mail address").fill(console.address_of(MARGARET))
    await page.get_by_role("button", name="Send me a link").click()
    await page.wait_for_url("**/sign-in/sent")
    mail = await console.mail(console.address_of(MARGARET))
    await page.goto(console.origin + link_in(mail))
    await page.get_by_role("main").get_by_role("button", name="Sign in").click()
    # then they are on that page; and after signing out on none of theirs, whatever they go back to
    await page.wait_for_url("**/me")
    assert await page.get_by_role("heading", level=1).inner_text() == "My page\nMargaret Ashworth-Bell"
    await page.get_by_role("button", name="Sign out", exact=True).click()
    await page.wait_for_url("**/sign-in?out=1")
    await page.go_back()
    assert "Margaret" not in await page.content()


async def test_the_code_is_typed_where_the_link_was_asked_for(console: Console, window: Callable[..., Any]) -> None:
    context = await window(**DESKTOP)
    page = await context.new_page()
    await page.goto(f"{console.origin}/sign-in?then=/me")
    await page.get_by_label("Mail address").fill(console.address_of(MARGARET))
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/sign-in/sent")
    code = code_in(await console.mail(console.address_of(MARGARET)))
    await page.get_by_label("Code from the mail").fill(code)
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/me")


async def test_the_keyboard_is_enough(console: Console, window: Callable[..., Any]) -> None:
    context = await window(**DESKTOP)
    await sign_in(context, console, MARGARET)
    page = await context.new_page()
    await page.goto(f"{console.origin}/me")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.textContent") == "Skip to the content"
    await page.keyboard.press("Enter")
    assert await page.evaluate("document.activeElement.id") == "main"


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
async def test_many_sections_are_in_a_menu_on_a_phone(
    console: Console, window: Callable[..., Any], scripts: bool
) -> None:
    # given HR on a phone, without a mouse
    with console.database.session() as session:
        grant(session, HR)
    context = await window(viewport={"width": 390, "height": 844}, java_script_enabled=scripts)
    await sign_in(context, console, HR)
    page = await context.new_page()
    await page.goto(f"{console.origin}/board")
    sections = page.get_by_role("navigation", name="Sections")
    # then there is one line, which says where they are, and no section is read out before it is opened
    assert await page.locator(".site-header").evaluate("header => header.offsetHeight") < 130
    assert (await sections.locator("summary").inner_text()).split() == ["Menu", "Board"]
    assert await sections.get_by_role("link").count() == 0
    # when it is opened, each section is there once, and the keyboard goes on to the first of them
    await sections.locator("summary").focus()
    await page.keyboard.press("Enter")
    assert await sections.get_by_role("link").all_inner_texts() == [
        "My tasks", "My cases", "Board", "Start", "People", "Cohorts", "Capacities", "Reports", "Imports",
    ]  # fmt: skip
    assert await sections.get_by_role("link", name="Board").get_attribute("aria-current") == "page"
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/tasks")
    assert await sections.get_by_role("link").count() == 0
    # and on a desk they stand in a row, each once too
    await page.set_viewport_size({"width": 1280, "height": 900})
    assert await sections.get_by_role("link").count() == 9
    assert not await sections.locator("summary").is_visible()


async def test_few_sections_need_no_menu(console: Console, window: Callable[..., Any]) -> None:
    context = await window(**PHONE)
    await sign_in(context, console, MARGARET)
    page = await context.new_page()
    await page.goto(f"{console.origin}/tasks")
    sections = page.get_by_role("navigation", name="Sections")
    assert await sections.get_by_role("link").all_inner_texts() == ["My tasks", "My cases"]
    assert await sections.locator("summary").count() == 0
