"""What letters about a task say."""

from __future__ import annotations

from typing import Any, ClassVar

from domain.core.letters import LetterFacts, Person, Repeated, plain
from domain.core.model import Fixed, Instant, PersonId
from domain.core.questions import TaskKind


class AboutTask(Fixed):
    """What all letters about a task say of it. ``may_answer`` is whether the reader may."""

    task: str
    subject: str
    kind: TaskKind
    due_at: Instant
    facts: dict[str, Any]
    may_answer: bool
    holder: PersonId | None = None
    """Whose certificate it is about, where it is about one."""


class TaskLetter(LetterFacts):
    """A letter about a task."""

    about: AboutTask

    def facts(self) -> dict[str, Any]:
        """What is said of the task, and then what the letter itself says."""
        own = super().facts()
        del own["about"]
        return {**{name: plain(value) for name, value in self.about if name != "holder"}, **own}

    def people(self) -> dict[str, PersonId]:
        """Whom the letter itself names, and whoever the task is about."""
        return {**super().people(), **({"holder": self.about.holder} if self.about.holder else {})}


class TaskOpened(TaskLetter):
    """There is something to answer."""

    template: ClassVar[str] = "task_opened"


class TaskToHandOn(TaskLetter):
    """There is something that somebody else has to answer: the reader may only hand it on."""

    template: ClassVar[str] = "task_to_hand_on"


class TaskDelegated(TaskLetter):
    """Somebody has handed a task to the reader."""

    template: ClassVar[str] = "task_delegated"

    by: Person


class TaskReminder(TaskLetter, Repeated):
    """A task still waits."""

    template: ClassVar[str] = "task_reminder"


class TaskBroughtForward(TaskLetter):
    """A task is due earlier than was said."""

    template: ClassVar[str] = "task_brought_forward"


class TaskOverdue(TaskLetter, Repeated):
    """The time for a task is over, and somebody else has been told."""

    template: ClassVar[str] = "task_overdue"


class WhoseTask(TaskOpened):
    """Somebody says that a task is not theirs; the reader, of HR, is to say whose it is."""

    template: ClassVar[str] = "whose_task"

    said_by: Person


class TaskIsTheirs(TaskLetter):
    """The reader said that a task is not theirs; HR says that it is, and why."""

    template: ClassVar[str] = "task_is_theirs"

    said_by: Person
    why: str


class TaskReopened(TaskOpened):
    """An answered task is asked once more: the reader is to answer it anew. ``before`` is their own first answer."""

    template: ClassVar[str] = "task_reopened"

    before: dict[str, Any] | None


class AnswerReopened(TaskLetter):
    """What the reader has answered is asked once more, of somebody else."""

    template: ClassVar[str] = "answer_reopened"

    reason: str


class TaskEscalated(TaskLetter, Repeated):
    """Somebody has not answered in time; the reader is to help."""

    template: ClassVar[str] = "task_escalated"

    assignee: Person


class TaskExpired(TaskLetter, Repeated):
    """A task can't be answered any more."""

    template: ClassVar[str] = "task_expired"


class TaskClosed(TaskLetter):
    """A task need not be answered any more."""

    template: ClassVar[str] = "task_closed"

    why: str


class NotReached(LetterFacts):
    """What somebody was asked reached them late or never, so that it begins anew."""

    template: ClassVar[str] = "not_reached"

    subject: str
    task: str
