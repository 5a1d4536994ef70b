"""Who may answer a task, and hand it on to whom."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from domain.core.model import PersonId, instant_text
from domain.core.tasks import PERSONAL, AnswerTask, DutiesNotSeparate, Refused, Task, TaskState


def check_delegation(
    task: Task,
    message: AnswerTask,
    *,
    about: PersonId | None = None,
    head: PersonId | None = None,
    barred: Collection[PersonId] = (),
) -> PersonId:
    """Whom the task is handed to. Raises :class:`Refused` when that can't be done.

    Whom the duties keep from answering chooses nobody who does, and whom the case is ``about`` nobody to judge them;
    only the ``head`` of HR may hand on what they can't answer: a task that reaches nobody else would never end.
    """
    check_was_asked(task, message.actor)
    if message.actor == about and about in {*task.not_by, *barred}:
        raise DutiesNotSeparate(f"{about} can't hand on {task.id} ({task.subject}): it is about themselves")
    check_may_hand_on(task, message.actor, head=head, barred=barred)
    if message.delegate_to is None:
        raise Refused(f"{task.id}: neither an answer nor somebody to delegate to", "invalid")
    if message.answer is not None:
        raise Refused(f"{task.id}: give either an answer or somebody to delegate to, not both", "invalid")
    if task.confidential:
        raise Refused(f"{task.id} ({task.subject}) is in confidence and can't be handed on", "forbidden")
    if task.kind in PERSONAL:
        raise Refused(f"{task.id} ({task.subject}) is {task.assignee}'s alone and can't be delegated", "forbidden")
    if message.delegate_to == message.actor:
        raise Refused(f"{task.id} ({task.subject}) waits for {message.actor} already: name somebody else", "invalid")
    check_may_get(task, message.delegate_to, barred)
    return message.delegate_to


def check_may_hand_on(task: Task, actor: PersonId, *, head: PersonId | None, barred: Collection[PersonId] = ()) -> None:
    """Raise :class:`DutiesNotSeparate` for somebody who would choose who decides in their place."""
    if actor in {*task.not_by, *barred} and actor != head:
        raise DutiesNotSeparate(
            f"{actor} can't hand on {task.id} ({task.subject}): they have another part in it, and would choose "
            "who decides in their place; the head of HR can"
        )


def check_may_get(task: Task, person: PersonId, barred: Collection[PersonId] = ()) -> None:
    """Raise :class:`DutiesNotSeparate` for somebody to whom a task can't be handed."""
    if person in {*task.not_by, *barred}:
        raise DutiesNotSeparate(f"{person} can't answer {task.id}: the separation of duties excludes them")


def check_may_answer(task: Task, actor: PersonId, *, waives: bool = False) -> None:
    """Raise :class:`Refused` for a closed task and whoever was not asked, :class:`DutiesNotSeparate` by the duties.

    Who ``waives`` a task need not have been asked.
    """
    _is_open(task)
    if actor in task.not_by:
        raise DutiesNotSeparate(no_two_parts(task, actor))
    if not waives:
        check_was_asked(task, actor)


def no_two_parts(task: Task, actor: PersonId) -> str:
    """Why the separation of duties keeps somebody from a task."""
    return (
        f"{actor} can't answer {task.id} ({task.subject}): nobody decides on their own proposal or evidence, "
        "or stands in beside a part of their own"
    )


def check_was_asked(task: Task, actor: PersonId) -> None:
    """Raise :class:`Refused` for a closed task and whoever was not asked."""
    _is_open(task)
    if actor not in task.people:
        raise not_asked(f"{task.id} ({task.subject})", actor)


def _is_open(task: Task) -> None:
    if not task.is_open:
        raise closed(f"{task.id} ({task.subject})", task.state, task.closed_at, task.answered_by)


def closed(task: str, state: str, at: datetime | None, by: PersonId | None) -> Refused:
    """A task is closed: since when, how, and by whom."""
    since = instant_text(at) if at else "before"
    how = "called off" if state == TaskState.CLOSED else state
    return Refused(f"{task} is closed since {since} ({how}{f' by {by}' if by else ''})")


def not_asked(task: str, actor: PersonId) -> Refused:
    """Somebody else was asked."""
    return Refused(f"{actor} was not asked {task}", "forbidden")
