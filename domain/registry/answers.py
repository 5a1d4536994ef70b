"""Reading an answer to a task of any kind: into its form, and by who may give it."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from pydantic import ValidationError

from domain.core.answering import check_may_answer, no_two_parts
from domain.core.model import PersonId
from domain.core.questions import Form, TaskKind, Waivable
from domain.core.sentences import explain
from domain.core.tasks import (
    PERSONAL,
    AnswerTask,
    DutiesNotSeparate,
    Refused,
    Task,
    TaskState,
)
from domain.core.wording import spoken
from domain.registry.forms import FORMS


def read_answer(
    task: Task, message: AnswerTask, barred: Collection[PersonId] = (), waivers: Collection[PersonId] = ()
) -> Form:
    """The typed answer in a message. Those who are ``barred`` may say why there is no review, and nothing else.

    Where there are ``waivers``, they alone may say why no answer is needed, also if they were not asked.

    Raises :class:`Refused` when this person may not give it, it is too late, or it does not fit the form; each
    with a sentence for the person. Raises :class:`DutiesNotSeparate` for what must be recorded too.
    """
    check_may_answer(task, message.actor, waives=message.actor in waivers and _waives(message.answer))
    if message.answer is None:
        raise Refused(f"{task.id}: an answer is missing", "invalid")
    form = read_form(task.kind, message.answer)
    if message.actor in barred and not (isinstance(form, Waivable) and form.waived_because):
        raise DutiesNotSeparate(no_two_parts(task, message.actor))
    on_behalf = task.kind in PERSONAL and message.actor != task.assignee
    if on_behalf and not (isinstance(form, Waivable) and form.waived_because):
        remedy = "it can only be recorded why it is missing" if isinstance(form, Waivable) else "have a word with them"
        raise DutiesNotSeparate(
            f"{message.actor} can't answer {task.id} ({task.subject}) for {task.assignee}: "
            f"that is theirs alone; {remedy}"
        )
    if isinstance(form, Waivable) and form.waived_because:
        _check_may_waive(task, message.actor, waivers)
    if (why := form.reason_against(task.facts)) is not None:
        raise Refused(why, "invalid")
    return form


def _waives(answer: dict[str, Any] | None) -> bool:
    return bool((answer or {}).get("waived_because"))


def _check_may_waive(task: Task, actor: PersonId, waivers: Collection[PersonId]) -> None:
    if not (actor in waivers if waivers else task.may_waive(actor)):
        whose = "HR" if waivers else "whoever it was escalated to"
        raise Refused(f"waived_because: the reason why there is no answer is for {whose}; give the answer", "invalid")


def read_form(kind: TaskKind, answer: dict[str, Any]) -> Form:
    """The typed form. Raises :class:`Refused` naming each field that does not fit."""
    try:
        return FORMS[kind].model_validate(answer)
    except ValidationError as error:
        raise Refused(f"{spoken(kind.value)}: {explain(error, whole='')}", "invalid") from None


def same_answer(task: Task, message: AnswerTask) -> bool:
    """Whether this is the answer that closed the task, once more by the same person (a double click)."""
    if task.state is not TaskState.ANSWERED or task.answered_by != message.actor or message.answer is None:
        return False
    try:
        form = read_form(task.kind, message.answer)
    except Refused:
        return False
    return form.model_dump(mode="json") == task.answer
