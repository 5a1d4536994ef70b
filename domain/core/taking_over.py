"""Whether somebody can take over a part of a case, and which of its open tasks go with it."""

from __future__ import annotations

from domain.core.case import CaseState
from domain.core.model import Party, PersonId
from domain.core.permissions import OF_HR
from domain.core.questions import TaskKind
from domain.core.reassigning import ABOUT, MENTOR_IS_ASKED, Reassign, replaced_in
from domain.core.tasks import VOLUNTARY, DutiesNotSeparate, Refused, Task

NEVER_HANDED_OVER = frozenset({TaskKind.MENTOR_REQUEST, TaskKind.SESSION_NOTE, *VOLUNTARY})
"""Who was asked to be a mentor, held a session, or was asked how it goes, answers that also once somebody else has the
part."""

JUDGES = frozenset({Party.TRAINER, Party.SUPERVISOR, Party.REVIEWER})
"""The parts for which the manager is asked where nobody is named."""


def going_with(state: CaseState, party: Party, before: PersonId) -> list[Task]:
    """The open tasks that go with a part to whoever takes it over from ``before``.

    With HR's parts, and with the last one somebody has, go those in which they stand in for others; and where they
    have left, those in which others stand in for them.
    """
    others = [part for part in state.party_of(before) if part is not party]

    def goes(task: Task) -> bool:
        if task.kind in NEVER_HANDED_OVER:
            return False
        if task.assignee != before:
            return task.party is party and task.stands_in and before in state.gone
        stands_in = task.party not in others and (party in OF_HR or not others)
        judges = party is Party.MANAGER and task.party in JUDGES and task.party not in others
        return task.party is party or stands_in or judges

    return [task for task in state.open_tasks() if goes(task)]


def check_takes_over(state: CaseState, party: Party, before: PersonId, to: PersonId) -> None:
    """Raise :class:`Refused` where somebody can't take a part over, :class:`DutiesNotSeparate` by the duties."""
    if party in ABOUT:
        raise Refused(f"party: the case is the {party.spoken}'s; nobody can take it over", "invalid")
    if party is Party.MENTOR:
        raise Refused(f"party: {MENTOR_IS_ASKED}", "invalid")
    if to == before:
        raise Refused(f"to: {to} is the {party.spoken} in {state.case} already", "invalid")
    if (why := state.reason_against(party, to, going_with(state, party, before))) is not None:
        raise DutiesNotSeparate(why)


def check_reassigned(state: CaseState, request: Reassign) -> PersonId:
    """Whom a request replaces. Raises as :func:`check_takes_over` does."""
    before = replaced_in(state.parts(), request.party, request.person, state.case)
    check_takes_over(state, request.party, before, request.to)
    return before
