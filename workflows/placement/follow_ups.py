"""The follow-ups of whoever was employed: whether they are still here."""

from __future__ import annotations

from domain.core.model import Party
from domain.core.questions import TaskKind
from domain.placement.forms import FOLLOW_UP
from domain.placement.reopening import follow_up_anew
from domain.placement.stages import Stage
from domain.placement.state import FollowUpResult
from workflows.placement.context import PlacementContext
from workflows.placement.last_checklists import NOT_EMPLOYED_ANY_MORE, Changeover

NEXT_FOLLOW_UP = "the next follow-up is asked for; the first answer counts"


class FollowUps:
    """They are asked at the policy's intervals; nothing of the change-over is left to do for somebody who has gone."""

    def __init__(self, context: PlacementContext, changeover: Changeover) -> None:
        self._context = context
        self._changeover = changeover

    async def ask(self) -> None:
        """Ask at the policy's intervals whether the person is still here, until they are not."""
        self._context.enter(Stage.FOLLOW_UP)
        for planned in self._context.plan.follow_ups:
            await self._context.clock.until(
                lambda at=planned.at: at,  # type: ignore[misc]
                f"follow-up after {planned.days} days",
                unless=self._has_gone,
            )
            if self._has_gone():
                break
            self._context.asking.call_off(NEXT_FOLLOW_UP, kinds=[TaskKind.FOLLOW_UP])  # one that is asked once more
            answer = await self._context.ask_until_answered(
                FOLLOW_UP,
                f"whether the person is still here after {planned.days} days",
                of=Party.HR,
                facts={"days": planned.days},
                not_by=[self._context.state.returner],
                ref=str(planned.days),
            )
            here = answer.form.still_here
            follow_up_anew(self._context.state, FollowUpResult(days=planned.days, at=answer.at, still_here=here))
        if self._has_gone():
            self._changeover.drop(NOT_EMPLOYED_ANY_MORE)

    def _has_gone(self) -> bool:
        """Whether the last follow-up, as it was answered or put right, says that the person is not here any more."""
        follow_ups = self._context.state.follow_ups
        return bool(follow_ups) and not follow_ups[-1].still_here
