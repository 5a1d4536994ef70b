"""Which answers in a path or a certification can be put right, until when, and what is worked out again then."""

from __future__ import annotations

from collections.abc import Mapping

from domain.core.questions import TaskKind
from domain.core.reopening import Never, Rule, Until, first_of
from domain.core.tasks import Task
from domain.learning.enrolment import Enrolment, EnrolmentState
from domain.learning.result import PathStage
from domain.learning.state import PathState

LEVELS = (TaskKind.SKILLS_SELF, TaskKind.SKILLS_MANAGER, TaskKind.CALIBRATION)
"""The tasks whose answers are levels."""
HANDED_IN = (TaskKind.ASSIGNMENT_REPORT, TaskKind.STUDY_EVIDENCE)
"""The tasks by which a learner hands in work."""
ACCEPTED = (TaskKind.SIGN_OFF, TaskKind.EVIDENCE_REVIEW)
"""The tasks by which somebody accepts it."""
RESULTS = (TaskKind.ATTENDANCE, *ACCEPTED)
"""The tasks that say whether a training was passed."""

A_LEVEL = Until(
    "the plan is agreed (in a reassessment, as long as it goes on)",
    "the gaps; a plan that is being agreed is proposed anew. What is far apart is not talked about once more",
)
A_RESULT = Until(
    "the training stage is over, what requires the training begins, or an alternative has taken its place",
    "whether it counts as passed, and the hours attended; what waited for it goes on, or is called off. It is not "
    "tried once more",
)
WORK = Until("it is accepted or sent back", "what whoever accepts it has before them")

REOPENING: Mapping[TaskKind, Rule] = {
    TaskKind.SKILLS_SELF: A_LEVEL,
    TaskKind.SKILLS_MANAGER: A_LEVEL,
    TaskKind.CALIBRATION: A_LEVEL,
    TaskKind.PLAN_CHOICE: Never("the manager can refuse what it costs, and it comes back to the learner"),
    TaskKind.PLAN_APPROVAL: Never("the money is taken, and trainings begin; the path can be ended early instead"),
    TaskKind.SEAT_OFFER: Never("the seat is the learner's, or the next one's in line"),
    TaskKind.ATTENDANCE: A_RESULT,
    TaskKind.E_LEARNING: Never("what was not completed is tried again, replaced or dropped by now"),
    TaskKind.ASSIGNMENT_REPORT: WORK,
    TaskKind.SIGN_OFF: A_RESULT,
    TaskKind.STUDY_EVIDENCE: WORK,
    TaskKind.EVIDENCE_REVIEW: A_RESULT,
    TaskKind.PATH_AFTER_PLACEMENT: Never("the path goes on; it can be ended early instead"),
    TaskKind.EXAM_RESULT: Never(
        "it counts for the retake rule, and a certificate may have been issued; that can be revoked instead"
    ),
}
"""The rule of each kind of task of a path and of a certification."""


def why_not(state: PathState, task: Task) -> str | None:
    """Why the answer to a task can't be put right now, or none; ``task`` is the first, or the one that asks again."""
    if state.over:
        return "the path has ended"
    if task.kind in LEVELS:
        return _not_the_levels(state, task)
    if task.kind in HANDED_IN:
        open_ = [other for other in state.open_tasks() if other.kind in ACCEPTED and other.ref == task.ref]
        return None if open_ else "it has been accepted or sent back, or not been taken up yet"
    return _not_the_result(state, task) if task.kind in RESULTS else None


def _not_the_levels(state: PathState, task: Task) -> str | None:
    first = first_of(state, task)
    if state.assessment_began is None or first.opened_at < state.assessment_began:
        return "the levels have been asked for anew since"
    if state.stage in (PathStage.ASSESSMENT, PathStage.REASSESSMENT) or being_planned(state):
        return None
    return "the plan is agreed, or the gaps are closed"


def being_planned(state: PathState) -> bool:
    """Whether a plan is being agreed, and can still be another."""
    return state.stage is PathStage.PLANNING and state.plan_open


def _not_the_result(state: PathState, task: Task) -> str | None:
    enrolment = enrolment_of(state, task)
    training = enrolment.training.id
    if state.stage is not PathStage.TRAINING:
        return "the training stage is over"
    if not enrolment.settled or enrolment.state is EnrolmentState.CALLED_OFF:
        return "the training is not over: it is tried again, or the answer is just being taken up"
    replaced = (training, enrolment.instead_of or training)
    if any(other.n > enrolment.n and other.instead_of in replaced for other in state.enrolments):
        return "an alternative has taken its place"
    again = state.tasks[state.tasks.index(first_of(state, task)) + 1 :]
    if any(other.kind is task.kind and other.ref == task.ref and other.reopens is None for other in again):
        return "it was tried again since"
    begun = [other.training.title for other in state.enrolments if other.begun and training in other.training.requires]
    return f"{begun[0]}, which requires it, has begun" if begun else None


def enrolment_of(state: PathState, task: Task) -> Enrolment:
    """The training that an answer is about."""
    return next(enrolment for enrolment in state.enrolments if str(enrolment.n) == task.ref)
