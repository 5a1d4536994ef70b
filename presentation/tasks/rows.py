"""A list of tasks: what each is called, whom it is about, when it is due, and what is out of the ordinary about it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.core.model import CaseId, PersonId
from domain.core.naming import Programme, programme_of
from domain.core.questions import TaskKind
from domain.registry.forms import MAY_EXPIRE
from languages.marking import translatable
from languages.speech import Speech, begun
from records.tables.core import CaseRecord, TaskRecord
from service.registry.my_tasks import Surroundings

log = logging.getLogger("waymark.console")

PROGRAMMES: Mapping[Programme, str] = {
    Programme.RETURNSHIP: translatable("Placement"),
    Programme.UPSKILLING: translatable("Learning path"),
    Programme.CERTIFICATION: translatable("Certificate"),
    Programme.COHORT: translatable("Cohort"),
}

CANT_BE_SHOWN = translatable("A task that this list can't show")


@dataclass(frozen=True)
class TaskRow:
    """A task in a list. ``about`` is whom it is about and where; ``remarks`` are what is special about it."""

    id: str
    title: str
    about: str
    programme: Programme
    due_at: datetime
    due: str
    overdue: bool
    remarks: Sequence[str] = ()


@dataclass(frozen=True)
class TaskFilter:
    """Which tasks of the list are to be seen: of one programme, overdue ones, those that hold a text."""

    programme: Programme | None = None
    overdue: bool = False
    text: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether it lets everything through."""
        return self == TaskFilter()

    def fits(self, row: TaskRow) -> bool:
        """Whether a task is to be seen."""
        said = " ".join([row.title, row.about, row.id, *row.remarks]).casefold()
        return (
            (self.programme is None or row.programme is self.programme)
            and (row.overdue or not self.overdue)
            and all(word in said for word in self.text.casefold().split())
        )


def rows_of(
    tasks: Iterable[TaskRecord], around: Surroundings, reader: PersonId, speech: Speech, now: datetime
) -> list[TaskRow]:
    """The tasks, in their order: the soonest due first, and so what is overdue before the rest.

    One that can't be shown, whatever the reason, is named by its id alone, and the rest of the list is there.
    """
    return [_row_or_its_id(task, around, reader, speech, now) for task in tasks]


def _row_or_its_id(task: TaskRecord, around: Surroundings, reader: PersonId, speech: Speech, now: datetime) -> TaskRow:
    try:
        return _row(task, around, reader, speech, now)
    except Exception:  # whatever it is: the other tasks are not to be lost with it
        log.exception("a task can't be shown in a list", extra={"task": task.task})
        title = f"{speech.text(CANT_BE_SHOWN)} ({task.task})"
        return TaskRow(task.task, title, "", Programme.RETURNSHIP, now, "", overdue=False)


def _row(task: TaskRecord, around: Surroundings, reader: PersonId, speech: Speech, now: datetime) -> TaskRow:
    titled = in_titles(speech, around, task.case_id)
    return TaskRow(
        id=task.task,
        title=title_of(task, titled),
        about=about_of(task.case_id, around, reader, titled),
        programme=programme_of(task.case_id),
        due_at=task.due_at,
        due=speech.day(task.due_at),
        overdue=is_overdue(task, now),
        remarks=list(_remarks(task, around, reader, speech)),
    )


def is_overdue(task: TaskRecord, now: datetime) -> bool:
    """Whether its time is over; of one that runs out with its time, nothing is ever overdue."""
    return task.due_at < now and TaskKind(task.kind) not in MAY_EXPIRE


def in_titles(speech: Speech, around: Surroundings, case: CaseId) -> Speech:
    """The same reader, who knows what the texts of this case's policy are called in their language."""
    return replace(speech, titles=around.titles.get(case, {}))


def title_of(task: TaskRecord, speech: Speech) -> str:
    """What a task is called: the same as in the letters about it."""
    return begun(speech.sentence(task.subject))


def about_of(case_id: CaseId, around: Surroundings, reader: PersonId, speech: Speech) -> str:
    """Whom a case is about, and in which role, or which cohort: ``Ada Lee, Data analyst``."""
    case = around.cases.get(case_id)
    if case is None:
        return ""
    if not isinstance(case, CaseRecord):
        return case.title
    who = [] if case.person == reader else [around.names.get(case.person, case.person)]
    return ", ".join([*who, around.roles.get(case.role, case.role)])


def _remarks(task: TaskRecord, around: Surroundings, reader: PersonId, speech: Speech) -> Iterable[str]:
    if reader in (task.not_theirs or ()):
        yield speech.text("You said that it is not yours; HR is asked whose it is.")
    elif reader != task.assignee:
        assignee = around.names.get(task.assignee, task.assignee)
        yield speech.text("%(name)s was asked first.") % {"name": assignee}
    if task.reopens:
        yield speech.text("It was answered before, and is asked once more.")
