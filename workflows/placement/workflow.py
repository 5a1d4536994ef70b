"""A returnship placement, from application to the last follow-up."""

from __future__ import annotations

from temporalio import workflow

from domain.core.model import Party
from domain.core.questions import TaskKind
from domain.placement.eligibility import broken_rules
from domain.placement.forms import ELIGIBILITY_OVERRIDE, FOLLOW_UP
from domain.placement.state import Ending, FollowUpResult, Outcome, PlacementStart, PlacementState, Stage
from workflows.placement.changes import Changes
from workflows.placement.cohort_link import InCohort
from workflows.placement.context import PlacementDesk
from workflows.placement.conversion import ConversionStage
from workflows.placement.learning import Learning
from workflows.placement.leaves import Leaves
from workflows.placement.mentoring import Mentoring
from workflows.placement.onboarding import Onboarding
from workflows.placement.requests import PlacementRequests
from workflows.placement.reservations import PlacementReservations
from workflows.placement.reviews import Reviews
from workflows.placement.stipends import Stipends

ENDED_EARLY = "the placement has ended early"
NOT_EMPLOYED = frozenset({Outcome.DECLINED, Outcome.EXPIRED, Outcome.RELEASED})
"""Whoever leaves after one of these leaves a little early; the outcome stays."""


@workflow.defn(name="Placement")
class Placement(PlacementRequests):
    """A paid placement that brings somebody back after a career break."""

    @workflow.init
    def __init__(self, start: PlacementStart) -> None:
        self.state = PlacementState.begin(start, workflow.now())
        self.desk = PlacementDesk(self.state)
        self.reservations = PlacementReservations(self.desk)
        self.cohort = InCohort(self.desk)
        self.mentoring = Mentoring(self.desk, self.reservations, self.cohort)
        self.onboarding = Onboarding(self.desk)
        self.reviews = Reviews(self.desk)
        self.stipends = Stipends(self.desk)
        self.conversion = ConversionStage(self.desk, self.reservations)
        self.learning = Learning(self.desk)
        self.leaves = Leaves(self.desk, self.mentoring, self.stipends, self.conversion, self.learning, self.cohort)
        self.changes = Changes(self.desk, self.mentoring, self.reservations, self.cohort)

    @workflow.run
    async def run(self, start: PlacementStart) -> Ending:
        """See the case through; Temporal's own cancellation is an orderly withdrawal by the operator."""
        if start.beside is not None:
            self.desk.report.decision("start", "beside another placement", by=start.started_by, reason=start.beside)
        return await self.desk.to_the_end(self.see_through, start.named())

    async def see_through(self) -> Ending:
        """The programme to its end; whoever leaves early leaves in good order."""
        self.desk.open(self.cohort.rounds(), self.cohort.tell_outcome())
        if not await self.desk.run_until_left(self.programme()):
            await self.undo()
        await self.end()
        await self.desk.close(once=lambda: self.cohort.all_told)
        return self.ending()

    # The programme

    async def programme(self) -> None:
        """The programme, from application to the last follow-up."""
        if not await self.is_eligible():
            return
        await self.reservations.take_stipends()
        await self.find_mentor()
        await self.prepare()
        self.learning.begin()
        async with self.desk.alongside(
            self.mentoring.sessions.hold, self.reviews.run, self.stipends.run, self.conversion.watch
        ):
            await self.until_decision()
            conversion = await self.conversion.decide()
            if conversion.convert:
                await self.conversion.offer(conversion)
            await self.until_the_last_day()
        await self.close_placement()
        if self.state.outcome is Outcome.CONVERTED:
            await self.follow_up()

    async def is_eligible(self) -> bool:
        """Whether the policy lets the returner in, or HR does in spite of it, with a reason on record."""
        self.desk.enter(Stage.INTAKE)
        state = self.state
        state.broken_rules = broken_rules(state.application, state.weeks, state.role.stipend, state.policy)
        if not state.broken_rules:
            self.record_eligibility("eligible", by=None, reason=None)
            return True
        if all(rule.can_be_overridden for rule in state.broken_rules):
            rules = [rule.says for rule in state.broken_rules]
            answer = await self.desk.ask_until_answered(
                ELIGIBILITY_OVERRIDE,
                "let in although a rule is broken",
                of=Party.HR,
                facts={"rules": rules},
                not_by=[state.returner],
            )
            decided = "let in by HR" if answer.form.proceed else "not eligible"
            self.record_eligibility(decided, by=answer.by, reason=answer.form.reason)
            if answer.form.proceed:
                return True
        else:
            self.record_eligibility("not eligible", by=None, reason="a rule that can't be overridden")
        self.turn_away()
        return False

    async def find_mentor(self) -> None:
        """A mentor who suits, has time, and has said yes."""
        self.desk.enter(Stage.MATCHING)
        await self.mentoring.find()

    async def prepare(self) -> None:
        """Everything ready for the first day: the calendar, the welcome, the checklist."""
        await self.desk.plan_from_the_start()
        self.desk.enter(Stage.PREBOARDING)
        self.cohort.found()
        self.desk.report.letter(
            "welcome",
            self.state.returner,
            people={"mentor": self.state.parties[Party.MENTOR], "manager": self.state.parties[Party.MANAGER]},
            starts_on=self.desk.plan.start,
            ends_on=self.desk.plan.end,
        )
        self.desk.aside(self.onboarding.run())
        await self.desk.clock.until(lambda: self.desk.plan.starts_at, "the first day")
        self.desk.enter(Stage.PLACEMENT)
        self.desk.aside(self.reviews.agree_goals())

    async def until_decision(self) -> None:
        """Work, until the decision is due or somebody asks for it earlier."""
        await self.desk.clock.until(
            lambda: self.desk.plan.decision_at,
            "the conversion decision",
            unless=lambda: self.state.early_decision_by is not None,
        )

    async def until_the_last_day(self) -> None:
        """Work, until the last day, which an early conversion has brought nearer."""
        self.desk.enter(Stage.CLOSING)
        self.mentoring.sessions.invite()
        await self.desk.clock.until(lambda: self.desk.plan.ends_at, "the last day")

    async def close_placement(self) -> None:
        """The last day is over: what has no more purpose is called off, the mentor is free."""
        self.desk.drop_asides()
        self.desk.asking.call_off("the placement has ended", kinds=set(TaskKind) - {TaskKind.FOLLOW_UP})
        await self.mentoring.end("the placement has ended")
        await self.reservations.settle_stipends()
        await self.learning.end()
        self.state.at_risk.clear()

    async def follow_up(self) -> None:
        """Ask at the policy's intervals whether the person is still here, until they are not."""
        self.desk.enter(Stage.FOLLOW_UP)
        for planned in self.desk.plan.follow_ups:
            await self.desk.clock.until(lambda at=planned.at: at, f"follow-up after {planned.days} days")  # type: ignore[misc]
            answer = await self.desk.ask_until_answered(
                FOLLOW_UP,
                f"still here after {planned.days} days?",
                of=Party.HR,
                facts={"days": planned.days},
                not_by=[self.state.returner],
            )
            here = answer.form.still_here
            self.state.follow_ups.append(FollowUpResult(days=planned.days, at=answer.at, still_here=here))
            if not here:
                return

    # Endings

    async def undo(self) -> None:
        """Leaving early, for whatever reason: everything open is called off, freed, and settled."""
        leaving, was_in, employed = self.state.leaving, self.state.stage, self.is_employed()
        end_moves = self.desk.end_moves
        assert leaving is not None
        # The reason may be private: it is on record, and HR and the returner are told.
        self.desk.asking.call_off(ENDED_EARLY)
        await self.mentoring.end(ENDED_EARLY)
        if self.state.plan is not None and (self.state.policy.stipend.paid_leave or not self.desk.clock.paused):
            self.stipends.settle(self.desk.today())
        self.leaves.end_leave()
        self.reservations.give_all_back(but_headcount=employed)
        self.state.at_risk.clear()
        if employed or self.state.outcome in NOT_EMPLOYED:
            self.desk.report.decision("left early", was_in.value, by=leaving.by, reason=leaving.reason)
        else:
            self.state.outcome = Outcome.WITHDRAWN
            self.desk.report.decision("outcome", Outcome.WITHDRAWN.value, by=leaving.by, reason=leaving.reason)
        today = self.desk.today() if self.state.plan else leaving.at
        over = self.state.plan is not None and self.desk.plan.end < today and not end_moves
        last_day = self.desk.plan.end if over else today
        self.desk.report.letters(
            "withdrawn", [Party.RETURNER, Party.HR], why=leaving.reason, last_day=last_day, over=over
        )
        self.desk.report.letters("withdrawn", [Party.MANAGER], why="HR knows it", last_day=last_day, over=over)
        await self.learning.end()

    def is_employed(self) -> bool:
        """Whether the employment that was offered and accepted has begun."""
        begins = self.state.employed_from
        return self.state.outcome is Outcome.CONVERTED and begins is not None and begins <= self.desk.today()

    async def end(self) -> None:
        """The case is over, and the records know it."""
        assert self.state.outcome is not None
        self.desk.enter(Stage.ENDED)
        self.desk.report.letters("placement_ended", [Party.HR], outcome=self.state.outcome.value)
        await self.reservations.settled()
        await self.cohort.tell_end()

    def ending(self) -> Ending:
        """What the workflow returns."""
        assert self.state.outcome is not None
        return Ending(case=self.state.case, outcome=self.state.outcome, ended_at=self.desk.now())

    def turn_away(self) -> None:
        """Tell somebody who is not eligible, and why."""
        self.state.outcome = Outcome.NOT_ELIGIBLE
        rules = [rule.says for rule in self.state.broken_rules]
        self.desk.report.letters("not_eligible", [Party.RETURNER, Party.HR], rules=rules)

    def record_eligibility(self, decided: str, *, by: str | None, reason: str | None) -> None:
        """Put on record who was let in, under which rules."""
        evidence = {
            "application": self.state.application.model_dump(mode="json"),
            "weeks": self.state.weeks,
            "broken_rules": [rule.rule for rule in self.state.broken_rules],
        }
        self.desk.report.decision("eligibility", decided, by=by, reason=reason, evidence=evidence)
