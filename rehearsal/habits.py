"""How simulated people behave: the file of their habits, ``people.yaml``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, ValidationError, model_validator

from domain.core.model import Fixed
from domain.core.questions import TaskKind
from domain.core.sentences import sentences_for
from domain.core.sources import dotted_values, sources_of_nothing
from domain.core.yaml_text import NotYaml, read_yaml
from rehearsal.distributions import Spread

Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
"""A part of all, 0 to 1."""

DEFAULT_HABITS = Path(__file__).parent / "people.yaml"

REFUSABLE = frozenset(
    {
        TaskKind.MENTOR_REQUEST,
        TaskKind.GOALS_AGREEMENT,
        TaskKind.APPROVAL,
        TaskKind.CONFIRMATION,
        TaskKind.OFFER,
        TaskKind.IMPROVEMENT_CHECK,
        TaskKind.SESSION_NOTE,
        TaskKind.ELIGIBILITY_OVERRIDE,
    }
)
"""The tasks to which there is a no; to an improvement check it is that it is not passed, to a session's note that the
session was not held."""


class HabitsError(ValueError):
    """The file of people's habits can't be used; the text names the file, each key and the reason, a line for each."""


class Takes(Fixed):
    """How long an answer takes: in ``days`` of the calendar, or in parts of the time ``allowed`` for the task."""

    spread: Spread
    unit: Literal["days", "allowed"]


class Habit(Fixed):
    """What people do with one kind of task.

    ``silent`` is the share that nobody answers until it is escalated, or has expired; ``refuses`` the share of noes.
    ``minutes`` is the work it makes for whoever answers.
    """

    takes: Takes
    silent: Share
    refuses: Share = 0.0
    minutes: Annotated[float, Field(ge=0, le=2400)]


class Escalated(Fixed):
    """What comes of a task that was escalated: after so long whoever it was escalated to answers in ``stands_in`` of
    the cases, where that may be, and else sees to it that the one who was asked does."""

    takes: Takes
    stands_in: Share


class Scores(Fixed):
    """Scores in reviews, 1 to 5: each returner has an ``ability`` around the mean, each review lies around that.

    The manager proposes a conversion from an ability of ``converts_from`` on.
    """

    mean: Annotated[float, Field(ge=1, le=5)]
    between_people: Annotated[float, Field(ge=0, le=2)]
    within_person: Annotated[float, Field(ge=0, le=2)]
    converts_from: Annotated[float, Field(ge=1, le=5)]


class Illness(Fixed):
    """Illness long enough to pause a placement: the share of returners a week, and the calendar days away."""

    share_per_week: Share
    days: Spread


class Life(Fixed):
    """What happens to people, by the week: illness, returners who withdraw, mentors who leave the company."""

    illness: Illness
    withdraws_per_week: Share
    mentor_leaves_per_week: Share


class Office(Fixed):
    """What HR does by itself: whoever has no mentor so many calendar days after the first day is told that there is
    none; and from how many hours a week on the tasks of a programme are too many for a person."""

    gives_up_days_after_start: Annotated[int, Field(ge=-60, le=180)]
    overload_hours_per_week: Annotated[float, Field(gt=0, le=80)]


class Habits(Fixed):
    """How simulated people behave. ``tasks`` has an entry for ``other`` and, where they differ, for kinds of tasks.

    ``between_people`` is how much some are slower than others in everything (sigma of the logarithm). ``sources`` maps
    dotted names of values to where they come from.
    """

    other: Habit
    tasks: dict[TaskKind, Habit]
    between_people: Annotated[float, Field(ge=0, le=2)]
    escalated: Escalated
    scores: Scores
    life: Life
    office: Office
    sources: dict[str, str] = {}

    @model_validator(mode="after")
    def _a_no_where_there_is_one(self) -> Habits:
        for kind, habit in self.tasks.items():
            if habit.refuses and kind not in REFUSABLE:
                raise ValueError(f"tasks.{kind.value}.refuses: there is no no to this kind of task")
        if self.other.refuses:
            raise ValueError("other.refuses: say for which kind of task")
        return self

    @model_validator(mode="after")
    def _approvals_come_to_an_end(self) -> Habits:
        for kind in (TaskKind.APPROVAL, TaskKind.CONFIRMATION, TaskKind.GOALS_AGREEMENT, TaskKind.IMPROVEMENT_CHECK):
            if self.of(kind).refuses > 0.9:
                raise ValueError(
                    f"tasks.{kind.value}.refuses: at most 0.9, because it is asked again until it is a yes"
                )
        return self

    def of(self, kind: TaskKind) -> Habit:
        """What people do with a kind of task."""
        return self.tasks.get(kind, self.other)


def read_habits(text: str, name: str) -> Habits:
    """The habits in a YAML text; ``name`` is the file's, for errors. Raises :class:`HabitsError`."""
    try:
        content = read_yaml(text)
    except NotYaml as error:
        raise HabitsError(f"{name}: {error}") from None
    if not isinstance(content, dict):
        raise HabitsError(f"{name}: people's habits are a mapping of keys to values")
    try:
        habits = Habits.model_validate(content)
    except ValidationError as error:
        raise HabitsError("\n".join(f"{name}: {problem}" for problem in sentences_for(error, "habits"))) from None
    values = dotted_values(habits.model_dump(mode="json", exclude={"sources"}))
    if unknown := sources_of_nothing((key for key, _ in values), habits.sources):
        raise HabitsError("\n".join(f"{name}: sources.{source}: there is no such value" for source in unknown))
    return habits
