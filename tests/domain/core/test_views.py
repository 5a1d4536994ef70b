"""Views of long cases: what fits is shown, and what is left out is said."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import to_json

from domain.core.views import STEPS, fitting

TASKS = st.lists(
    st.fixed_dictionaries(
        {
            "id": st.integers().map(str),
            "state": st.sampled_from(["open", "closed", "answered"]),
            "facts": st.dictionaries(st.sampled_from("abc"), st.text(max_size=200)),
            "letters": st.lists(st.text(max_size=50), max_size=3),
            "ladder": st.just([]),
        }
    ),
    max_size=20,
)
DECISIONS = st.lists(
    st.fixed_dictionaries({"n": st.integers(), "evidence": st.just({"goals": "x" * 200})}), max_size=20
)


@given(TASKS, DECISIONS, st.integers(0, 10_000))
def test_a_view_fits_or_has_nothing_more_to_leave_out(
    tasks: list[dict[str, Any]], decisions: list[dict[str, Any]], largest: int
) -> None:
    view = {"case": "R-TEST", "tasks": tasks, "decisions": decisions}

    shown = fitting(view, largest)

    steps = [name for name, _ in STEPS]
    assert shown["left_out"] == steps[: len(shown["left_out"])]
    assert len(to_json(shown)) <= largest or shown["left_out"] == steps
    assert [task for task in shown["tasks"] if task["state"] == "open"] == [
        task for task in tasks if task["state"] == "open"
    ]
    if not shown["left_out"]:
        assert shown == {**view, "left_out": []}
    assert view == {"case": "R-TEST", "tasks": tasks, "decisions": decisions}


def test_three_megabytes_become_what_the_engine_takes() -> None:
    closed = {"id": "R-1", "state": "answered", "facts": {"goals": "x" * 2_000}, "letters": [], "ladder": []}
    view = {"case": "R-TEST", "tasks": [closed] * 1_500 + [{**closed, "state": "open"}], "decisions": []}

    shown = fitting(view)

    assert len(to_json(shown)) < 2_000_000
    assert shown["left_out"] == ["facts and letters of tasks that are closed"]
    assert shown["tasks"][-1]["facts"] == closed["facts"]
