"""Making a placement longer: both sides are asked, and the calendar is planned anew once all have agreed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from domain.core.decisions import DecisionKind
from domain.core.model import Party
from domain.core.sentences import counted
from domain.placement.agreements import Extension
from domain.placement.forms import EXTENSION_CONSENT
from domain.placement.letters import ExtensionAgreed, ExtensionRefused
from domain.placement.requests import EXTENDABLE, ExtendPlacement
from workflows.placement.agreement import Agreements, Terms
from workflows.placement.context import EVERYBODY, PlacementContext
from workflows.placement.mentoring import Mentoring
from workflows.placement.reservations import PlacementReservations

TERMS = Terms(
    what="an extension",
    replaced="another extension is asked for instead",
    question=EXTENSION_CONSENT,
    decision=DecisionKind.EXTENSION,
    stages=EXTENDABLE,
    too_late="the conversion decision has begun",
    why_lapsed="the conversion decision has begun in the meantime",
    others=[party for party in EVERYBODY if party is not Party.HR],
)


class Extensions(Agreements[Extension]):
    """The extensions of a placement."""

    def __init__(self, context: PlacementContext, mentoring: Mentoring, reservations: PlacementReservations) -> None:
        super().__init__(context, context.state.extensions, TERMS)
        self._mentoring = mentoring
        self._reservations = reservations

    def wanted(self, request: ExtendPlacement) -> Extension:
        """What is asked for."""
        return Extension(weeks=request.weeks, asked_by=request.actor, at=self._context.now(), reason=request.reason)

    def _subject(self, asked: Extension) -> str:
        return f"agree to {counted(asked.weeks, 'more week')}"

    def _facts(self, asked: Extension) -> Mapping[str, Any]:
        return {"weeks": asked.weeks}

    def _evidence(self, asked: Extension) -> Mapping[str, Any]:
        return {"weeks": asked.weeks}

    def _refusal(self, reason: str) -> ExtensionRefused:
        return ExtensionRefused(reason=reason)

    async def _carry_out(self, asked: Extension, n: int) -> None:
        """The calendar is planned anew; its weeks will be paid, whether or not there is the money."""
        self._state.weeks += asked.weeks
        self._state.plan = await self._context.plan_calendar()
        self._mentoring.sessions.invite()
        self._context.report.letters(ExtensionAgreed(weeks=asked.weeks, ends_on=self._context.plan.end), to=EVERYBODY)
        self._context.changed()
        await self._reservations.fit_stipends(f"{n}")
