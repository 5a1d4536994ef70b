"""Another working pattern: both sides are asked, and the calendar is planned anew from the day of the change on."""

from __future__ import annotations

from datetime import timedelta

from domain.core.decisions import DecisionKind
from domain.core.model import Party, PersonId
from domain.core.questions import TaskKind
from domain.core.working_pattern import patterns_text
from domain.placement.forms import PATTERN_CONSENT
from domain.placement.letters import HoursFrom, PatternAgreed, PatternRefused
from domain.placement.pattern_changes import PatternChange, as_agreed
from domain.placement.requests import RUNNING, ChangePattern
from workflows.placement.agreement import Agreement, consent_of_both, sides_to_ask
from workflows.placement.cohort_link import CohortLink
from workflows.placement.context import EVERYBODY, PlacementContext
from workflows.placement.learning import Learning
from workflows.placement.mentoring import Mentoring
from workflows.placement.reservations import PlacementReservations


class PatternChanges:
    """The changes of the returner's working pattern, one at a time; the last one asked for counts."""

    def __init__(
        self,
        context: PlacementContext,
        mentoring: Mentoring,
        reservations: PlacementReservations,
        learning: Learning,
        cohort: CohortLink,
    ) -> None:
        self._context = context
        self._state = context.state
        self._mentoring = mentoring
        self._reservations = reservations
        self._learning = learning
        self._cohort = cohort

    @property
    def being_agreed(self) -> PatternChange | None:
        """What both sides are just being asked for."""
        return next((change for change in self._state.pattern_changes if change.agreed is None), None)

    def ask_for(self, request: ChangePattern) -> list[Party]:
        """Ask both sides, but for whoever asks; what is still being agreed is replaced. Those who are asked."""
        if self.being_agreed:
            self._close(agreed=False)
            self._context.asking.call_off("another pattern is asked for instead", kinds=[TaskKind.PATTERN_CONSENT])
        self._state.pattern_changes.append(
            PatternChange(patterns=request.patterns, asked_by=request.actor, at=self._context.now())
        )
        self._context.spawn(self._agree(len(self._state.pattern_changes), request))
        return sides_to_ask(self._context, request.actor)

    def lapse(self) -> None:
        """The placement is over: what both sides are being asked for has no more purpose."""
        if self.being_agreed:
            self._close(agreed=False)

    def _close(self, **update: object) -> None:
        self._state.pattern_changes[-1] = self._state.pattern_changes[-1].model_copy(update=update)

    async def _agree(self, n: int, request: ChangePattern) -> None:
        pattern = patterns_text(request.patterns)
        facts = {"pattern": pattern, "reason": request.reason}
        subject = f"agree to another working pattern from {request.patterns[0].since} on"
        consent = await consent_of_both(self._context, PATTERN_CONSENT, subject, request.actor, facts)
        if len(self._state.pattern_changes) != n:
            self._record("replaced", request, by=None, reason="another was asked for instead")
            return
        if consent.how == "refused":
            self._not_agreed("refused", request, by=consent.by, reason=consent.reason)
        elif self._state.stage not in RUNNING or consent.how == "lapsed":
            self._not_agreed("lapsed", request, by=None, reason="the placement has ended in the meantime")
        else:
            await self._change(n, request)

    async def _change(self, n: int, request: ChangePattern) -> None:
        """All have agreed: it holds from the day that was asked for, but never from one that has begun."""
        earliest = self._context.today() + timedelta(days=1)
        before = self._context.plan
        patterns, since = as_agreed(self._state.patterns, request.patterns, earliest)
        self._state.patterns = patterns
        self._close(agreed=True, since=since)
        self._record("agreed", request, by=request.actor, reason=request.reason)
        self._state.plan = await self._context.plan_calendar()
        self._context.tell_what_sessions_lack(before)
        self._context.asking.to_own_days()
        self._mentoring.sessions.invite()
        hold = [HoursFrom(since=each.since, what=each.what) for each in patterns if each.since and each.since >= since]
        self._context.report.letters(PatternAgreed(since=since, patterns=hold), to=EVERYBODY)
        self._learning.pattern_changed()
        self._cohort.signal_patterns()
        self._context.changed()
        await self._reservations.fit_stipends(n)

    def _not_agreed(self, how: Agreement, request: ChangePattern, *, by: PersonId | None, reason: str | None) -> None:
        """It stays as it is; the words of whoever refused are for HR alone."""
        self._close(agreed=False)
        self._record(how, request, by=by, reason=reason)
        self._context.report.letters(PatternRefused(reason=reason or "none was given"), to=[Party.HR])
        told = "not everybody could agree" if how == "refused" else "the placement has ended"
        self._context.report.letters(PatternRefused(reason=told), to=[Party.RETURNER, Party.MANAGER])

    def _record(self, how: Agreement, request: ChangePattern, *, by: PersonId | None, reason: str | None) -> None:
        holds_from = self._state.pattern_changes[-1].since
        evidence = {
            "patterns": [pattern.model_dump(mode="json") for pattern in request.patterns],
            "holds_from": holds_from.isoformat() if how == "agreed" and holds_from else None,
            "asked_by": request.actor,
            "asked_because": request.reason,
        }
        self._context.report.decision(DecisionKind.WORKING_PATTERN, how, by=by, reason=reason, evidence=evidence)
