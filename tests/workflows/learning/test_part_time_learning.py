"""Learning inside the placement of somebody who does not work full time: hours, due days, and workshops follow. Without
a server."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from domain.core.case import Done
from domain.core.model import Party
from domain.core.questions import TaskKind
from domain.core.tasks import AnswerTask, Receipt
from domain.core.working_pattern import WorkingPattern, WorkingTime, read_patterns
from domain.learning.catalogue import WorkshopSession
from domain.learning.part_time import days_of, hours_a_week, hours_in
from domain.learning.signals import AroundThePlacement, PlacementChange
from domain.placement.programme_days import Leave, days_of_weeks
from domain.placement.requests import ChangePattern, ExtendPlacement, PausePlacement, ResumePlacement
from tests.office import HR, RETURNER
from tests.school import LEARNER, all_kinds, workshop
from tests.workflows.case.any_order import Course
from tests.workflows.case.courses import ASKS, path_start, placement_start
from tests.workflows.case.stand_ins import StandIns
from tests.workflows.cohort.cohorts_by_hand import ANSWERS
from workflows.learning.workflow import UpskillingPath
from workflows.placement.workflow import Placement

MONDAY = date(2027, 1, 4)
PLACEMENT, PATH = "placement-R-1-DATA1", "upskilling-U-1-DATA1"


def test_hours_of_learning_follow_the_share_day_for_day() -> None:
    full, part_time = WorkingTime([]), WorkingTime(read_patterns("50%; from 2027-02-01 100%"))

    assert hours_in(8, days_of(MONDAY, 13), full) == 13 * 8
    assert hours_in(8, days_of(MONDAY, 13), part_time) == 4 * 4 + 9 * 8
    assert (hours_a_week(8, part_time, MONDAY), hours_a_week(8, part_time, date(2027, 2, 1))) == (4, 8)
    assert hours_a_week(8, WorkingTime(read_patterns("1%")), MONDAY) == 1
    assert hours_a_week(8, WorkingTime(read_patterns("mon-fri 9")), MONDAY) == 8  # never more than those of full time
    assert hours_in(60, days_of(MONDAY, 104), full) == 5000  # a path can't be started with more


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


def test_what_is_agreed_before_the_path_begins_or_in_the_moment_it_does_counts_for_its_hours() -> None:
    for agreed in ("in pre-boarding", "while the path is being started"):
        office = StandIns(trainings=all_kinds())
        with office.driver as driver:
            # Given a path inside a placement that was to be one of full time
            learning = path_start(learner=RETURNER, hours_per_week=8, hours=60)
            start = placement_start(driver.now, learning=learning)
            driver.start(Placement, PLACEMENT, start)
            course = Course(office, ASKS, ANSWERS)
            course.until(lambda: driver.query(PLACEMENT)["stage"] == "preboarding")

            # When they agree that it is one of three days a week
            driver.ask(PLACEMENT, "change_pattern", change(driver.now, "mon-wed 8", days=30), Done)
            course.unanswered = set() if agreed == "in pre-boarding" else {TaskKind.PATTERN_CONSENT}
            course.until(lambda: PATH in driver.executions)
            for task in driver.query(PLACEMENT, "open_tasks"):
                if task["kind"] == TaskKind.PATTERN_CONSENT:
                    message = AnswerTask(actor=task["assignee"], task=task["id"], answer={"yes": True})
                    driver.update(PLACEMENT, "answer_task", message)
            course.unanswered = set()
            course.until(lambda: driver.query(PATH)["patterns"] == driver.query(PLACEMENT)["patterns"] != [])

            # Then the path has the hours of these
            assert driver.query(PATH)["hours"] == hours_of(driver.query(PLACEMENT)), agreed


def test_a_leave_costs_no_hours_of_learning_while_it_lasts_nor_when_it_is_over() -> None:
    office = StandIns(trainings=all_kinds())
    with office.driver as driver:
        # Given a path inside a placement, both paused
        learning = path_start(learner=RETURNER, hours_per_week=8, hours=60)
        driver.start(Placement, PLACEMENT, placement_start(driver.now, learning=learning))
        course = Course(office, ASKS, ANSWERS)
        course.until(lambda: PATH in driver.executions and driver.query(PATH)["stage"] == "planning")
        driver.ask(PLACEMENT, "pause", PausePlacement(actor=HR), Done)

        # When less work is agreed on meanwhile, then the hours are those of the weeks there will be all the same
        driver.ask(PLACEMENT, "change_pattern", change(driver.now, "mon-tue 8", days=14), Done)
        for task in driver.query(PLACEMENT, "open_tasks"):
            if task["kind"] == TaskKind.PATTERN_CONSENT:
                driver.ask(
                    PLACEMENT,
                    "answer_task",
                    AnswerTask(actor=task["assignee"], task=task["id"], answer={"yes": True}),
                    Receipt,
                )
        assert driver.query(PATH)["hours"] == hours_of(driver.query(PLACEMENT))
        before = driver.query(PATH)["hours"]

        # And after four weeks away, which leave fewer weeks of full time, they are fewer
        driver.wait(timedelta(weeks=4))
        driver.ask(PLACEMENT, "resume", ResumePlacement(actor=HR), Done)
        view = driver.query(PATH)
        assert view["hours"] == hours_of(driver.query(PLACEMENT)) < before
        assert not view["clock"].get("paused_since")


def test_a_longer_placement_has_more_hours_of_learning() -> None:
    office = StandIns(trainings=all_kinds())
    with office.driver as driver:
        learning = path_start(learner=RETURNER, hours_per_week=8, hours=40)
        driver.start(Placement, PLACEMENT, placement_start(driver.now, learning=learning))
        course = Course(office, ASKS, ANSWERS)
        course.until(lambda: PATH in driver.executions and driver.query(PATH)["stage"] == "planning")

        driver.ask(PLACEMENT, "extend", ExtendPlacement(actor=HR, weeks=2, reason="to finish"), Done)
        course.until(lambda: driver.query(PLACEMENT)["weeks"] == 10 and driver.query(PATH)["hours"] != 40)

        assert driver.query(PATH)["hours"] == hours_of(driver.query(PLACEMENT))


@pytest.mark.parametrize("other_day", [True, False])
def test_a_seat_on_a_day_not_worked_any_more_is_exchanged_or_learner_and_hr_hear_of_it(other_day: bool) -> None:
    # Given a seat in a workshop on a Thursday; a later session is on a Tuesday, or on a Thursday too
    thursday, later = datetime(2027, 3, 4, 9, tzinfo=UTC), datetime(2027, 3, 23 if other_day else 25, 9, tzinfo=UTC)
    sessions = [
        WorkshopSession(id=f"S-{n}", starts=starts, ends=starts + timedelta(hours=8), seats=1)
        for n, starts in enumerate((thursday, later), start=1)
    ]
    office = StandIns(trainings=[workshop().model_copy(update={"sessions": sessions})])
    with office.driver as driver:
        driver.start(UpskillingPath, PATH, path_start())
        course = Course(office, ASKS, ANSWERS)
        course.until(lambda: _session(driver.query(PATH)) == "S-1")

        # When the learner does not work on Thursdays any more
        patterns = read_patterns("from 2027-02-22 mon-wed 8")
        driver.signal(PATH, "around_the_placement", AroundThePlacement(what=PlacementChange.PATTERN, patterns=patterns))
        driver.settle()

        # Then the seat is exchanged; or it is kept, and both hear of it
        letters = [(letter.template, letter.to) for delivery in office.delivered for letter in delivery.letters]
        on_day_off = [to for template, to in letters if template == "workshop_on_day_off"]
        free = {n: driver.query(f"capacity-seats-PY-W-S-{n}")["free"] for n in (1, 2)[: 1 + other_day]}
        if other_day:
            assert (_session(driver.query(PATH)), on_day_off, free) == ("S-2", [], {1: "1", 2: "0"})
            assert [template for template, _ in letters if template.startswith("workshop")][-2:] == [
                "workshop_cancelled",
                "workshop_invitation",
            ]
        else:
            assert (_session(driver.query(PATH)), on_day_off, free) == ("S-1", [LEARNER, HR], {1: "0"})

        # And that is the session of which the trainer says who came
        course.until(lambda: driver.query(PATH)["stage"] == "reassessment")
        (attended,) = driver.query(PATH)["enrolments"][0]["attended"]
        assert attended["session"] == ("S-2" if other_day else "S-1")


def test_a_seat_is_not_exchanged_when_the_days_have_changed_back_meanwhile() -> None:
    # Given a seat in a workshop on a Thursday, and a session on a Tuesday, which has one too
    thursday, tuesday = datetime(2027, 3, 4, 9, tzinfo=UTC), datetime(2027, 3, 23, 9, tzinfo=UTC)
    sessions = [
        WorkshopSession(id=f"S-{n}", starts=starts, ends=starts + timedelta(hours=8), seats=1)
        for n, starts in enumerate((thursday, tuesday), start=1)
    ]
    office = StandIns(trainings=[workshop().model_copy(update={"sessions": sessions})])
    with office.driver as driver:
        driver.start(UpskillingPath, PATH, path_start())
        Course(office, ASKS, ANSWERS).until(lambda: _session(driver.query(PATH)) == "S-1")

        def works(patterns: str) -> None:
            change = AroundThePlacement(what=PlacementChange.PATTERN, patterns=read_patterns(patterns))
            driver.signal(PATH, "around_the_placement", change)

        # When the learner does not work on Thursdays any more, and again does while the other seat is just being taken
        works("from 2027-02-22 mon-wed 8")
        while "capacity-seats-PY-W-S-2" not in driver.executions:
            assert driver.step()
        works("100%")
        driver.settle()

        # Then the seat is kept, and the other one is given back
        free = {n: driver.query(f"capacity-seats-PY-W-S-{n}")["free"] for n in (1, 2)}
        assert (_session(driver.query(PATH)), free) == ("S-1", {1: "0", 2: "1"})
        letters = [letter.template for delivery in office.delivered for letter in delivery.letters]
        assert not {"workshop_cancelled", "workshop_on_day_off"} & set(letters)


def change(now: datetime, what: str, *, days: int) -> ChangePattern:
    """What the returner asks for, from so many days later on."""
    since = (now + timedelta(days=days)).date()
    return ChangePattern(actor=RETURNER, patterns=read_patterns(f"from {since} {what}"), reason="school hours")


def hours_of(placement: dict[str, Any]) -> int:
    """Eight hours of learning a week of full time, up to the decision of a placement as it is now planned."""
    weeks = placement["weeks"] - placement["policy"]["decision"]["weeks_before_end"]
    leaves = [Leave.model_validate(leave) for leave in placement["leaves"]]
    days = days_of_weeks(date.fromisoformat(placement["plan"]["start"]), weeks, leaves)
    patterns = [WorkingPattern.model_validate(pattern) for pattern in placement["patterns"]]
    return hours_in(8, days, WorkingTime(patterns))


def _session(view: dict[str, Any]) -> str | None:
    """In which session of the only training there is a seat."""
    return view["enrolments"][0]["session"] if view["enrolments"] else None


def _due(view: dict[str, Any]) -> list[date]:
    tasks = [task for task in view["tasks"] if task["party"] == Party.LEARNER]
    return [datetime.fromisoformat(task["due_at"]).date() for task in tasks]
