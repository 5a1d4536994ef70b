"""From the instruction to payroll, on the real server: what was paid too much comes back by a line of its own."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from decimal import Decimal

from domain.placement.requests import WithdrawPlacement
from domain.placement.stipend import days_worked, earned
from records.tables.core import PersonRecord
from service.placement.payroll import PayExport, export_pay
from tests.office import HR, HR_LEAD, RETURNER, ROLE, Office

FIRST, LAST = date(2020, 1, 1), date(2199, 12, 31)


async def test_a_withdrawal_after_pay_reaches_payroll_as_a_correction(office: Office) -> None:
    # Given a placement of which two months were paid, and payroll has its file, with its own number of whom it pays
    with office.database.session() as session:
        session.get_one(PersonRecord, RETURNER).payroll_number = "PAYNO-0042"
    case = await office.start()
    view = await case.go_on(until=lambda view: len(view["stipends"]) >= 2)
    await case.settled()
    paid = _rows(export_pay(office.database, FIRST, LAST, HR).made, case.id)
    assert [(row["kind"], row["line"]) for row in paid] == [("stipend", f"{case.id}/1"), ("stipend", f"{case.id}/2")]
    assert {row["payroll_number"] for row in paid} == {"PAYNO-0042"}

    # When HR learns that nobody had come since the middle of the first
    start = date.fromisoformat(view["plan"]["start"])
    worked_until = start + timedelta(days=1)
    request = WithdrawPlacement(actor=HR, reason="does not come any more", worked_until=worked_until)
    await case.ask("withdraw", request)
    await case.ended()

    # Then the next file has the corrections and nothing else; all files come to what was earned
    corrections = _rows(export_pay(office.database, FIRST, LAST, HR_LEAD).made, case.id)
    assert [(row["kind"], row["corrects"]) for row in corrections] == [
        ("correction", f"{case.id}/1"),
        ("correction", f"{case.id}/2"),
    ]
    due = earned(ROLE.stipend, days_worked(start, worked_until, [], paid_leave=False)).amount
    assert sum(Decimal(row["amount"]) for row in [*paid, *corrections]) == due
    assert sum(int(row["days"]) for row in [*paid, *corrections]) == 2
    assert export_pay(office.database, FIRST, LAST, HR).made is None

    # And that number is in nothing that Temporal keeps
    assert "PAYNO-0042" not in (await case.handle.fetch_history()).to_json()
    assert "PAYNO-0042" not in str((await case.handle.describe()).raw_description)


def _rows(made: PayExport | None, case: str) -> list[dict[str, str]]:
    assert made is not None
    rows = csv.DictReader(io.StringIO(made.text, newline=""))
    return [row for row in rows if row["case"] == case]
