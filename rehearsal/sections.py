"""The report of a rehearsal as sections of plain text, which the tables and the page both show."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from domain.placement.stages import Stage
from languages.marking import translatable
from languages.speech import Speech, begun
from presentation.reports.section import Section
from presentation.reports.words import NONE, middle_half
from rehearsal.figures import PROGRAMME_COST, Difference, Figure, PersonLoad, Rehearsed, Run

MOST_PEOPLE = 20
"""So many people are shown, those with the fullest weeks; the report as data has all of them."""


AGAINST = translatable("The other policy: %(title)s")
"""How a title says that it is about the second policy."""

FIGURES: Mapping[str, str] = {
    "take part": translatable("take part"),
    "not ended": translatable("not ended"),
    "without a mentor": translatable("without a mentor"),
    "tasks": translatable("tasks"),
    "reminders": translatable("reminders"),
    "escalations": translatable("escalations"),
    "hours of work": translatable("hours of work"),
    "hours of the fullest week of one person": translatable("hours of the fullest week of one person"),
    "people overloaded": translatable("people overloaded"),
    "decisions late": translatable("decisions late"),
    "days late, mean of late decisions": translatable("days late, mean of late decisions"),
}
"""The figures of a run by their names, as :meth:`rehearsal.figures.Run.numbers` has them; the others are outcomes, and
what the programme costs in a currency."""


def sections(rehearsed: Rehearsed, speech: Speech) -> list[Section]:
    """What would happen, the figures first, then who has to do what when; in the language of its reader."""
    figures = (
        _differences(rehearsed.differences(), speech)
        if rehearsed.against
        else _figures(rehearsed.figures(), len(rehearsed.runs), speech)
    )
    against = [
        replace(section, key=key_against(section.key), title=speech.text(AGAINST) % {"title": section.title})
        for section in (_under_one_policy(rehearsed.against, speech) if rehearsed.against else [])
    ]
    runs = [*rehearsed.runs, *rehearsed.against]
    return [figures, *_under_one_policy(rehearsed.runs, speech), *against, _machine(runs, speech)]


def key_against(key: str) -> str:
    """The key of a section about the second policy, by that of the same one about the first."""
    return f"{key}-against"


def _under_one_policy(runs: Sequence[Run], speech: Speech) -> list[Section]:
    first = runs[0]
    return [
        _people(first, speech),
        _roles(first, speech),
        _late(first, speech),
        _unmatched(runs, speech),
        _stages(first, speech),
    ]


def headline(rehearsed: Rehearsed, speech: Speech) -> str:
    """The most important numbers in one sentence."""
    first = rehearsed.runs[0]
    overloaded = first.overloaded
    said = {
        "policy": first.policy,
        "people": first.participants,
        "converted": first.outcomes["converted"],
        "unmatched": len(first.unmatched),
        "unfinished": sum(first.unfinished.values()),
        "overloaded": len(overloaded),
    }
    if not overloaded:
        return (
            speech.text(
                "Under %(policy)s, of %(people)s people %(converted)s are converted, %(unmatched)s find no mentor, "
                "%(unfinished)s still wait for something at the end; %(overloaded)s people have too much to do in some "
                "week."
            )
            % said
        )
    busiest = {"person": overloaded[0].person, "hours": speech.decimals(overloaded[0].most_hours, 1)}
    return speech.text(
        "Under %(policy)s, of %(people)s people %(converted)s are converted, %(unmatched)s find no mentor, "
        "%(unfinished)s still wait for something at the end; %(overloaded)s people have too much to do in some "
        "week; %(person)s has %(hours)s hours in a week."
    ) % {**said, **busiest}


def figure_name(name: str, speech: Speech) -> str:
    """What a figure is called: one of ours, how placements end, or what the programme costs."""
    if name in FIGURES:
        return speech.text(FIGURES[name])
    currency = name.removeprefix(PROGRAMME_COST)
    if currency == name:
        return speech.outcome(name)
    return speech.text("programme cost, %(currency)s") % {"currency": currency}


def _figures(figures: Sequence[Figure], runs: int, speech: Speech) -> Section:
    caption = (
        speech.text("Each run has other people, by its seed.")
        if runs > 1
        else speech.text("One run; several show how it varies.")
    )
    columns = (
        (speech.text("Figure"), speech.text("Mean"), speech.text("Least"), speech.text("Most"))
        if runs > 1
        else (speech.text("Figure"), speech.text("In this run"))
    )
    return Section(
        key="figures",
        title=speech.text("What would happen"),
        caption=caption,
        columns=columns,
        rows=tuple(
            (
                figure_name(figure.name, speech),
                *(number(value, speech) for value in (figure.mean, *((figure.least, figure.most) if runs > 1 else ()))),
            )
            for figure in figures
        ),
        empty=speech.text("Nothing yet."),
    )


def _differences(differences: Sequence[Difference], speech: Speech) -> Section:
    return Section(
        key="figures",
        title=speech.text("What would happen, and what the other policy changes"),
        caption=speech.text(
            "Both with the same people: what differs is the policy's doing. Of several runs: the mean, least to most."
        ),
        columns=(
            speech.text("Figure"),
            speech.text("Policy"),
            speech.text("Against"),
            speech.text("Difference"),
            speech.text("Least to most"),
        ),
        rows=tuple(
            (
                figure_name(difference.name, speech),
                number(difference.first.mean, speech) if difference.first else NONE,
                number(difference.second.mean, speech) if difference.second else NONE,
                f"{'+' if difference.more > 0 else ''}{number(difference.more, speech)}",
                speech.text("%(least)s to %(most)s")
                % {"least": number(difference.least, speech), "most": number(difference.most, speech)}
                if difference.least != difference.most
                else "",
            )
            for difference in differences
        ),
        empty=speech.text("Nothing yet."),
    )


def _people(run: Run, speech: Speech) -> Section:
    return Section(
        key="people",
        title=speech.text("Who would be busy, and when"),
        caption=speech.text("People with several placements. Too much: more than %(hours)s hours in a week.")
        % {"hours": as_it_is(run.overload_hours, speech)},
        columns=(
            speech.text("Person"),
            speech.text("Parts"),
            speech.text("Cases"),
            speech.text("Fullest week"),
            speech.text("Hours in it"),
            speech.text("Weeks with too much"),
            speech.text("Most open tasks"),
        ),
        rows=tuple(_person(load, run.overload_hours, speech) for load in run.people[:MOST_PEOPLE]),
        words=2,
        empty=speech.text("Nobody has several placements."),
    )


def _person(load: PersonLoad, limit: float, speech: Speech) -> tuple[str, ...]:
    fullest = max(load.hours, key=lambda week: (load.hours[week], -week), default=0)
    too_much = [week for week, hours in load.hours.items() if hours > limit]
    most = speech.text("%(tasks)s (week %(week)s)") if load.week > 0 else speech.text("%(tasks)s (%(week)s)")
    return (
        load.person,
        ", ".join(map(speech.party, load.parts)),
        speech.number(load.cases),
        _week(fullest, speech),
        speech.decimals(load.most_hours, 1),
        ", ".join(_week(week, speech) for week in too_much) or NONE,
        most % {"tasks": speech.number(load.most_open), "week": _week(load.week, speech)},
    )


def _week(week: int, speech: Speech) -> str:
    """By its number, or how many weeks before the first one."""
    if week >= 0:
        return str(week)
    return speech.texts("%(weeks)s week before", "%(weeks)s weeks before", -week) % {"weeks": -week}


def _roles(run: Run, speech: Speech) -> Section:
    rows = []
    for role in dict.fromkeys(week.role for week in run.roles):
        weeks = [week for week in run.roles if week.role == role]
        fullest = max(weeks, key=lambda week: (week.tasks, -week.week))
        rows.append(
            (
                speech.party(role),
                speech.number(sum(week.tasks for week in weeks)),
                speech.number(sum(week.reminders for week in weeks)),
                speech.number(sum(week.escalations for week in weeks)),
                speech.decimals(sum(week.hours for week in weeks), 0),
                _week(fullest.week, speech),
                speech.number(fullest.tasks),
            )
        )
    return Section(
        key="roles",
        title=speech.text("What each part is asked"),
        caption=speech.text("Week 1 begins with the cohort's first day; “1 week before” ends with it."),
        columns=(
            begun(speech.field("part")),
            speech.text("Tasks"),
            speech.text("Reminders"),
            speech.text("Escalations"),
            speech.text("Hours"),
            speech.text("Fullest week"),
            speech.text("Tasks in it"),
        ),
        rows=tuple(rows),
        empty=speech.text("Nothing yet."),
    )


def _late(run: Run, speech: Speech) -> Section:
    shown = sorted(
        (lateness for lateness in run.late if lateness.late),
        key=lambda lateness: (not lateness.decision, -lateness.late, lateness.kind),
    )
    return Section(
        key="late",
        title=speech.text("What comes late"),
        caption=speech.text("Answers after their due time. Decisions about people first."),
        columns=(
            speech.text("Task"),
            speech.text("Decision"),
            speech.text("Answered"),
            speech.text("Late"),
            speech.text("Mean days late"),
            speech.text("Most"),
        ),
        rows=tuple(
            (
                speech.kind(lateness.kind),
                speech.value(True) if lateness.decision else "",
                speech.number(lateness.answered),
                speech.number(lateness.late),
                speech.decimals(lateness.mean_days, 1),
                speech.decimals(lateness.most_days, 1),
            )
            for lateness in shown
        ),
        words=2,
        empty=speech.text("Nothing."),
    )


def _unmatched(runs: Sequence[Run], speech: Speech) -> Section:
    several = len(runs) > 1
    return Section(
        key="unmatched",
        title=speech.text("Without a mentor"),
        caption=speech.text("By their first day; HR then tells them that there is none."),
        columns=(speech.text("Returner"), *((speech.text("Seed"),) if several else ()), speech.text("Why")),
        rows=tuple(
            (returner.returner, *((str(run.seed),) if several else ()), speech.sentence(returner.why))
            for run in runs
            for returner in run.unmatched
        ),
        words=4,
        empty=speech.text("Everybody has a mentor."),
    )


def _stages(run: Run, speech: Speech) -> Section:
    return Section(
        key="stages",
        title=speech.text("Time in each stage"),
        caption=speech.text("Calendar days, leaves included."),
        columns=(
            speech.text("Stage"),
            speech.text("Median days"),
            speech.text("Middle half"),
            speech.text("Cases"),
        ),
        rows=tuple(
            (
                speech.stage(stage.stage),
                speech.decimals(stage.took.median_days, 1),
                middle_half(stage.took, speech),
                speech.number(stage.took.cases),
            )
            for stage in run.stages
            if stage.took is not None and stage.stage != Stage.FOLLOW_UP
        ),
        empty=speech.text("Nothing yet."),
    )


def _machine(runs: Sequence[Run], speech: Speech) -> Section:
    return Section(
        key="machine",
        title=speech.text("What it took"),
        caption=speech.text(
            "Off and late: by so many programme days because of the machine; up to 0.1 and 2 are fine."
        ),
        columns=(
            speech.text("Policy"),
            speech.text("Seed"),
            speech.text("Seconds"),
            speech.text("Seconds a day"),
            speech.text("Answers"),
            speech.text("Answers off"),
            speech.text("Most"),
            speech.text("Reviews late"),
        ),
        rows=tuple(
            (
                run.policy,
                str(run.seed),
                speech.decimals(run.machine.seconds, 0),
                as_it_is(run.machine.seconds_per_day, speech),
                speech.number(run.machine.answered),
                speech.decimals(run.machine.answers_off_mean, 2),
                speech.decimals(run.machine.answers_off_most, 1),
                speech.decimals(run.machine.reviews_late_mean, 2),
            )
            for run in runs
        ),
        empty=speech.text("Nothing yet."),
    )


def number(value: float, speech: Speech) -> str:
    """A number as short as it can be said: ``12``, ``1.5``, ``1,234.50``."""
    if value == int(value):
        return speech.decimals(value, 0)
    rounded = f"{value:.2f}".rstrip("0")
    return speech.decimals(value, 2 if abs(value) >= 1000 else len(rounded.partition(".")[2]))


def as_it_is(value: float, speech: Speech) -> str:
    """A number with the decimals that it has: ``8``, ``0.125``."""
    return speech.decimals(value, len(f"{value:g}".partition(".")[2]))
