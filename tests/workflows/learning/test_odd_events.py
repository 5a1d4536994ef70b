"""Completion events that say more than anybody can have spent, or of the end of all time: no path stops by one. Without
a server."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from domain.learning.catalogue import MoveOn
from domain.learning.start import Goal
from domain.learning.xapi import HandedIn, HandIn, Reading, Statement, Verb
from tests.domain.factories import shipped_learning_policy
from tests.office import HR, ROLE
from tests.school import COURSE, LEARNER, PROFILE, e_learning
from tests.workflows.case.any_order import Course
from tests.workflows.case.courses import ASKS, path_start
from tests.workflows.case.stand_ins import StandIns
from tests.workflows.cohort.cohorts_by_hand import ANSWERS
from workflows.learning.activity_calls import READ_STATEMENT
from workflows.learning.workflow import UpskillingPath

PATH = "upskilling-U-1-DATA1"
LAST_INSTANT = datetime(9999, 12, 31, 23, 59, tzinfo=UTC)

Say = Callable[..., HandedIn]


@pytest.fixture
def office() -> Iterator[StandIns]:
    """An office in Kolkata with a long e-learning, of which the policy lets much count."""
    office = StandIns(trainings=[e_learning(hours=600, move_on=MoveOn.COMPLETED_AND_PASSED)])
    policy = shipped_learning_policy()
    hours = policy.hours.model_copy(update={"most_times_planned": Decimal(10)})
    goal = Goal(role=ROLE.model_copy(update={"time_zone": "Asia/Kolkata"}), profile=PROFILE)
    with office.driver as driver:
        start = path_start(policy=policy.model_copy(update={"hours": hours}), goal=goal, hours=1000)
        driver.start(UpskillingPath, PATH, start)
        Course(office, ASKS, ANSWERS).until(lambda: _under_way(driver.query(PATH)))
        yield office


@pytest.fixture
def say(office: StandIns) -> Say:
    """The learning system says that something took so long."""

    def say(took: timedelta, at: datetime, verb: Verb = Verb.COMPLETED) -> HandedIn:
        statement = Statement(
            id=str(uuid.uuid4()), person=LEARNER, verb=verb, activity=COURSE, at=at, success=None,
            completion=None, signed_by="academy", duration=took,
        )  # fmt: skip
        office.driver.activities[READ_STATEMENT.name] = lambda _: Reading(statement=statement)
        message = HandIn(actor=HR, text="{}")
        return office.driver.ask(PATH, "completion_event", message, HandedIn)

    return say


def test_hours_that_nobody_lives_to_learn_do_not_count_and_the_path_goes_on(office: StandIns, say: Say) -> None:
    now, span = office.driver.now, timedelta(hours=5_500)
    first = say(span, now)
    assert "how long it took counts as hours spent" in first.sentence

    second = say(span, now - timedelta(days=1) - span)

    assert "would have taken more than 10,000 hours: that does not count as hours spent" in second.sentence
    view = office.driver.query(PATH)
    assert view["hours_spent"]["spent"]["learning_system"] == "5500.00"
    to_hr = [letter for letter in _letters(office) if letter.template == "event_odd_time" and letter.to == HR]
    assert any("more than 10,000 hours" in letter.facts["why"] for letter in to_hr)


def test_a_time_at_the_end_of_all_time_is_told_to_hr_and_counts_for_today(office: StandIns, say: Say) -> None:
    said = say(timedelta(hours=2), LAST_INSTANT, Verb.PASSED)

    assert said.counted
    (entry,) = office.driver.query(PATH)["hours_spent"]["entries"]
    assert (entry["on"], entry["hours"]) == (office.driver.now.date().isoformat(), "2.00")
    (letter,) = {letter.facts["why"] for letter in _letters(office) if letter.template == "event_odd_time"}
    assert "by its timestamp it happens on 9999-12-31T23:59Z, which is still to come" in letter


def _under_way(view: dict[str, Any]) -> bool:
    return any(enrolment["state"] == "under_way" for enrolment in view["enrolments"])


def _letters(office: StandIns) -> list[Any]:
    return [letter for delivery in office.delivered for letter in delivery.letters]
