"""The sections of a report that set groups of people, and programmes, beside each other."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.cohort.figures import Retention
from domain.core.wording import spoken
from languages.marking import translatable
from languages.speech import Speech
from presentation.reports.section import Section
from presentation.reports.words import NONE, amount, in_lines, middle_half, share
from records.reporting.models import CostPer, Impact, ImpactGroup, ProgrammeFigures, Selection, Spread


def impact_section(impact: Iterable[Impact], speech: Speech) -> Section:
    """Who starts and is converted, by what people have said of themselves."""
    rows = [
        (spoken(by_characteristic.characteristic), *_impact_row(group, speech))
        for by_characteristic in impact
        for group in [
            *by_characteristic.groups,
            *([by_characteristic.not_stated] if by_characteristic.not_stated else []),
        ]
    ]
    return Section(
        key="impact",
        title=speech.text("Adverse impact"),
        caption=speech.text(
            "Rates against the best group's, flagged under four fifths of it (29 CFR 1607.4(D)). Groups under 5 "
            "people, and what would give them away, are suppressed; people count in steps of five, as they come out. "
            "Small numbers prove little either way."
        ),
        columns=(
            speech.text("Characteristic"),
            speech.text("Group"),
            speech.text("People"),
            speech.text("Started"),
            speech.text("Ratio"),
            speech.text("Converted"),
            speech.text("Ratio"),
            speech.text("Flag"),
        ),
        rows=tuple(rows),
        words=2,
        empty=speech.text("Of nobody, or of too few people to be shown, is a protected characteristic on record."),
    )


def _impact_row(group: ImpactGroup, speech: Speech) -> tuple[str, ...]:
    value = speech.sentence(group.value)
    if group.suppressed:
        return (value, speech.text("suppressed"), *([""] * 5))
    flagged = [
        name
        for name, selection in (
            (speech.text("starts"), group.starts),
            (speech.text("conversions"), group.conversions),
        )
        if selection and selection.flagged
    ]
    return (
        value,
        speech.number(group.people or 0),
        *_selection(group.starts, speech),
        *_selection(group.conversions, speech),
        ", ".join(flagged),
    )


def _selection(selection: Selection | None, speech: Speech) -> tuple[str, str]:
    if selection is None:
        return NONE, NONE
    ratio = speech.decimals(selection.ratio, 2) if selection.ratio is not None else NONE
    return share(selection.selected, selection.of, speech), ratio


def programmes_section(programmes: Sequence[ProgrammeFigures], speech: Speech) -> Section:
    """Returnship, upskilling, and both, beside each other."""
    lines = {
        speech.text("Purpose"): [speech.sentence(programme.purpose) for programme in programmes],
        speech.text("Cases"): [
            speech.text("%(cases)s, of which %(started)s began")
            % {"cases": programme.cases, "started": programme.started}
            for programme in programmes
        ],
        speech.text("Days from start to end"): [_duration(programme.duration, speech) for programme in programmes],
        speech.text("Outcome"): [_outcome(programme, speech) for programme in programmes],
        speech.text("All gaps closed"): [
            share(programme.gaps_closed, programme.gaps_of, speech) for programme in programmes
        ],
        speech.text("Cost"): [
            in_lines(f"{amount(cost.total, speech)} {cost.currency}" for cost in programme.costs)
            for programme in programmes
        ],
        speech.text("Cost of each success"): [
            in_lines(_each(cost, speech) for cost in programme.per_success) for programme in programmes
        ],
        speech.text("Still here"): [_kept(programme.retention, speech) for programme in programmes],
    }
    return Section(
        key="programmes",
        title=speech.text("Returnship, upskilling, and both"),
        caption=speech.text(
            "Both: placements with a learning path inside. Success: conversion; of a path alone, all gaps closed."
        ),
        columns=("", *(speech.text(PROGRAMMES[programme.programme]) for programme in programmes)),
        rows=tuple((name, *cells) for name, cells in lines.items()),
        words=4,
        empty=speech.text("Nothing yet."),
    )


PROGRAMMES = {
    "returnship": translatable("Returnship"),
    "upskilling": translatable("Upskilling"),
    "both": translatable("Both"),
}


def _outcome(programme: ProgrammeFigures, speech: Speech) -> str:
    if not programme.of:
        return NONE
    said = {"share": share(programme.succeeded, programme.of, speech)}
    if programme.programme == "upskilling":
        return speech.text("%(share)s closed all gaps") % said
    return speech.text("%(share)s converted") % said


def _kept(retention: Sequence[Retention] | None, speech: Speech) -> str:
    if retention is None:
        return speech.text("not asked after a path")
    return in_lines(
        speech.text("%(share)s after %(days)s days")
        % {"share": share(after.retained, after.known, speech), "days": after.days}
        for after in retention
        if after.known
    )


def _duration(took: Spread | None, speech: Speech) -> str:
    if took is None:
        return NONE
    said = {"days": speech.decimals(took.median_days, 0), "half": middle_half(took, speech, 0), "cases": took.cases}
    return speech.text("%(days)s (middle half %(half)s; %(cases)s cases)") % said


def _each(cost: CostPer, speech: Speech) -> str:
    if cost.each is None:
        return speech.text("no success yet (%(currency)s)") % {"currency": cost.currency}
    each = " + ".join(speech.money(money) for money in (cost.each, *cost.in_other_currencies))
    return f"{each} ({speech.number(cost.successes)})"
