"""A task: one question to one person, with the time allowed for it and what happens as that passes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, TypeAlias

from domain.core.model import CaseId, Fixed, Instant, Message, Model, Party, PersonId, instant_text
from domain.core.policy_rules import Ladder
from domain.core.questions import TaskKind

REFUSED = "Refused."
"""What the types of refusals begin with on the engine; their kind follows."""


RefusalKind: TypeAlias = Literal["refused", "forbidden", "conflict", "invalid", "too_old"]
"""By a rule; not by this person, not now, not like this; or asked too long ago."""


class Refused(Exception):
    """Something somebody asked for cannot be; the message says why, in a sentence they can act on.

    ``kind`` is mostly one of ``forbidden`` (not this person), ``conflict`` (not now), ``invalid`` (not like this).
    """

    def __init__(self, sentence: str, kind: RefusalKind = "conflict") -> None:
        super().__init__(sentence)
        self.kind = kind

    @property
    def type(self) -> str:
        """The type of the engine's error by which it travels."""
        return f"{REFUSED}{self.kind}"


class DutiesNotSeparate(Refused):
    """The separation of duties forbids this person this answer. Unlike other refusals it is put on record."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, "forbidden")


class TaskState(StrEnum):
    """The states of a task. All but ``open`` are final."""

    OPEN = "open"
    ANSWERED = "answered"
    EXPIRED = "expired"
    FULFILLED = "fulfilled"
    """What it was about came to pass without an answer."""
    CLOSED = "closed"
    """Called off before anybody answered: its answer is not needed any more, or its letter came to nobody."""


class Action(StrEnum):
    """What a step of the ladder does."""

    REMIND = "remind"
    ESCALATE = "escalate"
    EXPIRE = "expire"


class Step(Fixed):
    """A step of the ladder that is still to come."""

    at: Instant
    action: Action


class Due(Fixed):
    """What is to be done of a ladder now: the last step whose time has come; those before it were ``missed``."""

    action: Action
    at: Instant
    missed: list[Instant] = []


class LetterSent(Fixed):
    """What was sent to whom about a task, and when; ``letter`` is the key of the letter."""

    at: Instant
    what: str
    to: PersonId
    letter: str


PERSONAL = frozenset(
    {
        TaskKind.MENTOR_REQUEST,
        TaskKind.GOALS_AGREEMENT,
        TaskKind.SELF_REVIEW,
        TaskKind.OFFER,
        TaskKind.EXTENSION_CONSENT,
        TaskKind.PATTERN_CONSENT,
        TaskKind.SKILLS_SELF,
        TaskKind.CALIBRATION,
        TaskKind.PLAN_CHOICE,
        TaskKind.SEAT_OFFER,
        TaskKind.ASSIGNMENT_REPORT,
        TaskKind.STUDY_EVIDENCE,
        TaskKind.PULSE,
        TaskKind.MENTOR_PULSE,
    }
)
"""Nobody can accept an offer, consent, assess themselves or hand in their work, for somebody else."""

CONFIDENTIAL = frozenset({TaskKind.MENTOR_WISH, TaskKind.PULSE, TaskKind.MENTOR_PULSE})
"""What is between one person and HR: such a task is there for nobody but those who are asked. No view, board, list or
search attribute has it, and what was asked and answered stands in no row of it: it has tables of its own."""

VOLUNTARY = frozenset({TaskKind.PULSE, TaskKind.MENTOR_PULSE})
"""What nobody has to answer: it is reminded of once, and ends without a word."""

EXPIRES_ONLY_IF_DELIVERED = frozenset({TaskKind.OFFER})
"""Tasks that expire only if their letter reached the assignee in time; else they are called off, and asked
anew. A mentor request goes to the next mentor without that, a seat to the next on its waiting list."""


WAIVED_BY_HR = frozenset({TaskKind.OFFBOARDING_ITEM, TaskKind.CHANGEOVER_ITEM})
"""Tasks of which HR may say at any time why they are not needed, though others are asked."""


class Task(Model):
    """One question to one person. ``not_by`` are those whom the separation of duties keeps from answering.

    ``handed_on_by`` are those who have handed it to somebody else: they have chosen who answers.
    """

    id: str
    kind: TaskKind
    subject: str
    party: Party
    assignee: PersonId
    escalation: PersonId
    opened_at: Instant
    due_at: Instant
    ladder: list[Step]
    then_every: timedelta
    delegates: list[PersonId] = []
    not_by: list[PersonId] = []
    handed_on_by: list[PersonId] = []
    facts: dict[str, Any] = {}
    letters: list[LetterSent] = []
    reminded: bool = False
    """Whether the time of its first reminder has come."""
    escalated: bool = False
    stands_in: bool = False
    """Whether the assignee stands in for a part that nobody plays at the moment."""
    state: TaskState = TaskState.OPEN
    closed_at: Instant | None = None
    answered_by: PersonId | None = None
    answer: dict[str, Any] | None = None

    @property
    def is_open(self) -> bool:
        """Whether an answer is still awaited."""
        return self.state is TaskState.OPEN

    @property
    def people(self) -> list[PersonId]:
        """Those who may act on it now, the assignee first."""
        return list(dict.fromkeys([self.assignee, *self.delegates, *([self.escalation] if self.escalated else [])]))

    @property
    def facts_on_record(self) -> dict[str, Any]:
        """Its facts, as far as its row has them: nothing of what somebody has written in confidence."""
        return {} if self.kind in CONFIDENTIAL - VOLUNTARY else self.facts

    @property
    def answer_on_record(self) -> dict[str, Any] | None:
        """Its answer, where that stands in its row."""
        return None if self.kind in CONFIDENTIAL else self.answer

    def is_there_for(self, person: PersonId) -> bool:
        """Whether somebody may know of it: of what is confidential only those who may act on it."""
        return self.kind not in CONFIDENTIAL or person in self.people

    def may_waive(self, actor: PersonId) -> bool:
        """Whether this person may say why there is no review, instead of giving one."""
        stands_in = self.stands_in and actor == self.assignee
        return stands_in or (self.escalated and actor == self.escalation)

    def postpone(self, by: timedelta) -> None:
        """Move all that is still to come, as a pause does."""
        self.due_at += by
        self.ladder = [Step(at=step.at + by, action=step.action) for step in self.ladder]


class AnswerTask(Message):
    """Somebody answers a task, or hands it to somebody else (``delegate_to``); exactly one of the two."""

    actor: PersonId
    task: str
    answer: dict[str, Any] | None = None
    delegate_to: PersonId | None = None


class Receipt(Fixed):
    """What somebody gets who answered or delegated: the same one again for the same answer."""

    case: CaseId
    task: str
    by: PersonId
    at: Instant
    state: TaskState


def ladder_for(
    rules: Ladder, opened_at: datetime, allowed: timedelta, *, may_expire: bool, voluntary: bool = False
) -> list[Step]:
    """The steps for a task opened now; one that may expire does so instead of escalating.

    Of what is ``voluntary`` nobody is reminded more than once.
    """
    remind_at = rules.remind_at[:1] if voluntary else rules.remind_at
    steps = [Step(at=opened_at + allowed * part, action=Action.REMIND) for part in remind_at]
    if may_expire:
        return [*steps, Step(at=opened_at + allowed, action=Action.EXPIRE)]
    return [*steps, *(Step(at=opened_at + allowed * part, action=Action.ESCALATE) for part in rules.escalate_at)]


def take_steps(task: Task, now: datetime) -> Due | None:
    """Take all steps whose time has come, however long nobody could look; none where there is none.

    The last of them is done, once, and says what was missed before it. After the last escalation another follows at
    the policy's interval, counted from now: else an outage would end in a burst.
    """
    due: list[Step] = []
    goes_on = False
    while task.ladder and task.ladder[0].at <= now:
        due.append(task.ladder.pop(0))
        if due[-1].action is Action.ESCALATE and not task.ladder:
            task.ladder.append(Step(at=due[-1].at + task.then_every, action=Action.ESCALATE))
            goes_on = True
    if not due:
        return None
    task.reminded = True
    if goes_on:
        task.ladder = [Step(at=now + task.then_every, action=Action.ESCALATE)]
    return Due(action=due[-1].action, at=due[-1].at, missed=[step.at for step in due[:-1]])


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
    _was_asked(task, message.actor)
    excluded = {*task.not_by, *barred}
    if message.actor == about and about in excluded:
        raise DutiesNotSeparate(f"{about} can't hand on {task.id} ({task.subject}): it is about themselves")
    if message.actor in excluded and message.actor != head:
        raise DutiesNotSeparate(
            f"{message.actor} can't hand on {task.id} ({task.subject}): they have another part in it, and would choose "
            "who decides in their place; the head of HR can"
        )
    if message.delegate_to is None:
        raise Refused(f"{task.id}: neither an answer nor somebody to delegate to", "invalid")
    if message.answer is not None:
        raise Refused(f"{task.id}: give either an answer or somebody to delegate to, not both", "invalid")
    if task.kind in CONFIDENTIAL:
        raise Refused(f"{task.id} ({task.subject}) is in confidence and can't be handed on", "forbidden")
    if task.kind in PERSONAL:
        raise Refused(f"{task.id} ({task.subject}) is {task.assignee}'s alone and can't be delegated", "forbidden")
    if message.delegate_to in excluded:
        raise DutiesNotSeparate(f"{message.delegate_to} can't answer {task.id}: the separation of duties excludes them")
    return message.delegate_to


def check_may_answer(task: Task, actor: PersonId, *, waives: bool = False) -> None:
    """Raise :class:`Refused` for a closed task and whoever was not asked, :class:`DutiesNotSeparate` by the duties.

    Who ``waives`` a task need not have been asked.
    """
    _is_open(task)
    if actor in task.not_by:
        raise DutiesNotSeparate(no_two_parts(task, actor))
    if not waives:
        _was_asked(task, actor)


def no_two_parts(task: Task, actor: PersonId) -> str:
    """Why the separation of duties keeps somebody from a task."""
    return (
        f"{actor} can't answer {task.id} ({task.subject}): nobody decides on their own proposal or evidence, "
        "or stands in beside a part of their own"
    )


def _was_asked(task: Task, actor: PersonId) -> None:
    _is_open(task)
    if actor not in task.people:
        raise not_asked(f"{task.id} ({task.subject})", actor)


def _is_open(task: Task) -> None:
    if not task.is_open:
        raise closed(f"{task.id} ({task.subject})", task.state, task.closed_at, task.answered_by)


def closed(task: str, state: str, at: datetime | None, by: PersonId | None) -> Refused:
    """A task is closed: since when, how, and by whom."""
    since = instant_text(at) if at else "before"
    return Refused(f"{task} is closed since {since} ({state}{f' by {by}' if by else ''})")


def not_asked(task: str, actor: PersonId) -> Refused:
    """Somebody else was asked."""
    return Refused(f"{actor} was not asked {task}", "forbidden")
