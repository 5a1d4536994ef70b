"""The checklists at the end of a placement: when their items are due, and which of them are asked for."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.core.model import Party
from domain.placement.calendar import Plan
from domain.placement.checklists import ChangeoverRules, Item, OffboardingItem, OffboardingRules
from domain.placement.forms import EndItemDone
from domain.placement.planner import make_plan
from domain.placement.policy import Policy
from domain.placement.programme_days import Leave
from tests.domain.factories import plan_request, shipped_policy, utc

MONDAY = date(2027, 1, 4)
DAY = timedelta(days=1)


@st.composite
def items(draw: st.DrawFn) -> list[OffboardingItem]:
    """One to six items, however far from the last day."""
    found = []
    for n in range(draw(st.integers(1, 6))):
        opens = draw(st.integers(-30, 20))
        due = draw(st.integers(opens + 1, 30))
        found.append(
            OffboardingItem(
                key=f"item_{n}", title="An item", owner=Party.IT, opens_day=opens, due_day=due, required=True
            )
        )
    return found


def policy_of(found: list[OffboardingItem]) -> Policy:
    return shipped_policy().model_copy(
        update={
            "offboarding": OffboardingRules(items=found),
            "translations": {},
            "changeover": ChangeoverRules(items=[Item(**item.model_dump(exclude={"undoes"})) for item in found]),
        }
    )


def planned(policy: Policy, working_days: frozenset[int], left_on: date | None = None, **more: object) -> Plan:
    request = plan_request(MONDAY, 16, [], policy=policy).model_copy(update={"left_on": left_on, **more})
    return make_plan(request, lambda day: day.weekday() in working_days, utc)


WORKING = st.frozensets(st.integers(0, 6), min_size=1)
LAST_DAYS = st.dates(MONDAY - timedelta(weeks=4), MONDAY + timedelta(weeks=16))


@given(items(), WORKING, LAST_DAYS)
def test_each_item_is_due_so_many_working_days_from_the_last_one_worked(
    found: list[OffboardingItem], working: frozenset[int], left_on: date
) -> None:
    plan = planned(policy_of(found), working, left_on)

    def away(day: date) -> int:
        """How many working days lie between the last one worked and this one, by counting them one by one."""
        first, last = min(day, left_on), max(day, left_on)
        days = [first + DAY * n for n in range((last - first).days + 1)]
        worked = [there for there in days if there.weekday() in working]
        if day > left_on:
            return len([there for there in worked if there > left_on])
        return -(len(worked) - 1)

    for item, when in zip(found, plan.offboarding, strict=True):
        assert when.opens_at < when.due_at
        for at, n in ((when.opens_at, item.opens_day), (when.due_at, item.due_day)):
            assert at.date().weekday() in working
            assert away(at.date()) == n


@given(items(), LAST_DAYS, st.integers(1, 60))
def test_who_leaves_earlier_has_nothing_due_later(found: list[OffboardingItem], left_on: date, sooner: int) -> None:
    weekdays = frozenset(range(5))

    later = planned(policy_of(found), weekdays, left_on)
    earlier = planned(policy_of(found), weekdays, left_on - DAY * sooner)

    for before, after in zip(earlier.offboarding, later.offboarding, strict=True):
        assert before.opens_at <= after.opens_at
        assert before.due_at <= after.due_at
    assert earlier.model_copy(update={"offboarding": later.offboarding}) == later, "all else stays as it was"


@given(items(), st.integers(0, 200))
def test_the_change_over_counts_from_the_last_day_before_employment(found: list[OffboardingItem], gap: int) -> None:
    weekdays = frozenset(range(5))
    end = planned(policy_of(found), weekdays).end
    employed_from = end + DAY * (gap + 1)

    plan = planned(policy_of(found), weekdays, employed_from=employed_from, last_day=employed_from - DAY)

    as_if_leaving = planned(policy_of(found), weekdays, left_on=employed_from - DAY).offboarding
    assert plan.changeover == as_if_leaving
    assert plan.offboarding == planned(policy_of(found), weekdays).offboarding


def test_the_last_day_as_it_was_planned_is_a_sunday_and_access_is_closed_on_the_friday_before() -> None:
    plan = planned(shipped_policy(), frozenset(range(5)))

    due = {item.key: item.due_at.date() for item in plan.offboarding}
    assert plan.end == date(2027, 4, 25)
    assert (due["access"], due["last_pay"]) == (date(2027, 4, 23), date(2027, 4, 30))


def test_a_leave_that_moves_the_last_day_moves_the_off_boarding_with_it() -> None:
    policy, weekdays = shipped_policy(), frozenset(range(5))
    leave = Leave(first=MONDAY + timedelta(weeks=15), back_on=MONDAY + timedelta(weeks=17))
    request = plan_request(MONDAY, 16, [leave], policy=policy)

    after = make_plan(request, lambda day: day.weekday() in weekdays, utc)

    for before, moved in zip(planned(policy, weekdays).offboarding, after.offboarding, strict=True):
        assert moved.due_at - before.due_at == timedelta(weeks=2)


@pytest.mark.parametrize(
    ("started", "asked", "keys"),
    [
        (True, ["laptop", "accounts", "workplace", "papers"], None),
        (False, [], []),
        (False, ["accounts"], ["access"]),
        (False, ["laptop", "papers"], ["equipment", "last_pay"]),
    ],
)
def test_before_the_first_day_only_what_was_begun_is_undone(
    started: bool, asked: list[str], keys: list[str] | None
) -> None:
    rules = shipped_policy().offboarding

    found = [item.key for item in rules.items_for(started=started, asked=asked)]

    assert found == (keys if keys is not None else [item.key for item in rules.items])


def test_a_policy_that_undoes_what_the_onboarding_does_not_have_is_refused() -> None:
    content = shipped_policy().model_dump(mode="json")
    content["offboarding"]["items"][0]["undoes"] = ["acounts"]

    with pytest.raises(ValidationError, match="item access undoes acounts, which the onboarding does not have"):
        Policy.model_validate(content)


@pytest.mark.parametrize("answer", [{}, {"done": False}, {"done": True, "waived_because": "never had one"}])
def test_an_item_is_done_or_waived_and_nothing_else(answer: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="answer when the item is done"):
        EndItemDone.model_validate(answer)
