"""The file of people's habits: what is wrong with it is said by file, key and reason."""

from __future__ import annotations

import pytest

from domain.core.sources import dotted_values, without_source
from rehearsal.habits import DEFAULT_HABITS, HabitsError, read_habits

SHIPPED = DEFAULT_HABITS.read_text(encoding="utf-8")


def test_every_number_of_the_shipped_file_names_its_source() -> None:
    habits = read_habits(SHIPPED, "people.yaml")
    values = dotted_values(habits.model_dump(mode="json", exclude={"sources"}))

    assert without_source((key for key, _ in values), habits.sources) == []


@pytest.mark.parametrize(
    ("there", "instead", "key", "reason"),
    [
        ("stands_in: 0.4", "stands_in: 1.4", "escalated.stands_in", "must be 1 or less"),
        ("between_people: 0.35", "between_pepole: 0.35", "between_pepole", "no such field"),
        ("mean: 12, variation", "mean: -12, variation", "life.illness.days.gamma.mean", "more than 0"),
        ("other:\n  takes: {unit: days", "other:\n  takes: {unit: weeks",
         "other.takes.unit", "days or allowed"),
        ("shape: lognormal, median: 1.2", "shape: pareto, median: 1.2", "other.takes.spread", "must be one of"),
        ("median: 1.2", "median: .inf", "other.takes.spread.lognormal.median", "finite"),
        ("  goals:\n", "  goal:\n", "tasks.goal", "must be "),
        ("    silent: 0.1\n    minutes: 60\n  mentor_review",
         "    silent: 0.1\n    refuses: 0.5\n    minutes: 60\n  mentor_review", "tasks.manager_review.refuses",
         "no no to"),
        ("    refuses: 0.04\n", "    refuses: 1\n", "tasks.approval.refuses", "asked again until it is a yes"),
        ("  scores: \"own", "  score: \"own", "sources.score", "no such value"),
        ("between_people: 0.35\n", "between_people: 0.35\nbetween_people: 0.5\n", "line", "stands twice"),
        ("other:\n", "other: [\n", "line", "not YAML"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_refused_with_its_key(there: str, instead: str, key: str, reason: str) -> None:
    assert there in SHIPPED
    with pytest.raises(HabitsError) as refused:
        read_habits(SHIPPED.replace(there, instead, 1), "mine.yaml")
    assert str(refused.value).startswith("mine.yaml: ")
    assert key in str(refused.value)
    assert reason in str(refused.value)
