"""What HR says of pairs: the newest word of a pair counts, and each placement hears what concerns it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cohort.rulings import awaiting_ruling, check_pairs, ruling_for, set_pairs
from domain.cohort.state import CohortState
from domain.core.tasks import Refused
from tests.domain.cohort.states import begun
from tests.office import MANAGER

RETURNERS, MENTORS = ["P-RET1", "P-RET2"], ["P-MEN1", "P-MEN2", "P-MEN3"]
SAID = st.tuples(st.sampled_from(["pin", "forbid", "lift"]), st.sampled_from(RETURNERS), st.sampled_from(MENTORS))


def cohort() -> CohortState:
    return begun(f"R-{returner[2:]}" for returner in RETURNERS)


@given(st.lists(SAID, max_size=12))
def test_of_each_pair_the_newest_word_counts_and_only_whom_it_concerns_hears_it(
    said: list[tuple[str, str, str]],
) -> None:
    state = cohort()
    forbidden: dict[str, set[str]] = {name: set() for name in RETURNERS}
    pinned: dict[str, str | None] = dict.fromkeys(RETURNERS)
    for word, returner, mentor in said:
        set_pairs(
            state, **{kind: [f"{returner}={mentor}"] if kind == word else [] for kind in ("pin", "forbid", "lift")}
        )
        (forbidden[returner].add if word == "forbid" else forbidden[returner].discard)(mentor)
        if word == "pin":
            pinned[returner] = mentor
        elif pinned[returner] == mentor:
            pinned[returner] = None

    for participant in state.participants.values():
        returner, ruling = participant.who.returner, ruling_for(state, participant)
        if not any(about == returner for _, about, _ in said):
            assert ruling is None
            continue
        assert ruling is not None
        assert (ruling.pinned, set(ruling.forbidden)) == (pinned[returner], forbidden[returner])
        assert participant in awaiting_ruling(state)
        participant.ruled = ruling.n
        assert participant not in awaiting_ruling(state)


@pytest.mark.parametrize(
    ("pairs", "sentence"),
    [
        ({"lift": ["P-RET1=P-MEN1"]}, "lift: P-RET1=P-MEN1 is neither pinned nor forbidden"),
        ({"pin": ["P-RET1=P-MEN1"], "lift": ["P-RET1=P-MEN1"]}, "pin, lift: P-RET1=P-MEN1 can't be both"),
        ({"forbid": ["P-RET1=P-MEN1"], "lift": ["P-RET1=P-MEN1"]}, "forbid, lift: P-RET1=P-MEN1 can't be both"),
        ({"forbid": ["P-NOBODY=P-MEN1"]}, "forbid: P-NOBODY does not take part in SPRING"),
        ({"pin": [f"P-RET1={MANAGER}"]}, "leads P-RET1"),
    ],
)
def test_what_can_not_be_said_of_a_pair_is_refused(pairs: dict[str, list[str]], sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        check_pairs(cohort(), **{"pin": [], "forbid": [], "lift": []} | pairs)
