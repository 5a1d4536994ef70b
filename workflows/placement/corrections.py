"""What follows in a placement where an answer is put right; which can be, :mod:`domain.placement.reopening` tells."""

from __future__ import annotations

from domain.core.model import Instant
from domain.core.questions import TaskKind
from domain.core.tasks import Task
from domain.placement import reopening as rules
from domain.placement.duties import REVIEWS
from domain.placement.forms import EndItemDone, Goals, ImprovementPlan, ItemDone, Review, SessionNote, StillHere
from domain.placement.state import FollowUpResult
from workflows.placement.context import PlacementContext
from workflows.placement.last_checklists import NOT_EMPLOYED_ANY_MORE, Changeover
from workflows.placement.reviews import Reviews
from workflows.placement.sessions import Sessions


class PlacementCorrections:
    """Takes up new answers in place of the first."""

    def __init__(self, context: PlacementContext, reviews: Reviews, sessions: Sessions, changeover: Changeover) -> None:
        self._context = context
        self._state = context.state
        self._reviews = reviews
        self._sessions = sessions
        self._changeover = changeover
        context.asking.reopening.why_not = self._why_not
        context.asking.reopening.apply.update(
            {
                TaskKind.CHECKLIST_ITEM: self._item,
                TaskKind.OFFBOARDING_ITEM: self._item,
                TaskKind.CHANGEOVER_ITEM: self._item,
                TaskKind.SESSION_NOTE: self._session,
                TaskKind.GOALS: self._goals,
                **dict.fromkeys(sorted(REVIEWS), self._review),
                TaskKind.IMPROVEMENT_PLAN: self._improvement_plan,
                TaskKind.FOLLOW_UP: self._follow_up,
            }
        )

    def _why_not(self, task: Task) -> str | None:
        return rules.why_not(self._state, task, self._context.now())

    def _item(self, task: Task, form: ItemDone | EndItemDone) -> None:
        item = rules.item_of(self._state, task)
        item.done_by, item.done_at = task.answered_by, self._closed_at(task)
        item.waived_because = form.waived_because if isinstance(form, EndItemDone) else None

    def _session(self, task: Task, form: SessionNote) -> None:
        self._sessions.note(rules.session_of(self._state, task), form)
        self._context.evidence_anew()

    def _goals(self, _: Task, form: Goals) -> None:
        self._reviews.goals_anew(form)

    def _review(self, task: Task, form: Review) -> None:
        self._reviews.score_anew(rules.round_of(self._state, task), task.party, form)

    def _improvement_plan(self, _: Task, form: ImprovementPlan) -> None:
        self._reviews.improvement.note(form)

    def _follow_up(self, task: Task, form: StillHere) -> None:
        answered = FollowUpResult(days=int(task.ref or 0), at=self._closed_at(task), still_here=form.still_here)
        rules.follow_up_anew(self._state, answered)
        if not form.still_here:
            self._changeover.drop(NOT_EMPLOYED_ANY_MORE)

    def _closed_at(self, task: Task) -> Instant:
        return task.closed_at or self._context.now()
