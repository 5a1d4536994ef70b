"""Cohorts under test: enlisted, matched, and their placements gone through on a real clock at a fast pace."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, TypeVar

from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.service import RPCError

from domain.cohort.participants import ENLISTED_AT_ONCE, Enlisting, Participant
from domain.cohort.requests import Enlist, Enlisted
from domain.cohort.state import CohortEnding, CohortStart, CohortState
from domain.core.case import CaseRequest, Done
from domain.core.model import CaseId, PersonId
from domain.core.naming import workflow_id
from domain.core.people import Role
from domain.core.questions import TaskKind
from domain.core.tasks import AnswerTask, Receipt
from domain.placement.policy import Policy
from records.queries.core import cases as queries
from records.queries.placement.mentors import asked_in
from service.core.asking import NOT_HEARD, until_taken
from service.placement.starting import first_start_date
from simulated.answers import willing
from tests.domain.factories import shipped_policy
from tests.office import ELIGIBLE, HR, HR_LEAD, PATIENCE_SECONDS, ROLE, Office, person, refusal
from tests.patience import once_there
from workflows.cohort.workflow import Cohort

T = TypeVar("T")

SECONDS_PER_DAY = 1.0
"""Slow enough for matchings to be over before anybody has begun."""


@dataclass
class CohortUnderTest:
    """One cohort, and the people in it."""

    office: Office
    name: str
    handle: WorkflowHandle[Cohort, CohortEnding]
    returners: list[PersonId]
    answers: dict[TaskKind, Any] = field(default_factory=dict)

    @property
    def cases(self) -> list[CaseId]:
        """The placements of all who take part."""
        return [f"R-{returner.removeprefix('P-')}-{ROLE.id}" for returner in self.returners]

    async def view(self) -> dict[str, Any]:
        """The whole state."""
        return await self.handle.query(Cohort.view)

    async def statuses(self) -> dict[str, int]:
        """How many stand how."""
        found: dict[str, int] = {}
        for participant in (await self.view())["participants"].values():
            found[participant["status"]] = found.get(participant["status"], 0) + 1
        return found

    async def _send(self, update: str, request: Any, result: type[T]) -> T:
        """Send an update; once more where it came just as the cohort went on in a new run, as the command line does."""
        update_id = str(uuid.uuid4())
        send = partial(self.handle.execute_update, update, request, id=update_id, result_type=result)
        async with asyncio.timeout(PATIENCE_SECONDS):
            answer: T = await until_taken(send, PATIENCE_SECONDS)
        return answer

    async def enlist(
        self, participants: Sequence[Participant], role: Role = ROLE, *, by: PersonId = HR
    ) -> list[Enlisted]:
        """Enlist people, as the command line does."""
        done = []
        for first in range(0, len(participants), ENLISTED_AT_ONCE):
            batch = list(participants[first : first + ENLISTED_AT_ONCE])
            request = Enlist(
                actor=by,
                enlisting=Enlisting(participants=batch, roles={role.id: role}),
                more=first + ENLISTED_AT_ONCE < len(participants),
            )
            done.append(await self._send("enlist", request, Enlisted))
        return done

    async def ask(self, update: str, request: CaseRequest) -> Done:
        """Ask something of the cohort."""
        return await self._send(update, request, Done)

    async def review(self) -> dict[str, Any]:
        """The matching that HR is asked to agree to."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while True:
                open_tasks: list[dict[str, Any]] = await self.handle.query(Cohort.open_tasks)
                if open_tasks:
                    return open_tasks[0]
                await asyncio.sleep(0.05)

    async def answer(self, task: dict[str, Any], **fields: Any) -> Receipt:
        """Answer a task of the cohort as its assignee."""
        message = AnswerTask(actor=task["assignee"], task=task["id"], answer=fields)
        return await once_there(lambda: self._send("answer_task", message, Receipt))

    async def until(
        self, true: Callable[[dict[str, Any]], bool], *, patience: float = PATIENCE_SECONDS
    ) -> dict[str, Any]:
        """Wait until the view fulfils something."""
        view: dict[str, Any] = {}
        try:
            async with asyncio.timeout(patience):
                while True:
                    view = await self.view()
                    if true(view):
                        return view
                    await asyncio.sleep(0.05 + len(view["participants"]) / 200)
        except TimeoutError:
            statuses = {
                case: (participant["status"], participant.get("why"))
                for case, participant in view["participants"].items()
            }
            raise AssertionError(f"{self.name} did not get there: {view['stage']}, {statuses}") from None

    async def people_answer(self, *, unanswered: Sequence[TaskKind] = ()) -> None:
        """Everybody answers what the records show, for as long as this goes on; some kinds of tasks are left."""
        while True:
            with self.office.database.reading() as records:
                tasks = [task for task in queries.inbox(records) if task.kind not in unanswered]
            await asyncio.gather(*(self._answer(task) for task in tasks[:40]))
            await asyncio.sleep(0.05)

    async def _answer(self, task: Any) -> None:
        kind = TaskKind(task.kind)
        given = self.answers.get(kind)
        answer = given(task) if callable(given) else given
        if answer is None:
            answer = willing(kind, task.facts, self._asked_mentors(task.case_id, kind))
        message = AnswerTask(actor=task.assignee, task=task.task, answer=dict(answer))
        handle = self.office.client.get_workflow_handle(workflow_id(task.case_id))
        try:
            await handle.execute_update("answer_task", message, result_type=Receipt)
        except WorkflowUpdateFailedError as error:
            if "closed" not in refusal(error):
                raise
        except WorkflowUpdateRPCTimeoutOrCancelledError:
            pass  # by a busy machine: who is still asked after that answers again
        except RPCError as error:
            if error.status not in NOT_HEARD and "completed" not in str(error) and "not found" not in str(error):
                raise

    def _asked_mentors(self, case: CaseId, kind: TaskKind) -> list[PersonId]:
        if kind is not TaskKind.MENTOR_NOMINATION:
            return []
        with self.office.database.reading() as records:
            return asked_in(records, case)


@asynccontextmanager
async def answering(cohort: CohortUnderTest, *unanswered: TaskKind) -> AsyncIterator[None]:
    """Everybody answers willingly meanwhile, but for the kinds of tasks that are left."""
    people = asyncio.create_task(cohort.people_answer(unanswered=unanswered))
    try:
        yield
    finally:
        people.cancel()
        with suppress(asyncio.CancelledError, WorkflowUpdateRPCTimeoutOrCancelledError):
            await people


def policy_with(*, follow_ups: list[int] | None = None, max_mentees: int = 3, **cohort: Any) -> Policy:
    """The policy that comes with Waymark, with other rules for cohorts and mentors, and few follow-ups."""
    policy = shipped_policy()
    return policy.model_copy(
        update={
            "cohort": policy.cohort.model_copy(update=cohort),
            "mentoring": policy.mentoring.model_copy(update={"max_mentees": max_mentees}),
            "follow_up": policy.follow_up.model_copy(update={"days": follow_ups or [30]}),
        }
    )


def newcomers(office: Office, number: int, *, skills: Sequence[str] = ("sql",)) -> list[Participant]:
    """So many returners whom no other test has, in the records too."""
    fresh = uuid.uuid4().hex[:5].upper()
    ids = [f"P-R{fresh}{n:03}" for n in range(number)]
    with office.database.session() as session:
        session.add_all(person(returner, skills=skills) for returner in ids)
    return [
        Participant(
            case=f"R-{returner.removeprefix('P-')}-{ROLE.id}", returner=returner, role=ROLE.id, application=ELIGIBLE
        )
        for returner in ids
    ]


def more_mentors(office: Office, number: int) -> list[PersonId]:
    """So many mentors besides those of the office."""
    fresh = uuid.uuid4().hex[:5].upper()
    ids = [f"P-N{fresh}{n:03}" for n in range(number)]
    with office.database.session() as session:
        session.add_all(person(mentor, skills=["sql"], mentor=True) for mentor in ids)
    return ids


async def start_cohort(
    office: Office,
    *,
    policy: Policy | None = None,
    starts_on: date | None = None,
    weeks: int = 16,
    seconds_per_day: float = SECONDS_PER_DAY,
    going_on_from: Callable[[CohortState], None] | None = None,
    events_a_run: int = 1_000,
    led_by: PersonId = HR,
) -> CohortUnderTest:
    """Start a cohort in which nobody takes part yet; or one that goes on from a state as it is made here."""
    name = f"SPRING-{uuid.uuid4().hex[:8].upper()}"
    start = CohortStart(
        cohort=name,
        title="Spring cohort",
        policy=policy or shipped_policy(),
        starts_on=starts_on or first_start_date(datetime.now(UTC).date() + timedelta(weeks=4)),
        weeks=weeks,
        country=ROLE.country,
        time_zone=ROLE.time_zone,
        led_by=led_by,
        hr_lead=HR_LEAD,
        seconds_per_day=seconds_per_day,
        events_a_run=events_a_run,
    )
    if going_on_from is not None:
        state = CohortState.begin(start, datetime.now(UTC))
        going_on_from(state)
        start = start.model_copy(update={"state": state})
    handle = await office.client.start_workflow(Cohort.run, start, id=f"cohort-{name}", task_queue=office.queue)
    return CohortUnderTest(office, name, handle, [])
