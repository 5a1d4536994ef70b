"""Learning inside the placement of somebody who does not work full time: hours, due days, and workshops follow. Without
a server."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from domain.core.case import Done
from domain.core.model import Party
from domain.core.working_pattern import WorkingTime, read_patterns
from domain.learning.part_time import days_of, hours_a_week, hours_in
from domain.placement.requests import ChangePattern
from tests.office import RETURNER
from tests.school import all_kinds
from tests.workflows.case.any_order import Course
from tests.workflows.case.courses import ASKS, path_start, placement_start
from tests.workflows.case.stand_ins import StandIns
from tests.workflows.cohort.cohorts_by_hand import ANSWERS
from workflows.placement.workflow import Placement

MONDAY = date(2027, 1, 4)
PLACEMENT, PATH = "placement-R-1-DATA1", "upskilling-U-1-DATA1"


def test_hours_of_learning_follow_the_share_day_for_day() -> None:
    full, part_time = WorkingTime([]), WorkingTime(read_patterns("50%; from 2027-02-01 100%"))

    assert hours_in(8, days_of(MONDAY, 13), full) == 13 * 8
    assert hours_in(8, days_of(MONDAY, 13), part_time) == 4 * 4 + 9 * 8
    assert (hours_a_week(8, part_time, MONDAY), hours_a_week(8, part_time, date(2027, 2, 1))) == (4, 8)
    assert hours_a_week(8, WorkingTime(read_patterns("1%")), MONDAY) == 1


def test_a_path_inside_learns_when_she_works_and_as_many_hours_as_are_hers(stand_ins: StandIns) -> None:
    # Given somebody who works from Monday to Wednesday, and a path inside her placement
    office = StandIns(trainings=all_kinds())
    with office.driver as driver:
        learning = path_start(learner=RETURNER, hours_per_week=8, hours=60)
        start = placement_start(driver.now, learning=learning, patterns=read_patterns("mon-wed 8"))
        driver.start(Placement, PLACEMENT, start)
        course = Course(office, ASKS, ANSWERS)
        course.until(lambda: PATH in driver.executions and driver.query(PATH)["stage"] == "training")
        view = driver.query(PATH)
        assert [pattern["week"]["thursday"] for pattern in view["patterns"]] == ["0"]
        assert all(day.weekday() < 3 for day in _due(view))

        # When she works full time from some day on
        since = driver.now.date() + timedelta(days=7)
        change = ChangePattern(
            actor=learning.goal.role.hr, patterns=read_patterns(f"from {since} 100%"), reason="children at school"
        )
        driver.ask(PLACEMENT, "change_pattern", change, Done)
        course.until(lambda: len(driver.query(PATH)["patterns"]) == 2)

        # Then her path has the hours of both, in the weeks up to the decision
        placement = driver.query(PLACEMENT)
        first, weeks = date.fromisoformat(placement["plan"]["start"]), 8 - start.policy.decision.weeks_before_end
        time = WorkingTime(read_patterns(f"mon-wed 8; from {since} 100%"))
        assert driver.query(PATH)["hours"] == hours_in(8, days_of(first, weeks), time)


def _due(view: dict[str, Any]) -> list[date]:
    tasks = [task for task in view["tasks"] if task["party"] == Party.LEARNER]
    return [datetime.fromisoformat(task["due_at"]).date() for task in tasks]
