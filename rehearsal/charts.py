"""The charts of a rehearsal: who is busy in which week, and what each role is asked."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from cli.core.drawing import BLUE, GREY, LIGHT, ORANGE, Chart, draw_chart, label_rows
from rehearsal.figures import Difference, Rehearsed, Run

MOST_PEOPLE = 16
LINES = (BLUE, ORANGE, GREY, LIGHT, "#3d8b5f", "#8a4fa0")
STYLES = ("-", "--", ":", "-.")


def charts(made: Rehearsed) -> dict[str, list[Chart]]:
    """The charts by the section they stand in, of the first run of each policy; none where there is nothing to draw."""
    runs = [("", made.runs[0])] + ([("against: ", made.against[0])] if made.against else [])
    found: dict[str, list[Chart | None]] = {
        "figures": [_outcomes(made.differences())] if made.against else [],
        "people": [_heat(n, prefix, run) for n, (prefix, run) in enumerate(runs)],
        "roles": [_roles(n, prefix, run) for n, (prefix, run) in enumerate(runs)],
    }
    return {key: [chart for chart in some if chart is not None] for key, some in found.items()}


def _heat(n: int, prefix: str, run: Run) -> Chart | None:
    people = run.people[:MOST_PEOPLE]
    weeks = _all_weeks([week for one in people for week in one.hours])
    if not weeks:
        return None
    hours = np.array([[one.hours.get(week, 0.0) for week in weeks] for one in people])

    def draw(axes: Axes) -> None:
        shown = axes.imshow(hours, aspect="auto", cmap="YlOrRd", vmin=0, vmax=max(run.overload_hours, 1.0))
        for row, column in zip(*np.nonzero(hours > run.overload_hours), strict=True):
            axes.text(column, row, f"{hours[row, column]:.0f}", ha="center", va="center", color="white", fontsize=7)
        label_rows(axes, [one.person for one in people])
        _week_ticks(axes, weeks)
        axes.figure.colorbar(shown, ax=axes, label="hours", extend="max")

    fullest = "; ".join(f"{one.person}: {one.most_hours:.1f}" for one in people)
    title = f"{prefix}Hours of work by person and week; with its number where it is too much"
    return draw_chart(f"heat{n}", draw, f"{title}. Fullest weeks: {fullest}.", title, rows=len(people) + 1)


def _roles(n: int, prefix: str, run: Run) -> Chart | None:
    if not run.roles:
        return None
    weeks = _all_weeks([one.week for one in run.roles])
    names = _busiest(run)
    tasks = {(one.role, one.week): one.tasks for one in run.roles}

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
    words = "; ".join(f"{role}: {sum(count for (one, _), count in tasks.items() if one == role)}" for role in names)
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
    for one in run.roles:
        totals[one.role] = totals.get(one.role, 0) + one.tasks
    return sorted(totals, key=lambda role: (-totals[role], role))[: len(LINES)]


OUTCOMES = ("converted", "declined", "released", "withdrawn", "without a mentor", "people overloaded", "decisions late")


def _outcomes(differences: Sequence[Difference]) -> Chart | None:
    shown = [one for one in differences if one.name in OUTCOMES]
    if not shown:
        return None
    rows = np.arange(len(shown))
    first = [one.first.mean if one.first else 0.0 for one in shown]
    second = [one.second.mean if one.second else 0.0 for one in shown]

    def draw(axes: Axes) -> None:
        axes.barh(rows - 0.2, first, height=0.36, color=BLUE, label="policy")
        axes.barh(rows + 0.2, second, height=0.36, color=ORANGE, label="against")
        label_rows(axes, [one.name for one in shown])
        axes.legend(frameon=False, ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.1))

    words = "; ".join(f"{one.name}: {a:g} and {b:g}" for one, a, b in zip(shown, first, second, strict=True))
    return draw_chart("outcomes", draw, f"Both policies. {words}.", "Both policies side by side", rows=len(shown) + 1)
