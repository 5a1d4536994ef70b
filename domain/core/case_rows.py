"""The rows by which a case tells the records how it stands: itself, its parts, stages and tasks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal

from domain.core.model import CohortId, Fixed, Instant, Party, PersonId, RoleId
from domain.core.questions import TaskKind
from domain.core.tasks import TaskState


class CaseRow(Fixed):
    """The state of a case now (replaces its row). ``at_risk`` names the reasons; empty means not at risk.

    Of a placement, ``planned_starts_on`` and ``planned_ends_on`` are the first and the last day as they were planned at
    first, before leaves and extensions; ``left_on`` is the last day of somebody who has left early.
    """

    table: Literal["case"] = "case"
    at: Instant
    programme: str
    person: PersonId
    role: RoleId
    cohort: str | None
    policy: str
    stage: str
    stage_since: Instant
    week: int | None
    starts_on: date | None
    ends_on: date | None
    time_zone: str | None = None
    mentor: PersonId | None
    paused: bool
    at_risk: list[str]
    outcome: str | None
    planned_starts_on: date | None = None
    planned_ends_on: date | None = None
    left_on: date | None = None


class PartsRow(Fixed):
    """Who plays which part in a case now (replaces its row); it is written whenever that changes."""

    table: Literal["parts"] = "parts"
    at: Instant
    parts: dict[Party, list[PersonId]]


class StageRow(Fixed):
    """A case entered a stage (kept for ever; reports measure the time in each stage by it)."""

    table: Literal["stage"] = "stage"
    n: int
    at: Instant
    stage: str


class TaskRow(Fixed):
    """The state of a task now (replaces the row of that task). ``people`` are those who may act on it now.

    ``not_theirs`` are those of them who say that it is not theirs, while HR is asked whose it is. ``may_waive`` are
    those who may say why there is no answer, ``kept_from`` those of the people whom the separation of duties keeps from
    answering: as far as it is known now, for pages to say so beforehand.
    """

    table: Literal["task"] = "task"
    task: str
    at: Instant
    kind: TaskKind
    subject: str
    party: Party
    assignee: PersonId
    people: list[PersonId]
    opened_at: Instant
    due_at: Instant
    allowed: timedelta
    state: TaskState
    closed_at: Instant | None
    answered_by: PersonId | None
    facts: dict[str, Any]
    answer: dict[str, Any] | None
    not_theirs: list[PersonId] | None = None
    reopens: str | None = None
    may_waive: list[PersonId] | None = None
    kept_from: list[PersonId] | None = None


class CohortRow(Fixed):
    """The state of a cohort now (replaces its row).

    Of its ``participants``, ``matched`` have a mentor, and ``ended`` are through.
    """

    table: Literal["cohort"] = "cohort"
    cohort: CohortId
    at: Instant
    title: str
    policy: str
    led_by: PersonId
    stage: str
    starts_on: date
    ends_on: date | None
    time_zone: str | None = None
    participants: int
    matched: int
    ended: int
    paused: bool
    at_risk: list[str]
