"""HR brings a cohort from its file to its mentors, in a real browser: a bad file first, then a good one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from playwright.async_api import FilePayload, Page, expect

from domain.core.naming import cohort_case, workflow_id
from tests.office import HR, PATIENCE_SECONDS
from tests.web.cohort.files import cohort_file
from tests.web.cohort.test_cohorts import new_id
from tests.web.looking import DESKTOP, check_looks, sign_in
from tests.web.running import Running


def as_sent(name: str, content: bytes) -> FilePayload:
    """A file that somebody chooses."""
    return {"name": name, "mimeType": "text/csv", "buffer": content}


async def until_asked(page: Page, before: str | None = None) -> str | None:
    """Load the matching again until HR is asked about it, in another task than ``before``: where that is."""
    asked = page.get_by_role("link", name="See the task")
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await asked.count() or await asked.get_attribute("href") == before:
            await asyncio.sleep(0.2)
            await page.reload()
    return await asked.get_attribute("href")


async def test_hr_sends_a_bad_file_then_a_good_one_launches_and_pins_a_pair(
    running: Running, window: Callable[..., Any]
) -> None:
    # given HR who begins at the list of cohorts, with a file in which two rows are wrong
    good, ids = cohort_file(2)
    bad = good.replace(b"Europe/London", b"Mars/Crater", 1).replace(f"{ids[1].lower()}@".encode(), b"")
    context = await window(**DESKTOP)
    await sign_in(context, running.console, HR)
    page: Page = await context.new_page()
    await page.goto(f"{running.console.origin}/cohorts")
    await page.get_by_role("link", name="Check and launch a cohort").click()
    await page.get_by_label("File of the cohort").set_input_files(as_sent("spring.csv", bad))
    await page.get_by_role("button", name="Check the file").click()
    # then both are told by row and column, and nobody can be launched
    main = page.get_by_role("main")
    await expect(main).to_contain_text("0 of 2 can take part")
    told = page.get_by_role("region", name="Problems")
    await expect(told.get_by_role("row", name="row 2")).to_contain_text("time_zone")
    await expect(told.get_by_role("row", name="row 3")).to_contain_text("email")
    assert not await page.get_by_role("button", name="Launch").count()
    await check_looks(page)
    # when they have put it right and send it again, it is launched with a double click, once
    await page.get_by_role("link", name="Send another file").click()
    await page.get_by_label("File of the cohort").set_input_files(as_sent("spring.csv", good))
    await page.get_by_role("button", name="Check the file").click()
    await expect(main).to_contain_text("2 of 2 can take part")
    await expect(main).to_contain_text("Nothing is wrong with the file.")
    cohort = new_id()
    await page.get_by_label("Id", exact=True).fill(cohort)
    await page.get_by_role("button", name="Launch with 2 people").dblclick()
    await expect(main).to_contain_text("2 people take part from now on.")
    # and the way back leads to no second launch
    await page.go_back()
    await expect(main).to_contain_text("2 people take part from now on.")
    # and when the first matching is proposed, they pin another mentor to somebody, with a reason
    await page.get_by_role("link", name="See its matching").click()
    first = await until_asked(page)
    mentor = running.office.mentors[2]
    await page.locator("#f-returner").select_option(ids[0])
    await page.locator("#f-mentor").fill(mentor)
    await page.get_by_role("button", name="Match again").click()
    await expect(page.locator(".error-summary")).to_contain_text("Enter a reason")
    await expect(page.locator("#f-mentor")).to_have_value(mentor)
    await page.get_by_label("Reason", exact=True).fill("They have worked together before.")
    await page.get_by_role("button", name="Match again").click()
    await expect(page.get_by_role("status")).to_be_visible()
    await until_asked(page, before=first)
    pinned = page.get_by_role("region", name="Matching").get_by_role("row").filter(has_text="pinned")
    await expect(pinned).to_contain_text(ids[0])
    await expect(pinned).to_contain_text(mentor)
    # then that is the matching to which they agree, and on which the mentors are asked
    await page.get_by_role("button", name="Agree to this matching").click()
    await expect(page.get_by_role("status")).to_contain_text("You have agreed to the matching.")
    client = await running.console.surroundings.connect()
    state = await client.get_workflow_handle(workflow_id(cohort_case(cohort))).query("view")
    assert [(pin["returner"], pin["mentor"]) for pin in state["pins"]] == [(ids[0], mentor)]
    assert len(state["participants"]) == 2
