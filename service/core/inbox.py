"""Whose turn it is: the open tasks, from the records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from domain.core.model import CaseId, PersonId
from records.database import Database
from records.queries.core import cases as queries
from records.queries.core import people as in_records
from records.queries.registry import check_case, time_zones
from records.tables.core import TaskRecord


@dataclass(frozen=True)
class Inbox:
    """Open tasks, the soonest due first; the ``names`` of those who may act, and where each case is at home.

    ``total`` is how many there are, of which these may be the first.
    """

    tasks: Sequence[TaskRecord]
    names: Mapping[PersonId, str]
    time_zones: Mapping[CaseId, str | None]
    total: int


def open_tasks(
    database: Database, of: PersonId | None = None, case: CaseId | None = None, *, first: int | None = None
) -> Inbox:
    """The (first) open tasks that somebody may act on, those of a case, or all there are. Raises ``Unknown``."""
    with database.reading() as session:
        if of is not None:
            in_records.person(session, of)
        if case is not None:
            check_case(session, case)
        tasks = queries.inbox(session, of, case, first=first)
        total = len(tasks) if first is None else queries.number_of_open_tasks(session, of, case)
        names = in_records.names(session, [person for task in tasks for person in task.people])
        return Inbox(tasks, names, time_zones(session, [task.case_id for task in tasks]), total)
