"""Trainings before somebody's gaps: which can be had, which help, what they require, in which order they are taken."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from domain.core.model import TrainingId
from domain.core.skills import Level
from domain.learning.catalogue import Training
from domain.learning.gaps import Gap
from domain.learning.time import LearningTime, Timetable, required_by


def payable(training: Training, currency: str) -> bool:
    """Whether a training can be paid from a budget in this currency."""
    return training.cost.amount == 0 or training.cost.currency == currency


def obtainable(
    trainings: Iterable[Training], passed: Collection[TrainingId], currency: str, when: LearningTime
) -> list[Training]:
    """Those of the trainings that can be had: payable and in time, and so is all they require unless it was passed.

    By id. What was passed is not among them, nor what requires itself in a circle.
    """
    can_be_paid = {training.id: training for training in trainings if payable(training, currency)}
    return [can_be_paid[training_id] for training_id in sorted(Timetable(can_be_paid.values(), passed, when).done)]


def helping(trainings: Sequence[Training], gaps: Sequence[Gap]) -> list[Training]:
    """Those of the trainings that lead further in any gap, with what they require of the others. By id."""
    known = {training.id: training for training in trainings}
    wanted = {training.id for training in trainings if any(credit(training, gap) > gap.assessed for gap in gaps)}
    for training_id in list(wanted):
        wanted |= required_by(known[training_id], known)
    return [known[training_id] for training_id in sorted(wanted)]


def credit(training: Training, gap: Gap) -> Level:
    """The level of a gap's skill that somebody has who passed a training; no more than is required counts."""
    return max(gap.assessed, min(training.leads_to.get(gap.skill, gap.assessed), gap.required))


def in_order(trainings: Iterable[Training]) -> list[Training]:
    """Trainings in an order in which they can be taken: prerequisites first; of those possible, the first by id."""
    left = {training.id: training for training in trainings}
    order: list[Training] = []
    while left:
        ready = [training_id for training_id in left if not any(need in left for need in left[training_id].requires)]
        order.append(left.pop(min(ready or left)))  # nothing is ready in a circle, which no plan can hold
    return order
