"""What people ask of a path, what it is told, and what they look at: its updates, signals and queries on the engine.

Every update is checked before it is let in; what is refused leaves no trace in the case.
"""

from __future__ import annotations

from temporalio import workflow

from domain.certification.news import CertificateEarned, CertificateRemediation, CertificationOver
from domain.core.case import Done
from domain.core.model import instant_text
from domain.core.tasks import Refused
from domain.learning.state import AroundThePlacement, ChangeRole, PathState, PausePath, ResumePath
from domain.learning.xapi import HandedIn, HandIn
from workflows.case.known_people import must_be_known
from workflows.case.requests import CaseRequests
from workflows.case.updates import check, failure_of, update
from workflows.learning.changes import PathChanges
from workflows.learning.context import PathContext
from workflows.learning.e_learning import ELearning


class PathRequests(CaseRequests):
    """The updates, signals and queries of a path, which inherits them."""

    state: PathState
    context: PathContext
    changes: PathChanges
    e_learning: ELearning

    @workflow.update(description="Hand in a completion event (an xAPI statement) of a learning system")
    async def completion_event(self, message: HandIn) -> HandedIn:
        """Take in an event: the same one again changes nothing, an early one is kept, a forged one refused."""
        try:
            return await self.e_learning.hand_in(message)
        except Refused as refusal:
            raise failure_of(refusal) from None

    @completion_event.validator
    def check_completion_event(self, message: HandIn) -> None:
        """Reject what comes after the end."""
        check(self.changes.check_completion_event, message)

    @workflow.update(description="Pause: all that is still to come waits")
    async def pause(self, request: PausePath) -> Done:
        """Begin a pause."""
        return self.changes.pause(request)

    @pause.validator
    def check_pause(self, request: PausePath) -> None:
        """Reject what can't be paused."""
        check(self.changes.check_pause, request)

    @workflow.update(description="Go on after a pause")
    async def resume(self, request: ResumePath) -> Done:
        """End a pause, also one with a placement that is gone."""
        try:
            return await self.changes.resume(request)
        except Refused as refusal:
            raise failure_of(refusal) from None

    @resume.validator
    def check_resume(self, request: ResumePath) -> None:
        """Reject what is not paused."""
        check(self.changes.check_resume, request)

    def may_change_role(self, request: ChangeRole) -> None:
        """Reject a role that can't be led to."""
        self.changes.check_change_role(request)

    @update("Lead to another role: gaps are assessed again, what was passed counts", rule=may_change_role)
    async def change_role(self, request: ChangeRole) -> Done:
        """Lead to another role, of which everybody around it is in the records."""
        await must_be_known(list(dict.fromkeys(request.goal.named().values())))
        self.may_change_role(request)
        return self.changes.change_role(request)

    # What other workflows tell

    @workflow.signal(description="The placement around this path is paused, goes on, or is over")
    def around_the_placement(self, told: AroundThePlacement) -> None:
        """The placement around this path has changed."""
        self.changes.told_by_placement(told)

    @workflow.signal(description="The certificate was earned")
    def certificate_earned(self, earned: CertificateEarned) -> None:
        """The certificate was earned."""
        self.state.certified_until = earned.valid_until

    @workflow.signal(description="The exam was failed too often; what follows is up to HR")
    def certificate_remediation(self, told: CertificateRemediation) -> None:
        """The exam may not be taken again for now."""
        again = instant_text(told.not_before)
        self.state.no_certificate = (
            f"the exam was taken as often as the rules allow; it may be taken again from {again} on"
        )

    @workflow.signal(description="The certification has ended; there will be no certificate from it")
    def certification_over(self, told: CertificationOver) -> None:
        """There will be no certificate."""
        self.state.no_certificate = f"the certification {told.case} has ended: {told.outcome.value}"
