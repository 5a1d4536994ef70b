"""The life cycle of a case: it runs to completion, or until somebody ends it early, and closes in good order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from temporalio import workflow

from domain.core.people import Named, OnRecord, who_left
from domain.core.tasks import Refused
from workflows.case.concurrency import break_off, has_failed
from workflows.case.context import CaseContext
from workflows.case.known_people import on_record
from workflows.case.outbox import let_this_step_finish
from workflows.case.updates import failure_of

T = TypeVar("T")


class LifeCycle:
    """Runs one case. An error in anything that runs beside its stages fails the workflow task, so that it is seen."""

    def __init__(self, context: CaseContext[Any]) -> None:
        self._context = context
        self._state = context.state
        self._delivery = context.report.delivery
        self._loops: list[asyncio.Task[None]] = []

    async def run_to_completion(
        self,
        case: Callable[[], Coroutine[Any, Any, T]],
        named: Named,
        before: Callable[[], Coroutine[Any, Any, None]] | None = None,
    ) -> T:
        """Run a whole case; Temporal's own cancellation is an orderly withdrawal by the operator.

        It fails before anything is asked or sent where somebody is not in the records of those its start has ``named``,
        by field; while the records can't be reached it waits. What another case starts, names whom that one knows. What
        is looked up ``before`` anything is asked, takes none of the case's time either.
        """
        going_on = asyncio.create_task(self._run(case, named, before))
        try:
            return await asyncio.shield(going_on)
        except asyncio.CancelledError:
            self._context.end_early("cancelled by an operator", by=None)
            return await going_on

    async def _run(
        self,
        case: Callable[[], Coroutine[Any, Any, T]],
        named: Named,
        before: Callable[[], Coroutine[Any, Any, None]] | None,
    ) -> T:
        ask = named if workflow.info().parent is None else []
        async with self._context.running_in_background(*([] if before is None else [before])):
            found = await on_record(sorted({person for _, person in ask}))
        if (refusal := named_in_vain(ask, found)) is not None:
            raise failure_of(refusal)
        if ask:
            self._context.clock.begin_now()
        return await case()

    def open(self, *loops: Coroutine[Any, Any, None]) -> None:
        """Set the loops of the case going, and others that last as long as it does."""
        self._loops = [
            asyncio.create_task(self._delivery.deliver_forever()),
            asyncio.create_task(self._context.asking.ladder.run()),
            asyncio.create_task(self._context.operator_view.run()),
            *(asyncio.create_task(loop) for loop in loops),
        ]

    async def run_until_ended_early(self, programme: Coroutine[Any, Any, None]) -> bool:
        """Run a programme to its end, or until somebody ends the case early; true when it came to its end."""
        flow = asyncio.create_task(programme)
        await self._wait(lambda: flow.done() or self._state.early_end is not None)
        if self._state.early_end is None:
            flow.result()
            return True
        break_off(flow)
        self._context.drop_spawned()
        await workflow.wait_condition(flow.done)
        return False

    async def close(self, *, and_until: Callable[[], bool] = lambda: True) -> None:
        """Wait until all is delivered (``and_until`` this is so) and every update is answered, then end the loops.

        Where letters hold up the end because somebody is not in the records, that stays in sight.
        """
        self.note_who_is_unknown()
        await self._wait(workflow.all_handlers_finished)
        await let_this_step_finish()
        await self._wait(lambda: and_until() and self._delivery.empty and workflow.all_handlers_finished())
        self._context.operator_view.pin()
        for work in self._going_on():
            work.cancel()

    def note_who_is_unknown(self) -> None:
        """Whoever is not in the records stays in sight, also where all other risks are over."""
        for person in list(self._state.post.unknown):
            self._context.note_unknown(person)

    async def _wait(self, until: Callable[[], bool]) -> None:
        """Wait; what fails meanwhile in the background is raised here, instead of being lost."""
        await workflow.wait_condition(lambda: until() or any(has_failed(work) for work in self._going_on()))
        for work in self._going_on():
            if has_failed(work):
                work.result()

    def _going_on(self) -> list[asyncio.Task[Any]]:
        return [*self._loops, *self._delivery.retries, *self._context.background.tasks]


def named_in_vain(named: Named, found: OnRecord) -> Refused | None:
    """Why a case can't start that names these people, by where; none where it can."""
    unknown = found.unknown(person for _, person in named)
    if unknown:
        where = "; ".join(f"{at}: {person}" for at, person in named if person in unknown)
        return Refused(f"{where}: not in the records; import people first", "invalid")
    left = [f"{field}: {sentence}" for field, sentence in who_left(named, found.left)]
    return Refused("; ".join(left), "invalid") if left else None
