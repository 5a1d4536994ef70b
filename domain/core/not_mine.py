"""Somebody says that a task is not theirs: who may, who in HR is asked whose it is, and whom those can name."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from domain.core.answering import check_may_get, check_may_hand_on, check_was_asked
from domain.core.case import CaseRequest
from domain.core.forms import RightPerson
from domain.core.model import Party, PersonId, Sentence
from domain.core.tasks import NEVER_DISOWNED, PERSONAL, Refused, Task

NOT_THEIRS = "says that it is not theirs; tell them why it is"


class NotMine(CaseRequest):
    """Whoever was asked a task says that it is not theirs; HR is asked whose it is, and reads the ``note``."""

    task: str
    note: Sentence | None = None


def check_may_disown(task: Task, actor: PersonId) -> None:
    """Raise :class:`Refused` for whoever was not asked, what is theirs alone, and what HR has answered already."""
    check_was_asked(task, actor)
    named = f"{task.id} ({task.subject})"
    if task.kind in NEVER_DISOWNED:
        alone = f"{named} is {task.assignee}'s alone; tell HR if something is wrong with it"
        raise Refused(alone if task.kind in PERSONAL else f"{named} can't be somebody else's; talk to HR", "forbidden")
    if any(said.by == actor and said.settled for said in task.said_not_theirs):
        raise Refused(
            f"{actor} has said before that {named} is not theirs, and HR has answered; talk to HR, or hand it on"
        )


def whom_to_ask(
    task: Task, actor: PersonId, parties: Mapping[Party, PersonId], barred: Collection[PersonId] = ()
) -> Party:
    """Which part is asked whose a task is: HR, or the head of HR where HR says so itself, or may not choose.

    Whom the duties keep from the task chooses nobody who has it, but for the head of HR. Raises :class:`Refused`
    where nobody is left.
    """
    excluded = {actor, *task.not_by, *barred}
    if parties[Party.HR] not in excluded:
        return Party.HR
    if parties[Party.HR_LEAD] != actor:
        return Party.HR_LEAD
    raise Refused(f"{task.id} ({task.subject}): nobody else in HR could say whose it is; hand it on", "forbidden")


def check_named(
    task: Task,
    said_by: PersonId,
    by: PersonId,
    named: RightPerson,
    *,
    head: PersonId | None = None,
    barred: Collection[PersonId] = (),
) -> None:
    """Whether a task can go to the person that is ``named`` for it. Raises :class:`Refused` where it can't.

    ``said_by`` has said that it is not theirs; ``by`` answers for HR.
    """
    if named.person is None:
        return
    if named.person == said_by:
        raise Refused(f"person: {said_by} {NOT_THEIRS}", "invalid")
    if any(said.by == named.person for said in task.said_not_theirs):
        raise Refused(f"person: {named.person} has said that {task.id} is not theirs either", "invalid")
    if said_by != task.assignee and named.person in (task.assignee, *task.delegates):
        raise Refused(
            f"person: {named.person} has {task.id} already; name somebody else, or say why it is theirs", "invalid"
        )
    check_may_hand_on(task, by, head=head, barred=barred)
    check_may_get(task, named.person, barred)
