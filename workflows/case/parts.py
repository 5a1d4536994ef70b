"""The parts of a case: who takes one over, and what becomes of all that somebody had in it who has left the company.

A part moves with its open tasks, which keep the time they have left. Nobody takes a part that the separation of duties
keeps them from. Who has left is asked nothing any more: until it is known who takes over, HR stands in.
"""

from __future__ import annotations

from typing import Any

from domain.core.case import CaseState
from domain.core.decisions import DecisionKind
from domain.core.forms import Successor
from domain.core.letters import PartChanged, PartPassedOn, PartTaken
from domain.core.model import Party, PersonId
from domain.core.people import OnRecord
from domain.core.questions import TaskKind
from domain.core.reassigning import (
    WHOLE_CASE,
    HandedPart,
    Handing,
    HandOver,
    Reassign,
    escalates_to_nobody,
)
from domain.core.taking_over import check_reassigned, check_takes_over
from domain.core.tasks import DutiesNotSeparate, Refused, Task
from workflows.case.context import CaseContext
from workflows.case.successors import SuccessorQuestions, part_of

HEARD_OF = frozenset({Party.MANAGER, Party.HR})
"""Of a change in these parts whoever the case is about hears."""

HAS_LEFT = "whoever was asked has left the company"

KEPT = "they are back, and keep the part"
"""Why nobody has to say any more who takes over from somebody."""

ALONE_IN_HR = "they are HR and head of HR now: what they do not answer in time goes on to nobody else"

NOBODY_IN_HR = "nobody of HR is left in this case; somebody of HR declares it again, and names a successor"
"""What has to be done where HR and its head have left, and so has whoever has declared it."""


class Parts:
    """Who plays which part in one case. A programme says in a subclass what else moves with a part."""

    def __init__(self, context: CaseContext[Any]) -> None:
        self._context = context
        self._state: CaseState = context.state
        self._successors = SuccessorQuestions(context, self.check)

    # What a programme adds

    def has_moved(self, party: Party, to: PersonId) -> None:
        """Somebody else has this part now: what was told of the one before is told anew."""

    def free_mentor(self, _: HandOver) -> HandedPart | None:
        """The mentor has left: another is looked for; none where they were not the mentor."""
        return None

    def end(self, request: HandOver) -> HandedPart:
        """Whom the case is about has left: it ends."""
        self._context.end_early(self._reason(request), by=request.actor)
        return self.handed(WHOLE_CASE, Handing.OVER, why="it ends early")

    # One part

    def check(self, party: Party, before: PersonId, to: PersonId) -> None:
        """Raise :class:`Refused` where somebody can't take a part over, :class:`DutiesNotSeparate` by the duties."""
        check_takes_over(self._state, party, before, to)

    def check_request(self, request: Reassign) -> PersonId:
        """Whom a request replaces. Raises as :meth:`check` does."""
        return check_reassigned(self._state, request)

    def reassign(self, request: Reassign) -> str:
        """Somebody else has a part from now on: what was done. What the duties forbid is recorded, and raised."""
        try:
            before = self.check_request(request)
        except DutiesNotSeparate as refusal:
            self._context.report.attempt(request.actor, f"reassign {request.party.value}", str(refusal))
            raise
        moved = self._move(request.party, before, request.to, by=request.actor, reason=request.reason)
        tasks = f", with {moved} open task{'' if moved == 1 else 's'}" if moved else ""
        alone = f"; {ALONE_IN_HR}" if escalates_to_nobody(self._state.parts(), request.party, request.to) else ""
        return f"{request.to} is the {request.party.spoken} from now on, in place of {before}{tasks}{alone}"

    def _move(self, party: Party, before: PersonId, to: PersonId, *, by: PersonId, reason: str | None) -> int:
        """Move a part with its open tasks; how many of them everybody may know of. Both are told, on record."""
        tasks = self._context.asking.going_with(party, before)
        known = [task for task in tasks if not task.confidential]
        self._state.pass_on(party, before, to)
        self._state.note_moved(party, before, to, self._context.now())
        self._context.report.decision(
            DecisionKind.PART,
            f"{to} is {party.spoken}",
            by=by,
            reason=reason,
            evidence={"part": party.value, "before": before, "tasks": [task.id for task in known]},
        )
        self._write_letters(party, before, to, len(tasks))
        self._context.asking.take_over(tasks, to)
        self._context.asking.escalate_past(before, to)
        for question in self._successors.open(party, before):
            self._context.asking.fulfil(question.id)
        self.has_moved(party, to)
        self._context.changed()
        return len(known)

    def _write_letters(self, party: Party, before: PersonId, to: PersonId, tasks: int) -> None:
        report = self._context.report
        report.letter(PartTaken(part=party, before=before, tasks=tasks), to=to)
        report.letter(PartPassedOn(part=party, now=to), to=before)
        if party in HEARD_OF and self._state.about is not None:
            report.letter(PartChanged(part=party, now=to), to=self._state.about)

    # All that somebody had who has left

    def hand_over(self, request: HandOver, found: OnRecord) -> list[HandedPart]:
        """Hand over what somebody has; what has become of each thing, also of those that moved before.

        ``found`` is what the records know of successors, and of those who have declared that somebody leaves.
        """
        gone = request.person
        if gone == self._state.about:
            return [] if self._state.over else [self.end(request)]
        self._state.note_gone(gone, request.actor, found.left)
        for other in self._state.gone:
            if other != gone:  # there may be somebody now to stand in for them
                self._context.asking.stand_in_for(other, self._asked_of(other))
        waits: list[HandedPart] = []
        for party, people in self._state.parts().items():
            if gone in people:
                waits += self._hand_over_part(party, request, found)
        loose = self._hand_over_tasks(gone)
        for person in self._state.gone:
            self._context.asking.escalate_past(person)
        self._context.changed()
        return [*self._moved_from(gone), *loose, *waits]

    def is_back(self, person: PersonId) -> None:
        """Who had left is there again, and can be asked. What was handed over stays so; what was not, they keep."""
        self._state.note_back([person])
        asking = self._context.asking
        asking.take_over(asking.stood_in(person), person)
        asking.call_off_these([task for task in self._successors.open() if task.facts["person"] == person], KEPT)
        self._context.changed()

    def _moved_from(self, gone: PersonId) -> list[HandedPart]:
        return [
            HandedPart(
                what=moved.party.spoken,
                state=Handing.MOVED,
                at=moved.at,
                to=moved.to,
                why=ALONE_IN_HR if escalates_to_nobody(self._state.parts(), moved.party, moved.to) else None,
            )
            for moved in self._state.moved
            if moved.before == gone
        ]

    def _hand_over_part(self, party: Party, request: HandOver, found: OnRecord) -> list[HandedPart]:
        """Nothing where it has moved: :meth:`_moved_from` tells of it."""
        if party is Party.MENTOR:
            handed = self.free_mentor(request)
            return [] if handed is None else [handed]
        to = request.successors.get(party, request.successor)
        why = "nobody is named" if to is None else found.why_not_asked(to)
        if to is not None and why is None:
            try:
                self.check(party, request.person, to)
            except Refused as refusal:
                why = str(refusal).removeprefix("to: ")
            else:
                self._move(party, request.person, to, by=request.actor, reason=self._reason(request))
                return []
        asked = self._successors.ask(party, request, why or "")
        waits = f"{asked} is asked who takes over" if asked else NOBODY_IN_HR
        return [self.handed(party.spoken, Handing.WAITS, why=f"{waits}; {why}")]

    def note_answer(self, task_id: str) -> None:
        """Where HR has said who takes over, they do; of any other answer, and of one that came before, nothing."""
        task = self._state.task(task_id)
        if task is None or task.kind is not TaskKind.SUCCESSOR or task.answer is None or task.answered_by is None:
            return
        party, gone, answer = part_of(task), task.facts["person"], Successor.model_validate(task.answer)
        if answer.to == gone:
            self.is_back(gone)
        elif gone in self._state.parts().get(party, []):
            reason = answer.reason or f"{gone} left the company after {task.facts['last_day']}"
            self._move(party, gone, answer.to, by=task.answered_by, reason=reason)

    def _hand_over_tasks(self, gone: PersonId) -> list[HandedPart]:
        """What they were asked without having a part, or somebody else has handed to them."""
        asking, theirs = self._context.asking, self._asked_of(gone)
        handed = asking.hand_back(gone)
        asking.call_off_these([task for task in theirs if asking.only_theirs(task)], HAS_LEFT)
        asking.stand_in_for(gone, theirs)
        if not any(gone in people for people in self._state.parts().values()):  # else they wait for who takes that over
            left = [task for task in self._asked_of(gone) if asking.is_of_one_person(task)]
            asking.call_off_these(left, HAS_LEFT)
        tasks = {task.id: task for task in [*handed, *theirs] if not task.confidential}
        return [self._handed_task(task, gone) for task in tasks.values()]

    def _asked_of(self, person: PersonId) -> list[Task]:
        return [task for task in self._state.open_tasks() if task.assignee == person]

    def _handed_task(self, task: Task, gone: PersonId) -> HandedPart:
        if not task.is_open:
            return self.handed(f"task {task.id}", Handing.OVER, why="called off")
        if task.assignee == gone:
            return self.handed(f"task {task.id}", Handing.WAITS, why="nobody can stand in")
        return self.handed(f"task {task.id}", Handing.MOVED, to=task.assignee)

    def _reason(self, request: HandOver) -> str:
        left = f"{request.person} left the company after {request.left_on}"
        return f"{left}: {request.reason}" if request.reason else left

    def handed(self, what: str, state: Handing, *, to: PersonId | None = None, why: str | None = None) -> HandedPart:
        """What has become of something now."""
        return HandedPart(what=what, state=state, at=self._context.now(), to=to, why=why)
