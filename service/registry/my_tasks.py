"""What waits for somebody, with all that a list says of it: by a number of queries that never grows with the list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from domain.core.access import Viewer
from domain.core.languages import ENGLISH
from domain.core.model import PERSON_ID, CaseId, PersonId, RoleId
from domain.core.titles import texts_in
from records.database import Database
from records.queries.core import cases as queries
from records.queries.core import people as in_records
from records.queries.core.policies import titles_of_cases
from records.queries.task_surroundings import AnyCase, cases_of, role_titles
from records.tables.core import CaseRecord, TaskRecord

MOST = 1_000
"""So many tasks are looked at; nobody has nearly as many."""


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
    """The tasks that somebody may act on, the soonest due first."""

    tasks: Sequence[TaskRecord]
    around: Surroundings


def waiting_for(database: Database, viewer: Viewer) -> Waiting:
    """What waits for somebody now, by the records."""
    with database.reading() as session:
        tasks = queries.inbox(session, viewer.person, first=MOST)
        return Waiting(tasks, surroundings_of(session, tasks, viewer.language))


def surroundings_of(session: Session, tasks: Sequence[TaskRecord], language: str) -> Surroundings:
    """What is around these tasks."""
    cases = cases_of(session, {task.case_id for task in tasks})
    of_people = [case for case in cases.values() if isinstance(case, CaseRecord)]
    named = {person for task in tasks for person in _people_in(task)} | {case.person for case in of_people}
    return Surroundings(
        cases=cases,
        roles=role_titles(session, {case.role for case in of_people}),
        names=in_records.names(session, named),
        titles=titles_of_cases(session, cases.keys(), language) if language != ENGLISH else {},
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
        yield from _ID.findall(text)


_ID = re.compile(rf"\b{PERSON_ID}\b")
