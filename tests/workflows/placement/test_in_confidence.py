"""What returner and mentor say to HR alone, on a real server: nobody else learns of it, wherever they look."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from temporalio.client import WorkflowUpdateFailedError

from domain.core.questions import TaskKind
from domain.core.tasks import CONFIDENTIAL, AnswerTask
from domain.placement.requests import AskForMentor, PausePlacement, ResumePlacement
from records.reporting import report
from records.tables.base import Base
from records.tables.core import TaskRecord
from service.core.errors import Refused
from service.placement.in_confidence import said_in_confidence
from tests.office import HR, HR_LEAD, MANAGER, RETURNER, SECOND_MANAGER, Case, Office, has_ended, refusal

DAY = timedelta(days=1)
GRANTED = {"reply": "grant", "for_the_record": "the mentor is needed elsewhere"}
WORDS = "zither lessons every single session"
COMMENT = "marmalade instead of mentoring"


def rows_with(office: Office, words: str) -> set[str]:
    """The tables in which something has these words."""
    with office.database.reading() as session:
        return {
            table.name
            for table in Base.metadata.sorted_tables
            for row in session.execute(select(table))
            if words in json.dumps([str(value) for value in row])
        }


def readers_of(office: Office, words: str) -> set[str]:
    """To whom a mail with these words went."""
    found = [str(mail["To"]) for mail in office.mails() if words in _text(mail)]
    return {to.partition("<")[2].partition("@")[0].upper() for to in found}


def _text(mail: Any) -> str:
    part = next(part for part in mail.walk() if part.get_content_type() == "text/plain")
    return " ".join([str(mail["Subject"]), *part.get_payload(decode=True).decode().split()])


async def seen_by_operators(case: Case) -> str:
    """What the Temporal UI and the queries show of a case, but for its history and the policy, which asks everybody."""
    description = await case.handle.describe()
    details = await case.handle.query("__temporal_workflow_metadata")
    view = {**await case.view(), "policy": {}, "plan": {}}
    return json.dumps([view, await case.open_tasks(), str(description.raw_description), str(details)])


async def test_a_wish_for_another_mentor_is_hrs_secret(office: Office) -> None:
    # Given a placement in its third week, whose returner asks HR for another mentor
    case = await office.start()
    before = await case.go_on(until=lambda view: (view["week"] or 0) >= 3)
    first, old = before["parties"]["mentor"], before["mentorships"][0]["mentor"]
    await case.ask("ask_for_mentor", AskForMentor(actor=RETURNER, reason=WORDS))
    await case.settled()

    # Then asking again says how it stands
    again = await case.ask("ask_for_mentor", AskForMentor(actor=RETURNER, reason=WORDS))
    assert "has not answered yet" in again.sentence
    task = case.asked_in_confidence(TaskKind.MENTOR_WISH)
    assert task is not None
    assert (task.people, task.facts) == ([HR], {})

    # And to everybody else the task is not there; HR can hand it to nobody
    for somebody in (MANAGER, first, HR_LEAD):
        with pytest.raises(WorkflowUpdateFailedError) as unknown:
            await case.send(AnswerTask(actor=somebody, task=task.task, answer=GRANTED))
        assert refusal(unknown.value) == f"there is no task {task.task} in the case {case.id}"
    with pytest.raises(WorkflowUpdateFailedError) as kept:
        await case.send(AnswerTask(actor=HR, task=task.task, delegate_to=MANAGER))
    assert "can't be handed on" in refusal(kept.value)

    # When HR talks with the returner first, and then grants it
    await case.send(
        AnswerTask(actor=HR, task=task.task, answer={"reply": "talk", "message": "tomorrow at ten, at the kiosk?"})
    )
    await case.settled()
    assert "talk about it" in (await case.ask("ask_for_mentor", AskForMentor(actor=RETURNER))).sentence
    second = case.asked_in_confidence(TaskKind.MENTOR_WISH)
    assert second is not None
    await case.send(AnswerTask(actor=HR, task=second.task, answer=GRANTED))
    view = await case.go_on(until=lambda view: view["parties"].get("mentor") not in (None, old))

    # Then everything goes as whenever HR reassigns a mentor
    decision = next(said for said in view["decisions"] if said["decided"] == "reassigned")
    assert (decision["by"], decision["reason"], decision["evidence"]) == (HR, GRANTED["for_the_record"], {})
    assert "the mentor changes" in " ".join(_text(mail) for mail in office.mails(to=old))
    await case.settled()

    # And nobody else can have learnt who asked, or why
    assert readers_of(office, WORDS) == {HR}
    assert readers_of(office, "kiosk") == {RETURNER}
    assert rows_with(office, WORDS) == rows_with(office, "kiosk") == {"mentor_wishes"}
    assert readers_of(office, "confidence") == {HR, RETURNER}
    shown = await seen_by_operators(case)
    for trace in (WORDS, "kiosk", "wish", "a request in confidence"):
        assert trace not in shown, trace

    # And HR can read it in the records, those it concerns can not
    read = said_in_confidence(office.database, case.id, HR)
    assert [(wish.reason, wish.state) for wish in read.wishes] == [(WORDS, "granted")]
    for somebody in (MANAGER, SECOND_MANAGER, RETURNER, old, view["parties"]["mentor"]):
        with pytest.raises(Refused, match="can't see what was said in confidence"):
            said_in_confidence(office.database, case.id, somebody)


async def test_pulses_go_to_hr_alone_wait_in_a_leave_and_end_without_a_word(office: Office) -> None:
    # Given the first pulse, answered with a low score
    case = await office.start()
    task = await case.next_in_confidence(TaskKind.PULSE)
    assert (task.people, list(task.facts["questions"])) == ([RETURNER], ["expectations", "support", "workload"])
    planned = {pulse["week"]: pulse["opens_at"] for pulse in (await case.view())["plan"]["pulses"]}
    with pytest.raises(WorkflowUpdateFailedError) as unknown:
        await case.send(AnswerTask(actor=RETURNER, task=task.task, answer={"scores": {"lunch": 5}}))
    assert "scores: lunch was not asked" in refusal(unknown.value)
    answer = {"scores": {"support": 1, "workload": 4}, "comment": COMMENT}
    await case.send(AnswerTask(actor=RETURNER, task=task.task, answer=answer))
    await case.settled()

    # Then HR hears of it at once, and nobody else
    assert readers_of(office, COMMENT) == {HR}
    assert rows_with(office, COMMENT) == {"pulses"}
    with office.database.reading() as session:
        assert session.get_one(TaskRecord, task.task).answer is None

    # When the placement stands still for three weeks before the second
    await case.go_on(until=lambda view: (view["week"] or 0) >= 4)
    await case.ask("pause", PausePlacement(actor=HR))
    await case.pass_time(21 * DAY)
    await case.ask("resume", ResumePlacement(actor=HR))
    await case.settled()
    moved = {pulse["week"]: pulse["opens_at"] for pulse in (await case.view())["plan"]["pulses"]}

    # Then it comes three weeks later, to the returner and to the mentor
    assert _day(moved[6]) == _day(planned[6]) + 21 * DAY
    asked = await case.next_in_confidence(TaskKind.PULSE)
    assert asked.opened_at.date() == datetime.fromisoformat(moved[6]).date()
    of_mentor = case.asked_in_confidence(TaskKind.MENTOR_PULSE)
    assert of_mentor is not None
    await case.send(AnswerTask(actor=of_mentor.assignee, task=of_mentor.task, answer={"scores": {"fit": 5}}))

    # And one that nobody answers is reminded of once, and ends; the third one too
    await case.go_on(until=has_ended)
    about = [str(mail["Subject"]) for mail in office.mails(to=RETURNER) if "ulse of week 6" in _text(mail)]
    assert sorted(subject.partition(":")[0] for subject in about) == ["Pulse of week 6", "Reminder"]
    assert readers_of(office, "ulse of week 10") == {RETURNER}

    # And what was answered is in nothing that anybody decides on, and in no report of so few
    view = await case.view()
    shown = await seen_by_operators(case)
    for trace in (COMMENT, "I feel supported", "pulse"):
        assert trace not in shown, trace
    assert not CONFIDENTIAL & {TaskKind(task["kind"]) for task in view["tasks"]}
    read = said_in_confidence(office.database, case.id, HR)
    assert [(pulse.week, pulse.party, pulse.scores) for pulse in read.pulses] == [
        (2, "returner", {"support": 1, "workload": 4}),
        (6, "mentor", {"fit": 5}),
    ]
    with office.database.reading() as session:
        means = report(session).in_all.pulses
    assert {(pulse.week, pulse.key) for pulse in means} == {(2, "support"), (2, "workload"), (6, "fit")}
    assert {(pulse.mean, pulse.answers) for pulse in means} == {(None, None)}


def _day(moment: str) -> Any:
    return datetime.fromisoformat(moment).date()
