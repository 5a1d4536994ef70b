"""What can be asked of a running path: a pause, another role, withdrawal; and what the placement around it tells."""

from __future__ import annotations

from datetime import date

from temporalio import workflow

from domain.core.case import CaseRequest, Done, Withdraw
from domain.core.journal import DecisionKind
from domain.core.model import Party, instant_text
from domain.core.naming import workflow_id
from domain.core.questions import TaskKind
from domain.core.signals import Signal
from domain.core.tasks import Refused
from domain.learning.forms import PATH_AFTER_PLACEMENT
from domain.learning.letters import PathPaused, PathResumed, RoleChanged
from domain.learning.state import (
    MAY,
    RETURNER_STAYS,
    WITHDRAWERS,
    AroundThePlacement,
    ChangeRole,
    PathStage,
    PausePath,
    PlacementNews,
    ResumePath,
)
from domain.learning.xapi import HandIn
from workflows.case.answers import Answered
from workflows.case.pauses import remind_while_paused
from workflows.case.signalling import signalled
from workflows.learning.context import PathContext

EVERYBODY = [Party.LEARNER, Party.MANAGER, Party.HR]


class PathChanges:
    """The changes to a running path. ``check_*`` raise :class:`Refused`, the others carry out."""

    def __init__(self, context: PathContext) -> None:
        self._context = context
        self._state = context.state
        self.role_asked: ChangeRole | None = None
        """The change of role that is asked for and not carried out yet."""
        self._left_alone: str | None = None
        """How the placement came out that is over, where HR is to say what becomes of the path."""

    def _check(self, request: CaseRequest, what: str) -> None:
        self._context.check_actor(request, MAY[type(request)])
        if self._state.over:
            raise Refused(f"{self._state.case} has ended and can't be {what}")

    def check_completion_event(self, _: HandIn) -> None:
        """Refuse what comes after the end."""
        if self._state.over:
            raise Refused(f"{self._state.case} has ended")

    # Pauses

    def check_pause(self, request: PausePath) -> None:
        """Refuse what can't be paused."""
        self._check(request, "paused")
        if self._context.clock.paused:
            raise Refused(f"{self._state.case} is paused already")
        if request.back_on and request.back_on <= self._context.today():
            raise Refused(f"back_on: {request.back_on} must be after today, {self._context.today()}", "invalid")

    def pause(self, request: PausePath) -> Done:
        """From now on all that is due waits; seats in sessions that come too soon are given back by and by."""
        self._pause(request.back_on)
        return self._context.done(f"paused since {instant_text(self._context.now())}; what is still to come waits")

    def _pause(self, back_on: date | None) -> None:
        self._context.clock.pause()
        self._state.pauses += 1
        pause = self._state.pauses

        def over() -> bool:
            return not self._context.clock.paused or self._state.pauses != pause

        days = (back_on - self._context.today()).days if back_on else None
        self._context.spawn(remind_while_paused(self._context, over, days))
        since = self._context.now()
        self._context.report.letters(PathPaused(since=since, offers=[]), to=[Party.MANAGER, Party.HR])
        self._context.report.letters(PathPaused(since=since, offers=self._offers()), to=[Party.LEARNER])
        self._context.changed()

    def _offers(self) -> list[dict[str, str]]:
        """Seats that are offered to the learner at this moment: such an offer can't wait for the end of a pause."""
        offered = self._state.seats_offered()
        return [{"what": task.subject, "until": until.isoformat()} for task, until in offered]

    def check_resume(self, request: ResumePath) -> None:
        """Refuse what is not paused."""
        self._check(request, "resumed")
        if not self._context.clock.paused:
            raise Refused(f"{self._state.case} is not paused")

    async def resume(self, request: ResumePath) -> Done:
        """The path goes on, and open tasks get their time back.

        One that is paused with its placement goes on with that, unless that is gone: it can't say so itself any more.
        """
        if self._state.paused_with_placement:
            gone = await self._is_placement_gone()
            self.check_resume(request)  # it may have ended meanwhile, or go on already
            if self._state.paused_with_placement and not gone:
                raise Refused(f"it is paused with its placement, {self._state.placement}; resume that one")
            self._state.paused_with_placement = False
        self._resume()
        return self._context.done("goes on; open tasks have the time back that the pause took")

    async def _is_placement_gone(self) -> bool:
        """Whether the placement around this path was ended by force; asked by telling it once more how far this is."""
        if self._state.placement is None:
            return True
        result = self._state.result(self._context.now())
        if await signalled(workflow_id(self._state.placement), Signal.LEARNING_RESULT, result):
            return False
        self._state.placement = None
        return True

    def _resume(self) -> None:
        self._context.asking.postpone(self._context.clock.resume())
        self._context.report.letters(PathResumed(), to=EVERYBODY)
        self._context.changed()

    # Another role

    def check_change_role(self, request: ChangeRole) -> None:
        """Refuse a role whose people the learner is one of, or one at a moment when it can't be changed."""
        self._check(request, "led to another role")
        if self._context.clock.paused:
            raise Refused(f"{self._state.case} is paused; resume it first")
        if self.role_asked is not None:
            raise Refused("another change of role is just being carried out")
        if self._state.stage is PathStage.CERTIFICATION:
            raise Refused(f"{self._state.case} has closed its gaps; start another path for the other role")
        if any(task.kind is TaskKind.PATH_AFTER_PLACEMENT for task in self._state.open_tasks()):
            raise Refused("HR is being asked whether the path goes on; answer that first")
        if request.goal == self._state.goal:
            raise Refused(f"{self._state.case} leads to {request.goal.role.id} already")
        if self._state.learner in request.goal.role.parties().values():
            raise Refused(f"the learner has a part of their own around {request.goal.role.id}", "invalid")

    def change_role(self, request: ChangeRole) -> Done:
        """What was passed counts; what is not finished is called off; the gaps to the new role are assessed."""
        before, now = self._state.goal.role.id, request.goal.role.id
        self._context.report.decision(
            DecisionKind.ROLE, now, by=request.actor, reason=request.reason, evidence={"before": before}
        )
        self.role_asked = request
        return self._context.done(
            f"leads to {now} from now on; the gaps are assessed again, and what was passed counts"
        )

    def turn(self, change: ChangeRole) -> None:
        """The path leads elsewhere from here on."""
        self._state.goal = change.goal
        self._state.gaps, self._state.first_gaps, self._state.plan = [], [], None
        self._context.report.role_title = change.goal.role.title
        self._context.report.time_zone = change.goal.role.time_zone
        for party in (Party.HR, Party.HR_LEAD, Party.BUDGET_OWNER):
            self._state.parties[party] = change.goal.role.parties()[party]
        self._context.report.letters(RoleChanged(title=change.goal.role.title), to=EVERYBODY)
        self.role_asked = None

    # Withdrawal

    def check_withdraw(self, request: Withdraw) -> None:
        """Refuse to end what has ended."""
        self._context.check_actor(request, WITHDRAWERS)
        if self._state.over:
            raise Refused(f"{self._state.case} has ended already")

    def withdraw(self, request: Withdraw) -> Done:
        """End the path now, in good order."""
        self._context.end_early(request.reason, by=request.actor)
        return self._context.done("withdrawn; seats go to the waiting lists, and money that is not spent is given back")

    # The placement around it

    def told_by_placement(self, told: AroundThePlacement) -> None:
        """Pause and go on with the placement, learn in time for its decision; when it is over, go on alone, or ask HR
        whether to."""
        if self._state.over:
            return
        if told.what is PlacementNews.PAUSED and not self._context.clock.paused:
            self._state.paused_with_placement = True
            self._pause(None)
        elif told.what is PlacementNews.RESUMED:
            self._resume_with_placement()
        elif told.what is PlacementNews.DECISION:
            self._state.decision_at = told.decision_at
        elif told.what is PlacementNews.ENDED and self._state.placement is not None:
            self._state.placement = None
            self._resume_with_placement()
            if told.outcome != RETURNER_STAYS:
                self._left_alone = told.outcome or "withdrawn"

    def _resume_with_placement(self) -> None:
        """Go on, if it was the placement that paused the path; a pause of its own stays."""
        if self._state.paused_with_placement:
            self._state.paused_with_placement = False
            self._resume()

    async def go_on_alone(self) -> None:
        """Without its placement the path goes on only if HR says so; unless it has ended before HR says anything.

        It lasts as long as the case: what goes on beside the stages is dropped by a change of role, and this is not to.
        """
        await workflow.wait_condition(lambda: self._left_alone is not None)
        if self._state.over:  # in this very moment
            return
        answer = await self._context.ask(
            PATH_AFTER_PLACEMENT,
            "whether the learning goes on without the placement",
            of=Party.HR,
            facts={"placement": self._left_alone, "stage": self._state.stage.value},
            not_by=[self._state.learner],
        )
        if not isinstance(answer, Answered):
            return
        decided = "goes on" if answer.form.go_on else "ends"
        self._context.report.decision(
            DecisionKind.PATH_AFTER_PLACEMENT, decided, by=answer.by, reason=answer.form.reason
        )
        if not answer.form.go_on:
            self._context.end_early(answer.form.reason, by=answer.by)
