"""Reminding HR of cases that are paused, so that none is forgotten."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

from temporalio import workflow

from domain.core.clock import DAY, moments_missed
from domain.core.letters import PauseReminder
from domain.core.model import Party
from workflows.case.context import CaseContext


async def remind_of_every_pause(context: CaseContext[Any], pauses: Callable[[], int]) -> None:
    """Remind HR of each pause for as long as it lasts; ``pauses`` tells how many there have been."""
    while True:
        await workflow.wait_condition(lambda: context.clock.paused)
        await remind_while_paused(context, pauses)


def remind_while_paused(
    context: CaseContext[Any], pauses: Callable[[], int], back_in: timedelta | None = None
) -> Coroutine[Any, Any, None]:
    """Remind HR of the pause that lasts now, at its end if that is known (``back_in``), and at the policy's interval.

    ``pauses`` tells how many there have been, so that another pause is not taken for this one.
    """
    number = pauses()
    return _remind(context, lambda: not context.clock.paused or pauses() != number, back_in)


async def _remind(context: CaseContext[Any], over: Callable[[], bool], back_in: timedelta | None) -> None:
    """When the next letter is due stands in the state: a new run goes on from there. After an outage one letter says
    which did not come, and the interval begins anew.
    """
    clock = context.state.clock
    every = timedelta(days=context.state.policy.pause.remind_every_days)
    since = clock.paused_since or context.now()
    if clock.remind_of_pause_at is None:  # else an earlier run has begun with it
        clock.remind_of_pause_at = since + (back_in or every)
    while await context.clock.until(
        lambda: clock.remind_of_pause_at, "reminder of a pause", unless=over, even_paused=True
    ):
        now, due = context.now(), clock.remind_of_pause_at
        missed = moments_missed(due, now, every)
        letter = PauseReminder(since=since, days=round((now - since) / DAY), missed=missed)
        context.report.letters(letter, to=[Party.HR])
        clock.remind_of_pause_at = now + every
