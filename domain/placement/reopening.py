"""Which answers in a placement can be put right, until when, and what is worked out again then."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from domain.core.questions import TaskKind
from domain.core.reopening import Never, Rule, Until, first_of
from domain.core.risks import Risk
from domain.core.tasks import Task, TaskState
from domain.placement.checklists import ItemState
from domain.placement.decision import ReviewRound
from domain.placement.duties import REVIEWS
from domain.placement.mentorship import Session, SessionState
from domain.placement.requests import RUNNING
from domain.placement.stages import Stage
from domain.placement.state import FollowUpResult, PlacementState

A_REVIEW = Until(
    "the conversion decision begins",
    "the weighted result; an improvement plan that followed from the first score is called off and does not count, or "
    "one is asked for where the new score calls for it",
)

DONE_AT_THE_END = (
    "who has done it, and when, or why it was not needed; the end of the case does not wait for the new answer"
)

IN_CONFIDENCE = Never("it was said in confidence, and stays as it was said")

REOPENING: Mapping[TaskKind, Rule] = {
    TaskKind.ELIGIBILITY_OVERRIDE: Never(
        "what followed from it has begun, money is held and mentors are asked; the placement can be ended early instead"
    ),
    TaskKind.MENTOR_REQUEST: Never(
        "a yes has taken a place, and after a no somebody else is asked; the mentor can be changed instead"
    ),
    TaskKind.MENTOR_NOMINATION: Never("whoever was named has been asked; somebody else can be named instead"),
    TaskKind.CHECKLIST_ITEM: Until(
        "the last day is over", "who has done it, and when; a gate that has passed is not shut again"
    ),
    TaskKind.OFFBOARDING_ITEM: Until("the placement has ended", DONE_AT_THE_END),
    TaskKind.CHANGEOVER_ITEM: Until("the placement has ended, or the change-over was called off", DONE_AT_THE_END),
    TaskKind.GOALS: Until("the last review begins", "the returner is asked to agree to the new goals"),
    TaskKind.GOALS_AGREEMENT: Never("reopen the goals instead; the returner is then asked to agree to those"),
    TaskKind.SESSION_NOTE: Until(
        "the last day is over", "the sessions that were held, in the evidence of whoever has yet to decide too"
    ),
    TaskKind.MANAGER_REVIEW: A_REVIEW,
    TaskKind.MENTOR_REVIEW: A_REVIEW,
    TaskKind.SELF_REVIEW: A_REVIEW,
    TaskKind.IMPROVEMENT_PLAN: Until("its check is asked for", "what the check asks about"),
    TaskKind.IMPROVEMENT_CHECK: Never("another plan has begun, or none is needed any more; the next review tells"),
    TaskKind.PROPOSAL: Never("whoever approves or confirms it can refuse, and it goes back to the manager"),
    TaskKind.APPROVAL: Never("the decision has gone on; HR can refuse to confirm it, and it goes back to the manager"),
    TaskKind.CONFIRMATION: Never("the returner has been told"),
    TaskKind.OFFER: Never("an offer that was accepted or declined is irrevocable"),
    TaskKind.EXTENSION_CONSENT: Never("what both sides said has been acted on; another extension can be asked for"),
    TaskKind.PATTERN_CONSENT: Never("what both sides said has been acted on; another pattern can be asked for"),
    TaskKind.MENTOR_WISH: IN_CONFIDENCE,
    TaskKind.PULSE: IN_CONFIDENCE,
    TaskKind.MENTOR_PULSE: IN_CONFIDENCE,
    TaskKind.FOLLOW_UP: Until(
        "the next follow-up is asked for, or the placement has ended",
        "whether the person is still here; where they are not, there are no more follow-ups",
    ),
}
"""The rule of each kind of task of a placement."""

BEING_TAKEN_UP = "the answer is just being taken up; ask again in a moment"
ENDED = "the placement has ended"
DECIDING = "the conversion decision has begun, and the reviews are its evidence"


def why_not(state: PlacementState, task: Task, now: datetime) -> str | None:
    """Why the answer to a task can't be put right now, or none; ``task`` is the first, or the one that asks again."""
    if state.over and task.kind is not TaskKind.OFFBOARDING_ITEM:  # which outlasts the rest of a placement
        return "the change-over was called off" if task.kind is TaskKind.CHANGEOVER_ITEM else ENDED
    if task.kind in REVIEWS:
        return _not_the_review(state, task)
    match task.kind:
        case TaskKind.CHECKLIST_ITEM | TaskKind.SESSION_NOTE:
            if state.stage not in RUNNING or now >= state.calendar.ends_at:
                return "the last day is over"
            return None if _is_taken_up(state, task) else BEING_TAKEN_UP
        case TaskKind.OFFBOARDING_ITEM | TaskKind.CHANGEOVER_ITEM:
            return None if _is_taken_up(state, task) else BEING_TAKEN_UP
        case TaskKind.GOALS:
            return _not_the_goals(state, task)
        case TaskKind.IMPROVEMENT_PLAN:
            return _not_the_plan(state, task)
        case TaskKind.FOLLOW_UP:
            return _not_the_follow_up(state, task)
    return None


def _is_taken_up(state: PlacementState, task: Task) -> bool:
    if task.kind is not TaskKind.SESSION_NOTE:
        return item_of(state, task).over
    return session_of(state, task).state in (SessionState.HELD, SessionState.NOT_HELD)


def _not_the_review(state: PlacementState, task: Task) -> str | None:
    if state.stage is not Stage.PLACEMENT:
        return DECIDING
    return None if task.party in round_of(state, task).scores else BEING_TAKEN_UP


def _not_the_goals(state: PlacementState, task: Task) -> str | None:
    if state.stage is not Stage.PLACEMENT or len(state.reviews) >= len(state.calendar.reviews):
        return "the last review has begun"
    if not state.goals_agreed:
        return "the returner is being asked to agree, and can say what to change"
    if any(later.state is TaskState.ANSWERED for later in _later(state, task, TaskKind.GOALS)):
        return "other goals were proposed since; reopen those"
    return None


def _not_the_plan(state: PlacementState, task: Task) -> str | None:
    over = Risk.IMPROVEMENT not in state.at_risk or state.stage not in RUNNING
    if over or _later(state, task, TaskKind.IMPROVEMENT_CHECK):
        return "its check has been asked for, or it is not needed any more"
    return None


def _not_the_follow_up(state: PlacementState, task: Task) -> str | None:
    if state.stage is not Stage.FOLLOW_UP:
        return ENDED
    if any(other.kind is TaskKind.FOLLOW_UP and other.reopens is None for other in state.open_tasks()):
        return "the next follow-up has been asked for"
    return None if state.follow_ups and state.follow_ups[-1].days == int(task.ref or 0) else BEING_TAKEN_UP


def _later(state: PlacementState, task: Task, kind: TaskKind) -> list[Task]:
    """The tasks of a kind that were asked after the first of those which this one asks again."""
    since = state.tasks[state.tasks.index(first_of(state, task)) + 1 :]
    return [later for later in since if later.kind is kind and later.reopens is None]


# What an answer is about


def item_of(state: PlacementState, task: Task) -> ItemState:
    """The item of a checklist that a task is about."""
    lists = {TaskKind.OFFBOARDING_ITEM: state.offboarding, TaskKind.CHANGEOVER_ITEM: state.changeover}
    return next(item for item in lists.get(task.kind, state.checklist) if item.key == task.ref)


def session_of(state: PlacementState, task: Task) -> Session:
    """The session that a note is about."""
    return next(session for session in state.sessions if str(session.n) == task.ref)


def round_of(state: PlacementState, task: Task) -> ReviewRound:
    """The round of reviews that a review belongs to."""
    return next(review for review in state.reviews if review.title == task.ref)


def follow_up_anew(state: PlacementState, answered: FollowUpResult) -> None:
    """The newest answer to a follow-up counts."""
    state.follow_ups = [*(result for result in state.follow_ups if result.days != answered.days), answered]
