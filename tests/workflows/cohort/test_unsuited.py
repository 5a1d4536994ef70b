"""A cohort's dates name whom they don't suit: in the view, to HR who reviews the matching, and in a letter. Without a
server."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from domain.cohort.participants import Enlisting
from domain.cohort.requests import Enlist
from domain.core.case import Done
from domain.core.naming import workflow_id
from domain.core.post import Letter
from domain.core.questions import TaskKind
from domain.core.working_pattern import read_patterns
from domain.placement.requests import ChangePattern
from tests.office import HR, MANAGER
from tests.workflows.case.any_order import Course
from tests.workflows.case.stand_ins import MENTORS, StandIns
from tests.workflows.cohort.cohorts_by_hand import ANSWERS, COHORT, enlisting, start_cohort


def test_the_dates_of_a_cohort_name_who_does_not_work_on_that_day() -> None:
    # Given a cohort that begins on a Monday: one returner works on Tuesdays, and one mentor on Wednesdays
    office = StandIns(mentors=MENTORS[:1])
    office.working = {MENTORS[0]: read_patterns("wed 8")}
    with office.driver as driver:
        start_cohort(office)
        _, request = enlisting(1, 2)
        first, second = request.enlisting.participants
        people = [first.model_copy(update={"patterns": read_patterns("tue 8")}), second]
        enlist = Enlisting(participants=people, roles=request.enlisting.roles)
        driver.update(COHORT, "enlist", Enlist(actor=HR, enlisting=enlist))
        course = Course(office, {}, ANSWERS)

        # When HR is shown the matching, the kick-off is named with the returner, and what suits all is not
        course.unanswered = {TaskKind.MATCHING_REVIEW}
        course.until(lambda: bool(_reviews(driver.query(COHORT))))
        (review,) = _reviews(driver.query(COHORT))
        (line,) = [
            line for line in review["facts"]["dates_on_which_somebody_does_not_work"] if line.startswith("Kick-off")
        ]
        assert line.endswith(first.returner)

        # And once there are mentors, with them too
        course.unanswered = set()
        course.until(lambda: _matched(driver.query(COHORT)) == 2)
        assert _unsuited(driver.query(COHORT), "kick_off") == sorted([MENTORS[0], first.returner])

        # And when HR invites, it gets a letter that names them
        course.until(lambda: bool(_letters(office)))
        (letter,) = _letters(office)
        assert _date(driver.query(COHORT), "kick_off")["state"] == "invited"
        assert letter.to == HR
        assert letter.facts["who"] == f"{MENTORS[0]}, {first.returner}"

        # And when the other works otherwise from before the showcase on, the view says that too
        course.until(lambda: driver.query(workflow_id(second.case))["stage"] == "placement")
        since = driver.now.date() + timedelta(days=10)
        pattern = ChangePattern(actor=MANAGER, patterns=read_patterns(f"from {since} tue 8"), reason="school hours")
        driver.ask(workflow_id(second.case), "change_pattern", pattern, Done)
        course.until(lambda: second.returner in _unsuited(driver.query(COHORT), "showcase"))
        assert second.returner not in _unsuited(driver.query(COHORT), "kick_off")


def _letters(office: StandIns) -> list[Letter]:
    letters = [letter for delivery in office.delivered for letter in delivery.letters]
    return [letter for letter in letters if letter.template == "date_does_not_suit"]


def _reviews(view: dict[str, Any]) -> list[dict[str, Any]]:
    return [task for task in view["tasks"] if task["kind"] == TaskKind.MATCHING_REVIEW and task["state"] == "open"]


def _matched(view: dict[str, Any]) -> int:
    return sum(participant["status"] == "matched" for participant in view["participants"].values())


def _date(view: dict[str, Any], key: str) -> dict[str, Any]:
    found: dict[str, Any] = next(date for date in view["dates"] if date["key"] == key)
    return found


def _unsuited(view: dict[str, Any], key: str) -> list[str]:
    found: list[str] = _date(view, key)["does_not_suit"]
    return found
