"""The charts of a rehearsal: who is busy in which week, and what each role is asked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from languages.speech import Speech
from presentation.chart import Chart
from presentation.drawing import BLUE, GREY, LIGHT, ORANGE, draw_chart, label_rows
from rehearsal.figure_sections import as_it_is, figure_name
from rehearsal.figures import Difference, Rehearsed, Run
from rehearsal.sections import AGAINST, key_against

MOST_PEOPLE = 16
LINES = (BLUE, ORANGE, GREY, LIGHT, "#3d8b5f", "#8a4fa0")
STYLES = ("-", "--", ":", "-.")


def charts(rehearsed: Rehearsed, speech: Speech) -> dict[str, list[Chart]]:
    """The charts by the section they stand in, of the first run of each policy, in the language of their reader; none
    where there is nothing to draw."""
    first = rehearsed.runs[0]
    found = {"people": _heat(0, "%(title)s", first, speech), "roles": _roles(0, "%(title)s", first, speech)}
    if rehearsed.against:
        second, titled = rehearsed.against[0], speech.text(AGAINST)
        found |= {
            "figures": _outcomes(rehearsed.differences(), speech),
            key_against("people"): _heat(1, titled, second, speech),
            key_against("roles"): _roles(1, titled, second, speech),
        }
    return {key: [chart] for key, chart in found.items() if chart is not None}


def _heat(n: int, titled: str, run: Run, speech: Speech) -> Chart | None:
    people = run.people[:MOST_PEOPLE]
    weeks = _all_weeks([week for load in people for week in load.hours])
    if not weeks:
        return None
    hours = np.array([[load.hours.get(week, 0.0) for week in weeks] for load in people])

    def draw(axes: Axes) -> None:
        edges = [np.arange(number + 1) - 0.5 for number in (len(weeks), len(people))]
        shown = axes.pcolormesh(*edges, hours, cmap="YlOrRd", vmin=0, vmax=max(run.overload_hours, 1.0))
        for row, column in zip(*np.nonzero(hours > run.overload_hours), strict=True):
            axes.text(column, row, f"{hours[row, column]:.0f}", ha="center", va="center", color="white", fontsize=8)
        label_rows(axes, [load.person.partition(" (")[0] for load in people])  # of names, ids stand in the table
        _week_ticks(axes, weeks, speech)
        bar = axes.figure.colorbar(shown, ax=axes, label=speech.text("hours"), extend="max")
        if bar.solids is not None:
            bar.solids.set_rasterized(False)  # or it would be an image within the drawing

    fullest = "; ".join(f"{load.person}: {speech.decimals(load.most_hours, 1)}" for load in people)
    title = titled % {"title": speech.text("Hours of work by person and week; with its number where it is too much")}
    told = speech.text("Fullest weeks: %(people)s.") % {"people": fullest}
    return draw_chart(f"heat{n}", draw, f"{title}. {told}", title, rows=len(people) + 1)


def _roles(n: int, titled: str, run: Run, speech: Speech) -> Chart | None:
    if not run.roles:
        return None
    weeks = _all_weeks([role_week.week for role_week in run.roles])
    names = _busiest(run)
    tasks = {(role_week.role, role_week.week): role_week.tasks for role_week in run.roles}

    def draw(axes: Axes) -> None:
        for line, role in enumerate(names):
            style = STYLES[line % len(STYLES)]
            axes.plot(
                range(len(weeks)),
                [tasks.get((role, week), 0) for week in weeks],
                style,
                color=LINES[line],
                label=speech.party(role),
            )
        _week_ticks(axes, weeks, speech)
        axes.set_ylim(bottom=0)
        axes.grid(axis="y", color="#e5e7eb")
        axes.legend(frameon=False, ncols=2, fontsize=11, loc="upper center", bbox_to_anchor=(0.5, -0.28))

    title = titled % {"title": speech.text("New tasks by role and week")}
    totals = {name: sum(count for (role, _), count in tasks.items() if role == name) for name in names}
    words = "; ".join(f"{speech.party(name)}: {speech.number(total)}" for name, total in totals.items())
    told = speech.text("In all: %(totals)s.") % {"totals": words}
    return draw_chart(f"roles{n}", draw, f"{title}. {told}", title, rows=9)


def _all_weeks(weeks: Sequence[int]) -> list[int]:
    """From the first to the last of these; there is no week nought."""
    return [week for week in range(min(weeks), max(weeks) + 1) if week] if weeks else []


def _week_ticks(axes: Axes, weeks: Sequence[int], speech: Speech) -> None:
    every = max(1, len(weeks) // 8)
    axes.set_xticks(range(0, len(weeks), every), [str(week) for week in weeks[::every]])
    axes.set_xlabel(speech.text("week; below 0: before the first day") if min(weeks) < 0 else speech.text("week"))


def _busiest(run: Run) -> list[str]:
    totals: dict[str, int] = {}
    for role_week in run.roles:
        totals[role_week.role] = totals.get(role_week.role, 0) + role_week.tasks
    return sorted(totals, key=lambda role: (-totals[role], role))[: len(LINES)]


OUTCOMES = ("converted", "declined", "released", "withdrawn", "without a mentor", "people overloaded", "decisions late")


def _outcomes(differences: Sequence[Difference], speech: Speech) -> Chart | None:
    shown = [difference for difference in differences if difference.name in OUTCOMES]
    if not shown:
        return None
    rows = np.arange(len(shown))
    first = [difference.first.mean if difference.first else 0.0 for difference in shown]
    second = [difference.second.mean if difference.second else 0.0 for difference in shown]

    def draw(axes: Axes) -> None:
        axes.barh(rows - 0.2, first, height=0.36, color=BLUE, label=speech.text("policy"))
        axes.barh(rows + 0.2, second, height=0.36, color=ORANGE, label=speech.text("against"))
        label_rows(axes, [figure_name(difference.name, speech) for difference in shown])
        axes.legend(frameon=False, ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.1))

    words = "; ".join(
        speech.text("%(figure)s: %(first)s and %(second)s")
        % {
            "figure": figure_name(difference.name, speech),
            "first": as_it_is(a, speech),
            "second": as_it_is(b, speech),
        }
        for difference, a, b in zip(shown, first, second, strict=True)
    )
    told = speech.text("Both policies. %(figures)s.") % {"figures": words}
    return draw_chart("outcomes", draw, told, speech.text("Both policies side by side"), rows=len(shown) + 1)
