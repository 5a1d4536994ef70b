"""The report as sections of plain text: what the table for people and the page that is mailed both show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.core.wording import spoken
from presentation.reports.comparisons import impact_section, programmes_section
from presentation.reports.section import Section
from presentation.reports.words import NONE, amount, middle_half, still_here
from records.reporting.models import (
    CostPer,
    CostPerRetained,
    Group,
    Report,
)


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
        impact_section(report.impact),
        programmes_section(report.programmes),
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


def _per_success(cost: CostPer | None) -> tuple[str, str]:
    return (amount(cost.each.amount) if cost and cost.each else NONE, str(cost.successes) if cost else "0")


def _each_retained(cost: CostPerRetained | None) -> str:
    return f"{amount(cost.each.amount)} ({cost.retained} of {cost.known})" if cost and cost.each else NONE
