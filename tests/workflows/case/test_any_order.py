"""Cases get to their end whatever comes in whatever order. Without a server, in milliseconds a step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from temporalio.exceptions import ApplicationError

from domain.core.case import Done
from tests.workflows.case.any_order import UNREACHABLE, Course, Turn
from tests.workflows.case.courses import (
    ASKS,
    PATH,
    PLACEMENT,
    certification,
    cohort,
    cohort_of_many_runs,
    path,
    path_to_a_certificate,
    placement,
    placement_with_a_path_inside,
)
from tests.workflows.cohort.cohorts_by_hand import some
from workflows.capacity.activity_calls import RELEASE_CAPACITY, RESERVE_CAPACITY
from workflows.certification.activity_calls import ISSUE_CREDENTIAL, SET_CREDENTIAL_STATUS
from workflows.certification.workflow import Certification
from workflows.cohort.activity_calls import ASK_PLACEMENTS, MATCH_COHORT, START_PLACEMENTS, TELL_PROPOSALS
from workflows.cohort.workflow import Cohort
from workflows.learning.activity_calls import CERTIFICATE_NOW, PROPOSE_PLAN
from workflows.learning.workflow import UpskillingPath
from workflows.placement.activity_calls import CHOOSE_MENTOR, PLAN_CALENDAR
from workflows.placement.workflow import Placement

OF_ALL = ("cancel", "new worker", *UNREACHABLE, "all back", "not mine", "reopen")
UNDER_WAY: dict[type[Any], list[str]] = {
    Placement: [
        CHOOSE_MENTOR.name,
        PLAN_CALENDAR.name,
        RESERVE_CAPACITY.name,
        RELEASE_CAPACITY.name,
    ],
    UpskillingPath: [PROPOSE_PLAN.name, RESERVE_CAPACITY.name, RELEASE_CAPACITY.name],
    Certification: [CERTIFICATE_NOW.name, ISSUE_CREDENTIAL.name, SET_CREDENTIAL_STATUS.name],
    Cohort: [
        MATCH_COHORT.name,
        START_PLACEMENTS.name,
        TELL_PROPOSALS.name,
        ASK_PLACEMENTS.name,
    ],
}
"""What is worth waiting for: what people ask for in that moment was not foreseen by whoever waits."""


def turns(*kinds: type[Any], at_most: int) -> st.SearchStrategy[list[Turn]]:
    """Some turns; the simplest is none: all comes in its order, and nobody asks anything."""
    asks = sorted({what for kind in kinds for what in ASKS[kind]})
    if len(kinds) > 1:  # of a case alone there is nothing else to be seen then
        asks.append("end by force")
    activities = UNDER_WAY[kinds[0]]
    turn = st.builds(
        Turn,
        things=st.integers(0, at_most),
        under_way=st.sampled_from([None, *activities]),
        asks=st.sampled_from(["nothing", *asks, *OF_ALL]),
        of=st.integers(0, 2),
        seed=st.integers(0, 1_000),
    )
    return st.lists(turn, max_size=6)


@pytest.mark.parametrize(
    ("begin", "kind", "asks"),
    [
        *((placement, Placement, asks) for asks in (["withdraw"], ["cancel"], ["pause"], ["pause", "resume"])),
        *((begin, kind, ["not mine", "reopen"]) for begin, kind in ((placement, Placement), (path, UpskillingPath))),
        (placement, Placement, ["another mentor", "withdraw"]),
        *((path, UpskillingPath, asks) for asks in (["withdraw"], ["another role"], ["another role", "withdraw"])),
        *((cohort, Cohort, asks) for asks in (["withdraw"], ["pause", "withdraw"], ["pause", "resume"])),
        *((cohort_of_many_runs, Cohort, asks) for asks in (["match again"],)),
    ],
)
def test_what_is_asked_while_something_is_under_way(
    begin: Callable[[], Course], kind: type[Any], asks: list[str]
) -> None:
    for under_way in UNDER_WAY[kind]:
        for n in (1,) if kind is Cohort else (1, 2):
            with (course := begin()).driver:
                course.is_disturbed(under_way, n, asks)


@some(5)
@given(turns(Placement, at_most=60))
def test_a_placement(of: list[Turn]) -> None:
    with (course := placement()).driver:
        course.goes(of)


@some(5)
@given(turns(UpskillingPath, at_most=60))
def test_a_path(of: list[Turn]) -> None:
    with (course := path()).driver:
        course.goes(of)


@some(5)
@given(turns(Placement, UpskillingPath, at_most=80))
def test_a_placement_with_a_path_inside(of: list[Turn]) -> None:
    with (course := placement_with_a_path_inside()).driver:
        course.goes(of)


PUTS_RIGHT = ("answer", "not mine", "reopen", "pause", "resume", "another mentor", "new worker", "nothing")


@some(8)
@given(
    st.sampled_from([placement, path, placement_with_a_path_inside]),
    st.lists(
        st.builds(
            Turn,
            things=st.integers(0, 40),
            under_way=st.none(),
            asks=st.sampled_from(PUTS_RIGHT),
            of=st.integers(0, 1),
            seed=st.integers(0, 1_000),
        ),
        min_size=4,
        max_size=12,
    ),
)
def test_answers_denials_and_reopenings_in_any_order(begin: Callable[[], Course], of: list[Turn]) -> None:
    """Exactly one answer to each question counts, and nobody is asked for ever whose a task is."""
    with (course := begin()).driver:
        course.goes(of)


def test_a_path_goes_on_that_was_paused_with_a_placement_which_was_then_ended_by_force() -> None:
    """Given a path that is paused with its placement, when HR resumes the path, then it is refused as long as the
    placement is there; once an operator has ended that in Temporal, the path goes on to its end."""
    with (course := placement_with_a_path_inside()).driver as driver:
        course.until(lambda: "upskilling-U-1-DATA1" in driver.executions)
        driver.ask("placement-R-1-DATA1", *PLACEMENT["pause"](), Done)
        with pytest.raises(ApplicationError, match="it is paused with its placement, R-1-DATA1; resume that one"):
            driver.ask("upskilling-U-1-DATA1", *PATH["resume"](), Done)

        driver.end_by_force("placement-R-1-DATA1")
        driver.ask("upskilling-U-1-DATA1", *PATH["resume"](), Done)
        course.run_to_completion()
        assert driver.executions["upskilling-U-1-DATA1"].status == "completed"


def test_a_path_that_is_withdrawn_as_its_certification_begins_does_not_take_that_with_it() -> None:
    """Given a path that is just starting a certification, when it is withdrawn before it hears that it has begun, then
    the certification goes on, and knows that nobody waits for it."""
    with (course := path_to_a_certificate()).driver as driver:
        course.until(lambda: any(case.run.kind is Certification for case in course.cases))
        path, certification = course.cases
        assert path.has_something_to_do, "it has heard before"

        driver.ask(path.id, *PATH["withdraw"](), Done)

        view = driver.query(certification.id)
        assert (path.status, certification.status) == ("completed", "running")
        assert (view["stage"], view["early_end"], view["listeners"]) == ("preparing", None, [])


@some(5)
@given(turns(Certification, at_most=60))
def test_a_certification(of: list[Turn]) -> None:
    with (course := certification()).driver:
        course.goes(of)


@some(5)
@given(turns(UpskillingPath, Certification, at_most=60))
def test_a_path_to_a_certificate(of: list[Turn]) -> None:
    with (course := path_to_a_certificate()).driver:
        course.goes(of)


@pytest.mark.parametrize("begin", [placement, path, certification, cohort])
def test_what_is_asked_of_a_case_whose_last_step_is_under_way(begin: Callable[[], Course]) -> None:
    """One thing after the other, each time the step is taken once more; to be cancelled is heard as well."""
    with (course := begin()).driver:
        asks = [*ASKS[course.cases[0].run.kind], "cancel"]
        assert course.is_asked_while_it_ends(asks) == []


def test_a_cohort_that_is_to_go_on_in_a_new_run_hears_first_what_is_asked_of_it() -> None:
    """One thing after the other, each as another run ends."""
    with (course := cohort_of_many_runs()).driver:
        asks = ["match again", "pause", "match again", "resume", "nothing", "pause", "cancel"]
        assert course.is_asked_while_it_ends(asks) == []


@some(3)
@given(turns(Cohort, Placement, at_most=80))
def test_a_cohort(of: list[Turn]) -> None:
    with (course := cohort()).driver:
        course.goes(of)


@some(2)
@given(turns(Cohort, Placement, at_most=80))
def test_a_cohort_in_as_many_runs_as_there_can_be(of: list[Turn]) -> None:
    with (course := cohort_of_many_runs()).driver:
        course.goes(of)
