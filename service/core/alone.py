"""Whether somebody has another case of the same kind already. The engine knows what runs; the records, what to ask for.

A case is put on record before it starts, one at a time for each person, so that of two starts at once the second finds
the first, though neither the engine nor the records have heard of it. A start is given up before it stops counting
(:data:`records.queries.core.starts.BEING_STARTED`), so none comes later. What escapes is a start beside these records.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError

from domain.core.beginning import Claim
from domain.core.model import CaseId
from domain.core.naming import Programme, workflow_id
from engine.rpc import no_such_workflow
from records.database import Database
from records.queries.core.starts import Sibling, enter, siblings
from service.core.errors import CantStart, NeedsReason


async def check_alone(client: Client, database: Database, claims: Sequence[Claim]) -> None:
    """Put on record that a case is to start, with all that is to start inside it.

    Raises :class:`NeedsReason` where the person has another that runs, or is just being started, and nobody gave a
    reason to start one beside it; :class:`CantStart` where no reason would do. Nothing is on record then.
    """
    if refused := await not_alone(client, database, claims):
        if any(claim.programme == Programme.CERTIFICATION for claim in claims):
            raise CantStart(f"{refused}; there can't be two", "conflict")
        raise NeedsReason(f"{refused}; one more beside it needs a reason", "conflict")


async def not_alone(client: Client, database: Database, claims: Sequence[Claim]) -> str | None:
    """Put on record that these are to start; a sentence that names the others where one of them must not."""
    try:
        await _claim(client, database, claims)
    except _NotAlone as others:
        return f"{others.claim.person} has {_kind(others.claim)} already: {' and '.join(others.cases)}"
    return None


async def claim_case(client: Client, database: Database, claim: Claim) -> list[CaseId]:
    """Put on record what is to be the person's only case, unless there are others; those that run, or are to start."""
    try:
        await _claim(client, database, [claim])
    except _NotAlone as others:
        return others.cases
    return []


class _NotAlone(Exception):
    """The person has other ``cases``, and nobody said why there is to be one more."""

    def __init__(self, claim: Claim, others: Sequence[Sibling]) -> None:
        super().__init__()
        self.claim = claim
        self.cases = list(dict.fromkeys(other.case for other in others))


async def _claim(client: Client, database: Database, claims: Sequence[Claim]) -> None:
    """Raises :class:`_NotAlone` where one of them must not start, and then puts none on record."""
    now = datetime.now(UTC)
    known = [other for claim in claims for other in await asyncio.to_thread(_siblings, database, claim)]
    over = [other for other in known if await _is_over(client, other, now)]
    await asyncio.to_thread(_enter, database, claims, over, now)


def _kind(claim: Claim) -> str:
    if claim.programme == Programme.CERTIFICATION:
        return f"a certification for {claim.role}"
    return "a path to this role" if claim.programme == Programme.UPSKILLING else "a placement"


def _siblings(database: Database, claim: Claim) -> list[Sibling]:
    with database.reading() as session:
        return siblings(session, claim)


def _enter(database: Database, claims: Sequence[Claim], over: list[Sibling], now: datetime) -> None:
    with database.session() as session:
        for claim in claims:
            others = enter(session, claim, over, now)
            if others and claim.beside is None:
                raise _NotAlone(claim, others)


async def _is_over(client: Client, other: Sibling, now: datetime) -> bool:
    """Whether the engine says that a case is over; or knows nothing of it, though it has had the time to.

    A case that was to be led elsewhere a while ago has been, or has not: either way the records know its role by now.
    """
    if other.changes and not other.may_be_starting(now):
        return True
    try:
        there = await client.get_workflow_handle(workflow_id(other.case)).describe()
    except RPCError as error:
        if not no_such_workflow(error):
            raise
        return not other.may_be_starting(now)
    return there.status is not WorkflowExecutionStatus.RUNNING
