"""What a case hands out in one go: rows for the records, and letters to people."""

from __future__ import annotations

from domain.journal import Row
from domain.model import CaseId, Fixed
from domain.post import Letter


class Delivery(Fixed):
    """Rows and letters of one case, each in order. Handing it in again changes nothing and sends nothing twice.

    ``first_row`` numbers the first of the rows among all the case ever told, from 1.
    """

    case: CaseId
    first_row: int
    rows: list[Row]
    letters: list[Letter]


class Delivered(Fixed):
    """The rows are written. ``post_held_up`` says why the letters (or some of them) could not be sent, if so."""

    post_held_up: str | None = None
