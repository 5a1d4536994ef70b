"""Who takes over a part of somebody who has left the company: HR of the case is asked, until somebody says it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from domain.core.case import CaseState
from domain.core.forms import SUCCESSOR, Successor
from domain.core.model import Party, PersonId
from domain.core.questions import TaskKind
from domain.core.reassigning import WOULD_BE_ALONE_IN_HR, HandOver, escalates_to_nobody
from domain.core.tasks import Refused, Task
from workflows.case.context import CaseContext

Check = Callable[[Party, PersonId, PersonId], None]
"""Raises :class:`Refused` where somebody can't take a part over from somebody else."""


class SuccessorQuestions:
    """The questions to HR of one case, who takes over what."""

    def __init__(self, context: CaseContext[Any], check: Check) -> None:
        self._context = context
        self._state: CaseState = context.state
        self._check = check
        for task in self.open():  # asked in an earlier run
            self._check_answers_to(task)

    def open(self, party: Party | None = None, gone: PersonId | None = None) -> list[Task]:
        """The open questions who takes over (that part from that person)."""
        return [
            task
            for task in self._state.open_tasks()
            if task.kind is TaskKind.SUCCESSOR
            and (party is None or (part_of(task), task.facts["person"]) == (party, gone))
        ]

    def ask(self, party: Party, request: HandOver, why: str) -> PersonId | None:
        """Ask who takes over, unless that is asked already; meanwhile HR stands in for the part's tasks.

        Who is asked; none where nobody is there who could be.
        """
        gone, asking, state = request.person, self._context.asking, self._state
        asking.stand_in_for(gone, [task for task in asking.going_with(party, gone) if task.assignee == gone])
        there = [person for person in state.there_for_hr if person != state.about]
        if not there:
            return None
        if asked := self.open(party, gone):
            return asked[0].assignee
        not_by = [gone, *([state.about] if state.about else [])]
        of = next((part for part in (Party.HR, Party.HR_LEAD) if state.parties[part] == there[0]), None)
        could = self._could(party, gone)
        facts = {"person": gone, "part": party.spoken, "last_day": request.left_on.isoformat(), "why": why}
        alone = [person for person in could if escalates_to_nobody(state.parts(), party, person)]
        if alone:
            facts["careful"] = f"{alone[0]} {WOULD_BE_ALONE_IN_HR}"
        task = asking.begin(
            SUCCESSOR,
            f"who takes over as {party.spoken}",
            of=of or Party.HR,
            person=None if of else there[0],
            facts={**facts, "could": could},
            not_by=not_by,
        )
        self._check_answers_to(task)
        return task.assignee

    def _could(self, party: Party, gone: PersonId) -> list[PersonId]:
        """Who around the case could take a part over, by the separation of duties: the head of HR first."""
        parties = self._state.parties
        others = [parties[Party.HR_LEAD], *parties.values()]
        return [person for person in dict.fromkeys(others) if self._fits(party, gone, person)]

    def _fits(self, party: Party, before: PersonId, to: PersonId) -> bool:
        if to in self._state.gone:
            return False
        try:
            self._check(party, before, to)
        except Refused:
            return False
        return True

    def _check_answers_to(self, task: Task) -> None:
        party, gone = part_of(task), task.facts["person"]
        self._context.asking.check_with(task, partial(self._check_successor, party, gone))

    def _check_successor(self, party: Party, gone: PersonId, answer: Successor) -> None:
        if answer.to != gone:  # else they keep it: whether they are back is looked up, as it is for everybody named
            self._check(party, gone, answer.to)


def part_of(question: Task) -> Party:
    """The part that is asked about, which people read in words."""
    return next(party for party in Party if party.spoken == question.facts["part"])
