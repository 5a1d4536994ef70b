"""A cohort that goes on in a new run at every quiet point there is: whatever is under way goes on in it.

Without a server; every run is replayed when the driver closes.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from domain.cohort.requests import PauseCohort, Rematch, ResumeCohort
from domain.core.case import Done
from domain.core.questions import TaskKind
from domain.core.tasks import AnswerTask
from tests.office import HR
from tests.workflows.case.any_order import Asks, Course
from tests.workflows.case.driver import Driver
from tests.workflows.case.executions import SentUpdate
from tests.workflows.case.stand_ins import MENTORS, StandIns
from tests.workflows.cohort.cohorts_by_hand import ANSWERS, COHORT, start_cohort, take_part
from workflows.cohort.workflow import Cohort

ASKS: Asks = {Cohort: {"resume": lambda: ("resume", ResumeCohort(actor=HR))}}


@pytest.fixture
def office() -> Iterator[StandIns]:
    """An office in which a cohort was started in which nobody takes part yet."""
    office = StandIns()
    with office.driver:
        start_cohort(office, events_a_run=1)
        yield office


def view(driver: Driver) -> dict[str, Any]:
    driver.settle()
    found: dict[str, Any] = driver.query(COHORT)
    return found


def answer(driver: Driver, **fields: Any) -> SentUpdate:
    """Answer the matching that HR is asked about."""
    (task,) = driver.query(COHORT, "open_tasks")
    return driver.update(COHORT, "answer_task", AnswerTask(actor=task["assignee"], task=task["id"], answer=fields))


def everybody_is_in(office: StandIns) -> None:
    """There is money for those who are enlisted: the cohort looks for their mentors."""
    Course(office, ASKS).until(lambda: bool(office.driver.query(COHORT, "open_tasks")))


def test_what_hr_agreed_to_in_a_pause_is_told_after_it_though_new_runs_came_between(office: StandIns) -> None:
    driver = office.driver
    take_part(office, 2)
    everybody_is_in(office)
    driver.update(COHORT, "pause", PauseCohort(actor=HR, reason="the site is closed"))
    driver.settle()

    answer(driver, agree=True)
    driver.settle()
    before = driver.executions[COHORT].runs
    take_part(office, 1)
    assert driver.executions[COHORT].runs > before
    people = list(view(driver)["participants"].values())
    assert [participant["asked"] for participant in people] == [[], [], []]
    driver.update(COHORT, "resume", ResumeCohort(actor=HR))

    after = view(driver)
    asked = [bool(participant["asked"]) for participant in after["participants"].values()]
    assert asked == [True, True, False]
    agreed = [
        decision for decision in after["decisions"] if (decision["what"], decision["decided"]) == ("matching", "agreed")
    ]
    assert [decision["by"] for decision in agreed] == [HR]


def test_another_matching_asked_for_in_a_pause_comes_before_what_was_agreed_to_in_it(office: StandIns) -> None:
    driver = office.driver
    take_part(office, 1)
    everybody_is_in(office)
    driver.update(COHORT, "pause", PauseCohort(actor=HR, reason="the site is closed"))
    answer(driver, agree=True)
    driver.settle()

    pin = f"P-RETURN1={MENTORS[2]}"
    driver.ask(COHORT, "rematch", Rematch(actor=HR, reason="we know better now", pin=[pin]), Done)
    driver.ask(COHORT, "resume", ResumeCohort(actor=HR), Done)

    driver.wait(timedelta(minutes=1))
    after = view(driver)
    assert (after["rounds"], after["proposal"]["n"]) == (2, 2)
    assert [participant["asked"] for participant in after["participants"].values()] == [[]]
    answer(driver, agree=True)
    assert [participant["asked"] for participant in view(driver)["participants"].values()] == [[MENTORS[2]]]


def test_a_review_of_an_earlier_run_still_refuses_pairs_that_can_not_be(office: StandIns) -> None:
    driver = office.driver
    take_part(office, 1)
    everybody_is_in(office)
    before = driver.executions[COHORT].runs
    take_part(office, 1)
    assert driver.executions[COHORT].runs > before

    refused = answer(driver, agree=False, pin=[f"P-NOBODY={MENTORS[0]}"])
    driver.settle()
    assert "does not take part" in (refused.refusal or "")


def test_from_the_first_day_to_the_report_in_as_many_runs_as_there_can_be(office: StandIns) -> None:
    # Given a cohort that goes on in a new run wherever it can, with a pause, a refusal, and pairs forbidden.
    driver = office.driver
    take_part(office, 3)
    everybody_is_in(office)
    answer(driver, agree=False, forbid=[f"P-RETURN1={MENTORS[0]}"])
    driver.settle()

    def reply(task: dict[str, Any], _view: dict[str, Any]) -> dict[str, Any]:
        if task["assignee"] == MENTORS[1]:
            return {"yes": False, "reason": "no time before summer"}
        return {"yes": True}

    course = Course(office, ASKS, {**ANSWERS, TaskKind.MENTOR_REQUEST: reply})
    course.until(lambda: driver.query(COHORT)["stage"] == "running")
    driver.update(COHORT, "pause", PauseCohort(actor=HR, reason="the site is closed"))
    course.run_to_completion()

    # Then nothing of it is lost: all have come out, each has been asked once, and the report is there.
    after = view(driver)
    assert [participant["outcome"] for participant in after["participants"].values()] == ["converted"] * 3
    assert {participant["status"] for participant in after["participants"].values()} == {"over"}
    assert MENTORS[0] not in after["participants"]["R-RETURN1-DATA1"]["asked"]
    assert all(
        len(set(participant["asked"])) == len(participant["asked"]) for participant in after["participants"].values()
    )
    assert [cohort_date["state"] for cohort_date in after["dates"]] == ["over"] * 3
    assert driver.executions[COHORT].runs > 10
    told = {letter.key: letter for delivery in office.delivered for letter in delivery.letters if letter.to == HR}
    assert len([letter for letter in told.values() if letter.template == "cohort_report"]) == 2
