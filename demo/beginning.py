"""How a demo begins: with nothing of an earlier one, so that each tells the same stories."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client
from temporalio.client import WorkflowExecution as Listed
from temporalio.service import RPCError, RPCStatusCode

from demo.errors import OtherPlace
from demo.outcome import shown
from demo.stop import DATA, stop
from engine.devserver.locks import exclusive
from service.core.errors import Refused, Unreachable

MARK = ".made-by-the-demo"
"""The file that tells a demo's directory from somebody's own; who holds its lock runs a demo there."""

_GONE_WITHIN_SECONDS = 60.0
_LOOK_SECONDS = 0.2


@asynccontextmanager
async def begun_anew(data_dir: Path, say: Callable[[str], None]) -> AsyncIterator[None]:
    """The directory without what an earlier demo left there, for this demo alone while the block runs.

    Raises :class:`OtherPlace` where it holds anything that is no demo's, or another demo runs there.
    """
    earlier = _left_in(data_dir)
    try:
        async with exclusive(data_dir / MARK, within=0, waiting=lambda: None):
            if earlier:
                say(f"The earlier demo in {shown(data_dir)} is removed; this one begins anew.")
                await stop(data_dir)  # what was kept up
                await asyncio.to_thread(_remove, earlier)
            yield
    except TimeoutError:
        raise OtherPlace(f"another demo runs in {shown(data_dir)}: end it, or name another place", "refused") from None


def _left_in(data_dir: Path) -> list[Path]:
    """What an earlier demo has left. Raises :class:`OtherPlace` where that is somebody's own."""
    there = list(data_dir.iterdir()) if data_dir.is_dir() else []
    left = [path for path in there if path.name != MARK]
    if left and data_dir != DATA and len(left) == len(there):
        raise OtherPlace(
            f"{shown(data_dir)} holds what no demo has made, and a demo empties its directory: name another",
            "refused",
        )
    return left


def _remove(paths: list[Path]) -> None:
    for path in paths:
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


async def forget_earlier(client: Client, task_queue: str) -> None:
    """Delete all that an earlier demo has left in its own task queue of a server that is kept by somebody.

    Raises :class:`Refused` where the server does not let it.
    """
    try:
        left = [execution async for execution in client.list_workflows(f"TaskQueue = '{task_queue}'")]
        for execution in left:
            await _delete(client, WorkflowExecution(workflow_id=execution.id, run_id=execution.run_id))
        async with asyncio.timeout(_GONE_WITHIN_SECONDS):
            for execution in left:
                await _until_gone(client, execution)
    except TimeoutError:
        raise Refused(
            f"the cases of an earlier demo can't be deleted from your server (task queue {task_queue}): delete them "
            "there, or unset TEMPORAL_ADDRESS for the demo",
            "refused",
        ) from None
    except RPCError as error:
        sentence = f"your Temporal server does not do what the demo asks: {error.message}"
        if error.status == RPCStatusCode.UNAVAILABLE:
            raise Unreachable(sentence) from error
        raise Refused(sentence, "refused") from error


async def _delete(client: Client, execution: WorkflowExecution) -> None:
    request = DeleteWorkflowExecutionRequest(namespace=client.namespace, workflow_execution=execution)
    try:
        await client.workflow_service.delete_workflow_execution(request)
    except RPCError as error:
        if error.status != RPCStatusCode.NOT_FOUND:  # lists lag
            raise


async def _until_gone(client: Client, execution: Listed) -> None:
    handle = client.get_workflow_handle(execution.id, run_id=execution.run_id)
    while True:
        try:
            await handle.describe()
        except RPCError as error:
            if error.status != RPCStatusCode.NOT_FOUND:
                raise
            return
        await asyncio.sleep(_LOOK_SECONDS)
