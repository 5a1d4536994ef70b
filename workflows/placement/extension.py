"""Making a placement longer: both sides are asked, and the calendar is planned anew once all have agreed."""

from __future__ import annotations

from domain.core.decisions import DecisionKind
from domain.core.model import Party, PersonId
from domain.core.questions import TaskKind
from domain.core.sentences import counted
from domain.placement.forms import EXTENSION_CONSENT
from domain.placement.letters import ExtensionAgreed, ExtensionRefused
from domain.placement.requests import EXTENDABLE, ExtendPlacement
from domain.placement.state import Extension
from workflows.placement.agreement import Agreement, consent_of_both, sides_to_ask
from workflows.placement.context import EVERYBODY, PlacementContext
from workflows.placement.mentoring import Mentoring
from workflows.placement.reservations import PlacementReservations


class Extensions:
    """The extensions of a placement, one at a time; the last one asked for counts."""

    def __init__(self, context: PlacementContext, mentoring: Mentoring, reservations: PlacementReservations) -> None:
        self._context = context
        self._state = context.state
        self._mentoring = mentoring
        self._reservations = reservations

    @property
    def being_agreed(self) -> Extension | None:
        """The extension that both sides are just being asked for."""
        return next((extension for extension in self._state.extensions if extension.agreed is None), None)

    def ask_for(self, request: ExtendPlacement) -> list[Party]:
        """Ask both sides, but for whoever asks; one that is still being agreed is replaced. Those who are asked."""
        if self.being_agreed:
            self._close(agreed=False)
            self._context.asking.call_off("another extension is asked for instead", kinds=[TaskKind.EXTENSION_CONSENT])
        self._state.extensions.append(Extension(weeks=request.weeks, asked_by=request.actor, at=self._context.now()))
        self._context.spawn(self._agree(len(self._state.extensions), request))
        return sides_to_ask(self._context, request.actor)

    def _close(self, *, agreed: bool) -> None:
        self._state.extensions[-1] = self._state.extensions[-1].model_copy(update={"agreed": agreed})

    async def _agree(self, n: int, request: ExtendPlacement) -> None:
        facts = {"weeks": request.weeks, "reason": request.reason}
        subject = f"agree to {counted(request.weeks, 'more week')}"
        consent = await consent_of_both(self._context, EXTENSION_CONSENT, subject, request.actor, facts)
        if len(self._state.extensions) != n:
            self._record("replaced", request, by=None, reason="another was asked for instead")
            return
        if consent.how == "refused":
            self._not_agreed("refused", request, by=consent.by, reason=consent.reason)
        elif self._state.stage not in EXTENDABLE or consent.how == "lapsed":
            self._not_agreed("lapsed", request, by=None, reason="the conversion decision has begun in the meantime")
        else:
            self._close(agreed=True)
            self._record("agreed", request, by=request.actor, reason=request.reason)
            await self._make_longer(request.weeks, n)

    def _not_agreed(self, how: Agreement, request: ExtendPlacement, *, by: PersonId | None, reason: str | None) -> None:
        """Not extended; the words of whoever refused are for HR alone."""
        self._close(agreed=False)
        self._record(how, request, by=by, reason=reason)
        self._context.report.letters(ExtensionRefused(reason=reason or "none was given"), to=[Party.HR])
        others = [party for party in EVERYBODY if party is not Party.HR]
        told = "not everybody could agree" if how == "refused" else "the conversion decision has begun"
        self._context.report.letters(ExtensionRefused(reason=told), to=others)

    def _record(self, how: Agreement, request: ExtendPlacement, *, by: PersonId | None, reason: str | None) -> None:
        evidence = {"weeks": request.weeks, "asked_by": request.actor, "asked_because": request.reason}
        self._context.report.decision(DecisionKind.EXTENSION, how, by=by, reason=reason, evidence=evidence)

    async def _make_longer(self, weeks: int, n: int) -> None:
        self._state.weeks += weeks
        self._state.plan = await self._context.plan_calendar()
        self._mentoring.sessions.invite()
        self._context.report.letters(ExtensionAgreed(weeks=weeks, ends_on=self._context.plan.end), to=EVERYBODY)
        self._context.changed()
        await self._reservations.take_more_stipends(weeks, n)
