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
    return [participant for participant in state.those(*ACTIVE) if participant.heard < state.word]


def all_know(state: CohortState) -> bool:
    """Whether it stands in the state already that nobody is left to be told."""
    return all(pause.told and (pause.told_to_go_on or pause.back_on is None) for pause in state.pauses)


def say_all_know(state: CohortState) -> None:
    """Nobody is left who has not heard the last word, which makes all earlier ones good too."""
    for pause in state.pauses:
        pause.told = True
        pause.told_to_go_on = pause.back_on is not None


def asking_to_stand_still(participants: Iterable[ParticipantState]) -> dict[CaseId, ParticipantStatus]:
    """They are just being asked to stand still, and may do so from here on; how it stands with each now."""
    before: dict[CaseId, ParticipantStatus] = {}
    for participant in participants:
        participant.may_be_still = True
        before[participant.who.case] = participant.standing
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
        participant = state.participants[reply.case]
        if not reply.refused:
            pause.refused.pop(reply.case, None)
            pause.cases = list(dict.fromkeys([*pause.cases, reply.case]))
        else:
            pause.refused[reply.case] = reply.says
            participant.may_be_still = reply.silent
        if not reply.refused or participant.standing is before[reply.case]:
            participant.heard = n


def can_stand_still_now(state: CohortState, participant: ParticipantState) -> None:
    """They have a calendar from here on: during a pause they are asked again.

    Also who may stand still already, because they have not answered: what they were told may have come too early.
    """
    if state.stands_still:
        participant.heard = state.word - 1


def gone_on(
    state: CohortState, n: int, participants: Sequence[ParticipantState], replies: Sequence[AskedPlacement]
) -> list[ParticipantState]:
    """What came of the ``n``-th word, which was to go on, among those who may stand still.

    All others, and whoever has not answered, are still to hear it by signal: that arrives, if late.
    """
    state.pauses[n // 2 - 1].refused.update({reply.case: reply.says for reply in replies if reply.refused})
    answered = {reply.case for reply in replies if not reply.silent}
    for participant in participants:
        participant.heard, participant.may_be_still = n, False
    return [participant for participant in participants if participant.who.case not in answered]
