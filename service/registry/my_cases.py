"""The cases in which somebody plays a part, a page at a time: by as many queries however many there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.core.model import CaseId, Party, PersonId
from records.database import Database
from records.queries import own_cases as queries
from records.queries.own_cases import OwnCase, Totals
from service.core.paging import ROWS, first_on, pages


@dataclass(frozen=True)
class OwnCases:
    """Cases, from the ``first`` of them on (counted from 0), with the ``parts`` that somebody plays in each;
    ``totals`` is how many there are, beside these."""

    cases: Sequence[OwnCase]
    parts: Mapping[CaseId, Sequence[Party]]
    totals: Totals
    first: int

    @property
    def page(self) -> int:
        """The number of this page, from 1."""
        return self.first // ROWS + 1

    @property
    def pages(self) -> int:
        """How many pages there are; one, if there are no cases."""
        return pages(self.totals.all)


def cases_of(database: Database, person: PersonId, page: int) -> OwnCases:
    """Page number ``page`` (from 1) of somebody's cases; beyond the last page, the last."""
    with database.reading() as session:
        totals = queries.totals(session, person)
        first = first_on(page, totals.all)
        cases = queries.listed(session, person, first=first, many=ROWS)
        parts = queries.parts_in(session, person, [case.case_id for case in cases])
        return OwnCases(cases, parts, totals, first)
