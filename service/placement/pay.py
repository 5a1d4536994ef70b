"""The stipends of a placement, as they are on record."""

from __future__ import annotations

from collections.abc import Sequence

from domain.core.model import CaseId
from records.database import Database
from records.queries.core import cases as queries
from records.queries.placement.pay import pay_instructions
from records.tables.placement import PayRecord


def pay_of(database: Database, case: CaseId) -> Sequence[PayRecord]:
    """The stipends that were instructed in a case, in their order. Raises ``Unknown`` for a case that is none."""
    with database.reading() as session:
        queries.case(session, case)
        return pay_instructions(session, case)
