"""The same people behave the same, whatever else happens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.questions import TaskKind
from rehearsal.chance import Chance
from rehearsal.choices import About, Choices
from rehearsal.drawn import ability, events_of_mentor, events_of_returner
from rehearsal.habits import DEFAULT_HABITS, read_habits

HABITS = read_habits(DEFAULT_HABITS.read_text(encoding="utf-8"), "people.yaml")
WEEK = timedelta(days=7)

seeds = st.integers(0, 2**32)
asked = st.builds(
    About,
    kind=st.sampled_from(sorted(HABITS.tasks)),
    subject=st.sampled_from(["week 4 review", "week 8 review", "Laptop"]),
    person=st.sampled_from(["P-AAA", "P-BBB"]),
    returner=st.sampled_from(["P-RRR", "P-SSS"]),
    nth=st.integers(1, 3),
)


@given(seeds, st.lists(asked, min_size=1, max_size=8))
def test_the_order_in_which_people_are_asked_changes_nothing(seed: int, tasks: list[About]) -> None:
    first, second = Choices(Chance(seed), HABITS), Choices(Chance(seed), HABITS)
    forwards = [first.of(task, WEEK) for task in tasks]
    backwards = [second.of(task, WEEK) for task in reversed(tasks)]
    assert forwards == backwards[::-1]


@given(seeds, asked)
def test_another_policy_changes_when_somebody_answers_but_not_what(seed: int, task: About) -> None:
    choices = Choices(Chance(seed), HABITS)
    short, long = choices.of(task, timedelta(days=2)), choices.of(task, timedelta(days=20))
    facts = {"questions": {"support": "I feel supported"}}
    assert choices.answer(task, short, ["P-MMM"], facts) == choices.answer(task, long, ["P-MMM"], facts)
    assert (short.silent, short.stands_in) == (long.silent, long.stands_in)
    assert short.after <= long.after


@given(asked)
def test_other_seeds_are_other_people(task: About) -> None:
    assert len({Choices(Chance(seed), HABITS).of(task, WEEK).after for seed in range(20)}) > 10


@given(seeds)
def test_nobody_who_has_withdrawn_falls_ill(seed: int) -> None:
    life = HABITS.life.model_copy(update={"withdraws_per_week": 0.2})
    events = [event.what for event in events_of_returner(Chance(seed), "P-RRR", 16, life)]
    assert "withdraws" not in events[:-1]
    assert [event.what for event in events_of_mentor(Chance(seed), "P-MMM", 16, life)] in ([], ["mentor leaves"])


def test_people_are_as_the_file_says_on_the_whole() -> None:
    choices = [_requests(seed) for seed in range(2000)]
    habit = HABITS.of(TaskKind.MENTOR_REQUEST)
    assert sum(silent for silent, _ in choices) / 2000 == pytest.approx(habit.silent, abs=0.02)
    assert sum(refuses for _, refuses in choices) / 2000 == pytest.approx(habit.refuses, abs=0.025)
    abilities = [ability(Chance(seed), "P-RRR", HABITS.scores) for seed in range(2000)]
    assert sum(abilities) / 2000 == pytest.approx(HABITS.scores.mean, abs=0.1)


def _requests(seed: int) -> tuple[bool, bool]:
    task = About(TaskKind.MENTOR_REQUEST, "mentor a returner", "P-MMM", "P-RRR", 1)
    choice = Choices(Chance(seed), HABITS).of(task, WEEK)
    return choice.silent, choice.refuses
