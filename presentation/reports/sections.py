"""The report as sections of plain text: what the table for people and the page that is mailed both show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain.cohort.figures import Retention
from domain.core.rounding import percent
from domain.core.wording import spoken
from presentation.reports.words import NONE, amount, in_lines, middle_half, share, still_here
from records.reporting.models import (
    CostPer,
    CostPerRetained,
    Group,
    Impact,
    ImpactGroup,
    ProgrammeFigures,
    Report,
    Selection,
    Spread,
)


@dataclass(frozen=True)
class Section:
    """A table with its title and caption; the first ``words`` columns are words, the others numbers."""

    key: str
    title: str
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1
    empty: str = "Nothing yet."


def sections(report: Report) -> list[Section]:
    """The sections in the order of docs/reports.md."""
    groups = [*report.cohorts, report.in_all] if len(report.cohorts) > 1 else [report.in_all]
    if report.cohort is not None:
        groups = list(report.cohorts) or [report.in_all]
    everything = report.in_all
    return [
        _counts(groups),
        _withdrawals(everything),
        _stages(everything),
        _retention(groups),
        _costs(groups),
        _per_retained(groups),
        _skills(everything),
        _hours(groups),
        _certificates(everything),
        _reviews(everything),
        _pulses(groups),
        _impact(report.impact),
        _programmes(report.programmes),
    ]


def _counts(groups: Iterable[Group]) -> Section:
    names = {
        "applications": "Applied",
        "starts": "Started",
        "completions": "Completed",
        "conversions": "Converted",
        "declined": "Declined",
        "expired": "Expired",
        "released": "Released",
        "not_eligible": "Not eligible",
        "withdrawn": "Withdrew",
        "running": "Running",
    }
    return Section(
        key="counts",
        title="How far placements came",
        caption="Completed: went on to the last day. Declined and expired are offers. Running: no outcome yet.",
        columns=("Cohort", *names.values()),
        rows=tuple((group.name, *(str(getattr(group.counts, name)) for name in names)) for group in groups),
    )


def _withdrawals(group: Group) -> Section:
    return Section(
        key="withdrawals",
        title="Why people withdrew",
        caption="In the words on record, names struck out. Read them before you hand the report on.",
        columns=("Times", "Reason"),
        rows=tuple((str(withdrawal.count), withdrawal.reason) for withdrawal in group.withdrawals),
        words=2,
        empty="Nobody withdrew.",
    )


def _stages(group: Group) -> Section:
    return Section(
        key="stages",
        title="Time in each stage",
        caption="Calendar days, leaves included, of cases that have left the stage.",
        columns=("Programme", "Stage", "Median days", "Middle half", "Cases", "There now"),
        rows=tuple(
            (
                stage.programme,
                spoken(stage.stage),
                f"{stage.took.median_days:.1f}" if stage.took else NONE,
                middle_half(stage.took),
                str(stage.took.cases if stage.took else 0),
                str(stage.there_now),
            )
            for stage in group.stage_times
        ),
        words=2,
    )


def _retention(groups: Sequence[Group]) -> Section:
    days = sorted({retention.days for group in groups for retention in group.retention})
    return Section(
        key="retention",
        title="Still here after",
        caption="Of those converted, by HR's answers to the follow-ups. Who is still to be asked is no 'no'.",
        columns=("Cohort", *(f"{day} days" for day in days)),
        rows=tuple(
            (
                group.name,
                *(still_here({retention.days: retention for retention in group.retention}.get(day)) for day in days),
            )
            for group in groups
        ),
    )


def _costs(groups: Iterable[Group]) -> Section:
    rows = []
    for group in groups:
        per = {cost.currency: cost for cost in group.per_conversion}
        for cost in group.costs:
            amounts = (amount(cost.stipends), amount(cost.training), amount(cost.total))
            rows.append((group.name, cost.currency, *amounts, *_per_success(per.get(cost.currency))))
    return Section(
        key="costs",
        title="What it cost",
        caption="Stipends instructed, and trainings begun. "
        "Per conversion: all placements that came out, by conversions.",
        columns=("Cohort", "Currency", "Stipends", "Training", "In all", "Per conversion", "Conversions"),
        rows=tuple(rows),
        words=2,
    )


def _per_retained(groups: Sequence[Group]) -> Section:
    days = sorted({cost.days for group in groups for cost in group.per_retained})
    rows = []
    for group in groups:
        for currency in dict.fromkeys(cost.currency for cost in group.per_retained):
            at = {cost.days: cost for cost in group.per_retained if cost.currency == currency}
            rows.append((group.name, currency, *(_each_retained(at.get(day)) for day in days)))
    return Section(
        key="per_retained",
        title="What each person still here has cost",
        caption="Cost per conversion, divided by the share still here of those of whom it is known.",
        columns=("Cohort", "Currency", *(f"After {day} days" for day in days)),
        rows=tuple(rows),
        words=2,
    )


def _skills(group: Group) -> Section:
    return Section(
        key="skills",
        title="Skills gained",
        caption="Mean levels (0 to 7) before training and after it, of people with both, found by the same source.",
        columns=("Skill", "Before", "After", "Gained", "People", "Higher"),
        rows=tuple(
            (gain.skill, str(gain.before), str(gain.after), f"{gain.gained:+}", str(gain.people), str(gain.higher))
            for gain in group.skills
        ),
    )


def _hours(groups: Iterable[Group]) -> Section:
    return Section(
        key="hours",
        title="Hours of learning",
        caption="Of paths that came to training. What others have seen outweighs what learners say themselves.",
        columns=("Cohort", "Paths", "Planned", "Spent", "Attendance", "Learning system", "Own statement"),
        rows=tuple(
            (
                group.name,
                str(group.hours.paths),
                str(group.hours.planned),
                *(
                    f"{getattr(group.hours, name):,.1f}"
                    for name in ("spent", "attendance", "learning_system", "learner")
                ),
            )
            for group in groups
            if group.hours.paths
        ),
    )


def _certificates(group: Group) -> Section:
    return Section(
        key="certificates",
        title="Certificates",
        caption="Issued for the first time, renewed, and of both those revoked since.",
        columns=("Certificate", "Issued", "Renewed", "Revoked"),
        rows=tuple(
            (certificate.certificate, str(certificate.issued), str(certificate.renewed), str(certificate.revoked))
            for certificate in group.certificates
        ),
        empty="None was issued.",
    )


def _reviews(group: Group) -> Section:
    rounds = list(dict.fromkeys(review.round for review in group.reviews))
    scores = {(review.round, review.party): review for review in group.reviews}

    def score(title: str, party: str) -> str:
        review = scores.get((title, party))
        return f"{review.mean} ({review.scores})" if review and review.mean is not None else NONE

    waived = {title: sum(review.waived for review in group.reviews if review.round == title) for title in rounds}
    return Section(
        key="reviews",
        title="Review scores",
        caption="Mean of 1 (far below what the role asks) to 5 (far above), in brackets how many.",
        columns=("Round", *map(str.capitalize, PARTIES), "Waived"),
        rows=tuple((title, *(score(title, party) for party in PARTIES), str(waived[title])) for title in rounds),
    )


def _pulses(groups: Sequence[Group]) -> Section:
    weeks = sorted({pulse.week for group in groups for pulse in group.pulses})
    rows = []
    for group in groups:
        for party, question in dict.fromkeys((pulse.party, pulse.question) for pulse in group.pulses):
            at = {
                pulse.week: f"{pulse.mean} ({pulse.answers})"
                for pulse in group.pulses
                if (pulse.party, pulse.question) == (party, question) and pulse.mean is not None
            }
            rows.append((group.name, spoken(party), question, *(at.get(week, NONE) for week in weeks)))
    return Section(
        key="pulses",
        title="Pulses",
        caption="Mean of 1 (not at all) to 5 (wholly), in brackets of how many people: the first five, ten and so on. "
        "Where that would give somebody away there is none, either.",
        columns=("Cohort", "Asked", "Question", *(f"Week {week}" for week in weeks)),
        rows=tuple(rows),
        words=3,
        empty="No pulse was answered.",
    )


PARTIES = ("manager", "mentor", "returner")


def _impact(impact: Iterable[Impact]) -> Section:
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


def _programmes(programmes: Sequence[ProgrammeFigures]) -> Section:
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


def _per_success(cost: CostPer | None) -> tuple[str, str]:
    return (amount(cost.each.amount) if cost and cost.each else NONE, str(cost.successes) if cost else "0")


def _each_retained(cost: CostPerRetained | None) -> str:
    return f"{amount(cost.each.amount)} ({cost.retained} of {cost.known})" if cost and cost.each else NONE
