"""What a cohort asks of its placements, many of them at once; and its own dates and figures.

Where Temporal or the records can't be reached, that fails the whole activity, which is tried again; what has happened
already stays as it is. What keeps a single placement from it is said in the result of that one, and stops none of the
others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from pydantic import ValidationError
from temporalio import activity
from temporalio.client import (
    Client,
    RPCTimeoutOrCancelledError,
    WorkflowExecutionStatus,
    WorkflowUpdateFailedError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from activities.core.heartbeat import heartbeating_async
from activities.core.journal import records_errors
from domain.cohort.calls import (
    AskedPlacement,
    CohortPlan,
    CohortPlanRequest,
    MessagesToPlacements,
    PlacementsToAsk,
    PlacementsToFind,
    PlacementsToStart,
    StartResult,
)
from domain.cohort.figures import CohortFigures
from domain.cohort.participants import Participant
from domain.cohort.plan import plan_dates
from domain.core.case import Done
from domain.core.model import CaseId, CohortId
from domain.core.naming import workflow_id
from domain.core.sentences import explain
from domain.core.signals import Signal
from domain.core.updates import Update
from domain.core.working_pattern import WorkingTime
from domain.placement.cohort_messages import CohortInstruction
from domain.placement.requests import LeaveType, PausePlacement, ResumePlacement
from domain.placement.start import PlacementStart
from engine.rpc import no_such_workflow
from records import reporting
from records.database import Database
from service.core.at_once import for_each
from service.core.errors import CantStart, HasEnded
from service.core.starting import start_once, was_matched_by
from service.placement.placing import checked_beginning
from service.placement.working_days import first_worked_day, holidays_lack, local_times, working_days

ASKED_AT_ONCE = 5
"""So many placements are started, signalled or updated at a time: a cohort of two hundred must not swamp the server."""

ANSWERS_WITHIN = timedelta(seconds=20)

PATIENT_FOR_TRIES = 5
"""After so many tries (a minute or two), a placement that does not answer is no reason for the others to wait."""


class CohortActivities:
    """Starts and asks placements, which run on ``task_queue``; reads the HR database."""

    def __init__(self, client: Client, database: Database, task_queue: str) -> None:
        self._client = client
        self._database = database
        self._task_queue = task_queue

    # Starting

    @activity.defn(name="start_placements")
    async def start_placements(self, call: PlacementsToStart) -> list[StartResult]:
        """Start each placement exactly once; what runs already for this cohort is fine.

        It heartbeats. Raises ``ApplicationError`` of the name of a :class:`RecordsError` while the database can't be
        reached.
        """

        async def start(who: Participant) -> StartResult:
            return StartResult(case=who.case, refused=await self._start(call, who))

        with records_errors():
            async with heartbeating_async():
                return await for_each(start, call.enlisting.participants, at_once=ASKED_AT_ONCE)

    async def _start(self, call: PlacementsToStart, who: Participant) -> str | None:
        """Start a placement; a sentence where that can't be."""
        try:
            start = placement_start(call, who)
            beginning = await asyncio.to_thread(checked_beginning, self._database, start)
            await start_once(self._client, self._database, beginning, self._task_queue)
        except ValidationError as error:
            return explain(error, "placement", repeat=False)
        except HasEnded as ended:
            # One that an earlier try started and that has ended since has signalled the cohort so itself.
            return None if await was_matched_by(self._client, who.case) == call.cohort else str(ended)
        except CantStart as refusal:
            return str(refusal)
        return None

    # Telling and asking

    @activity.defn(name="tell_proposals")
    async def tell_proposals(self, call: MessagesToPlacements) -> list[CaseId]:
        """Signal each placement whom to ask. Returns the cases whose workflow has ended. It heartbeats."""

        async def has_ended(case: CaseId) -> bool:
            handle = self._client.get_workflow_handle(workflow_id(case))
            try:
                await handle.signal(Signal.MENTOR_PROPOSED.value, call.proposals[case], rpc_timeout=ANSWERS_WITHIN)
            except RPCError as error:
                if not no_such_workflow(error):
                    raise
                return True
            return False

        return await self._cases_where(has_ended, sorted(call.proposals))

    @activity.defn(name="gone_placements")
    async def gone_placements(self, call: PlacementsToFind) -> list[CaseId]:
        """The cases of these placements whose workflow has ended. It heartbeats."""

        async def has_ended(case: CaseId) -> bool:
            try:
                description = await self._client.get_workflow_handle(workflow_id(case)).describe(
                    rpc_timeout=ANSWERS_WITHIN
                )
            except RPCError as error:
                if not no_such_workflow(error):
                    raise
                return True
            return description.status is not WorkflowExecutionStatus.RUNNING

        return await self._cases_where(has_ended, call.cases)

    async def _cases_where(
        self, condition: Callable[[CaseId], Awaitable[bool]], cases: Sequence[CaseId]
    ) -> list[CaseId]:
        async with heartbeating_async():
            found = await for_each(condition, cases, at_once=ASKED_AT_ONCE)
        return [case for case, true in zip(cases, found, strict=True) if true]

    @activity.defn(name="ask_placements")
    async def ask_placements(self, call: PlacementsToAsk) -> list[AskedPlacement]:
        """Ask each placement to pause or to resume, and return its replies. A try that is repeated changes nothing.

        It heartbeats. A leave with the cohort is one of the type ``other``.
        """
        last_try = activity.info().attempt >= PATIENT_FOR_TRIES

        async def ask(case: CaseId) -> AskedPlacement:
            try:
                return await self._ask(call, case)
            except RPCTimeoutOrCancelledError:
                if not last_try:
                    raise
            unanswered = f"did not answer; once it does, {'pause' if call.pause else 'resume'} it by itself"
            return AskedPlacement(case=case, sentence=unanswered, refused=True, silent=True)

        async with heartbeating_async():
            return await for_each(ask, call.cases, at_once=ASKED_AT_ONCE)

    async def _ask(self, call: PlacementsToAsk, case: CaseId) -> AskedPlacement:
        instruction = CohortInstruction(cohort=call.cohort, n=call.n)
        pausing = PausePlacement(actor=call.actor, leave_type=LeaveType.OTHER, instruction=instruction)
        try:
            done = await self._client.get_workflow_handle(workflow_id(case)).execute_update(
                (Update.PAUSE if call.pause else Update.RESUME).value,
                pausing if call.pause else ResumePlacement(actor=call.actor, instruction=instruction),
                id=f"{call.cohort}-word-{call.n}-{case}",
                result_type=Done,
                rpc_timeout=ANSWERS_WITHIN,
            )
        except WorkflowUpdateFailedError as error:
            cause = error.cause
            sentence = cause.message if isinstance(cause, ApplicationError) else str(cause)
            return AskedPlacement(case=case, sentence=sentence, refused=True)
        except RPCError as error:
            if not no_such_workflow(error):
                raise
            return AskedPlacement(case=case, sentence="has ended", refused=True)
        return AskedPlacement(case=case, sentence=done.sentence, refused=False)

    # Knowing

    @activity.defn(name="plan_cohort", no_thread_cancel_exception=True)
    def plan_cohort(self, request: CohortPlanRequest) -> CohortPlan:
        """The cohort's own dates. An unknown country or time zone raises, names it, and is retried."""
        plan = plan_dates(request, working_days(request.country), local_times(request.time_zone))
        return plan.model_copy(update={"holidays_lack": holidays_lack(request.country)})

    @activity.defn(name="cohort_figures", no_thread_cancel_exception=True)
    def cohort_figures(self, cohort: CohortId) -> CohortFigures:
        """What came of a cohort, from the records.

        Raises ``ApplicationError`` of the name of a :class:`RecordsError` while the database can't be reached.
        """
        with records_errors(), self._database.reading() as session:
            return reporting.cohort_figures(session, cohort)


def placement_start(call: PlacementsToStart, who: Participant) -> PlacementStart:
    """What the placement of a participant is started with: on a day on which they work.

    Raises ``ValidationError`` where it does not fit.
    """
    role, time = call.enlisting.roles[who.role], WorkingTime(who.patterns, call.policy.working_week)
    return PlacementStart(
        case=who.case,
        returner=who.returner,
        application=who.application,
        role=role,
        starts_on=first_worked_day(role.country, who.starts_on or call.starts_on, time),
        weeks=who.weeks or call.weeks,
        policy=call.policy,
        cohort=call.cohort,
        started_by=call.started_by,
        seconds_per_day=call.seconds_per_day,
        matched_by=call.cohort,
        beside=who.beside,
        patterns=who.patterns,
    )
