"""Who has to do what when, and what comes late: sections of the report of a rehearsal."""

from __future__ import annotations

from languages.speech import Speech, begun
from presentation.reports.section import Section
from presentation.reports.words import NONE
from rehearsal.figure_sections import as_it_is
from rehearsal.figures import PersonLoad, Run

MOST_PEOPLE = 20
"""So many people are shown, those with the fullest weeks; the report as data has all of them."""


def people_section(run: Run, speech: Speech) -> Section:
    """Who has several placements, and too much to do in which weeks."""
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


def roles_section(run: Run, speech: Speech) -> Section:
    """What is asked of each part, and in which week most of it."""
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


def late_section(run: Run, speech: Speech) -> Section:
    """Which answers come late, and by how much."""
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
