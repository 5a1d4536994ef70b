"""Which programme suits somebody: one answer for everybody, with the numbers it was made from."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.learning.catalogue import Catalogue, Training
from domain.learning.gaps import Gap
from domain.learning.plan import LearningPlan, LearningPlanRequest, PlanLimits
from domain.learning.policy import PathwayRules
from domain.learning.time import LearningTime
from domain.placement.eligibility import BrokenRule
from domain.placement.recommendation import (
    PathwayFacts,
    Recommendation,
    SuitableProgramme,
    learning_weeks,
    placement_room,
    recommend,
)
from service.learning.plan_solver import choose
from tests.domain.factories import shipped_learning_policy
from tests.domain.learning.learners import LEARNING, catalogues, gaps, level, money, some_gaps, training

RULES: PathwayRules = shipped_learning_policy().pathway
SHORT_BREAK = BrokenRule(
    rule="eligibility.min_break_months", sentence="a career break of 11 months; the policy asks for 12"
)
UNPAID = BrokenRule(rule="paid", sentence="the role pays no stipend", can_be_overridden=False)

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
        closing=closing(trainings, wanted),
        closing_mandatory=closing(trainings, [gap for gap in wanted if gap.mandatory]),
        inside=inside(list(trainings), wanted, weeks, 3, RULES),
        placement_weeks=weeks,
        decision_weeks_before_end=3,
    )


def closing(trainings: Sequence[Training], wanted: list[Gap]) -> LearningPlan | None:
    """The plan that closes the most, without a limit of hours; None where there is nothing to close."""
    return best(trainings, wanted, sum(training.hours for training in trainings), LEARNING) if wanted else None


def best(trainings: Sequence[Training], wanted: list[Gap], hours: int, when: LearningTime) -> LearningPlan:
    limits = PlanLimits(hours=hours, budget=money("100000"))
    request = LearningPlanRequest(case="U-1", gaps=wanted, passed=[], leaving_out=[], limits=limits, when=when)
    return choose(request, Catalogue(trainings=list(trainings))).plan


def inside(
    trainings: list[Training], wanted: list[Gap], weeks: int, before_end: int, rules: PathwayRules
) -> LearningPlan | None:
    """The plan that closes the most of what is mandatory in a placement."""
    mandatory = [gap for gap in wanted if gap.mandatory]
    if not mandatory:
        return None
    there = learning_weeks(weeks, before_end)
    until = LEARNING.model_copy(update={"until": LEARNING.begins + timedelta(weeks=there)})
    return best(trainings, mandatory, placement_room(there, rules), until)


def course(hours: int) -> Training:
    return training("SQL-1", {"sql": "4"}, hours=hours)


@pytest.mark.parametrize(
    ("given", "programme", "sentence"),
    [
        (facts(gaps(SQL), course(200), employed=True), SuitableProgramme.UPSKILLING, "takes 200 hours in 1 training"),
        (facts([], employed=True), SuitableProgramme.NEITHER, "no gap to close"),
        (facts([]), SuitableProgramme.RETURNSHIP, "lacks nothing"),
        (facts(gaps(SQL), course(24)), SuitableProgramme.RETURNSHIP, "Up to 24 hours it counts as a small gap."),
        (facts(gaps(SQL), course(25)), SuitableProgramme.RETURNSHIP_WITH_UPSKILLING, "The 13 weeks"),
        (
            facts(gaps(SQL), course(104)),
            SuitableProgramme.RETURNSHIP_WITH_UPSKILLING,
            "room for 104 hours, 8 a week: enough",
        ),
        (facts(gaps(SQL), course(105)), SuitableProgramme.UPSKILLING_FIRST, "room for 104 hours, 8 a week. What is"),
        (facts(gaps(SQL), course(100), weeks=12), SuitableProgramme.UPSKILLING_FIRST, "room for 72 hours"),
        (
            facts(gaps(SQL, PYTHON), course(8)),
            SuitableProgramme.RETURNSHIP_WITH_UPSKILLING,
            "3 levels of python stay open",
        ),
        (
            facts(gaps(SQL, PYTHON), training("PY-1", {"python": "3"}, hours=8)),
            SuitableProgramme.UPSKILLING_FIRST,
            "What is mandatory can't be closed in them: sql stays open, no training leads further.",
        ),
        (
            facts(gaps(SQL, PYTHON), course(100), training("PY-1", {"python": "3"}, hours=200)),
            SuitableProgramme.RETURNSHIP_WITH_UPSKILLING,
            "8 a week: enough for what is mandatory, which takes 100.",
        ),
        (
            facts(gaps(PYTHON), training("PY-1", {"python": "3"}, hours=300)),
            SuitableProgramme.RETURNSHIP_WITH_UPSKILLING,
            "8 a week: nothing that is missing is mandatory.",
        ),
        (facts(gaps(PYTHON)), SuitableProgramme.RETURNSHIP, "by, but none of them is mandatory"),
        (
            facts(gaps(SQL), training("SQL-W", {"sql": "4"}, hours=30, sessions=[92])),
            SuitableProgramme.UPSKILLING_FIRST,
            "SQL-W leads to 4 but its next session ends on 2027-06-02, after the decision on 2027-05-31",
        ),
        (
            facts(gaps(SQL, PYTHON), training("SQL-W", {"sql": "4"}, hours=8, sessions=[92])),
            SuitableProgramme.RETURNSHIP_WITH_UPSKILLING,
            "By itself it takes 8 hours, and up to 24 count as a small gap.",
        ),
        (facts(gaps(SQL)), SuitableProgramme.NEITHER, "nothing to learn the missing skills by"),
        (
            facts(gaps(SQL), course(80), broken=(SHORT_BREAK,)),
            SuitableProgramme.NEITHER,
            "HR may let them in all the same, with a reason; a returnship with upskilling inside would then suit.",
        ),
        (
            facts(gaps(SQL), course(80), broken=(SHORT_BREAK, UNPAID)),
            SuitableProgramme.NEITHER,
            "Nobody can let them in.",
        ),
        (
            facts(gaps(SQL), course(8), employed=True, broken=(UNPAID,)),
            SuitableProgramme.UPSKILLING,
            "An employee with 1 gap",
        ),
    ],
)
def test_the_programme_follows_the_rule_and_says_why(
    given: PathwayFacts, programme: SuitableProgramme, sentence: str
) -> None:
    found = recommend(given, RULES)

    assert found.programme is programme
    assert sentence in " ".join(found.sentences)


def test_what_nobody_has_assessed_is_said_because_it_counts_as_nothing() -> None:
    found = recommend(facts(gaps(SQL, PYTHON, levels=[level("python", "1")]), course(10)), RULES)

    assert found.numbers["not_assessed"] == ["sql"]
    assert found.sentences[-1] == "Nobody has assessed sql of late: counted as 0."


def test_a_short_break_is_named_with_what_would_suit_by_the_gap() -> None:
    found = recommend(facts(gaps(SQL), course(8), broken=(SHORT_BREAK,)), RULES)

    assert found.sentences[0] == f"A rule of the returnship is not met: {SHORT_BREAK.sentence}."
    assert found.numbers["hr_may_let_in"] is True
    assert found.numbers["suits_by_the_gap"] == "returnship"


any_rules = st.builds(PathwayRules, small_gap_hours=st.integers(0, 20), placement_hours_per_week=st.integers(1, 8))


@st.composite
def anybody(draw: st.DrawFn) -> tuple[PathwayFacts, PathwayRules, list[Training]]:
    """Somebody before a role, the rules, and all that can be learned."""
    trainings, wanted, rules = draw(catalogues()), draw(some_gaps()), draw(any_rules)
    weeks, before_end, no_plan = draw(st.integers(1, 30)), draw(st.integers(0, 10)), draw(st.booleans())
    found = PathwayFacts(
        employed=draw(st.booleans()),
        broken_rules=draw(st.lists(st.sampled_from([SHORT_BREAK, UNPAID]), unique=True, max_size=2)),
        gaps=wanted,
        closing=None if no_plan else closing(trainings, wanted),
        closing_mandatory=None if no_plan else closing(trainings, [gap for gap in wanted if gap.mandatory]),
        inside=inside(trainings, wanted, weeks, before_end, rules),
        placement_weeks=weeks,
        decision_weeks_before_end=before_end,
    )
    return found, rules, trainings


@given(anybody())
def test_everybody_gets_one_answer_with_its_numbers(
    somebody: tuple[PathwayFacts, PathwayRules, list[Training]],
) -> None:
    given, rules, _ = somebody
    found = recommend(given, rules)
    said, numbers = " ".join(found.sentences), found.numbers

    assert json.loads(json.dumps(numbers)) == numbers
    assert Recommendation.model_validate_json(found.model_dump_json()) == found
    if given.employed:
        assert found.programme is (SuitableProgramme.UPSKILLING if given.gaps else SuitableProgramme.NEITHER)
        assert not set(numbers) & {"broken_rules", "placement_weeks"}
    else:
        assert found.programme is not SuitableProgramme.UPSKILLING
        assert found.programme is SuitableProgramme.NEITHER or not given.broken_rules
        assert all(broken_rule.sentence in said for broken_rule in given.broken_rules)
    if given.gaps and given.closing and given.closing.trainings:
        assert f"{given.closing.hours} hours" in said
    if found.programme is SuitableProgramme.RETURNSHIP_WITH_UPSKILLING:
        assert numbers["mandatory_hours_inside"] <= numbers["placement_learning_hours"]
        assert f"{numbers['placement_learning_hours']} hours" in said
        assert not numbers["mandatory_left_open_inside"] or "By itself it takes" in said


@given(anybody(), st.integers(1, 20))
def test_a_longer_placement_never_suits_worse(
    somebody: tuple[PathwayFacts, PathwayRules, list[Training]], more: int
) -> None:
    given, rules, trainings = somebody
    weeks = given.placement_weeks + more
    longer = given.model_copy(
        update={
            "placement_weeks": weeks,
            "inside": inside(trainings, given.gaps, weeks, given.decision_weeks_before_end, rules),
        }
    )
    before, after = recommend(given, rules).programme, recommend(longer, rules).programme

    assert after is before or (before, after) == (
        SuitableProgramme.UPSKILLING_FIRST,
        SuitableProgramme.RETURNSHIP_WITH_UPSKILLING,
    )


@given(anybody())
def test_what_is_not_mandatory_never_keeps_anybody_out_of_a_returnship(
    somebody: tuple[PathwayFacts, PathwayRules, list[Training]],
) -> None:
    given, rules, _ = somebody
    mandatory = [gap for gap in given.gaps if gap.mandatory]
    only = given.model_copy(update={"gaps": mandatory, "closing": given.closing_mandatory})

    if (
        recommend(given, rules).programme in (SuitableProgramme.UPSKILLING_FIRST, SuitableProgramme.NEITHER)
        and not given.employed
    ):
        assert recommend(only, rules).programme in (SuitableProgramme.UPSKILLING_FIRST, SuitableProgramme.NEITHER)


def test_without_a_plan_at_all_an_employee_is_still_told_of_the_gap() -> None:
    none: LearningPlan | None = None
    given = facts(gaps(SQL), employed=True).model_copy(update={"closing": none})

    found = recommend(given, RULES)
    assert found.programme is SuitableProgramme.UPSKILLING
    assert "No training of the catalogue leads further in any of them." in found.sentences
