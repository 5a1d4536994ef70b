"""Nothing is due when the office is closed: at a weekend, or on a public holiday. Without a server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import holidays
import pytest

from domain.core.people import Application
from domain.core.questions import TaskKind
from domain.core.reassigning import HandedOver
from service.placement.working_days import working_days
from tests.office import ROLE
from tests.office import STAND_IN as EXAMINER
from tests.school import LEARNER
from tests.workflows.case.any_order import Course
from tests.workflows.case.courses import certification, cohort, goes, path, placement
from tests.workflows.case.stand_ins import StandIns
from tests.workflows.cohort.cohorts_by_hand import COHORT
from tests.workflows.placement.placement_by_hand import PlacementByHand

SATURDAY = 5
PUBLIC_HOLIDAYS = holidays.country_holidays
PLACEMENT, PATH, CERTIFICATION = "placement-R-1-DATA1", "upskilling-U-1-DATA1", "certification-C-1-DATA1"


@pytest.fixture(autouse=True)
def with_holidays(no_holidays: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Plan with those that there are."""
    monkeypatch.setattr("service.placement.working_days.holidays.country_holidays", PUBLIC_HOLIDAYS)


def due_days(course: Course, workflow: str) -> list[tuple[str, datetime]]:
    """Each task that was ever asked, and when it was due where the office is."""
    tasks = course.driver.query(workflow)["tasks"]
    there = ZoneInfo(ROLE.time_zone)
    return [(task["kind"], datetime.fromisoformat(task["due_at"]).astimezone(there)) for task in tasks]


@pytest.mark.parametrize(
    ("begun", "workflow"),
    [(placement, PLACEMENT), (path, PATH), (cohort, COHORT), (certification, CERTIFICATION)],
    ids=["placement", "path", "cohort", "certification"],
)
@pytest.mark.parametrize("begins", ["2027-03-19", "2027-03-22", "2027-03-23", "2027-03-24"])
def test_nothing_is_due_when_the_office_is_closed(
    begun: Callable[[], Course], workflow: str, begins: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever begins in the days before Easter is asked something that would be due then, or at a weekend."""
    monkeypatch.setattr("tests.workflows.case.commands.BEGINNING", datetime.fromisoformat(f"{begins}T10:00Z"))
    works = working_days(ROLE.country)
    course = begun()
    with course.driver:
        if workflow == CERTIFICATION:  # which lives on until its holder leaves
            course.until(lambda: bool(due_days(course, workflow)))
            course.driver.ask(workflow, "hand_over", goes(EXAMINER), HandedOver)
            course.until(lambda: len(due_days(course, workflow)) > 1)
            course.driver.ask(workflow, "hand_over", goes(LEARNER), HandedOver)
        course.run_to_completion()
        due = due_days(course, workflow)

    assert due
    assert [(kind, at) for kind, at in due if kind != TaskKind.OFFER and not works(at.date())] == []


def test_public_holidays_are_known_before_the_first_task(stand_ins: StandIns) -> None:
    # Given the week before Easter, of which HR has five days to let somebody in
    stand_ins.driver.now = datetime(2027, 3, 22, 10, tzinfo=UTC)
    case = PlacementByHand(stand_ins, application=Application(break_months=11, experience_years=3))

    (override,) = case.open_tasks(TaskKind.ELIGIBILITY_OVERRIDE)

    assert override["due_at"].startswith("2027-03-30T")  # neither on the Saturday, nor on Easter Monday


def test_an_offer_ends_when_it_says_and_what_is_asked_on_that_day_is_due_on_a_working_day(stand_ins: StandIns) -> None:
    # Given a decision that HR confirms on a Saturday
    case = PlacementByHand(stand_ins)
    confirmation = case.next_task(TaskKind.CONFIRMATION)
    while case.today().weekday() != SATURDAY:
        case.pass_time(timedelta(days=1))
    case.answer(confirmation)

    (offer,) = case.open_tasks(TaskKind.OFFER)

    opened, due = (datetime.fromisoformat(offer[at]) for at in ("opened_at", "due_at"))
    assert (due.weekday(), due - opened) == (SATURDAY, timedelta(days=7))
