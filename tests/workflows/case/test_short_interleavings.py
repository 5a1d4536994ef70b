"""All short interleavings of what can come at a few moments of a placement, a path, a certification and a cohort.

At each of the moments in :data:`MOMENTS`, which are those at which a case waits for somebody, every pair of moves in
:data:`MOVES` is made, one after the other: so that both come in one step of the workflow, and with a few things between
them. Then all goes its way until the case has come further, or has ended; what still runs is withdrawn, and all has to
come to a good end: see :mod:`tests.workflows.case.good_order`. A try takes a tenth of a second.

Not enumerated: three moves and more, other moments, activities that come back in another order than they were begun in,
people who say no, and what comes while the last step of a run is under way. ``test_any_order`` looks for those, by
chance and by the activity that is under way.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from domain.core.questions import TaskKind
from tests.workflows.case.any_order import Course
from tests.workflows.case.courses import (
    certification,
    cohort_of_many_runs,
    path,
    path_to_a_certificate,
    placement,
    placement_with_a_path_inside,
)
from tests.workflows.case.executions import Execution
from workflows.certification.workflow import Certification

MOVES = ("answer", "pause", "new worker", "withdraw", "kill")
"""All who are asked answer; HR pauses the case (a certification is suspended) or withdraws it; no worker has it in
memory any more; an operator ends by force what it belongs to, or what belongs to it."""
BETWEEN = (0, 4)
"""So many things happen between the two moves."""


def asked(kind: TaskKind) -> Callable[[dict[str, Any]], bool]:
    """Whether somebody is asked something of this kind, by the view of the case."""
    return lambda view: any(task["state"] == "open" and task["kind"] == kind for task in view["tasks"])


def in_stage(*stages: str) -> Callable[[dict[str, Any]], bool]:
    """Whether the case has come to one of these stages, by its view."""
    return lambda view: view["stage"] in stages


MOMENTS = {
    "a mentor is asked": (placement, asked(TaskKind.MENTOR_REQUEST), in_stage("placement")),
    "a plan is chosen": (path, asked(TaskKind.PLAN_CHOICE), in_stage("reassessment")),
    "a path inside assesses": (placement_with_a_path_inside, asked(TaskKind.SKILLS_SELF), in_stage("training")),
    "a certificate is waited for": (path_to_a_certificate, in_stage("certification"), in_stage("ended")),
    "an exam is corrected": (certification, asked(TaskKind.EXAM_RESULT), in_stage("valid")),
    "a matching is reviewed": (cohort_of_many_runs, asked(TaskKind.MATCHING_REVIEW), in_stage("running")),
}
"""How it begins, by the name of each moment; the moment, by the view of a case; and when that has come further."""


@pytest.mark.parametrize("moment", MOMENTS)
def test_whatever_two_things_come_then(moment: str) -> None:
    begin, comes, further = MOMENTS[moment]
    for first, second in permutations(MOVES, 2):
        for things in BETWEEN:
            course = begin()
            case = until(course, comes)
            move(course, case, first)
            for _ in range(things):
                course.driver.step()
            move(course, case, second)
            until(course, further, case)
            for running in course.running():
                course.ask_of(running, "withdraw")
            course.run_to_completion()
            course.driver.close(replay=False)  # what is replayed is what a new worker takes up


def until(course: Course, comes: Callable[[dict[str, Any]], bool], case: Execution | None = None) -> Execution:
    """Go on until the moment comes for a case (this one, unless it ends before); that one."""

    def there() -> list[Execution]:
        running = [execution for execution in course.running() if execution.begun and case in (None, execution)]
        over = [case] if case is not None and case.status != "running" else []
        return over or [execution for execution in running if comes(course.driver.query(execution.id))]

    course.until(lambda: not course.driver.choices() and bool(there()))
    return there()[0]


def move(course: Course, case: Execution, what: str) -> None:
    """Make a move, unless the case has ended by then."""
    others = [other for other in course.running() if other is not case]
    if what == "new worker":
        course.driver.new_worker()
    elif what == "kill" and others:
        course.ask_of(others[0], "end by force")
    elif case in course.running():
        course.ask_of(case, "suspend" if what == "pause" and case.run.kind is Certification else what)
