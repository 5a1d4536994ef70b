"""What a simulated person makes of a task: whether and when they answer, and what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from domain.core.model import PersonId
from domain.core.questions import TaskKind
from rehearsal.chance import Chance
from rehearsal.drawn import ability, score
from rehearsal.habits import Habits, Takes
from simulated.answers import PULSES, UNWILLING, willing

REVIEWS = frozenset({TaskKind.MANAGER_REVIEW, TaskKind.MENTOR_REVIEW, TaskKind.SELF_REVIEW})
"""What is answered with a score."""

CHECKED_AFTER = timedelta(days=0.25)
"""Nobody answers the very moment they are asked."""


@dataclass(frozen=True)
class About:
    """A task as far as choices depend on it: who is asked what, about whom, and for the how-manieth time (from 1)."""

    kind: TaskKind
    subject: str
    person: PersonId
    returner: PersonId
    nth: int


@dataclass(frozen=True)
class Choice:
    """What was chosen. ``after`` is from when they were asked, or, where nobody answers at first (``silent``), from
    when it was escalated; then ``stands_in`` tells whether whoever it was escalated to would rather answer."""

    silent: bool
    after: timedelta
    refuses: bool
    stands_in: bool
    noise: float
    minutes: float


class Choices:
    """All the choices of a rehearsal: the same for the same seed, person, task and time of asking."""

    def __init__(self, chance: Chance, habits: Habits) -> None:
        self._chance = chance
        self._habits = habits

    def of(self, about: About, allowed: timedelta) -> Choice:
        """What somebody makes of a task for which so much time is allowed.

        All that could be needed is drawn, always in the same order: another policy changes no draw.
        """
        habit, escalated = self._habits.of(about.kind), self._habits.escalated
        draw = self._chance.of("task", about.person, about.returner, about.kind.value, about.subject, about.nth)
        silent, refuses, stands_in = draw.random() < habit.silent, draw.random() < habit.refuses, draw.random()
        noise = float(draw.standard_normal())
        at_once, chased = _time(habit.takes, draw, allowed), _time(escalated.takes, draw, allowed)
        return Choice(
            silent=silent,
            after=max(CHECKED_AFTER, (chased if silent else at_once) * self._slowness(about.person)),
            refuses=refuses,
            stands_in=stands_in < escalated.stands_in,
            noise=noise,
            minutes=habit.minutes,
        )

    def answer(
        self, about: About, choice: Choice, mentors: Sequence[PersonId] = (), facts: Mapping[str, Any] | None = None
    ) -> dict[str, Any] | None:
        """The answer to a task with these facts; none where there is nothing to answer with.

        ``mentors`` are those who could be named, best first.

        Raises ``LookupError`` for a kind of task that does not come up in a placement.
        """
        if about.kind is TaskKind.MENTOR_NOMINATION and not mentors:
            return None
        if choice.refuses:
            return UNWILLING[about.kind]
        answer = willing(about.kind, facts or {}, mentors)
        if about.kind in REVIEWS:
            return answer | {"score": self._score(about.returner, choice)}
        if about.kind in PULSES:
            return {"scores": dict.fromkeys(answer["scores"], self._score(about.returner, choice))}
        if about.kind is TaskKind.PROPOSAL:
            return answer | {"convert": self._converts(about.returner)}
        return answer

    def _slowness(self, person: PersonId) -> float:
        draw = self._chance.of("slowness", person)
        return float(np.exp(self._habits.between_people * draw.standard_normal()))

    def _score(self, returner: PersonId, choice: Choice) -> int:
        return score(ability(self._chance, returner, self._habits.scores), choice.noise, self._habits.scores)

    def _converts(self, returner: PersonId) -> bool:
        return ability(self._chance, returner, self._habits.scores) >= self._habits.scores.converts_from


def _time(takes: Takes, draw: np.random.Generator, allowed: timedelta) -> timedelta:
    value = min(takes.spread.draw(draw), 3650.0)
    return timedelta(days=value) if takes.unit == "days" else allowed * value
