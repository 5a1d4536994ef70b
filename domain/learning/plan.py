"""A learning plan: which trainings close which gaps, at what cost, and what they leave open.

What a training adds is what the best training of a skill leads to, at most what is required: levels don't add up.
Which trainings suit best within hours and budget is chosen in an activity (:mod:`activities.learning.plan_solver`); the
rules it keeps are these.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from pydantic import Field

from domain.core.model import CaseId, Fixed, Money, TrainingId
from domain.core.people import Skill
from domain.core.skills import Level
from domain.core.tasks import Refused
from domain.learning.catalogue import Training
from domain.learning.gaps import Gap, shown
from domain.learning.time import LearningTime, Timetable, required_by
from domain.learning.trainings import credit, in_order, obtainable, payable


class PlanLimits(Fixed):
    """What a plan may take: hours of learning in all, and money."""

    hours: int = Field(ge=0)
    budget: Money


class LearningPlanRequest(Fixed):
    """A plan is wanted that closes these gaps, by what can be done ``when`` somebody learns.

    What was ``passed`` is not learned again, nor what is left out.
    """

    case: CaseId
    gaps: list[Gap]
    passed: list[TrainingId]
    leaving_out: list[TrainingId]
    limits: PlanLimits
    when: LearningTime


class Covers(Fixed):
    """What one training of a plan adds to a gap: that of the training which leads furthest."""

    skill: Skill
    training: TrainingId
    from_level: Level
    to_level: Level


class Uncovered(Fixed):
    """What a plan leaves open of a gap, in levels, and why."""

    skill: Skill
    missing: Decimal
    why: str


class LearningPlan(Fixed):
    """Trainings, prerequisites before what needs them; what they cover of the gaps and leave; hours and cost in all."""

    trainings: list[Training]
    covers: list[Covers]
    uncovered: list[Uncovered]
    hours: int
    cost: Money


class PlanProposal(Fixed):
    """The plan that suits best, and the ``candidates`` the learner may choose from instead.

    Candidates are all trainings that help with a gap, come in time and can be paid from the budget, with what they
    require.
    """

    plan: LearningPlan
    candidates: list[Training]


def plan_of(
    trainings: Iterable[Training],
    gaps: Sequence[Gap],
    passed: Collection[TrainingId],
    currency: str,
    when: LearningTime,
    candidates: Iterable[Training] = (),
    limits: PlanLimits | None = None,
) -> LearningPlan:
    """The plan of these trainings: in order, with what it covers and leaves.

    ``candidates`` are the trainings that might be planned besides; they, ``limits`` and ``when``, explain what stays
    open. The cost counts what is to be paid in ``currency``.
    """
    chosen = in_order(trainings)
    covers = [covered for gap in gaps if (covered := _best(gap, chosen))]
    reached = {one.skill: one.to_level for one in covers}
    plan = LearningPlan(
        trainings=chosen,
        covers=covers,
        uncovered=[],
        hours=sum(one.hours for one in chosen),
        cost=_cost(chosen, currency),
    )
    others = {one.id: one for one in candidates if one.id not in {known.id for known in chosen}}
    besides = _Besides([others[one] for one in sorted(others)], plan, passed, limits, when)
    uncovered = [
        Uncovered(skill=gap.skill, missing=gap.required - at, why=besides.why_open(gap, at))
        for gap in gaps
        if (at := reached.get(gap.skill, gap.assessed)) < gap.required
    ]
    return plan.model_copy(update={"uncovered": uncovered})


def value_of(plan: LearningPlan, gaps: Sequence[Gap]) -> Decimal:
    """What a plan is worth: over all gaps, the levels it closes x what a level of that gap is worth."""
    worth = {gap.skill: gap.per_level for gap in gaps}
    return sum((worth[one.skill] * (one.to_level - one.from_level) for one in plan.covers), Decimal(0))


def problems_in(trainings: Sequence[Training], passed: Collection[TrainingId], limits: PlanLimits) -> list[str]:
    """Why these trainings can't be a plan, as sentences; none when they can."""
    ids = {one.id for one in trainings} | set(passed)
    hours, cost = sum(one.hours for one in trainings), _cost(trainings, limits.budget.currency)
    problems = [
        f"{one.id} costs {one.cost}, the budget is in {limits.budget.currency}"
        for one in trainings
        if not payable(one, limits.budget.currency)
    ]
    problems += [
        f"{one.id} requires {required}, which is neither in the plan nor passed"
        for one in trainings
        for required in one.requires
        if required not in ids
    ]
    if hours > limits.hours:
        problems.append(f"the plan takes {hours} hours, the limit is {limits.hours}")
    if cost.amount > limits.budget.amount:
        problems.append(f"the plan costs {cost}, the budget is {limits.budget}")
    return problems


def out_of_reach(trainings: Sequence[Training], passed: Collection[TrainingId], when: LearningTime) -> list[str]:
    """Which workshops of a plan have no session any more that comes in time, as sentences; none where each has."""
    timetable = Timetable(trainings, passed, when)
    return [f"{one.title}: {why}" for one in trainings if (why := timetable.why_out_of_reach(one))]


def changed(
    plan: LearningPlan,
    add: Iterable[TrainingId],
    remove: Iterable[TrainingId],
    candidates: Iterable[Training],
) -> list[Training]:
    """The trainings of a plan after some were added (of the ``candidates``) and others removed, in order.

    Raises :class:`Refused` (``invalid``) for one that can't be chosen, is in the plan already, or is not in it.
    """
    chosen, known = {one.id: one for one in plan.trainings}, {one.id: one for one in candidates}
    add, remove = list(add), list(remove)
    for training in add:
        if training in chosen:
            raise Refused(f"add: {training} is in the plan already", "invalid")
        if training not in known:
            raise Refused(f"add: {training} is not one of the trainings to choose from", "invalid")
    for training in remove:
        if training not in chosen:
            raise Refused(f"remove: {training} is not in the plan", "invalid")
    kept = [one for one in plan.trainings if one.id not in remove]
    return in_order([*kept, *(known[one] for one in dict.fromkeys(add))])


def alternatives(
    training: Training,
    candidates: Sequence[Training],
    planned: Collection[TrainingId],
    passed: Collection[TrainingId],
    limits_left: PlanLimits,
    gaps: Sequence[Gap],
    when: LearningTime,
) -> list[Training]:
    """What might be learned by instead of a training: the most valuable first, then the cheapest, shortest, by id.

    They lead to one of its skills beyond what was assessed, are neither planned nor passed, all they require has been
    passed, they come in time, and they fit into what is left.
    """
    shared = [gap for gap in gaps if gap.skill in training.leads_to]
    currency = limits_left.budget.currency
    worth = {one.id: value_of(plan_of([one], shared, passed, currency, when), shared) for one in candidates}
    in_time = Timetable(candidates, passed, when).done
    return sorted(
        (
            one
            for one in candidates
            if worth[one.id] > 0
            and one.id in in_time
            and one.id not in {training.id, *planned, *passed}
            and not problems_in([one], passed, limits_left)
        ),
        key=lambda one: (-worth[one.id], one.cost.amount, one.hours, one.id),
    )


def _best(gap: Gap, trainings: Iterable[Training]) -> Covers | None:
    """What the training adds that leads furthest; of several, the one that comes first."""
    best = max(trainings, key=lambda one: credit(one, gap), default=None)
    if best is None or credit(best, gap) <= gap.assessed:
        return None
    return Covers(skill=gap.skill, training=best.id, from_level=gap.assessed, to_level=credit(best, gap))


def _cost(trainings: Iterable[Training], currency: str) -> Money:
    amounts = (one.cost.amount for one in trainings if one.cost.currency == currency)
    return Money(amount=sum(amounts, Decimal(0)), currency=currency)


@dataclass(frozen=True)
class _Besides:
    """What might have been planned besides a plan, and what keeps it out."""

    others: Sequence[Training]
    plan: LearningPlan
    passed: Collection[TrainingId]
    limits: PlanLimits | None
    when: LearningTime

    @cached_property
    def _timetable(self) -> Timetable:
        return Timetable([*self.others, *self.plan.trainings], self.passed, self.when)

    @cached_property
    def _can_be_had(self) -> set[TrainingId]:
        everything = [*self.others, *self.plan.trainings]
        return {one.id for one in obtainable(everything, self.passed, self.plan.cost.currency, self.when)}

    def why_open(self, gap: Gap, at: Decimal) -> str:
        """Why a gap stays open beyond a level: what leads further and is not in the plan, and what keeps it out."""
        further = sorted(
            (one for one in self.others if credit(one, gap) > at), key=lambda one: (-credit(one, gap), one.id)
        )
        if not further:
            return "no training leads further" + (f" than {shown(at)}" if at > gap.assessed else "")
        return "; ".join(f"{one.id} leads to {shown(credit(one, gap))} but {self._kept_out(one)}" for one in further)

    def _kept_out(self, training: Training) -> str:
        currency = self.plan.cost.currency
        if not payable(training, currency):
            return f"costs {training.cost}, the budget is in {currency}"
        late = self._timetable.why_out_of_reach(training)
        if late:
            return late
        there = {*self.passed, *(one.id for one in self.plan.trainings)}
        lacking = {*training.requires} - there - self._can_be_had
        if lacking:
            return f"requires what can't be had: {', '.join(sorted(lacking))}"
        needed = {training.id, *required_by(training, {one.id: one for one in self.others if one.id not in there})}
        more = [one for one in self.others if one.id in needed]
        beyond = _beyond(more, self.plan, self.limits) if self.limits else {}
        if not beyond:
            return "is not in the plan"
        with_what = f", with {' and '.join(sorted(needed - {training.id}))}," if len(needed) > 1 else ""
        hours, left = sum(one.hours for one in more), " and ".join(beyond.values())
        takes = f"it takes{with_what} {hours} hours and {_cost(more, currency)}, {left} are left"
        return f"is beyond the {' and the '.join(beyond)}: {takes}"


def _beyond(more: Sequence[Training], plan: LearningPlan, limits: PlanLimits) -> dict[str, str]:
    """Of which limit too little is left for more trainings, and how much."""
    hours, money = limits.hours - plan.hours, limits.budget.amount - plan.cost.amount
    beyond = {}
    if sum(one.hours for one in more) > hours:
        beyond["hours"] = f"{hours} hours"
    if _cost(more, plan.cost.currency).amount > money:
        beyond["budget"] = str(Money(amount=money, currency=plan.cost.currency))
    return beyond
