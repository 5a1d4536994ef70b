"""Starting a case of any programme, exactly once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from functools import partial
from typing import Any

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.common import (
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
    WorkflowIDReusePolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from cli.errors import CommandError
from domain.case import ENDED
from domain.model import CaseId
from domain.naming import workflow_id
from engine.search_attributes import COHORT, POLICY, STAGE, register
from records.database import Database
from records.tables import CaseRecord


@dataclass(frozen=True)
class Started:
    """A case that was started now, or was ``already_running`` as it is; ``run`` is Temporal's id of its run."""

    case: CaseId
    run: str
    already_running: bool


@dataclass(frozen=True)
class Beginning:
    """A case to be started: its workflow type, what that is started with, and what the engine shows of it.

    A second start of the same case must agree on ``identity``. ``summary`` and ``details`` hold ids and dates, never a
    name.
    """

    case: CaseId
    workflow: str
    start: Any
    stage: str
    policy: str
    cohort: str | None
    identity: dict[str, str]
    summary: str
    details: str


async def start_once(client: Client, database: Database, beginning: Beginning, task_queue: str) -> Started:
    """Start the workflow, or find the one of this case that runs.

    Raises :class:`CommandError` for a case that has ended, or that runs with another identity.
    """
    if await asyncio.to_thread(_may_run_already, database, beginning.case):
        return await _already_there(client, beginning)
    try:
        handle = await _start(client, beginning, task_queue)
    except WorkflowAlreadyStartedError:
        return await _already_there(client, beginning)
    return Started(beginning.case, handle.result_run_id or "", already_running=False)


def _may_run_already(database: Database, case: CaseId) -> bool:
    """Whether the records know the case. It must not start once more, though Temporal may have forgotten it.

    What a new case of that name told would be taken for what the old one had told already.
    """
    with database.reading() as session:
        known = session.get(CaseRecord, case)
    if known is not None and known.stage == ENDED:
        raise _ended(case)
    return known is not None


def _ended(case: CaseId) -> CommandError:
    return CommandError(f"{case} has ended and can't be started again; name another case with --case", "conflict")


async def _start(client: Client, beginning: Beginning, task_queue: str) -> WorkflowHandle[Any, Any]:
    """Start it, on a server that no worker has prepared yet too. Raises where a workflow of this id is or was there.

    The conflict policy is to fail, because that alone tells for certain, with the SDK's public means, whether it was
    this call that started the case. A call that is repeated on the way (same request id) is still a start.
    """
    starting = partial(
        client.start_workflow,
        beginning.workflow,
        beginning.start,
        id=workflow_id(beginning.case),
        task_queue=task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
        id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        memo=beginning.identity,
        search_attributes=_search_attributes(beginning),
        static_summary=f"{beginning.case}: {beginning.summary}, {beginning.policy}",
        static_details=beginning.details,
    )
    try:
        return await starting()
    except RPCError as error:
        if error.status is not RPCStatusCode.INVALID_ARGUMENT or "search attribute" not in error.message.lower():
            raise
    await register(client)
    return await starting()


async def _already_there(client: Client, beginning: Beginning) -> Started:
    """The case that runs under this id. Raises :class:`CommandError` when it has ended, or is somebody else's."""
    case = beginning.case
    try:
        there = await client.get_workflow_handle(workflow_id(case)).describe()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        raise _ended(case) from None
    if there.status is not WorkflowExecutionStatus.RUNNING:
        raise _ended(case)
    memo = await there.memo()
    if any(memo.get(key, value) != value for key, value in beginning.identity.items()):
        raise CommandError(
            f"{case} is already running, for another person or role; name another case with --case", "conflict"
        )
    return Started(case, there.run_id, already_running=True)


def _search_attributes(beginning: Beginning) -> TypedSearchAttributes:
    pairs: list[SearchAttributePair[Any]] = [
        SearchAttributePair(STAGE, beginning.stage),
        SearchAttributePair(POLICY, beginning.policy),
    ]
    if beginning.cohort:
        pairs.append(SearchAttributePair(COHORT, beginning.cohort))
    return TypedSearchAttributes(pairs)
