"""Cases get to their end whatever comes in whatever order. Without a server, in milliseconds a step."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.case import Withdraw
from domain.cohort import PauseCohort, Rematch, ResumeCohort
from domain.placement import PlacementStart
from domain.placement_requests import DecideEarly, ExtendPlacement, PausePlacement, ReassignMentor, ResumePlacement
from domain.upskilling import ChangeRole, Goal, PathStart, PausePath, ResumePath
from tests.domain.factories import shipped_learning_policy
from tests.office import ELIGIBLE, HR, MANAGER, RETURNER, ROLE
from tests.school import LEARNER, PROFILE, all_kinds
from tests.workflows.any_order import Ask, Asks, Course, Turn
from tests.workflows.cohorts_by_hand import ANSWERS, short_policy, some, start_cohort, take_part
from tests.workflows.stand_ins import MENTORS, StandIns
from workflows.cohort import Cohort
from workflows.placement import Placement
from workflows.upskilling import UpskillingPath

OTHER_ROLE = ROLE.model_copy(update={"id": "ENG1", "title": "Data engineer"})
OTHER_GOAL = Goal(role=OTHER_ROLE, profile=PROFILE.model_copy(update={"id": "ENG1", "skills": PROFILE.skills[:2]}))
PLACEMENT: dict[str, Ask] = {
    "pause": lambda: ("pause", PausePlacement(actor=HR)),
    "resume": lambda: ("resume", ResumePlacement(actor=HR)),
    "extend": lambda: ("extend", ExtendPlacement(actor=HR, weeks=2, reason="to finish")),
    "another mentor": lambda: ("reassign_mentor", ReassignMentor(actor=HR, reason="another site")),
    "named mentor": lambda: ("reassign_mentor", ReassignMentor(actor=HR, reason="another site", mentor=MENTORS[2])),
    "decide early": lambda: ("decide_early", DecideEarly(actor=HR, reason="a post is free")),
    "withdraw": lambda: ("withdraw", Withdraw(actor=HR, reason="another plan")),
}
PATH: dict[str, Ask] = {
    "pause": lambda: ("pause", PausePath(actor=HR)),
    "resume": lambda: ("resume", ResumePath(actor=HR)),
    "another role": lambda: ("change_role", ChangeRole(actor=HR, goal=OTHER_GOAL, reason="a post is free")),
    "withdraw": lambda: ("withdraw", Withdraw(actor=HR, reason="another plan")),
}
OF_COHORT: dict[str, Ask] = {
    "pause": lambda: ("pause", PauseCohort(actor=HR, reason="a strike")),
    "resume": lambda: ("resume", ResumeCohort(actor=HR)),
    "match again": lambda: ("rematch", Rematch(actor=HR, reason="somebody is new", forbid=[f"P-RETURN2={MENTORS[0]}"])),
    "withdraw": lambda: ("withdraw", Withdraw(actor=HR, reason="each for themselves")),
}
ASKS: Asks = {Placement: PLACEMENT, UpskillingPath: PATH, Cohort: OF_COHORT}


def turns(*kinds: type[Any], at_most: int) -> st.SearchStrategy[list[Turn]]:
    """Some turns; the simplest is none: all comes in its order, and nobody asks anything."""
    asks = sorted({what for kind in kinds for what in ASKS[kind]})
    one = st.builds(
        Turn,
        things=st.integers(0, at_most),
        asks=st.sampled_from(["nothing", *asks, "cancel", "new worker"]),
        of=st.integers(0, 2),
        seed=st.integers(0, 1_000),
    )
    return st.lists(one, max_size=6)


def path_start(**more: Any) -> PathStart:
    policy = shipped_learning_policy()
    values = {
        "case": "U-1-DATA1",
        "learner": LEARNER,
        "manager": MANAGER,
        "goal": Goal(role=ROLE, profile=PROFILE),
        "policy": policy,
        "hours": policy.plan.hours,
        "hours_per_week": policy.plan.hours_per_week,
        "budget": policy.plan.budget,
        "started_by": HR,
    }
    return PathStart(**{**values, **more})


def placement_start(now: datetime, **more: Any) -> PlacementStart:
    return PlacementStart(
        case="R-1-DATA1",
        returner=RETURNER,
        application=ELIGIBLE,
        role=ROLE.model_copy(update={"headcount": "headcount-DATA"}),
        starts_on=(now + timedelta(weeks=3)).date(),
        weeks=8,
        policy=short_policy(),
        started_by=HR,
        **more,
    )


@some(15)
@given(turns(Placement, at_most=60))
def test_a_placement(course: list[Turn]) -> None:
    office = StandIns()
    with office.driver as driver:
        driver.start(Placement, "placement-R-1-DATA1", placement_start(driver.now))
        Course(office, ASKS).goes(course)


@some(15)
@given(turns(UpskillingPath, at_most=60))
def test_a_path(course: list[Turn]) -> None:
    office = StandIns(trainings=all_kinds())
    with office.driver as driver:
        driver.start(UpskillingPath, "upskilling-U-1-DATA1", path_start())
        Course(office, ASKS, ANSWERS).goes(course)


@some(8)
@given(turns(Placement, UpskillingPath, at_most=80))
def test_a_placement_with_a_path_inside(course: list[Turn]) -> None:
    office = StandIns(trainings=all_kinds())
    with office.driver as driver:
        learning = path_start(learner=RETURNER)
        driver.start(Placement, "placement-R-1-DATA1", placement_start(driver.now, learning=learning))
        Course(office, ASKS, ANSWERS).goes(course)


@pytest.mark.parametrize("events_a_run", [1, 1_000])
@some(5)
@given(course=turns(Cohort, Placement, at_most=80))
def test_a_cohort(events_a_run: int, course: list[Turn]) -> None:
    office = StandIns()
    with office.driver:
        start_cohort(office, events_a_run=events_a_run)
        take_part(office, 2)
        Course(office, ASKS, ANSWERS).goes(course)
