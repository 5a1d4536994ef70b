"""What a plan covers and leaves, whether it can be kept to, and what a learner may choose instead."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.core.tasks import Refused
from domain.learning.catalogue import Training
from domain.learning.gaps import Gap
from domain.learning.plan import (
    PlanLimits,
    alternatives,
    out_of_reach,
    plan_of,
    problems_in,
    trainings_after_changes,
    value_of,
)
from domain.learning.time import reachable_until
from domain.learning.trainings import helping, in_order, obtainable
from tests.domain.learning.learners import (
    BEGINS,
    LEARNING,
    catalogues,
    done_at_the_earliest,
    gaps,
    level,
    money,
    some_gaps,
    training,
)

LIMITS = PlanLimits(hours=40, budget=money("500"))

SQL_1 = training("SQL-1", {"sql": "3"}, hours=10)
SQL_2 = training("SQL-2", {"sql": "5"}, hours=20, cost="300", requires=["SQL-1"])
PYTHON = training("PYTHON-1", {"python": "2", "sql": "1"}, hours=16)


def test_a_gap_is_closed_by_the_best_training_alone_and_only_as_far_as_it_is_required() -> None:
    wanted = gaps(("sql", "4", "5", True), ("python", "4", "1", False), levels=[level("sql", "1")])

    plan = plan_of([SQL_2, PYTHON, SQL_1], wanted, [], "GBP", LEARNING)

    assert [planned.id for planned in plan.trainings] == ["PYTHON-1", "SQL-1", "SQL-2"]
    assert [(cover.skill, cover.training, int(cover.from_level), int(cover.to_level)) for cover in plan.covers] == [
        ("sql", "SQL-2", 1, 4),
        ("python", "PYTHON-1", 0, 2),
    ]
    assert [(uncovered.skill, int(uncovered.missing), uncovered.why) for uncovered in plan.uncovered] == [
        ("python", 2, "no training leads further than 2")
    ]
    assert (plan.hours, plan.cost) == (46, money("500"))
    assert value_of(plan, wanted) == 3 * 5 * 2 + 2 * 1


@pytest.mark.parametrize(
    ("trainings", "why"),
    [
        ([], "no training leads further"),
        ([training("ABROAD", {"sql": "4"}, currency="EUR")], "costs 100.00 EUR, the budget is in GBP"),
        ([training("FREE", {"sql": "4"}, cost="0", currency="EUR")], "FREE leads to 4 but is not in the plan"),
        (
            [training("DEAR", {"sql": "4"}, hours=41, cost="500.01")],
            "beyond the hours and the budget: it takes 41 hours and 500.01 GBP, 40 hours and 500.00 GBP are left",
        ),
        ([training("DEEP", {"sql": "4"}, requires=["NONE-1"])], "requires what can't be had: NONE-1"),
        (
            [training("OVER", {"sql": "4"}, sessions=[-20, 0])],
            "OVER leads to 4 but its last session began on 2027-03-01",
        ),
        (
            [
                training("ONE", {"excel": "1"}, hours=24),
                training("W-1", {"sql": "4"}, requires=["ONE"], sessions=[20]),
            ],
            "W-1 leads to 4 but its last session begins on 2027-03-21, what it requires takes until 2027-03-22",
        ),
        (
            [training("W-1", {"excel": "1"}, sessions=[-1]), training("DEEP", {"sql": "4"}, requires=["W-1"])],
            "DEEP leads to 4 but requires what can't be had: W-1",
        ),
        (
            [SQL_2, training("SQL-1", {"excel": "3"}, hours=25)],
            "beyond the hours: it takes, with SQL-1, 45 hours and 400.00 GBP, 40 hours are left",
        ),
    ],
)
def test_what_stays_open_says_why(trainings: list[Training], why: str) -> None:
    plan = plan_of([], gaps(("sql", "4", "5", True)), [], "GBP", LEARNING, trainings, LIMITS)

    (left,) = plan.uncovered
    assert left.missing == 4
    assert why in left.why


def test_what_cannot_be_kept_to_is_said_each_by_a_sentence() -> None:
    abroad = training("ABROAD", {"sql": "4"}, hours=30, currency="EUR")

    assert problems_in([SQL_2, abroad, training("DEAR", {"sql": "1"}, hours=1, cost="200.01")], [], LIMITS) == [
        "ABROAD costs 100.00 EUR, the budget is in GBP",
        "SQL-2 requires SQL-1, which is neither in the plan nor passed",
        "the plan takes 51 hours, the limit is 40",
        "the plan costs 500.01 GBP, the budget is 500.00 GBP",
    ]
    assert problems_in([SQL_2], ["SQL-1"], LIMITS) == []


def test_a_plan_can_be_changed_by_what_there_is_to_choose_from() -> None:
    plan = plan_of([SQL_1, PYTHON], [], [], "GBP", LEARNING)

    assert trainings_after_changes(plan, ["SQL-2"], ["PYTHON-1"], [SQL_1, SQL_2]) == [SQL_1, SQL_2]


@pytest.mark.parametrize(
    ("add", "remove", "sentence"),
    [
        (["SQL-9"], [], "add: SQL-9 is not one of the trainings to choose from"),
        (["SQL-1"], [], "add: SQL-1 is in the plan already"),
        ([], ["SQL-2"], "remove: SQL-2 is not in the plan"),
    ],
)
def test_a_change_that_makes_no_sense_is_refused(add: list[str], remove: list[str], sentence: str) -> None:
    plan = plan_of([SQL_1], [], [], "GBP", LEARNING)

    with pytest.raises(Refused, match=sentence) as refused:
        trainings_after_changes(plan, add, remove, [SQL_1, SQL_2])
    assert refused.value.kind == "invalid"


def test_instead_of_a_training_comes_what_leads_further_in_its_skills_and_fits_the_best_first() -> None:
    wanted = gaps(("sql", "4", "5", True), ("python", "4", "1", False), levels=[level("sql", "1")])
    candidates = [
        SQL_1,
        SQL_2,
        PYTHON,
        training("BASICS", {"sql": "1"}),
        training("CHEAP", {"sql": "3"}, cost="90"),
        training("DEAR", {"sql": "4"}, cost="500.01"),
        training("FURTHER", {"sql": "4"}),
        training("LONG", {"sql": "4"}, hours=41),
        training("PLANNED", {"sql": "4"}),
        training("SAME", {"sql": "3"}),
    ]

    found = alternatives(SQL_1, candidates, ["SQL-1", "PLANNED"], [], LIMITS, wanted, LEARNING)
    assert [alternative.id for alternative in found] == ["FURTHER", "CHEAP", "SAME"]
    after = alternatives(SQL_1, candidates, ["PLANNED"], ["SQL-1"], LIMITS, wanted, LEARNING)
    assert [alternative.id for alternative in after] == ["FURTHER", "SQL-2", "CHEAP", "SAME"]


def test_a_session_that_ends_after_the_time_there_is_comes_too_late() -> None:
    until = LEARNING.model_copy(update={"until": BEGINS + timedelta(days=21)})
    late, in_time = training("LATE", {"sql": "4"}, sessions=[21]), training("TIMELY", {"sql": "4"}, sessions=[20, 30])

    assert [obtained.id for obtained in obtainable([late, in_time], [], "GBP", until)] == ["TIMELY"]
    (left,) = plan_of([], gaps(("sql", "4", "5", True)), [], "GBP", until, [late]).uncovered
    assert left.why == "LATE leads to 4 but its next session ends on 2027-03-23, after the decision on 2027-03-22"


def test_what_takes_for_ever_is_never_done_and_no_error() -> None:
    chain = [training(f"T-{n}", {"sql": "4"}, hours=2000, requires=[f"T-{n - 1}"] if n else []) for n in range(300)]
    slow = LEARNING.model_copy(update={"hours_per_week": 1})

    assert len(obtainable(chain, [], "GBP", slow)) == len(chain)
    late = training("LATE", {"sql": "5"}, requires=["T-299"], sessions=[900])
    assert out_of_reach([*chain, late], [], slow) == [
        "Course LATE: its last session begins on 2029-08-17, what it requires takes until 9999-12-31"
    ]


def test_a_plan_that_was_agreed_too_late_is_told_by_each_workshop() -> None:
    plan = [SQL_1, training("SQL-W", {"sql": "5"}, requires=["SQL-1"], sessions=[10]), PYTHON]
    later = LEARNING.model_copy(update={"begins": BEGINS + timedelta(days=3)})

    assert out_of_reach(plan, [], LEARNING) == []
    assert out_of_reach(plan, [], later) == [
        "Course SQL-W: its last session begins on 2027-03-11, what it requires takes until 2027-03-13"
    ]
    assert out_of_reach(plan, ["SQL-1"], later) == []


@given(catalogues())
def test_a_workshop_can_be_reached_up_to_a_moment_and_not_from_then_on(trainings: list[Training]) -> None:
    plan = obtainable(trainings, [], "GBP", LEARNING)

    moment = reachable_until(plan, [], LEARNING)

    if moment is None:
        assert not any(planned.sessions for planned in plan)
        return
    assert out_of_reach(plan, [], LEARNING.model_copy(update={"begins": moment}))
    just_before = LEARNING.model_copy(update={"begins": moment - timedelta(minutes=2)})
    assert out_of_reach(plan, [], just_before) == []


@given(catalogues(), some_gaps())
def test_what_can_be_had_and_what_comes_instead_has_a_session_in_time(
    trainings: list[Training], wanted: list[Gap]
) -> None:
    known = {offered.id: offered for offered in trainings}

    found = obtainable(trainings, [], "GBP", LEARNING)
    assert all(done_at_the_earliest(offered, known) for offered in found)
    instead = alternatives(SQL_1, trainings, [], [], LIMITS, wanted, LEARNING)
    assert all(done_at_the_earliest(offered, known) for offered in instead)


@given(catalogues())
def test_an_order_has_prerequisites_first_whatever_order_they_come_in(trainings: list[Training]) -> None:
    reachable = obtainable(trainings, [], "GBP", LEARNING)

    order = [ordered.id for ordered in in_order(reachable)]
    assert order == [ordered.id for ordered in in_order(reachable[::-1])]
    for later in reachable:
        assert all(order.index(need) < order.index(later.id) for need in later.requires)


@given(catalogues(), some_gaps())
def test_everything_that_can_be_reached_is_a_plan_where_nothing_limits_it(
    trainings: list[Training], wanted: list[Gap]
) -> None:
    no_limits = PlanLimits(hours=10_000, budget=money("100000"))
    useful = helping(obtainable(trainings, [], "GBP", LEARNING), wanted)

    assert problems_in(useful, [], no_limits) == []
    everything = plan_of(trainings, wanted, [], "GBP", LEARNING)
    if all(not offered.requires and not offered.sessions and offered.cost.currency == "GBP" for offered in trainings):
        assert value_of(plan_of(useful, wanted, [], "GBP", LEARNING), wanted) == value_of(everything, wanted)


@given(catalogues(), some_gaps(), st.randoms(use_true_random=False))
def test_every_gap_is_covered_or_left_open_to_the_last_hundredth(
    trainings: list[Training], wanted: list[Gap], chance: random.Random
) -> None:
    chosen = [offered for offered in trainings if chance.random() < 0.5]

    plan = plan_of(chosen, wanted, [], "GBP", LEARNING, trainings)

    covered = {cover.skill: cover.to_level - cover.from_level for cover in plan.covers}
    left = {uncovered.skill: uncovered.missing for uncovered in plan.uncovered}
    assert len(covered) == len(plan.covers)
    for gap in wanted:
        assert covered.get(gap.skill, Decimal(0)) + left.get(gap.skill, Decimal(0)) == gap.missing
    assert all(uncovered.why for uncovered in plan.uncovered)
    assert 0 <= value_of(plan, wanted) <= sum((gap.priority for gap in wanted), Decimal(0))
