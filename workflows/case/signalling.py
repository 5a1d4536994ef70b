"""Signalling other workflows, any of which may be gone: that is no error, and whoever signals learns it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Generic, TypeVar

from temporalio import workflow
from temporalio.exceptions import CancelledError, FailureError

from domain.core.signals import Signal

N = TypeVar("N")


async def signalled(workflow_id: str, signal: Signal, argument: Any) -> bool:
    """Signal another workflow; false where it is gone, and with it whoever would want to know."""
    try:
        await workflow.get_external_workflow_handle(workflow_id).signal(signal.value, argument)
    except CancelledError:
        raise
    except FailureError as error:
        workflow.logger.info("%s is gone and does not get %s: %s", workflow_id, signal.value, error)
        return False
    return True


class SignalQueue(Generic[N]):
    """What a case has still to signal, in order: a list in its state, so that a new run goes on with it.

    The case waits for it to be :attr:`empty` before it ends. ``send`` signals an entry, and says whether anybody is
    there; where nobody is, the entry is ``lost``. Whoever takes entries out, empties the list and leaves it in place.
    """

    def __init__(self, queue: list[N], send: Callable[[N], Awaitable[bool]], lost: Callable[[N], None]) -> None:
        self._queue = queue
        self._send = send
        self._lost = lost

    @property
    def empty(self) -> bool:
        """Whether all is signalled."""
        return not self._queue

    async def deliver_forever(self) -> None:
        """Signal what there is, one after the other, for as long as the case lives."""
        while True:
            await workflow.wait_condition(lambda: bool(self._queue))
            entry = self._queue[0]
            if not await self._send(entry):
                self._lost(entry)
            if self._queue and self._queue[0] is entry:  # else it was taken out meanwhile
                del self._queue[0]
