"""The stipend: an instruction to payroll on each of the policy's dates."""

from __future__ import annotations

from datetime import date, datetime

from domain.core.placement_rows import PayRow
from domain.placement.calendar import PlannedPay
from domain.placement.requests import EXTENDABLE
from domain.placement.stipend import due_instructions
from workflows.placement.context import PlacementContext


class Stipends:
    """The stipend of a placement."""

    def __init__(self, context: PlacementContext) -> None:
        self._context = context
        self._state = context.state

    async def run(self) -> None:
        """Instruct on each pay day until the last day of the placement is paid and nothing can move it any more."""
        paid_leave = self._state.policy.stipend.paid_leave
        while not self._all_paid():
            await self._context.clock.until(
                self._next_at, "next stipend", unless=self._all_paid, even_paused=paid_leave
            )
            pay_day = self._next()
            if pay_day and pay_day.at <= self._context.now():
                self.settle(pay_day.on)

    def _all_paid(self) -> bool:
        return self._next() is None and not self._context.end_moves and self._state.stage not in EXTENDABLE

    def _next(self) -> PlannedPay | None:
        if self._start_moves():
            return None
        last, plan = self._state.paid_up_to, self._context.plan
        pay_days = [*plan.pay_days, *plan.later_pay_days] if self._on_paid_leave() else plan.pay_days
        return next((day for day in pay_days if last is None or day.on > last), None)

    def _next_at(self) -> datetime | None:
        pay_day = self._next()
        return pay_day.at if pay_day else None

    def _start_moves(self) -> bool:
        """Whether a leave lasts that began before the placement would have: no day of it can be paid yet."""
        return self._context.clock.paused and self._state.leaves[-1].first <= self._context.plan.start

    def _on_paid_leave(self) -> bool:
        return self._context.end_moves and self._state.policy.stipend.paid_leave

    def settle(self, up_to: date) -> None:
        """Instruct what is due for all days up to and with this one, and correct what was instructed for them before.

        No further than the placement's last day, unless a paid leave is about to move it. Days after this one that
        were paid are taken back.
        """
        plan = self._context.plan
        up_to = up_to if self._on_paid_leave() else min(up_to, plan.end)
        if (up_to < plan.start and not self._state.stipends) or self._start_moves():
            return
        self._state.paid_up_to = up_to
        instructions = due_instructions(
            self._state.role.stipend,
            plan.start,
            up_to,
            self._state.leaves,
            self._state.stipends,
            paid_leave=self._state.policy.stipend.paid_leave,
            today=self._context.today(),
            share=self._state.share_paid,
        )
        for instruction in instructions:
            self._state.stipends.append(instruction)
            self._context.report.row(
                PayRow(at=self._context.now(), returner=self._state.returner, **instruction.model_dump())
            )

    def is_pay_due(self, up_to: date | None = None) -> bool:
        """Whether days were worked, up to this one or today, that are not paid yet."""
        state = self._state
        if state.plan is None or self._start_moves():
            return False
        last = min(up_to or self._context.today(), state.plan.end)
        return state.plan.start <= last and (state.paid_up_to is None or state.paid_up_to < last)
