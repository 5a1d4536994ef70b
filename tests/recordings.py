"""Recorded histories of whole cases, of a daily mail and a departure: ``python -m tests.recordings`` records them anew.

With names, such as ``placement-smooth``, only these.

They must replay, or running cases would break. Until 1.0 nobody has cases running, and a commit that changes what a
workflow does records them anew on purpose and says so.
"""

from __future__ import annotations

import asyncio
import gzip
import sys
import tempfile
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from temporalio.client import WorkflowExecutionStatus, WorkflowHandle, WorkflowHistory

from activities.core.ledger import Note
from activities.core.mail_records import RecordsLedger
from domain.cohort.requests import PauseCohort, ResumeCohort
from domain.core.case import Withdraw
from domain.core.daily_mail import DailyMailStart
from domain.core.departure import DepartureState
from domain.core.naming import daily_mail_id, workflow_id
from domain.core.not_mine import NotMine
from domain.core.people import Application
from domain.core.questions import TaskKind
from domain.core.tasks import AnswerTask
from domain.learning.requests import ChangeRole, PausePath, ResumePath
from domain.learning.start import Goal
from domain.placement.requests import AskForMentor, ExtendPlacement, PausePlacement, ReassignMentor, ResumePlacement
from engine.client import connect
from engine.devserver.server import DevServer
from engine.exit import run_to_exit
from engine.settings import load_settings
from records.tables.core import PersonRecord
from records.tables.dispatch import MailRecord
from service.certification.issuer import make_issuer_key
from tests.activities.core.mailroom import letter
from tests.cohorts import CohortUnderTest, answering, newcomers, policy_with, start_cohort
from tests.departures import TOMORROW, YESTERDAY, departure_of, employ, say
from tests.office import HR, MANAGER, RETURNER, ROLE, Case, Office, eventually, has_ended, open_office, person
from tests.school import (
    COURSE,
    FIRST,
    LEARNER,
    PROFILE,
    all_kinds,
    assignment,
    certificate,
    e_learning,
    gbp,
    levels,
    open_school,
    self_study,
    start_path,
    workshop,
)

RECORDED = Path(__file__).parent / "histories"
LEAVE = timedelta(days=28)


async def smooth(office: Office) -> Case:
    """Sixteen weeks without trouble."""
    case = await office.start()
    await case.go_on(until=has_ended)
    return case


async def changed(office: Office) -> Case:
    """Let in by HR, another mentor, a leave, an extension, a low review, a refused proposal; declined in the end."""
    case = await office.start(application=Application(break_months=11, experience_years=3))
    low = {kind: {"score": 2} for kind in (TaskKind.MANAGER_REVIEW, TaskKind.MENTOR_REVIEW)}
    await case.go_on(until=lambda view: (view["week"] or 0) >= 3)
    await case.ask("reassign_mentor", ReassignMentor(actor=HR, reason="another site"))
    await case.go_on(until=lambda view: (view["week"] or 0) >= 5, answers=low)
    await case.ask("pause", PausePlacement(actor=HR))
    await case.pass_time(LEAVE)
    await case.ask("resume", ResumePlacement(actor=HR))
    await case.ask("extend", ExtendPlacement(actor=HR, weeks=2, reason="to finish"))
    await case.answer(await case.next_task(TaskKind.APPROVAL), yes=False, reason="above the band")
    await case.answer(await case.next_task(TaskKind.OFFER), accept=False, comment="another offer")
    await case.go_on(until=has_ended)
    return case


async def withdrawn(office: Office) -> Case:
    """Ignored until it was escalated, then withdrawn in the middle."""
    case = await office.start()
    notes = [TaskKind.SESSION_NOTE, TaskKind.CHECKLIST_ITEM]
    await case.go_on(until=lambda view: (view["week"] or 0) >= 6, unanswered=notes)
    await case.ask("withdraw", Withdraw(actor=RETURNER, reason="another plan"))
    await case.ended()
    return case


async def confidential(office: Office) -> Case:
    """Pulses answered, one with a low score; another mentor asked for in confidence, talked about, and granted."""
    case = await office.start()
    for week, score in ((2, 1), (6, 4)):
        pulse = await case.next_in_confidence(TaskKind.PULSE)
        assert pulse.subject == f"pulse of week {week}"
        answer = {"scores": dict.fromkeys(pulse.facts["questions"], score)}
        await case.send(AnswerTask(actor=RETURNER, task=pulse.task, answer=answer))
    await case.ask("ask_for_mentor", AskForMentor(actor=RETURNER, reason="we never meet"))
    for reply in (
        {"reply": "talk", "message": "tomorrow at ten"},
        {"reply": "grant", "for_the_record": "the mentor is needed elsewhere"},
    ):
        wish = await case.next_in_confidence(TaskKind.MENTOR_WISH)
        await case.send(AnswerTask(actor=HR, task=wish.task, answer=reply))
    await case.go_on(until=has_ended)
    return case


async def cancelled(office: Office) -> Case:
    """Cancelled by an operator."""
    case = await office.start()
    await case.go_on(until=lambda view: view["stage"] == "placement")
    await case.handle.cancel()
    await case.ended()
    return case


async def path_certified(office: Office) -> Case:
    """A path of all kinds of training, in which learner and manager were far apart; with the certificate at the end."""
    make_issuer_key(office.settings)
    open_school(office, all_kinds())
    path = await start_path(office, goal=Goal(role=ROLE, profile=PROFILE, certificate=certificate()))
    apart = {
        TaskKind.SKILLS_MANAGER: lambda task: levels(task, {**FIRST, "sql": 0}),
        TaskKind.CALIBRATION: lambda task: levels(task, FIRST),
    }
    await path.learn(until=lambda view: view["stage"] == "planning", answers=apart, unanswered=[TaskKind.PLAN_CHOICE])
    path.first_asked[TaskKind.SKILLS_MANAGER] = "answered already"
    await path.learn(until=lambda view: view["certification"] is not None)
    await path.take_exam()
    await path.ended()
    return path


async def path_changed(office: Office) -> Case:
    """A path with a sign-off refused and replaced, a pause that cost a seat, a forged event, and another role."""
    book = self_study(id="TELL-B", leads_to={"storytelling": 3}, requires=[], cost=gbp(0), hours=30)
    open_school(office, [e_learning(), workshop(20), assignment(), book])
    path = await start_path(office)
    refusing = {TaskKind.SIGN_OFF: {"yes": False, "reason": "the other team was not there"}}
    left = [TaskKind.E_LEARNING]
    replaced = [TaskKind.STUDY_EVIDENCE, *left]
    await path.learn(
        until=lambda view: any(enrolment["instead_of"] for enrolment in view["enrolments"]),
        answers=refusing,
        unanswered=replaced,
    )
    await path.refused(path.academy.completed(MANAGER, COURSE, datetime.now(UTC)))
    await path.ask("pause", PausePath(actor=HR))
    await path.pass_time(LEAVE)
    await path.ask("resume", ResumePath(actor=HR))
    await path.learn(until=lambda view: any(enrolment["session"] for enrolment in view["enrolments"]), unanswered=left)
    role = ROLE.model_copy(update={"id": "ENG1", "title": "Data engineer"})
    profile = PROFILE.model_copy(update={"id": "ENG1", "skills": PROFILE.skills[:2]})
    change = ChangeRole(actor=HR, goal=Goal(role=role, profile=profile), reason="a post is free")
    await path.ask("change_role", change)
    await path.learn(until=has_ended)
    return path


async def path_withdrawn(office: Office) -> Case:
    """A path withdrawn in mid-training."""
    open_school(office, all_kinds())
    path = await start_path(office)
    await path.learn(until=lambda view: view["stage"] == "training", unanswered=[TaskKind.E_LEARNING])
    await path.ask("withdraw", Withdraw(actor=LEARNER, reason="has moved away"))
    await path.ended()
    return path


async def cohort_through(office: Office) -> CohortUnderTest:
    """A cohort of four: a pair forbidden, a mentor who refuses, a pause, one who withdraws; followed to its report."""
    cohort = await start_cohort(office, policy=policy_with(), seconds_per_day=0.3)
    people = newcomers(office, 4)
    await cohort.enlist(people)
    review = await cohort.review()
    await cohort.answer(review, agree=False, forbid=[f"{people[0].returner}={office.mentors[0]}"])
    refusing = office.mentors[0]
    cohort.answers[TaskKind.MENTOR_REQUEST] = lambda task: (
        {"yes": False, "reason": "no time"} if task.assignee == refusing else {"yes": True}
    )
    async with answering(cohort):
        await cohort.until(lambda view: view["stage"] == "running")
        await cohort.ask("pause", PauseCohort(actor=HR, reason="the site is closed"))
        await cohort.until(lambda view: view["pauses"][0]["pause_sent"])
        await cohort.ask("resume", ResumeCohort(actor=HR))
        leaver = office.client.get_workflow_handle(workflow_id(people[3].case))
        await leaver.execute_update("withdraw", Withdraw(actor=HR, reason="another plan"))
        await cohort.handle.result()
    return cohort


async def cohort_closed(office: Office) -> CohortUnderTest:
    """A cohort that HR closes while it looks for mentors, in vain for some."""
    cohort = await start_cohort(office, policy=policy_with(max_mentees=1))
    await cohort.enlist(newcomers(office, 5))
    await cohort.answer(await cohort.review(), agree=True)
    await cohort.until(
        lambda view: any(participant["status"] == "asked" for participant in view["participants"].values())
    )
    await cohort.ask("withdraw", Withdraw(actor=HR, reason="each for themselves"))
    await cohort.handle.result()
    return cohort


@dataclass(frozen=True)
class DailyMailRun:
    """A run of somebody's daily mail."""

    handle: WorkflowHandle[Any, Any]


async def daily_mail(office: Office) -> DailyMailRun:
    """The first morning: a letter can't be written, the mail is refused for good, and another morning comes."""
    busy = f"P-{uuid.uuid4().hex[:8].upper()}"
    with office.database.session() as session:
        session.add(person(busy))
        session.flush()
        record = session.get_one(PersonRecord, busy)
        record.email, record.mail_choice = "no address", "daily"
    client, start = office.skipper.client, DailyMailStart(person=busy)
    begun = await client.start_workflow("DailyMail", start, id=daily_mail_id(busy), task_queue=office.queue)
    case = await office.start(role=ROLE.model_copy(update={"manager": busy}))
    await case.next_task(TaskKind.GOALS)
    broken = letter(1, to=busy, template="no_such")
    RecordsLedger(office.database).note(case.id, [Note(f"<{busy}@waymark>", broken, held=True)])
    await office.skipper.fast_forward(begun, timedelta(days=1))
    first = client.get_workflow_handle(begun.id, run_id=begun.first_execution_run_id)
    await eventually(lambda: bool(_refused(office, busy)))
    while (await first.describe()).status is WorkflowExecutionStatus.RUNNING:
        await asyncio.sleep(0.1)
    await client.get_workflow_handle(begun.id).terminate("recorded")
    await case.handle.terminate("recorded")
    return DailyMailRun(first)


def _refused(office: Office, who: str) -> list[MailRecord]:
    with office.database.reading() as session:
        refused = select(MailRecord).where(MailRecord.recipient == who, MailRecord.status == "refused")
        return list(session.scalars(refused))


@dataclass(frozen=True)
class DepartureUnderTest:
    """The departure of somebody from the company."""

    handle: WorkflowHandle[Any, DepartureState]


async def without_a_manager(office: Office) -> tuple[Case, DepartureUnderTest]:
    """A placement whose manager says that a review is not theirs, and leaves on another day than was said, without a
    successor; HR says who takes over, to the end. The placement, and the departure."""
    manager, successor, *_ = employ(office)
    case = await office.start(role=ROLE.model_copy(update={"manager": manager}))
    review = await case.next_task(TaskKind.MANAGER_REVIEW)
    await case.ask("not_mine", NotMine(actor=manager, task=review["id"]))
    await say(office, manager, last_day=TOMORROW)
    await say(office, manager, last_day=YESTERDAY, reason="a new job")
    while not (questions := await case.open_tasks(TaskKind.SUCCESSOR)):
        await asyncio.sleep(0.1)
    await case.answer(questions[0], to=successor)
    departure = DepartureUnderTest(departure_of(office, manager))
    await departure.handle.result()
    await case.go_on(until=has_ended)
    return case, departure


async def handed_over(office: Office) -> Case:
    """The placement of a manager who leaves."""
    return (await without_a_manager(office))[0]


async def departure(office: Office) -> DepartureUnderTest:
    """The departure of a manager."""
    return (await without_a_manager(office))[1]


CASES: dict[str, Callable[[Office], Awaitable[Case | CohortUnderTest]]] = {
    "placement-smooth": smooth,
    "placement-changed": changed,
    "placement-withdrawn": withdrawn,
    "placement-cancelled": cancelled,
    "placement-confidential": confidential,
    "placement-handed-over": handed_over,
    "path-certified": path_certified,
    "path-changed": path_changed,
    "path-withdrawn": path_withdrawn,
    "cohort-through": cohort_through,
    "cohort-closed": cohort_closed,
}


ALL: dict[str, Callable[[Office], Awaitable[Case | CohortUnderTest | DailyMailRun | DepartureUnderTest]]] = {
    **CASES,
    "departure": departure,
    "daily-mail": daily_mail,
}


def names() -> list[str]:
    """The names of all recorded histories."""
    return sorted(path.name.removesuffix(".json.gz") for path in RECORDED.glob("*.json.gz"))


def names_of_cases() -> list[str]:
    """The names of those of cases, which write letters."""
    return [name for name in names() if name in CASES]


def read(name: str) -> WorkflowHistory:
    """A recorded history, under the id that its workflow had: a path tells it to the certification it begins."""
    content = gzip.decompress((RECORDED / f"{name}.json.gz").read_bytes()).decode()
    events = WorkflowHistory.from_json(name, content).events
    return WorkflowHistory(events[0].workflow_execution_started_event_attributes.workflow_id, events)


async def record(wanted: Sequence[str]) -> None:
    """Record those that are wanted anew; all, where none is named."""
    RECORDED.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as directory:
        settings = load_settings(data_dir=Path(directory))
        server = await DevServer.start(data_dir=settings.data_dir, ui=False, ignore_configured=True)
        client = await connect(settings, address=server.address)
        async with open_office(client, Path(directory)) as office:
            for name in wanted or ALL:
                history = await (await ALL[name](office)).handle.fetch_history()
                content = gzip.compress(history.to_json().encode(), mtime=0)
                (RECORDED / f"{name}.json.gz").write_bytes(content)
        await server.stop()


if __name__ == "__main__":
    run_to_exit(lambda: asyncio.run(record(sys.argv[1:])))
