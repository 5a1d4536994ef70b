"""Which address of a returner mail goes to: they read the mail of the house only while they work there."""

from __future__ import annotations

from datetime import date

from domain.core.letters import LetterFacts
from domain.core.post import Address
from domain.core.questions import TaskKind
from domain.core.task_letters import TaskLetter
from domain.placement.stages import BEFORE_THE_FIRST_DAY, Outcome
from domain.placement.state import PlacementState


def reach_of_returner(state: PlacementState, today: date, letter: LetterFacts, *, end_moves: bool) -> Address:
    """Private before the first day; then for the offer, and without employment after the last day.

    Today is the local date. While the ``end_moves``, in a leave, no day is the last; whoever ends early is gone from
    that moment on. Timed mails to an address of the house that nobody reads yet never arrive (ChiefOnboarding, issue
    529).
    """
    if state.plan is None or state.stage in BEFORE_THE_FIRST_DAY:
        return "private"
    if isinstance(letter, TaskLetter) and letter.about.kind is TaskKind.OFFER:
        return "private"
    over = state.early_end is not None or (today > state.plan.end and not end_moves)
    return "private" if over and not is_employed(state, today) else "work"


def is_employed(state: PlacementState, today: date) -> bool:
    """Whether the employment that was offered and accepted has begun."""
    begins = state.employed_from
    return state.outcome is Outcome.CONVERTED and begins is not None and begins <= today
