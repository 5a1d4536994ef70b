"""The report of a rehearsal as sections of plain text, which the tables and the page both show."""

from __future__ import annotations

from collections.abc import Sequence

from domain.core.wording import spoken
from domain.placement.stages import Stage
from presentation.reports.section import Section
from presentation.reports.words import NONE, middle_half
from rehearsal.figures import Difference, Figure, PersonLoad, Rehearsed, Run

MOST_PEOPLE = 20
"""So many people are shown, those with the fullest weeks; the report as data has all of them."""


def sections(rehearsed: Rehearsed) -> list[Section]:
    """What would happen, the figures first, then who has to do what when."""
    both = [("", rehearsed.runs), ("against: ", rehearsed.against)] if rehearsed.against else [("", rehearsed.runs)]
    found = [
        _differences(rehearsed.differences())
        if rehearsed.against
        else _figures(rehearsed.figures(), len(rehearsed.runs))
    ]
    for prefix, runs in both:
        first = runs[0]
        found += [
            _people(prefix, first),
            _roles(prefix, first),
            _late(prefix, first),
            _unmatched(prefix, runs),
            _stages(prefix, first),
        ]
    return [*found, _machine([*rehearsed.runs, *rehearsed.against])]


def headline(rehearsed: Rehearsed) -> str:
    """The most important numbers in one sentence."""
    first = rehearsed.runs[0]
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
        caption="Each run has other people, by its seed." if runs > 1 else "One run; several show how it varies.",
        columns=("Figure", "Mean", "Least", "Most") if runs > 1 else ("Figure", "In this run"),
        rows=tuple(
            (figure.name, number(figure.mean), number(figure.least), number(figure.most))
            if runs > 1
            else (figure.name, number(figure.mean))
            for figure in figures
        ),
    )


def _differences(differences: Sequence[Difference]) -> Section:
    return Section(
        key="figures",
        title="What would happen, and what the other policy changes",
        caption="Both with the same people: what differs is the policy's doing. "
        "Of several runs: the mean, least to most.",
        columns=("Figure", "Policy", "Against", "Difference", "Least to most"),
        rows=tuple(
            (
                difference.name,
                number(difference.first.mean) if difference.first else NONE,
                number(difference.second.mean) if difference.second else NONE,
                f"{'+' if difference.more > 0 else ''}{number(difference.more)}",
                f"{number(difference.least)} to {number(difference.most)}"
                if difference.least != difference.most
                else "",
            )
            for difference in differences
        ),
    )


def _people(prefix: str, run: Run) -> Section:
    return Section(
        key="people",
        title=f"{prefix}Who would be busy, and when",
        caption=f"People with several placements. Too much: more than {run.overload_hours:g} hours in a week.",
        columns=("Person", "Parts", "Cases", "Fullest week", "Hours in it", "Weeks with too much", "Most open tasks"),
        rows=tuple(_person(load, run.overload_hours) for load in run.people[:MOST_PEOPLE]),
        words=2,
        empty="Nobody has several placements.",
    )


def _person(load: PersonLoad, limit: float) -> tuple[str, ...]:
    fullest = max(load.hours, key=lambda week: (load.hours[week], -week), default=0)
    too_much = [week for week, hours in load.hours.items() if hours > limit]
    return (
        load.person,
        ", ".join(load.parts),
        str(load.cases),
        str(fullest),
        f"{load.most_hours:.1f}",
        ", ".join(map(str, too_much)) or NONE,
        f"{load.most_open} (week {load.week})",
    )


def _roles(prefix: str, run: Run) -> Section:
    rows = []
    for role in dict.fromkeys(week.role for week in run.roles):
        weeks = [week for week in run.roles if week.role == role]
        fullest = max(weeks, key=lambda week: (week.tasks, -week.week))
        rows.append(
            (
                role,
                str(sum(week.tasks for week in weeks)),
                str(sum(week.reminders for week in weeks)),
                str(sum(week.escalations for week in weeks)),
                f"{sum(week.hours for week in weeks):.0f}",
                str(fullest.week),
                str(fullest.tasks),
            )
        )
    return Section(
        key="roles",
        title=f"{prefix}What each role is asked",
        caption="Week 1 begins with the cohort's first day, -1 ends with it.",
        columns=("Role", "Tasks", "Reminders", "Escalations", "Hours", "Fullest week", "Tasks in it"),
        rows=tuple(rows),
    )


def _late(prefix: str, run: Run) -> Section:
    shown = sorted(
        (lateness for lateness in run.late if lateness.late),
        key=lambda lateness: (not lateness.decision, -lateness.late, lateness.kind),
    )
    return Section(
        key="late",
        title=f"{prefix}What comes late",
        caption="Answers after their due time. Decisions about people first.",
        columns=("Task", "Decision", "Answered", "Late", "Mean days late", "Most"),
        rows=tuple(
            (
                spoken(lateness.kind),
                "yes" if lateness.decision else "",
                str(lateness.answered),
                str(lateness.late),
                f"{lateness.mean_days:.1f}",
                f"{lateness.most_days:.1f}",
            )
            for lateness in shown
        ),
        words=2,
        empty="Nothing.",
    )


def _unmatched(prefix: str, runs: Sequence[Run]) -> Section:
    return Section(
        key="unmatched",
        title=f"{prefix}Without a mentor",
        caption="By their first day; HR then tells them that there is none.",
        columns=("Returner", *(("Seed",) if len(runs) > 1 else ()), "Why"),
        rows=tuple(
            (returner.returner, *((str(run.seed),) if len(runs) > 1 else ()), returner.why)
            for run in runs
            for returner in run.unmatched
        ),
        words=4,
        empty="Everybody has a mentor.",
    )


def _stages(prefix: str, run: Run) -> Section:
    return Section(
        key="stages",
        title=f"{prefix}Time in each stage",
        caption="Calendar days, leaves included.",
        columns=("Stage", "Median days", "Middle half", "Cases"),
        rows=tuple(
            (spoken(stage.stage), f"{stage.took.median_days:.1f}", middle_half(stage.took), str(stage.took.cases))
            for stage in run.stages
            if stage.took is not None and stage.stage != Stage.FOLLOW_UP
        ),
    )


def _machine(runs: Sequence[Run]) -> Section:
    return Section(
        key="machine",
        title="What it took",
        caption="Off and late: by so many programme days because of the machine; up to 0.1 and 2 are fine.",
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
