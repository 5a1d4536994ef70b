"""A task with all that somebody needs to answer it, and what they may do about it: by the records of this moment."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.core.access import Action, Tie, Viewer
from domain.core.model import PersonId
from domain.core.questions import TaskKind
from domain.core.tasks import CONFIDENTIAL, NEVER_DISOWNED, PERSONAL, TaskState
from domain.placement.duties import REVIEWS, STEPS
from domain.registry.forms import FORMS
from domain.registry.lateness import is_late
from records.database import Database
from records.queries.core import people as in_records
from records.queries.core.called import Left, called_here, called_who_left
from records.queries.placement import in_confidence
from records.queries.task_surroundings import AnyCase, answered, asked_once_more, people_around
from records.queries.whom_for import ITEMS, whom_for
from records.tables.cohort import CohortRecord
from records.tables.core import CaseRecord, RoleRecord, TaskRecord
from service.core import access, drafts
from service.core.drafts import Draft
from service.core.errors import Unknown
from service.placement.in_confidence import may_read
from service.registry.my_tasks import Surroundings, ids_in, surroundings_of

CALLED_AT_MOST = 12
"""So many people of one name are offered to choose from."""

MENTORS_OFFERED = 150

WAIVED = "waived_because"


@dataclass(frozen=True)
class TaskContext:
    """What is shown with the form, for whoever may see it: the ``goals`` of the placement, the ``reviews`` so far,
    why a returner wishes for another mentor, and whom an item of a checklist is for, as facts of it."""

    goals: Sequence[str] = ()
    reviews: Sequence[TaskRecord] = ()
    wish: str | None = None
    whom_for: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class TaskPage:
    """A task, for one viewer. ``newer`` is the task that asks it once more; ``people`` those they may want to name;
    ``currency`` the one in which its role is paid."""

    viewer: Viewer
    task: TaskRecord
    there: access.InCase
    around: Surroundings
    context: TaskContext
    currency: str | None = None
    draft: Draft | None = None
    newer: str | None = None
    people: Mapping[PersonId, str] = field(default_factory=dict)

    @property
    def kind(self) -> TaskKind:
        """What is asked."""
        return TaskKind(self.task.kind)

    @property
    def case(self) -> AnyCase | None:
        """The row of its case, or of its cohort."""
        return self.around.cases.get(self.task.case_id)

    @property
    def is_open(self) -> bool:
        """Whether an answer is still awaited, by the records."""
        return self.task.state == TaskState.OPEN.value

    def is_late(self, now: datetime) -> bool:
        """Whether an answer to it is late, by the clock of its case."""
        case = self.case
        if case is None:
            return is_late(self.kind, self.task.due_at, now, paused=False)
        told = case.at if isinstance(case, CohortRecord) else case.told_at or case.at
        return is_late(self.kind, self.task.due_at, max(now, told), paused=case.paused)

    @property
    def asked(self) -> bool:
        """Whether the viewer may act on it."""
        return self.is_open and self.viewer.person in self.task.people

    @property
    def kept_from(self) -> bool:
        """Whether the separation of duties keeps the viewer from answering."""
        return self.viewer.person in (self.task.kept_from or ())

    @property
    def theirs_alone(self) -> bool:
        """Whether only somebody else can answer it: whoever it was asked of."""
        return self.kind in PERSONAL and self.viewer.person != self.task.assignee

    @property
    def may_answer(self) -> bool:
        """Whether the viewer may give an answer, besides saying why there is none."""
        return self.asked and not self.kept_from and not self.theirs_alone

    @property
    def may_waive(self) -> bool:
        """Whether the viewer may say why there is no answer."""
        return self.is_open and self.viewer.person in (self.task.may_waive or ())

    @property
    def may_hand_on(self) -> bool:
        """Whether it can be handed to somebody else; whom the duties keep from it, the case checks."""
        return self.asked and self.kind not in PERSONAL | CONFIDENTIAL

    @property
    def may_disown(self) -> bool:
        """Whether the viewer may say that it is not theirs."""
        return self.asked and self.kind not in NEVER_DISOWNED and not self.disowned

    @property
    def disowned(self) -> bool:
        """Whether the viewer has said that it is not theirs, and HR is still asked whose it is."""
        return self.viewer.person in (self.task.not_theirs or ())

    def keys(self) -> list[str]:
        """The fields of the form that the viewer may fill in."""
        keys = FORMS[self.kind].model_fields
        return [key for key in keys if (self.may_waive if key == WAIVED else self.may_answer)]


def task_page(database: Database, viewer: Viewer, task: str) -> TaskPage:
    """A task as somebody sees it. Raises ``Unknown`` where there is none, or none for them to see: nobody learns
    which."""
    with database.reading() as session:
        there, record = access.in_task_of(session, viewer, task)
        if not access.may_see_task(there, record):
            raise Unknown(f"no task {task} for {viewer.person}")
        kind = TaskKind(record.kind)
        context = _context(session, there, record, kind)
        is_open = record.state == TaskState.OPEN.value
        return TaskPage(
            viewer=viewer,
            task=record,
            there=there,
            around=surroundings_of(session, [record, *context.reviews], viewer.language, context.whom_for),
            context=context,
            currency=_currency(session, there),
            draft=drafts.load_in(session, task, viewer.person) if is_open else None,
            newer=None if is_open else asked_once_more(session, record.case_id, task),
            people=_people(session, record, kind) if is_open else {},
        )


def _currency(session: Session, there: access.InCase) -> str | None:
    return session.scalar(select(RoleRecord.salary_currency).where(RoleRecord.id == there.role))


def _people(session: Session, task: TaskRecord, kind: TaskKind) -> dict[PersonId, str]:
    mentors = MENTORS_OFFERED if kind is TaskKind.MENTOR_NOMINATION else 0
    return people_around(session, task.case_id, mentors=mentors)


_WITH_GOALS = frozenset({TaskKind.SESSION_NOTE, TaskKind.IMPROVEMENT_PLAN, *STEPS, *REVIEWS})
"""Kinds for which it helps to have the goals before one's eyes."""


def _context(session: Session, there: access.InCase, task: TaskRecord, kind: TaskKind) -> TaskContext:
    """What is needed to decide, as far as they may see it; nothing of why somebody was away, nor of leaves."""
    if kind is TaskKind.MENTOR_WISH:
        return TaskContext(wish=_wish(session, there, task))
    if kind in ITEMS:
        found_for = whom_for(session, task.case_id)
        return TaskContext(whom_for=found_for.facts(kind, there.viewer.person) if found_for else {})
    wanted = set()
    if kind in _WITH_GOALS and there.may(Action.GOALS) and "goals" not in task.facts:
        wanted.add(TaskKind.GOALS)
    if kind in STEPS and there.may(Action.EVIDENCE):
        wanted |= REVIEWS
    found = answered(session, task.case_id, wanted) if wanted else []
    goals = [record for record in found if record.kind == TaskKind.GOALS]
    return TaskContext(
        goals=(goals[-1].answer or {}).get("goals", []) if goals else [],
        reviews=[record for record in found if record.kind != TaskKind.GOALS],
    )


def _wish(session: Session, there: access.InCase, task: TaskRecord) -> str | None:
    """Why the returner wished for another mentor when this was asked: for whoever is asked, or may read it still.

    Nothing of a later wish: whoever was asked once may have become the mentor whom that one is about.
    """
    if Tie.ASKED not in there.parts:
        case = session.get(CaseRecord, task.case_id)
        if case is None or not may_read(session, case, there.viewer.person):
            return None
    until_then = [wish for wish in in_confidence.wishes(session, task.case_id) if wish.asked_at <= task.opened_at]
    return until_then[-1].reason if until_then else None


@dataclass(frozen=True)
class CalledSo:
    """Whose name holds a text; ``too_many`` where that is more than can be chosen from. Where it is nobody's who is
    here, ``left`` is who of exactly that name has left, or is leaving."""

    people: Mapping[PersonId, str]
    too_many: bool
    left: Left | None = None


def people_called(database: Database, texts: Iterable[str]) -> dict[str, CalledSo]:
    """Whom each of these texts may mean: those of exactly that name, else those whose name holds it.

    Capital letters and accents make no difference (:mod:`domain.core.called`).
    """
    found: dict[str, CalledSo] = {}
    with database.reading() as session:
        for text in texts:
            people = called_here(session, text, CALLED_AT_MOST + 1)
            people = [somebody for somebody in people if somebody.exactly] or people
            offered = {somebody.id: somebody.name for somebody in people[:CALLED_AT_MOST]}
            found[text] = CalledSo(
                offered, len(people) > CALLED_AT_MOST, None if people else called_who_left(session, text)
            )
    return found


def names_of(database: Database, values: Iterable[object]) -> dict[PersonId, str]:
    """The names of everybody who is named by their id within these JSON values."""
    with database.reading() as session:
        return in_records.names(session, ids_in(list(values)))
