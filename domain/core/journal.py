"""The rows that a case writes to the records database, each with a key, so that writing one twice changes nothing.

A case hands them over in order; see :mod:`workflows.case.outbox`.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from domain.core.capacity_rows import CapacityRow, ReservationRow
from domain.core.case_rows import CaseRow, CohortRow, PartsRow, StageRow, TaskRow
from domain.core.decisions import AttemptRow, DecisionRow
from domain.core.holdings import CapacityId
from domain.core.learning_rows import LearningHoursRow, LearningRow, LevelRow
from domain.core.model import CaseId, Fixed
from domain.core.placement_rows import LeaveRow, MentorshipRow, MentorWishRow, MissedSessionRow, PayRow, PulseRow

Row = Annotated[
    CaseRow
    | CohortRow
    | PartsRow
    | StageRow
    | TaskRow
    | DecisionRow
    | PayRow
    | MentorshipRow
    | MissedSessionRow
    | MentorWishRow
    | PulseRow
    | LeaveRow
    | AttemptRow
    | LevelRow
    | LearningRow
    | LearningHoursRow
    | CapacityRow
    | ReservationRow,
    Field(discriminator="table"),
]


class JournalBatch(Fixed):
    """Rows of one case (or capacity), in order: written in one transaction, and safely written again.

    ``first`` numbers the first of them among all that the case ever wrote, from 1. It says which of two rows of the
    same instant is newer, should a batch that was given up as lost arrive after the next one.
    """

    case: CaseId | CapacityId
    rows: list[Row]
    first: int | None = Field(default=None, ge=1)
