"""A learning plan: which trainings close which gaps, at what cost, and what they leave open.

What a training adds is what the best training of a skill leads to, at most what is required: levels don't add up.
Which trainings suit best within hours and budget is chosen in an activity (``service/learning/plan_solver.py``); the
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
from domain.learning.gaps import Gap, number_text
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
    reached = {cover.skill: cover.to_level for cover in covers}
    plan = LearningPlan(
        trainings=chosen,
        covers=covers,
        uncovered=[],
        hours=sum(training.hours for training in chosen),
        cost=_cost(chosen, currency),
    )
    others = {training.id: training for training in candidates if training.id not in {known.id for known in chosen}}
    besides = _NotPlanned([others[training_id] for training_id in sorted(others)], plan, passed, limits, when)
    uncovered = [
        Uncovered(skill=gap.skill, missing=gap.required - at, why=besides.why_open(gap, at))
        for gap in gaps
        if (at := reached.get(gap.skill, gap.assessed)) < gap.required
    ]
    return plan.model_copy(update={"uncovered": uncovered})


def value_of(plan: LearningPlan, gaps: Sequence[Gap]) -> Decimal:
    """What a plan is worth: over all gaps, the levels it closes x what a level of that gap is worth."""
    worth = {gap.skill: gap.per_level for gap in gaps}
    return sum((worth[cover.skill] * (cover.to_level - cover.from_level) for cover in plan.covers), Decimal(0))


def problems_in(trainings: Sequence[Training], passed: Collection[TrainingId], limits: PlanLimits) -> list[str]:
    """Why these trainings can't be a plan, as sentences; none when they can."""
    ids = {training.id for training in trainings} | set(passed)
    hours, cost = sum(training.hours for training in trainings), _cost(trainings, limits.budget.currency)
    problems = [
        f"{training.id} costs {training.cost}, the budget is in {limits.budget.currency}"
        for training in trainings
        if not payable(training, limits.budget.currency)
    ]
    problems += [
        f"{training.id} requires {required}, which is neither in the plan nor passed"
        for training in trainings
        for required in training.requires
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
    return [f"{training.title}: {why}" for training in trainings if (why := timetable.why_out_of_reach(training))]


def trainings_after_changes(
    plan: LearningPlan,
    add: Iterable[TrainingId],
    remove: Iterable[TrainingId],
    candidates: Iterable[Training],
) -> list[Training]:
    """The trainings of a plan after some were added (of the ``candidates``) and others removed, in order.

    Raises :class:`Refused` (``invalid``) for one that can't be chosen, is in the plan already, or is not in it.
    """
    chosen, known = (
        {training.id: training for training in plan.trainings},
        {training.id: training for training in candidates},
    )
    add, remove = list(add), list(remove)
    for training_id in add:
        if training_id in chosen:
            raise Refused(f"add: {training_id} is in the plan already", "invalid")
        if training_id not in known:
            raise Refused(f"add: {training_id} is not one of the trainings to choose from", "invalid")
    for training_id in remove:
        if training_id not in chosen:
            raise Refused(f"remove: {training_id} is not in the plan", "invalid")
    kept = [training for training in plan.trainings if training.id not in remove]
    return in_order([*kept, *(known[training_id] for training_id in dict.fromkeys(add))])


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
    worth = {
        candidate.id: value_of(plan_of([candidate], shared, passed, currency, when), shared) for candidate in candidates
    }
    in_time = Timetable(candidates, passed, when).done
    return sorted(
        (
            candidate
            for candidate in candidates
            if worth[candidate.id] > 0
            and candidate.id in in_time
            and candidate.id not in {training.id, *planned, *passed}
            and not problems_in([candidate], passed, limits_left)
        ),
        key=lambda candidate: (-worth[candidate.id], candidate.cost.amount, candidate.hours, candidate.id),
    )


def _best(gap: Gap, trainings: Iterable[Training]) -> Covers | None:
    """What the training adds that leads furthest; of several, the one that comes first."""
    best = max(trainings, key=lambda training: credit(training, gap), default=None)
    if best is None or credit(best, gap) <= gap.assessed:
        return None
    return Covers(skill=gap.skill, training=best.id, from_level=gap.assessed, to_level=credit(best, gap))


def _cost(trainings: Iterable[Training], currency: str) -> Money:
    amounts = (training.cost.amount for training in trainings if training.cost.currency == currency)
    return Money(amount=sum(amounts, Decimal(0)), currency=currency)


@dataclass(frozen=True)
class _NotPlanned:
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
        return {training.id for training in obtainable(everything, self.passed, self.plan.cost.currency, self.when)}

    def why_open(self, gap: Gap, at: Decimal) -> str:
        """Why a gap stays open beyond a level: what leads further and is not in the plan, and what keeps it out."""
        further = sorted(
            (other for other in self.others if credit(other, gap) > at),
            key=lambda other: (-credit(other, gap), other.id),
        )
        if not further:
            return "no training leads further" + (f" than {number_text(at)}" if at > gap.assessed else "")
        return "; ".join(
            f"{other.id} leads to {number_text(credit(other, gap))} but {self._why_kept_out(other)}"
            for other in further
        )

    def _why_kept_out(self, training: Training) -> str:
        currency = self.plan.cost.currency
        if not payable(training, currency):
            return f"costs {training.cost}, the budget is in {currency}"
        late = self._timetable.why_out_of_reach(training)
        if late:
            return late
        available = {*self.passed, *(planned.id for planned in self.plan.trainings)}
        lacking = {*training.requires} - available - self._can_be_had
        if lacking:
            return f"requires what can't be had: {', '.join(sorted(lacking))}"
        needed = {
            training.id,
            *required_by(training, {other.id: other for other in self.others if other.id not in available}),
        }
        more = [other for other in self.others if other.id in needed]
        beyond = _beyond(more, self.plan, self.limits) if self.limits else {}
        if not beyond:
            return "is not in the plan"
        with_what = f", with {' and '.join(sorted(needed - {training.id}))}," if len(needed) > 1 else ""
        hours, left = sum(other.hours for other in more), " and ".join(beyond.values())
        takes = f"it takes{with_what} {hours} hours and {_cost(more, currency)}, {left} are left"
        return f"is beyond the {' and the '.join(beyond)}: {takes}"


def _beyond(more: Sequence[Training], plan: LearningPlan, limits: PlanLimits) -> dict[str, str]:
    """Of which limit too little is left for more trainings, and how much."""
    hours, money = limits.hours - plan.hours, limits.budget.amount - plan.cost.amount
    beyond = {}
    if sum(training.hours for training in more) > hours:
        beyond["hours"] = f"{hours} hours"
    if _cost(more, plan.cost.currency).amount > money:
        beyond["budget"] = str(Money(amount=money, currency=plan.cost.currency))
    return beyond
