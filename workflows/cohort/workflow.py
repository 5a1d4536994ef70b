"""A cohort, from the first who is enlisted to the last follow-up of the last placement."""

from __future__ import annotations

from temporalio import workflow

from domain.cohort.letters import CohortClosed, CohortReport
from domain.cohort.participant_state import ParticipantStatus
from domain.cohort.state import CohortEnding, CohortOutcome, CohortStage, CohortStart, CohortState
from domain.core.decisions import DecisionKind
from workflows.case.life_cycle import LifeCycle
from workflows.case.parts import Parts
from workflows.case.pauses import remind_of_every_pause
from workflows.cohort import activity_calls
from workflows.cohort.context import LEADS, CohortContext
from workflows.cohort.dates import Dates
from workflows.cohort.matching import Matching
from workflows.cohort.pauses import CohortPauses
from workflows.cohort.placements import Placements
from workflows.cohort.requests import CohortRequests


@workflow.defn(name="Cohort")
class Cohort(CohortRequests):
    """People who begin their placements together: matched with mentors together, with dates of their own."""

    @workflow.init
    def __init__(self, start: CohortStart) -> None:
        self.state = CohortState.begin(start, workflow.now())
        self.context = CohortContext(self.state, start.events_a_run)
        self.life_cycle = LifeCycle(self.context)
        self.placements = Placements(self.context)
        self.pauses = CohortPauses(self.context, self.placements)
        self.matching = Matching(self.context, self.placements)
        self.dates = Dates(self.context)
        self.parts = Parts(self.context)

    @workflow.run
    async def run(self, start: CohortStart) -> CohortEnding:
        """Run the cohort to its end; Temporal's own cancellation closes it in good order."""
        ending = await self.life_cycle.run_to_completion(self.whole_case, start.named())
        if ending is None:
            workflow.continue_as_new(start.model_copy(update={"state": self.state}))
        return ending

    async def whole_case(self) -> CohortEnding | None:
        """The programme to its end, or until HR closes it; none where it goes on in a new run."""
        self.life_cycle.open()
        if await self.life_cycle.run_until_ended_early(self.programme()):
            if self.state.outcome is None:
                return None
        else:
            await self.wind_down()
        await self.end()
        await self.life_cycle.close()
        while asking := [  # since the cohort was closed
            participant.who.case for participant in self.state.participants_in(ParticipantStatus.SEEKING)
        ]:
            await self.placements.let_go(asking)
        return self.ending()

    async def programme(self) -> None:
        """The programme, as far as it comes in this run."""
        await self.context.run_unless(self.stages(), self.is_time_for_a_new_run)

    # The programme

    async def stages(self) -> None:
        """From the first who is enlisted to the last follow-up; what goes on beside it ends with it."""
        for part in (
            self.placements.start_as_enlisted(),
            self.pauses.run(),
            self.placements.send_rulings(),
            self.matching.run(),
            self.dates.keep(),
            self.placements.look_after(),
            self.placements.more_follow_lapses(),
            remind_of_every_pause(self.context, lambda: len(self.state.pauses)),
        ):
            self.context.spawn(part)
        await self.gather()
        await self.run_the_placements()
        await self.follow_up()
        self.state.outcome = CohortOutcome.THROUGH

    async def gather(self) -> None:
        """Those who take part are enlisted, and mentors found for them, until the first day."""
        self.reach(CohortStage.ENLISTING)
        await self.placements.until_somebody_takes_part()
        self.reach(CohortStage.MATCHING)
        await self.context.clock.until(self.state.first_day, "the first day of the cohort")

    async def run_the_placements(self) -> None:
        """The placements run, until it is known how each came out."""
        self.reach(CohortStage.RUNNING)
        await self.placements.until_all_have_outcomes()

    async def follow_up(self) -> None:
        """HR sees what came of the cohort; follow-ups go on until the last placement has ended."""
        if self.reach(CohortStage.FOLLOW_UP):
            await self.report("how all placements came out is known")
        await self.placements.until_all_have_ended()

    # Endings

    async def wind_down(self) -> None:
        """Close the cohort: its placements go on by themselves, whoever waits for a mentor finds one alone."""
        early_end = self.state.early_end
        assert early_end is not None
        self.context.asking.call_off("the cohort is closed")
        await self.placements.settled()
        not_started = self.placements.not_started("the cohort was closed before")
        await self.pauses.resume_without_the_cohort()
        await self.placements.let_go([participant.who.case for participant in self.context.active()])
        self.state.outcome = CohortOutcome.CLOSED
        self.state.forget_risks()
        self.context.decide(
            DecisionKind.COHORT,
            CohortOutcome.CLOSED.value,
            by=early_end.by,
            reason=early_end.reason,
            evidence={"not_started": not_started},
        )
        self.context.report.letters(CohortClosed(reason=early_end.reason, not_started=not_started), to=LEADS)

    async def end(self) -> None:
        """The cohort is over: its report goes to HR."""
        assert self.state.outcome is not None
        self.context.drop_spawned()
        self.context.asking.call_off("the cohort has ended")
        self.dates.call_off()
        await self.report("the cohort has ended")
        self.reach(CohortStage.ENDED)

    async def report(self, why: str) -> None:
        """What came of the cohort, from the records."""
        with self.context.awaiting_result():
            self.state.figures = await activity_calls.cohort_figures(self.context.name)
        self.context.report.letters(CohortReport(why=why, figures=self.state.figures), to=LEADS)

    def ending(self) -> CohortEnding:
        """What the workflow returns."""
        assert self.state.outcome is not None
        return CohortEnding(
            cohort=self.context.name,
            outcome=self.state.outcome,
            figures=self.state.figures,
            ended_at=self.context.now(),
        )

    # Over many runs

    def reach(self, stage: CohortStage) -> bool:
        """Enter a stage, unless an earlier run has come so far already; whether it was entered now."""
        order = list(CohortStage)
        if self.state.stages and order.index(stage) <= order.index(self.state.stage):
            return False
        self.context.enter(stage)
        return True

    def is_time_for_a_new_run(self) -> bool:
        """Whether the history is long, and the state is all there is to go on with; the outboxes are part of it."""
        return (
            self.context.is_long
            and not self.context.awaits_result
            and (self.context.report.delivery.empty or self.context.is_very_long)
            and workflow.all_handlers_finished()
        )
