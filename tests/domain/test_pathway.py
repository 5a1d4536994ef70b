"""Which programme suits somebody: one answer for everybody, with the numbers it was made from."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.catalogue import Training
from domain.eligibility import BrokenRule
from domain.gaps import Gap
from domain.learning_plan import LearningPlan, plan_of
from domain.learning_policy import PathwayRules
from domain.pathway import PathwayFacts, Programme, Recommendation, recommend
from tests.domain.factories import shipped_learning_policy
from tests.domain.learners import catalogues, gaps, level, some_gaps, training

RULES: PathwayRules = shipped_learning_policy().pathway
SHORT_BREAK = BrokenRule(
    rule="eligibility.min_break_months", says="a career break of 11 months; the policy asks for 12"
)
UNPAID = BrokenRule(rule="paid", says="the role pays no stipend", can_be_overridden=False)

SQL = ("sql", "4", "5", True)
PYTHON = ("python", "3", "2", False)


def facts(
    wanted: list[Gap],
    *trainings: Training,
    employed: bool = False,
    broken: tuple[BrokenRule, ...] = (),
    weeks: int = 16,
) -> PathwayFacts:
    return PathwayFacts(
        employed=employed,
        broken_rules=list(broken),
        gaps=wanted,
        closing=plan_of(trainings, wanted, [], "GBP"),
        placement_weeks=weeks,
        decision_weeks_before_end=3,
    )


def course(hours: int) -> Training:
    return training("SQL-1", {"sql": "4"}, hours=hours)


@pytest.mark.parametrize(
    ("given", "programme", "says"),
    [
        (facts(gaps(SQL), course(200), employed=True), Programme.UPSKILLING, "takes 200 hours in 1 training"),
        (facts([], employed=True), Programme.NEITHER, "no gap to close"),
        (facts([]), Programme.RETURNSHIP, "lacks nothing"),
        (facts(gaps(SQL), course(24)), Programme.RETURNSHIP, "Up to 24 hours it counts as a small gap."),
        (facts(gaps(SQL), course(25)), Programme.RETURNSHIP_WITH_UPSKILLING, "The 13 weeks"),
        (facts(gaps(SQL), course(104)), Programme.RETURNSHIP_WITH_UPSKILLING, "room for 104 hours, 8 a week: enough"),
        (facts(gaps(SQL), course(105)), Programme.UPSKILLING_FIRST, "room for 104 hours, 8 a week: too little"),
        (facts(gaps(SQL), course(100), weeks=12), Programme.UPSKILLING_FIRST, "room for 72 hours"),
        (facts(gaps(SQL, PYTHON), course(8)), Programme.RETURNSHIP_WITH_UPSKILLING, "3 levels of python stay open"),
        (
            facts(gaps(SQL, PYTHON), training("PY-1", {"python": "3"}, hours=8)),
            Programme.UPSKILLING_FIRST,
            "What is mandatory can't all be closed: sql.",
        ),
        (facts(gaps(SQL)), Programme.NEITHER, "nothing to learn the missing skills by"),
        (
            facts(gaps(SQL), course(80), broken=(SHORT_BREAK,)),
            Programme.NEITHER,
            "HR may let them in all the same, with a reason; a returnship with upskilling inside would then suit.",
        ),
        (facts(gaps(SQL), course(80), broken=(SHORT_BREAK, UNPAID)), Programme.NEITHER, "Nobody can let them in."),
        (facts(gaps(SQL), course(8), employed=True, broken=(UNPAID,)), Programme.UPSKILLING, "An employee with 1 gap"),
    ],
)
def test_the_programme_follows_the_rule_and_says_why(given: PathwayFacts, programme: Programme, says: str) -> None:
    found = recommend(given, RULES)

    assert found.programme is programme
    assert says in " ".join(found.sentences)


def test_what_nobody_has_assessed_is_said_because_it_counts_as_nothing() -> None:
    found = recommend(facts(gaps(SQL, PYTHON, levels=[level("python", "1")]), course(10)), RULES)

    assert found.numbers["not_assessed"] == ["sql"]
    assert found.sentences[-1] == "Nobody has assessed sql of late: counted as 0."


def test_a_short_break_is_named_with_what_would_suit_by_the_gap() -> None:
    found = recommend(facts(gaps(SQL), course(8), broken=(SHORT_BREAK,)), RULES)

    assert found.sentences[0] == f"A rule of the returnship is not met: {SHORT_BREAK.says}."
    assert found.numbers["hr_may_let_in"] is True
    assert found.numbers["suits_by_the_gap"] == "returnship"


closings = st.builds(
    lambda trainings, wanted: (wanted, plan_of(trainings, wanted, [], "GBP")), catalogues(), some_gaps()
)
anybody = st.builds(
    lambda closing, none, employed, broken, weeks, before_end: PathwayFacts(
        employed=employed,
        broken_rules=broken,
        gaps=closing[0],
        closing=None if none else closing[1],
        placement_weeks=weeks,
        decision_weeks_before_end=before_end,
    ),
    closings,
    st.booleans(),
    st.booleans(),
    st.lists(st.sampled_from([SHORT_BREAK, UNPAID]), unique=True, max_size=2),
    st.integers(1, 30),
    st.integers(0, 10),
)
any_rules = st.builds(PathwayRules, small_gap_hours=st.integers(0, 20), placement_hours_per_week=st.integers(1, 8))


@given(anybody, any_rules)
def test_everybody_gets_one_answer_with_its_numbers(given: PathwayFacts, rules: PathwayRules) -> None:
    found = recommend(given, rules)
    said, numbers = " ".join(found.sentences), found.numbers

    assert json.loads(json.dumps(numbers)) == numbers
    assert Recommendation.model_validate_json(found.model_dump_json()) == found
    if given.employed:
        assert found.programme is (Programme.UPSKILLING if given.gaps else Programme.NEITHER)
        assert not set(numbers) & {"broken_rules", "placement_weeks"}
    else:
        assert found.programme is not Programme.UPSKILLING
        assert found.programme is Programme.NEITHER or not given.broken_rules
        assert all(one.says in said for one in given.broken_rules)
    if given.gaps and given.closing and given.closing.trainings:
        assert f"{given.closing.hours} hours" in said
    if found.programme is Programme.RETURNSHIP_WITH_UPSKILLING:
        assert numbers["hours_to_close"] <= numbers["placement_learning_hours"]
        assert f"{numbers['placement_learning_hours']} hours" in said
        assert not numbers["mandatory_left_open"]


@given(anybody, any_rules, st.integers(1, 20))
def test_a_longer_placement_never_suits_worse(given: PathwayFacts, rules: PathwayRules, more: int) -> None:
    longer = given.model_copy(update={"placement_weeks": given.placement_weeks + more})
    before, after = recommend(given, rules).programme, recommend(longer, rules).programme

    assert after is before or (before, after) == (Programme.UPSKILLING_FIRST, Programme.RETURNSHIP_WITH_UPSKILLING)


def test_without_a_plan_at_all_an_employee_is_still_told_of_the_gap() -> None:
    none: LearningPlan | None = None
    given = facts(gaps(SQL), employed=True).model_copy(update={"closing": none})

    found = recommend(given, RULES)
    assert found.programme is Programme.UPSKILLING
    assert "No training of the catalogue leads further in any of them." in found.sentences
