"""A returnship placement, from application to the last follow-up."""

from __future__ import annotations

from temporalio import workflow

from domain.core.case import EarlyEnd
from domain.core.decisions import DecisionKind
from domain.core.model import Party
from domain.core.questions import TaskKind
from domain.placement.last_day import LastDay, last_day_of
from domain.placement.letters import PlacementEnded, Welcome, Withdrawn
from domain.placement.stages import BEFORE_THE_FIRST_DAY, NOT_EMPLOYED, Ending, Outcome, Stage
from domain.placement.start import PlacementStart
from domain.placement.state import PlacementState
from workflows.case.life_cycle import LifeCycle
from workflows.placement.cohort_link import CohortLink
from workflows.placement.context import PlacementContext
from workflows.placement.conversion import ConversionStage
from workflows.placement.corrections import PlacementCorrections
from workflows.placement.eligibility import Eligibility
from workflows.placement.extension import Extensions
from workflows.placement.follow_ups import FollowUps
from workflows.placement.last_checklists import Changeover, Offboarding
from workflows.placement.learning import Learning
from workflows.placement.leaves import Leaves
from workflows.placement.mentoring import Mentoring
from workflows.placement.onboarding import Onboarding
from workflows.placement.parts import PlacementParts
from workflows.placement.pattern_change import PatternChanges
from workflows.placement.pulses import Pulses
from workflows.placement.requests import PlacementRequests
from workflows.placement.reservations import PlacementReservations
from workflows.placement.reviews import Reviews
from workflows.placement.stipends import Stipends
from workflows.placement.wishes import MentorWishes

IS_OVER = "the placement has ended"
ENDED_EARLY = "the placement has ended early"
"""Why what is still open is called off."""

AFTER_THE_LAST_DAY = frozenset({TaskKind.FOLLOW_UP, TaskKind.OFFBOARDING_ITEM, TaskKind.CHANGEOVER_ITEM})
"""What is asked when a placement is over, too."""


@workflow.defn(name="Placement")
class Placement(PlacementRequests):
    """A paid placement that brings somebody back after a career break."""

    @workflow.init
    def __init__(self, start: PlacementStart) -> None:
        self.state = PlacementState.begin(start, workflow.now())
        self.context = PlacementContext(self.state)
        self.life_cycle = LifeCycle(self.context)
        self.eligibility = Eligibility(self.context)
        self.reservations = PlacementReservations(self.context)
        self.cohort = CohortLink(self.context)
        self.mentoring = Mentoring(self.context, self.reservations, self.cohort)
        self.wishes = MentorWishes(self.context, self.mentoring)
        self.onboarding = Onboarding(self.context)
        self.pulses = Pulses(self.context)
        self.reviews = Reviews(self.context)
        self.stipends = Stipends(self.context)
        self.conversion = ConversionStage(self.context, self.reservations)
        self.offboarding = Offboarding(self.context)
        self.changeover = Changeover(self.context)
        self.follow_ups = FollowUps(self.context, self.changeover)
        self.learning = Learning(self.context)
        self.leaves = Leaves(
            self.context,
            self.mentoring,
            self.stipends,
            self.conversion,
            self.learning,
            self.cohort,
            self.reservations,
        )
        self.corrections = PlacementCorrections(self.context, self.reviews, self.mentoring.sessions, self.changeover)
        self.extensions = Extensions(self.context, self.mentoring, self.reservations)
        self.patterns = PatternChanges(self.context, self.mentoring, self.reservations, self.cohort)
        self.parts = PlacementParts(self.context, self.mentoring)

    @workflow.run
    async def run(self, start: PlacementStart) -> Ending:
        """Run the case to its end; Temporal's own cancellation is an orderly withdrawal by the operator."""
        role = self.state.role
        if start.beside is not None:
            self.context.report.decision(
                DecisionKind.START, "beside another placement", by=start.started_by, reason=start.beside
            )
        return await self.life_cycle.run_to_completion(
            self.whole_case, start.named(), lambda: self.context.look_up_local_days(role.time_zone, role.country)
        )

    async def whole_case(self) -> Ending:
        """The programme to its end; one that is ended early ends in good order."""
        self.life_cycle.open(
            self.cohort.signals.deliver_forever(), self.cohort.signal_outcome(), self.learning.signals.deliver_forever()
        )
        if not await self.life_cycle.run_until_ended_early(self.programme()):
            await self.wind_down()
        await self.off_board()
        await self.end()
        await self.life_cycle.close(and_until=lambda: self.cohort.signals.empty and self.learning.signals.empty)
        return self.ending()

    # The programme

    async def programme(self) -> None:
        """The programme, from application to the last follow-up."""
        if not await self.eligibility.establish():
            return
        await self.reservations.take_stipends()
        await self.find_mentor()
        await self.prepare()
        self.learning.begin()
        async with self.context.running_in_background(
            self.mentoring.sessions.hold, self.reviews.run, self.stipends.run, self.conversion.watch
        ):
            await self.until_decision()
            conversion = await self.conversion.decide()
            if conversion.convert:
                await self.conversion.offer(conversion)
            self.begin_the_last_checklist()
            await self.until_the_last_day()
        await self.close_placement()
        if self.state.outcome is Outcome.CONVERTED:
            async with self.context.running_in_background(self.changeover.run):
                await self.follow_ups.ask()

    async def find_mentor(self) -> None:
        """A mentor who suits, has time, and has said yes."""
        self.context.enter(Stage.MATCHING)
        await self.mentoring.find()

    async def prepare(self) -> None:
        """Everything ready for the first day: the calendar, the welcome, the checklist."""
        await self.context.plan_from_the_start()
        self.context.spawn(self.reservations.fit_stipends("start"))  # other months come to another amount
        self.context.enter(Stage.PREBOARDING)
        self.cohort.signal_mentor_found()
        letter = Welcome(
            mentor=self.state.parties[Party.MENTOR],
            manager=self.state.parties[Party.MANAGER],
            starts_on=self.context.plan.start,
            ends_on=self.context.plan.end,
        )
        self.context.report.letter(letter, to=self.state.returner)
        self.context.spawn(self.onboarding.run())
        await self.context.clock.until(lambda: self.context.plan.starts_at, "the first day")
        self.context.enter(Stage.PLACEMENT)
        self.context.spawn(self.reviews.agree_goals())
        self.context.spawn(self.pulses.run())

    async def until_decision(self) -> None:
        """Work, until the decision is due or somebody asks for it earlier."""
        await self.context.clock.until(
            lambda: self.context.plan.decision_at,
            "the conversion decision",
            unless=lambda: self.state.early_decision_by is not None,
        )

    def begin_the_last_checklist(self) -> None:
        """It is known what comes: what has to be done for that opens already before the last day."""
        stays = self.state.outcome is Outcome.CONVERTED
        checklist = self.changeover if stays else self.offboarding
        checklist.begin()
        self.context.spawn(checklist.run())

    async def until_the_last_day(self) -> None:
        """Work, until the last day, which an early conversion has brought nearer."""
        self.context.enter(Stage.CLOSING)
        self.mentoring.sessions.invite()
        await self.context.clock.until(lambda: self.context.plan.ends_at, "the last day")

    async def close_placement(self) -> None:
        """The last day is over: what has no more purpose is called off, the mentor is free."""
        self.context.drop_spawned()
        self.context.asking.call_off(IS_OVER, kinds=set(TaskKind) - AFTER_THE_LAST_DAY)
        self.lapse_agreements()
        self.wishes.end()
        await self.mentoring.end(IS_OVER)
        await self.reservations.settle_stipends()
        await self.learning.end()
        self.state.forget_risks()

    def lapse_agreements(self) -> None:
        """What returner and manager are still being asked to agree to has no more purpose, and that is on record."""
        self.extensions.lapse()
        self.patterns.lapse()

    # Endings

    async def wind_down(self) -> None:
        """End the placement early: everything open is called off, freed and settled, and who is concerned hears it.

        How it stood is looked at first: what is undone here changes it.
        """
        was_in, employed, end_moves = self.state.stage, self.context.is_employed, self.context.end_moves
        begun = was_in not in BEFORE_THE_FIRST_DAY
        # The reason may be private: it is on record, and HR and the returner are told.
        self.context.asking.call_off(ENDED_EARLY, kinds=set(TaskKind) - {TaskKind.OFFBOARDING_ITEM})
        self.lapse_agreements()
        self.wishes.end()
        await self.mentoring.end(ENDED_EARLY)
        self.pay_for_days_worked()
        self.leaves.end_with_the_placement()
        self.reservations.give_all_back(except_headcount=employed)
        self.state.forget_risks()
        self.put_early_end_on_record(was_in, employed=employed)
        last_day = self.last_day(end_moves=end_moves)
        self.write_of_early_end(last_day, begun=begun)
        if self.state.plan is not None and not employed:
            self.offboarding.begin(started=begun)
            await self.offboarding.leave_on(last_day.day)
        await self.learning.end()

    def pay_for_days_worked(self) -> None:
        """Stipends are settled up to the last day worked; those of a leave, where they are paid, up to today."""
        state = self.state
        away_unpaid = self.context.clock.paused and not state.policy.stipend.paid_leave
        if state.plan is not None and (state.worked_until or not away_unpaid):
            self.stipends.settle(state.worked_until or self.context.today())

    def put_early_end_on_record(self, was_in: Stage, *, employed: bool) -> None:
        """Who ends it early has withdrawn.

        But a decision against employment stays the outcome, and so does an employment that has begun.
        """
        early_end = self.early_end
        what, decided = DecisionKind.LEFT_EARLY, was_in.value
        if not employed and self.state.outcome not in NOT_EMPLOYED:
            self.state.outcome = Outcome.WITHDRAWN
            what, decided = DecisionKind.OUTCOME, Outcome.WITHDRAWN.value
        self.context.report.decision(what, decided, by=early_end.by, reason=early_end.reason)

    def last_day(self, *, end_moves: bool) -> LastDay:
        """The last day of the placement that ends early; before it has a calendar, the moment at which it was ended."""
        if self.state.plan is None:
            return LastDay(day=self.state.worked_until or self.early_end.at, over=False)
        planned = None if end_moves else self.context.plan.end
        return last_day_of(self.context.today(), planned, self.state.worked_until)

    def write_of_early_end(self, last_day: LastDay, *, begun: bool) -> None:
        """The returner and HR read why it ended, the manager that HR knows it."""
        for why, parties in ((self.early_end.reason, [Party.RETURNER, Party.HR]), ("HR knows it", [Party.MANAGER])):
            letter = Withdrawn(why=why, last_day=last_day.day, over=last_day.over, begun=begun)
            self.context.report.letters(letter, to=parties)

    @property
    def early_end(self) -> EarlyEnd:
        """Who has ended the placement early, when and why."""
        assert self.state.early_end is not None
        return self.state.early_end

    async def off_board(self) -> None:
        """All is decided, and the cohort hears it: the case waits only for what is to be done for whoever leaves."""
        if self.offboarding.is_open:
            self.context.enter(Stage.OFFBOARDING)
            self.life_cycle.note_who_is_unknown()
            self.context.spawn(self.settle())
            await self.offboarding.run()

    async def end(self) -> None:
        """The case is over, and the records know it."""
        assert self.state.outcome is not None
        self.context.asking.call_off(IS_OVER)
        self.context.enter(Stage.ENDED)
        self.context.report.letters(PlacementEnded(outcome=self.state.outcome), to=[Party.HR])
        await self.settle()

    async def settle(self) -> None:
        """Nothing is just being taken or given back any more, and the cohort knows that the placement is over."""
        await self.reservations.settled()
        await self.cohort.signal_end()

    def ending(self) -> Ending:
        """What the workflow returns."""
        assert self.state.outcome is not None
        return Ending(case=self.state.case, outcome=self.state.outcome, ended_at=self.context.now())
