"""A task: one question to one person, with the time allowed for it and what happens as that passes."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Literal, TypeAlias

from domain.core.model import CaseId, Fixed, Instant, Message, Model, Party, PersonId
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
    REPLACED = "replaced"
    """Answered, reopened, and answered anew: the newer answer counts."""
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

NEVER_DISOWNED = PERSONAL | CONFIDENTIAL | {TaskKind.E_LEARNING, TaskKind.RIGHT_PERSON, TaskKind.SUCCESSOR}
"""Nobody can say that these are not theirs: what only they can do, and what says whose another task is."""

IN_CALENDAR_DAYS = frozenset({TaskKind.OFFER})
"""What is due after so many calendar days also where the office is closed on the last of them: an offer names the
moment at which it ends, and that is agreed. Only somebody with days of their own has it until one of those."""

EXPIRES_ONLY_IF_DELIVERED = frozenset({TaskKind.OFFER})
"""Tasks that expire only if their letter reached the assignee in time; else they are called off, and asked
anew. A mentor request goes to the next mentor without that, a seat to the next on its waiting list."""


WAIVED_BY_HR = frozenset({TaskKind.OFFBOARDING_ITEM, TaskKind.CHANGEOVER_ITEM})
"""Tasks of which HR may say at any time why they are not needed, though others are asked."""


class SaidNotTheirs(Model):
    """Somebody who was asked says that the task is not theirs; ``asked`` is the task by which HR is asked whose it is.

    ``settled`` once that is known, or does not matter any more. A pause moves ``at`` with all that is still to come.
    """

    by: PersonId
    at: Instant
    asked: str
    settled: bool = False


class Task(Model):
    """One question to one person. ``not_by`` are those whom the separation of duties keeps from answering.

    ``handed_on_by`` are those who have handed it to somebody else: they have chosen who answers. ``ref`` is what of the
    case it is about, as the workflow calls it. ``reopens`` is the answered task that is asked once more by this one.
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
    ref: str | None = None
    by_name: bool = False
    """Whether the assignee was named for it, and not asked because of a part they play."""
    came_at: Instant | None = None
    """When it came to the assignee, where somebody else was asked at first."""
    said_not_theirs: list[SaidNotTheirs] = []
    reopens: str | None = None
    replaced_by: str | None = None
    """The task whose answer counts in place of this one's."""

    @property
    def is_open(self) -> bool:
        """Whether an answer is still awaited."""
        return self.state is TaskState.OPEN

    @property
    def people(self) -> list[PersonId]:
        """Those who may act on it now, the assignee first."""
        return list(dict.fromkeys([self.assignee, *self.delegates, *([self.escalation] if self.escalated else [])]))

    @property
    def confidential(self) -> bool:
        """Whether it is between one person and HR."""
        return self.kind in CONFIDENTIAL

    @property
    def facts_on_record(self) -> dict[str, Any]:
        """Its facts, as far as its row has them: nothing of what somebody has written in confidence."""
        return {} if self.kind in CONFIDENTIAL - VOLUNTARY else self.facts

    @property
    def answer_on_record(self) -> dict[str, Any] | None:
        """Its answer, where that stands in its row."""
        return None if self.confidential else self.answer

    def is_there_for(self, person: PersonId) -> bool:
        """Whether somebody may know of it: of what is confidential only those who may act on it."""
        return not self.confidential or person in self.people

    def disowned_by(self, person: PersonId) -> SaidNotTheirs | None:
        """What somebody has said who says that it is not theirs, as long as nobody has said whose it is."""
        return next((said for said in self.said_not_theirs if said.by == person and not said.settled), None)

    @property
    def stands_still(self) -> bool:
        """Whether its time stands still, because HR is asked whose it is."""
        return self.disowned_by(self.assignee) is not None

    def may_waive(self, actor: PersonId) -> bool:
        """Whether this person may say why there is no review, instead of giving one."""
        stands_in = self.stands_in and actor == self.assignee
        return stands_in or (self.escalated and actor == self.escalation)

    def postpone(self, by: timedelta) -> None:
        """Move all that is still to come."""
        self.due_at += by
        self.ladder = [Step(at=step.at + by, action=step.action) for step in self.ladder]

    def pause_over(self, lasted: timedelta, now: datetime) -> None:
        """Move all that is still to come by the part of a pause that it has stood still in."""
        self.postpone(min(lasted, now - (self.came_at or self.opened_at)))
        for said in self.said_not_theirs:
            if not said.settled:
                said.at += min(lasted, now - said.at)


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
