"""What HR pins, forbids and lifts, as placements hear it while they look for mentors. Without a server."""

from __future__ import annotations

from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from domain.cohort.requests import Rematch
from domain.core.case import Done
from domain.core.placement_rows import MentorshipRow
from domain.core.questions import TaskKind
from domain.core.tasks import AnswerTask, Receipt
from domain.placement.cohort_messages import CohortMessage, MentorRuling
from domain.placement.requests import ReassignMentor
from tests.office import HR
from tests.workflows.case.any_order import Course
from tests.workflows.case.courses import cohort, placement
from tests.workflows.case.stand_ins import MENTORS
from tests.workflows.cohort.cohorts_by_hand import COHORT
from workflows.placement.activity_calls import CHOOSE_MENTOR

BEST, MIDDLE, LAST = MENTORS
OUTSIDER, NOBODY = "P-OUTSIDER", "P-NOBODY7"
ALONE, FIRST = "placement-R-1-DATA1", "placement-R-RETURN1-DATA1"


def rules(course: Course, case: str, **ruling: Any) -> None:
    """The placement hears what HR has said in its cohort."""
    course.driver.signal(case, "mentor_proposed", CohortMessage(n=0, ruling=MentorRuling(**ruling)))


def asked(course: Course, case: str) -> list[str]:
    course.driver.settle()
    return [mentorship["mentor"] for mentorship in course.driver.query(case)["mentorships"]]


def agrees(course: Course, case: str, *, yes: bool) -> None:
    """Whoever is asked to be the mentor agrees, or not."""
    open_tasks = course.driver.query(case, "open_tasks")
    (task,) = [task for task in open_tasks if task["kind"] == TaskKind.MENTOR_REQUEST]
    answer = {"yes": True} if yes else {"yes": False, "reason": "no time"}
    course.driver.ask(case, "answer_task", AnswerTask(actor=task["assignee"], task=task["id"], answer=answer), Receipt)


def reassign(**more: Any) -> ReassignMentor:
    return ReassignMentor(actor=HR, reason="it does not work", **more)


def test_what_is_forbidden_while_nobody_looks_holds_for_whoever_does_later_until_it_is_lifted() -> None:
    # Given somebody who is matched, and a cohort where nobody looks for a mentor.
    with (course := cohort()).driver as driver:

        def participants() -> list[dict[str, Any]]:
            return list(driver.query(COHORT)["participants"].values())

        course.until(lambda: all(participant["status"] == "matched" for participant in participants()))
        (first, *others) = asked(course, FIRST)
        forbidden = next(mentor for mentor in MENTORS if mentor != first)
        assert others == []

        # When HR forbids the next best, and the mentor is replaced.
        pair = f"P-RETURN1={forbidden}"
        done = driver.ask(COHORT, "rematch", Rematch(actor=HR, reason="they are a couple", forbid=[pair]), Done)
        assert "nobody looks for a mentor now" in done.sentence
        driver.ask(FIRST, "reassign_mentor", reassign(), Done)
        assert forbidden not in asked(course, FIRST)

        # Then the cohort shows the new one as asked, and not the old one as matched.
        seen = participants()[0]
        assert (seen["status"], seen["mentor"]) == ("asked", asked(course, FIRST)[-1])
        with pytest.raises(ApplicationError, match="looks for a mentor now"):
            driver.ask(COHORT, "rematch", Rematch(actor=HR, reason="once more"), Done)

        # And once it is lifted, the other may be asked.
        driver.ask(COHORT, "rematch", Rematch(actor=HR, reason="not any more", lift=[pair]), Done)
        assert driver.query(COHORT)["forbids"] == []
        agrees(course, FIRST, yes=False)
        assert asked(course, FIRST)[-1] == forbidden


def test_hr_hears_once_why_a_pin_can_not_be_kept_and_the_search_goes_on_without_it() -> None:
    # Given a placement whose cohort is gone, with a mentor pinned who is nobody on record.
    with (course := placement()).driver as driver:
        course.office.unknown = {NOBODY}
        rules(course, ALONE, n=1, pinned=NOBODY)
        course.until(lambda: bool(asked(course, ALONE)))

        # When all who are asked say no.
        for mentor in (BEST, MIDDLE):
            assert asked(course, ALONE)[-1] == mentor
            agrees(course, ALONE, yes=False)

        # Then HR was told once, and never asked for a name.
        assert asked(course, ALONE) == [BEST, MIDDLE, LAST]
        view = driver.query(ALONE)
        assert {task["kind"] for task in view["tasks"]} == {TaskKind.MENTOR_REQUEST}
        told = [decision for decision in view["decisions"] if decision["what"] == "mentor"]
        assert [(decision["decided"], decision["reason"]) for decision in told] == [
            (f"{NOBODY} can't be the mentor HR wants", "is not in the records")
        ]
        letters = [letter.template for delivery in course.office.delivered for letter in delivery.letters]
        assert letters.count("pin_not_kept") == 1

        # And a newer word of HR's is tried again.
        rules(course, ALONE, n=2, pinned=OUTSIDER)
        agrees(course, ALONE, yes=False)
        assert asked(course, ALONE)[-1] == OUTSIDER


def test_a_pin_that_comes_while_one_before_it_is_looked_up_is_kept() -> None:
    # Given a placement that looks up a pinned mentor, who is nobody on record, while the records can't be reached.
    with (course := placement()).driver as driver:
        course.office.unknown = {NOBODY}
        course.until(lambda: bool(asked(course, ALONE)))
        rules(course, ALONE, n=1, pinned=NOBODY)
        driver.unreachable.add(CHOOSE_MENTOR.name)
        agrees(course, ALONE, yes=False)
        assert [activity.name for activity in driver.open_activities] == [CHOOSE_MENTOR.name]

        # When HR pins somebody else before the records are back.
        rules(course, ALONE, n=2, pinned=OUTSIDER)
        driver.settle()
        driver.unreachable.clear()

        # Then that one is asked next.
        assert asked(course, ALONE) == [BEST, OUTSIDER]


def test_hr_lifts_in_the_placement_what_its_cohort_can_not_lift_any_more() -> None:
    # Given a placement whose cohort is gone, with a mentor forbidden and another pinned.
    with (course := placement()).driver as driver:
        rules(course, ALONE, n=1, pinned=MIDDLE, forbidden=[BEST])
        course.until(lambda: bool(asked(course, ALONE)))
        assert asked(course, ALONE) == [MIDDLE]

        # When HR lifts what it has said.
        for lift, by, sentence in (
            ([OUTSIDER], HR, f"lift: {OUTSIDER} is neither pinned nor forbidden in R-1-DATA1"),
            ([BEST], MIDDLE, f"{MIDDLE} can't do that"),
        ):
            with pytest.raises(ApplicationError, match=sentence):
                driver.ask(ALONE, "reassign_mentor", ReassignMentor(actor=by, reason="x", lift=lift), Done)
        done = driver.ask(ALONE, "reassign_mentor", reassign(lift=[BEST, MIDDLE]), Done)
        assert done.sentence == f"{BEST}, {MIDDLE} are neither pinned nor forbidden any more"

        # Then nobody is disturbed, and the next search finds whom it could not find.
        ruling = driver.query(ALONE)["ruling"]
        assert (ruling["pinned"], ruling["forbidden"]) == (None, [])
        agrees(course, ALONE, yes=False)
        assert asked(course, ALONE) == [MIDDLE, BEST]


def test_whom_hr_names_while_the_cohort_proposes_somebody_else_is_asked_and_is_on_record() -> None:
    # Given a placement that waits for its cohort, and HR who names a mentor while the records can't be reached.
    with (course := cohort()).driver as driver:
        course.until(lambda: bool(driver.query(COHORT, "open_tasks")))
        driver.unreachable.add(CHOOSE_MENTOR.name)
        naming = driver.update(FIRST, "reassign_mentor", reassign(mentor=MIDDLE))
        driver.settle()
        assert not naming.done

        # When the cohort proposes somebody else before the records are back.
        proposed = CohortMessage(n=1, mentor=BEST, score=0.9, reasons=["skills"])
        driver.signal(FIRST, "mentor_proposed", proposed)
        driver.settle()
        driver.unreachable.clear()

        # Then the one HR names is asked, and nobody else is on record; the other is asked after them.
        assert asked(course, FIRST) == [MIDDLE]
        assert naming.answer(Done)
        agrees(course, FIRST, yes=False)
        assert asked(course, FIRST) == [MIDDLE, BEST]
        assert {(search.n, search.nominee) for search in course.office.searches} == {(1, MIDDLE)}
        rows = [row for delivery in course.office.delivered if delivery.case in FIRST for row in delivery.rows]
        on_record = {row.n: (row.mentor, row.state) for row in rows if isinstance(row, MentorshipRow)}
        assert on_record == {1: (MIDDLE, "refused"), 2: (BEST, "asked")}
