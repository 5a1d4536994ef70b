"""Another working pattern: both sides are asked, and the calendar is planned anew from the day of the change on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from domain.core.decisions import DecisionKind
from domain.core.model import Party
from domain.core.working_pattern import patterns_text
from domain.placement.agreements import PatternChange, as_agreed
from domain.placement.forms import PATTERN_CONSENT
from domain.placement.letters import HoursFrom, PatternAgreed, PatternRefused
from domain.placement.requests import RUNNING, ChangePattern
from workflows.placement.agreement import THE_END, Agreements, Terms
from workflows.placement.cohort_link import CohortLink
from workflows.placement.context import EVERYBODY, PlacementContext
from workflows.placement.mentoring import Mentoring
from workflows.placement.reservations import PlacementReservations

TERMS = Terms(
    what="a pattern",
    replaced="another pattern is asked for instead",
    question=PATTERN_CONSENT,
    decision=DecisionKind.WORKING_PATTERN,
    stages=RUNNING,
    too_late="the placement has ended",
    why_lapsed=THE_END,
    others=[Party.RETURNER, Party.MANAGER],
)


class PatternChanges(Agreements[PatternChange]):
    """The changes of the returner's working pattern."""

    def __init__(
        self,
        context: PlacementContext,
        mentoring: Mentoring,
        reservations: PlacementReservations,
        cohort: CohortLink,
    ) -> None:
        super().__init__(context, context.state.pattern_changes, TERMS)
        self._mentoring = mentoring
        self._reservations = reservations
        self._cohort = cohort

    def wanted(self, request: ChangePattern) -> PatternChange:
        """What is asked for."""
        return PatternChange(
            patterns=request.patterns, asked_by=request.actor, at=self._context.now(), reason=request.reason
        )

    def _subject(self, asked: PatternChange) -> str:
        return f"agree to another working pattern from {asked.patterns[0].since} on"

    def _facts(self, asked: PatternChange) -> Mapping[str, Any]:
        return {"pattern": patterns_text(asked.patterns)}

    def _evidence(self, asked: PatternChange) -> Mapping[str, Any]:
        return {
            "patterns": [pattern.model_dump(mode="json") for pattern in asked.patterns],
            "holds_from": asked.since.isoformat() if asked.since else None,
        }

    def _refusal(self, reason: str) -> PatternRefused:
        return PatternRefused(reason=reason)

    def _agreed(self, asked: PatternChange) -> PatternChange:
        """It holds from the day that was asked for, but never from one that has begun."""
        earliest = self._context.today() + timedelta(days=1)
        self._state.patterns, since = as_agreed(self._state.patterns, asked.patterns, earliest)
        return super()._agreed(asked).model_copy(update={"since": since})

    async def _carry_out(self, asked: PatternChange, n: int) -> None:
        """The calendar is planned anew, and what is due later than that follows; so does the path inside."""
        before, patterns, since = self._context.plan, self._state.patterns, asked.since
        self._state.plan = await self._context.plan_calendar()
        self._context.tell_what_sessions_lack(before)
        self._context.asking.to_own_days()
        self._mentoring.sessions.invite()
        assert since is not None
        hold = [HoursFrom(since=each.since, what=each.what) for each in patterns if each.since and each.since >= since]
        self._context.report.letters(PatternAgreed(since=since, patterns=hold), to=EVERYBODY)
        self._cohort.signal_patterns()
        self._context.changed()
        await self._reservations.fit_stipends(f"pattern-{n}")
