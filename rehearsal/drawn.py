"""What is drawn for each person before a rehearsal begins: what happens to them week by week, and how well they do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from domain.core.model import PersonId
from rehearsal.chance import Chance
from rehearsal.habits import Life, Scores

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Event:
    """Something that happens to ``who`` so long after the first day of the cohort, by the calendar.

    ``days`` is how long an illness lasts.
    """

    after: timedelta
    what: Literal["ill", "withdraws", "mentor leaves"]
    who: PersonId
    days: float = 0.0


def events_of_returner(chance: Chance, returner: PersonId, weeks: int, life: Life) -> list[Event]:
    """Illnesses, and at most one withdrawal, after which nothing more happens."""
    events: list[Event] = []
    for week in range(weeks):
        draw = chance.of("week", returner, week)
        ill, withdraws, day = draw.random(), draw.random(), draw.random()
        after = (week + day) * WEEK
        if withdraws < life.withdraws_per_week:
            return [*events, Event(after, "withdraws", returner)]
        if ill < life.illness.share_per_week:
            events.append(Event(after, "ill", returner, max(1.0, life.illness.days.draw(draw))))
    return events


def events_of_mentor(chance: Chance, mentor: PersonId, weeks: int, life: Life) -> list[Event]:
    """At most that they leave the company."""
    for week in range(weeks):
        draw = chance.of("mentor's week", mentor, week)
        if draw.random() < life.mentor_leaves_per_week:
            return [Event((week + draw.random()) * WEEK, "mentor leaves", mentor)]
    return []


def ability(chance: Chance, returner: PersonId, scores: Scores) -> float:
    """How well somebody does, 1 to 5: what reviews of them lie around."""
    return _within(scores.mean + scores.between_people * chance.of("ability", returner).standard_normal())


def score(ability: float, noise: float, scores: Scores) -> int:
    """A score in a review, for a standard normal ``noise``."""
    return round(_within(ability + scores.within_person * noise))


def _within(value: float) -> float:
    return min(5.0, max(1.0, value))
