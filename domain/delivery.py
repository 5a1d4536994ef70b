"""What a case hands out in one go: rows for the records, and letters to people; and what became of it."""

from __future__ import annotations

from domain.capacity import CapacityId
from domain.journal import Row
from domain.model import CaseId, Fixed
from domain.post import Letter


class Delivery(Fixed):
    """Rows and letters of one case, each in order. Handing it in again changes nothing and sends nothing twice.

    ``first_row`` numbers the first of the rows among all the case ever told, from 1.
    """

    case: CaseId | CapacityId
    first_row: int
    rows: list[Row]
    letters: list[Letter]


class Sent(Fixed):
    """What became of letters, by their keys. What is not in ``done`` could not be sent now.

    ``refused`` are those among ``done`` that will never reach their reader, with the reason. ``away`` says why
    nothing at all can be sent now, where that is so.
    """

    done: list[str] = []
    refused: dict[str, str] = {}
    away: str | None = None
