"""Which pairs HR pins or forbids in a cohort, and which placements are still to be sent that (a *ruling*)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from domain.cohort.matching import Pair
from domain.cohort.participant_state import ACTIVE, ParticipantState
from domain.cohort.state import CohortState, pair_of
from domain.core.model import PersonId
from domain.core.tasks import Refused
from domain.placement.cohort_messages import MentorRuling


def check_pairs(state: CohortState, pin: Sequence[str], forbid: Sequence[str], lift: Sequence[str]) -> None:
    """Refuse pairs that can't be: somebody who does not take part, or a mentor who leads, or decides on, them.

    Raises :class:`Refused`.
    """
    for field, pairs, other, others in (
        ("pin", pin, "forbid", forbid),
        ("pin", pin, "lift", lift),
        ("forbid", forbid, "lift", lift),
    ):
        if both := sorted(set(pairs) & set(others)):
            raise Refused(f"{field}, {other}: {both[0]} can't be both", "invalid")
    pinned = [pair_of(text).returner for text in pin]
    if twice := sorted({returner for returner in pinned if pinned.count(returner) > 1}):
        raise Refused(f"pin: {twice[0]} can have only one mentor", "invalid")
    roles = {participant.who.returner: state.roles[participant.who.role] for participant in state.participants.values()}
    for field, pairs in (("pin", pin), ("forbid", forbid), ("lift", lift)):
        for text in pairs:
            pair = pair_of(text)
            if pair.returner not in roles:
                raise Refused(f"{field}: {pair.returner} does not take part in {state.cohort}", "invalid")
            if field == "pin" and pair.mentor in (pair.returner, *roles[pair.returner].deciding()):
                raise Refused(f"pin: {pair.mentor} leads {pair.returner}, decides on them, or is them", "invalid")
            if field == "lift" and pair not in [*state.pins, *state.forbids]:
                raise Refused(f"lift: {text} is neither pinned nor forbidden", "invalid")


def set_pairs(state: CohortState, pin: Iterable[str], forbid: Iterable[str], lift: Iterable[str]) -> None:
    """Pin these pairs, forbid those, and let the ``lift``-ed be neither. The newest request about a pair counts."""
    pins, forbids, lifted = ([pair_of(text) for text in texts] for texts in (pin, forbid, lift))
    state.pins = [pinned for pinned in state.pins if pinned not in [*forbids, *lifted]]
    state.forbids = [
        *(forbidden for forbidden in state.forbids if forbidden not in [*pins, *forbids, *lifted]),
        *forbids,
    ]
    for pair in pins:
        _pin(state, pair)
    _count_ruling_for(state, {pair.returner for pair in [*pins, *forbids, *lifted]})


def pin(state: CohortState, pair: Pair) -> None:
    """Pin this mentor, and nobody else, to this returner."""
    _pin(state, pair)
    _count_ruling_for(state, {pair.returner})


def _pin(state: CohortState, pair: Pair) -> None:
    state.pins = [*(pinned for pinned in state.pins if pinned.returner != pair.returner), pair]


def _count_ruling_for(state: CohortState, returners: set[PersonId]) -> None:
    state.rulings += 1
    for participant in state.participants.values():
        if participant.who.returner in returners:
            participant.ruling = state.rulings


def last_ruling(state: CohortState, returner: PersonId) -> int:
    """The number of the ruling that a new placement has to be sent; 0 where HR has said nothing of this returner."""
    return state.rulings if any(pair.returner == returner for pair in [*state.pins, *state.forbids]) else 0


def ruling_for(state: CohortState, participant: ParticipantState) -> MentorRuling | None:
    """Whom HR has pinned to this participant, and whom it has forbidden; None where it never said anything."""
    if not participant.ruling:
        return None
    returner = participant.who.returner
    return MentorRuling(
        n=participant.ruling,
        pinned=next((pair.mentor for pair in state.pins if pair.returner == returner), None),
        forbidden=[pair.mentor for pair in state.forbids if pair.returner == returner],
    )


def awaiting_ruling(state: CohortState) -> list[ParticipantState]:
    """The participants whose placement has not been sent HR's last ruling."""
    return [participant for participant in state.participants_in(*ACTIVE) if participant.ruled < participant.ruling]
