"""The parts of a placement: a mentor who has left the company is replaced by the matching."""

from __future__ import annotations

from domain.core.decisions import DecisionKind
from domain.core.model import Party
from domain.core.reassigning import HandedPart, Handing, HandOver
from domain.placement.requests import RUNNING
from workflows.case.parts import Parts
from workflows.placement.context import PlacementContext
from workflows.placement.mentoring import Mentoring


class PlacementParts(Parts):
    """Who plays which part in a placement."""

    def __init__(self, context: PlacementContext, mentoring: Mentoring) -> None:
        super().__init__(context)
        self._placement = context
        self._mentoring = mentoring

    def free_mentor(self, request: HandOver) -> HandedPart | None:
        """Another mentor is looked for, first whoever is named for that part; after the last day there need be none.

        While somebody is being looked up, or all is just being set up, it waits: it is asked again.
        """
        context, mentor = self._placement, Party.MENTOR.spoken
        if self._mentoring.search.busy or context.state.stage not in RUNNING or context.state.plan is None:
            return self.handed(mentor, Handing.WAITS, why="a mentor is just being looked up")
        context.report.decision(DecisionKind.MENTOR, "reassigned", by=request.actor, reason=self._reason(request))
        if context.now() >= context.plan.ends_at:
            self._mentoring.let_go()
            return self.handed(mentor, Handing.OVER, why="the last day is over")
        self._mentoring.reassign(request.successors.get(Party.MENTOR))
        return self.handed(mentor, Handing.MOVED, why="another mentor is looked for")
