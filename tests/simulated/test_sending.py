"""Simulated people stop when they are told to, whatever they are just waiting for."""

from __future__ import annotations

import asyncio
from typing import Any
from unittest.mock import Mock

import pytest
from temporalio.client import WorkflowUpdateRPCTimeoutOrCancelledError

from domain.core.case import Done
from domain.core.updates import Update
from simulated.sending import Sender


async def test_somebody_who_waits_for_a_reply_stops_at_once_when_told_to() -> None:
    sent = asyncio.Event()

    async def like_the_client(*_: Any, **__: Any) -> None:
        sent.set()
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError as error:
            raise WorkflowUpdateRPCTimeoutOrCancelledError from error

    client = Mock()
    client.get_workflow_handle.return_value.execute_update = like_the_client
    waiting = asyncio.create_task(Sender(client)("R-1", Update.WITHDRAW, None, Done))
    await sent.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(waiting, 5)
