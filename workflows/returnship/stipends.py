"""The stipend: an instruction to payroll on each of the policy's dates."""

from __future__ import annotations

from datetime import date, datetime

from domain.calendar import PlannedPay
from domain.journal import PayRow
from domain.stipend import next_instruction
from workflows.returnship.desk import PlacementDesk


class Stipends:
    """The stipend of a placement."""

    def __init__(self, desk: PlacementDesk) -> None:
        self._desk = desk
        self._state = desk.state

    async def run(self) -> None:
        """Instruct on each pay day until the last day of the placement is paid."""
        while self._next():
            paid_leave = self._state.policy.stipend.paid_leave
            await self._desk.clock.until(self._next_at, "next stipend", even_paused=paid_leave)
            pay_day = self._next()
            if pay_day and pay_day.at <= self._desk.now():
                self.settle(pay_day.on)

    def _next(self) -> PlannedPay | None:
        last = self._state.paid_up_to
        return next((one for one in self._desk.plan.pay_days if last is None or one.on > last), None)

    def _next_at(self) -> datetime:
        pay_day = self._next()
        return pay_day.at if pay_day else self._desk.now()

    def settle(self, up_to: date) -> None:
        """Instruct what is due for all days up to and with this one, no further than the placement's last."""
        plan = self._desk.plan
        up_to = min(up_to, plan.end)
        if up_to < plan.start:
            return
        self._state.paid_up_to = up_to
        instruction = next_instruction(
            self._state.role.stipend,
            plan.start,
            up_to,
            self._state.leaves,
            self._state.stipends,
            paid_leave=self._state.policy.stipend.paid_leave,
        )
        if instruction is None:
            return
        self._state.stipends.append(instruction)
        self._desk.report.row(PayRow(at=self._desk.now(), returner=self._state.returner, **instruction.model_dump()))
