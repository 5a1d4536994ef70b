"""The plan that is proposed: within hours and budget, and none is better."""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.learning.catalogue import Catalogue, Training
from domain.learning.gaps import Gap
from domain.learning.plan import LearningPlanRequest, PlanLimits, PlanProposal, plan_of, problems_in, value_of
from domain.learning.trainings import helping
from service.learning.plan_solver import choose
from tests.domain.learning.learners import (
    LEARNING,
    catalogues,
    done_at_the_earliest,
    gaps,
    level,
    money,
    some_gaps,
    training,
)

limits = st.builds(
    PlanLimits,
    hours=st.integers(0, 20),
    budget=st.sampled_from(["0", "0.10", "0.30", "0.59", "100.20", "350", "1000"]).map(money),
)


def propose(
    trainings: list[Training], wanted: list[Gap], within: PlanLimits, *, passed: tuple[str, ...] = ()
) -> PlanProposal:
    request = LearningPlanRequest(
        case="U-1", gaps=wanted, passed=list(passed), leaving_out=[], limits=within, when=LEARNING
    )
    return choose(request, Catalogue(trainings=trainings))


def order(
    trainings: tuple[Training, ...] | list[Training], wanted: list[Gap]
) -> tuple[Decimal, Decimal, int, list[str]]:
    """By which plans are compared: the least is the best."""
    plan = plan_of(trainings, wanted, [], "GBP", LEARNING)
    return -value_of(plan, wanted), plan.cost.amount, plan.hours, sorted(planned.id for planned in trainings)


def is_possible(trainings: tuple[Training, ...], within: PlanLimits) -> bool:
    """Whether it can be kept to: within limits and time, and nothing requires itself in a circle."""
    learned: set[str] = set()
    for _ in trainings:
        learned |= {offered.id for offered in trainings if learned >= set(offered.requires)}
    if len(learned) < len(trainings) or problems_in(trainings, [], within):
        return False
    known = {offered.id: offered for offered in trainings}
    return all(done_at_the_earliest(offered, known) for offered in trainings)


@settings(max_examples=100)
@given(catalogues(), some_gaps(), limits)
def test_no_plan_is_better_than_the_one_proposed(
    trainings: list[Training], wanted: list[Gap], within: PlanLimits
) -> None:
    found = propose(trainings, wanted, within).plan

    possible = [
        some
        for number in range(len(trainings) + 1)
        for some in combinations(trainings, number)
        if is_possible(some, within)
    ]
    assert problems_in(found.trainings, [], within) == []
    assert order(found.trainings, wanted) == min(order(some, wanted) for some in possible)


@given(catalogues(most=30), some_gaps(), limits, st.randoms(use_true_random=False))
def test_the_same_is_proposed_whatever_order_the_catalogue_comes_in(
    trainings: list[Training], wanted: list[Gap], within: PlanLimits, shuffler: random.Random
) -> None:
    proposed = propose(trainings, wanted, within)
    shuffled = list(trainings)
    shuffler.shuffle(shuffled)

    assert propose(shuffled, wanted, within) == proposed
    assert problems_in(proposed.plan.trainings, [], within) == []
    assert helping(proposed.candidates, wanted) == proposed.candidates
    assert {planned.id for planned in proposed.plan.trainings} <= {candidate.id for candidate in proposed.candidates}


def test_a_training_is_planned_with_what_it_requires_unless_that_was_passed() -> None:
    wanted = gaps(("sql", "5", "5", True), levels=[level("sql", "3")])
    catalogue = [
        training("SQL-1", {"sql": "2"}, hours=10),
        training("SQL-2", {"sql": "3"}, hours=10, requires=["SQL-1"]),
        training("SQL-3", {"sql": "5"}, hours=10, requires=["SQL-2"]),
    ]
    enough, too_little = (PlanLimits(hours=hours, budget=money("300")) for hours in (30, 29))

    assert [planned.id for planned in propose(catalogue, wanted, enough).plan.trainings] == ["SQL-1", "SQL-2", "SQL-3"]
    (left,) = propose(catalogue, wanted, too_little).plan.uncovered
    assert left.why == (
        "SQL-3 leads to 5 but is beyond the hours: it takes, with SQL-1 and SQL-2, 30 hours and 300.00 GBP, "
        "29 hours are left"
    )
    known = propose(catalogue, wanted, too_little, passed=("SQL-2",))
    assert [planned.id for planned in known.plan.trainings] == ["SQL-3"]
    assert [candidate.id for candidate in known.candidates] == ["SQL-3"]


def test_what_costs_another_currency_is_planned_only_where_it_is_free() -> None:
    wanted = gaps(("sql", "5", "5", True), ("python", "3", "1", False))
    abroad = training("ABROAD", {"sql": "5"}, cost="0.01", currency="EUR")
    proposal = propose(
        [abroad, training("FREE", {"python": "3"}, cost="0", currency="EUR")],
        wanted,
        PlanLimits(hours=100, budget=money("5000")),
    )

    assert (
        [candidate.id for candidate in proposal.candidates]
        == [planned.id for planned in proposal.plan.trainings]
        == ["FREE"]
    )
    assert [uncovered.why for uncovered in proposal.plan.uncovered] == [
        "ABROAD leads to 5 but costs 0.01 EUR, the budget is in GBP"
    ]
    assert proposal.plan.cost == money("0")


def test_a_workshop_that_is_over_is_never_proposed() -> None:
    wanted = gaps(("juggling", "4", "5", True))
    over = training("JUG-1", {"juggling": "4"}, hours=4, cost="10", sessions=[-2570])
    alone = training("JUG-2", {"juggling": "4"}, hours=40, cost="90")

    both = propose([over, alone], wanted, PlanLimits(hours=120, budget=money("2500")))
    assert (
        [planned.id for planned in both.plan.trainings] == [candidate.id for candidate in both.candidates] == ["JUG-2"]
    )
    nothing = propose([over], wanted, PlanLimits(hours=120, budget=money("2500")))
    assert nothing.candidates == nothing.plan.trainings == []
    assert [uncovered.why for uncovered in nothing.plan.uncovered] == [
        "JUG-1 leads to 4 but its last session began on 2020-02-16"
    ]


def test_what_is_left_out_is_not_proposed_nor_what_requires_it() -> None:
    wanted = gaps(("sql", "5", "5", True))
    first, second = training("SQL-1", {"sql": "3"}), training("SQL-2", {"sql": "5"}, requires=["SQL-1"])
    request = LearningPlanRequest(
        case="U-1",
        gaps=wanted,
        passed=[],
        leaving_out=["SQL-1"],
        limits=PlanLimits(hours=100, budget=money("5000")),
        when=LEARNING,
    )

    proposal = choose(request, Catalogue(trainings=[first, second]))

    assert proposal.candidates == proposal.plan.trainings == []
    assert [uncovered.why for uncovered in proposal.plan.uncovered] == [
        "SQL-2 leads to 5 but requires what can't be had: SQL-1"
    ]


def test_hundreds_of_trainings_with_published_levels_take_seconds_and_stay_within_the_limits() -> None:
    chance = random.Random(7)
    hundredth = [str(Decimal(n) / 100) for n in range(100, 701)]
    skills = [f"skill {n}" for n in range(25)]
    wanted = gaps(*((skill, chance.choice(hundredth), "3.37", chance.random() < 0.5) for skill in skills))
    trainings = [
        training(
            f"T-{n:03}",
            {skill: chance.choice(hundredth) for skill in chance.sample(skills, 2)},
            hours=chance.randint(4, 40),
            cost=f"{chance.randint(0, 80000) / 100:.2f}",
            requires=[f"T-{chance.randrange(n):03}"] if n and chance.random() < 0.3 else [],
        )
        for n in range(200)
    ]
    within = PlanLimits(hours=120, budget=money("2500"))

    proposal = propose(trainings, wanted, within)

    assert problems_in(proposal.plan.trainings, [], within) == []
    for extra in proposal.candidates:  # nothing could be added: the cheapest way to see that it is no poor plan
        if extra not in proposal.plan.trainings and not problems_in([*proposal.plan.trainings, extra], [], within):
            more = plan_of([*proposal.plan.trainings, extra], wanted, [], "GBP", LEARNING)
            assert value_of(more, wanted) == value_of(proposal.plan, wanted)
