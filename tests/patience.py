"""Patience with a server that stalls, or takes back; apart from the fixtures: programs under test use it as well."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from temporalio.client import (
    Client,
    Interceptor,
    OutboundInterceptor,
    QueryWorkflowInput,
    WorkflowUpdateFailedError,
)
from temporalio.service import RPCError, RPCStatusCode

from engine.client import connect
from engine.errors import EngineUnreachable
from engine.settings import Settings

T = TypeVar("T")

TRIES = 20
NOBODY_ANSWERED = frozenset({RPCStatusCode.CANCELLED, RPCStatusCode.DEADLINE_EXCEEDED})
STEP_LOST = RPCStatusCode.FAILED_PRECONDITION
"""The last step of a case took longer than the server waits for it, and is being taken once more."""


async def patiently_connect(settings: Settings, address: str) -> Client:
    """A client, also of a server that stalls for some seconds, which asks again when nobody answers a query."""
    for _ in range(TRIES):
        try:
            return _patient(await connect(settings, address=address))
        except EngineUnreachable:
            await asyncio.sleep(1)
    return _patient(await connect(settings, address=address))


async def once_there(answer: Callable[[], Awaitable[T]]) -> T:
    """Answer a task that a query has shown, of a case that goes on in new runs.

    The last step of a run opens a task and goes on in a new one. If something else happens in that moment, the server
    rejects the step, but still passes on what a query has seen in it; whoever answers at once is ahead of the task.
    """
    for _ in range(TRIES):
        try:
            return await answer()
        except WorkflowUpdateFailedError as error:
            if "there is no task" not in str(error.cause):
                raise
            await asyncio.sleep(0.2)
    return await answer()


def _patient(client: Client) -> Client:
    config = client.config()
    config["interceptors"] = [*config["interceptors"], _Patience()]
    return Client(**config)


class _Patience(Interceptor):
    def intercept_client(self, next: OutboundInterceptor) -> OutboundInterceptor:
        return _AsksAgain(next)


class _AsksAgain(OutboundInterceptor):
    """A query waits for a worker as long as the server lets it; a busy machine may need longer."""

    async def query_workflow(self, input: QueryWorkflowInput) -> Any:
        for _ in range(TRIES if input.rpc_timeout is None else 0):
            try:
                return await super().query_workflow(input)
            except RPCError as error:
                if error.status is STEP_LOST:
                    await asyncio.sleep(1)
                elif error.status not in NOBODY_ANSWERED:
                    raise
        return await super().query_workflow(input)
