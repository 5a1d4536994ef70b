"""The charts of a rehearsal: who is busy in which week, and what each role is asked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from presentation.drawing import BLUE, GREY, LIGHT, ORANGE, Chart, draw_chart, label_rows
from rehearsal.figures import Difference, Rehearsed, Run

MOST_PEOPLE = 16
LINES = (BLUE, ORANGE, GREY, LIGHT, "#3d8b5f", "#8a4fa0")
STYLES = ("-", "--", ":", "-.")


def charts(rehearsed: Rehearsed) -> dict[str, list[Chart]]:
    """The charts by the section they stand in, of the first run of each policy; none where there is nothing to draw."""
    runs = [("", rehearsed.runs[0])] + ([("against: ", rehearsed.against[0])] if rehearsed.against else [])
    found: dict[str, list[Chart | None]] = {
        "figures": [_outcomes(rehearsed.differences())] if rehearsed.against else [],
        "people": [_heat(n, prefix, run) for n, (prefix, run) in enumerate(runs)],
        "roles": [_roles(n, prefix, run) for n, (prefix, run) in enumerate(runs)],
    }
    return {key: [chart for chart in some if chart is not None] for key, some in found.items()}


def _heat(n: int, prefix: str, run: Run) -> Chart | None:
    people = run.people[:MOST_PEOPLE]
    weeks = _all_weeks([week for load in people for week in load.hours])
    if not weeks:
        return None
    hours = np.array([[load.hours.get(week, 0.0) for week in weeks] for load in people])

    def draw(axes: Axes) -> None:
        edges = [np.arange(number + 1) - 0.5 for number in (len(weeks), len(people))]
        shown = axes.pcolormesh(*edges, hours, cmap="YlOrRd", vmin=0, vmax=max(run.overload_hours, 1.0))
        for row, column in zip(*np.nonzero(hours > run.overload_hours), strict=True):
            axes.text(column, row, f"{hours[row, column]:.0f}", ha="center", va="center", color="white", fontsize=7)
        label_rows(axes, [load.person for load in people])
        _week_ticks(axes, weeks)
        bar = axes.figure.colorbar(shown, ax=axes, label="hours", extend="max")
        if bar.solids is not None:
            bar.solids.set_rasterized(False)  # or it would be an image within the drawing

    fullest = "; ".join(f"{load.person}: {load.most_hours:.1f}" for load in people)
    title = f"{prefix}Hours of work by person and week; with its number where it is too much"
    return draw_chart(f"heat{n}", draw, f"{title}. Fullest weeks: {fullest}.", title, rows=len(people) + 1)


def _roles(n: int, prefix: str, run: Run) -> Chart | None:
    if not run.roles:
        return None
    weeks = _all_weeks([role_week.week for role_week in run.roles])
    names = _busiest(run)
    tasks = {(role_week.role, role_week.week): role_week.tasks for role_week in run.roles}

    def draw(axes: Axes) -> None:
        for line, role in enumerate(names):
            style = STYLES[line % len(STYLES)]
            axes.plot(
                range(len(weeks)), [tasks.get((role, week), 0) for week in weeks], style, color=LINES[line], label=role
            )
        _week_ticks(axes, weeks)
        axes.set_ylim(bottom=0)
        axes.grid(axis="y", color="#e5e7eb")
        axes.legend(frameon=False, ncols=3, fontsize=8, loc="upper center", bbox_to_anchor=(0.5, -0.24))

    title = f"{prefix}New tasks by role and week"
    totals = {name: sum(count for (role, _), count in tasks.items() if role == name) for name in names}
    words = "; ".join(f"{name}: {total}" for name, total in totals.items())
    return draw_chart(f"roles{n}", draw, f"{title}. In all: {words}.", title, rows=7)


def _all_weeks(weeks: Sequence[int]) -> list[int]:
    """From the first to the last of these; there is no week nought."""
    return [week for week in range(min(weeks), max(weeks) + 1) if week] if weeks else []


def _week_ticks(axes: Axes, weeks: Sequence[int]) -> None:
    every = max(1, len(weeks) // 8)
    axes.set_xticks(range(0, len(weeks), every), [str(week) for week in weeks[::every]])
    axes.set_xlabel("week")


def _busiest(run: Run) -> list[str]:
    totals: dict[str, int] = {}
    for role_week in run.roles:
        totals[role_week.role] = totals.get(role_week.role, 0) + role_week.tasks
    return sorted(totals, key=lambda role: (-totals[role], role))[: len(LINES)]


OUTCOMES = ("converted", "declined", "released", "withdrawn", "without a mentor", "people overloaded", "decisions late")


def _outcomes(differences: Sequence[Difference]) -> Chart | None:
    shown = [difference for difference in differences if difference.name in OUTCOMES]
    if not shown:
        return None
    rows = np.arange(len(shown))
    first = [difference.first.mean if difference.first else 0.0 for difference in shown]
    second = [difference.second.mean if difference.second else 0.0 for difference in shown]

    def draw(axes: Axes) -> None:
        axes.barh(rows - 0.2, first, height=0.36, color=BLUE, label="policy")
        axes.barh(rows + 0.2, second, height=0.36, color=ORANGE, label="against")
        label_rows(axes, [difference.name for difference in shown])
        axes.legend(frameon=False, ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.1))

    words = "; ".join(
        f"{difference.name}: {a:g} and {b:g}" for difference, a, b in zip(shown, first, second, strict=True)
    )
    return draw_chart("outcomes", draw, f"Both policies. {words}.", "Both policies side by side", rows=len(shown) + 1)
