"""How the placements of a cohort pause and resume with it: whom the cohort asks, and what each reply changes.

Each pause and each resumption of the cohort is an *instruction* with a number. The cohort compares the last one with
the one that each placement has received (``heard``), and so sends nobody an instruction that a later one has replaced.
Replies may be missing, and instructions may arrive late: see :mod:`domain.placement.cohort_messages`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from domain.cohort.calls import AskedPlacement
from domain.cohort.participant_state import ACTIVE, ParticipantState, ParticipantStatus
from domain.cohort.state import CohortState
from domain.core.model import CaseId


def to_be_asked(state: CohortState) -> list[ParticipantState]:
    """The participants whose placement runs and has not received the last instruction."""
    return [participant for participant in state.participants_in(*ACTIVE) if participant.heard < state.last_instruction]


def all_pauses_sent(state: CohortState) -> bool:
    """Whether the state says of every pause that all placements have received it."""
    return all(pause.pause_sent and (pause.resume_sent or pause.back_on is None) for pause in state.pauses)


def mark_pauses_sent(state: CohortState) -> None:
    """Note that all placements have received the last instruction, and with it all earlier ones."""
    for pause in state.pauses:
        pause.pause_sent = True
        pause.resume_sent = pause.back_on is not None


def mark_asked_to_pause(participants: Iterable[ParticipantState]) -> dict[CaseId, ParticipantStatus]:
    """Note that these are being asked to pause, and may be paused from now on. Returns the status of each, by case."""
    before: dict[CaseId, ParticipantStatus] = {}
    for participant in participants:
        participant.may_be_still = True
        before[participant.who.case] = participant.status
    return before


def note_pause_replies(
    state: CohortState, n: int, before: Mapping[CaseId, ParticipantStatus], replies: Sequence[AskedPlacement]
) -> None:
    """Note the replies to the ``n``-th instruction, which was to pause.

    A placement that could not pause, or has not answered, may have a calendar by now if its status has changed since
    ``before``. It is asked again: asking twice changes nothing.
    """
    pause = state.pauses[(n - 1) // 2]
    for reply in replies:
        participant = state.participants[reply.case]
        if not reply.refused:
            pause.refused.pop(reply.case, None)
            pause.cases = list(dict.fromkeys([*pause.cases, reply.case]))
        else:
            pause.refused[reply.case] = reply.sentence
            participant.may_be_still = reply.silent
        if not reply.refused or participant.status is before[reply.case]:
            participant.heard = n


def ask_again_to_pause(state: CohortState, participant: ParticipantState) -> None:
    """Have a placement asked to pause once more, because it has a calendar from now on.

    Also one that may be paused already because it has not answered: what it was asked may have come too early.
    """
    if state.is_paused:
        participant.heard = state.last_instruction - 1


def note_resume_replies(
    state: CohortState, n: int, participants: Sequence[ParticipantState], replies: Sequence[AskedPlacement]
) -> list[ParticipantState]:
    """Note the replies to the ``n``-th instruction, which was to resume. Returns those who have not answered.

    They are sent the instruction by signal too, which arrives even where it is late.
    """
    state.pauses[n // 2 - 1].refused.update({reply.case: reply.sentence for reply in replies if reply.refused})
    answered = {reply.case for reply in replies if not reply.silent}
    for participant in participants:
        participant.heard, participant.may_be_still = n, False
    return [participant for participant in participants if participant.who.case not in answered]
