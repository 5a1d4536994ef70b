"""Tasks are answered in a real browser: a real placement, on the real server, by people with a mouse, a thumb, a
keyboard, no script, little time, or somebody else who was first."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from email import message_from_bytes, policy
from typing import Any

import pytest
from playwright.async_api import Page, expect

from domain.core.model import PersonId
from domain.core.questions import TaskKind
from domain.core.updates import Update
from domain.placement.requests import PausePlacement, ResumePlacement
from records.tables.core import PersonRecord
from tests.office import HR, HR_LEAD, MANAGER, RETURNER, Case, Office
from tests.web.console import Console, link_in
from tests.web.core.test_answering import asked, console, office
from tests.web.looking import DESKTOP, PHONE, check_looks, sign_in

__all__ = ["console", "office"]

DARK_PHONE = {**PHONE, "color_scheme": "dark"}
SECONDS_OF_TYPING = 10.0
ANSWERED = "You answered this on"
FIRST_GOAL = "Goals, number 1"


def link_to_task(office: Office, person: PersonId) -> str:
    """The path of the task to which a letter to somebody leads."""
    (mail,) = office.mails(to=person)
    body = message_from_bytes(mail.as_bytes(), policy=policy.default).get_body(("plain",))
    assert body is not None
    found = re.search(r"https://waymark\.example\.org(/tasks/\S+)", body.get_content())
    assert found
    return found[1]


async def sign_in_by_mail(page: Page, console: Console, person: PersonId) -> None:
    """From the page to sign in to the page that was wanted, by the link of a mail."""
    address = console.address_of(person)
    await page.get_by_label("Mail address").fill(address)
    await page.get_by_role("button", name="Send me a link").click()
    await page.wait_for_url("**/sign-in/sent")
    await page.goto(console.origin + link_in(await console.mail(address)))
    await page.get_by_role("main").get_by_role("button", name="Sign in").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
async def test_a_mentor_answers_from_the_link_of_a_mail_on_a_phone(
    office: Office, console: Console, window: Callable[..., Any], scripts: bool
) -> None:
    # given a mentor who is asked, and follows the link of the mail on a phone
    case = await office.start()
    await asked(case, TaskKind.MENTOR_REQUEST)
    mentor = office.mentors[0]
    page: Page = await (await window(**PHONE, java_script_enabled=scripts)).new_page()
    await page.goto(console.origin + link_to_task(office, mentor))
    # when they have signed in by another mail, they are where the first one led
    await sign_in_by_mail(page, console, mentor)
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Mentor a returner")
    # and when they say no without a reason, they are told so; with one it is taken
    await page.get_by_label("No", exact=True).check()
    await page.get_by_role("button", name="Send").click()
    summary = page.locator(".error-summary")
    await summary.wait_for()
    if scripts:
        assert await page.evaluate("document.activeElement.className") == "error-summary"
        await check_looks(page)
    await summary.get_by_role("link").click()
    await page.get_by_label("Reason").fill("No time this spring")
    await page.get_by_role("button", name="Send").dblclick()
    await page.get_by_text(ANSWERED).wait_for()
    assert "sent=1" in page.url


async def typed_for_ten_seconds(page: Page, field: str) -> str:
    """Type into a field, a key after the other; what was typed."""
    text = "Own the weekly report by the sixth week; know who uses which table, and why. " * 2
    await page.get_by_label(field).first.press_sequentially(text, delay=1000 * SECONDS_OF_TYPING / len(text))
    return text


async def test_what_is_typed_outlives_events_a_session_and_a_double_click(
    office: Office, console: Console, window: Callable[..., Any]
) -> None:
    # given a manager who types what they are asked for, and follows the case in another tab
    case = await office.start()
    task = await asked(case, TaskKind.GOALS)
    context = await window(**DESKTOP)
    await sign_in(context, console, MANAGER)
    page, other = await context.new_page(), await context.new_page()
    async with other.expect_request("**/events*"):
        await other.goto(f"{console.origin}/cases/{case.id}")
    await page.goto(f"{console.origin}/tasks/{task}")
    # when the case goes on leave and comes back while they type, and their session ends before they send it
    typing = asyncio.create_task(typed_for_ten_seconds(page, FIRST_GOAL))
    await asyncio.sleep(SECONDS_OF_TYPING / 4)
    await case.ask(Update.PAUSE, PausePlacement(actor=HR))
    await expect(other.locator(".tags")).to_contain_text("Paused", timeout=20_000)
    await case.ask(Update.RESUME, ResumePlacement(actor=HR))
    typed = await typing
    await expect(page.get_by_label(FIRST_GOAL)).to_have_value(typed)
    console.clock.skip(hours=13)
    await page.get_by_role("button", name="Send").click()
    # then they sign in again, find all of it, and send it with a double click
    await expect(page.get_by_role("main")).to_contain_text("You were signed out")
    await sign_in_by_mail(page, console, MANAGER)
    await expect(page.get_by_label(FIRST_GOAL)).to_have_value(typed)
    await page.get_by_role("button", name="Send").dblclick()
    await page.get_by_text(ANSWERED).wait_for()
    # which is one answer, as it was typed; and the way back leads to no form that could send it once more
    assert (await case.view())["goals"] == [typed.strip()]
    await page.go_back()
    await page.get_by_text(ANSWERED).wait_for()
    assert await page.get_by_role("button", name="Send").count() == 0


async def test_two_people_answer_one_task_at_once(office: Office, console: Console, window: Callable[..., Any]) -> None:
    # given two who may answer a task, and have typed different things
    case = await office.start()
    task = await asked(case, TaskKind.GOALS)
    await console.visitor(MANAGER).post(f"/tasks/{task}/hand-on", to=HR_LEAD)
    await case.settled()
    typed = {MANAGER: "Own the weekly report.", HR_LEAD: "Learn the second system."}
    pages: dict[PersonId, Page] = {}
    for person, text in typed.items():
        context = await window(**DESKTOP)
        await sign_in(context, console, person)
        pages[person] = await context.new_page()
        await pages[person].goto(f"{console.origin}/tasks/{task}")
        await pages[person].get_by_label(FIRST_GOAL).fill(text)
    # when both press the button at once
    await asyncio.gather(*(page.get_by_role("button", name="Send").click() for page in pages.values()))
    mains = {person: page.get_by_role("main") for person, page in pages.items()}
    for main in mains.values():
        await expect(main).to_contain_text("answered this on")
    # then one of them was first
    (first,) = [person for person, main in mains.items() if await main.get_by_text(ANSWERED).count()]
    second = MANAGER if first == HR_LEAD else HR_LEAD
    assert (await case.view())["goals"] == [typed[first]]
    # and the other one hears who, and what, and has what they typed before their eyes
    said = await mains[second].inner_text()
    assert typed[first] in said
    assert "What you had typed" in said
    assert typed[second] in said
    await check_looks(pages[second])


async def decided_by_manager(case: Case, console: Console, window: Callable[..., Any]) -> None:
    """The manager decides that the returner is to be employed, with the evidence other."""
    task = await asked(case, TaskKind.PROPOSAL)
    context = await window(**DESKTOP)
    await sign_in(context, console, MANAGER)
    page: Page = await context.new_page()
    await page.goto(f"{console.origin}/tasks/{task}")
    # they read the goals, what the sessions came to, and each review
    await expect(page.get_by_role("main")).to_contain_text("Mentoring sessions held")
    await expect(page.get_by_role("heading", name="Goals of the placement")).to_be_visible()
    review = page.locator("details").filter(has_text="week 4").first
    await review.locator("summary").click()
    await expect(review.locator("div").first).to_be_visible()
    await check_looks(page)
    # what is missing is said; with it, they look at it once more, change a word, and send it
    await page.get_by_label("Convert into employment").check()
    await page.get_by_role("button", name="Go on and check").click()
    await page.locator(".error-summary").wait_for()
    await page.get_by_label("Reasons").fill("She has shown it.")
    await page.get_by_label("Amount").fill("50,000")
    await page.get_by_role("button", name="Go on and check").click()
    await expect(page.get_by_role("main")).to_contain_text("50,000.00 GBP")
    await page.get_by_role("button", name="Change it").click()
    await page.get_by_label("Reasons").fill("She has shown it, twice.")
    await page.get_by_role("button", name="Go on and check").click()
    await check_looks(page)
    await page.get_by_role("button", name="Send this answer").click()
    await page.get_by_text(ANSWERED).wait_for()


async def test_a_manager_decides_on_conversion_and_the_returner_accepts_the_offer_in_german(
    office: Office, console: Console, window: Callable[..., Any]
) -> None:
    with console.database.session() as session:
        session.get_one(PersonRecord, RETURNER).languages = ["de", "en"]
    case = await office.start()
    await decided_by_manager(case, console, window)
    # and when those who approve have approved, the returner reads the offer on a phone, in German
    task = await asked(case, TaskKind.OFFER)
    context = await window(**DARK_PHONE, locale="de-DE")
    await sign_in(context, console, RETURNER)
    page: Page = await context.new_page()
    await page.goto(f"{console.origin}/tasks/{task}")
    assert await page.locator("html").get_attribute("lang") == "de"
    await expect(page.get_by_role("main")).to_contain_text("50.000,00")
    await check_looks(page)
    await page.get_by_label("Ja, ich nehme das Angebot an").check()
    await page.get_by_role("button", name="Weiter zur Prüfung").click()
    await check_looks(page)
    await page.get_by_role("button", name="Diese Antwort senden").click()
    await page.get_by_text("Sie haben das am").wait_for()
    await check_looks(page)
    view = await case.go_on(until=lambda view: view["outcome"] == "converted")
    assert "She has shown it, twice." in str(view["decisions"])
