"""What a departure keeps of what cases say, and how long it waits before it looks again."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from domain.core.departure import AT_MOST_TIMES, CaseHandOver, ChangeDeparture, DepartureState, Leaving
from domain.core.model import Party
from domain.core.reassigning import HandedPart, Handing

NOW = datetime(2027, 4, 1, 0, 5, tzinfo=UTC)
CASE, OTHER = "R-1-DATA1", "U-1-DATA1"
LEAVING = Leaving(last_day=date(2027, 3, 31), declared_by="P-HR1", successor="P-NEW", reason="a new job")


def departure() -> DepartureState:
    return DepartureState(person="P-GONE", leaving=LEAVING)


def part(what: str, state: Handing, to: str | None = None) -> HandedPart:
    return HandedPart(what=what, state=state, at=NOW, to=to)


def shown(state: DepartureState) -> list[tuple[str, str, Handing]]:
    return [(thing.case, thing.handed.what, thing.handed.state) for thing in state.handed]


def test_what_waited_is_replaced_by_what_became_of_it_and_what_moved_stays() -> None:
    state = departure()
    waits = [part("manager", Handing.WAITS), part("task R-1-DATA1-4", Handing.MOVED, "P-HR1")]
    state.note(CaseHandOver(case=CASE, parts=waits), NOW)
    state.note(CaseHandOver(case=OTHER, refused="did not answer"), NOW)
    assert [thing.case for thing in state.waiting()] == [CASE, OTHER]

    state.note(CaseHandOver(case=CASE, parts=[part("manager", Handing.MOVED, "P-NEW")]), NOW)
    state.note(CaseHandOver(case=OTHER, parts=[part("HR", Handing.MOVED, "P-NEW")]), NOW)

    assert shown(state) == [
        (CASE, "task R-1-DATA1-4", Handing.MOVED),
        (CASE, "manager", Handing.MOVED),
        (OTHER, "HR", Handing.MOVED),
    ]


def test_a_case_that_has_ended_needs_nobody_any_more() -> None:
    state = departure()
    state.note(CaseHandOver(case=CASE, parts=[part("manager", Handing.WAITS)]), NOW)
    state.note(CaseHandOver(case=OTHER, refused="did not answer"), NOW)

    state.note(CaseHandOver(case=CASE, ended=True), NOW)
    state.note(CaseHandOver(case=OTHER, ended=True), NOW)

    assert shown(state) == [(CASE, "manager", Handing.OVER)]


@given(st.integers(0, 10_000))
def test_it_is_looked_again_ever_less_often_and_never_later_than_that(looks: int) -> None:
    first, state = timedelta(minutes=5), departure()
    state.looks = looks
    assert state.look_again_after(first) == first
    state.note(CaseHandOver(case=CASE, refused="did not answer"), NOW)
    assert first <= state.look_again_after(first) <= first * AT_MOST_TIMES


def test_a_change_says_only_what_is_otherwise_and_who_has_declared_it_last() -> None:
    assert ChangeDeparture(actor="P-HR1", last_day=LEAVING.last_day).applied_to(LEAVING) == LEAVING
    again = ChangeDeparture(actor="P-HR2", last_day=LEAVING.last_day).applied_to(LEAVING)
    assert again == LEAVING.model_copy(update={"declared_by": "P-HR2"})

    changed = ChangeDeparture(actor="P-HR2", successors={Party.HR: "P-HR3"}).applied_to(LEAVING)

    assert (changed.successor, changed.successors, changed.declared_by) == ("P-NEW", {Party.HR: "P-HR3"}, "P-HR2")
