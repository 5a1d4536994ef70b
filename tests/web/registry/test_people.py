"""People on HR's pages, and duties, on the real server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from playwright.async_api import Page

from domain.core.access import Duty
from domain.core.journal import JournalBatch
from domain.core.model import Party
from domain.core.questions import TaskKind
from languages.speech import Speech
from records.journal import write
from records.tables.access import GrantRecord
from records.tables.core import PersonRecord
from service.core.leaving import look_at
from tests.office import HR, HR_LEAD, MANAGER, RETURNER, STAND_IN, person
from tests.web.looking import DESKTOP, check_looks, sign_in
from tests.web.registry.test_case import on_record
from tests.web.running import OPERATOR, Running
from tests.web.tasks import task

LAST_DAY = (datetime.now(UTC).date() + timedelta(days=60)).isoformat()


def hr_of_all(running: Running) -> None:
    """The head of HR is HR of all roles."""
    with running.console.database.session() as session:
        session.add(
            GrantRecord(person=HR_LEAD, duty=Duty.HR.value, role=None, granted_by=None, granted_at=datetime.now(UTC))
        )


async def test_hr_finds_somebody_and_sees_what_they_have(running: Running) -> None:
    case = await running.in_placement()
    await on_record(running, case)
    hr = running.visitor(HR)
    found = await hr.get("/people?q=manager")
    assert f"/people/{MANAGER}" in found.text
    too_short = await hr.get("/people?q=m")
    assert "That is too little to look for." in too_short.main
    assert "We know nobody" not in too_short.main
    with running.console.database.session() as session:
        session.get_one(PersonRecord, RETURNER).name = "Jörg Übelacker"
    for text in ("uebel", "ubel", "joerg"):
        assert f"/people/{RETURNER}" in (await hr.get(f"/people?q={text}")).text
        assert f"/cases/{case.id}" in (await hr.get(f"/board?person={text}")).text
    # and of somebody who has left it is said
    with running.console.database.session() as session:
        session.add(left := person("P-GONE77"))
        left.name, left.left_on = "Gone Already", date(2026, 1, 30)
    gone = await hr.get("/people?q=gone%20already")
    assert f"Gone Already has left the company, or is leaving it, with {Speech().day('2026-01-30')}" in gone.main
    page = await hr.get(f"/people/{MANAGER}")
    assert "Person Manager" in page.main
    assert "p-manager@example.org" in page.main
    assert f"/cases/{case.id}" in page.text
    assert "manager" in page.main
    page = await hr.get(f"/people/{RETURNER}")
    assert f"/cases/{case.id}" in page.text
    assert "Nothing is declared." in page.main
    assert (await hr.get("/people/P-NOBODY")).status == 404
    assert (await running.visitor(MANAGER).get(f"/people/{RETURNER}")).status == 403
    assert (await running.visitor(MANAGER).get("/people")).status == 403


async def test_who_is_asked_without_a_part_is_seen_to_have_that(running: Running) -> None:
    # given somebody who has no part in a case yet, and is asked whether they would take one
    case = await running.in_placement()
    await on_record(running, case)
    with running.console.database.session() as session:
        asked = task(77, TaskKind.MENTOR_REQUEST, STAND_IN, case=case.id, party=Party.MENTOR)
        write(session, JournalBatch(case=case.id, rows=[asked], first=10_000))
    # then HR, about to declare that they leave, sees it
    page = await running.visitor(HR).get(f"/people/{STAND_IN}")
    assert f"/cases/{case.id}" in page.text
    assert "1 open task" in page.main


async def test_somebody_is_declared_to_leave_with_a_successor_and_to_stay(running: Running) -> None:
    hr = running.visitor(HR)
    fields = {"last_day": LAST_DAY, "successor": "Person Standin", "reason": "A new job."}
    # given a declaration that is looked at once more
    check = await hr.post(f"/people/{MANAGER}/leave", fields.items(), _step="check")
    assert f"Person Standin ({STAND_IN})" in check.main
    assert "This day is over already" not in check.main
    slip = await hr.post(f"/people/{MANAGER}/leave", (fields | {"last_day": "2020-03-31"}).items(), _step="check")
    assert "This day is over already: all they have is handed over at once" in slip.main
    # when it is sent
    page = await hr.follow(await hr.post(f"/people/{MANAGER}/leave", fields.items(), _step="send"))
    # then their page says so
    assert "It is declared." in page.main
    assert "Person Standin" in page.main
    # and after they have thought better of it, that they stay
    page = await hr.follow(await hr.post(f"/people/{MANAGER}/stay", _step="send"))
    assert "They stay." in page.main
    assert (await running.visitor(MANAGER).post(f"/people/{HR}/leave", fields.items())).status == 403


async def test_single_parts_go_to_others_than_all_the_rest(running: Running) -> None:
    # given a manager who leaves, with a part in a case
    case = await running.in_placement()
    await on_record(running, case)
    hr = running.visitor(HR)
    form = (await hr.get(f"/people/{MANAGER}/leave")).main
    assert form.index("Who takes over as: manager") < form.index("What is seldom given")
    assert form.index("Who takes over as: IT") > form.index("What is seldom given")
    # when somebody else takes over that part
    fields = {"last_day": LAST_DAY, "successor": STAND_IN, "successors.manager": HR_LEAD, "_step": "send"}
    assert (await hr.post(f"/people/{MANAGER}/leave", fields.items())).status == 303
    # then that is declared, and stands in the form with which it is changed
    declared = look_at(running.console.database, MANAGER).departure
    assert declared is not None
    assert (declared.successor, declared.successors) == (STAND_IN, {"manager": HR_LEAD})
    again = await hr.get(f"/people/{MANAGER}/leave")
    assert f'name="successors.manager" value="Person Hrlead ({HR_LEAD})"' in again.text
    assert f'value="{LAST_DAY}"' in again.text
    await hr.post(f"/people/{MANAGER}/stay", _step="send")


async def test_who_declares_it_is_warned_of_one_person_who_would_be_hr_and_head_of_hr(running: Running) -> None:
    case = await running.in_placement()
    await on_record(running, case)
    lead = running.visitor(HR_LEAD)
    warning = f"would be HR and head of HR in {case.id}"
    fields = {"last_day": LAST_DAY, "successor": HR_LEAD}

    check = await lead.post(f"/people/{HR}/leave", fields.items(), _step="check")
    assert warning in check.main

    for other in ({"successor": STAND_IN}, {"successors.hr": STAND_IN}):
        check = await lead.post(f"/people/{HR}/leave", (fields | other).items(), _step="check")
        assert warning not in check.main


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"last_day": ""}, "last_day"),
        ({"successor": MANAGER}, "successor"),
        ({"successors.it": MANAGER}, "successors.it"),
        ({"successor": "Nobody At All"}, "successor"),
    ],
)
async def test_what_is_wrong_with_a_declaration_stands_beside_its_field(
    running: Running, fields: dict[str, str], field: str
) -> None:
    sent = {"last_day": LAST_DAY, "reason": "A new job.", "_step": "send"} | fields
    answer = await running.visitor(HR).post(f"/people/{MANAGER}/leave", sent.items())
    assert answer.status == 422
    assert f'id="field-{field}-error"' in answer.text
    assert "A new job." in answer.text


async def test_hr_chooses_for_somebody_how_their_mails_come(running: Running) -> None:
    hr = running.visitor(HR)
    page = await hr.follow(await hr.post(f"/people/{MANAGER}/mail", mail="daily", _step="send"))
    assert "Their mails come like this" in page.main
    assert "One a day" in page.main
    assert (await hr.post(f"/people/{MANAGER}/mail", mail="never", _step="send")).status == 422


async def test_hr_signs_somebody_out_everywhere(running: Running) -> None:
    theirs = running.visitor(MANAGER)
    assert (await theirs.get("/me")).status == 200
    hr = running.visitor(HR)
    page = await hr.follow(await hr.post(f"/people/{MANAGER}/sign-out", _step="send"))
    assert "They are signed out everywhere." in page.main
    assert (await theirs.get("/me")).status == 303


async def test_duties_are_granted_and_taken_back_by_hr_of_all_roles(running: Running) -> None:
    hr_of_all(running)
    lead = running.visitor(HR_LEAD)
    for path in ("/access", "/access/grant"):
        assert (await running.visitor(HR).get(path)).status == 403
    # when HR of all roles grants a duty
    grant = {"person": MANAGER, "duty": "hr", "role": "DATA1", "_step": "send"}
    page = await lead.follow(await lead.post("/access/grant", grant.items()))
    # then it counts, and stands there
    assert "HR of DATA1" in page.main
    assert (await running.visitor(MANAGER).get("/start")).status == 200
    # and when it is taken back, it counts no more
    path = page.text.split("/revoke")[-2].rpartition('"')[2]
    assert (await lead.post(f"{path}/revoke", _step="send")).status == 303
    assert (await running.visitor(MANAGER).get("/start")).status == 403
    # nobody grants themselves anything, and HR is HR of something
    refused = await lead.post("/access/grant", (grant | {"person": HR_LEAD}).items())
    assert refused.status == 403
    assert "grant themselves anything" in refused.main
    assert (await lead.post("/access/grant", (grant | {"role": ""}).items())).status == 422


async def test_nothing_is_wrong_with_the_pages(running: Running, window: Callable[..., Any]) -> None:
    hr_of_all(running)
    case = await running.in_placement()
    await on_record(running, case)
    await running.visitor(HR).post(f"/people/{MANAGER}/leave", last_day=LAST_DAY, successor=STAND_IN, _step="send")
    context = await window(**DESKTOP)
    await sign_in(context, running.console, HR_LEAD)
    page: Page = await context.new_page()
    people = [
        "",
        "?q=person",
        f"/{MANAGER}",
        f"/{RETURNER}",
        f"/{MANAGER}/leave",
        f"/{MANAGER}/stay",
        f"/{MANAGER}/mail",
        f"/{HR}/sign-out",
    ]
    access = ["", "?all=1", "/grant", "/1/revoke"]
    for path in [f"/people{path}" for path in people] + [f"/access{path}" for path in access]:
        await check_looks(page, running.console.origin + path)
    await running.visitor(HR).post(f"/people/{MANAGER}/stay", _step="send")
    assert OPERATOR in (await page.content())
