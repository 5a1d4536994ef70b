"""The report as sections of plain text: what the table for people and the page that is mailed both show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from languages.marking import translatable
from languages.speech import Speech, begun
from presentation.reports.comparisons import impact_section, programmes_section
from presentation.reports.costs import costs_section, per_retained_section
from presentation.reports.learning import certificates_section, hours_section, skills_section
from presentation.reports.section import Section
from presentation.reports.words import NONE, TYPES_OF_CASES, group_name, middle_half, still_here
from records.reporting.models import Group, Report


def sections(report: Report, speech: Speech) -> list[Section]:
    """The sections in the order of docs/reports.md, in the language of their reader."""
    groups = [*report.cohorts, report.in_all] if len(report.cohorts) > 1 else [report.in_all]
    if report.cohort is not None:
        groups = list(report.cohorts) or [report.in_all]
    everything = report.in_all
    return [
        _counts(groups, speech),
        _withdrawals(everything, speech),
        _stages(everything, speech),
        _retention(groups, speech),
        costs_section(groups, speech),
        per_retained_section(groups, speech),
        skills_section(everything, speech),
        hours_section(groups, speech),
        certificates_section(everything, speech),
        _reviews(everything, speech),
        _pulses(groups, speech),
        impact_section(report.impact, speech),
        programmes_section(report.programmes, speech),
    ]


COUNTS = {
    "applications": translatable("Applied"),
    "starts": translatable("Started"),
    "completions": translatable("Completed"),
    "conversions": translatable("Converted"),
    "declined": translatable("Declined"),
    "expired": translatable("Expired"),
    "released": translatable("Released"),
    "not_eligible": translatable("Not eligible"),
    "withdrawn": translatable("Withdrew"),
    "running": translatable("Running"),
}


def _counts(groups: Iterable[Group], speech: Speech) -> Section:
    return Section(
        key="counts",
        title=speech.text("How far placements came"),
        caption=speech.text(
            "Completed: went on to the last day. Declined and expired are offers. Running: no outcome yet."
        ),
        columns=(speech.text("Cohort"), *map(speech.text, COUNTS.values())),
        rows=tuple(
            (group_name(group.name, speech), *(speech.number(getattr(group.counts, name)) for name in COUNTS))
            for group in groups
        ),
        empty=speech.text("Nothing yet."),
    )


def _withdrawals(group: Group, speech: Speech) -> Section:
    return Section(
        key="withdrawals",
        title=speech.text("Why people withdrew"),
        caption=speech.text("In the words on record, names struck out. Read them before you hand the report on."),
        columns=(speech.text("Times"), speech.text("Reason")),
        rows=tuple(
            (speech.number(withdrawal.count), speech.sentence(withdrawal.reason)) for withdrawal in group.withdrawals
        ),
        words=2,
        empty=speech.text("Nobody withdrew."),
    )


def _stages(group: Group, speech: Speech) -> Section:
    return Section(
        key="stages",
        title=speech.text("Time in each stage"),
        caption=speech.text("Calendar days, leaves included, of cases that have left the stage."),
        columns=(
            speech.text("Programme"),
            speech.text("Stage"),
            speech.text("Median days"),
            speech.text("Middle half"),
            speech.text("Cases"),
            speech.text("There now"),
        ),
        rows=tuple(
            (
                speech.text(TYPES_OF_CASES[stage.programme]),
                speech.stage(stage.stage),
                speech.decimals(stage.took.median_days, 1) if stage.took else NONE,
                middle_half(stage.took, speech),
                speech.number(stage.took.cases if stage.took else 0),
                speech.number(stage.there_now),
            )
            for stage in group.stage_times
        ),
        words=2,
        empty=speech.text("Nothing yet."),
    )


def _retention(groups: Sequence[Group], speech: Speech) -> Section:
    days = sorted({retention.days for group in groups for retention in group.retention})
    return Section(
        key="retention",
        title=speech.text("Still here after"),
        caption=speech.text(
            "Of those converted, by HR's answers to the follow-ups. The share is of those of whom it is known: whoever "
            "is still to be asked about does not count as gone."
        ),
        columns=(speech.text("Cohort"), *(speech.text("%(days)s days") % {"days": day} for day in days)),
        rows=tuple(
            (
                group_name(group.name, speech),
                *(
                    still_here({retention.days: retention for retention in group.retention}.get(day), speech)
                    for day in days
                ),
            )
            for group in groups
        ),
        empty=speech.text("Nothing yet."),
    )


def _reviews(group: Group, speech: Speech) -> Section:
    rounds = list(dict.fromkeys(review.round for review in group.reviews))
    scores = {(review.round, review.party): review for review in group.reviews}

    def score(title: str, party: str) -> str:
        review = scores.get((title, party))
        if review is None or review.mean is None:
            return NONE
        return f"{speech.number(review.mean)} ({speech.number(review.scores)})"

    waived = {title: sum(review.waived for review in group.reviews if review.round == title) for title in rounds}
    return Section(
        key="reviews",
        title=speech.text("Review scores"),
        caption=speech.text("Mean of 1 (far below what the role asks) to 5 (far above), in brackets how many."),
        columns=(speech.text("Round"), *(begun(speech.party(party)) for party in PARTIES), speech.text("Waived")),
        rows=tuple(
            (speech.sentence(title), *(score(title, party) for party in PARTIES), speech.number(waived[title]))
            for title in rounds
        ),
        empty=speech.text("Nothing yet."),
    )


def _pulses(groups: Sequence[Group], speech: Speech) -> Section:
    weeks = sorted({pulse.week for group in groups for pulse in group.pulses})
    rows = []
    for group in groups:
        for party, question in dict.fromkeys((pulse.party, pulse.question) for pulse in group.pulses):
            at = {
                pulse.week: f"{speech.number(pulse.mean)} ({pulse.answers})"
                for pulse in group.pulses
                if (pulse.party, pulse.question) == (party, question) and pulse.mean is not None
            }
            asked = (speech.party(party), speech.title(question))
            rows.append((group_name(group.name, speech), *asked, *(at.get(week, NONE) for week in weeks)))
    return Section(
        key="pulses",
        title=speech.text("Pulses"),
        caption=speech.text(
            "Mean of 1 (not at all) to 5 (wholly), in brackets of how many people: the first five, ten and so on. "
            "Where that would give somebody away there is none, either."
        ),
        columns=(
            speech.text("Cohort"),
            speech.text("Asked"),
            speech.text("Question"),
            *(speech.text("Week %(week)s") % {"week": week} for week in weeks),
        ),
        rows=tuple(rows),
        words=3,
        empty=speech.text("No pulse was answered."),
    )


PARTIES = ("manager", "mentor", "returner")
