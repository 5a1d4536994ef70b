"""The largest cohort there can be, matched twenty times: what it takes along into a new run stays small."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

import pytest
from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from domain.cohort.calls import CohortPlan, CohortPlanRequest, MessagesToPlacements, PlacementsToFind
from domain.cohort.matching import CohortMatchRequest, CohortProposal, ProposedPair, Unmatched
from domain.cohort.participant_state import ParticipantState, ParticipantStatus
from domain.cohort.participants import LARGEST_COHORT, Participant
from domain.cohort.state import CohortEnding, CohortStart, CohortState
from domain.core.delivery import Delivery, Sent
from domain.core.post import PostBatch
from domain.core.tasks import AnswerTask, Receipt
from tests.cohorts import policy_with
from tests.office import ELIGIBLE, HR, HR_LEAD, ROLE
from tests.patience import once_there
from workflows.cohort.workflow import Cohort

ROUNDS = 20
WHY = "each of the 40 mentors who suit has no place left: would have suited " + "; ".join(
    f"P-MENTOR{n} (0.81), who went to P-RETURN{n}00 (0.93), P-RETURN{n}01 (0.92) and P-RETURN{n}02 (0.91, pinned)"
    for n in range(3)
)
REASONS = [
    "shared skills: python, sql, statistics",
    "time zones 2.5 h apart",
    "languages in common: de, en",
    "in common: parents",
]


@activity.defn(name="match_cohort")
def match(request: CohortMatchRequest) -> CohortProposal:
    """Nine in ten have a mentor."""
    pairs = [
        ProposedPair(
            case=seeker.case, returner=seeker.returner, mentor="P-MENTOR1", score=0.8123, reasons=REASONS, pinned=False
        )
        for n, seeker in enumerate(request.seekers)
        if n % 10
    ]
    left = [
        Unmatched(case=seeker.case, returner=seeker.returner, why=WHY)
        for n, seeker in enumerate(request.seekers)
        if n % 10 == 0
    ]
    return CohortProposal(
        cohort=request.cohort, n=request.n, pairs=pairs, unmatched=left, total_score=731.07, objective="best_total"
    )


@activity.defn(name="deliver")
def deliver(delivery: Delivery) -> Sent:
    """All goes out."""
    return Sent(done=[letter.key for letter in delivery.letters])


@activity.defn(name="send_post")
def send(batch: PostBatch) -> Sent:
    """All goes out."""
    return Sent(done=[letter.key for letter in batch.letters])


@activity.defn(name="plan_cohort")
def plan(request: CohortPlanRequest) -> CohortPlan:
    """No dates of its own."""
    return CohortPlan(dates=[], ends_on=date(2199, 1, 1))


@activity.defn(name="gone_placements")
def gone(call: PlacementsToFind) -> list[str]:
    """All are there."""
    return []


@activity.defn(name="tell_proposals")
def tell(call: MessagesToPlacements) -> list[str]:
    """All hear it."""
    return []


def a_thousand_look_for_a_mentor() -> CohortStart:
    start = CohortStart(
        cohort=f"LARGE-{uuid.uuid4().hex[:8].upper()}",
        title="The largest cohort",
        policy=policy_with(),
        starts_on=date(2198, 1, 6),
        weeks=16,
        country="GB",
        time_zone="Europe/London",
        led_by=HR,
        hr_lead=HR_LEAD,
        events_a_run=1,
    )
    state = CohortState.begin(start, datetime.now(UTC))
    state.roles[ROLE.id] = ROLE
    for n in range(LARGEST_COHORT):
        who = Participant(case=f"R-LARGE{n:05}-DATA1", returner=f"P-LARGE{n:05}", role=ROLE.id, application=ELIGIBLE)
        state.participants[who.case] = ParticipantState(who=who, status=ParticipantStatus.SEEKING, enlisted_by=HR)
    return start.model_copy(update={"state": state})


async def review(handle: WorkflowHandle[Cohort, CohortEnding], n: int) -> dict[str, Any]:
    """The review of the ``n``-th matching, once it is open."""
    async with asyncio.timeout(120):
        while True:
            for task in await handle.query(Cohort.open_tasks):
                if task["facts"]["matching"] == n:
                    return dict(task)
            await asyncio.sleep(0.1)


@pytest.mark.long
async def test_a_thousand_people_and_twenty_matchings_fit_into_a_new_run(client: Client) -> None:
    start, queue = a_thousand_look_for_a_mentor(), f"large-{uuid.uuid4()}"
    activities: list[Callable[..., Any]] = [match, deliver, send, plan, gone, tell]
    with ThreadPoolExecutor(4) as threads:
        async with Worker(
            client, task_queue=queue, workflows=[Cohort], activities=activities, activity_executor=threads
        ):
            handle = await client.start_workflow(Cohort.run, start, id=f"cohort-{start.cohort}", task_queue=queue)
            for n in range(1, ROUNDS + 1):
                task = await review(handle, n)
                forbid = [f"P-LARGE{number:05}=P-MENTOR{n}" for number in range(50)]
                answer = {"agree": False, "forbid": forbid, "reason": "once more"} if n < ROUNDS else {"agree": True}
                message = AnswerTask(actor=HR, task=task["id"], answer=answer)
                answer_it = partial(handle.execute_update, "answer_task", message, result_type=Receipt)
                await once_there(answer_it)
            async with asyncio.timeout(60):
                while not any(
                    decision["decided"] == "agreed" for decision in (await handle.query(Cohort.view))["decisions"]
                ):
                    await asyncio.sleep(0.1)

            history = await client.get_workflow_handle(handle.id).fetch_history()
            begun = history.events[0].workflow_execution_started_event_attributes
            taken_along = sum(len(payload.data) for payload in begun.input.payloads)
            view = await handle.query(Cohort.view)
            await handle.terminate()

    assert begun.continued_execution_run_id, "it has gone on in new runs"
    assert taken_along < 1_200_000, taken_along
    decisions = [decision for decision in view["decisions"] if decision["what"] == "matching"]
    assert len(decisions) == ROUNDS
    assert decisions[-1]["evidence"]["pairs"]["entries"] == 900
    assert len(decisions[-1]["evidence"]["pairs"]["sha256"]) == 64
