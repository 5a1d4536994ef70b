"""How a cohort's placements stand still and go on with it: what each is to be told, and what follows from its reply.

What is wanted (the cohort's last word) is compared with what each placement has heard, so a word that was overtaken by
another is told to nobody any more. Replies may be missing, and words may arrive late: see :class:`CohortWord`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from domain.cohort.calls import AskedPlacement
from domain.cohort.state import ACTIVE, CohortState, ParticipantState, ParticipantStatus
from domain.core.model import CaseId


def to_hear(state: CohortState) -> list[ParticipantState]:
    """Those whose placement goes on and has not heard the last word."""
    return [one for one in state.those(*ACTIVE) if one.heard < state.word]


def all_know(state: CohortState) -> bool:
    """Whether it stands in the state already that nobody is left to be told."""
    return all(one.told and (one.told_to_go_on or one.back_on is None) for one in state.pauses)


def say_all_know(state: CohortState) -> None:
    """Nobody is left who has not heard the last word, which makes all earlier ones good too."""
    for pause in state.pauses:
        pause.told = True
        pause.told_to_go_on = pause.back_on is not None


def asking_to_stand_still(those: Iterable[ParticipantState]) -> dict[CaseId, ParticipantStatus]:
    """They are just being asked to stand still, and may do so from here on; how it stands with each now."""
    before: dict[CaseId, ParticipantStatus] = {}
    for one in those:
        one.may_be_still = True
        before[one.who.case] = one.standing
    return before


def stood_still(
    state: CohortState, n: int, before: Mapping[CaseId, ParticipantStatus], replies: Sequence[AskedPlacement]
) -> None:
    """What they have said to the ``n``-th word, which was to stand still.

    Whoever could not, or has not answered, and with whom it stands otherwise since, may have a calendar by now, and is
    asked again: to be asked twice changes nothing.
    """
    pause = state.pauses[(n - 1) // 2]
    for reply in replies:
        one = state.participants[reply.case]
        if not reply.refused:
            pause.refused.pop(reply.case, None)
            pause.cases = list(dict.fromkeys([*pause.cases, reply.case]))
        else:
            pause.refused[reply.case] = reply.says
            one.may_be_still = reply.silent
        if not reply.refused or one.standing is before[reply.case]:
            one.heard = n


def can_stand_still_now(state: CohortState, one: ParticipantState) -> None:
    """They have a calendar from here on: during a pause they are asked again.

    Also who may stand still already, because they have not answered: what they were told may have come too early.
    """
    if state.stands_still:
        one.heard = state.word - 1


def gone_on(
    state: CohortState, n: int, those: Sequence[ParticipantState], replies: Sequence[AskedPlacement]
) -> list[ParticipantState]:
    """What came of the ``n``-th word, which was to go on, among those who may stand still.

    All others, and whoever has not answered, are still to hear it by signal: that arrives, if late.
    """
    state.pauses[n // 2 - 1].refused.update({one.case: one.says for one in replies if one.refused})
    answered = {one.case for one in replies if not one.silent}
    for one in those:
        one.heard, one.may_be_still = n, False
    return [one for one in those if one.who.case not in answered]
