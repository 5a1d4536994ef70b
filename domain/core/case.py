"""What every case of every programme has: a clock, tasks, decisions, risks, and two outboxes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any, ClassVar, Self

from pydantic import Field

from domain.core.answering import no_two_parts
from domain.core.clock import ClockState
from domain.core.decisions import DecisionRow
from domain.core.delivery import LastSeal
from domain.core.holdings import Holding, PlaceOffered
from domain.core.local_days import Midnights
from domain.core.model import CaseId, Fixed, Instant, Message, Model, Party, PersonId, Sentence
from domain.core.outboxes import Journal, Post
from domain.core.own_days import due_on_working_day
from domain.core.policy_rules import CasePolicy
from domain.core.questions import TaskKind
from domain.core.risks import Risk, RiskKey
from domain.core.tasks import IN_CALENDAR_DAYS, Refused, Task
from domain.core.views import fitting
from domain.core.working_pattern import WorkingPattern, WorkingWeek

ENDED = "ended"
"""The last stage of the cases of all programmes."""


class EarlyEnd(Fixed):
    """A case is ended early: by whom (none: an operator cancelled it), since when, and why."""

    by: PersonId | None
    at: Instant
    reason: str


class PartMoved(Fixed):
    """Somebody else has a part since then."""

    party: Party
    before: PersonId
    to: PersonId
    at: Instant


class CaseState(Model):
    """The state common to the cases of all programmes; ``view`` shows it."""

    case: CaseId
    programme: str
    policy: CasePolicy
    cohort: str | None = None
    stage: str
    stage_since: Instant
    clock: ClockState
    parties: dict[Party, PersonId]
    midnights: list[Midnights] = []
    """When local days begin where the case is, as looked up before anything was asked; of UTC until then."""
    days_off: list[date] = []
    """The public holidays there, as far as they were looked up."""
    tasks: list[Task] = []
    tasks_asked: int = 0
    at_risk: Mapping[str, str] = {}
    """What puts the case at risk, by the keys of :mod:`domain.core.risks`; written by the methods below alone."""
    decisions: list[DecisionRow] = []
    stages: int = 0
    attempts: int = 0
    seals: dict[str, LastSeal] = {}
    """The newest seals of the rows that this case has on record: they show it if somebody removes rows."""
    early_end: EarlyEnd | None = None
    gone: dict[PersonId, PersonId] = {}
    """Those who have left the company, each with who has declared it, the last one last: nobody of them is asked
    anything any more, or written to."""
    moved: list[PartMoved] = []
    """Which parts others have taken over, in order."""
    parts_on_record: dict[Party, list[PersonId]] = {}
    """Who plays which part, as the records were told last."""
    held: list[Holding] = []
    """What the case holds or waits for of scarce things."""
    offers: list[PlaceOffered] = []
    """What it waited for and can take now."""
    journal: Journal = Field(default_factory=Journal)
    post: Post = Field(default_factory=Post)

    in_confidence: ClassVar[frozenset[str]] = frozenset()
    """The fields that no view shows."""

    @property
    def over(self) -> bool:
        """Whether the case has ended, or is just being ended: nothing can be asked of it any more."""
        return self.early_end is not None or self.stage == ENDED

    def open_tasks(self) -> list[Task]:
        """The tasks somebody still has to answer, the soonest due first."""
        return sorted((task for task in self.tasks if task.is_open), key=lambda task: (task.due_at, task.id))

    def shown_tasks(self) -> list[Task]:
        """Those of them that everybody may see who looks at the case."""
        return [task for task in self.open_tasks() if not task.confidential]

    def task(self, task_id: str) -> Task | None:
        """The task with this id."""
        return next((task for task in self.tasks if task.id == task_id), None)

    def party_of(self, person: PersonId) -> list[Party]:
        """Every part this person plays in the case."""
        return [party for party, who in self.parties.items() if who == person]

    @property
    def about(self) -> PersonId | None:
        """Whom the case is about; nobody, where it is about a cohort."""
        return self.parties.get(Party.RETURNER) or self.parties.get(Party.LEARNER)

    def note_gone(self, person: PersonId, declared_by: PersonId, left: Collection[PersonId] = ()) -> None:
        """Note that somebody has left the company, and who has declared it. Those who had declared such things may have
        ``left`` themselves: nobody stands in who is not there."""
        if self.gone.get(person) != declared_by:
            self.gone.pop(person, None)
            self.gone[person] = declared_by
        for declarer in list(self.gone.values()):
            if declarer in left:
                self.gone.setdefault(declarer, declared_by)

    def note_back(self, people: Collection[PersonId]) -> None:
        """Who had left is there again, and can be asked again."""
        self.gone = {person: by for person, by in self.gone.items() if person not in people}

    def check_there(self, person: PersonId) -> None:
        """Raise :class:`Refused` for somebody who has left the company."""
        if person in self.gone:
            raise Refused(f"{person} has left the company", "forbidden")

    @property
    def declarers(self) -> list[PersonId]:
        """Who in the company's HR has declared that somebody left, and is there, the last one first."""
        out = {*self.gone, self.about}
        return [person for person in dict.fromkeys(reversed(self.gone.values())) if person not in out]

    @property
    def there_for_hr(self) -> list[PersonId]:
        """HR and its head, as far as they are there; where neither is, the declarers; nobody where none of them is."""
        of_hr = dict.fromkeys([self.parties[Party.HR], self.parties[Party.HR_LEAD]])
        return [person for person in of_hr if person not in self.gone] or self.declarers

    def parts(self) -> dict[Party, list[PersonId]]:
        """Who plays which part now; a programme adds those whom it names elsewhere, such as trainers."""
        return {party: [person] for party, person in self.parties.items()}

    def pass_on(self, party: Party, before: PersonId, to: PersonId) -> None:
        """Somebody else has this part from now on, wherever the case names who has it."""
        if self.parties.get(party) == before:
            self.parties[party] = to

    def note_moved(self, party: Party, before: PersonId, to: PersonId, now: datetime) -> None:
        """Note that somebody else has this part since now."""
        self.moved.append(PartMoved(party=party, before=before, to=to, at=now))

    def with_part(self, party: Party, to: PersonId) -> Self:
        """The case as it would be with somebody else in this part."""
        return self.model_copy(update={"parties": {**self.parties, party: to}})

    def reason_against(self, party: Party, to: PersonId, tasks: Sequence[Task]) -> str | None:
        """Why the separation of duties keeps somebody from taking over a part with these ``tasks``, or none."""
        if to == self.about:
            return f"{to} can't be the {party.spoken} in {self.case}: it is about themselves"
        then = self.with_part(party, to)
        task = next((task for task in tasks if to in then.excluded_from(task)), None)
        if task is not None and task.confidential:  # nobody is to learn from a refusal that there is such a task
            return f"{to} has another part in {self.case}, and can't be the {party.spoken} as well"
        return no_two_parts(task, to) if task is not None else None

    def note_risk(self, risk: Risk | RiskKey, reason: str) -> None:
        """Note this reason why the case is at risk. It writes no letter."""
        self.at_risk = {**self.at_risk, str(risk): reason}

    def forget_risk(self, risk: Risk | RiskKey) -> None:
        """Remove this reason why the case is at risk. It writes no letter."""
        self.at_risk = {key: reason for key, reason in self.at_risk.items() if key != risk}

    def forget_risks(self) -> None:
        """Remove all reasons why the case is at risk. It writes no letter."""
        self.at_risk = {}

    def excluded_from(self, task: Task) -> set[PersonId]:
        """Who can't be given a task, by what it is and by what they have done."""
        return {*task.not_by, *self.barred(task), *self.kept_out_of(task)}

    def kept_out_of(self, _task: Task) -> list[PersonId]:
        """Who must not learn of what is asked in confidence by this task, as things are now."""
        return []

    def barred(self, _task: Task) -> list[PersonId]:
        """Whom the separation of duties keeps from a task by what they have done since it was opened."""
        return []

    def due_for(self, person: PersonId, kind: TaskKind, due: datetime) -> datetime:
        """When a task is due that this person does, and is allowed time until then: on a day on which they work."""
        patterns = self.patterns_of(person)
        if kind in IN_CALENDAR_DAYS and not any(pattern.week for pattern in patterns):
            return due
        return due_on_working_day(due, patterns, self.full_week, *self.local_days)

    @property
    def full_week(self) -> WorkingWeek:
        """The week of whoever has no hours of their own."""
        return self.policy.working_week

    @property
    def local_days(self) -> tuple[list[date], list[Midnights]]:
        """The public holidays, and when local days begin."""
        return self.days_off, self.midnights

    def patterns_of(self, _person: PersonId) -> list[WorkingPattern]:
        """What this person works, as far as the case knows."""
        return []

    def waivers(self, _task: Task) -> list[PersonId]:
        """Who may say at any time why nobody has to answer a task, though others are asked."""
        return []

    def view(self, now: datetime) -> dict[str, Any]:
        """The whole state as JSON a person can read, as far as it fits; of the outboxes only how much waits in them.

        What is confidential is not in it. ``now`` is the instant on the case's clock.
        """
        shown = self.model_dump(mode="json", exclude={"journal", "post", *self.in_confidence})
        secret = {task.id for task in self.tasks if task.confidential}
        shown["tasks"] = [task for task in shown["tasks"] if task["id"] not in secret]
        shown["waiting"] = {"journal": len(self.journal.waiting), "post": len(self.post.waiting)}
        shown["totals"] = {"rows": self.journal.count, "letters": self.post.count}
        shown["now"] = now.isoformat()
        return fitting(shown)


class CaseRequest(Message):
    """Base of what somebody asks of a case. ``actor`` is who asks."""

    actor: PersonId


class Done(Fixed):
    """What somebody gets whose request was accepted: what has happened, as a sentence."""

    case: CaseId
    at: Instant
    sentence: str


class Unreadable(Fixed):
    """A message of another workflow, or of a system, that could not be read; ``why`` names the field."""

    signal: str
    why: str


class Withdraw(CaseRequest):
    """End the case now, in good order."""

    reason: Sentence
