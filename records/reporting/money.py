"""What the programmes cost, each currency for itself: nothing is ever converted or added up across currencies."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Protocol, TypeVar

from domain.core.model import Money
from records.reporting.cases import Placement, Sums
from records.reporting.models import Cost, CostPer, CostPerRetained
from records.reporting.outcomes import retention

NOTHING = Decimal(0)


class Costly(Protocol):
    """A case as far as money goes."""

    @property
    def paid(self) -> Sums:
        """Its stipends."""

    @property
    def trained(self) -> Sums:
        """Its trainings."""

    @property
    def decided(self) -> bool:
        """Whether it came out."""

    @property
    def succeeded(self) -> bool:
        """Whether it came out as wished."""


C = TypeVar("C", bound=Costly)


def costs(cases: Sequence[Costly]) -> list[Cost]:
    """Stipends that payroll was told to pay, trainings that were begun, and both together, in each currency."""
    stipends, training = total(case.paid for case in cases), total(case.trained for case in cases)
    return [
        Cost(
            currency=currency,
            stipends=stipends.get(currency, NOTHING),
            training=training.get(currency, NOTHING),
            total=stipends.get(currency, NOTHING) + training.get(currency, NOTHING),
        )
        for currency in sorted({*stipends, *training})
    ]


def per_success(cases: Sequence[Costly]) -> list[CostPer]:
    """What each success has cost, with all that came to nothing.

    In each currency: what those cases have cost that came out and are at home in it, by the successes among them; each
    case counts once. What the same cases have cost in other currencies stands beside.
    What still runs is left out: its cost is there already, and its success may yet come.
    """
    found = []
    for currency in sorted({home for case in cases if (home := home_currency(case))}):
        out = _decided(cases, currency)
        spent = total(sums for case in out for sums in (case.paid, case.trained))
        successes = sum(case.succeeded for case in out)
        each = [
            Money(amount=spent.get(spent_in, NOTHING) / successes, currency=spent_in) if successes else None
            for spent_in in (currency, *sorted(set(spent) - {currency}))
        ]
        found.append(
            CostPer(
                currency=currency,
                spent=spent.get(currency, NOTHING),
                cases=len(out),
                successes=successes,
                each=each[0],
                in_other_currencies=[money for money in each[1:] if money],
            )
        )
    return found


def home_currency(case: Costly) -> str | None:
    """The currency in which a case counts: that of its stipends; without any, the one in which it has cost most."""
    sums = case.paid or case.trained
    return max(sorted(sums), key=lambda currency: sums[currency], default=None)


def per_retained(placements: Sequence[Placement]) -> list[CostPerRetained]:
    """What each person has cost who was still here so many days on.

    The cost per conversion, divided by the share still here of those of whom it is known. Once it is known of all,
    that is the cost by the number of people still here.
    """
    found = []
    for cost in per_success(placements):
        for at in retention(_decided(placements, cost.currency)):
            each = None
            if at.retained:
                amount = cost.spent * at.known / (cost.successes * at.retained)
                each = Money(amount=amount, currency=cost.currency)
            found.append(
                CostPerRetained(currency=cost.currency, days=at.days, retained=at.retained, known=at.known, each=each)
            )
    return found


def total(sums: Iterable[Sums]) -> Sums:
    """Amounts added up, each currency for itself."""
    added: Sums = {}
    for amounts in sums:
        for currency, amount in amounts.items():
            added[currency] = added.get(currency, NOTHING) + amount
    return added


def as_money(sums: Sums) -> list[Money]:
    """Amounts as money, by currency."""
    return [Money(amount=sums[currency], currency=currency) for currency in sorted(sums)]


def _decided(cases: Iterable[C], currency: str) -> list[C]:
    """The cases that came out and count in a currency."""
    return [case for case in cases if case.decided and home_currency(case) == currency]
