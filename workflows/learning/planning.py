"""The learning plan: proposed from the catalogue, changed by the learner within the rules, approved where it costs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from domain.core.decisions import DecisionKind
from domain.core.model import Party, TrainingId
from domain.core.questions import TaskKind
from domain.core.tasks import Refused
from domain.learning.catalogue import Training
from domain.learning.enrolment import Enrolment
from domain.learning.forms import PLAN_APPROVAL, PLAN_CHOICE, PlanChoice
from domain.learning.letters import NoTraining, PlanAgreed, PlanTooLate
from domain.learning.plan import (
    LearningPlan,
    LearningPlanRequest,
    PlanProposal,
    out_of_reach,
    plan_of,
    problems_in,
    trainings_after_changes,
)
from domain.learning.time import reachable_until
from workflows.case.answers import Answered
from workflows.learning import activity_calls
from workflows.learning.context import PathContext
from workflows.learning.reservations import ALTERNATIVE, PLAN, PathReservations

GAPS_CHANGED = "levels were put right, and another plan is proposed"


class Planning:
    """The plan of each round."""

    def __init__(self, context: PathContext, reservations: PathReservations) -> None:
        self._context = context
        self._state = context.state
        self._reservations = reservations
        self._anew = False

    async def plan(self) -> bool:
        """Agree on a plan for this round; false where the catalogue has nothing (more) that helps.

        What came too late while people were thinking, or money was waited for, is not paid: another plan is proposed.
        """
        before: dict[str, Any] = {}
        while True:
            self._state.plan_open, self._anew = True, False
            proposal = await self._propose() if self._state.gaps else None  # else there were some by mistake
            if self._anew:
                continue
            if proposal is None:
                self._agreed_now()
                return False
            self._state.candidates = proposal.candidates
            if not proposal.plan.trainings:
                self._agreed_now()
                self._leave_open(proposal.plan)
                lines = _uncovered(proposal.plan)
                self._context.report.letters(NoTraining(gaps=lines), to=[Party.HR, Party.MANAGER, Party.LEARNER])
                return False
            plan = await self._agreed(proposal.plan, before)
            if plan is None:
                before = {}
                continue
            self._agreed_now()
            if await self._pay(plan, f"{PLAN}{self._state.round}"):
                self._take(plan)
                return True
            before = {"too_late": self._out_of_reach(plan)}

    def anew(self) -> None:
        """The gaps have changed while a plan is being agreed: another one is proposed."""
        self._anew = True
        self._context.asking.call_off(GAPS_CHANGED, kinds=[PLAN_CHOICE.kind, PLAN_APPROVAL.kind])

    def _agreed_now(self) -> None:
        """From now on nothing of what the plan rests on can be put right."""
        self._state.plan_open = False
        self._context.asking.reopening.close_lapsed()

    async def _propose(self) -> PlanProposal:
        return await activity_calls.propose_plan(
            LearningPlanRequest(
                case=self._state.case,
                gaps=self._state.gaps,
                passed=self._state.passed(),
                leaving_out=self._state.not_passed(),
                limits=self._state.limits_left(),
                when=self._context.learning_time(),
            )
        )

    def _out_of_reach(self, plan: LearningPlan) -> list[str]:
        """Which workshops have no session any more that can be reached."""
        return out_of_reach(plan.trainings, self._state.passed(), self._context.learning_time())

    async def _pay(self, plan: LearningPlan, holder: str, instead_of: Enrolment | None = None) -> bool:
        """Take the money for a plan; false where it can't be reached any more, by now or once the money is there.

        Then nothing of it is held, and all who are around hear it.
        """
        money = self._reservations.holder(holder)
        if not self._out_of_reach(plan):
            await self._reservations.give_unused_money_back(except_for=instead_of)
        while not self._out_of_reach(plan):
            if await self._reservations.take_money(plan.cost.amount, money, self._reachable_until(plan)):
                if not self._out_of_reach(plan):
                    return True
                await self._reservations.give_back(money)
        self._give_up(plan)
        return False

    def _give_up(self, plan: LearningPlan) -> None:
        too_late = self._out_of_reach(plan)
        self._record(plan, "given up", None, "; ".join(too_late))
        letter = PlanTooLate(trainings=_titles(plan.trainings), why=too_late)
        self._context.report.letters(letter, to=[Party.LEARNER, Party.MANAGER, Party.HR])

    def _reachable_until(self, plan: LearningPlan) -> datetime | None:
        """When the first of its workshops can't be reached any more."""
        return reachable_until(plan.trainings, self._state.passed(), self._context.learning_time())

    def _leave_open(self, plan: LearningPlan) -> None:
        self._state.open_because = {gap.skill: gap.why for gap in plan.uncovered}

    def _take(self, plan: LearningPlan) -> None:
        """The plan of this round, paid for; all who are around hear of it."""
        self._state.plan = plan
        self._leave_open(plan)
        self._enrol(plan.trainings)
        letter = PlanAgreed(
            trainings=_titles(plan.trainings), hours=plan.hours, cost=str(plan.cost), uncovered=_uncovered(plan)
        )
        self._context.report.letters(letter, to=[Party.LEARNER, Party.MANAGER, Party.HR])

    async def _agreed(self, proposed: LearningPlan, before: dict[str, Any]) -> LearningPlan | None:
        """The plan as the learner chose it and, where it costs, the manager approved it. A refusal goes back.

        ``before`` is what became of the plan before, for the learner to see. Nobody is asked to approve what can't be
        reached any more. None where another plan is to be proposed, because the gaps have changed.
        """
        while True:
            choice = await self._choose(proposed, before)
            if choice is None or self._anew:
                return None
            plan = self._chosen(proposed, choice.form)
            self._record(plan, "chosen", choice.by, choice.form.comment)
            if not plan.cost.amount or self._out_of_reach(plan):
                return plan
            refusal = await self.refusal(plan)
            if self._anew:
                return None
            if refusal is None:
                return plan
            proposed, before = plan, {"refused": refusal}

    async def _choose(self, proposed: LearningPlan, before: dict[str, Any]) -> Answered[PlanChoice] | None:
        planned = {training.id for training in proposed.trainings}
        facts: dict[str, Any] = {
            "trainings": _titles(proposed.trainings),
            "hours": proposed.hours,
            "cost": str(proposed.cost),
            "stays_open": _uncovered(proposed),
            "may_be_added": _titles([training for training in self._state.candidates if training.id not in planned]),
            **before,
        }

        def check(choice: PlanChoice) -> None:
            self._chosen(proposed, choice)

        while not self._anew:
            answer = await self._context.ask(
                PLAN_CHOICE, "your learning plan", of=Party.LEARNER, facts=facts, check=check
            )
            if isinstance(answer, Answered):
                return answer
        return None

    def _chosen(self, proposed: LearningPlan, choice: PlanChoice) -> LearningPlan:
        """The plan as changed. Raises :class:`Refused` naming each rule that it breaks."""
        trainings = trainings_after_changes(proposed, choice.add, choice.remove, self._state.candidates)
        if not trainings:
            raise Refused("remove: nothing would be left of the plan; withdraw from the path instead", "invalid")
        passed, limits = self._state.passed(), self._state.limits_left()
        problems = problems_in(trainings, passed, limits)
        if problems:
            raise Refused("; ".join(problems), "invalid")
        when, candidates = self._context.learning_time(), self._state.candidates
        return plan_of(trainings, self._state.gaps, passed, limits.budget.currency, when, candidates, limits)

    async def refusal(self, plan: LearningPlan) -> str | None:
        """Ask the manager for the money; why it was refused, or none.

        None too where the plan can't be reached any more before the manager has said anything.
        """
        while True:
            waiting = self._context.spawn(self._call_off_once_out_of_reach(plan))
            reply = await self._context.ask(
                PLAN_APPROVAL,
                f"approve {plan.cost} of training",
                of=Party.MANAGER,
                facts={"trainings": _titles(plan.trainings), "hours": plan.hours, "closes": _covers(plan)},
                not_by=[self._state.learner],
            )
            waiting.cancel()
            if isinstance(reply, Answered):
                self._record(plan, "approved" if reply.form.yes else "refused", reply.by, reply.form.reason)
                return None if reply.form.yes else reply.form.reason
            if self._anew or self._out_of_reach(plan):
                return None

    async def _call_off_once_out_of_reach(self, plan: LearningPlan) -> None:
        """Nobody is to approve what can't be reached any more."""
        while not self._out_of_reach(plan):
            moment = self._reachable_until(plan)
            if moment is None:
                return
            await self._until(moment)
        why = "; ".join(self._out_of_reach(plan))
        self._context.asking.call_off(f"it can't be reached any more: {why}", kinds=[TaskKind.PLAN_APPROVAL])

    async def _until(self, moment: datetime) -> None:
        await self._context.clock.until(lambda: moment, "a workshop can't be reached any more", even_paused=True)

    async def add(self, training: Training, given_up: Enrolment) -> Enrolment | None:
        """Take an alternative into the plan, if the manager approves what it costs, while it can still be reached."""
        currency, when = self._state.budget.currency, self._context.learning_time()
        plan = plan_of([training], self._state.gaps, self._state.passed(), currency, when, self._state.candidates)
        if self._out_of_reach(plan) or (training.cost.amount and await self.refusal(plan) is not None):
            return None
        if not await self._pay(plan, f"{ALTERNATIVE}{len(self._state.enrolments) + 1}", given_up):
            return None
        return self._enrol([training], given_up.instead_of or given_up.training.id)[0]

    async def give_unused_money_back(self) -> None:
        """Give back the money for trainings that are settled and were never begun."""
        await self._reservations.give_unused_money_back()

    def _enrol(self, trainings: Sequence[Training], instead_of: TrainingId | None = None) -> list[Enrolment]:
        count = len(self._state.enrolments)
        new = [
            Enrolment(
                n=count + n,
                round=self._state.round,
                training=self._state.as_passed_on(training),
                instead_of=instead_of,
            )
            for n, training in enumerate(trainings, start=1)
        ]
        self._state.enrolments += new
        self._context.record_enrolments(new)
        return new

    def _record(self, plan: LearningPlan, decided: str, by: str | None, reason: str | None) -> None:
        evidence = {
            "round": self._state.round,
            "trainings": [training.id for training in plan.trainings],
            "hours": plan.hours,
            "cost": plan.cost.model_dump(mode="json"),
            "gaps": [gap.sentence for gap in self._state.gaps],
        }
        self._context.report.decision(DecisionKind.LEARNING_PLAN, decided, by=by, reason=reason, evidence=evidence)


def _titles(trainings: Sequence[Training]) -> list[str]:
    return [
        f"{training.id} {training.title} ({training.kind.spoken}, {training.hours} h, {training.cost})"
        for training in trainings
    ]


def _covers(plan: LearningPlan) -> list[str]:
    return [f"{cover.skill} from {cover.from_level} to {cover.to_level} by {cover.training}" for cover in plan.covers]


def _uncovered(plan: LearningPlan) -> list[str]:
    return [f"{gap.skill}: {gap.missing} missing, {gap.why}" for gap in plan.uncovered]
