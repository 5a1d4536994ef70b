"""Views of cases that have grown long: the engine takes no answer of more than two megabytes.

What is left out first is what the records have too, and what nobody waits for.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pydantic_core import to_json

from domain.core.tasks import TaskState

LARGEST = 1_500_000
"""Bytes of a view as JSON; well below the two megabytes at which Temporal refuses an answer to a query."""

View = dict[str, Any]


def fitting(view: View, largest: int = LARGEST) -> View:
    """The view, or what of it fits; ``left_out`` says what is not there, and is empty where all is."""
    left_out: list[str] = []
    shown = {**view, "left_out": left_out}
    for name, without in STEPS:
        if len(to_json(shown)) <= largest:
            return shown
        shown |= without(shown)
        left_out.append(name)
    return shown


def _closed_tasks_in_short(view: View) -> View:
    brief: View = {"facts": {}, "letters": [], "ladder": []}
    return {"tasks": [task if task["state"] == TaskState.OPEN else {**task, **brief} for task in view["tasks"]]}


def _decisions_in_short(view: View) -> View:
    return {"decisions": [{**decision, "evidence": {}} for decision in view["decisions"]]}


def _open_tasks(view: View) -> View:
    return {"tasks": [task for task in view["tasks"] if task["state"] == TaskState.OPEN]}


def _no_decisions(_: View) -> View:
    return {"decisions": []}


STEPS: tuple[tuple[str, Callable[[View], View]], ...] = (
    ("facts and letters of tasks that are closed", _closed_tasks_in_short),
    ("evidence of decisions", _decisions_in_short),
    ("tasks that are closed", _open_tasks),
    ("decisions", _no_decisions),
)
"""What is left out, one after the other, until the rest fits."""
