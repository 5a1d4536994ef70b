"""What waits for somebody, a page at a time, and what is around tasks: by as many queries however many there are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from domain.core.access import Viewer
from domain.core.model import PERSON_IN_TEXT, CaseId, PersonId, RoleId
from domain.core.titles import texts_in
from records.database import Database
from records.queries import task_lists as queries
from records.queries.core import people as in_records
from records.queries.core.policies import titles_of, titles_of_cases
from records.queries.task_lists import ListedTask, Totals, Wanted
from records.queries.task_surroundings import AnyCase, cases_of, role_titles
from records.tables.core import CaseRecord, TaskRecord
from service.core.paging import ROWS, first_on

MOST = 1_000
"""So many are looked through for a text; nobody has nearly as many."""


@dataclass(frozen=True)
class Surroundings:
    """The ``cases`` of tasks, what roles are called, whose ``names`` tasks hold, and what texts of the cases' policies
    are in the reader's language, by case."""

    cases: Mapping[CaseId, AnyCase]
    roles: Mapping[RoleId, str]
    names: Mapping[PersonId, str]
    titles: Mapping[CaseId, Mapping[str, str]]


@dataclass(frozen=True)
class Waiting:
    """Tasks that somebody may act on, the soonest due first, from the ``first`` of them on (counted from 0).

    ``titles`` are, by policy, the texts of it in their language; ``totals`` how many there are, beside these.
    """

    tasks: Sequence[ListedTask]
    titles: Mapping[str, Mapping[str, str]]
    totals: Totals
    first: int = 0


def page_of(database: Database, viewer: Viewer, wanted: Wanted, page: int, now: datetime) -> Waiting:
    """Page number ``page`` (from 1) of what waits for somebody, by the records; beyond the last page, the last."""
    with database.reading() as session:
        totals = queries.totals(session, viewer.person, wanted, now)
        first = first_on(page, totals.wanted)
        tasks = queries.listed(session, viewer.person, wanted, now, first=first, many=ROWS)
        return Waiting(tasks, _titles(session, tasks, viewer), totals, first)


def all_of(database: Database, viewer: Viewer, wanted: Wanted, now: datetime, *, most: int = MOST) -> Waiting:
    """All of it, to be looked through, or the first so many."""
    with database.reading() as session:
        tasks = queries.listed(session, viewer.person, wanted, now, many=most)
        totals = queries.totals(session, viewer.person, wanted, now)
        return Waiting(tasks, _titles(session, tasks, viewer), totals)


def _titles(session: Session, tasks: Iterable[ListedTask], viewer: Viewer) -> Mapping[str, Mapping[str, str]]:
    return titles_of(session, {task.policy for task in tasks if task.policy}, viewer.language)


def surroundings_of(
    session: Session, tasks: Sequence[TaskRecord], language: str, told: Mapping[str, Any] | None = None
) -> Surroundings:
    """What is around these tasks, of which more may be ``told`` than they say themselves."""
    cases = cases_of(session, {task.case_id for task in tasks})
    of_people = [case for case in cases.values() if isinstance(case, CaseRecord)]
    named = {person for task in tasks for person in _people_in(task)} | {case.person for case in of_people}
    named |= set(ids_in(told))
    return Surroundings(
        cases=cases,
        roles=role_titles(session, {case.role for case in of_people}),
        names=in_records.names(session, named),
        titles=titles_of_cases(session, cases.keys(), language),
    )


def _people_in(task: TaskRecord) -> Iterable[PersonId]:
    """Everybody whom a task names, in its answer and facts too."""
    yield from (task.assignee, *task.people, *(task.not_theirs or ()))
    if task.answered_by:
        yield task.answered_by
    yield from ids_in([task.facts, task.answer])


def ids_in(value: Any) -> Iterable[PersonId]:
    """The ids of people within a JSON value."""
    for text in texts_in(value):
        yield from PERSON_IN_TEXT.findall(text)
