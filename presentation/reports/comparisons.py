"""The sections of a report that set groups of people, and programmes, beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.cohort.figures import Retention
from domain.core.rounding import percent
from domain.core.wording import spoken
from presentation.reports.section import Section
from presentation.reports.words import NONE, amount, in_lines, middle_half, share
from records.reporting.models import CostPer, Impact, ImpactGroup, ProgrammeFigures, Selection, Spread


def impact_section(impact: Iterable[Impact]) -> Section:
    """Who starts and is converted, by what people have said of themselves."""
    rows = [
        (spoken(by_characteristic.characteristic), *_impact_row(group))
        for by_characteristic in impact
        for group in [
            *by_characteristic.groups,
            *([by_characteristic.not_stated] if by_characteristic.not_stated else []),
        ]
    ]
    return Section(
        key="impact",
        title="Adverse impact",
        caption="Rates against the best group's, flagged under four fifths of it (29 CFR 1607.4(D)). Groups "
        "under 5 people, and what would give them away, are suppressed; people count in steps of five, as they come "
        "out. Small numbers prove little either way.",
        columns=("Characteristic", "Group", "People", "Started", "Ratio", "Converted", "Ratio", "Flag"),
        rows=tuple(rows),
        words=2,
        empty="There are no protected characteristics in the monitoring table, or of too few people.",
    )


def _impact_row(group: ImpactGroup) -> tuple[str, ...]:
    if group.suppressed:
        return (group.value, "suppressed", *([""] * 5))
    flagged = [
        name
        for name, selection in (("starts", group.starts), ("conversions", group.conversions))
        if selection and selection.flagged
    ]
    return (
        group.value,
        str(group.people),
        *_selection(group.starts),
        *_selection(group.conversions),
        ", ".join(flagged),
    )


def _selection(selection: Selection | None) -> tuple[str, str]:
    if selection is None:
        return NONE, NONE
    return (
        f"{selection.selected} of {selection.of} ({percent(selection.selected, selection.of)})",
        f"{selection.ratio:.2f}" if selection.ratio is not None else NONE,
    )


def programmes_section(programmes: Sequence[ProgrammeFigures]) -> Section:
    """Returnship, upskilling, and both, beside each other."""
    lines = {
        "Purpose": [programme.purpose for programme in programmes],
        "Cases": [f"{programme.cases}, of which {programme.started} began" for programme in programmes],
        "Days from start to end": [_duration(programme.duration) for programme in programmes],
        "Outcome": [_outcome(programme) for programme in programmes],
        "All gaps closed": [share(programme.gaps_closed, programme.gaps_of) for programme in programmes],
        "Cost": [
            in_lines(f"{amount(cost.total)} {cost.currency}" for cost in programme.costs) for programme in programmes
        ],
        "Cost of each success": [in_lines(_each(cost) for cost in programme.per_success) for programme in programmes],
        "Still here": [_kept(programme.retention) for programme in programmes],
    }
    return Section(
        key="programmes",
        title="Returnship, upskilling, and both",
        caption="Both: placements with a learning path inside. Success: conversion; of a path alone, all gaps closed.",
        columns=("", *(PROGRAMMES[programme.programme] for programme in programmes)),
        rows=tuple((name, *cells) for name, cells in lines.items()),
        words=4,
    )


PROGRAMMES = {"returnship": "Returnship", "upskilling": "Upskilling", "both": "Both"}


def _outcome(programme: ProgrammeFigures) -> str:
    what = "closed all gaps" if programme.programme == "upskilling" else "converted"
    return f"{share(programme.succeeded, programme.of)} {what}" if programme.of else NONE


def _kept(retention: Sequence[Retention] | None) -> str:
    if retention is None:
        return "not asked after a path"
    return in_lines(
        f"{share(after.retained, after.known)} after {after.days} days" for after in retention if after.known
    )


def _duration(took: Spread | None) -> str:
    return f"{took.median_days:.0f} (middle half {middle_half(took, 0)}; {took.cases} cases)" if took else NONE


def _each(cost: CostPer) -> str:
    return f"{cost.each} ({cost.successes})" if cost.each else f"no success yet ({cost.currency})"
