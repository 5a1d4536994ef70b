"""The report of a rehearsal as sections of plain text, which the tables and the page both show."""

from __future__ import annotations

from collections.abc import Sequence

from cli.reporting.sections import Section
from cli.reporting.words import NONE, middle_half
from domain.core.telling import spoken
from rehearsal.figures import Difference, Figure, PersonLoad, Rehearsed, Run

MOST_PEOPLE = 20
"""So many people are shown, those with the fullest weeks; ``--json`` has all of them."""


def sections(made: Rehearsed) -> list[Section]:
    """What would happen, the figures first, then who has to do what when."""
    both = [("", made.runs), ("against: ", made.against)] if made.against else [("", made.runs)]
    found = [_differences(made.differences()) if made.against else _figures(made.figures(), len(made.runs))]
    for prefix, runs in both:
        first = runs[0]
        found += [
            _people(prefix, first),
            _roles(prefix, first),
            _late(prefix, first),
            _unmatched(prefix, runs),
            _stages(prefix, first),
        ]
    return [*found, _machine([*made.runs, *made.against])]


def headline(made: Rehearsed) -> str:
    """The most important numbers in one sentence."""
    first = made.runs[0]
    name, overloaded = first.policy, first.overloaded
    busiest = f"; {overloaded[0].person} has {overloaded[0].most_hours:.1f} hours in a week" if overloaded else ""
    return (
        f"Under {name}, of {first.participants} people {first.outcomes['converted']} are converted, "
        f"{len(first.unmatched)} find no mentor, {sum(first.unfinished.values())} still wait for something at the end; "
        f"{len(overloaded)} people have too much to do in some week{busiest}."
    )


def _figures(figures: Sequence[Figure], runs: int) -> Section:
    return Section(
        key="figures",
        title="What would happen",
        says="Each run has other people, by its seed." if runs > 1 else "One run; --runs 5 shows how it varies.",
        columns=("Figure", "Mean", "Least", "Most") if runs > 1 else ("Figure", "In this run"),
        rows=tuple(
            (one.name, number(one.mean), number(one.least), number(one.most))
            if runs > 1
            else (one.name, number(one.mean))
            for one in figures
        ),
    )


def _differences(differences: Sequence[Difference]) -> Section:
    return Section(
        key="figures",
        title="What would happen, and what the other policy changes",
        says="Both with the same people: what differs is the policy's doing. Of several runs: the mean, least to most.",
        columns=("Figure", "Policy", "Against", "Difference", "Least to most"),
        rows=tuple(
            (
                one.name,
                number(one.first.mean) if one.first else NONE,
                number(one.second.mean) if one.second else NONE,
                f"{'+' if one.more > 0 else ''}{number(one.more)}",
                f"{number(one.least)} to {number(one.most)}" if one.least != one.most else "",
            )
            for one in differences
        ),
    )


def _people(prefix: str, run: Run) -> Section:
    return Section(
        key="people",
        title=f"{prefix}Who would be busy, and when",
        says=f"People with several placements. Too much: more than {run.overload_hours:g} hours in a week.",
        columns=("Person", "Parts", "Cases", "Fullest week", "Hours in it", "Weeks with too much", "Most open tasks"),
        rows=tuple(_person(one, run.overload_hours) for one in run.people[:MOST_PEOPLE]),
        words=2,
        empty="Nobody has several placements.",
    )


def _person(one: PersonLoad, limit: float) -> tuple[str, ...]:
    fullest = max(one.hours, key=lambda week: (one.hours[week], -week), default=0)
    too_much = [week for week, hours in one.hours.items() if hours > limit]
    return (
        one.person,
        ", ".join(one.parts),
        str(one.cases),
        str(fullest),
        f"{one.most_hours:.1f}",
        ", ".join(map(str, too_much)) or NONE,
        f"{one.most_open} (week {one.week})",
    )


def _roles(prefix: str, run: Run) -> Section:
    rows = []
    for role in dict.fromkeys(one.role for one in run.roles):
        weeks = [one for one in run.roles if one.role == role]
        fullest = max(weeks, key=lambda one: (one.tasks, -one.week))
        rows.append(
            (
                role,
                str(sum(one.tasks for one in weeks)),
                str(sum(one.reminders for one in weeks)),
                str(sum(one.escalations for one in weeks)),
                f"{sum(one.hours for one in weeks):.0f}",
                str(fullest.week),
                str(fullest.tasks),
            )
        )
    return Section(
        key="roles",
        title=f"{prefix}What each role is asked",
        says="Week 1 begins with the cohort's first day, -1 ends with it. --json has every week.",
        columns=("Role", "Tasks", "Reminders", "Escalations", "Hours", "Fullest week", "Tasks in it"),
        rows=tuple(rows),
    )


def _late(prefix: str, run: Run) -> Section:
    shown = sorted((one for one in run.late if one.late), key=lambda one: (not one.decision, -one.late, one.kind))
    return Section(
        key="late",
        title=f"{prefix}What comes late",
        says="Answers after their due time. Decisions about people first.",
        columns=("Task", "Decision", "Answered", "Late", "Mean days late", "Most"),
        rows=tuple(
            (
                spoken(one.kind),
                "yes" if one.decision else "",
                str(one.answered),
                str(one.late),
                f"{one.mean_days:.1f}",
                f"{one.most_days:.1f}",
            )
            for one in shown
        ),
        words=2,
        empty="Nothing.",
    )


def _unmatched(prefix: str, runs: Sequence[Run]) -> Section:
    return Section(
        key="unmatched",
        title=f"{prefix}Without a mentor",
        says="By their first day; HR then tells them that there is none.",
        columns=("Returner", *(("Seed",) if len(runs) > 1 else ()), "Why"),
        rows=tuple(
            (one.returner, *((str(run.seed),) if len(runs) > 1 else ()), one.why)
            for run in runs
            for one in run.unmatched
        ),
        words=4,
        empty="Everybody has a mentor.",
    )


def _stages(prefix: str, run: Run) -> Section:
    return Section(
        key="stages",
        title=f"{prefix}Time in each stage",
        says="Calendar days, leaves included.",
        columns=("Stage", "Median days", "Middle half", "Cases"),
        rows=tuple(
            (spoken(one.stage), f"{one.took.median_days:.1f}", middle_half(one.took), str(one.took.cases))
            for one in run.stages
            if one.took is not None and one.stage != "follow_up"
        ),
    )


def _machine(runs: Sequence[Run]) -> Section:
    return Section(
        key="machine",
        title="What it took",
        says="Off and late: by so many programme days because of the machine; up to 0.1 and 2 are fine.",
        columns=("Policy", "Seed", "Seconds", "Seconds a day", "Answers", "Answers off", "Most", "Reviews late"),
        rows=tuple(
            (
                run.policy,
                str(run.seed),
                f"{run.machine.seconds:.0f}",
                f"{run.machine.seconds_per_day:g}",
                str(run.machine.answered),
                f"{run.machine.answers_off_mean:.2f}",
                f"{run.machine.answers_off_most:.1f}",
                f"{run.machine.reviews_late_mean:.2f}",
            )
            for run in runs
        ),
    )


def number(value: float) -> str:
    """A number as short as it can be said: ``12``, ``1.5``, ``1,234.50``."""
    if value == int(value):
        return f"{value:,.0f}"
    return f"{value:,.2f}" if abs(value) >= 1000 else f"{value:.2f}".rstrip("0").rstrip(".")
