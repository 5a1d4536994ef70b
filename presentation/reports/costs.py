"""The sections of a report about money: what programmes cost, and what each success."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from languages.speech import Speech
from presentation.reports.section import Section
from presentation.reports.words import NONE, amount, group_name
from records.reporting.models import CostPer, CostPerRetained, Group


def costs_section(groups: Iterable[Group], speech: Speech) -> Section:
    """What stipends and trainings have cost, and what each conversion has."""
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
            "Stipends that payroll was told to pay, and trainings that have begun. “Per conversion” is what all "
            "placements with an outcome have cost, divided by how many of them ended in employment. It stands in the "
            "currency of their stipends; an amount after a plus is what they have cost in another currency."
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


def per_retained_section(groups: Sequence[Group], speech: Speech) -> Section:
    """What each person has cost who is still here, some time later."""
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


def _per_success(cost: CostPer | None, speech: Speech) -> tuple[str, str]:
    if cost is None or cost.each is None:
        return NONE, speech.number(cost.successes if cost else 0)
    each = " + ".join([amount(cost.each.amount, speech), *(speech.money(money) for money in cost.in_other_currencies)])
    return each, speech.number(cost.successes)


def _each_retained(cost: CostPerRetained | None, speech: Speech) -> str:
    if cost is None or cost.each is None:
        return NONE
    said = {"amount": amount(cost.each.amount, speech), "retained": cost.retained, "known": cost.known}
    return speech.text("%(amount)s (%(retained)s of %(known)s)") % said
