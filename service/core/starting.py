"""Starting a case of any programme, exactly once."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from functools import partial
from typing import Any

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from domain.core.beginning import BY_DEFAULT, MATCHED_BY, NONE, POLICY, TERMS, Beginning
from domain.core.case import ENDED
from domain.core.model import CaseId, CohortId
from domain.core.naming import workflow_id
from domain.core.people import Named
from engine.registration import register
from engine.rpc import no_such_workflow
from engine.starting import start_options
from records.database import Database
from records.queries.registry import known
from service.core.alone import check_alone
from service.core.errors import CantStart, HasEnded, NameTaken, NeedsReason
from service.core.people import check_all_here
from service.core.started import Started

START_WITHIN = timedelta(seconds=40)
"""After so long a start that the engine has not taken is given up: well before it stops counting for others."""


async def start_once(
    client: Client, database: Database, beginning: Beginning, task_queue: str, named: Named | None = None
) -> Started:
    """Start the workflow, or find the one of this case that runs. ``named`` says better than its start who is named.

    Raises :class:`HasEnded` for a case that has ended, and :class:`CantStart` for one that runs with another identity,
    for one beside another of the same person without a reason, and for one that names somebody who has left. Raises
    ``RPCError`` where the engine can't be reached.
    """
    if not await asyncio.to_thread(check_could_start, database, beginning, named):
        return await _already_there(client, beginning)
    try:
        async with asyncio.timeout(START_WITHIN.total_seconds()):
            await check_alone(client, database, beginning.claims)
            handle = await _start(client, beginning, task_queue)
    except WorkflowAlreadyStartedError:
        return await _already_there(client, beginning)
    except TimeoutError:
        late = f"Temporal has not taken the start of {beginning.case} within {START_WITHIN.seconds} s; start it again"
        raise RPCError(late, RPCStatusCode.DEADLINE_EXCEEDED, b"") from None
    run, policies = handle.result_run_id or "", _policies(beginning.terms)
    return Started(beginning.case, run, already_running=False, policies=policies)


async def start_beside(reason: str | None, start: Callable[[], Awaitable[Started]]) -> Started:
    """Start a case that may run beside others for a ``reason``, which it keeps only where there are others.

    Whether there are, ``start`` looks up before it makes its claim. If another one made its own in between, the case is
    refused for want of a reason, and tried again, when it finds that one. Raises what ``start`` does.
    """
    try:
        return await start()
    except NeedsReason:
        if reason is None:
            raise
        return await start()


def check_could_start(database: Database, beginning: Beginning, named: Named | None = None) -> bool:
    """Whether a case could be started, by the records alone; false for one that may run already, which stays as it is.

    Raises as :func:`start_once` does for a case that has ended, and for one that names somebody who has left.
    """
    if _may_run_already(database, beginning):
        return False
    check_all_here(database, beginning.start.named() if named is None else named)
    return True


def _may_run_already(database: Database, beginning: Beginning) -> bool:
    """Whether the records know the case. It must not start once more, though Temporal may have forgotten it.

    What a new case of that name told would be taken for what the old one had told already.
    """
    with database.reading() as session:
        row = known(session, beginning.case)
    if row is not None and row.stage == ENDED:
        raise _ended(beginning)
    return row is not None


def _ended(beginning: Beginning) -> HasEnded:
    return HasEnded(f"{beginning.case} has ended and can't be started again; {beginning.instead}", "conflict")


async def _start(client: Client, beginning: Beginning, task_queue: str) -> WorkflowHandle[Any, Any]:
    """Start it, on a server that no worker has prepared yet too. Raises where a workflow of this id is or was there.

    The conflict policy is to fail, because that alone tells for certain, with the SDK's public means, whether it was
    this call that started the case. A call that is repeated on the way (same request id) is still a start.
    """
    of_workflow = beginning.of_workflow()
    starting = partial(
        client.start_workflow,
        of_workflow.workflow,
        of_workflow.start,
        **start_options(of_workflow),
        task_queue=task_queue,
        id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
        id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        rpc_timeout=START_WITHIN,
    )
    try:
        return await starting()
    except RPCError as error:
        if error.status is not RPCStatusCode.INVALID_ARGUMENT:  # as of an unknown search attribute, or of anything else
            raise
    await register(client)
    return await starting()


async def _already_there(client: Client, beginning: Beginning) -> Started:
    """The case that runs under this id. Raises as :func:`start_once` does."""
    case = beginning.case
    try:
        there = await client.get_workflow_handle(workflow_id(case)).describe()
    except RPCError as error:
        if not no_such_workflow(error):
            raise
        raise _ended(beginning) from None
    if there.status is not WorkflowExecutionStatus.RUNNING:
        raise _ended(beginning)
    memo = await there.memo()
    if other := [memo[key] for key, value in beginning.identity.items() if memo.get(key, value) != value]:
        what = " and ".join(map(str, other))
        sentence = f"{case} is already running, for another person or role: {what}; {beginning.instead}"
        raise NameTaken(sentence, "conflict")
    if beginning.matched_by is not None and memo.get(MATCHED_BY) != beginning.matched_by:
        raise CantStart(f"{case} is already running, and not in {beginning.matched_by}", "conflict")
    terms: Mapping[str, str] = memo.get(TERMS) or {}
    differs = _differs(beginning, terms)
    return Started(case, there.run_id, already_running=True, differs=differs, policies=_policies(terms))


def _policies(terms: Mapping[str, str]) -> list[str]:
    """The labels of the case's policy, and of that of a path inside."""
    return [label for what, label in terms.items() if what.startswith(POLICY)]


def _differs(beginning: Beginning, running: Mapping[str, str]) -> list[str]:
    return [
        f"{beginning.case} {_stays(what, running[what], asked)}"
        for what, asked in beginning.terms.items()
        if running.get(what, asked) != asked and what not in beginning.unasked and BY_DEFAULT.get(what) != asked
    ]


def _stays(what: str, running: str, asked: str) -> str:
    if running == NONE:
        return f"was started with no {what}, and stays so; {asked} was asked for"
    if asked == NONE:
        return f"keeps the {what} it was started with: {running}; none was named this time"
    return f"keeps the {what} it was started with: {running}, not {asked}"


async def was_matched_by(client: Client, case: CaseId) -> CohortId | None:
    """The cohort that a case was told by, running or ended; none where Temporal has no such case any more."""
    try:
        there = await client.get_workflow_handle(workflow_id(case)).describe()
    except RPCError as error:
        if not no_such_workflow(error):
            raise
        return None
    cohort: CohortId | None = (await there.memo()).get(MATCHED_BY)
    return cohort
