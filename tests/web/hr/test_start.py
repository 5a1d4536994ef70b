"""Starting a placement, a path and a certification from pages, on the real server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Page, expect

from domain.core.model import PersonId
from records.imports.learning.report import CatalogueReport, ProfilesReport
from records.imports.learning.storing import store_catalogue, store_profiles
from tests.office import HR, MANAGER, RETURNER, new_people, person
from tests.school import EXAMINER, PROFILE, certificate
from tests.web.console import Answer
from tests.web.looking import DESKTOP, check_looks, sign_in
from tests.web.registry.conftest import Running

JULY = date(datetime.now(UTC).year + 1, 7, 1)
A_TUESDAY = (JULY + timedelta(days=(1 - JULY.weekday()) % 7)).isoformat()
"""No holiday in England, in whichever year."""


def applied(running: Running) -> PersonId:
    """Somebody new who has applied."""
    applicant = new_people()[0]
    record = person(applicant)
    record.break_months, record.experience_years = 30, 8
    with running.console.database.session() as session:
        session.add(record)
    return applicant


async def sent(running: Running, returner: str, step: str = "send", **more: str) -> Answer:
    """The form for a placement, sent by HR."""
    fields = {"returner": returner, "role": "DATA1", "_step": step, **more}
    return await running.visitor(HR).post("/start/placement", list(fields.items()))


async def test_hr_starts_a_placement_after_a_last_look_and_gets_to_its_page(running: Running) -> None:
    # given somebody who has applied, looked for by their name
    applicant = applied(running)
    name = f"Person {applicant.removeprefix('P-').title()}"
    # when HR fills in the form, and looks at it once more
    check = await sent(running, name, "check", weeks="12", patterns="mon-wed 8", starts_on=A_TUESDAY)
    assert check.status == 200
    assert f"{name} ({applicant})" in check.main
    assert "Data analyst (DATA1)" in check.main
    # then it starts, and its page is there
    page = await running.visitor(HR).follow(
        await sent(running, name, weeks="12", patterns="mon-wed 8", starts_on=A_TUESDAY)
    )
    assert page.status == 200
    assert "It is started." in page.main
    # and a second start shows the one that runs, and what is otherwise in it
    again = await sent(running, applicant, weeks="16")
    assert "It runs already" in again.main
    assert "keeps the number of weeks it was started with: 12, not 16" in again.main
    assert f"/cases/R-{applicant.removeprefix('P-')}-DATA1" in again.text


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"returner": "Nobody At All"}, "returner", "We know nobody by this name."),
        ({"returner": "Person"}, "returner", "called like this"),
        ({"role": ""}, "role", "Choose an answer."),
        ({"starts_on": "2020-01-06"}, "starts_on", "is in the past"),
        ({"weeks": "many"}, "weeks", "Enter a whole number."),
        ({"patterns": "now and then"}, "patterns", "now and then"),
    ],
)
async def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(
    running: Running, fields: dict[str, str], field: str, sentence: str
) -> None:
    applicant = applied(running)
    answer = await sent(running, **({"returner": applicant, "weeks": "12"} | fields))
    assert answer.status == 422
    beside = answer.text.partition(f'id="field-{field}-error"')[2].partition("</div>")[0]
    assert sentence in beside
    assert 'class="error-summary"' in answer.text
    if "weeks" not in fields:
        assert 'value="12"' in answer.text


async def test_one_more_placement_needs_a_reason_which_stays_typed_in(running: Running) -> None:
    applicant = applied(running)
    await sent(running, applicant)
    refused = await sent(running, applicant, case=f"R-SECOND{applicant.removeprefix('P-')}")
    assert refused.status == 409
    assert "needs a reason" in refused.text.partition('id="field-beside-error"')[2].partition("</div>")[0]


async def test_a_path_starts_and_a_certification_is_refused_to_whoever_has_gaps(running: Running) -> None:
    # given a profile, a certificate for it, and somebody of whom no level is known
    learner, earned = applied(running), certificate()
    with running.console.database.session() as session:
        store_profiles(session, ProfilesReport(entries=1, profiles=[PROFILE]))
        session.add(person(EXAMINER))
        session.flush()
        store_catalogue(session, CatalogueReport(entries=1, certificates=[earned]))
    hr = running.visitor(HR)
    # when HR starts a certification, it hears of the gaps
    sent = {"holder": learner, "certificate": earned.id, "role": "DATA1", "_step": "send"}
    refused = await hr.post("/start/certification", sent.items())
    assert refused.status == 409
    assert "has gaps to DATA1" in refused.main
    # and when it starts a path instead, that begins
    page = await hr.follow(
        await hr.post(
            "/start/path", learner=learner, role="DATA1", certificate=earned.id, budget="500.50", _step="send"
        )
    )
    assert "It is started." in page.main
    assert f"U-{learner.removeprefix('P-')}-DATA1" in page.main


async def test_whoever_is_no_hr_starts_nothing(running: Running) -> None:
    for path in ("/start", "/start/placement", "/start/path", "/start/certification"):
        assert (await running.visitor(MANAGER).get(path)).status == 403
        assert (await running.visitor(HR).get(path)).status == 200
    posted = await running.visitor(MANAGER).post("/start/placement", returner=RETURNER, role="DATA1", _step="send")
    assert posted.status == 403


async def test_nothing_is_wrong_with_the_pages(running: Running, window: Callable[..., Any]) -> None:
    applicant = applied(running)
    context = await window(**DESKTOP)
    await sign_in(context, running.console, HR)
    page: Page = await context.new_page()
    for path in ("/start", "/start/path", "/start/certification", "/start/placement"):
        await check_looks(page, running.console.origin + path)
    await page.get_by_role("button", name="Continue").click()
    await check_looks(page)  # what is missing is said
    await page.get_by_label("Who is placed").fill("Person")
    await page.get_by_role("button", name="Continue").click()
    await check_looks(page)  # several are called so
    await page.goto(f"{running.console.origin}/start/placement")
    await page.get_by_label("Who is placed").fill(applicant)
    await page.get_by_label("Role").select_option("DATA1")
    await page.get_by_role("button", name="Continue").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("Check before you send")
    await check_looks(page)
    await page.get_by_role("button", name="Change something").click()
    await expect(page.get_by_label("Role")).to_have_value("DATA1")
    await page.get_by_role("button", name="Continue").click()
    await page.get_by_role("button", name="Start the placement").click()
    await check_looks(page)
