"""A form that is sent twice, by a double click or from a page gone back to, asks once: whatever it asks."""

from __future__ import annotations

import asyncio

from sqlalchemy import select

from records.tables.access import GrantRecord
from tests.office import HR, HR_LEAD, MANAGER
from tests.web.capacity.test_capacities import a_budget, set_up
from tests.web.cohort.files import cohort_file
from tests.web.cohort.test_cohorts import new_id
from tests.web.console import Answer, Console, Visitor
from tests.web.forms import form_in
from tests.web.registry.test_imports import GOOD, HEADER, grant_hr
from tests.web.registry.test_people import LAST_DAY, hr_of_all
from tests.web.registry.test_start import A_TUESDAY, applied
from tests.web.running import Running
from tests.web.uploads import send_file


async def clicked(visitor: Visitor, path: str, form: str | None = None, **fields: str) -> list[Answer]:
    """What two clicks at the same moment lead to, and one on the same page somewhat later."""
    form = form or form_in((await visitor.get(path)).text)
    sent = {**fields, "_form": form, "_step": "send"}
    both = await asyncio.gather(*(visitor.post(path, sent.items()) for _ in range(2)))
    return [*both, await visitor.post(path, sent.items())]


def the_page(answers: list[Answer]) -> str:
    """The one page to which all of them led."""
    assert [answer.status for answer in answers] == [303] * len(answers)
    (page,) = {answer.header("location") for answer in answers}
    return page


async def test_a_start_is_a_start_however_often_it_is_clicked(running: Running) -> None:
    applicant = applied(running)
    visitor, fields = running.visitor(HR), {"returner": applicant, "role": "DATA1", "starts_on": A_TUESDAY}
    page = the_page(await clicked(visitor, "/start/placement", **fields))
    assert page == f"/cases/R-{applicant.removeprefix('P-')}-DATA1?done=started"
    # while the same, filled into another form, is asked anew: it runs already
    (again, *_) = await clicked(visitor, "/start/placement", **fields)
    assert "It runs already" in (await visitor.follow(again)).main


async def test_what_was_refused_may_be_sent_again(running: Running) -> None:
    applicant = applied(running)
    visitor, form = running.visitor(HR), "0" * 32
    sent = {"returner": applicant, "role": "DATA1", "starts_on": "2020-01-06", "_form": form, "_step": "send"}
    refused = await asyncio.gather(*(visitor.post("/start/placement", sent.items()) for _ in range(2)))
    assert [answer.status for answer in refused] == [422, 422]
    assert form_in(refused[0].text) != form


async def test_a_capacity_changes_its_size_once(running: Running) -> None:
    budget = a_budget()
    visitor = running.visitor(HR)
    fields = {"capacity": budget, "title": "Training", "unit": "gbp", "size": "1000", "reason": "A new year."}
    assert the_page(await clicked(visitor, "/capacities/new", **fields)) == f"/capacities/{budget}?done=resized"
    await set_up(running, HR, budget)  # until it is on record
    answers = await clicked(visitor, f"/capacities/{budget}/size", size="1500", reason="More people.")
    assert the_page(answers) == f"/capacities/{budget}?done=resized"


async def test_leaving_and_staying_are_declared_once(running: Running) -> None:
    visitor = running.visitor(HR)
    for what, fields in (("leave", {"last_day": LAST_DAY}), ("stay", {})):
        assert (
            the_page(await clicked(visitor, f"/people/{MANAGER}/{what}", **fields)) == f"/people/{MANAGER}?done={what}"
        )


async def test_a_duty_is_granted_and_taken_back_once(running: Running) -> None:
    hr_of_all(running)
    visitor = running.visitor(HR_LEAD)
    granted = await clicked(visitor, "/access/grant", person=MANAGER, duty="hr", role="DATA1")
    assert the_page(granted) == "/access?done=granted"
    with running.console.database.reading() as session:
        theirs = select(GrantRecord.n).where(GrantRecord.person == MANAGER)
        (number,) = session.scalars(theirs).all()
    assert the_page(await clicked(visitor, f"/access/{number}/revoke")) == "/access?done=revoked"


async def test_a_cohort_is_launched_once_and_says_who_is_new(running: Running) -> None:
    visitor = running.visitor(HR)
    content, _ = cohort_file(2)
    report = (await send_file(visitor, "/cohorts/new", "spring.csv", content)).header("location")
    form = form_in((await visitor.get(report)).text.partition('id="launch"')[2])
    answers = await clicked(visitor, f"{report}/launch", form, cohort=new_id())
    assert the_page(answers) == report
    assert "2 people take part from now on." in (await visitor.get(report)).main


async def test_a_file_is_imported_once_and_says_what_was_added(console: Console) -> None:
    grant_hr(console, "P-7LM2ZA")
    visitor = console.visitor("P-7LM2ZA")
    report = (await send_file(visitor, "/imports/people", "people.csv", f"{HEADER}\n{GOOD}\n".encode())).header(
        "location"
    )
    answers = await asyncio.gather(*(visitor.post(f"{report}/import") for _ in range(3)))
    assert the_page(list(answers)) == report
    assert "Added: 1." in (await visitor.get(report)).main
