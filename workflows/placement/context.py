"""What the parts of a placement have at hand: the common context, with the calendar and the case's row."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta

from domain.core.case_rows import CaseRow
from domain.core.decisions import DecisionKind
from domain.core.letters import HolidaysLack, LetterFacts
from domain.core.model import Party, PersonId
from domain.core.post import Reach
from domain.core.working_pattern import WorkingPattern
from domain.placement.calendar import Plan, PlanRequest
from domain.placement.decision import evidence_lines
from domain.placement.duties import STEPS
from domain.placement.last_day import planned_last_day
from domain.placement.letters import SessionsLackDays, StartMoved
from domain.placement.programme_days import Leave
from domain.placement.reach import is_employed, reach_of_returner
from domain.placement.state import PlacementState
from workflows.case.context import CaseContext
from workflows.placement import activity_calls

EVERYBODY = [Party.RETURNER, Party.MENTOR, Party.MANAGER, Party.HR]
"""Who hears what concerns the placement as a whole."""


class PlacementContext(CaseContext[PlacementState]):
    """Everything the parts of a placement share."""

    def __init__(self, state: PlacementState) -> None:
        super().__init__(state, state.role.title, state.role.time_zone, self.case_row, self.headline)
        self._planning = asyncio.Lock()
        self.report.reach_of = self._reach_of

    @property
    def plan(self) -> Plan:
        """The calendar as it stands now."""
        return self.state.calendar

    def today(self) -> date:
        """The local date on the case's clock."""
        return self.plan.day_of(self.now())

    @property
    def end_moves(self) -> bool:
        """Whether a leave lasts that moves the end, nobody knows yet how far; an accepted offer has fixed it."""
        return self.clock.paused and self.state.last_day is None

    @property
    def is_employed(self) -> bool:
        """Whether the employment that was offered and accepted has begun."""
        return self.state.plan is not None and is_employed(self.state, self.today())

    def _reach_of(self, person: PersonId, letter: LetterFacts) -> Reach:
        if person != self.state.returner:
            return "work"
        today = self.today() if self.state.plan else self.now().date()
        return reach_of_returner(self.state, today, letter, end_moves=self.end_moves)

    def evidence_anew(self) -> None:
        """There is more evidence, or other: whoever has yet to decide sees it as it is now."""
        lines = evidence_lines(self.state.evidence())
        for step in self.state.open_tasks():
            if step.kind in STEPS and step.facts.get("evidence") != lines:
                step.facts = {**step.facts, "evidence": lines}
                self.report.task(step)

    async def plan_calendar(self, leaves: Sequence[Leave] | None = None, not_before: date | None = None) -> Plan:
        """A new calendar for the case as it stands; pinning it is up to the caller.

        With other ``leaves`` if given; with ``not_before`` as the earliest day on which employment could begin.
        """
        state = self.state
        async with self._planning:
            return await activity_calls.plan_calendar(
                PlanRequest(
                    case=state.case,
                    start=state.starts_on,
                    weeks=state.weeks,
                    pauses=list(state.leaves if leaves is None else leaves),
                    last_day=state.last_day,
                    employed_from=state.employed_from,
                    not_before=not_before,
                    patterns=state.patterns,
                    mentor=state.mentor,
                    mentor_patterns=self._known_of_mentor(),
                    left_on=state.left_on,
                    country=state.role.country,
                    time_zone=state.role.time_zone,
                    policy=state.policy,
                )
            )

    def _known_of_mentor(self) -> list[WorkingPattern] | None:
        """What the mentor works, as it was last looked up; none where it never was."""
        plan = self.state.plan
        return plan.mentor_patterns if plan is not None and plan.mentor == self.state.mentor else None

    def tell_what_sessions_lack(self, before: Plan | None = None) -> None:
        """HR hears, once, that sessions are not on days on which both work."""
        lack = self.plan.sessions_lack
        if lack and (before is None or before.sessions_lack != lack or before.mentor != self.plan.mentor):
            self.report.letters(SessionsLackDays(lack=lack), to=[Party.HR])

    async def plan_from_the_start(self) -> None:
        """The first calendar. Where finding a mentor took longer than planned, the start moves.

        It moves so far that pre-boarding has the time that the policy's checklist needs.
        """
        self.state.plan = await self.plan_calendar()
        if self.plan.holidays_lack and self.state.matched_by is None:  # else the cohort has said so, once for all
            self.report.letters(HolidaysLack(lack=self.plan.holidays_lack), to=[Party.HR])
        self.tell_what_sessions_lack()
        planned = self.plan.start
        if self.plan.starts_at > self.now():
            return
        self.state.starts_on = self.today() + timedelta(days=self.state.policy.onboarding.lead_days)
        self.state.plan = await self.plan_calendar()
        reason = f"{planned} had passed before a mentor was found and all was set up"
        self.report.decision(DecisionKind.START, f"moved to {self.plan.start}", by=None, reason=reason)
        letter = StartMoved(planned=planned, starts_on=self.plan.start)
        self.report.letters(letter, to=[Party.RETURNER, Party.MANAGER, Party.HR])

    def headline(self) -> str:
        """Stage and week, for the operators."""
        week = self.state.week(self.now())
        paused = ", paused" if self.clock.paused else ""
        outcome = f": {self.state.outcome.value}" if self.state.outcome else ""
        return f"{self.state.stage.value}{f', week {week} of {self.state.weeks}' if week else ''}{paused}{outcome}"

    def case_row(self) -> CaseRow:
        """Where the case stands, for the records."""
        state = self.state
        return self.row(
            person=state.returner,
            role=state.role.id,
            week=state.week(self.now()),
            starts_on=state.plan.start if state.plan else state.starts_on,
            ends_on=state.plan.end if state.plan else None,
            mentor=state.mentor,
            outcome=state.outcome.value if state.outcome else None,
            planned_starts_on=state.starts_on,
            planned_ends_on=planned_last_day(state.starts_on, state.weeks, state.extensions),
            left_on=state.left_on,
        )
