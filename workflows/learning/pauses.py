"""Pauses of a path: all that is due waits, and open tasks get the time back."""

from __future__ import annotations

from datetime import date

from domain.core.clock import DAY
from domain.core.decisions import DecisionKind
from domain.core.local_days import local_day_of
from domain.core.model import Party, PersonId
from domain.core.placement_rows import LeaveRow
from domain.learning.letters import PathPaused, PathResumed
from workflows.case.pauses import remind_while_paused
from workflows.learning.context import PathContext

EVERYBODY = [Party.LEARNER, Party.MANAGER, Party.HR]


class Pauses:
    """A path stands still, by itself or with its placement, and goes on."""

    def __init__(self, context: PathContext) -> None:
        self._context = context
        self._state = context.state

    def begin(self, back_on: date | None = None, *, by: PersonId | None, reason: str | None) -> None:
        """From now on all that is due waits; HR is reminded, on the day it goes on if that is known.

        Why, is not among the decisions, which others read as well.
        """
        self._context.clock.pause()
        self._state.pauses += 1
        back_in = back_on - self._context.today() if back_on else None
        self._context.spawn(remind_while_paused(self._context, lambda: self._state.pauses, back_in))
        self._context.report.row(self._leave_row(reason=reason, planned_back=back_on))
        self._context.report.decision(DecisionKind.PAUSE, "paused", by=by)
        since = self._context.now()
        self._context.report.letters(PathPaused(since=since, offers=[]), to=[Party.MANAGER, Party.HR])
        self._context.report.letters(PathPaused(since=since, offers=self._offers()), to=[Party.LEARNER])
        self._context.changed()

    def _offers(self) -> list[dict[str, str]]:
        """Seats that are offered to the learner at this moment: such an offer can't wait for the end of a pause."""
        offered = self._state.seats_offered()
        return [{"what": task.subject, "until": until.isoformat()} for task, until in offered]

    def end(self, *, by: PersonId | None, reason: str | None) -> None:
        """The path goes on."""
        self._context.report.row(self._leave_row(last=self._context.today() - DAY, ended_because=reason))
        self._context.report.decision(DecisionKind.PAUSE, "over", by=by)
        self._context.asking.postpone(self._context.clock.resume())
        self._context.report.letters(PathResumed(), to=EVERYBODY)
        self._context.changed()

    def _leave_row(
        self,
        *,
        last: date | None = None,
        reason: str | None = None,
        ended_because: str | None = None,
        planned_back: date | None = None,
    ) -> LeaveRow:
        return LeaveRow(
            n=self._state.pauses,
            at=self._context.now(),
            leave_type="",
            first=local_day_of(self._state.clock.paused_since or self._context.now(), self._state.midnights),
            last=last,
            reason=reason,
            ended_because=ended_because,
            planned_back=planned_back,
        )
