"""What those hear who wait for a certificate, and when. Without a server."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from domain.certification.requests import Renew, TakeExam
from domain.certification.signals import CertificateEarned, TellAlso
from domain.core.case import Done, Withdraw
from domain.core.months import months_after
from domain.core.skills import RequiredSkill
from domain.core.tasks import AnswerTask, Receipt
from tests.school import LEARNER, PROFILE
from tests.workflows.case.any_order import Course
from tests.workflows.case.courses import certification
from tests.workflows.case.executions import Execution
from tests.workflows.case.listener import ListenerProbe

CERTIFICATION = "certification-C-1-DATA1"
DAY = timedelta(days=1)
MORE = RequiredSkill.model_validate({"skill": "python", "level": 4, "importance": 3, "mandatory": True})


def listener(course: Course, n: int, *, asks: list[RequiredSkill] | None = None) -> Execution:
    """Somebody who waits for the certificate; told in the old way where they ask nothing of it."""
    there = course.driver.start(ListenerProbe, f"upskilling-U-{n}-DATA1")
    tells_also(course, there.id, asks)
    return there


def tells_also(course: Course, waits: str, asks: list[RequiredSkill] | None = None) -> None:
    waiting = waits if asks is None else TellAlso(listener=waits, asks=asks)
    course.driver.signal(CERTIFICATION, "tell_also", waiting)
    course.driver.settle()


def takes_exam(course: Course, *, passed: bool) -> None:
    course.driver.ask(CERTIFICATION, "take_exam", TakeExam(actor=LEARNER), Done)
    (task,) = course.driver.query(CERTIFICATION, "open_tasks")
    answer = AnswerTask(actor=task["assignee"], task=task["id"], answer={"passed": passed})
    course.driver.ask(CERTIFICATION, "answer_task", answer, Receipt)


def view(course: Course) -> dict[str, Any]:
    course.driver.settle()
    found: dict[str, Any] = course.driver.query(CERTIFICATION)
    return found


def valid_until(course: Course) -> datetime:
    return datetime.fromisoformat(view(course)["credentials"][-1]["credential"]["valid_until"])


def test_whoever_waits_for_the_certificate_hears_of_it_once() -> None:
    with (course := certification()).driver as driver:
        first, second = listener(course, 1), listener(course, 2)
        tells_also(course, "upskilling-U-GONE")
        for _ in range(5):
            takes_exam(course, passed=False)
            driver.wait(15 * DAY)
        (told,) = driver.query(first.id, "told")
        assert told.startswith("remediation until")

        again = months_after(datetime.fromisoformat(view(course)["exams"][0]["at"]), 12)
        driver.wait(again - driver.now + DAY)
        takes_exam(course, passed=True)
        earned = [execution.ended_with(CertificateEarned) for execution in (first, second)]
        assert [certificate.valid_until for certificate in earned] == [valid_until(course)] * 2

        # Somebody who asks later hears at once; a renewal is no news to anybody
        late = listener(course, 3)
        assert late.ended_with(CertificateEarned).case == "C-1-DATA1"
        assert view(course)["listeners"] == view(course)["signals"] == []


def test_what_a_path_asked_that_has_ended_makes_no_exam_due_any_more() -> None:
    # Given a valid certificate, and somebody who asks more of it, so that the exam is due
    with (course := certification()).driver as driver:
        takes_exam(course, passed=True)
        asking = listener(course, 1, asks=[*PROFILE.skills[:1], MORE])
        assert view(course)["stage"] == "renewal"

        # When they wait no longer
        driver.signal(CERTIFICATION, "tell_no_more", asking.id)

        # Then it is valid as before, and can't be renewed before its time
        after = view(course)
        assert (after["stage"], after["listeners"], after["asks"]) == ("valid", [], {})
        with pytest.raises(ApplicationError, match="can be renewed from"):
            driver.ask(CERTIFICATION, "renew", Renew(actor=LEARNER), Done)


def test_whoever_waits_in_vain_hears_that_too() -> None:
    with (course := certification()).driver as driver:
        waits = listener(course, 1)
        driver.ask(CERTIFICATION, "withdraw", Withdraw(actor=LEARNER, reason="another field"), Done)
        assert driver.query(waits.id, "told") == ["withdrawn"]
        assert driver.executions[CERTIFICATION].status == "completed"
