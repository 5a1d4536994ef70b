"""What stands in for a placement where only what it is told and asked matters."""

from __future__ import annotations

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from domain.core.case import Done
from domain.placement.cohort_messages import CohortMessage
from domain.placement.requests import PausePlacement, ResumePlacement
from domain.placement.start import PlacementStart


@workflow.defn(name="Placement")
class PlacementProbe:
    """Runs until it is told to end; notes what it was told and asked."""

    @workflow.init
    def __init__(self, start: PlacementStart) -> None:
        self.start = start
        self.proposed: list[CohortMessage] = []
        self.pauses: list[PausePlacement] = []
        self.over = False

    @workflow.run
    async def run(self, start: PlacementStart) -> None:
        await workflow.wait_condition(lambda: self.over)

    @workflow.signal
    def mentor_proposed(self, proposed: CohortMessage) -> None:
        self.proposed.append(proposed)

    @workflow.signal
    def end(self) -> None:
        self.over = True

    @workflow.update
    async def pause(self, request: PausePlacement) -> Done:
        if self.pauses:
            raise ApplicationError("it is paused already", type="Refused.conflict")
        self.pauses.append(request)
        return self.done("paused")

    @workflow.update
    async def resume(self, request: ResumePlacement) -> Done:
        if not self.pauses:
            raise ApplicationError("it is not paused", type="Refused.conflict")
        self.pauses.clear()
        return self.done("goes on")

    @workflow.query
    def started_with(self) -> PlacementStart:
        return self.start

    @workflow.query
    def told(self) -> list[CohortMessage]:
        return self.proposed

    @workflow.query
    def paused_by(self) -> list[PausePlacement]:
        return self.pauses

    def done(self, sentence: str) -> Done:
        return Done(case=self.start.case, at=workflow.now(), sentence=sentence)
