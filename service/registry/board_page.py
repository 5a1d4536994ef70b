"""A page of the board: what fits filters, of the cases that somebody may see, and how many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.core.access import Action, Viewer, may
from domain.core.reassigning import ABOUT
from records.database import Database
from records.queries.core import board as queries
from records.queries.core.board import BoardFilter, StageCount
from records.tables.core import CaseRecord
from service.core.paging import ROWS, first_on, pages
from service.registry.board import BoardRow, rows_of


@dataclass(frozen=True)
class BoardPage:
    """Page number ``page`` (from 1) of ``pages``, with the cases on it.

    ``counts`` are those of all stages that the other filters let through; ``total`` is how many cases fit all of them.
    """

    rows: Sequence[BoardRow]
    programmes: Sequence[str]
    risks: Sequence[Sequence[str]]
    """Why each of the cases is at risk, for whoever is its HR; to others the board says that it is, and not why."""
    page: int
    pages: int
    total: int
    counts: Sequence[StageCount]

    @property
    def at_risk(self) -> int:
        """How many of those counted are at risk."""
        return sum(count.at_risk for count in self.counts)

    @property
    def overdue(self) -> int:
        """How many of those counted wait for somebody who is late."""
        return sum(count.overdue for count in self.counts)

    @property
    def cases(self) -> int:
        """How many there are in all stages."""
        return sum(count.cases for count in self.counts)


def board_page(database: Database, viewer: Viewer, wanted: BoardFilter, page: int, now: datetime) -> BoardPage:
    """A page of the board, by as many queries whatever is on it; beyond the last page, the last."""
    with database.reading() as session:
        counts = queries.counts(session, viewer, _of_all_stages(wanted), now)
        total = sum(count.cases for count in counts if wanted.stage in (None, count.stage))
        first = first_on(page, total)
        cases = queries.page(session, viewer, wanted, now, first=first, many=ROWS)
        return BoardPage(
            rows=rows_of(session, cases, now),
            programmes=[case.programme for case in cases],
            risks=[case.at_risk if _is_its_hr(viewer, case) else () for case in cases],
            page=first // ROWS + 1,
            pages=pages(total),
            total=total,
            counts=counts,
        )


@dataclass(frozen=True)
class Choices:
    """The ``roles`` and ``cohorts`` that a board can be filtered by: those of the cases that somebody may see."""

    roles: Sequence[str]
    cohorts: Sequence[str]


def choices(database: Database, viewer: Viewer) -> Choices:
    """What there is to choose from."""
    with database.reading() as session:
        return Choices(queries.values(session, viewer, "role"), queries.values(session, viewer, "cohort"))


def _is_its_hr(viewer: Viewer, case: CaseRecord) -> bool:
    about = ABOUT if case.person == viewer.person else ()
    return may(viewer, Action.EVIDENCE, about, role=case.role)


def _of_all_stages(wanted: BoardFilter) -> BoardFilter:
    return BoardFilter(**{**vars(wanted), "stage": None})
