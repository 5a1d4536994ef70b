"""The report as sections of plain text: what the table for people and the page that is mailed both show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from languages.marking import translatable
from languages.speech import Speech, begun
from presentation.reports.comparisons import impact_section, programmes_section
from presentation.reports.section import Section
from presentation.reports.words import NONE, TYPES_OF_CASES, amount, group_name, middle_half, still_here
from records.reporting.models import (
    CostPer,
    CostPerRetained,
    Group,
    Report,
)


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
        _costs(groups, speech),
        _per_retained(groups, speech),
        _skills(everything, speech),
        _hours(groups, speech),
        _certificates(everything, speech),
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
            "Of those converted, by HR's answers to the follow-ups. Who is still to be asked is no 'no'."
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


def _costs(groups: Iterable[Group], speech: Speech) -> Section:
    rows = []
    for group in groups:
        per = {cost.currency: cost for cost in group.per_conversion}
        for cost in group.costs:
            amounts = (amount(part, speech) for part in (cost.stipends, cost.training, cost.total))
            each = _per_success(per.get(cost.currency), speech)
            rows.append((group_name(group.name, speech), cost.currency, *amounts, *each))
    return Section(
        key="costs",
        title=speech.text("What it cost"),
        caption=speech.text(
            "Stipends instructed, and trainings begun. Per conversion: all placements that came out, by conversions, "
            "in the currency of their stipends; after a plus, what the same placements have cost in others."
        ),
        columns=(
            speech.text("Cohort"),
            speech.text("Currency"),
            speech.text("Stipends"),
            speech.text("Training"),
            speech.text("In all"),
            speech.text("Per conversion"),
            speech.text("Conversions"),
        ),
        rows=tuple(rows),
        words=2,
        empty=speech.text("Nothing yet."),
    )


def _per_retained(groups: Sequence[Group], speech: Speech) -> Section:
    days = sorted({cost.days for group in groups for cost in group.per_retained})
    rows = []
    for group in groups:
        for currency in dict.fromkeys(cost.currency for cost in group.per_retained):
            at = {cost.days: cost for cost in group.per_retained if cost.currency == currency}
            each = (_each_retained(at.get(day), speech) for day in days)
            rows.append((group_name(group.name, speech), currency, *each))
    return Section(
        key="per_retained",
        title=speech.text("What each person still here has cost"),
        caption=speech.text("Cost per conversion, divided by the share still here of those of whom it is known."),
        columns=(
            speech.text("Cohort"),
            speech.text("Currency"),
            *(speech.text("After %(days)s days") % {"days": day} for day in days),
        ),
        rows=tuple(rows),
        words=2,
        empty=speech.text("Nothing yet."),
    )


def _skills(group: Group, speech: Speech) -> Section:
    return Section(
        key="skills",
        title=speech.text("Skills gained"),
        caption=speech.text(
            "Mean levels (0 to 7) before training and after it, of people with both, found by the same source."
        ),
        columns=(
            speech.text("Skill"),
            speech.text("Before"),
            speech.text("After"),
            speech.text("Gained"),
            speech.text("People"),
            speech.text("Higher"),
        ),
        rows=tuple(
            (
                gain.skill,
                speech.number(gain.before),
                speech.number(gain.after),
                f"{'+' if gain.gained >= 0 else ''}{speech.number(gain.gained)}",
                speech.number(gain.people),
                speech.number(gain.higher),
            )
            for gain in group.skills
        ),
        empty=speech.text("Nothing yet."),
    )


def _hours(groups: Iterable[Group], speech: Speech) -> Section:
    return Section(
        key="hours",
        title=speech.text("Hours of learning"),
        caption=speech.text(
            "Of paths that came to training. What others have seen outweighs what learners say themselves."
        ),
        columns=(
            speech.text("Cohort"),
            speech.text("Paths"),
            speech.text("Planned"),
            speech.text("Spent"),
            speech.text("Attendance"),
            speech.text("Learning system"),
            speech.text("Own statement"),
        ),
        rows=tuple(
            (
                group_name(group.name, speech),
                speech.number(group.hours.paths),
                speech.number(group.hours.planned),
                *(
                    speech.decimals(getattr(group.hours, name), 1)
                    for name in ("spent", "attendance", "learning_system", "learner")
                ),
            )
            for group in groups
            if group.hours.paths
        ),
        empty=speech.text("Nothing yet."),
    )


def _certificates(group: Group, speech: Speech) -> Section:
    return Section(
        key="certificates",
        title=speech.text("Certificates"),
        caption=speech.text("Issued for the first time, renewed, and of both those revoked since."),
        columns=(
            speech.text("Certificate"),
            speech.text("Issued"),
            speech.text("Renewed"),
            speech.text("Revoked"),
        ),
        rows=tuple(
            (
                certificate.certificate,
                speech.number(certificate.issued),
                speech.number(certificate.renewed),
                speech.number(certificate.revoked),
            )
            for certificate in group.certificates
        ),
        empty=speech.text("None was issued."),
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


def _per_success(cost: CostPer | None, speech: Speech) -> tuple[str, str]:
    if cost is None or cost.each is None:
        return NONE, speech.number(cost.successes if cost else 0)
    each = " + ".join([amount(cost.each.amount, speech), *(speech.money(money) for money in cost.beside)])
    return each, speech.number(cost.successes)


def _each_retained(cost: CostPerRetained | None, speech: Speech) -> str:
    if cost is None or cost.each is None:
        return NONE
    said = {"amount": amount(cost.each.amount, speech), "retained": cost.retained, "known": cost.known}
    return speech.text("%(amount)s (%(retained)s of %(known)s)") % said
