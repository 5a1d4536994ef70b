"""Starting a placement, a path and a certification from pages, on the real server."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page, expect
from pydantic_core import to_json
from sqlalchemy import select
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from domain.core.model import PersonId
from domain.core.skills import SkillLevel, Source
from languages.speech import Speech
from records.imports.learning.report import CatalogueReport, FoundLevel, LevelsReport, ProfilesReport
from records.imports.learning.storing import store_catalogue, store_levels, store_profiles
from records.tables.core import CaseRecord
from records.tables.placement import MentorshipRecord
from service.core.connecting import Connect
from tests.domain.factories import shipped_policy
from tests.office import HR, HR_LEAD, MANAGER, RETURNER, STAND_IN, eventually, new_people, person
from tests.school import EXAMINER, PROFILE, certificate
from tests.web.console import Answer, nowhere, open_console
from tests.web.forms import SentBy
from tests.web.looking import DESKTOP, check_looks, sign_in
from tests.web.running import Running
from tests.web.uploads import send_file

JULY = date(datetime.now(UTC).year + 1, 7, 1)
A_TUESDAY = (JULY + timedelta(days=(1 - JULY.weekday()) % 7)).isoformat()
"""No holiday in England, in whichever year."""
A_SATURDAY = (date.fromisoformat(A_TUESDAY) + timedelta(days=4)).isoformat()


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
    hr = running.visitor(HR)
    answer = await sent(running, applicant, weeks="16")
    again = await hr.follow(answer)
    assert "It runs already" in again.main
    assert "keeps the number of weeks it was started with: 12, not 16" in again.main
    assert f"/cases/R-{applicant.removeprefix('P-')}-DATA1" in again.text
    # and of a day that nobody works on, for which day it stands
    saturday = await hr.follow(await sent(running, applicant, starts_on=A_SATURDAY))
    monday = Speech().day(date.fromisoformat(A_SATURDAY) + timedelta(days=2))
    assert f"not {monday}, the first working day from {Speech().day(A_SATURDAY)} on" in saturday.main
    # which is told to nobody else
    assert (await running.visitor(HR_LEAD).follow(answer)).status == 404


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"returner": "Nobody At All"}, "returner", "We know nobody by this name."),
        ({"returner": "Person"}, "returner", "called like this"),
        ({"role": ""}, "role", "Choose an answer."),
        ({"starts_on": "2020-01-06"}, "starts_on", "is in the past"),
        ({"weeks": "many"}, "weeks", "Enter a whole number."),
        ({"patterns": "now and then"}, "patterns", "now and then"),
        ({"weeks": "0"}, "weeks", "Must be 1 or more, not 0"),
        ({"weeks": "999"}, "weeks", "104"),
        ({"returner": STAND_IN}, "returner", "has not applied"),
        ({"mentor": MANAGER}, "mentor", "takes part in the decision on the conversion"),
        ({"cohort": "no name at all!"}, "cohort", "Must be up to 40 letters, digits and hyphens"),
        ({"certificate": "DATA-NONE"}, "certificate", "Choose an answer."),
        ({"policy": "none@1"}, "policy", "Choose an answer."),
        ({"learning": "yes"}, "profile", "No profile DATA1 in the records"),
    ],
)
@pytest.mark.parametrize("step", ["check", "send"])
async def test_what_is_wrong_stands_beside_its_field_before_the_last_look_and_what_was_typed_stays(
    running: Running, step: str, fields: dict[str, str], field: str, sentence: str
) -> None:
    applicant = applied(running)
    answer = await sent(running, **({"returner": applicant, "weeks": "12", "step": step} | fields))
    assert answer.status == 422
    error = answer.text.partition(f'id="field-{field}-error"')[2].partition("</div>")[0]
    assert sentence in error
    assert 'class="error-summary"' in answer.text
    if "weeks" not in fields:
        assert 'value="12"' in answer.text


async def test_hours_that_nobody_has_stand_beside_their_field_before_the_last_look_at_a_path(running: Running) -> None:
    with running.console.database.session() as session:
        store_profiles(session, ProfilesReport(entries=1, profiles=[PROFILE]))
    fields = {"learner": applied(running), "role": "DATA1", "hours_per_week": "100", "_step": "check"}
    answer = await running.visitor(HR).post("/start/path", list(fields.items()))
    assert answer.status == 422
    assert 'id="field-hours_per_week-error"' in answer.text


async def fails() -> Client:
    """As a server that went away in the middle of a call: nobody knows whether it was heard."""
    raise RPCError("tcp connect error", RPCStatusCode.UNAVAILABLE, b"")


@pytest.mark.parametrize(("connect", "sentence"), [(nowhere, "nothing was done"), (fails, "It may still be done")])
async def test_without_temporal_the_form_stays_and_says_whether_anything_may_be_done(
    running: Running, tmp_path: Path, connect: Connect, sentence: str
) -> None:
    fields = {"returner": applied(running), "role": "DATA1", "weeks": "12", "_step": "send"}
    async with open_console(tmp_path, connect=connect, database=running.office.database) as alone:
        answer = await alone.visitor(HR).post("/start/placement", list(fields.items()))
    assert answer.status == 503
    assert sentence in answer.main
    assert 'value="12"' in answer.text


async def test_a_first_day_that_nobody_works_on_is_the_same_other_day_wherever_it_stands(running: Running) -> None:
    applicant = applied(running)
    sunday = date.fromisoformat(A_TUESDAY) - timedelta(days=2)
    page = await running.visitor(HR).follow(await sent(running, applicant, starts_on=sunday.isoformat()))
    assert "because" in page.main
    assert "Sunday" in page.main
    # no mentor has agreed yet, and the record tells the day on which it begins
    with running.console.database.reading() as session:
        case = session.scalars(select(CaseRecord).where(CaseRecord.person == applicant)).one()
    assert case.starts_on == sunday + timedelta(days=1)


async def test_a_mentor_is_asked_first_and_the_case_is_found_by_its_cohort(running: Running) -> None:
    # given somebody who is wanted as the mentor, though they have not offered
    applicant, wanted = applied(running), running.office.outsider
    name = f"Person {wanted.removeprefix('P-').title()}"
    # when HR starts a placement with them, for a cohort
    check = await sent(running, applicant, "check", mentor=name, cohort="SPRING", starts_on=A_TUESDAY)
    assert f"{name} ({wanted})" in check.main
    page = await running.visitor(HR).follow(
        await sent(running, applicant, mentor=name, cohort="SPRING", starts_on=A_TUESDAY)
    )
    assert "It is started." in page.main
    # then they are asked
    case = f"R-{applicant.removeprefix('P-')}-DATA1"
    await eventually(lambda: asked_to_mentor(running, case) == [wanted])
    # and a second start with another says who was wanted
    again = await running.visitor(HR).follow(await sent(running, applicant, mentor=STAND_IN))
    assert f"mentor to ask first it was started with: {wanted}, not {STAND_IN}" in again.main


def asked_to_mentor(running: Running, case: str) -> list[PersonId]:
    with running.console.database.reading() as session:
        asked = select(MentorshipRecord.mentor).where(MentorshipRecord.case_id == case)
        return list(session.scalars(asked))


async def test_a_policy_that_is_sent_is_kept_over_the_last_look_and_counts_for_the_case(running: Running) -> None:
    # given a policy of one's own
    applicant, visitor = applied(running), running.visitor(HR)
    policy = shipped_policy().model_copy(update={"id": f"own-{uuid.uuid4().hex[:8]}"})
    typed = {"returner": applicant, "role": "DATA1", "starts_on": A_TUESDAY, "_step": "check"}
    # when it is sent with the form of a start
    sent_policy = {"policy": to_json(policy)}
    check = await send_file(visitor, "/start/placement", "", b"", sent_policy, **typed)
    # then the last look names it, and the case that is started goes by it
    assert "policy.yaml" in check.main
    started = await visitor.post("/start/placement", [*SentBy.of(check.text).pairs, ("_step", "send")])
    page = await visitor.follow(started)
    assert "It is started." in page.main
    with running.console.database.reading() as session:
        case = session.get_one(CaseRecord, f"R-{applicant.removeprefix('P-')}-DATA1")
        assert case.policy == policy.label
    # it can be chosen from then on, but another content of that name is refused beside the field
    assert policy.label in (await visitor.get("/start/placement")).main
    shorter = policy.length.model_copy(update={"weeks": policy.length.weeks - 1})
    other = {"policy": to_json(policy.model_copy(update={"length": shorter}))}
    refused = await send_file(visitor, "/start/placement", "", b"", other, **typed)
    assert refused.status == 422
    assert "says otherwise since" in refused.text.partition('id="field-policy-error"')[2].partition("</div>")[0]
    # and so is what is no policy
    refused = await send_file(visitor, "/start/placement", "", b"", {"policy": b"id: what"}, **typed)
    assert (refused.status, 'id="field-policy-error"' in refused.text) == (422, True)


async def test_what_is_of_a_path_inside_is_asked_for_with_one_only(running: Running) -> None:
    with running.console.database.session() as session:
        store_profiles(session, ProfilesReport(entries=1, profiles=[PROFILE]))
    refused = await sent(running, applied(running), profile="DATA1")
    assert refused.status == 422
    assert "are only for one inside" in refused.text.partition('id="field-learning-error"')[2].partition("</div>")[0]


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


async def test_a_certification_starts_for_whoever_can_do_what_it_asks_for(running: Running) -> None:
    # given somebody who was found to have all levels of a certificate's profile
    holder, earned, found_on = applied(running), certificate(), datetime.now(UTC).date()
    levels = [
        FoundLevel(
            person=holder,
            level=SkillLevel(skill=asked.skill, level=asked.level, source=Source.TEST, on=found_on, by=HR),
        )
        for asked in PROFILE.skills
    ]
    with running.console.database.session() as session:
        store_profiles(session, ProfilesReport(entries=1, profiles=[PROFILE]))
        store_levels(session, LevelsReport(entries=len(levels), levels=levels))
        session.add(person(EXAMINER))
        session.flush()
        store_catalogue(session, CatalogueReport(entries=1, certificates=[earned]))
    hr = running.visitor(HR)
    sent = {"holder": holder, "certificate": earned.id, "role": "DATA1"}
    # when HR looks at it once more, and starts it
    check = await hr.post("/start/certification", {**sent, "_step": "check"}.items())
    assert f"{earned.title} ({earned.id})" in check.main
    page = await hr.follow(await hr.post("/start/certification", {**sent, "_step": "send"}.items()))
    # then its page is there
    assert "It is started." in page.main
    assert f"C-{holder.removeprefix('P-')}-{earned.id}" in page.main


async def test_whoever_is_no_hr_starts_nothing(running: Running) -> None:
    for path in ("/start", "/start/placement", "/start/path", "/start/certification"):
        assert (await running.visitor(MANAGER).get(path)).status == 403
        assert (await running.visitor(HR).get(path)).status == 200
    posted = await running.visitor(MANAGER).post("/start/placement", returner=RETURNER, role="DATA1", _step="send")
    assert posted.status == 403


@pytest.mark.parametrize(("kind", "who"), [("placement", "returner"), ("path", "learner"), ("certification", "holder")])
@pytest.mark.parametrize("step", ["check", "send"])
async def test_who_starts_something_of_themselves_is_told_beside_their_name_and_what_was_typed_stays(
    running: Running, kind: str, who: str, step: str
) -> None:
    earned = certificate()
    with running.console.database.session() as session:
        store_profiles(session, ProfilesReport(entries=1, profiles=[PROFILE]))
        session.merge(person(EXAMINER))
        session.flush()
        store_catalogue(session, CatalogueReport(entries=1, certificates=[earned]))
    more = {"certificate": earned.id} if kind == "certification" else {}
    fields = {who: HR, "role": "DATA1", "cohort": "SPRING-TYPED", "_step": step, **more}
    answer = await running.visitor(HR).post(f"/start/{kind}", list(fields.items()))
    assert answer.status == 403
    error = answer.text.partition(f'id="field-{who}-error"')[2].partition("</div>")[0]
    assert "Nobody starts anything of themselves: somebody else of HR does" in error
    assert 'value="SPRING-TYPED"' in answer.text


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
