"""Scarce things: whatever people do, nobody gets in who should not, and nobody waits who need not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from pydantic import ValidationError

from domain.capacity.reserving import TOO_OLD, CapacityStart, Release, Reserve, Reserved, Resize
from domain.capacity.rules import CapacityRun, CapacityState
from domain.core.capacity_rows import CapacityRow, ReservationRow
from domain.core.holdings import KINDS, ReservationStatus
from domain.core.journal import Row
from domain.core.policy_rules import TaskRule
from domain.core.tasks import Refused
from domain.placement.policy import StipendRules
from tests.domain.factories import shipped_learning_policy, shipped_policy

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
OWNER, LEARNER = "P-OWNER", "P-LEARN1"


def seats(size: int, *, owners: list[str] | None = None) -> CapacityState:
    start = CapacityStart(
        id="seats-SQL-101-MARCH",
        title="SQL, in March",
        unit="places",
        size=Decimal(size),
        owners=[OWNER] if owners is None else owners,
    )
    return CapacityState.begin(start, NOW)


def budget(size: str) -> CapacityState:
    start = CapacityStart(
        id="budget-TRAINING", title="Training", unit="GBP", size=Decimal(size), owners=[OWNER], updates_a_run=10
    )
    return CapacityState.begin(start, NOW)


def holder(name: str) -> str:
    return f"U-{name}-DATA1/plan-1"


def reserve(state: CapacityState, name: str, amount: str = "1", *, at: datetime = NOW, **options: Any) -> Reserved:
    values = {"wait": True, "signal_to": f"upskilling-U-{name}-DATA1", **options}
    return state.reserve(Reserve(actor=LEARNER, holder=holder(name), amount=Decimal(amount), **values), at)


def release(state: CapacityState, name: str, keep: str = "0", *, at: datetime = NOW) -> Reserved:
    return state.release(Release(actor=LEARNER, holder=holder(name), keep=Decimal(keep)), at)


def resize(state: CapacityState, size: str, by: str = OWNER, *, at: datetime = NOW) -> None:
    state.resize(Resize(actor=by, size=Decimal(size), reason="another room"), at)


def test_what_is_given_back_is_offered_to_the_next_and_taken_by_reserving_again() -> None:
    state = seats(1)
    reserve(state, "ANN")
    assert (reserve(state, "BEN").place, reserve(state, "CAT").place) == (1, 2)

    release(state, "ANN")

    offered = state.status_of(holder("BEN"))
    assert (offered.status, offered.until) == (ReservationStatus.OFFERED, NOW + timedelta(days=2))
    assert state.next_unsignalled_offer() is not None
    assert reserve(state, "CAT").place == 1
    taken = reserve(state, "BEN")
    assert (taken.status, taken.until, state.next_unsignalled_offer()) == (ReservationStatus.HELD, None, None)


def test_a_call_that_is_repeated_on_its_way_does_not_take_what_was_offered_meanwhile() -> None:
    state = seats(1)
    reserve(state, "ANN")
    wish = Reserve(actor=LEARNER, holder=holder("BEN"), wait=True, signal_to="upskilling-U-BEN-DATA1")
    state.reserve(wish, NOW, "call-1")
    release(state, "ANN")

    assert state.reserve(wish, NOW, "call-1").status is ReservationStatus.OFFERED
    assert state.reserve(wish, NOW, "call-2").status is ReservationStatus.HELD


def test_an_offer_that_lapses_goes_on_and_whoever_let_it_pass_is_off_the_list() -> None:
    state = seats(1)
    reserve(state, "ANN")
    reserve(state, "BEN", offer_seconds=60)
    reserve(state, "CAT", offer_seconds=60)
    release(state, "ANN")

    state.withdraw_expired_offers(NOW + timedelta(seconds=59))
    assert state.status_of(holder("BEN")).status is ReservationStatus.OFFERED
    state.withdraw_expired_offers(NOW + timedelta(seconds=60))

    assert state.status_of(holder("BEN")).status is ReservationStatus.RELEASED
    assert state.status_of(holder("CAT")).until == NOW + timedelta(seconds=120)
    assert reserve(state, "BEN").place == 1


def test_a_small_wish_never_overtakes_a_large_one() -> None:
    state = budget("100")
    reserve(state, "ANN", "60")
    reserve(state, "BEN", "50")

    assert reserve(state, "CAT", "10").place == 2
    assert reserve(state, "DAN", "10", wait=False).status is ReservationStatus.FULL
    with pytest.raises(Refused, match=r"60\.00 GBP of budget-TRAINING and keeps that.*40\.00 GBP free, 2 waiting"):
        reserve(state, "ANN", "61")


def test_who_waits_for_more_than_there_is_holds_up_nobody_until_a_larger_size_helps() -> None:
    state = budget("100")
    assert reserve(state, "ANN", "120").place == 1

    assert reserve(state, "BEN", "70").status is ReservationStatus.HELD
    resize(state, "190")

    assert state.status_of(holder("ANN")).status is ReservationStatus.OFFERED
    assert reserve(seats(2, owners=[]), "ANN", "3").status is ReservationStatus.FULL


def test_a_smaller_size_takes_nothing_away_and_lets_nobody_in() -> None:
    state = seats(3)
    for name in ("ANN", "BEN", "CAT", "DAN"):
        reserve(state, name)

    resize(state, "1")
    release(state, "ANN")
    assert (state.free, state.status_of(holder("DAN")).status) == (Decimal(-1), ReservationStatus.WAITING)
    release(state, "BEN")
    assert state.status_of(holder("DAN")).status is ReservationStatus.WAITING
    release(state, "CAT")

    assert state.status_of(holder("DAN")).status is ReservationStatus.OFFERED


def test_money_that_is_spent_stays_taken() -> None:
    state = budget("100")
    reserve(state, "ANN", "100")
    reserve(state, "BEN", "59.99", signal_to=None)

    assert release(state, "ANN", keep="40.01").amount == Decimal("40.01")
    assert release(state, "ANN", keep="70").amount == Decimal("40.01")

    assert state.status_of(holder("BEN")).status is ReservationStatus.HELD, (
        "there is nobody to be told: it is simply given"
    )
    assert state.free == 0


def test_an_offer_can_stand_as_long_as_a_policy_lets_any_task_take() -> None:
    rule = shipped_learning_policy().tasks["seat_offer"].model_dump() | {"within_days": 730}
    days = TaskRule.model_validate(rule).within_days

    assert Reserve(actor=LEARNER, holder=holder("N1"), offer_seconds=days * 86_400).offer_seconds == 63_072_000


def test_a_hundred_thousand_ended_placements_leave_a_small_state_and_none_of_them_comes_again() -> None:
    state = budget("900000000")
    at, size = NOW, 0
    for n in range(100_000):
        at += timedelta(minutes=1)
        reserve(state, f"N{n}", "9000", at=at, asked_at=at)
        state.release(Release(actor=LEARNER, holder=holder(f"N{n}"), keep=Decimal("8123.45"), final=True), at)
        state.journal.waiting.clear()  # the records are told in between
        if n % 10_000 == 0:
            size = max(size, len(CapacityRun.model_validate(run_of(state)).model_dump_json()))

    assert max(size, len(CapacityRun.model_validate(run_of(state)).model_dump_json())) < 200_000
    assert state.amount(ReservationStatus.HELD) == 100_000 * Decimal("8123.45")
    assert state.free == Decimal("900000000") - 100_000 * Decimal("8123.45")

    # What comes late, or twice, of one that ended a moment ago is answered as it stands with it; it takes nothing.
    before = state.model_copy(deep=True)
    late = reserve(state, "N99999", "9000", at=at, asked_at=at)
    assert (late.status, late.amount) == (ReservationStatus.HELD, Decimal("8123.45"))
    again = state.release(Release(actor=LEARNER, holder=holder("N99999"), keep=Decimal("8123.45"), final=True), at)
    assert again == late

    # Of one that ended long ago it is refused, because nobody can tell; whoever still means it asks again.
    with pytest.raises(Refused, match="asked too long ago; ask again") as no:
        reserve(state, "N5", "9000", at=at, asked_at=NOW + timedelta(minutes=6))
    assert no.value.kind == TOO_OLD
    release(state, "N5", at=at)
    assert state == before
    assert reserve(state, "NEW", "9000", at=at, asked_at=at).status is ReservationStatus.HELD


def run_of(state: CapacityState) -> dict[str, Any]:
    """What the next run of its workflow is started with."""
    return {**state.model_dump(include={"id", "title", "unit", "size", "owners"}), "carried": state.model_dump()}


def test_what_is_spent_already_is_booked_as_soon_as_there_is_the_money() -> None:
    state = budget("100")
    reserve(state, "ANN", "80")
    assert reserve(state, "BEN", "30", signal_to=None, spent=True).place == 1

    state.release(Release(actor=LEARNER, holder=holder("ANN"), keep=Decimal("60"), final=True), NOW)

    assert (state.claims, state.spent) == ({}, Decimal(90))
    assert state.status_of(holder("BEN")) == reserve(state, "BEN", "30", signal_to=None, spent=True)
    assert Decimal(state.view(NOW)["held"]) == 90


def test_what_can_never_be_is_refused() -> None:
    state = seats(3)
    with pytest.raises(Refused, match="P-LEARN1 can't change the size of seats-SQL-101-MARCH: it is for P-OWNER") as no:
        resize(state, "4", by=LEARNER)
    assert no.value.kind == "forbidden"
    with pytest.raises(Refused, match="places are whole"):
        reserve(state, "ANN", "0.5")
    with pytest.raises(Refused, match="counted in places, not in GBP"):
        reserve(state, "ANN", unit="GBP")


@given(kind=st.sampled_from(KINDS), unit=st.sampled_from(["places", "GBP", "EUR"]))
def test_a_capacity_is_counted_as_its_kind_is_and_never_otherwise(kind: str, unit: str) -> None:
    fits = (unit == "places") != (kind == "budget")
    values = {"id": f"{kind}-X1", "title": "Scarce", "unit": unit, "size": 3, "owners": [OWNER]}
    if fits:
        assert CapacityStart.model_validate(values).unit == unit
    else:
        with pytest.raises(ValidationError, match=f"{kind}-X1 is "):
            CapacityStart.model_validate(values)


def test_a_policy_names_a_budget_where_money_is_to_come_from_one() -> None:
    policy = shipped_policy().stipend.model_dump()
    with pytest.raises(ValidationError, match="must name a budget, such as"):
        StipendRules.model_validate({**policy, "budget_from": "headcount-DATA"})


def test_whoever_waited_and_is_gone_makes_room() -> None:
    state = seats(1)
    for name in ("ANN", "BEN", "CAT"):
        reserve(state, name)
    release(state, "ANN")
    unsignalled = state.next_unsignalled_offer()
    assert unsignalled is not None

    state.holder_is_gone(unsignalled[1], NOW)
    state.holder_is_gone(unsignalled[1], NOW)

    assert state.status_of(holder("BEN")).status is ReservationStatus.RELEASED
    assert state.status_of(holder("CAT")).status is ReservationStatus.OFFERED


NAMES = [f"N{n}" for n in range(6)]
AMOUNTS = st.decimals(min_value=0, max_value=60, places=2)


class Budget(RuleBasedStateMachine):
    """People come and go; beside the state we keep, in our own words, who waits since when and what records know."""

    @initialize(size=st.decimals(min_value=0, max_value=100, places=2))
    def open(self, size: Decimal) -> None:
        self.now = NOW
        self.state = self.was = budget(str(size))
        self.stragglers: list[tuple[int, Row]] = []
        self.came: dict[str, int] = {}
        self.steps = 0
        self.over = Decimal(0)
        self.records: dict[tuple[str, str], tuple[datetime, int, CapacityRow | ReservationRow]] = {}

    def before(self) -> None:
        self.steps += 1
        self.was = self.state.model_copy(deep=True)

    @rule(name=st.sampled_from(NAMES), amount=AMOUNTS, wait=st.booleans(), signalled=st.booleans())
    def reserves(self, name: str, amount: Decimal, wait: bool, signalled: bool) -> None:
        self.before()
        options: dict[str, Any] = {"at": self.now, "wait": wait, "offer_seconds": 5}
        if not signalled:
            options["signal_to"] = None
        try:
            first = reserve(self.state, name, str(amount), **options)
        except Refused:
            assert self.state == self.was, "a refusal changes nothing"
            assert self.was.claims[holder(name)].amount < amount
            return
        if holder(name) in self.was.through:
            assert self.state == self.was, "who is through takes nothing any more"
            return
        known = self.was.claims.get(holder(name))
        if known is None and self.was.in_line and amount > 0:
            assert first.status in (ReservationStatus.WAITING, ReservationStatus.FULL), "nobody overtakes"
        if known is None or (known.status is ReservationStatus.WAITING and known.amount != amount):
            self.came[name] = self.steps
        after = self.state.model_copy(deep=True)
        if first.status is not ReservationStatus.OFFERED:
            assert reserve(self.state, name, str(amount), **options) == first, "asking again changes nothing"
            assert self.state == after

    @rule(name=st.sampled_from(NAMES), keep=AMOUNTS)
    def releases(self, name: str, keep: Decimal) -> None:
        self.before()
        had = self.state.claims.get(holder(name))
        once = release(self.state, name, str(keep), at=self.now)
        through = self.state.through.get(holder(name))
        assert once.amount <= (had.amount if had else through.amount if through else 0)
        after = self.state.model_copy(deep=True)
        assert release(self.state, name, str(keep), at=self.now) == once
        assert self.state == after

    @rule(name=st.sampled_from(NAMES), keep=AMOUNTS)
    def ends(self, name: str, keep: Decimal) -> None:
        """What somebody keeps is spent for good, and counts as taken for ever."""
        self.before()
        had, end = (
            self.state.claims.get(holder(name)),
            Release(actor=LEARNER, holder=holder(name), keep=keep, final=True),
        )
        once = self.state.release(end, self.now)
        after = self.state.model_copy(deep=True)
        assert holder(name) not in self.state.claims
        assert self.state.release(end, self.now) == once
        assert self.state == after
        spent = min(keep, had.amount) if had and had.status is ReservationStatus.HELD else 0
        assert self.state.spent == self.was.spent + spent

    @rule(size=st.decimals(min_value=0, max_value=150, places=2))
    def is_resized(self, size: Decimal) -> None:
        self.before()
        holding = {
            name: claim.amount for name, claim in self.state.claims.items() if claim.status is ReservationStatus.HELD
        }
        resize(self.state, str(size), at=self.now)
        assert all(self.state.claims[name].amount == amount for name, amount in holding.items()), (
            "nobody loses anything"
        )

    @rule(seconds=st.integers(min_value=1, max_value=10))
    def time_passes(self, seconds: int) -> None:
        self.before()
        self.now += timedelta(seconds=seconds)
        self.state.withdraw_expired_offers(self.now)
        end = self.state.next_end
        assert end is None or end > self.now

    @rule(gone=st.booleans())
    def is_told(self, gone: bool) -> None:
        next_one = self.state.next_unsignalled_offer()
        assume(next_one is not None)
        assert next_one is not None
        self.before()
        (self.state.holder_is_gone(next_one[1], self.now) if gone else self.state.mark_signalled(next_one[1]))
        assert self.state.next_unsignalled_offer() != next_one

    @rule(size=st.integers(min_value=1, max_value=50), arrives=st.sampled_from(["well", "unnoticed", "late"]))
    def records_are_told(self, size: int, arrives: str) -> None:
        """A batch arrives; it may be that nobody learns that it did, or that it was given up and arrives after all."""
        journal = self.state.journal
        first = journal.count - len(journal.waiting) + 1
        batch = list(enumerate(journal.waiting[:size], start=first))
        if arrives == "late":
            self.stragglers += batch
            return
        self.write(batch)
        if arrives == "well":
            journal.waiting = journal.waiting[size:]

    def write(self, batch: list[tuple[int, Row]]) -> None:
        """Keep the newest, as the records do."""
        for position, row in batch:
            assert isinstance(row, CapacityRow | ReservationRow)
            key = (row.table, row.holder if isinstance(row, ReservationRow) else "")
            known = self.records.get(key)
            if known is None or (row.at, position) >= known[:2]:
                self.records[key] = (row.at, position, row)

    @invariant()
    def never_more_than_there_is(self) -> None:
        taken = self.state.amount(ReservationStatus.HELD) + self.state.amount(ReservationStatus.OFFERED)
        assert self.state.size - taken == self.state.free
        over = max(-self.state.free, Decimal(0))
        shrunk = self.state.size < self.was.size
        assert over <= self.over or shrunk, "only a smaller size leaves more taken than there is"
        self.over = over

    @invariant()
    def nobody_waits_who_need_not(self) -> None:
        for first in self.state.in_line[:1]:
            assert self.state.claims[first].amount > self.state.free

    @invariant()
    def places_come_in_order(self) -> None:
        line = [name for name in self.was.waiting if self.was.claims[name].amount <= self.state.size]
        still = [name for name in line if self.amount_of(name) == self.was.claims[name].amount]
        served = [name for name in still if self.state.claims[name].status is not ReservationStatus.WAITING]
        assert served == still[: len(served)]

    def amount_of(self, name: str) -> Decimal | None:
        return self.state.claims[name].amount if name in self.state.claims else None

    @invariant()
    def the_list_is_in_order_of_arrival(self) -> None:
        came = [self.came[name.split("-")[1]] for name in self.state.waiting]
        assert came == sorted(came)
        assert [self.state.status_of(name).place for name in self.state.waiting] == list(range(1, len(came) + 1))

    def teardown(self) -> None:
        """Once the records have been told everything they know what is so, in the order in which it is."""
        if not hasattr(self, "state"):
            return
        self.write(
            list(enumerate(self.state.journal.waiting, self.state.journal.count - len(self.state.journal.waiting) + 1))
        )
        self.write(self.stragglers)
        rows = [row for _, _, row in sorted(self.records.values(), key=lambda known: known[:2])]
        people = [row for row in rows if isinstance(row, ReservationRow)]
        said = {
            person.holder: (person.status, person.amount)
            for person in people
            if person.status is not ReservationStatus.RELEASED
        }
        spent = {
            name: (ReservationStatus.HELD, gone.amount) for name, gone in self.state.through.items() if gone.amount
        }
        assert said == {name: (claim.status, claim.amount) for name, claim in self.state.claims.items()} | spent
        assert [person.holder for person in people if person.status is ReservationStatus.WAITING] == self.state.waiting
        (capacity,) = [row for row in rows if isinstance(row, CapacityRow)]
        assert capacity.held == sum(
            (person.amount for person in people if person.status is ReservationStatus.HELD), Decimal(0)
        )
        assert (capacity.size, capacity.waiting) == (self.state.size, len(self.state.waiting))


TestBudget = Budget.TestCase
TestBudget.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
