"""Leaves: a placement stands still, by itself or with its cohort, and goes on; every date still to come moves."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta

from domain.core.case import CaseRequest, Done
from domain.core.journal import LeaveRow
from domain.core.model import Party
from domain.core.tasks import Refused
from domain.placement.letters import Paused, Resumed
from domain.placement.participation import MentorProposed
from domain.placement.programme_days import Pause as Leave
from domain.placement.requests import MAY, RUNNING, PausePlacement, ResumePlacement
from domain.placement.state import Stage
from workflows.case.pauses import remind_while_paused
from workflows.placement.cohort_link import CohortLink
from workflows.placement.context import PlacementContext
from workflows.placement.conversion import ConversionStage
from workflows.placement.learning import Learning
from workflows.placement.mentoring import Mentoring
from workflows.placement.stipends import Stipends

CONCERNED = [Party.RETURNER, Party.MENTOR, Party.MANAGER, Party.HR]


class Leaves:
    """The leaves of a placement. ``check_*`` raise :class:`Refused`, the others carry out."""

    def __init__(
        self,
        context: PlacementContext,
        mentoring: Mentoring,
        stipends: Stipends,
        conversion: ConversionStage,
        learning: Learning,
        cohort: CohortLink,
    ) -> None:
        self._context = context
        self._state = context.state
        self._mentoring = mentoring
        self._stipends = stipends
        self._conversion = conversion
        self._learning = learning
        self._cohort = cohort
        self._resuming = asyncio.Lock()

    def _check_who(self, request: CaseRequest) -> None:
        """Refuse whoever may not ask that. A cohort may let its placements stand still, and go on."""
        word = request.word if isinstance(request, PausePlacement | ResumePlacement) else None
        if word is None:
            self._context.check_actor(request, MAY[type(request)])
        else:
            self._cohort.check_word(word)

    def check_pause(self, request: PausePlacement) -> None:
        """Refuse what can't be paused."""
        self._check_who(request)
        self._context.check_stage("paused", RUNNING)
        if request.word is not None:
            self._cohort.check_still(request.word, going_on=self._goes_on)
        if request.word is not None and self._context.clock.paused:
            return
        if self._context.clock.paused:
            now = "is just going on after a pause; ask again in a moment" if self._goes_on else "is paused already"
            raise Refused(f"{self._state.case} {now}")
        if self._state.paid_up_to and self._state.paid_up_to >= self._context.plan.end:
            raise Refused(f"the last day of {self._state.case}, {self._context.plan.end}, is over")
        if request.back_on and request.back_on <= self._context.today():
            raise Refused(f"back_on: {request.back_on} must be after today, {self._context.today()}", "invalid")

    def pause(self, request: PausePlacement) -> Done:
        """Leave begins: all that is due stands still, coming sessions are called off, days worked are paid."""
        if request.word is not None and self._context.clock.paused:  # with the cohort already, or just going on
            self._cohort.pause_with_cohort(request.word)
            return self._context.done("stands still with its cohort already")
        self._cohort.pause_with_cohort(request.word)
        paid_up_to = self._state.paid_up_to
        first = max(self._context.today(), paid_up_to + timedelta(days=1) if paid_up_to else self._context.today())
        self._state.leaves.append(Leave(first=first))
        self._context.clock.pause()
        self._mentoring.sessions.suspend()
        self._stipends.settle(first - timedelta(days=1))
        self._context.report.row(self._leave_row(request.leave_type.value))
        self._context.report.letters(Paused(since=first, fixed=self._state.last_day is not None), to=CONCERNED)
        self._context.changed()
        self._remind(request.back_on)
        self._learning.paused()
        return self._context.done(f"paused since {first}; every date that is still to come waits")

    def _remind(self, back_on: date | None) -> None:
        leave = len(self._state.leaves)

        def over() -> bool:
            return not self._context.clock.paused or len(self._state.leaves) != leave

        days = (back_on - self._context.today()).days if back_on else None
        self._context.spawn(remind_while_paused(self._context, over, days))

    def check_resume(self, request: ResumePlacement) -> None:
        """Refuse what is not paused; but what a cohort says is heard, so that no older word counts after it."""
        if request.word is not None and self._state.stage is not Stage.ENDED:
            self._check_who(request)
            return
        self._check_who(request)
        self._context.check_stage("resumed", RUNNING)
        if not self._context.clock.paused:
            raise Refused(f"{self._state.case} is not paused")

    async def resume(self, request: ResumePlacement) -> Done:
        """Leave ends today: the calendar is planned anew from here, open tasks get the time back."""
        if request.word is not None:
            self._cohort.hear(request.word)
            if not self._cohort.stands_still:
                return self._context.done("does not stand still with its cohort")
        return await self._resume(request.word.n if request.word is not None else self._state.hearing.last)

    @property
    def _goes_on(self) -> bool:
        """Whether the placement is just being taken up again."""
        return self._resuming.locked()

    async def _resume(self, since: int) -> Done:
        """End this leave, unless the cohort says meanwhile, after its ``since``-th word, that it stands still."""
        n = len(self._state.leaves)
        async with self._resuming:
            if (
                not self._context.clock.paused or len(self._state.leaves) != n
            ):  # whatever has begun since is another leave
                return self._context.done("resumed already")
            leave = self._state.leaves[-1]
            ended = Leave(first=leave.first, back_on=max(leave.first, self._context.today()))
            leaves = [*self._state.leaves[:-1], ended]
            plan = await self._context.plan_calendar(leaves)
            if self._state.leaving:
                return self._context.done("the placement has ended in the meantime")
            if self._state.hearing.overtaken(since):
                return self._context.done("its cohort stands still since, and it goes on with that")
            self._cohort.go_on()
            self._state.leaves, self._state.plan = leaves, plan
            self._context.asking.postpone(self._context.clock.resume())
            self._mentoring.sessions.invite()
            self._conversion.renew_offer()
            self._learning.resumed()
        self._context.report.row(self._leave_row(""))
        self._context.report.letters(Resumed(ends_on=plan.end), to=CONCERNED)
        self._context.changed()
        return self._context.done(f"resumed after {ended.days} days; the placement now ends on {plan.end}")

    def take_in(self, proposed: MentorProposed) -> None:
        """The cohort proposes a mentor, or says that its placements go on."""
        self._cohort.take_in(proposed)
        if proposed.goes_on is not None and not self._state.hearing.is_old(proposed.goes_on):
            self._cohort.hear(proposed.goes_on)
            if self._cohort.stands_still and not self._state.leaving:
                self._context.spawn(self._resume(proposed.goes_on.n))

    def end_leave(self) -> None:
        """A leave that lasts when the placement ends early ends with it."""
        if self._context.clock.paused:
            first = self._state.leaves[-1].first
            self._state.leaves[-1] = Leave(first=first, back_on=max(first, self._context.today()))
            self._context.clock.resume()
            self._context.report.row(self._leave_row(""))

    def _leave_row(self, leave_type: str) -> LeaveRow:
        leave = self._state.leaves[-1]
        return LeaveRow(
            n=len(self._state.leaves),
            at=self._context.now(),
            leave_type=leave_type,
            first=leave.first,
            last=leave.back_on - timedelta(days=1) if leave.back_on else None,
        )
