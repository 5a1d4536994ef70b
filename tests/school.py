"""A school beside the office: a profile, a catalogue, a learning system, and paths under test."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import delete
from temporalio.client import WorkflowUpdateFailedError

from demo.learning_system import LearningSystem
from domain.certification.requests import TakeExam
from domain.core.case import Done
from domain.core.model import Money, PersonId
from domain.core.naming import workflow_id
from domain.core.questions import TaskKind
from domain.core.skills import RequiredSkill, RoleProfile, TrainingKind
from domain.core.tasks import AnswerTask, Receipt
from domain.learning.catalogue import Certificate, Training, WorkshopSession
from domain.learning.start import Goal, PathStart
from domain.learning.xapi import HandedIn, HandIn
from records.imports.learning.report import CatalogueReport, ProfilesReport
from records.imports.learning.storing import store_catalogue, store_profiles
from records.tables.learning import LevelRecord, TrainingRecord
from tests.domain.factories import shipped_learning_policy
from tests.office import HR, MANAGER, PATIENCE_SECONDS, ROLE, Case, Office, person, refusal
from workflows.learning.workflow import UpskillingPath

LEARNER, TRAINER, REVIEWER, EXAMINER = "P-LEARNER", "P-TRAINER", "P-REVIEW", "P-EXAM"
COURSE = "https://lms.example.org/sql"


def gbp(amount: str | int) -> Money:
    """An amount in pounds."""
    return Money(amount=Decimal(amount), currency="GBP")


PROFILE = RoleProfile(
    id="DATA1",
    title="Data analyst",
    skills=[
        RequiredSkill(skill="sql", level=Decimal(5), importance=Decimal(5), mandatory=True),
        RequiredSkill(skill="python", level=Decimal(4), importance=Decimal(4)),
        RequiredSkill(skill="statistics", level=Decimal(4), importance=Decimal(3)),
        RequiredSkill(skill="storytelling", level=Decimal(3), importance=Decimal(2)),
    ],
)


def certificate() -> Certificate:
    """A certificate, with an id that is new each time: a person has it once on the whole server."""
    return Certificate(
        id=f"DATA-{uuid.uuid4().hex[:6].upper()}",
        title="Data professional",
        description="Works with data on their own",
        criteria="An exam of three hours on a data set",
        profile="DATA1",
        examiner=EXAMINER,
    )


def e_learning(**more: Any) -> Training:
    """An e-learning that leads to sql 5."""
    values: dict[str, Any] = {
        "id": "SQL-E",
        "title": "SQL in depth",
        "kind": TrainingKind.E_LEARNING,
        "leads_to": {"sql": 5},
        "hours": 20,
        "cost": gbp(0),
        "activity": COURSE,
    }
    return Training(**(values | more))


def workshop(first_in_days: int = 30, *, seats: int = 3, sessions: int = 2, **more: Any) -> Training:
    """A workshop that leads to python 4, held every four weeks from then on.

    The ids of its sessions are new each time: seats are a thing of the whole server.
    """
    new = uuid.uuid4().hex[:6].upper()
    begin = datetime.combine(datetime.now(UTC).date() + timedelta(days=first_in_days), time(9), tzinfo=UTC)
    starts = [begin + timedelta(weeks=4 * n) for n in range(sessions)]
    values: dict[str, Any] = {
        "id": "PY-W",
        "title": "Python for analysts",
        "kind": TrainingKind.WORKSHOP,
        "leads_to": {"python": 4},
        "hours": 16,
        "cost": gbp(600),
        "trainer": TRAINER,
        "sessions": [
            WorkshopSession(id=f"{new}-{n}", starts=start, ends=start + timedelta(hours=8), seats=seats)
            for n, start in enumerate(starts, start=1)
        ],
    }
    return Training(**(values | more))


def seats_of(training: Training, n: int = 1) -> str:
    """The capacity of the seats in the n-th session of a workshop."""
    return f"seats-{training.id}-{training.sessions[n - 1].id}"


def assignment(**more: Any) -> Training:
    """An assignment on the job that leads to storytelling 3."""
    values: dict[str, Any] = {
        "id": "TELL-J",
        "title": "Present a report to another team",
        "kind": TrainingKind.ASSIGNMENT,
        "leads_to": {"storytelling": 3},
        "hours": 8,
        "cost": gbp(0),
    }
    return Training(**(values | more))


def self_study(**more: Any) -> Training:
    """Self-directed study that leads to statistics 4 and needs the e-learning first."""
    values: dict[str, Any] = {
        "id": "STAT-B",
        "title": "A book on statistics",
        "kind": TrainingKind.SELF_STUDY,
        "leads_to": {"statistics": 4},
        "hours": 24,
        "cost": gbp(50),
        "requires": ["SQL-E"],
        "reviewer": REVIEWER,
    }
    return Training(**(values | more))


def all_kinds(**of_workshop: Any) -> list[Training]:
    """One training of each kind."""
    return [e_learning(), workshop(**of_workshop), assignment(), self_study()]


FIRST = {"sql": 2, "python": 2, "statistics": 3, "storytelling": 2}
REACHED = {"sql": 5, "python": 4, "statistics": 4, "storytelling": 3}


def levels(task: dict[str, Any], of: dict[str, int]) -> dict[str, Any]:
    """The answer to a question for levels."""
    return {"levels": {skill: of[skill] for skill in task["facts"]["skills"]}}


@dataclass
class PathCase(Case):
    """One path under test. Whoever learns has the levels of ``FIRST`` until something was passed."""

    academy: LearningSystem
    first_asked: dict[str, str] = field(default_factory=dict)

    def moments(self, view: dict[str, Any]) -> list[datetime]:
        """All moments at which something is planned."""
        back = timedelta(days=view["policy"]["training"]["give_back_seat_days"])
        found = [step["at"] for task in view["tasks"] if task["state"] == "open" for step in task["ladder"]]
        moments = [datetime.fromisoformat(moment) for moment in found]
        for enrolment in view["enrolments"]:
            for session in enrolment["training"]["sessions"]:
                starts = datetime.fromisoformat(session["starts"])
                moments += [starts - back, starts, datetime.fromisoformat(session["ends"])]
        return moments

    async def learn(self, *, until: Any, unanswered: Sequence[TaskKind] = (), answers: Any = None) -> dict[str, Any]:
        """Go on: levels are those of FIRST and after a training what it leads to; e-learnings complete by events."""
        asked = dict.fromkeys((TaskKind.SKILLS_SELF, TaskKind.SKILLS_MANAGER), self._assessed)
        return await self.go_on(until=until, unanswered=unanswered, answers={**asked, **(answers or {})})

    def _assessed(self, task: dict[str, Any]) -> dict[str, Any]:
        """At first the levels of FIRST; after training, what it leads to."""
        first = self.first_asked.setdefault(task["kind"], task["id"]) == task["id"]
        return levels(task, FIRST if first else REACHED)

    async def _answer_if_open(self, task: dict[str, Any], answer: dict[str, Any]) -> None:
        if TaskKind(task["kind"]) is TaskKind.E_LEARNING:
            await self.hand_in(self.academy.completed(task["assignee"], task["facts"]["link"], await self.now()))
            return
        await super()._answer_if_open(task, answer)

    async def now(self) -> datetime:
        """What the clock of a learning system shows: that of the path, unless the path runs faster."""
        return datetime.fromisoformat((await self.view())["now"]) if self.skips else datetime.now(UTC)

    async def take_exam(self, *, passed: bool = True) -> None:
        """The learner takes the exam at the end, and the examiner says what came of it."""
        certification = self.office.client.get_workflow_handle(workflow_id((await self.view())["certification"]))
        await certification.execute_update("take_exam", TakeExam(actor=LEARNER), result_type=Done)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (tasks := await certification.query("open_tasks")):
                await asyncio.sleep(0.05)
        task = tasks[0]
        message = AnswerTask(actor=EXAMINER, task=task["id"], answer={"passed": passed})
        await certification.execute_update("answer_task", message, result_type=Receipt)

    async def hand_in(self, text: str, actor: PersonId = HR) -> HandedIn:
        """Hand in a completion event."""
        handed: HandedIn = await self.handle.execute_update(
            "completion_event", HandIn(actor=actor, text=text), result_type=HandedIn
        )
        return handed

    async def refused(self, text: str) -> str:
        """The sentence with which a completion event is refused."""
        try:
            handed = await self.hand_in(text)
        except WorkflowUpdateFailedError as error:
            return refusal(error)
        raise AssertionError(f"it was taken in: {handed.sentence}")


def open_school(office: Office, trainings: Sequence[Training], *profiles: RoleProfile) -> None:
    """Put people, profiles and a catalogue into the records of an office; nothing else is known there then."""
    known = [PROFILE, *profiles]
    with office.database.session() as session:
        for person_id in (LEARNER, TRAINER, REVIEWER, EXAMINER):
            session.merge(person(person_id))
        session.flush()
        session.execute(delete(TrainingRecord))
        session.execute(delete(LevelRecord))
        store_profiles(session, ProfilesReport(entries=len(known), profiles=known))
        store_catalogue(session, CatalogueReport(entries=len(trainings), trainings=list(trainings)))


def path_start(**values: Any) -> PathStart:
    """What a path is started with, unless something else is said."""
    policy = values.get("policy") or shipped_learning_policy()
    default = {
        "case": f"U-{uuid.uuid4().hex[:8].upper()}",
        "learner": LEARNER,
        "manager": MANAGER,
        "goal": Goal(role=ROLE, profile=PROFILE, certificate=None),
        "policy": policy,
        "hours": policy.plan.hours,
        "hours_per_week": policy.plan.hours_per_week,
        "budget": policy.plan.budget,
        "started_by": HR,
    }
    return PathStart(**{**default, **values})


def academy_of(office: Office) -> LearningSystem:
    """The learning system that the office believes."""
    return LearningSystem.open(office.settings.data_dir / "academy", office.settings.lms_keys)


def path_in(office: Office, start: PathStart) -> PathCase:
    """The path that runs inside a placement under test, on a real clock."""
    handle = office.client.get_workflow_handle(f"upskilling-{start.case}")
    case = PathCase(office, start.case, handle, False, academy_of(office))
    office.cases.append(case)
    return case


async def start_path(office: Office, **values: Any) -> PathCase:
    """Start a path; at the pace of real life its time is skipped, at any other the clock is real."""
    start = path_start(**values)
    skips = start.seconds_per_day == 86_400
    handle = await (office.skipper.client if skips else office.client).start_workflow(
        UpskillingPath.run, start, id=f"upskilling-{start.case}", task_queue=office.queue
    )
    case = PathCase(office, start.case, handle, skips, academy_of(office))  # type: ignore[arg-type]
    office.cases.append(case)
    return case
