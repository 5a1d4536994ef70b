"""Tasks are answered on pages: a real placement, on the real server, by everybody who has a part in it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from email import message_from_bytes, policy
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from temporalio.client import Client

from domain.core.model import PersonId
from domain.core.questions import TaskKind
from engine import polling
from records.tables.core import PersonRecord
from service.core import asking
from service.core.connecting import connected
from tests.office import HR, HR_LEAD, MANAGER, PATIENCE_SECONDS, RETURNER, Case, Office, open_office
from tests.web.console import Answer, Console, Visitor, open_console
from tests.web.forms import SentBy


@pytest.fixture
async def office(client: Client, tmp_path: Path) -> AsyncIterator[Office]:
    """An office whose letters link to the console."""
    async with open_office(client, tmp_path, console_url="https://waymark.example.org") as office:
        yield office


@pytest.fixture
async def console(office: Office, tmp_path: Path) -> AsyncIterator[Console]:
    """The console of that office."""
    connect = connected(office.client)
    async with open_console(tmp_path / "console", connect=connect, database=office.database) as console:
        yield console


async def asked(case: Case, kind: TaskKind) -> str:
    """The open task of this kind, as soon as the records have it."""
    task = await case.next_task(kind)
    await case.settled()
    return str(task["id"])


async def fill_in(visitor: Visitor, task: str, **fields: str) -> Answer:
    """Open a task, fill in its form as a browser does, and send it; what is weighty after checking it."""
    page = await visitor.get(f"/tasks/{task}")
    assert page.status == 200, page.main
    given = {name.replace("__", "."): value for name, value in fields.items()}
    kept = [(name, value) for name, value in SentBy.of(page.text).pairs if name not in given]
    step = "check" if 'value="check"' in page.text else "send"
    answer = await visitor.post(f"/tasks/{task}", [*kept, *given.items(), ("_step", step)])
    if step == "check" and answer.status == 200:
        assert "before you send it" in answer.main
        answer = await visitor.post(f"/tasks/{task}", [*SentBy.of(answer.text).pairs, ("_step", "send")])
    return answer


async def test_a_placement_is_answered_on_pages_up_to_its_offer(office: Office, console: Console) -> None:
    # given a placement, in which a mentor is asked
    case = await office.start()
    request = await asked(case, TaskKind.MENTOR_REQUEST)
    mentor = office.mentors[0]
    # when the mentor follows the link of the mail, and says yes
    (mail,) = office.mails(to=mentor)
    body = message_from_bytes(mail.as_bytes(), policy=policy.default).get_body(("plain",))
    assert body is not None
    text = body.get_content()
    assert f"https://waymark.example.org/tasks/{request}" in text
    assert "starter.py" not in text
    done = await console.visitor(mentor).follow(await fill_in(console.visitor(mentor), request, yes="yes"))
    assert "You answered this on" in done.main
    # and everybody answers what they are asked, up to the proposal
    proposal = await asked(case, TaskKind.PROPOSAL)
    page = await console.visitor(MANAGER).get(f"/tasks/{proposal}")
    assert "Mentoring sessions held" in page.main
    for terms, says in (
        ({"starts_on": "2020-01-06"}, "Monday 6 January 2020 must be after today"),
        ({"starts_on": "2199-01-04"}, "must not be after"),
        ({"salary.amount": "0.00", "salary.currency": "GBP"}, "Must be more than nothing"),
        ({"salary.amount": "-5.00", "salary.currency": "GBP"}, "Must be more than nothing"),
    ):
        for step in ("check", "send"):
            given = {"convert": "yes", "reasons": "good", **terms, "_step": step}
            refused = await console.visitor(MANAGER).post(f"/tasks/{proposal}", given.items())
            assert (refused.status, says in refused.main) == (422, True)
    await fill_in(console.visitor(MANAGER), proposal, convert="yes", reasons="good work", salary__amount="50,000")
    # then the others approve, and the returner reads the terms of the offer
    for _ in range(2):
        approval = await asked(case, TaskKind.APPROVAL)
        (task,) = await case.open_tasks(TaskKind.APPROVAL)
        page = await console.visitor(task["assignee"]).get(f"/tasks/{approval}")
        assert "50,000.00 GBP" in page.main
        await fill_in(console.visitor(task["assignee"]), approval, yes="yes")
    await fill_in(console.visitor(HR), await asked(case, TaskKind.CONFIRMATION), yes="yes")
    offer = await asked(case, TaskKind.OFFER)
    done = await console.visitor(RETURNER).follow(await fill_in(console.visitor(RETURNER), offer, accept="yes"))
    assert "Yes, I accept the offer" in done.main
    await case.go_on(until=lambda view: view["outcome"] == "converted")


async def test_two_people_answer_one_task_and_the_second_is_told_who_was_first(
    office: Office, console: Console
) -> None:
    # given a task that two may answer
    case = await office.start()
    task = await asked(case, TaskKind.GOALS)
    handed = await console.visitor(MANAGER).post(f"/tasks/{task}/hand-on", to=HR_LEAD)
    assert handed.header("location") == "/tasks?told=hand_on"
    await case.settled()
    first, second = console.visitor(MANAGER), console.visitor(HR_LEAD)
    await asyncio.gather(first.get(f"/tasks/{task}"), second.get(f"/tasks/{task}"))
    # when both answer it
    assert (await first.post(f"/tasks/{task}", goals="Mine", _step="send")).status == 303
    late = await second.post(f"/tasks/{task}", goals="Theirs", _step="send")
    # then the second hears who was first, and what; and has not lost what they typed
    assert late.status == 409
    assert "Person Manager answered this on" in late.main
    assert "Mine" in late.main
    assert "What you had typed" in late.main
    assert "Theirs" in late.main
    # and at one moment exactly one of two is taken
    review = await asked(case, TaskKind.GOALS_AGREEMENT)
    visitor = console.visitor(RETURNER)
    answers = await asyncio.gather(
        *(visitor.post(f"/tasks/{review}", reason=text, yes="no", _step="send") for text in ("one", "two"))
    )
    assert sorted(answer.status for answer in answers) == [303, 409]


async def test_what_came_too_late_is_shown_as_the_form_says_it(office: Office, console: Console) -> None:
    # given a task that was answered with yes in one tab
    case = await office.start()
    task = await asked(case, TaskKind.MENTOR_REQUEST)
    mentor = console.visitor(office.mentors[0])
    with console.database.session() as session:
        session.get_one(PersonRecord, office.mentors[0]).languages = ["de"]
    form = await mentor.get(f"/tasks/{task}")
    assert (await mentor.post(f"/tasks/{task}", yes="yes", _step="send")).status == 303
    # when no is sent from another
    late = await mentor.post(f"/tasks/{task}", yes="no", reason="Keine Zeit", _step="send")
    # then it stands there by the question and the answer that the form has
    assert late.status == 409
    before = late.text.partition("Was Sie geschrieben hatten")[2]
    rows = [
        (" ".join(re.sub("<[^>]+>", "", name).split()), " ".join(re.sub("<[^>]+>", "", said).split()))
        for name, said in re.findall(r"<dt>(.*?)</dt>\s*<dd>(.*?)</dd>", before, re.DOTALL)
    ]
    assert [said for _, said in rows] == ["Nein", "Keine Zeit"]
    for name, _ in rows:
        assert name in form.main


async def test_nobody_hands_a_task_to_themselves(office: Office, console: Console) -> None:
    case = await office.start()
    task = await asked(case, TaskKind.GOALS)
    refused = await console.visitor(MANAGER).post(f"/tasks/{task}/hand-on", to=MANAGER)
    assert refused.status == 422
    assert "waits for Person Manager already: name somebody else" in refused.main
    form = await console.visitor(MANAGER).get(f"/tasks/{task}/hand-on")
    assert f"({HR})" in form.text
    assert f"({MANAGER})" not in form.text


async def test_a_double_click_and_a_second_sending_change_nothing(office: Office, console: Console) -> None:
    case = await office.start()
    task = await asked(case, TaskKind.MENTOR_REQUEST)
    visitor = console.visitor(office.mentors[0])
    answers = await asyncio.gather(*(visitor.post(f"/tasks/{task}", yes="yes", _step="send") for _ in range(2)))
    assert {answer.status for answer in answers} <= {303, 409}
    assert 303 in {answer.status for answer in answers}
    for answer in answers:
        page = await visitor.follow(answer) if answer.status == 303 else answer
        assert "You answered this on" in page.main


async def test_where_nobody_works_that_is_said_soon_and_the_answer_counts_once(
    office: Office, console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await office.start()
    task = await asked(case, TaskKind.MENTOR_REQUEST)
    visitor = console.visitor(office.mentors[0])
    async with office.worker_stopped():
        monkeypatch.setattr(polling, "_POLLS_EVERY_SECONDS", 0)  # it is listed for a while after it has gone
        begun = monotonic()
        answer = await visitor.post(f"/tasks/{task}", yes="no", reason="Too much to do", _step="send")
        assert monotonic() - begun < 2 * asking.LOOKS_FOR_WORKERS

    assert answer.status == 503
    assert "Your answer is on its way, but nobody is at work yet to take it." in answer.main
    assert "Too much to do" in answer.main
    async with asyncio.timeout(PATIENCE_SECONDS):
        while "You answered this on" not in (page := await visitor.get(f"/tasks/{task}")).main:
            await asyncio.sleep(0.1)
    assert "Too much to do" in page.main
    histories = [event async for event in case.handle.fetch_history_events()]
    accepted = [event for event in histories if event.HasField("workflow_execution_update_accepted_event_attributes")]
    assert len(accepted) == 1


async def test_a_draft_that_is_too_long_is_told_and_stays(office: Office, console: Console) -> None:
    case = await office.start()
    task = await asked(case, TaskKind.GOALS)

    answer = await console.visitor(MANAGER).post(f"/tasks/{task}", goals="Learn more. " * 20_000, _step="draft")

    assert answer.status == 422
    assert "A draft may have at most 200 kB" in answer.main
    assert "Learn more. Learn more." in answer.text


async def test_after_an_answer_comes_the_next_task(office: Office, console: Console) -> None:
    # given somebody with several tasks
    case = await office.start()
    await case.go_on(until=lambda view: len(items_of(view, MANAGER)) > 1, unanswered=[TaskKind.CHECKLIST_ITEM])
    await case.settled()
    visitor = console.visitor(MANAGER)
    page = await visitor.get("/tasks")
    count = page.text.count('class="row-title"')
    (first, *_) = re.findall(r'class="row-title" href="([^"]+)"', page.text)
    # when they answer one, and another
    done = await visitor.follow(await visitor.post(first, done="yes", _step="send"))
    assert f"Task 2 of {count}" in done.main
    (following,) = re.findall(r'class="button" href="([^"]+)"', done.text)
    page = await visitor.get(following.replace("&amp;", "&"))
    assert f"Task 2 of {count}" in page.main
    done = await visitor.follow(await visitor.post(following.replace("&amp;", "&"), done="yes", _step="send"))
    assert (f"Task 3 of {count}" if count > 2 else "Nothing else is waiting for you.") in done.main


def items_of(view: dict[str, Any], person: PersonId) -> list[dict[str, Any]]:
    """The open items of the checklist that somebody has."""
    tasks = (task for task in view["tasks"] if task["kind"] == "checklist_item" and task["state"] == "open")
    return [task for task in tasks if task["assignee"] == person]


async def test_whoever_a_review_was_escalated_to_says_why_there_is_none(office: Office, console: Console) -> None:
    # given a returner who does not write their review
    case = await office.start()

    def escalated(view: dict[str, Any]) -> list[dict[str, Any]]:
        tasks = (task for task in view["tasks"] if task["kind"] == "self_review" and task["state"] == "open")
        return [task for task in tasks if task["escalated"]]

    view = await case.go_on(until=lambda view: bool(escalated(view)), unanswered=[TaskKind.SELF_REVIEW])
    await case.settled()
    (task,) = escalated(view)
    # when whoever it was escalated to opens it
    visitor = console.visitor(task["escalation"])
    page = await visitor.get(f"/tasks/{task['id']}")
    # then they can't review in the returner's place, but say why there is no review
    assert "Only Person Return can answer this" in page.main
    assert "how do you see your own work" not in page.main.lower()
    done = await visitor.follow(await fill_in(visitor, task["id"], waived_because="On sick leave until March"))
    assert "You answered this on" in done.main
    assert "On sick leave until March" in done.main


async def test_more_goals_than_there_are_can_t_be_met_and_the_form_says_how_many_there_are(
    office: Office, console: Console
) -> None:
    case = await office.start()
    review = await asked(case, TaskKind.MANAGER_REVIEW)
    goals = len((await case.view())["goals"])
    given = {"score": "4", "comment": "delivers", "goals_met": "8", "_step": "send"}
    refused = await console.visitor(MANAGER).post(f"/tasks/{review}", given.items())
    error = refused.text.partition('id="field-goals_met-error"')[2].partition("</div>")[0]
    assert refused.status == 422
    assert f"{goals} goal" in error
    assert "8 can" in error
    assert "delivers" in refused.text


async def test_a_task_that_is_not_mine_is_put_to_hr(office: Office, console: Console) -> None:
    case = await office.start()
    await case.go_on(until=lambda view: bool(items_of(view, MANAGER)), unanswered=[TaskKind.CHECKLIST_ITEM])
    await case.settled()
    (item, *_) = items_of(await case.view(), MANAGER)
    visitor = console.visitor(MANAGER)
    answer = await visitor.post(f"/tasks/{item['id']}/not-mine", note="Ask facilities")
    assert answer.header("location") == "/tasks?told=not_mine"
    assert "HR is asked whose the task is" in (await visitor.follow(answer)).main
    await case.settled()
    assert "You said that it is not yours" in (await visitor.get(f"/tasks/{item['id']}")).main
    whose = await asked(case, TaskKind.RIGHT_PERSON)
    page = await console.visitor(HR).get(f"/tasks/{whose}")
    assert "Ask facilities" in page.main
    await fill_in(console.visitor(HR), whose, person="person facil")
    async with asyncio.timeout(30):
        while "not here for you" not in (await visitor.get(f"/tasks/{item['id']}")).main:
            await asyncio.sleep(0.1)
