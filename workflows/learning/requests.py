"""What people and learning systems ask of a path, and what other workflows signal to it."""

from __future__ import annotations

from temporalio import workflow

from domain.certification.signals import CertificateEarned, CertificateRemediation, CertificationOver
from domain.core.case import Done, Withdraw
from domain.core.decisions import DecisionKind
from domain.core.model import instant_text
from domain.core.questions import TaskKind
from domain.core.tasks import Refused
from domain.learning.requests import MAY_ASK, ChangeRole, PausePath, ResumePath, StateHours
from domain.learning.result import PathStage
from domain.learning.signals import AroundThePlacement
from domain.learning.state import PathState
from domain.learning.xapi import HandedIn, HandIn
from workflows.case.known_people import must_be_known
from workflows.case.requests import WITHDRAW, CaseRequests
from workflows.case.updates import update
from workflows.learning.context import PathContext
from workflows.learning.e_learning import ELearning
from workflows.learning.hours import SpentHours
from workflows.learning.pauses import Pauses
from workflows.learning.placement_link import PlacementLink


class PathRequests(CaseRequests):
    """The updates and signals of a path, which inherits them."""

    may_ask = MAY_ASK
    state: PathState
    context: PathContext
    e_learning: ELearning
    hours: SpentHours
    pauses: Pauses
    placement: PlacementLink
    role_asked: ChangeRole | None
    """The change of role that is asked for and not carried out yet."""

    # Completion events

    def may_hand_in(self, _: HandIn) -> None:
        """Anybody, until the path is over."""
        self.check_not_over()

    @update("Hand in a completion event (an xAPI statement) of a learning system", rule=may_hand_in)
    async def completion_event(self, message: HandIn) -> HandedIn:
        """Accept an event: the same one again changes nothing, an early one is kept, a forged one refused."""
        return await self.e_learning.hand_in(message)

    # Hours

    def may_state_hours(self, request: StateHours) -> None:
        """The learner, of a training that was begun, within the policy's bounds."""
        self.check_may(request)
        self.hours.check_stated(request)

    @update("State the hours of a day that were spent on a training", rule=may_state_hours)
    async def state_hours(self, request: StateHours) -> Done:
        """What the learner says stands on record; where others have seen the hours, theirs count."""
        return self.context.done(self.hours.stated(request))

    # Pauses

    def may_pause(self, request: PausePath) -> None:
        """The learner or HR; not twice."""
        self.check_may(request)
        if self.context.clock.paused:
            raise Refused(f"{self.name} is paused already")
        if request.back_on and request.back_on <= self.context.today():
            raise Refused(f"back_on: {request.back_on} must be after today, {self.context.today()}", "invalid")

    @update("Pause: all that is still to come waits", rule=may_pause)
    async def pause(self, request: PausePath) -> Done:
        """From now on all that is due waits; seats in sessions that come too soon are given back by and by."""
        self.pauses.begin(request.back_on, by=request.actor, reason=request.reason)
        return self.context.done(f"paused since {instant_text(self.context.now())}; what is still to come waits")

    def may_resume(self, request: ResumePath) -> None:
        """The learner or HR, what is paused."""
        self.check_may(request)
        if not self.context.clock.paused:
            raise Refused(f"{self.name} is not paused")

    @update("Go on after a pause", rule=may_resume)
    async def resume(self, request: ResumePath) -> Done:
        """The path goes on, and open tasks get their time back.

        One that is paused with its placement goes on with that, unless that is gone: it can't say so itself any more.
        """
        if self.state.paused_with_placement:
            gone = await self.placement.is_gone()
            self.may_resume(request)  # it may have ended meanwhile, or go on already
            if self.state.paused_with_placement and not gone:
                raise Refused(f"it is paused with its placement, {self.state.placement}; resume that one")
            self.state.paused_with_placement = False
        self.pauses.end(by=request.actor, reason=request.reason)
        return self.context.done("goes on; open tasks have the time back that the pause took")

    # Another role

    def may_change_role(self, request: ChangeRole) -> None:
        """HR, as long as gaps are being closed; not to a role around which the learner has a part of their own."""
        self.check_may(request)
        if self.context.clock.paused:
            raise Refused(f"{self.name} is paused; resume it first")
        if self.role_asked is not None:
            raise Refused("another change of role is just being carried out")
        if self.state.stage is PathStage.CERTIFICATION:
            raise Refused(f"{self.name} has closed its gaps; start another path for the other role")
        if any(task.kind is TaskKind.PATH_AFTER_PLACEMENT for task in self.state.open_tasks()):
            raise Refused("HR is being asked whether the path goes on; answer that first")
        if request.goal == self.state.goal:
            raise Refused(f"{self.name} leads to {request.goal.role.id} already")
        if self.state.learner in request.goal.role.parties().values():
            raise Refused(f"the learner has a part of their own around {request.goal.role.id}", "invalid")

    @update("Lead to another role: gaps are assessed again, what was passed counts", rule=may_change_role)
    async def change_role(self, request: ChangeRole) -> Done:
        """What is not finished is called off, what was passed counts; everybody around the role is looked up first."""
        await must_be_known(self.state, list(dict.fromkeys(person for _, person in request.goal.named())))
        self.may_change_role(request)
        before, now = self.state.goal.role.id, request.goal.role.id
        self.context.report.decision(
            DecisionKind.ROLE, now, by=request.actor, reason=request.reason, evidence={"before": before}
        )
        self.role_asked = request
        return self.context.done(f"leads to {now} from now on; the gaps are assessed again, and what was passed counts")

    # The end

    def may_withdraw(self, request: Withdraw) -> None:
        """The learner or HR, once."""
        self.check_who(request)
        self.check_not_over("already")

    @update(WITHDRAW, rule=may_withdraw)
    async def withdraw(self, request: Withdraw) -> Done:
        """The path ends now, in good order."""
        self.context.end_early(request.reason, by=request.actor)
        return self.context.done("withdrawn; seats go to the waiting lists, and money that is not spent is given back")

    # What other workflows signal

    @workflow.signal(description="The placement around this path is paused, goes on, or is over")
    def around_the_placement(self, message: AroundThePlacement) -> None:
        """The placement around this path has changed."""
        self.placement.changed(message)

    @workflow.signal(description="The certificate was earned")
    def certificate_earned(self, earned: CertificateEarned) -> None:
        """The certificate was earned."""
        self.state.certified_until = earned.valid_until

    @workflow.signal(description="The exam was failed too often; what follows is up to HR")
    def certificate_remediation(self, message: CertificateRemediation) -> None:
        """The exam may not be taken again for now."""
        again = instant_text(message.not_before)
        self.state.no_certificate = (
            f"the exam was taken as often as the rules allow; it may be taken again from {again} on"
        )

    @workflow.signal(description="The certification has ended; there will be no certificate from it")
    def certification_over(self, message: CertificationOver) -> None:
        """There will be no certificate."""
        self.state.no_certificate = f"the certification {message.case} has ended: {message.outcome.value}"
