"""A cohort from its file to its matching, as HR does it in a browser."""

from __future__ import annotations

import asyncio
import re
import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from pydantic_core import to_json

from domain.core.access import Duty
from records.queries.core.policies import enter_content
from records.tables.core import PersonRecord, RoleRecord
from service.cohort import launching as service_launching
from service.cohort.checking import check_file
from service.core.access import grant, revoke
from service.core.errors import Unknown
from tests.domain.factories import shipped_policy
from tests.office import HR, MANAGER, PATIENCE_SECONDS
from tests.web.cohort.files import HEADER, cohort_file
from tests.web.console import Answer, Console, Visitor
from tests.web.looking import DESKTOP, check_looks, sign_in
from tests.web.running import OPERATOR, Running
from tests.web.uploads import send_file
from web.cohort import report as cohort_report
from web.registry.policies import LARGEST_POLICY


def new_id() -> str:
    return f"SPRING-{uuid.uuid4().hex[:8].upper()}"


async def launched(visitor: Visitor, people: int) -> tuple[str, list[str]]:
    """The id of a cohort that HR has just launched, and who takes part."""
    content, ids = cohort_file(people)
    sent = await send_file(visitor, "/cohorts/new", "spring.csv", content)
    cohort = new_id()
    done = await visitor.follow(await visitor.post(f"{sent.header('location')}/launch", cohort=cohort))
    assert f"{people} people take part from now on" in done.main
    return cohort, ids


async def shown(visitor: Visitor, path: str, text: str) -> Answer:
    """A page, once it says something."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while text not in (page := await visitor.get(path)).main:
            await asyncio.sleep(0.1)
    return page


async def test_a_bad_file_is_told_by_row_and_starts_nothing(running: Running) -> None:
    visitor = running.visitor(HR)
    content, ids = cohort_file(2)
    bad = content + f"{ids[0]}X,Nobody,no address,Mars/Crater,GB-ENG,en,sql,,3,no,9,DATA1\n".encode()
    # when a file with a bad row is sent
    sent = await send_file(visitor, "/cohorts/new", "spring.csv", bad)
    report = await visitor.follow(sent)
    # then its problems are told by row and column, and no launch but one of the clean rows is offered
    assert "2 of 3 can take part" in report.main
    assert "row 4 email" in report.main
    assert "Launch with 2 people, without the rows that have a problem" in report.main
    # and a launch of all, made by hand, starts nothing
    path = f"{sent.header('location')}/launch"
    refused = await visitor.post(path, cohort=new_id())
    assert refused.status == 422
    assert "row 4 email" in refused.main
    # what is wrong with the launch itself stands at its field, and what was typed stays
    wrong = await visitor.post(path, cohort="spring 2027", weeks="many", title="Spring", clean_only="yes")
    assert wrong.status == 422
    assert "can&#39;t be the id of a cohort" in wrong.main
    assert 'name="title" value="Spring"' in wrong.text


async def test_one_person_in_two_parts_of_a_role_is_a_note_and_keeps_nobody_out(running: Running) -> None:
    with running.console.database.session() as session:
        session.get_one(RoleRecord, "DATA1").hr_lead = HR
    visitor, (content, _) = running.visitor(HR), cohort_file(2)
    report = await visitor.follow(await send_file(visitor, "/cohorts/new", "spring.csv", content))
    assert f"Role DATA1: {HR} would be HR and head of HR: what they do not answer in time" in report.main
    assert "2 of 2 can take part. Nothing is wrong with the file." in report.main


async def test_hr_launches_pins_forbids_and_agrees(running: Running) -> None:
    visitor, office = running.visitor(HR), running.office
    first, second, _ = office.mentors
    # given a cohort that HR has launched; a second press does no more
    content, ids = cohort_file(2)
    sent = await send_file(visitor, "/cohorts/new", "spring.csv", content)
    cohort = new_id()
    done = await visitor.follow(await visitor.post(f"{sent.header('location')}/launch", cohort=cohort, weeks="16"))
    assert "2 people take part from now on" in done.main
    again = await visitor.follow(await visitor.post(f"{sent.header('location')}/launch", cohort=cohort))
    assert again.main == done.main
    await shown(visitor, "/cohorts", cohort)
    # when the matching is there, HR forbids a pair, pins another, and it is matched again
    path = f"/cohorts/{cohort}/matching"
    await shown(visitor, path, "You are asked whether you agree")
    before = await table_in(visitor, path)
    no_reason = await visitor.post(path, _of=before, _step="again", forbid=f"{ids[0]}={first}")
    assert "Enter a reason." in no_reason.main
    asked = await visitor.post(
        path,
        _of=before,
        _step="again",
        forbid=f"{ids[0]}={first}",
        returner=ids[1],
        mentor=second,
        how="pin",
        reason="they know",
    )
    assert asked.status == 303
    # then what was said holds in the next proposal, to which HR agrees
    page = await shown(visitor, path, "Forbidden pairs")
    await shown(visitor, path, "You are asked whether you agree")
    assert "pinned" in page.main
    # while whoever has the first table before them agrees to nothing, and loses nothing
    for step in ("agree", "again"):
        late = await visitor.post(path, _of=before, _step=step, reason="as they know each other")
        assert (late.status, "Meanwhile it was matched again" in late.main) == (409, True)
        assert "as they know each other" in late.text
        assert "You are asked whether you agree" in late.main
    # and whoever agrees, or has it matched again, is not asked the same once more while it is on its way
    now = await table_in(visitor, path)
    for step in ("agree", "again"):
        on_its_way = await visitor.get(f"{path}?{urlencode({'done': step, 'of': now})}")
        assert "What comes of it stands here in a moment" in on_its_way.main
        assert 'name="_step"' not in on_its_way.text
        assert "You are asked whether you agree" not in on_its_way.main
    assert "You are asked whether you agree" in (await visitor.get(f"{path}?done=again&of=0")).main
    # and ticks are not lost by agreeing: nobody meant to agree to a pair that they forbid
    pair = f"{ids[1]}={second}"
    for meant in ([("forbid", pair)], [("lift", pair)], [("returner", ids[0]), ("mentor", first)]):
        ticked = await visitor.post(path, meant, _of=now, _step="agree")
        assert (ticked.status, "Match again with them first" in ticked.main) == (422, True)
    agreed = await visitor.follow(await visitor.post(path, _of=now, _step="agree"))
    assert "You have agreed to the matching." in agreed.main
    assert "You are asked whether you agree" not in agreed.main


async def table_in(visitor: Visitor, path: str) -> str:
    """Which table of a matching a page shows, as it sends it back."""
    found = re.search(r'name="_of" value="([^"]+)"', (await visitor.get(path)).text)
    assert found
    return found[1]


async def test_nobody_but_hr_of_the_role_launches_and_changes_a_cohort(running: Running) -> None:
    visitor, manager, operator = running.visitor(HR), running.visitor(MANAGER), running.visitor(OPERATOR)
    cohort, ids = await launched(visitor, 2)
    content, _ = cohort_file(1)
    sent = await send_file(visitor, "/cohorts/new", "spring.csv", content)
    for other in (manager, operator):
        assert (await other.get("/cohorts/new")).status == 403
        assert (await send_file(other, "/cohorts/new", "spring.csv", content)).status == 403
        assert (await other.get(sent.header("location"))).status == 403
        assert (await other.post(f"{sent.header('location')}/launch", cohort=new_id())).status == 403
    assert (await manager.get(f"/cohorts/{cohort}/matching")).status == 404
    assert (await operator.get(f"/cohorts/{cohort}/matching")).status == 200
    pin = f"{ids[0]}={running.office.mentors[0]}"
    assert (await operator.post(f"/cohorts/{cohort}/matching", _step="again", pin=pin, reason="so")).status == 403


async def test_people_on_record_are_not_changed_by_hr_of_one_role(running: Running) -> None:
    visitor = running.visitor(HR)
    content, _ = cohort_file(1)
    sent = await send_file(visitor, "/cohorts/new", "spring.csv", content)
    read = await visitor.follow(
        await visitor.post(f"{sent.header('location')}/read", day_order="dmy", update_people="yes", of="autumn")
    )
    assert "Change people on record" not in read.main
    assert 'name="cohort" value="AUTUMN"' in read.text


async def test_whoever_is_hr_of_all_no_more_changes_nobody_by_a_file_that_they_have_checked(running: Running) -> None:
    # given HR of all roles, who has checked a file that says otherwise of somebody on record
    visitor, database = running.visitor(HR), running.office.database
    grant(database, HR, Duty.HR)
    content, (somebody,) = cohort_file(1)
    with database.session() as session:
        session.add(
            PersonRecord(
                id=somebody, name="Returner 0", email=f"{somebody.lower()}@example.org", time_zone="Europe/Paris",
                country="GB-ENG", languages=["en"], skills=["sql"], preferences=[], mentor=False, break_months=30,
                underemployed=False, experience_years=9,
            )
        )  # fmt: skip
    sent = await send_file(visitor, "/cohorts/new", "spring.csv", content)
    report = sent.header("location")
    read = await visitor.follow(await visitor.post(f"{report}/read", day_order="iso", update_people="yes"))
    assert "1 of 1 can take part" in read.main
    # when the duty is taken back before the launch
    revoke(database, HR, Duty.HR, by=HR)
    # then neither another look nor a launch goes by what they might do before
    assert "0 of 1 can take part" in (await visitor.get(report)).main
    assert (await visitor.post(f"{report}/launch", cohort=new_id())).status == 422
    with database.reading() as session:
        assert session.get_one(PersonRecord, somebody).time_zone == "Europe/Paris"


async def test_a_launch_that_is_refused_says_why_and_keeps_what_was_typed(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    # given a file that was checked with a policy of its own
    visitor, database = running.visitor(HR), running.office.database
    policy = shipped_policy().model_copy(update={"id": f"own-{uuid.uuid4().hex[:8]}"})
    content, _ = cohort_file(1)
    own = {"policy": to_json(policy)}
    report = (await send_file(visitor, "/cohorts/new", "s.csv", content, own)).header("location")
    # when cases have begun meanwhile with another policy of that name
    with database.session() as session:
        shorter = policy.length.model_copy(update={"weeks": policy.length.weeks - 1})
        enter_content(session, policy.model_copy(update={"length": shorter}), datetime.now(UTC))
    refused = await visitor.post(f"{report}/launch", cohort=new_id(), title="Spring for all")
    # then nothing is launched, and what was typed stays
    assert refused.status == 422
    assert f"{policy.label.capitalize()} says otherwise since" in refused.main

    # and so it is with what nobody knows
    async def unknown(*_: object, **__: object) -> None:
        raise Unknown("no person P-NOBODY in the records")

    monkeypatch.setattr(cohort_report, "launch_file", unknown)
    report = (await send_file(visitor, "/cohorts/new", "s.csv", content)).header("location")
    refused = await visitor.post(f"{report}/launch", cohort=new_id(), title="Spring for all")
    assert (refused.status, "P-NOBODY" in refused.main) == (422, True)
    assert 'value="Spring for all"' in refused.text


async def test_the_file_of_a_launch_is_read_in_one_of_the_few_threads_for_that(
    running: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads = []

    def noted(*given: Any, **named: Any) -> Any:
        threads.append(threading.current_thread().name)
        return check_file(*given, **named)

    monkeypatch.setattr(service_launching, "check_file", noted)
    await launched(running.visitor(HR), 2)
    assert [name.startswith("long-work") for name in threads] == [True]


async def test_a_policy_that_cases_were_started_with_is_chosen_for_a_cohort(running: Running) -> None:
    # given a policy that cases were started with
    policy = shipped_policy().model_copy(update={"id": f"own-{uuid.uuid4().hex[:8]}", "title": "A shorter one"})
    with running.office.database.session() as session:
        enter_content(session, policy, datetime.now(UTC))
    visitor, (content, _) = running.visitor(HR), cohort_file(1)
    assert f"A shorter one ({policy.label})" in (await visitor.get("/cohorts/new")).main
    # then it counts for a file with which it is chosen; another is none of those
    sent = await send_file(visitor, "/cohorts/new", "s.csv", content, policy=policy.label)
    assert f"Policy: {policy.label}" in (await visitor.follow(sent)).main
    wrong = await send_file(visitor, "/cohorts/new", "s.csv", content, policy="no-policy@1")
    assert (wrong.status, "Choose an answer." in wrong.main, "s.csv is here." in wrong.main) == (422, True, True)


async def test_a_policy_that_is_none_is_told_at_its_field(running: Running) -> None:
    content, _ = cohort_file(1)
    page = await send_file(running.visitor(HR), "/cohorts/new", "s.csv", content, {"policy": b"id: what\n"})
    assert page.status == 422
    assert 'href="#field-policy"' in page.text


async def test_while_a_large_policy_is_read_others_are_answered(running: Running) -> None:
    content, _ = cohort_file(1)
    large = "".join(f"key{n}: {{a: 1, b: [1, 2, 3]}}\n" for n in range(3_000)).encode()
    sending = asyncio.ensure_future(
        send_file(running.visitor(HR), "/cohorts/new", "s.csv", content, {"policy": large[:LARGEST_POLICY]})
    )
    answered = 0
    while not sending.done():
        await asyncio.sleep(0.02)
        answered += 1
    assert answered > 10
    assert sending.result().status == 422
    too_large = {"policy": large + b"#" * LARGEST_POLICY}
    assert (await send_file(running.visitor(HR), "/cohorts/new", "s.csv", content, too_large)).status == 413


async def test_how_the_pages_look(running: Running, window: Callable[..., Any]) -> None:
    console: Console = running.console
    visitor = running.visitor(HR)
    cohort, _ = await launched(visitor, 2)
    content, ids = cohort_file(2)
    bad = content + f"{ids[0]}X,Nobody,no address,Mars/Crater,GB-ENG,en,sql,,3,no,9,DATA1\n".encode()
    report = (await send_file(visitor, "/cohorts/new", "spring.csv", bad)).header("location")
    useless = (await send_file(visitor, "/cohorts/new", "s.csv", f"{HEADER}\n".encode())).header("location")
    await shown(visitor, f"/cohorts/{cohort}/matching", "You are asked whether you agree")
    context = await window(**DESKTOP)
    await sign_in(context, console, HR)
    page = await context.new_page()
    for path in ["/cohorts", "/cohorts/new", report, useless, f"/cohorts/{cohort}/matching"]:
        await check_looks(page, console.origin + path)
    await page.get_by_role("button", name="Match again").click()
    await check_looks(page)
    await page.goto(console.origin + report)
    await page.get_by_role("button", name="Launch with").click()
    await check_looks(page)
