"""Cases get to their end whatever comes in whatever order. Without a server, in milliseconds a step."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from domain.case import Withdraw
from domain.cohort import CohortStart, Enlist, Enlisted, PauseCohort, Rematch, ResumeCohort
from domain.participation import Enlisting, Participant
from domain.placement import PlacementStart
from domain.placement_requests import DecideEarly, ExtendPlacement, PausePlacement, ReassignMentor, ResumePlacement
from domain.policy import Policy
from domain.questions import TaskKind
from domain.upskilling import ChangeRole, Goal, PathStart, PausePath, ResumePath
from tests.domain.factories import shipped_learning_policy, shipped_policy
from tests.office import ELIGIBLE, HR, HR_LEAD, MANAGER, RETURNER, ROLE
from tests.school import FIRST, LEARNER, PROFILE, REACHED, all_kinds, levels
from tests.workflows.any_order import Answers, Ask, Asks, Course, Turn
from tests.workflows.stand_ins import MENTORS, StandIns
from workflows.cohort import Cohort
from workflows.placement import Placement
from workflows.upskilling import UpskillingPath


def some(courses: int) -> settings:
    """So many courses: a few seconds of them. ``WAYMARK_ORDERS=100`` looks through a hundred times as many."""
    return settings(
        max_examples=courses * int(os.environ.get("WAYMARK_ORDERS", "1")),
        suppress_health_check=[HealthCheck.too_slow],
        phases=[Phase.reuse, Phase.generate, Phase.shrink],
    )


RETURNERS = ("P-RETURN1", "P-RETURN2")
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
COHORT: dict[str, Ask] = {
    "pause": lambda: ("pause", PauseCohort(actor=HR, reason="a strike")),
    "resume": lambda: ("resume", ResumeCohort(actor=HR)),
    "match again": lambda: ("rematch", Rematch(actor=HR, reason="somebody is new", forbid=[f"P-RETURN2={MENTORS[0]}"])),
    "withdraw": lambda: ("withdraw", Withdraw(actor=HR, reason="each for themselves")),
}
ASKS: Asks = {Placement: PLACEMENT, UpskillingPath: PATH, Cohort: COHORT}


def assessed(task: dict[str, Any], view: dict[str, Any]) -> dict[str, Any]:
    """At first the levels of FIRST; after training, what it leads to."""
    return levels(task, REACHED if view["round"] else FIRST)


ANSWERS: Answers = {
    TaskKind.MATCHING_REVIEW: lambda task, view: {"agree": True},
    **dict.fromkeys((TaskKind.SKILLS_SELF, TaskKind.SKILLS_MANAGER, TaskKind.CALIBRATION), assessed),
}


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


@cache
def short_policy() -> Policy:
    """Little of everything that a placement has."""
    policy = shipped_policy()
    items = [one for one in policy.onboarding.items if one.key in ("laptop", "orientation")]
    return policy.model_copy(
        update={
            "onboarding": policy.onboarding.model_copy(update={"items": items}),
            "reviews": policy.reviews.model_copy(update={"weeks": [2]}),
            "mentoring": policy.mentoring.model_copy(update={"weekly_for_weeks": 1, "then_every_weeks": 4}),
            "decision": policy.decision.model_copy(update={"early_from_week": 2}),
            "stipend": policy.stipend.model_copy(update={"budget_from": "budget-RETURN"}),
            "follow_up": policy.follow_up.model_copy(update={"days": [30]}),
        }
    )


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
    with office.driver as driver:
        start = CohortStart(
            cohort="SPRING",
            title="Spring cohort",
            policy=short_policy(),
            starts_on=(driver.now + timedelta(weeks=6)).date(),
            weeks=8,
            country=ROLE.country,
            time_zone=ROLE.time_zone,
            led_by=HR,
            hr_lead=HR_LEAD,
            events_a_run=events_a_run,
        )
        driver.start(Cohort, "cohort-SPRING", start)
        people = [
            Participant(case=f"R-{one[2:]}-DATA1", returner=one, role=ROLE.id, application=ELIGIBLE)
            for one in RETURNERS
        ]
        enlist = Enlist(actor=HR, enlisting=Enlisting(participants=people, roles={ROLE.id: ROLE}))
        driver.ask("cohort-SPRING", "enlist", enlist, Enlisted)
        Course(office, ASKS, ANSWERS).goes(course)
