"""A list of tasks: what each is called, whom it is about, when it is due, and what is out of the ordinary about it."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from domain.core.called import holds
from domain.core.model import CaseId, PersonId
from domain.core.naming import Programme
from languages.marking import translatable
from languages.speech import Speech, begun
from records.queries.task_lists import ListedTask, Wanted
from records.tables.core import CaseRecord, TaskRecord
from service.registry.my_tasks import Surroundings, Waiting

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

    @property
    def on_record(self) -> Wanted:
        """What of it the records can be asked."""
        return Wanted(self.programme, self.overdue)

    def holds_text(self, row: TaskRow) -> bool:
        """Whether a task holds the text, as its reader reads it."""
        said = " ".join([row.title, row.about, row.id, *row.remarks])
        return all(holds(said, word) for word in self.text.split())


def rows_of(waiting: Waiting, reader: PersonId, speech: Speech) -> list[TaskRow]:
    """The tasks, in their order: the soonest due first, and so what is overdue before the rest.

    One that can't be shown, whatever the reason, is named by its id alone, and the rest of the list is there.
    """
    in_titles = {policy: replace(speech, titles=titles) for policy, titles in waiting.titles.items()}
    return [_row_or_its_id(task, reader, in_titles.get(task.policy or "", speech)) for task in waiting.tasks]


def _row_or_its_id(task: ListedTask, reader: PersonId, speech: Speech) -> TaskRow:
    try:
        return _row(task, reader, speech)
    except Exception:  # whatever it is: the other tasks are not to be lost with it
        log.exception("a task can't be shown in a list", extra={"task": task.task})
        title = f"{speech.text(CANT_BE_SHOWN)} ({task.task})"
        return TaskRow(task.task, title, "", "", overdue=False)


def _row(task: ListedTask, reader: PersonId, speech: Speech) -> TaskRow:
    who = "" if task.person in (None, reader) else task.person_name or task.person
    return TaskRow(
        id=task.task,
        title=title_of(task, speech),
        about=task.cohort_title or ", ".join(filter(None, [who, task.role_title or task.role])),
        due=speech.day(task.due_at),
        overdue=bool(task.late),
        remarks=list(_remarks(task, reader, speech)),
    )


def in_titles(speech: Speech, around: Surroundings, case: CaseId) -> Speech:
    """The same reader, who knows what the texts of this case's policy are called in their language."""
    return replace(speech, titles=around.titles.get(case, {}))


def title_of(task: TaskRecord | ListedTask, speech: Speech) -> str:
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


def _remarks(task: ListedTask, reader: PersonId, speech: Speech) -> Iterable[str]:
    if reader in (task.not_theirs or ()):
        yield speech.text("You said that it is not yours; HR is asked whose it is.")
    elif reader != task.assignee:
        yield speech.text("%(name)s was asked first.") % {"name": task.assignee_name or task.assignee}
    elif len(task.people) > 1:
        yield speech.text("It was handed on, or went on to others in time: they can answer it, too.")
    if task.reopens:
        yield speech.text("It was answered before, and is asked once more.")
