"""What a case hands out in one go: rows for the records, and letters to people; and what became of it."""

from __future__ import annotations

from domain.core.holdings import CapacityId
from domain.core.journal import Row
from domain.core.model import CaseId, Fixed, PersonId
from domain.core.post import Letter


class Delivery(Fixed):
    """Rows and letters of one case, each in order. Handing it in again changes nothing and sends nothing twice.

    ``first_row`` numbers the first of the rows among all that the case ever wrote, from 1.
    """

    case: CaseId | CapacityId
    first_row: int
    rows: list[Row]
    letters: list[Letter]


class LastSeal(Fixed):
    """The newest seal of a case, which is of its ``n``-th row of a kind. Nobody can read from a seal what it seals."""

    n: int
    seal: str


class Sent(Fixed):
    """What became of rows and of letters, by the keys of these. What is not in ``done`` could not be sent now.

    ``refused`` are those among ``done`` that will never reach their reader, with the reason. ``away`` (recorded
    histories have it under this name) says why nothing at all can be sent now, where that is so. ``seals`` are the
    newest ones of what the case has on record for good, by kind, where rows of that kind were written: by them the case
    can show that rows were removed. ``unknown`` are people who are not in the records: letters to them, or that name
    them, wait until they are. ``conflicts`` are sentences about what is not on record, and never will be, because
    something else of the same number or key is. ``daily`` are those of the readers who get one mail a day.
    """

    done: list[str] = []
    refused: dict[str, str] = {}
    away: str | None = None
    seals: dict[str, LastSeal] = {}
    unknown: list[PersonId] = []
    conflicts: list[str] = []
    daily: list[PersonId] = []
