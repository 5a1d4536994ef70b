"""Reopening an answered task: whether a kind of task may be, until when, and what is worked out again then.

An answer is put right by asking once more: a new task, whose answer takes the place of the first. Both stay on record.
Until the new answer is there the first one counts, and it goes on to count where no new one comes. The rule of each
kind stands in the module ``reopening`` of its subject.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from domain.core.case import CaseRequest, CaseState
from domain.core.model import Sentence
from domain.core.questions import TaskKind
from domain.core.tasks import Refused, Task, TaskState


@dataclass(frozen=True)
class Never:
    """An answer of this kind stays. ``why`` is the sentence for whoever asks, with what can be done instead."""

    why: str


@dataclass(frozen=True)
class Until:
    """An answer of this kind may be put right ``until`` something has happened.

    ``again`` is what is worked out again once the new answer is there.
    """

    until: str
    again: str


Rule: TypeAlias = Never | Until


class ReopenTask(CaseRequest):
    """Ask an answered task once more."""

    task: str
    reason: Sentence


OF_ALL_PROGRAMMES: dict[TaskKind, Rule] = {
    TaskKind.SUCCESSOR: Never("somebody has taken over; the part can be given to somebody else instead"),
    TaskKind.RIGHT_PERSON: Never("whoever has the task can hand it on, or say in turn that it is not theirs"),
}
"""The kinds of tasks that cases of all programmes have."""


def check_can_be_reopened(task: Task, tasks: Sequence[Task], rule: Rule) -> None:
    """Raise :class:`Refused` where a task has no answer that counts, is reopened already, or can never be."""
    named = f"{task.id} ({task.subject})"
    if task.is_open:
        raise Refused(f"{named} is not answered yet")
    if task.state is TaskState.REPLACED:
        raise Refused(f"{named} was reopened before, and the answer to {task.replaced_by} counts now; reopen that")
    if task.state is not TaskState.ANSWERED:
        raise Refused(f"{named} has no answer: it is {task.state.value}")
    if isinstance(rule, Never):
        raise Refused(f"{named} can't be reopened: {rule.why}")
    if again := next((other for other in tasks if other.reopens == task.id and other.is_open), None):
        raise Refused(f"{named} is reopened already: {again.id} asks {again.assignee}")


def first_of(state: CaseState, task: Task) -> Task:
    """The first of the tasks that ask the same: the task itself, where it does not ask another once more."""
    while task.reopens is not None and (before := state.task(task.reopens)) is not None:
        task = before
    return task
