"""Nothing is handed to payroll twice and nothing is lost: exports at the same moment, and one that is killed."""

from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from threading import Barrier

import pytest
from sqlalchemy import text, update

from domain.core.journal import JournalBatch
from domain.core.model import Money
from domain.core.placement_rows import PayRow
from domain.placement.payroll import COLUMNS, csv_text
from records.database import Database
from records.journal import write
from records.tables.core import PersonRecord
from records.tables.payroll import PayExportRecord
from service.core.errors import Refused, Unfit, Unknown
from service.placement.payroll import PayExport, export_pay, exports_of_pay, hand_over, pay_export_again
from tests.domain.factories import ROOT
from tests.office import HR, HR_LEAD, MANAGER, RETURNER, ROLE, new_people, people, role_record
from tests.records.conftest import database, files, url
from tests.records.rows import at, case_row

__all__ = ["database", "files", "url"]

FIRST, LAST = date(2027, 1, 1), date(2027, 1, 31)


def pay_row(n: int, due_on: date = LAST, amount: str = "2900.00", corrects: int | None = None) -> PayRow:
    money = Money(amount=Decimal(amount), currency="GBP")
    return PayRow(
        n=n, at=at(n), returner=RETURNER, due_on=due_on, first=FIRST, last=due_on, days=31, amount=money,
        corrects=corrects,
    )  # fmt: skip


@pytest.fixture
def staffed(database: Database) -> Database:
    """Records with a role and the people around it."""
    with database.session() as session:
        session.add_all(people(new_people()[:3]))
        session.flush()
        session.add(role_record(ROLE.model_copy(update={"cost_centre": "4200"})))
    return database


def instructed(database: Database, *rows: PayRow, case: str = "R-1-DATA1") -> None:
    with database.session() as session:
        write(session, JournalBatch(case=case, rows=[case_row(person=RETURNER), *rows]))


def ids(made: PayExport | None) -> list[str]:
    assert made is not None
    return [line.id for line in made.lines]


def test_each_line_is_in_one_export_and_that_can_be_made_again_to_the_byte(staffed: Database) -> None:
    # Given an export
    instructed(staffed, pay_row(1), pay_row(2, date(2027, 2, 26)))
    first = export_pay(staffed, FIRST, LAST, HR).made
    assert ids(first) == ["R-1-DATA1/1"]
    assert first is not None

    # When the same period is exported again, there is nothing; a correction, once there is one, comes by itself
    assert export_pay(staffed, FIRST, LAST, HR).made is None
    instructed(staffed, pay_row(3, amount="-93.55", corrects=1))
    second = export_pay(staffed, FIRST, LAST, HR_LEAD).made
    assert ids(second) == ["R-1-DATA1/3"]
    assert second is not None
    assert (second.by, second.id, second.lines[0].corrects) == (HR_LEAD, "PAY-2", 1)

    # Then the first one is what it was, although role and person stand otherwise in the records meanwhile
    with staffed.session() as session:
        session.execute(text("UPDATE roles SET cost_centre = 'NEW'"))
        session.execute(text("UPDATE people SET name = 'Somebody Else'"))
    again = pay_export_again(staffed, "PAY-1", HR)
    assert again.text == first.text
    assert "4200" in again.text

    # And a correction is booked where the line went that it corrects, whatever the role says now
    instructed(staffed, pay_row(4, amount="-10.00", corrects=1))
    third = export_pay(staffed, FIRST, LAST, HR).made
    assert third is not None
    assert third.lines[0].cost_centre == "4200"


def test_what_was_due_before_and_never_exported_is_told(staffed: Database) -> None:
    instructed(staffed, pay_row(1), pay_row(2, date(2027, 2, 26)))

    exported = export_pay(staffed, date(2027, 2, 1), date(2027, 2, 28), HR)

    assert ids(exported.made) == ["R-1-DATA1/2"]
    assert exported.left is not None
    assert (exported.left.since, exported.left.lines) == (LAST, 1)


def test_several_exports_at_the_same_moment_never_take_a_line_twice(staffed: Database) -> None:
    for n in range(1, 4):
        instructed(staffed, *(pay_row(m) for m in range(1, 21)), case=f"R-{n}-DATA1")
    together = Barrier(6)

    def exporting() -> list[str]:
        together.wait()
        made = export_pay(staffed, FIRST, LAST, HR).made
        return ids(made) if made is not None else []

    with ThreadPoolExecutor(6) as pool:
        taken = [line for found in pool.map(lambda _: exporting(), range(6)) for line in found]

    assert sorted(taken) == sorted(f"R-{n}-DATA1/{m}" for n in range(1, 4) for m in range(1, 21))
    assert [(made.id, len(made.lines)) for made in exports_of_pay(staffed)] == [("PAY-1", 60)]


KILLED = """
import os, signal, sys
from datetime import date
from records.database import Database
from service.placement.payroll import export_pay, hand_over
database = Database(sys.argv[1])
made = export_pay(database, date(2027, 1, 1), date(2027, 1, 31), "P-HR1").made
hand_over(database, made, lambda text: os.kill(os.getpid(), signal.SIGKILL))
"""


def test_an_export_that_is_killed_before_its_file_is_written_loses_and_doubles_nothing(
    staffed: Database, url: str, tmp_path: Path
) -> None:
    # Given an export that is killed between being on record and its file
    instructed(staffed, pay_row(1))
    killed = subprocess.run([sys.executable, "-c", KILLED, url], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL

    # When somebody exports again, nothing is taken twice, and they hear of the file that is not there
    instructed(staffed, pay_row(2))
    exported = export_pay(staffed, FIRST, LAST, HR)
    assert ids(exported.made) == ["R-1-DATA1/2"]
    assert exported.not_written == ["PAY-1"]

    # Then that file can be written still
    written: list[str] = []
    again = pay_export_again(staffed, "PAY-1", HR)
    hand_over(staffed, again, written.append)
    assert "R-1-DATA1/1," in written[0]
    assert [made.id for made in exports_of_pay(staffed) if made.written_at is None] == ["PAY-2"]


def test_a_file_is_not_made_again_from_records_that_were_changed(staffed: Database) -> None:
    instructed(staffed, pay_row(1))
    export_pay(staffed, FIRST, LAST, HR)
    with staffed.session() as session:
        session.execute(text("UPDATE pay_export_lines SET name = 'Somebody Else'"))

    with pytest.raises(Refused, match="PAY-1 can't be made again as it was"):
        pay_export_again(staffed, "PAY-1", HR)


def test_who_may_not_export_and_what_can_not_be_exported(staffed: Database) -> None:
    instructed(staffed, pay_row(1))

    with pytest.raises(Unfit, match=f"must not be before {LAST}, the first day, and is {FIRST}"):
        export_pay(staffed, LAST, FIRST, HR)
    with pytest.raises(Refused, match=f"{MANAGER} can't export pay: it is for HR"):
        export_pay(staffed, FIRST, LAST, MANAGER)
    with pytest.raises(Unknown, match="no person P-NOBODY"):
        export_pay(staffed, FIRST, LAST, "P-NOBODY")
    for wrong in ("PAY-7", "PAY-X", "7"):
        with pytest.raises(Unknown, match=f"there is no export {wrong}"):
            pay_export_again(staffed, wrong, HR)
    with staffed.session() as session:  # HR of a role who is a returner in another
        session.execute(text("UPDATE roles SET hr = 'P-RETURN'"))
    with pytest.raises(Refused, match="can't export pay of their own"):
        export_pay(staffed, FIRST, LAST, RETURNER)
    assert exports_of_pay(staffed) == []
    export_pay(staffed, FIRST, LAST, HR_LEAD)
    with pytest.raises(Refused, match=f"{RETURNER} can't export pay of their own"):
        pay_export_again(staffed, "PAY-1", RETURNER)


def test_payroll_gets_its_own_number_of_somebody_as_it_was_then(staffed: Database) -> None:
    instructed(staffed, pay_row(1))
    with staffed.session() as session:
        session.get_one(PersonRecord, RETURNER).payroll_number = "0042-A"
    made = export_pay(staffed, FIRST, LAST, HR).made
    assert made is not None
    assert (COLUMNS[-1], made.text.splitlines()[1].split(",")[-1]) == ("payroll_number", "0042-A")

    with staffed.session() as session:
        session.get_one(PersonRecord, RETURNER).payroll_number = None
    assert pay_export_again(staffed, "PAY-1", HR).text == made.text


def test_a_file_from_before_there_was_a_column_stays_as_it_was(staffed: Database) -> None:
    """Given an export of fourteen columns, when its file is made again, then it has no more of them."""
    instructed(staffed, pay_row(1))
    made = export_pay(staffed, FIRST, LAST, HR).made
    assert made is not None
    before = csv_text(made.lines, 14)
    with staffed.session() as session:
        of_before = {"columns": 14, "digest": sha256(before.encode()).hexdigest()}
        session.execute(update(PayExportRecord).values(of_before))

    again = pay_export_again(staffed, "PAY-1", HR)

    assert again.text == before
    assert before.splitlines()[0].endswith(",due_on")


def test_a_correction_without_a_cost_centre_goes_where_the_line_went_that_it_corrects(staffed: Database) -> None:
    """Given roles without a cost centre at first, then a correction is booked on none either, and what is new is."""
    with staffed.session() as session:
        session.execute(text("UPDATE roles SET cost_centre = NULL"))
    instructed(staffed, pay_row(1))
    export_pay(staffed, FIRST, LAST, HR)
    with staffed.session() as session:
        session.execute(text("UPDATE roles SET cost_centre = '4300'"))

    instructed(staffed, pay_row(2, amount="-1.00", corrects=1), pay_row(3))
    made = export_pay(staffed, FIRST, LAST, HR).made

    assert made is not None
    assert [line.cost_centre for line in made.lines] == [None, "4300"]
