"""The stipends of a placement, as they are on record."""

from __future__ import annotations

from collections.abc import Sequence

from domain.core.model import CaseId
from records.database import Database
from records.queries.core import cases as queries
from records.queries.placement.pay import pay_instructions
from records.queries.placement.payroll import export_id, exports_of_case
from records.tables.placement import PayRecord


def pay_of(database: Database, case: CaseId) -> tuple[Sequence[PayRecord], dict[int, str]]:
    """The stipends that were instructed in a case, in their order, and the export of each that is in one, by number.

    Raises ``Unknown`` for a case that is none.
    """
    with database.reading() as session:
        queries.case(session, case)
        exported = {n: export_id(export) for n, export in exports_of_case(session, case).items()}
        return pay_instructions(session, case), exported
