"""The charts of the report."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from domain.core.wording import spoken
from domain.placement.stages import Stage
from presentation.drawing import BLUE, GREY, LIGHT, ORANGE, Chart, draw_chart, label_rows
from presentation.reports.comparisons import PROGRAMMES
from presentation.reports.sections import PARTIES
from presentation.reports.words import share
from records.reporting.models import Group, Impact, Report, StageTime

MOST_BARS = 14
FOUR_FIFTHS = 0.8


def charts(report: Report) -> dict[str, list[Chart]]:
    """The charts by the section they stand in; none where there is nothing to draw."""
    everything = report.in_all
    made = {
        "counts": [_counts(everything)],
        "stages": [_stages("stages", everything.stage_times)],
        "retention": [_retention(everything)],
        "costs": [
            _costs(everything, currency) for currency in dict.fromkeys(cost.currency for cost in everything.costs)
        ],
        "skills": [_skills(everything)],
        "reviews": [_reviews(everything)],
        "impact": [_impact(n, impact) for n, impact in enumerate(report.impact)],
        "programmes": [_programmes(report)],
    }
    return {key: [chart for chart in found if chart is not None] for key, found in made.items()}


def _counts(group: Group) -> Chart | None:
    counts = group.counts
    bars = [
        ("applied", counts.applications),
        ("started", counts.starts),
        ("completed", counts.completions),
        ("converted", counts.conversions),
    ]
    if not counts.applications:
        return None
    return _bars("counts", bars, "Placements", [f"{number}" for _, number in bars])


def _retention(group: Group) -> Chart | None:
    known = [retention for retention in group.retention if retention.known]
    if not known:
        return None
    bars = [(f"{retention.days} days", 100 * retention.retained / retention.known) for retention in known]
    return _bars(
        "retention",
        bars,
        "Still here, per cent",
        [share(retention.retained, retention.known) for retention in known],
        full=100,
    )


def _programmes(report: Report) -> Chart | None:
    out = [programme for programme in report.programmes if programme.of]
    if not out:
        return None
    bars = [(PROGRAMMES[programme.programme], 100 * programme.succeeded / programme.of) for programme in out]
    labels = [share(programme.succeeded, programme.of) for programme in out]
    return _bars("programmes", bars, "Came out as wished, per cent", labels, full=100)


def _impact(n: int, impact: Impact) -> Chart | None:
    shown = [(group.value, group.conversions) for group in impact.groups if group.conversions]
    rates = [(value, found) for value, found in shown if found is not None]
    best = max((found.rate for _, found in rates), default=0)
    if len(rates) < 2 or not best:
        return None
    bars = [(value, 100 * found.rate) for value, found in rates]
    labels = [share(found.selected, found.of) for _, found in rates]
    colours = [ORANGE if found.flagged else BLUE for _, found in rates]
    title = f"Converted by {spoken(impact.characteristic)}, per cent; the line is four fifths of the best rate"
    line = 100 * best * FOUR_FIFTHS
    return _bars(f"impact{n}", bars, title, labels, full=100, colours=colours, line=line)


def _bars(
    name: str,
    bars: Sequence[tuple[str, float]],
    title: str,
    labels: Sequence[str],
    *,
    full: float | None = None,
    colours: Sequence[str] | None = None,
    line: float | None = None,
) -> Chart:
    """Bars from left to right, the first on top, each with its number."""

    def draw(axes: Axes) -> None:
        longest = full or max([value for _, value in bars] + [1])
        axes.barh(range(len(bars)), [value for _, value in bars], color=colours or BLUE, height=0.62)
        for row, ((_, value), label) in enumerate(zip(bars, labels, strict=True)):
            axes.text(value + longest * 0.015, row, label, va="center")
        if line is not None:
            axes.axvline(line, color=GREY, linestyle="--", linewidth=1)
        axes.set_xlim(0, longest * 1.32)
        label_rows(axes, [label for label, _ in bars])
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)

    words = "; ".join(f"{bar}: {label}" for (bar, _), label in zip(bars, labels, strict=True))
    return draw_chart(name, draw, f"{title}. {words}.", title, rows=len(bars))


def _stages(name: str, times: Sequence[StageTime]) -> Chart | None:
    # A follow-up lasts as long as the policy says, so much longer than all else that nothing else could be seen.
    took = [(stage, stage.took) for stage in times if stage.took is not None and stage.stage != Stage.FOLLOW_UP]
    if not took:
        return None
    labels = [f"{spoken(stage.stage)} ({stage.programme})" for stage, _ in took]

    def draw(axes: Axes) -> None:
        for row, (_, days) in enumerate(took):
            axes.plot([days.lower_days, days.upper_days], [row, row], color=LIGHT, linewidth=7, solid_capstyle="butt")
            axes.plot([days.median_days], [row], "o", color=BLUE)
        label_rows(axes, labels)
        axes.set_xlim(left=0)
        axes.grid(axis="x", color="#e5e7eb")
        axes.set_axisbelow(True)

    words = "; ".join(f"{label}: {days.median_days:.1f}" for label, (_, days) in zip(labels, took, strict=True))
    title = "Days in each stage: median (dot) and middle half (bar)"
    return draw_chart(name, draw, f"{title}. Medians: {words}.", title, rows=len(took))


def _costs(group: Group, currency: str) -> Chart | None:
    cost = next(cost for cost in group.costs if cost.currency == currency)
    bars = [("stipends", float(cost.stipends)), ("training", float(cost.training)), ("in all", float(cost.total))]
    labels = [f"{value:,.0f}" for _, value in bars]
    return _bars(f"costs{currency}", bars, f"What it cost, {currency}", labels)


def _skills(group: Group) -> Chart | None:
    gains = sorted(group.skills, key=lambda gain: (-gain.gained, gain.skill))[:MOST_BARS]
    if not gains:
        return None

    def draw(axes: Axes) -> None:
        for row, gain in enumerate(gains):
            before, after = float(gain.before), float(gain.after)
            axes.plot([before, after], [row, row], color=LIGHT, linewidth=3)
            axes.plot([before], [row], "o", color="white", markeredgecolor=BLUE)
            axes.plot([after], [row], "o", color=BLUE)
        axes.set_xlim(-0.2, 7.2)
        label_rows(axes, [gain.skill for gain in gains])
        axes.grid(axis="x", color="#e5e7eb")
        axes.set_axisbelow(True)

    words = "; ".join(f"{gain.skill}: from {gain.before} to {gain.after}" for gain in gains)
    title = "Mean level before training (ring) and after it (dot), 0 to 7"
    return draw_chart("skills", draw, f"{title}. {words}.", title, rows=len(gains))


def _reviews(group: Group) -> Chart | None:
    rounds = list(dict.fromkeys(review.round for review in group.reviews))
    means = {(review.round, review.party): float(review.mean) for review in group.reviews if review.mean is not None}
    if not means:
        return None
    lines = {
        party: [(n, means[title, party]) for n, title in enumerate(rounds) if (title, party) in means]
        for party in PARTIES
    }

    def draw(axes: Axes) -> None:
        for (party, points), (colour, mark) in zip(
            lines.items(), ((BLUE, "o-"), (ORANGE, "s--"), (GREY, "^:")), strict=True
        ):
            axes.plot([n for n, _ in points], [mean for _, mean in points], mark, color=colour, label=party)
        axes.set_ylim(1, 5)
        axes.set_xlim(-0.3, len(rounds) - 0.7)
        axes.set_xticks(range(len(rounds)), rounds)
        axes.grid(axis="y", color="#e5e7eb")
        axes.legend(frameon=False, ncols=3, loc="upper center", bbox_to_anchor=(0.5, -0.14))

    words = "; ".join(f"{title}, {party}: {mean:.2f}" for (title, party), mean in means.items())
    title = "Mean review score by round, 1 to 5"
    return draw_chart("reviews", draw, f"{title}. {words}.", title, rows=7)
