"""What people ask of a placement, and what they look at: its updates and queries on the engine.

Every update is checked before it is let in; what is refused leaves no trace in the case.
"""

from __future__ import annotations

from typing import Any

from temporalio import workflow

from domain.core.case import Done
from domain.learning.state import PathResult
from domain.placement.participation import MentorProposed
from domain.placement.requests import (
    DecideEarly,
    ExtendPlacement,
    PausePlacement,
    ReassignMentor,
    ResumePlacement,
)
from domain.placement.state import PlacementState
from workflows.case.requests import CaseRequests
from workflows.case.updates import check
from workflows.placement.changes import Changes
from workflows.placement.context import PlacementContext
from workflows.placement.learning import Learning
from workflows.placement.leaves import Leaves


class PlacementRequests(CaseRequests):
    """The updates and queries of a placement, which inherits them."""

    state: PlacementState
    context: PlacementContext
    changes: Changes
    leaves: Leaves
    learning: Learning

    @workflow.update(description="Begin a leave: all dates still to come wait")
    async def pause(self, request: PausePlacement) -> Done:
        """Begin a leave."""
        return self.leaves.pause(request)

    @pause.validator
    def check_pause(self, request: PausePlacement) -> None:
        """Reject what can't be paused."""
        check(self.leaves.check_pause, request)

    @workflow.update(description="End a leave: all dates still to come move")
    async def resume(self, request: ResumePlacement) -> Done:
        """End a leave."""
        return await self.leaves.resume(request)

    @resume.validator
    def check_resume(self, request: ResumePlacement) -> None:
        """Reject what is not paused."""
        check(self.leaves.check_resume, request)

    @workflow.update(description="Make the placement longer, if both sides agree")
    async def extend(self, request: ExtendPlacement) -> Done:
        """Ask both sides for an extension."""
        return self.changes.extend(request)

    @extend.validator
    def check_extend(self, request: ExtendPlacement) -> None:
        """Reject what the policy does not allow."""
        check(self.changes.check_extend, request)

    @workflow.update(description="Free the mentor and find another")
    async def reassign_mentor(self, request: ReassignMentor) -> Done:
        """Free the mentor and find another."""
        return await self.changes.reassign(request)

    @reassign_mentor.validator
    def check_reassign_mentor(self, request: ReassignMentor) -> None:
        """Reject where there is no mentor to replace."""
        check(self.changes.check_reassign, request)

    @workflow.update(description="Begin the conversion decision now")
    async def decide_early(self, request: DecideEarly) -> Done:
        """Begin the conversion decision now."""
        return self.changes.decide_early(request)

    @decide_early.validator
    def check_decide_early(self, request: DecideEarly) -> None:
        """Reject what is too early, or late."""
        check(self.changes.check_decide_early, request)

    # What other workflows tell

    @workflow.signal(description="How far the learning path inside this placement has come")
    def learning_result(self, result: PathResult) -> None:
        """How far the learning path inside this placement has come."""
        self.learning.take_in(result)

    @workflow.signal(description="The cohort proposes whom to ask to be the mentor")
    def mentor_proposed(self, proposed: MentorProposed) -> None:
        """The cohort proposes a mentor."""
        self.leaves.take_in(proposed)

    # What people look at

    @workflow.query(description="The whole state, as JSON a person can read")
    def view(self) -> dict[str, Any]:
        """The whole state, with the week the case is in."""
        now = self.context.now()
        return {**self.state.view(now), "week": self.state.week(now)}
