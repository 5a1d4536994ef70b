"""What payroll gets: pay instructions as the lines of a file, each with an id that stays, and what they come to."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from csv import writer
from datetime import date
from decimal import Decimal

from domain.core.model import CaseId, Fixed, Money, PersonId, RoleId

STIPEND, CORRECTION = "stipend", "correction"

COLUMNS = (
    "line",
    "kind",
    "corrects",
    "returner",
    "name",
    "case",
    "role",
    "cost_centre",
    "first_day",
    "last_day",
    "days",
    "amount",
    "currency",
    "due_on",
    "payroll_number",
)
"""The columns of the file, in their order: names and order stay as they are, new ones come after them."""

STEERS_A_SPREADSHEET = re.compile(r"^[\s]*[=+\-@＝＋－＠]|^[\t\r\n]")
"""How a text begins that a spreadsheet program takes for a formula (OWASP, CSV injection)."""


class PayLine(Fixed):
    """A pay instruction as payroll gets it. A correction has the number that it ``corrects``, and the difference.

    ``role``, ``cost_centre``, ``name`` and ``payroll_number`` are as they were on record when it was exported; nothing
    stands where the records had none.
    """

    case: CaseId
    n: int
    corrects: int | None
    returner: PersonId
    name: str
    role: RoleId | None
    cost_centre: str | None
    first: date
    last: date
    days: int
    amount: Money
    due_on: date
    payroll_number: str | None = None

    @property
    def id(self) -> str:
        """The id by which payroll knows the line, ``R-7F3K2M-DATA1/2``: the same in whichever export."""
        return line_id(self.case, self.n)


def line_id(case: CaseId, n: int) -> str:
    """The id of the line of an instruction."""
    return f"{case}/{n}"


class PayTotal(Fixed):
    """What the lines of a cost centre (none: of roles without one) come to in a currency."""

    currency: str
    cost_centre: str | None
    lines: int
    amount: Decimal


def totals_of(lines: Iterable[PayLine]) -> list[PayTotal]:
    """What the lines come to, by currency and cost centre."""
    sums: dict[tuple[str, str], list[PayLine]] = {}
    for line in lines:
        sums.setdefault((line.amount.currency, line.cost_centre or ""), []).append(line)
    return [
        PayTotal(
            currency=currency,
            cost_centre=cost_centre or None,
            lines=len(of),
            amount=sum((line.amount.amount for line in of), Decimal(0)),
        )
        for (currency, cost_centre), of in sorted(sums.items())
    ]


def by_currency(totals: Iterable[PayTotal]) -> dict[str, Decimal]:
    """The totals of each currency."""
    sums: dict[str, Decimal] = {}
    for total in totals:
        sums[total.currency] = sums.get(total.currency, Decimal(0)) + total.amount
    return sums


class _Pieces(list[str]):
    def write(self, text: str, /) -> None:
        self.append(text)


def csv_text(lines: Sequence[PayLine], columns: int = len(COLUMNS)) -> str:
    """The lines as a CSV file (RFC 4180), with a header: the same lines always give the same text.

    It has the first so many ``columns``: a file from before there were more of them stays as it was.
    """
    pieces = _Pieces()
    rows = writer(pieces, lineterminator="\r\n")
    rows.writerow(COLUMNS[:columns])
    rows.writerows(_cells(line)[:columns] for line in lines)
    return "".join(pieces)


def _cells(line: PayLine) -> list[str]:
    kind = STIPEND if line.corrects is None else CORRECTION
    texts = (
        line.id,
        kind,
        "" if line.corrects is None else line_id(line.case, line.corrects),
        line.returner,
        line.name,
        line.case,
        line.role or "",
        line.cost_centre or "",
    )
    return [
        *map(_harmless, texts),
        line.first.isoformat(),
        line.last.isoformat(),
        str(line.days),
        f"{line.amount.amount:.2f}",
        line.amount.currency,
        line.due_on.isoformat(),
        _harmless(line.payroll_number or ""),
    ]


def _harmless(text: str) -> str:
    """A text that no spreadsheet program takes for a formula; amounts below zero are numbers, and stay so."""
    return f"'{text}" if STEERS_A_SPREADSHEET.match(text) else text
