"""The charts of the report."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from domain.core.wording import spoken
from domain.placement.stages import Stage
from languages.speech import Speech
from presentation.chart import Chart
from presentation.drawing import BLUE, GREY, LIGHT, ORANGE, draw_chart, label_rows
from presentation.reports.comparisons import PROGRAMMES
from presentation.reports.sections import PARTIES
from presentation.reports.words import TYPES_OF_CASES, share
from records.reporting.models import Group, Impact, Report, StageTime

MOST_BARS = 14
FOUR_FIFTHS = 0.8


def charts(report: Report, speech: Speech) -> dict[str, list[Chart]]:
    """The charts by the section they stand in, in the language of their reader; none where there is nothing to draw."""
    everything = report.in_all
    made = {
        "counts": [_counts(everything, speech)],
        "stages": [_stages("stages", everything.stage_times, speech)],
        "retention": [_retention(everything, speech)],
        "costs": [
            _costs(everything, currency, speech)
            for currency in dict.fromkeys(cost.currency for cost in everything.costs)
        ],
        "skills": [_skills(everything, speech)],
        "reviews": [_reviews(everything, speech)],
        "impact": [_impact(n, impact, speech) for n, impact in enumerate(report.impact)],
        "programmes": [_programmes(report, speech)],
    }
    return {key: [chart for chart in found if chart is not None] for key, found in made.items()}


def _counts(group: Group, speech: Speech) -> Chart | None:
    counts = group.counts
    bars = [
        (speech.text("applied"), counts.applications),
        (speech.text("started"), counts.starts),
        (speech.text("completed"), counts.completions),
        (speech.text("converted"), counts.conversions),
    ]
    if not counts.applications:
        return None
    return _bars("counts", bars, speech.text("Placements"), [speech.number(number) for _, number in bars])


def _retention(group: Group, speech: Speech) -> Chart | None:
    known = [retention for retention in group.retention if retention.known]
    if not known:
        return None
    bars = [
        (speech.text("%(days)s days") % {"days": retention.days}, 100 * retention.retained / retention.known)
        for retention in known
    ]
    return _bars(
        "retention",
        bars,
        speech.text("Still here, per cent"),
        [share(retention.retained, retention.known, speech) for retention in known],
        full=100,
    )


def _programmes(report: Report, speech: Speech) -> Chart | None:
    out = [programme for programme in report.programmes if programme.of]
    if not out:
        return None
    bars = [
        (speech.text(PROGRAMMES[programme.programme]), 100 * programme.succeeded / programme.of) for programme in out
    ]
    labels = [share(programme.succeeded, programme.of, speech) for programme in out]
    return _bars("programmes", bars, speech.text("Came out as wished, per cent"), labels, full=100)


def _impact(n: int, impact: Impact, speech: Speech) -> Chart | None:
    shown = [(group.value, group.conversions) for group in impact.groups if group.conversions]
    rates = [(value, found) for value, found in shown if found is not None]
    best = max((found.rate for _, found in rates), default=0)
    if len(rates) < 2 or not best:
        return None
    bars = [(speech.sentence(value), 100 * found.rate) for value, found in rates]
    labels = [share(found.selected, found.of, speech) for _, found in rates]
    colours = [ORANGE if found.flagged else BLUE for _, found in rates]
    title = speech.text("Converted by %(what)s, per cent; the line is four fifths of the best rate") % {
        "what": spoken(impact.characteristic)
    }
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
        axes.set_xlim(0, longest * 1.6)
        label_rows(axes, [label for label, _ in bars])
        axes.set_xticks([])
        axes.spines["bottom"].set_visible(False)

    words = "; ".join(f"{bar}: {label}" for (bar, _), label in zip(bars, labels, strict=True))
    return draw_chart(name, draw, f"{title}. {words}.", title, rows=len(bars))


def _stages(name: str, times: Sequence[StageTime], speech: Speech) -> Chart | None:
    # A follow-up lasts as long as the policy says, so much longer than all else that nothing else could be seen.
    took = [(stage, stage.took) for stage in times if stage.took is not None and stage.stage != Stage.FOLLOW_UP]
    if not took:
        return None
    labels = [f"{speech.stage(stage.stage)} ({speech.text(TYPES_OF_CASES[stage.programme])})" for stage, _ in took]

    def draw(axes: Axes) -> None:
        for row, (_, days) in enumerate(took):
            axes.plot([days.lower_days, days.upper_days], [row, row], color=LIGHT, linewidth=7, solid_capstyle="butt")
            axes.plot([days.median_days], [row], "o", color=BLUE)
        label_rows(axes, labels)
        axes.set_xlim(left=0)
        axes.grid(axis="x", color="#e5e7eb")
        axes.set_axisbelow(True)

    words = "; ".join(
        f"{label}: {speech.decimals(days.median_days, 1)}" for label, (_, days) in zip(labels, took, strict=True)
    )
    title = speech.text("Days in each stage: median (dot) and middle half (bar)")
    told = speech.text("Medians: %(medians)s.") % {"medians": words}
    return draw_chart(name, draw, f"{title}. {told}", title, rows=len(took))


def _costs(group: Group, currency: str, speech: Speech) -> Chart | None:
    cost = next(cost for cost in group.costs if cost.currency == currency)
    bars = [
        (speech.text("stipends"), float(cost.stipends)),
        (speech.text("training"), float(cost.training)),
        (speech.text("in all"), float(cost.total)),
    ]
    labels = [speech.decimals(value, 0) for _, value in bars]
    title = speech.text("What it cost, %(currency)s") % {"currency": currency}
    return _bars(f"costs{currency}", bars, title, labels)


def _skills(group: Group, speech: Speech) -> Chart | None:
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

    words = "; ".join(
        speech.text("%(skill)s: from %(before)s to %(after)s")
        % {"skill": gain.skill, "before": speech.number(gain.before), "after": speech.number(gain.after)}
        for gain in gains
    )
    title = speech.text("Mean level before training (ring) and after it (dot), 0 to 7")
    return draw_chart("skills", draw, f"{title}. {words}.", title, rows=len(gains))


def _reviews(group: Group, speech: Speech) -> Chart | None:
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
            axes.plot(
                [n for n, _ in points], [mean for _, mean in points], mark, color=colour, label=speech.party(party)
            )
        axes.set_ylim(1, 5)
        axes.set_xlim(-0.3, len(rounds) - 0.7)
        axes.set_xticks(range(len(rounds)), [speech.sentence(title) for title in rounds])
        axes.grid(axis="y", color="#e5e7eb")
        axes.legend(frameon=False, ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.14))

    words = "; ".join(
        f"{speech.sentence(title)}, {speech.party(party)}: {speech.decimals(mean, 2)}"
        for (title, party), mean in means.items()
    )
    title = speech.text("Mean review score by round, 1 to 5")
    return draw_chart("reviews", draw, f"{title}. {words}.", title, rows=8)
