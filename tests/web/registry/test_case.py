"""The page of a placement on the real server: what each part sees of it, and what they can ask of it."""

from __future__ import annotations

import asyncio
import re
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from domain.core.model import PersonId
from domain.core.questions import TaskKind
from domain.core.updates import Update
from domain.placement.cohort_messages import CohortMessage, MentorRuling
from domain.placement.requests import LeaveType, PausePlacement, ResumePlacement
from languages.speech import Speech
from records.tables.access import GrantRecord
from service.core.access import viewer_of
from service.registry.case_page import case_page
from tests.office import BUDGET_OWNER, HR, HR_LEAD, MANAGER, RETURNER, ROLE, Case, eventually, role_record
from tests.school import LEARNER, PROFILE, assignment, e_learning, open_school, self_study, start_path
from tests.web.console import Visitor, nowhere, open_console
from tests.web.forms import form_in
from tests.web.running import OPERATOR, Running

REASON = "She knows the second system now as well."


def links_in(text: str) -> set[str]:
    """The pages of ours that a page leads to."""
    return {path for path in re.findall(r'href="(/[^"#?]*)', text) if not path.startswith("/static/")}


async def on_record(running: Running, case: Case) -> None:
    """Wait until the records know all that the case has told."""
    await case.settled()
    view = await case.view()
    assert view["waiting"] == {"journal": 0, "post": 0}


async def test_hr_sees_where_a_placement_stands_and_what_can_be_asked_of_it(shared: Running, placed: Case) -> None:
    # given a placement in its first week
    # when HR opens its page
    page = await shared.visitor(HR).get(f"/cases/{placed.id}")
    # then it says who, where, what is open and for whom, and shows the journey, with a table that says the same
    assert page.status == 200
    assert "Person Return" in page.main
    assert "Placement" in page.main
    assert "Goals of the placement" in page.main
    assert "Person Manager (manager)" in page.main
    assert page.text.count('<svg class="journey') == 2
    assert "The journey as a table" in page.main
    assert "The case can't be asked" not in page.main
    # and what can be asked of it now
    offered = {path.rpartition("/")[2] for path in links_in(page.text) if "/actions/" in path}
    assert offered == {"pause", "extend", "change_pattern", "decide_early", "reassign_mentor", "reassign", "withdraw"}


@pytest.mark.parametrize(
    ("part", "sees", "does_not_see"),
    [
        ("returner", ["Stipends:", "Decision record"], ["letters", "On which evidence", "Begin a leave"]),
        ("mentor", ["Mentoring"], ["Stipends:", "Decision record", "letters", "GBP"]),
        ("manager", ["Decision record", "Extend it"], ["Stipends:", "letters", "Begin a leave"]),
        ("budget owner", ["Decision record", "Stipends:"], ["letters", "Extend it"]),
        ("HR", ["Decision record", "Stipends:", "letters", "Begin a leave"], ["in confidence", "Temporal"]),
        ("operator", ["letters", "See its workflow in Temporal"], ["Decision record", "Stipends:", "Begin a leave"]),
    ],
)
async def test_each_part_sees_what_is_theirs_to_see(
    shared: Running, halfway: Case, part: str, sees: list[str], does_not_see: list[str]
) -> None:
    view = await halfway.view()
    people: dict[str, PersonId] = {
        "returner": RETURNER,
        "mentor": view["parties"]["mentor"],
        "manager": MANAGER,
        "budget owner": BUDGET_OWNER,
        "HR": HR,
        "operator": OPERATOR,
    }

    page = await shared.visitor(people[part]).get(f"/cases/{halfway.id}")

    assert page.status == 200
    for words in sees:
        assert words in page.main, words
    for words in does_not_see:
        assert words not in page.main, words


async def test_whoever_has_no_part_in_it_learns_nothing_of_a_case(shared: Running, placed: Case) -> None:
    for person in (shared.office.outsider, ROLE.it, ROLE.facilities):
        visitor = shared.visitor(person)
        theirs, nobodys = await visitor.get(f"/cases/{placed.id}"), await visitor.get("/cases/R-NOBODY-DATA1")
        assert (theirs.status, nobodys.status) == (404, 404)
        assert theirs.main == nobodys.main
        for path in ("live", "events", "actions/withdraw"):
            answer = await visitor.get(f"/cases/{placed.id}/{path}")
            assert answer.status in (204, 404)
            assert "Person Return" not in answer.text
    to_sign_in = await shared.console.visitor().get(f"/cases/{placed.id}")
    assert to_sign_in.header("location").startswith("/sign-in")


async def test_why_somebody_is_away_is_for_hr_of_the_case_alone(running: Running) -> None:
    # given a returner who is ill, and HR of the role who has no part in the case
    case = await running.in_placement()
    duty = GrantRecord(person=OPERATOR, duty="hr", role=ROLE.id, granted_by=HR, granted_at=running.console.clock())
    with running.office.database.session() as session:
        session.add(duty)
    back_on = datetime.fromisoformat((await case.view())["now"]).date() + timedelta(days=60)
    pause = PausePlacement(actor=HR, leave_type=LeaveType.SICK, reason="a broken leg", back_on=back_on)
    await case.ask(Update.PAUSE, pause)
    await on_record(running, case)
    mentor = (await case.view())["parties"]["mentor"]
    # then everybody sees that they are away, and HR and its head why
    for person in (HR, HR_LEAD, MANAGER, mentor, OPERATOR, RETURNER):
        page = await running.visitor(person).get(f"/cases/{case.id}")
        assert "Away" in page.main
        assert f"Paused, back on {Speech().day(back_on)}" in page.main
        read = [words in page.text.lower() for words in ("sick leave", "a broken leg", "why they are away")]
        assert read == [person in (HR, HR_LEAD)] * 3, person
    # and when they are to be back, which stands in the leave and on the board, too
    page = await running.visitor(HR).get(f"/cases/{case.id}")
    assert page.main.count(f"back on {Speech().day(back_on)}, as planned") >= 2
    assert f"Paused, back on {Speech().day(back_on)}" in (await running.visitor(HR).get("/board")).main
    # once they are back, it is told in the past
    await case.ask(Update.RESUME, ResumePlacement(actor=HR))
    await on_record(running, case)
    page = await running.visitor(HR).get(f"/cases/{case.id}")
    assert "Why they were away" in page.main
    assert "as planned" not in page.main.lower().replace("as planned at first", "")


async def test_without_temporal_the_page_shows_what_is_on_record_and_says_so(shared: Running, placed: Case) -> None:
    directory = shared.console.settings.data_dir / "alone"
    directory.mkdir()
    async with open_console(directory, connect=nowhere, database=shared.office.database) as alone:
        page = await alone.visitor(HR).get(f"/cases/{placed.id}")
        assert page.status == 200
        assert "The case can't be asked at the moment" in page.main
        assert "Person Return" in page.main
        assert '<svg class="journey' in page.text
        # and what is asked of it is not lost: the form stays as it was typed
        answer = await alone.visitor(HR).post(f"/cases/{placed.id}/actions/extend", weeks="4", reason=REASON)
        assert answer.status == 503
        assert REASON in answer.text
        assert "nothing was done" in answer.main


# Asking


async def asked(visitor: Visitor, case: Case, action: str, **fields: str) -> Any:
    """What comes of a form that was filled in and sent, and looked at once more where it is."""
    answer = await visitor.post(f"/cases/{case.id}/actions/{action}", fields.items())
    if answer.status == 200:
        assert "Check before you send" in answer.main
        answer = await visitor.post(f"/cases/{case.id}/actions/{action}", fields.items(), _step="send")
    return answer


async def test_the_manager_asks_for_an_extension(running: Running) -> None:
    # given a manager who opens the form
    case = await running.in_placement()
    await on_record(running, case)
    manager = running.visitor(MANAGER)
    assert "How many weeks longer" in (await manager.get(f"/cases/{case.id}/actions/extend")).main
    # when they ask for four weeks
    answer = await asked(manager, case, "extend", weeks="4", reason=REASON)
    # then the case has heard it, from them, and its page says so
    assert (answer.status, answer.header("location")) == (303, f"/cases/{case.id}?done=extend")
    (extension,) = (await case.view())["extensions"]
    assert (extension["weeks"], extension["asked_by"]) == (4, MANAGER)
    assert "The extension is asked for" in (await manager.follow(answer)).main


async def test_a_refusal_is_the_cases_own_sentence_beside_the_field_and_what_was_typed_stays(
    shared: Running, placed: Case
) -> None:
    answer = await asked(shared.visitor(HR), placed, "extend", weeks="40", reason=REASON)

    assert answer.status == 422
    assert "16 and 40 more are over the policy" in answer.main
    assert 'href="#field-weeks"' in answer.text
    assert 'value="40"' in answer.text
    assert REASON in answer.text
    assert (await placed.view())["extensions"] == []


@pytest.mark.parametrize(
    ("action", "fields", "says"),
    [
        ("extend", {"weeks": "a few", "reason": REASON}, "Enter a whole number."),
        ("extend", {"weeks": "2", "reason": "  "}, "Write something here."),
        ("extend", {"weeks": "0", "reason": REASON}, "weeks"),
        ("change_pattern", {"patterns": "some days", "reason": REASON}, "pattern"),
        ("reassign", {"party": "mentor", "to": HR, "reason": REASON}, "Choose an answer."),
        (
            "reassign",
            {"party": "manager", "to": "Nobody Nowhere", "reason": REASON},
            "We know nobody by this name.",
        ),
        ("reassign", {"party": "manager", "to": "Person M", "reason": REASON}, "Several people are called like this."),
        ("pause", {"leave_type": "holiday"}, "Choose an answer."),
        ("pause", {"leave_type": "other", "back_on": "2020-01-01"}, "must be after today"),
    ],
)
async def test_what_makes_no_sense_is_asked_of_nobody(
    shared: Running, placed: Case, action: str, fields: dict[str, str], says: str
) -> None:
    before = await placed.view()

    answer = await asked(shared.visitor(HR), placed, action, **fields)

    assert answer.status == 422
    assert says in answer.main
    assert "There is a problem" in answer.main
    after = await placed.view()
    assert [before[key] for key in ("extensions", "parties", "clock")] == [
        after[key] for key in ("extensions", "parties", "clock")
    ]


async def test_who_gives_hr_to_its_head_is_told_what_follows_before_it_is_done(running: Running) -> None:
    case = await running.in_placement()
    hr, path = running.visitor(HR), f"/cases/{case.id}/actions/reassign"
    for to, alone in ((HR_LEAD, True), (OPERATOR, False)):
        check = await hr.post(path, party="hr", to=to, reason=REASON, _step="check")
        assert ("would go on to nobody else" in check.main) is alone


async def test_what_ends_something_is_looked_at_before_it_is_sent(running: Running) -> None:
    # given HR who fills in that a placement ends early
    case = await running.in_placement()
    await on_record(running, case)
    hr = running.visitor(HR)
    path = f"/cases/{case.id}/actions/withdraw"
    # when they send the form, nothing has happened yet
    check = await hr.post(path, reason=REASON, _step="check")
    assert (check.status, "Check before you send" in check.main, REASON in check.main) == (200, True, True)
    assert (await case.view())["early_end"] is None
    # and they can go back to what they typed
    assert REASON in (await hr.post(path, reason=REASON, _step="change")).text
    # when they confirm it
    done = await hr.post(path, reason=REASON, _step="send")
    # then it ends, and twice does no harm
    assert done.status == 303
    assert (await case.view())["early_end"]["by"] == HR
    again = await hr.post(path, reason=REASON, _step="send")
    assert again.status in (303, 409)


async def test_a_second_click_asks_nothing_more(running: Running) -> None:
    # given a manager with a form
    case = await running.in_placement()
    await on_record(running, case)
    manager = running.visitor(MANAGER)
    form = form_in((await manager.get(f"/cases/{case.id}/actions/extend")).text)
    # when they click twice, then both lead on, and one extension is asked for
    fields = {"weeks": "2", "reason": REASON, "_form": form}
    clicks = [asked(manager, case, "extend", **fields) for _ in range(2)]
    assert [answer.status for answer in await asyncio.gather(*clicks)] == [303, 303]
    assert len((await case.view())["extensions"]) == 1
    # and a second click on what can't be done twice is no failure either
    hr = running.visitor(HR)
    form = form_in((await hr.get(f"/cases/{case.id}/actions/pause")).text)
    for _ in range(2):
        assert (await asked(hr, case, "pause", leave_type="other", _form=form)).status == 303
        await on_record(running, case)
    # while what somebody else sends then is there as they typed it, with what may have been
    late = await running.visitor(HR_LEAD).post(
        f"/cases/{case.id}/actions/pause", leave_type="other", back_on="2099-01-04"
    )
    assert late.status == 409
    assert "This may just have been done." in late.main
    assert "2099-01-04" in late.text


async def test_a_mentor_is_named_although_forbidden_and_what_was_said_is_taken_back(running: Running) -> None:
    # given a placement in which HR has forbidden somebody
    case = await running.in_placement()
    forbidden = running.office.outsider
    ruling = MentorRuling(n=1, forbidden=[forbidden])
    await case.handle.signal("mentor_proposed", CohortMessage(n=0, ruling=ruling))
    await on_record(running, case)
    hr, mentor = running.visitor(HR), running.visitor((await case.view())["parties"]["mentor"])
    # when HR names them, it is refused, and a tick beside it says that they are meant all the same
    refused = await asked(hr, case, "reassign_mentor", mentor=forbidden, reason=REASON)
    assert refused.status == 422
    assert "was forbidden by HR" in refused.text.partition('id="field-mentor-error"')[2].partition("</div>")[0]
    fields = {"mentor": forbidden, "reason": REASON, "although_forbidden": "yes"}
    check = await hr.post(f"/cases/{case.id}/actions/reassign_mentor", fields.items(), _step="check")
    assert "Although this pair was forbidden" in check.main
    # which is nothing for a mentor who hands it back
    assert "Although" not in (await mentor.get(f"/cases/{case.id}/actions/reassign_mentor")).main
    assert (await mentor.get(f"/cases/{case.id}/actions/lift")).status == 403
    # and what was said of them is taken back on a page of its own, and can't be twice
    assert f"/cases/{case.id}/actions/lift" in links_in((await hr.get(f"/cases/{case.id}")).text)
    done = await asked(hr, case, "lift", mentor=forbidden, reason=REASON)
    assert "neither pinned nor forbidden" in (await hr.follow(done)).main
    assert (await case.view())["ruling"]["forbidden"] == []
    assert (await hr.get(f"/cases/{case.id}/actions/lift")).status == 409
    await asked(hr, case, "reassign_mentor", **fields)
    await case.settled()
    assert (await case.view())["mentorships"][-1]["mentor"] == forbidden


async def test_hr_leads_a_path_to_another_role(running: Running) -> None:
    # given a path, and another role with its profile
    open_school(running.office, [e_learning(), assignment(), self_study()])
    path = await start_path(running.office)
    await path.learn(until=lambda view: view["stage"] == "planning", unanswered=[TaskKind.PLAN_CHOICE])
    await on_record(running, path)
    other = ROLE.model_copy(update={"id": f"ENG{uuid.uuid4().hex[:4].upper()}", "title": "Data engineer"})
    with running.office.database.session() as session:
        session.add(role_record(other))
    hr = running.visitor(HR)
    fields = {"role": other.id, "reason": REASON}
    # when HR leads it there, the profile of that role is missing
    refused = await asked(hr, path, "change_role", **fields)
    assert refused.status == 422
    assert f"No profile {other.id}" in refused.text.partition('id="field-profile-error"')[2].partition("</div>")[0]
    # and with another one it is led there, after a last look
    done = await asked(hr, path, "change_role", **fields, profile=PROFILE.id)
    assert "It leads to another role" in (await hr.follow(done)).main
    await path.learn(until=lambda view: view["goal"]["role"]["id"] == other.id, unanswered=[TaskKind.PLAN_CHOICE])
    for visitor in (running.visitor(MANAGER), running.visitor(LEARNER)):
        assert (await visitor.get(f"/cases/{path.id}/actions/change_role")).status == 403


async def test_nobody_asks_what_is_not_theirs_to_ask(shared: Running, placed: Case) -> None:
    mentor = (await placed.view())["parties"]["mentor"]

    for person, action in ((MANAGER, "pause"), (mentor, "extend"), (RETURNER, "reassign"), (OPERATOR, "withdraw")):
        visitor = shared.visitor(person)
        assert (await visitor.get(f"/cases/{placed.id}/actions/{action}")).status == 403, (person, action)
        sent = await visitor.post(f"/cases/{placed.id}/actions/{action}", reason=REASON, _step="send")
        assert sent.status == 403, (person, action)
    assert (await shared.visitor(HR).get(f"/cases/{placed.id}/actions/resume")).status == 409
    assert (await shared.visitor(HR).get(f"/cases/{placed.id}/actions/fly")).status == 404


async def test_what_a_returner_says_in_confidence_is_seen_by_those_who_are_asked_alone(running: Running) -> None:
    # given a returner who asks for another mentor
    case = await running.in_placement()
    await on_record(running, case)
    answer = await asked(running.visitor(RETURNER), case, "ask_for_mentor", reason="We do not understand each other.")
    assert answer.status == 303
    await eventually(lambda: case.asked_in_confidence(TaskKind.MENTOR_WISH) is not None)
    # then no page says anything of it to anybody
    for person in (MANAGER, HR, HR_LEAD, BUDGET_OWNER, OPERATOR, (await case.view())["parties"]["mentor"]):
        page = await running.visitor(person).get(f"/cases/{case.id}")
        assert "understand each other" not in page.text
        assert "mentor_wish" not in page.text
        assert "wish" not in page.main.lower()


async def test_an_answer_is_asked_for_once_more(running: Running) -> None:
    # given an item of the checklist that was ticked off
    case = await running.in_placement()
    await on_record(running, case)
    hr = running.visitor(HR)
    page = await hr.get(f"/cases/{case.id}")
    path = next(path for path in sorted(links_in(page.text)) if "/reopen/" in path)
    assert "Ask for another answer" in (await hr.get(path)).main
    # when HR asks for it once more
    answer = await hr.post(path, reason="It was ticked off too early.")
    # then somebody is asked once more
    assert (answer.status, answer.header("location")) == (303, f"/cases/{case.id}?done=reopen")
    reopened = path.rpartition("/")[2]
    assert any(task["reopens"] == reopened for task in await case.open_tasks())
    # and the manager can't
    assert (await running.visitor(MANAGER).post(path, reason="x")).status == 404


# As a page


async def test_what_people_have_typed_is_never_markup(running: Running) -> None:
    case = await running.in_placement()
    await on_record(running, case)
    typed = '<script>alert("x")</script><img src=x onerror=alert(1)>'
    await asked(running.visitor(HR), case, "reassign", party="it", to=running.office.outsider, reason=typed)
    await on_record(running, case)

    page = await running.visitor(HR).get(f"/cases/{case.id}")
    assert "&lt;script&gt;" in page.text
    assert "<script>alert" not in page.text
    assert "<img" not in page.text


async def test_a_page_takes_as_many_queries_however_long_a_case_has_become(shared: Running, halfway: Case) -> None:
    asked_at_the_beginning = await queries_of_page(shared, await shared.office.start())
    assert await queries_of_page(shared, halfway) == asked_at_the_beginning


async def queries_of_page(running: Running, case: Case) -> int:
    """How many queries the page of a case takes."""
    await case.settled()
    found: list[str] = []

    def note(_: Any, __: Any, statement: str, *more: Any) -> None:
        found.append(statement)

    viewer = viewer_of(running.office.database, HR)
    engine = running.office.database.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        around = running.console.surroundings
        await case_page(around.connect, around.database, case.id, viewer, around.now())
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return sum(statement.startswith("SELECT") for statement in found)


async def test_a_page_follows_its_case_and_lets_go_at_the_end(running: Running) -> None:
    # given somebody who follows a case
    case = await running.in_placement()
    await on_record(running, case)
    stream = running.console.surroundings.changes.stream(case.id)
    assert (await anext(stream)).startswith(b"retry:")
    changed = asyncio.ensure_future(anext(stream))
    await asyncio.sleep(2.5)
    assert not changed.done()
    # when something happens in it
    await case.ask(Update.PAUSE, PausePlacement(actor=HR))
    await case.settled()
    # then they are told, and what they load then shows it
    assert b"event: changed" in await asyncio.wait_for(changed, 20)
    fragment = await running.visitor(HR).get(f"/cases/{case.id}/live")
    assert (fragment.status, "Paused" in fragment.text, "<form" in fragment.text) == (200, True, False)
    # and the end of the process ends the stream
    waiting = asyncio.ensure_future(anext(stream, None))
    running.console.surroundings.ending.set()
    assert await asyncio.wait_for(waiting, 5) is None
