"""What the policies of all programmes share: their names, and the rules for tasks and pauses.

A policy is pinned whole in each case when the case starts, so a new version never changes a running case.
Durations name their unit. The shipped files under ``policies/`` name the source of every default.
"""

from __future__ import annotations

from typing import Annotated, ClassVar, Literal, Self, TypeAlias

from pydantic import Field, StringConstraints, model_validator

from domain.core.forms import KINDS
from domain.core.model import Fixed, Key, Party, Title
from domain.core.questions import TaskKind
from domain.core.titles import wrong_translations
from domain.core.working_pattern import FULL_WEEK, WorkingWeek

Fraction = Annotated[float, Field(gt=0, le=10)]
LONGEST_DAYS = 730

Days = Annotated[int, Field(ge=1, le=LONGEST_DAYS)]


class PauseRules(Fixed):
    """HR is reminded of a paused case at this interval, so that nobody's leave is forgotten."""

    remind_every_days: Days


class Ladder(Fixed):
    """What happens as the time allowed for a task passes, as fractions of it. Time never decides: it escalates."""

    remind_at: list[Fraction]
    escalate_at: list[Fraction] = Field(min_length=1)
    then_every_days: Days

    @model_validator(mode="after")
    def _ascending(self) -> Self:
        steps = [*self.remind_at, *self.escalate_at]
        if steps != sorted(set(steps)) or self.escalate_at[0] < 1:
            raise ValueError("steps must ascend, reminders first, and escalate from 1.0 on")
        return self


Urgent: TypeAlias = Literal["offers", "reminders", "escalations"]
"""Kinds of letters that need not wait for the next morning of somebody who has chosen one mail a day."""


class MailRules(Fixed):
    """What goes at once also to whoever has chosen one mail a day: these kinds of letters, and what is due so soon."""

    at_once: list[Urgent] = ["offers", "reminders", "escalations"]
    at_once_due_days: int = Field(default=2, ge=0, le=30)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        if len(set(self.at_once)) != len(self.at_once):
            raise ValueError("at_once must name each kind once")
        return self


class TaskRule(Fixed):
    """Calendar days somebody has for a task, and whom it escalates to when they are over.

    Somebody who leads or is of HR: never the person whom the case is about, nor a mentor, whom a case may be without.
    """

    within_days: Days
    escalate_to: Literal[Party.MANAGER, Party.SECOND_MANAGER, Party.BUDGET_OWNER, Party.HR, Party.HR_LEAD]


class CasePolicy(Fixed):
    """The policy of a case of any programme. ``sources`` maps dotted names of values to where their default comes from.

    ``translations`` are those of its titles, by language and dotted name (:mod:`domain.core.titles`).
    A subclass names the ``kinds`` of tasks its programme has; each of them, and of those that all programmes have, must
    have its rule under ``tasks``.
    """

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{2,59}$")]
    version: int = Field(ge=1)
    title: Title
    programme: str
    working_week: WorkingWeek = FULL_WEEK
    """The hours of full time, by weekday: shares are of it, and on its other days nothing is due of who works so."""
    pause: PauseRules
    ladder: Ladder
    tasks: dict[Key, TaskRule]
    mail: MailRules = MailRules()
    sources: dict[str, str] = {}
    translations: dict[str, dict[str, Title]] = {}

    kinds: ClassVar[frozenset[TaskKind]]

    @property
    def label(self) -> str:
        """``returnship-16-weeks@1``: what the search attribute and every decision carry."""
        return f"{self.id}@{self.version}"

    @model_validator(mode="after")
    def _every_task_has_its_rule(self) -> Self:
        kinds = {kind.value for kind in self.kinds | KINDS}
        missing, unknown = sorted(kinds - set(self.tasks)), sorted(set(self.tasks) - kinds)
        if missing or unknown:
            by_problem = {"there is no rule for": missing, "there is no such task as": unknown}
            raise ValueError(
                "tasks: " + "; ".join(f"{problem} {', '.join(named)}" for problem, named in by_problem.items() if named)
            )
        return self

    @model_validator(mode="after")
    def _translations_of_titles(self) -> Self:
        if wrong := wrong_translations(self, self.translations):
            raise ValueError("; ".join(wrong))
        return self

    @model_validator(mode="after")
    def _hr_is_asked(self) -> Self:
        for kind in sorted(KINDS):
            if self.tasks[kind.value].escalate_to not in (Party.HR, Party.HR_LEAD):
                raise ValueError(f"tasks.{kind.value}.escalate_to: must be hr or hr_lead")
        return self
