"""What a rehearsal is reported by: the figures of a run, of several, and of two policies side by side."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from statistics import mean

from pydantic import Field

from domain.core.model import PERSON_IN_TEXT, Fixed, PersonId
from domain.core.wording import spoken
from records.imports.core.report import Problem
from records.reporting.models import Cost, StageTime

MOST_OFF_DAYS = 0.1
"""By more than that, on average, answers must not be off because of the machine: else the rehearsal says so."""

MOST_LATE_DAYS = 2.0
"""By more than that, on average, reviews must not open later than the calendar says. What follows is counted from when
they open, so that a little matters less."""

PROGRAMME_COST = "programme cost, "
"""How the name of a figure begins that is of money; its currency follows."""


class RoleWeek(Fixed):
    """What one role was asked in one week: new tasks, reminders, escalations of its tasks, and hours of work.

    Weeks count from 1 at the cohort's first day; those before it are -1, -2 and so on.
    """

    role: str
    week: int
    tasks: int
    reminders: int
    escalations: int
    hours: float


class PersonLoad(Fixed):
    """The load of one person with several cases: hours of work by week, and most tasks open at a time, in ``week``."""

    person: PersonId
    parts: list[str]
    cases: int
    hours: dict[int, float]
    most_open: int
    week: int

    @property
    def most_hours(self) -> float:
        """The hours of the fullest week."""
        return max(self.hours.values(), default=0.0)


class Lateness(Fixed):
    """How one kind of task was answered: how many of them after their due time, and by how many days."""

    kind: str
    decision: bool
    answered: int
    late: int
    mean_days: float
    most_days: float


class Unmatched(Fixed):
    """A returner who began without a mentor, or not at all for lack of one, and why."""

    returner: PersonId
    why: str
    called: dict[PersonId, str] = Field(default={}, exclude=True)
    """What those are called whom ``why`` names, for whoever knows them."""


class Machine(Fixed):
    """What a run has cost, and how well the machine kept up: programme days by which answers were off, and reviews
    opened late, because of it and not because of people."""

    seconds: float
    seconds_per_day: float
    answered: int
    answers_off_mean: float
    answers_off_most: float
    reviews_late_mean: float

    @property
    def kept_up(self) -> bool:
        """Whether it was fast enough for the figures to be those of the people alone."""
        return self.answers_off_mean <= MOST_OFF_DAYS and self.reviews_late_mean <= MOST_LATE_DAYS


class Run(Fixed):
    """One rehearsal: a cohort under a policy, with the people of a ``seed``."""

    seed: int
    policy: str
    participants: int
    outcomes: dict[str, int]
    unfinished: dict[str, int]
    """Placements that still waited for something when the rehearsal ended, by stage."""
    unmatched: list[Unmatched]
    befell: dict[str, int]
    roles: list[RoleWeek]
    people: list[PersonLoad]
    overload_hours: float
    late: list[Lateness]
    stages: list[StageTime]
    costs: list[Cost]
    unplayed: dict[str, int]
    """Tasks that nobody in a rehearsal knows how to answer, by kind."""
    machine: Machine

    @property
    def overloaded(self) -> list[PersonLoad]:
        """Those who have more to do in some week than the limit, the fullest week first."""
        over = [load for load in self.people if load.most_hours > self.overload_hours]
        return sorted(over, key=lambda load: (-load.most_hours, load.person))

    def numbers(self) -> dict[str, float]:
        """The figures by which runs are compared, in the order in which they are shown."""
        decisions = [kind for kind in self.late if kind.decision]
        late = sum(kind.late for kind in decisions)
        return {
            "take part": self.participants,
            **{spoken(outcome): number for outcome, number in self.outcomes.items()},
            "not ended": sum(self.unfinished.values()),
            "without a mentor": len(self.unmatched),
            "tasks": sum(week.tasks for week in self.roles),
            "reminders": sum(week.reminders for week in self.roles),
            "escalations": sum(week.escalations for week in self.roles),
            "hours of work": round(sum(week.hours for week in self.roles), 1),
            "hours of the fullest week of one person": round(
                max((load.most_hours for load in self.people), default=0.0), 1
            ),
            "people overloaded": len(self.overloaded),
            "decisions late": late,
            "days late, mean of late decisions": _mean_days_late(decisions),
            **{f"{PROGRAMME_COST}{cost.currency}": float(cost.total) for cost in self.costs},
        }


def _mean_days_late(decisions: list[Lateness]) -> float:
    late = sum(kind.late for kind in decisions)
    return round(sum(kind.mean_days * kind.late for kind in decisions) / late, 2) if late else 0.0


class Figure(Fixed):
    """A figure over all runs of a policy: its mean, and the least and the most of it."""

    name: str
    mean: float
    least: float
    most: float


class Difference(Fixed):
    """A figure under two policies, and how much more the second has; mean over the seeds, each with the same people."""

    name: str
    first: Figure | None
    second: Figure | None
    more: float
    least: float
    most: float


class Rehearsed(Fixed):
    """The whole report: the runs under the first policy, and those under the second, if there was one."""

    file: str
    starts_on: date
    moved_days: int
    left_out: list[Problem]
    left_out_against: list[Problem]
    runs: list[Run]
    against: list[Run]
    warnings: list[str] = []
    """Why the figures must not be trusted, as sentences."""
    notes: list[str]
    seconds: float

    @property
    def begins_on(self) -> date:
        """The first day of the runs: that which was asked for, or a nearer one."""
        return self.starts_on - timedelta(days=self.moved_days)

    def people(self) -> set[PersonId]:
        """Whom the report speaks of."""
        runs = [*self.runs, *self.against]
        unmatched = [returner for run in runs for returner in run.unmatched]
        return {
            *(load.person for run in runs for load in run.people),
            *(returner.returner for returner in unmatched),
            *(person for returner in unmatched for person in PERSON_IN_TEXT.findall(returner.why)),
        }

    def with_names(self, names: Mapping[PersonId, str]) -> Rehearsed:
        """The same for those who know the people: ``Ada Lee (P-7F3K2M)`` in the place of ids."""

        def called(person: PersonId) -> str:
            return f"{names[person]} ({person})" if person in names else person

        def known(run: Run) -> Run:
            people = [load.model_copy(update={"person": called(load.person)}) for load in run.people]
            unmatched = [
                each.model_copy(update={"returner": called(each.returner), "called": dict(names)})
                for each in run.unmatched
            ]
            return run.model_copy(update={"people": people, "unmatched": unmatched})

        return self.model_copy(update={"runs": list(map(known, self.runs)), "against": list(map(known, self.against))})

    def figures(self) -> list[Figure]:
        """The figures under the first policy."""
        return figures_of(self.runs)

    def differences(self) -> list[Difference]:
        """The figures under both policies; none without a second."""
        if not self.against:
            return []
        first = {figure.name: figure for figure in figures_of(self.runs)}
        second = {figure.name: figure for figure in figures_of(self.against)}
        pairs = [(run.numbers(), other.numbers()) for run, other in zip(self.runs, self.against, strict=True)]
        found = []
        for name in {**first, **second}:
            more = [after.get(name, 0.0) - before.get(name, 0.0) for before, after in pairs]
            found.append(
                Difference(
                    name=name,
                    first=first.get(name),
                    second=second.get(name),
                    more=round(mean(more), 2),
                    least=round(min(more), 2),
                    most=round(max(more), 2),
                )
            )
        return found


def figures_of(runs: list[Run]) -> list[Figure]:
    """Each figure over some runs; where one of them has none of it, that is nought."""
    all_numbers = [run.numbers() for run in runs]
    names = dict.fromkeys(name for numbers in all_numbers for name in numbers)
    found = []
    for name in names:
        values = [numbers.get(name, 0.0) for numbers in all_numbers]
        found.append(Figure(name=name, mean=round(mean(values), 2), least=min(values), most=max(values)))
    return found
