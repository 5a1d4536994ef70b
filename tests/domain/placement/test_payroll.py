"""What payroll gets: whatever turns out later, the lines of all exports come to what was earned."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.model import Money
from domain.placement.payroll import COLUMNS, PayLine, by_currency, csv_text, totals_of
from domain.placement.programme_days import Leave
from domain.placement.stipend import PayInstruction, days_worked, due_instructions, earned
from tests.domain.placement.test_stipend import LEAVES

START = date(2027, 1, 4)


def line(instruction: PayInstruction, **changes: object) -> PayLine:
    """An instruction as payroll gets it."""
    values = {
        "case": "R-7F3K2M-DATA1",
        "returner": "P-7F3K2M",
        "name": "Priya Venkataraman",
        "role": "DATA1",
        "cost_centre": "4200",
        "payroll_number": "0042-A",
        **instruction.model_dump(),
    }
    return PayLine.model_validate(values | changes)


@given(
    st.lists(st.tuples(st.integers(-1, 160), LEAVES), min_size=1, max_size=6),
    st.decimals(Decimal("0.01"), Decimal("99999.99"), places=2),
)
def test_the_amounts_in_the_files_come_to_what_was_earned(
    found_out: list[tuple[int, list[Leave]]], amount: Decimal
) -> None:
    """Each time other days are known to have been worked; each time, what is new goes into a file."""
    monthly = Money(amount=amount, currency="EUR")
    instructed: list[PayInstruction] = []
    files: list[str] = []
    for day, leaves in found_out:
        up_to = START + timedelta(days=day)
        new = due_instructions(monthly, START, up_to, leaves, instructed, paid_leave=False, today=up_to)
        instructed += new
        files.append(csv_text([line(entry) for entry in new]))

    rows = [row for text in files for row in csv.DictReader(io.StringIO(text, newline=""))]
    worked = days_worked(START, up_to, leaves, paid_leave=False)
    assert sum(Decimal(row["amount"]) for row in rows) == earned(monthly, worked).amount
    if amount >= 1:  # for less, a day may come to nothing, and is not worth a line
        assert sum(int(row["days"]) for row in rows) == len(worked)
    ids = [row["line"] for row in rows]
    assert len(set(ids)) == len(ids)
    assert {row["corrects"] for row in rows} - {""} <= {row["line"] for row in rows if row["kind"] == "stipend"}


PAID = PayInstruction(
    n=1,
    due_on=date(2027, 1, 29),
    first=START,
    last=date(2027, 1, 29),
    days=26,
    amount=Money(amount=Decimal("2432.26"), currency="GBP"),
)
LESS = PAID.model_copy(
    update={"n": 2, "days": -3, "amount": Money(amount=Decimal("-280.65"), currency="GBP"), "corrects": 1}
)


def test_a_file_has_a_header_and_dates_and_amounts_that_programs_read() -> None:
    text = csv_text([line(PAID), line(LESS)])

    assert text.splitlines() == [
        ",".join(COLUMNS),
        "R-7F3K2M-DATA1/1,stipend,,P-7F3K2M,Priya Venkataraman,R-7F3K2M-DATA1,DATA1,4200,"
        "2027-01-04,2027-01-29,26,2432.26,GBP,2027-01-29,0042-A",
        "R-7F3K2M-DATA1/2,correction,R-7F3K2M-DATA1/1,P-7F3K2M,Priya Venkataraman,R-7F3K2M-DATA1,DATA1,4200,"
        "2027-01-04,2027-01-29,-3,-280.65,GBP,2027-01-29,0042-A",
    ]
    assert text.endswith("\r\n")


@pytest.mark.parametrize("name", ["=1+1", "+44 20", "-Anna", "@cmd", " =HYPERLINK()", "\t=1", "＝1", "\rx"])
def test_no_text_is_a_formula_for_a_spreadsheet(name: str) -> None:
    (row,) = csv.DictReader(io.StringIO(csv_text([line(PAID, name=name)]), newline=""))
    assert row["name"] == f"'{name}"


def test_totals_are_by_currency_and_cost_centre() -> None:
    lines = [line(PAID), line(LESS), line(PAID, cost_centre=None), line(PAID, cost_centre="7")]
    assert [(total.cost_centre, total.lines, total.amount) for total in totals_of(lines)] == [
        (None, 1, Decimal("2432.26")),
        ("4200", 2, Decimal("2151.61")),
        ("7", 1, Decimal("2432.26")),
    ]
    assert by_currency(totals_of(lines)) == {"GBP": Decimal("7016.13")}
