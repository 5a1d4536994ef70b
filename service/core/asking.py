"""Talking to a running case: what people ask of it, and how it stands."""

from __future__ import annotations

import asyncio
import logging
import random
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from temporalio.client import (
    Client,
    RPCTimeoutOrCancelledError,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
    WorkflowUpdateStage,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from domain.core.case import ENDED
from domain.core.model import CaseId
from domain.core.naming import COHORT, Programme, programme_of, workflow_id
from domain.core.tasks import REFUSED
from domain.core.updates import Update
from engine.polling import nobody_polls
from engine.rpc import no_such_workflow
from records.database import Database
from records.errors import RecordsError
from records.local_time import with_local_times
from records.queries.registry import check_case, known, outcome, time_zone
from service.core.errors import (
    KINDS,
    Forgotten,
    ForgottenCohort,
    NobodyAtWork,
    NoWorker,
    Refused,
    RefusedByCase,
    Unfit,
    Unknown,
    Unreachable,
)

_log = logging.getLogger(__name__)

M = TypeVar("M", bound=BaseModel)
T = TypeVar("T")

BETWEEN_TRIES = 0.2
"""About so many seconds an update waits that came as its workflow went on in a new run, or had its hands full; up to
half as much more or less, so that of many who were turned away at once not all come again at once."""

NOT_HEARD = frozenset(
    {
        RPCStatusCode.ABORTED,
        RPCStatusCode.FAILED_PRECONDITION,
        RPCStatusCode.RESOURCE_EXHAUSTED,
        RPCStatusCode.UNAVAILABLE,
    }
)
"""How the server turns an update away that nobody has heard: its workflow was just going on in a new run, had as many
updates in hand as it may, or did not come to the end of the step in which it was to hear it. The next try may get
through; it has the same id, so that what was heard all the same is not done twice."""

LOOKS_FOR_WORKERS = 5.0
"""After so many seconds in which nobody took an update it is looked whether anybody works at all."""

NO_WORKER = frozenset({RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED, RPCStatusCode.FAILED_PRECONDITION})


def message(model: type[M], **values: Any) -> M:
    """What is sent to a case, without what was not given. Raises :class:`Unfit` naming what does not fit."""
    try:
        return model(**{name: value for name, value in values.items() if value is not None})
    except ValidationError as error:
        raise Unfit.by(error) from None


async def ask(
    client: Client,
    database: Database,
    case: CaseId,
    update: Update,
    request: BaseModel,
    reply: type[M],
    seconds: float,
    *,
    workflow: str | None = None,
    once: str | None = None,
) -> M:
    """Ask something of a running case, or of another ``workflow``, and return its reply.

    What was asked under the same name ``once`` before is not asked again: its reply is that of the first time.

    Raises :class:`RefusedByCase` with the case's own sentence, :class:`Unknown` where there is no such case,
    :class:`Refused` for one that has ended, and :class:`Unreachable` where nobody is there to answer within so many
    seconds for each of accepting it and carrying it out; sooner, as :class:`NobodyAtWork`, where there is no worker.
    """
    handle = client.get_workflow_handle(workflow or workflow_id(case))
    send = partial(
        handle.start_update,
        update.value,
        request,
        id=once or str(uuid.uuid4()),
        wait_for_stage=WorkflowUpdateStage.ACCEPTED,
        result_type=reply,
        rpc_timeout=timedelta(seconds=seconds),
    )
    no_worker = NoWorker(f"no worker answered within {seconds:g} s (it may still carry out what you asked)")
    async with _explained(handle, database, case, no_worker):
        taking = _while_somebody_works(client, handle, until_taken(send, seconds))
        accepted = await asyncio.wait_for(taking, seconds + 1)
    at_it = Unreachable(f"{case} has accepted it and is still at it; look at it again later")
    async with _explained(handle, database, case, at_it):
        return await asyncio.wait_for(accepted.result(rpc_timeout=timedelta(seconds=seconds)), seconds + 1)


async def _while_somebody_works(client: Client, handle: WorkflowHandle[Any, Any], sending: Coroutine[Any, Any, T]) -> T:
    """What comes of sending, unless it takes long because there is no worker: raises :class:`NobodyAtWork` then."""
    sent = asyncio.create_task(sending)
    try:
        while not (await asyncio.wait([sent], timeout=LOOKS_FOR_WORKERS))[0]:
            if await _nobody_works(client, handle):
                raise NobodyAtWork("no worker is at work (one that comes back may still carry out what you asked)")
        return sent.result()
    finally:
        sent.cancel()


async def _nobody_works(client: Client, handle: WorkflowHandle[Any, Any]) -> bool:
    try:
        queue = (await handle.describe()).task_queue
    except RPCError:
        return False
    return await nobody_polls(client, queue)


async def until_taken(send: Callable[[], Awaitable[T]], seconds: float) -> T:
    """Send an update until its workflow has heard it; see :data:`NOT_HEARD`."""
    until = asyncio.get_running_loop().time() + seconds
    while True:
        wait = BETWEEN_TRIES * random.uniform(0.5, 1.5)
        try:
            return await send()
        except RPCError as error:
            late = asyncio.get_running_loop().time() + wait > until
            if error.status not in NOT_HEARD or late:
                raise
        await asyncio.sleep(wait)


async def view(client: Client, database: Database, case: CaseId, seconds: float) -> dict[str, Any]:
    """The whole state of a case, running or ended. Raises as :func:`ask` does, but for a refusal."""
    handle = client.get_workflow_handle(workflow_id(case))
    async with _explained(handle, database, case, NoWorker(f"no worker answered within {seconds:g} s")):
        query = handle.query("view", result_type=dict[str, Any], rpc_timeout=timedelta(seconds=seconds))
        return await asyncio.wait_for(query, seconds + 1)


@asynccontextmanager
async def _explained(
    handle: WorkflowHandle[Any, Any], database: Database, case: CaseId, unanswered: Unreachable
) -> AsyncIterator[None]:
    """What goes wrong within the block as an error of ours; ``unanswered`` where nobody answers in time."""
    try:
        yield
    except WorkflowUpdateFailedError as error:
        raise await asyncio.to_thread(_refusal, database, error.cause, case) from error
    except WorkflowQueryFailedError as error:
        _note(case, error)
        raise Unreachable(f"{case} can't be shown now; the log says why") from error
    except (TimeoutError, RPCTimeoutOrCancelledError) as error:
        raise unanswered from error
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise await _not_there(handle, database, case) from error
        if error.status in NO_WORKER:
            raise unanswered from error
        if error.status is RPCStatusCode.RESOURCE_EXHAUSTED:
            raise Unreachable(f"{case} is asked too much at once; try again in a moment") from error
        if error.status is RPCStatusCode.INVALID_ARGUMENT:
            _note(case, error)
            raise Refused(f"Temporal does not take this for {case}; it may be too long", "invalid") from error
        raise _unreachable(case, error) from error


def _unreachable(case: CaseId, error: RPCError) -> Unreachable:
    """What Temporal itself says is for the log."""
    _note(case, error)
    return Unreachable(f"Temporal could not do it ({error.status.name.lower().replace('_', ' ')}); try again later")


def _note(case: CaseId, error: BaseException) -> None:
    _log.warning("a case could not be asked", extra={"case": case, "reason": f"{type(error).__name__}: {error}"})


def _refusal(database: Database, cause: BaseException, case: CaseId) -> RefusedByCase:
    """The sentence of a case, its instants as they are where the case is at home; of what is no refusal of ours, that
    it failed."""
    if not isinstance(cause, ApplicationError) or not (cause.type or "").startswith(REFUSED):
        _note(case, cause)
        return RefusedByCase(f"{case} could not do that; look at it before you ask again", "refused")
    kind = (cause.type or "").removeprefix(REFUSED)
    return RefusedByCase(with_local_times(cause.message, zone_of(database, case)), KINDS.get(kind, "refused"))


def zone_of(database: Database, case: CaseId) -> str | None:
    """Where a case is at home, by the records; none where they can't be used now."""
    try:
        with database.reading() as session:
            return time_zone(session, case)
    except RecordsError:
        return None


async def _not_there(handle: WorkflowHandle[Any, Any], database: Database, case: CaseId) -> Exception:
    """Why Temporal finds nothing to ask: the case has ended, or there is none."""
    try:
        status = (await handle.describe()).status
    except RPCError as error:
        if no_such_workflow(error):
            return await asyncio.to_thread(_forgotten, database, case)
        return _unreachable(case, error)
    if status is WorkflowExecutionStatus.RUNNING:
        return Unreachable(f"{case} could not answer now; try again")
    return Refused(f"{case} has ended", "conflict")


def _forgotten(database: Database, case: CaseId) -> Exception:
    """What the records know of a case that Temporal does not: it forgets ended ones after a while, they never do."""
    cohort = case.removeprefix(COHORT) if programme_of(case) is Programme.COHORT else None
    spoken = f"cohort {cohort}" if cohort else f"case {case}"
    try:
        with database.reading() as session:
            row = known(session, case)
            if row is None and cohort:
                check_case(session, case)  # raises, naming those there are
    except Unknown as unknown:
        return unknown
    except RecordsError:
        row = None
    if row is None:
        return Unknown(f"there is no {spoken}")
    if row.stage != ENDED:
        return Unknown(f"there is no {spoken} on this Temporal server, though the records have it")
    if cohort:
        return ForgottenCohort(f"{cohort} has ended and Temporal no longer keeps it; the records do", cohort)
    return Forgotten(f"{case} has ended ({outcome(row)}) and Temporal no longer keeps it; the records do", case)
