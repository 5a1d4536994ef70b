"""An office to test whole cases in: records, mail, a worker on the real server, and people who answer.

``Office.start`` starts a case whose clock is skipped from one planned moment to the next, or one at a fast pace on a
real clock, where something races something.
"""

from __future__ import annotations

import asyncio
import mailbox
import time
import uuid
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError
from temporalio.testing import TimeSkipper, TimeSkippingConfig
from temporalio.worker import Worker

from activities.registry import activities_for
from domain.core.case import CaseRequest, Done
from domain.core.model import Money, PersonId
from domain.core.people import Application, Role
from domain.core.questions import TaskKind
from domain.core.tasks import AnswerTask, Receipt, TaskState
from domain.core.working_pattern import read_patterns
from domain.learning.start import PathStart
from domain.placement.policy import Policy
from domain.placement.stages import Ending
from domain.placement.start import PlacementStart
from engine.settings import Settings, load_settings
from records.database import Database
from records.tables.core import PersonRecord, RoleRecord, TaskRecord
from service.placement.starting import first_start_date
from simulated.answers import willing
from tests.domain.factories import shipped_policy
from tests.migrated import new_records
from workflows.placement.workflow import Placement
from workflows.registry import WORKFLOWS

RETURNER, HR, HR_LEAD = "P-RETURN", "P-HR1", "P-HRLEAD"
MANAGER, SECOND_MANAGER, BUDGET_OWNER = "P-MANAGER", "P-SECOND", "P-BUDGET"

STAND_IN = "P-STANDIN"

ROLE = Role(
    id="DATA1",
    title="Data analyst",
    country="GB-ENG",
    time_zone="Europe/London",
    skills=["sql", "python"],
    stipend=Money(amount=Decimal("3000"), currency="GBP"),
    salary=Money(amount=Decimal("48000"), currency="GBP"),
    manager=MANAGER,
    second_manager=SECOND_MANAGER,
    budget_owner=BUDGET_OWNER,
    hr=HR,
    hr_lead=HR_LEAD,
    it="P-IT1",
    facilities="P-FACIL",
)
ELIGIBLE = Application(break_months=30, experience_years=8)
PATIENCE_SECONDS = 150.0
"""Longer than the longest pause between two tries of an activity, on a slow machine too."""
PLANNED = ("opens_at", "gate_at", "ends", "at")
"""The fields of a plan's entries that hold moments at which something happens."""


def people(mentors: Sequence[PersonId]) -> list[PersonRecord]:
    """Everybody around :data:`ROLE`, three mentors (the first suits best), and somebody to stand in."""
    skills = dict(zip(mentors, (["sql", "python"], ["sql"], []), strict=True))
    ids = dict.fromkeys([*ROLE.parties().values(), RETURNER, *mentors, STAND_IN])
    return [person(person_id, skills=skills.get(person_id, []), mentor=person_id in mentors) for person_id in ids]


def new_people() -> tuple[PersonId, ...]:
    """Four whom no other test has: the places of mentors are kept on a server that all tests share."""
    fresh = uuid.uuid4().hex[:8].upper()
    return tuple(f"P-M{n}{fresh}" for n in (1, 2, 3, 4))


def person(person_id: PersonId, *, skills: Collection[str] = (), mentor: bool = False) -> PersonRecord:
    """Somebody as they stand in the records."""
    return PersonRecord(
        id=person_id,
        name=f"Person {person_id.removeprefix('P-').title()}",
        email=f"{person_id.lower()}@example.org",
        time_zone="Europe/London",
        country="GB-ENG",
        languages=["en"],
        skills=list(skills),
        preferences=[],
        manager=None,
        mentor=mentor,
        break_months=None,
        underemployed=None,
        experience_years=None,
    )


def role_record(role: Role) -> RoleRecord:
    """A role as it stands in the records."""
    values = role.model_dump(exclude={"stipend", "salary"})
    return RoleRecord(
        **values,
        stipend_amount=role.stipend.amount,
        stipend_currency=role.stipend.currency,
        salary_amount=role.salary.amount,
        salary_currency=role.salary.currency,
    )


@dataclass
class Office:
    """Where cases are run in tests."""

    client: Client
    queue: str
    database: Database
    settings: Settings
    skipper: TimeSkipper
    mentors: tuple[PersonId, ...]
    outsider: PersonId
    """Somebody who has not offered to be a mentor."""
    new_worker: Callable[[], Worker]
    cases: list[Case] = field(default_factory=list)
    _shift: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def go_to_work(self) -> None:
        """Let there be a worker."""
        await self._shift.enter_async_context(self.new_worker())

    @asynccontextmanager
    async def worker_stopped(self) -> AsyncIterator[None]:
        """Let there be no worker meanwhile.

        What is sent then reaches the case in one step, first of all things, at a worker to which the case is new.
        """
        await self.close()
        yield
        await self.go_to_work()

    async def close(self) -> None:
        """No more work."""
        await self._shift.aclose()

    async def start(
        self,
        *,
        seconds_per_day: float = 86_400,
        policy: Policy | None = None,
        application: Application = ELIGIBLE,
        role: Role = ROLE,
        weeks: int = 16,
        starts_in_days: int | None = None,
        client: Client | None = None,
        learning: PathStart | None = None,
        patterns: str = "",
    ) -> Case:
        """Start a case; at the pace of real life its time is skipped, at any other the clock is real.

        It begins on the first Monday at least four weeks away, so that its weeks are the same on any day of the year.
        """
        real_life = seconds_per_day == 86_400
        today = datetime.now(UTC).date()
        case = f"R-{uuid.uuid4().hex[:8].upper()}"
        start = PlacementStart(
            case=case,
            returner=RETURNER,
            application=application,
            role=role,
            starts_on=first_start_date(today) if starts_in_days is None else today + timedelta(days=starts_in_days),
            weeks=weeks,
            policy=policy or shipped_policy(),
            started_by=HR,
            seconds_per_day=seconds_per_day,
            learning=learning,
            patterns=read_patterns(patterns),
        )
        handle = await (client or (self.skipper.client if real_life else self.client)).start_workflow(
            Placement.run, start, id=f"placement-{case}", task_queue=self.queue
        )
        self.cases.append(Case(self, case, handle, skips=real_life))
        return self.cases[-1]

    async def start_and_lose_it(self, it: PersonId, *, seconds_per_day: float) -> Case:
        """Start a case whose IT is taken from the records once it has begun."""
        with self.database.session() as session:
            session.add(person(it))
        case = await self.start(role=ROLE.model_copy(update={"it": it}), seconds_per_day=seconds_per_day)
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (await case.view())["stages"]:
                await asyncio.sleep(0.02)
        with self.database.session() as session:
            session.delete(session.get_one(PersonRecord, it))
        return case

    def mails(self, *, to: PersonId | None = None) -> list[mailbox.MaildirMessage]:
        """All mails sent (to this person), the oldest first."""
        box = mailbox.Maildir(self.settings.maildir, create=True)
        found = [mail for mail in box if to is None or f"{to.lower()}@example.org" in mail["To"]]
        return sorted(found, key=lambda mail: str(mail["Message-ID"]))


@dataclass
class Case:
    """One placement under test."""

    office: Office
    id: str
    handle: WorkflowHandle[Placement, Ending]
    skips: bool

    async def view(self) -> dict[str, Any]:
        """The whole state."""
        return await self.handle.query(Placement.view)

    async def open_tasks(self, kind: TaskKind | None = None) -> list[dict[str, Any]]:
        """The open tasks (of this kind)."""
        return [task for task in await self.handle.query(Placement.open_tasks) if kind in (None, task["kind"])]

    def asked_in_confidence(self, kind: TaskKind) -> TaskRecord | None:
        """The open task of a confidential kind, as whoever is asked finds it: in the records, not in a view."""
        with self.office.database.reading() as session:
            of_case = select(TaskRecord).where(TaskRecord.case_id == self.id, TaskRecord.kind == kind.value)
            return session.scalars(of_case.where(TaskRecord.state == TaskState.OPEN.value)).first()

    async def next_in_confidence(self, kind: TaskKind) -> TaskRecord:
        """Go on until somebody is asked this in confidence."""
        await self.go_on(until=lambda _: self.asked_in_confidence(kind) is not None)
        task = self.asked_in_confidence(kind)
        assert task is not None
        return task

    async def answer(self, task: dict[str, Any], by: PersonId | None = None, **fields: Any) -> Receipt:
        """Answer a task as its assignee (or somebody else), willingly if nothing else is said."""
        answer = fields or willing(TaskKind(task["kind"]), task["facts"])
        message = AnswerTask(actor=by or task["assignee"], task=task["id"], answer=dict(answer))
        return await self.send(message)

    async def send(self, message: AnswerTask) -> Receipt:
        """Send any answer."""
        receipt: Receipt = await self.handle.execute_update("answer_task", message, result_type=Receipt)
        return receipt

    async def ask(self, update: str, request: CaseRequest) -> Done:
        """Ask something of the case."""
        done: Done = await self.handle.execute_update(update, request, result_type=Done)
        return done

    async def next_task(self, kind: TaskKind, *, unanswered: Collection[TaskKind] = ()) -> dict[str, Any]:
        """Go on, everybody answering willingly, until a task of this kind is open."""
        view = await self.go_on(until=lambda view: open_of(view, kind), unanswered=[kind, *unanswered])
        return min(open_of(view, kind), key=lambda task: (task["due_at"], task["id"]))

    async def go_on(self, *, until: Any, unanswered: Collection[TaskKind] = (), answers: Any = None) -> dict[str, Any]:
        """Let everybody answer willingly (but for the tasks left) and time pass, until the view fulfils ``until``."""
        for _ in range(2_000):
            await self.settled()
            view = await self.view()
            if until(view):
                if has_ended(view):
                    await self.ended()  # which it has not before its last rows and letters are out
                return view
            assert not has_ended(view), f"{self.id} ended without getting there"
            answered = False
            for task in view["tasks"]:
                kind = TaskKind(task["kind"])
                if task["state"] == "open" and kind not in unanswered:
                    given = (answers or {}).get(kind) or willing(kind, task["facts"], asked_mentors(view))
                    await self._answer_if_open(task, given(task) if callable(given) else given)
                    answered = True
            if not answered:
                await self._pass_time(view)
        raise AssertionError(f"{self.id} did not get there: {(await self.view())['stage']}")

    async def _answer_if_open(self, task: dict[str, Any], answer: dict[str, Any]) -> None:
        try:
            await self.answer(task, **answer)
        except WorkflowUpdateFailedError as error:
            if "closed" not in refusal(error):
                raise

    async def _pass_time(self, view: dict[str, Any]) -> None:
        if not self.skips:
            await asyncio.sleep(0.05)
            return
        # Not the view's time: that is the last workflow task's, which a timer that has just fired is ahead of.
        now = await self.office.skipper.get_current_time(self.handle)
        coming = [moment for moment in self.moments(view) if moment > now]
        await self.pass_time(min(coming) - now if coming else timedelta(days=1))

    def moments(self, view: dict[str, Any]) -> list[datetime]:
        """All moments at which something is planned."""
        return _moments(view)

    async def settled(self) -> None:
        """Wait until the case waits: time must not be skipped past what is just being opened."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while self.skips:
            description = (await self.handle.describe()).raw_description
            if not description.pending_activities and not description.HasField("pending_workflow_task"):
                return
            if time.monotonic() > deadline:
                doing = [
                    f"{activity.activity_type.name}: {activity.last_failure.message}"
                    for activity in description.pending_activities
                ]
                raise AssertionError(f"{self.id} does not come to rest: {doing or 'a workflow task waits'}")
            await asyncio.sleep(0.01)

    async def pass_time(self, duration: timedelta) -> None:
        """Skip so much time, and a little more; a case that has just ended has none left.

        Where a timer is due within milliseconds of the end of a skip, the server sometimes skips to the next one too.
        """
        await self.settled()
        try:
            await self.office.skipper.fast_forward(self.handle, duration + timedelta(seconds=2))
        except RPCError as error:
            if "already completed" not in str(error):
                raise

    async def ended(self) -> Ending:
        """What the case returned, once everybody has done what the off-boarding asks of them, if there is one."""
        ending: Ending = await off_boarded(self.handle)
        return ending


async def off_boarded(handle: WorkflowHandle[Any, Any]) -> Any:
    """What a placement returns, while everybody does what the off-boarding asks of them."""
    result = asyncio.ensure_future(handle.result())
    while not result.done():
        for task in await handle.query("open_tasks"):
            if task["kind"] == TaskKind.OFFBOARDING_ITEM:
                message = AnswerTask(actor=task["assignee"], task=task["id"], answer={"done": True})
                with suppress(WorkflowUpdateFailedError):  # what is not required is called off by itself
                    await handle.execute_update("answer_task", message, result_type=Receipt)
        await asyncio.wait([result], timeout=0.05)
    return await result


def open_of(view: dict[str, Any], kind: TaskKind) -> list[dict[str, Any]]:
    """The open tasks of this kind."""
    return [task for task in view["tasks"] if task["state"] == "open" and task["kind"] == kind]


def _moments(view: dict[str, Any]) -> list[datetime]:
    """All moments at which something is planned."""
    plan = view["plan"] or {}
    found = [plan.get(name) for name in ("starts_at", "goals_at", "decision_at", "ends_at")]
    for entries in ("items", "sessions", "reviews", "pulses", "pay_days", "follow_ups", "offboarding", "changeover"):
        found += [entry[name] for entry in plan.get(entries, []) for name in PLANNED if name in entry]
    found += [step["at"] for task in view["tasks"] if task["state"] == "open" for step in task["ladder"]]
    return [datetime.fromisoformat(moment) for moment in found if moment]


def asked_mentors(view: dict[str, Any]) -> list[PersonId]:
    """Who was asked to be the mentor; nobody in what is no placement."""
    return [mentorship["mentor"] for mentorship in view.get("mentorships", [])]


def has_ended(view: dict[str, Any]) -> bool:
    """Whether the case is over."""
    return bool(view["stage"] == "ended")


def refusal(error: WorkflowUpdateFailedError) -> str:
    """The sentence with which an update was refused."""
    assert isinstance(error.cause, ApplicationError)
    return error.cause.message


async def eventually(true: Callable[[], bool]) -> None:
    """Wait until something has become true."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not true():
            await asyncio.sleep(0.05)


@asynccontextmanager
async def open_office(
    client: Client, directory: Path, *, max_cached_workflows: int = 200, **settings: Any
) -> AsyncIterator[Office]:
    """An office with its own records, mail, task queue and worker."""
    queue = f"office-{uuid.uuid4()}"
    configured = load_settings(data_dir=directory, task_queue=queue, **settings)
    database = new_records(Path(configured.records_url.removeprefix("sqlite:///")))
    *mentors, outsider = new_people()
    with database.session() as session:
        session.add_all([*people(mentors), person(outsider)])
        session.flush()
        session.add(role_record(ROLE))
    skipper = TimeSkipper(client, config=TimeSkippingConfig(enabled=False, max_session_skip_count=5_000))
    with ThreadPoolExecutor(8) as threads:

        def new_worker() -> Worker:
            return Worker(
                client,
                task_queue=queue,
                workflows=WORKFLOWS,
                activities=activities_for(database, configured, client),
                activity_executor=threads,
                max_cached_workflows=max_cached_workflows,
            )

        office = Office(client, queue, database, configured, skipper, tuple(mentors), outsider, new_worker)
        await office.go_to_work()
        try:
            yield office
        finally:
            await office.close()
    database.close()
