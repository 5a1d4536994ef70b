"""A workflow that is not there is told from a namespace that is not: both have the status NOT_FOUND."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from temporalio.client import Client, WorkflowHandle
from temporalio.service import RPCError, RPCStatusCode

from engine.rpc import no_such_workflow

CALLS: dict[str, Callable[[WorkflowHandle[Any, Any]], Awaitable[object]]] = {
    "describe": lambda handle: handle.describe(),
    "query": lambda handle: handle.query("view"),
    "signal": lambda handle: handle.signal("learning_result"),
    "update": lambda handle: handle.execute_update("withdraw"),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
@pytest.mark.parametrize("namespace_is_there", [True, False])
async def test_only_a_workflow_that_is_missing_is_no_such_workflow(
    client: Client, call: Callable[[WorkflowHandle[Any, Any]], Awaitable[object]], namespace_is_there: bool
) -> None:
    namespace = client.namespace if namespace_is_there else "nowhere"
    handle = Client(client.service_client, namespace=namespace).get_workflow_handle("placement-R-NOBODY-DATA1")

    with pytest.raises(RPCError) as caught:
        await call(handle)

    assert caught.value.status is RPCStatusCode.NOT_FOUND
    assert no_such_workflow(caught.value) is namespace_is_there
