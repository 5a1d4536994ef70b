"""What people ask of a certification, what other workflows tell it, and what people look at.

Every update is checked before it is let in; what is refused leaves no trace in the case.
"""

from __future__ import annotations

from pydantic import ValidationError
from temporalio import workflow

from domain.certification.news import Waiting
from domain.certification.state import CertificationState, Reinstate, Renew, Revoke, Suspend, TakeExam
from domain.core.case import Done
from workflows.case.requests import CaseRequests
from workflows.case.updates import check
from workflows.certification.changes import Changes
from workflows.certification.context import CertificationContext
from workflows.certification.exams import Exams
from workflows.certification.news import Messenger


class CertificationRequests(CaseRequests):
    """The updates, signals and queries of a certification, which inherits them."""

    state: CertificationState
    context: CertificationContext
    exams: Exams
    changes: Changes
    messenger: Messenger

    @workflow.update(description="Take the exam now; the examiner is asked for its result")
    async def take_exam(self, request: TakeExam) -> Done:
        """Take the exam."""
        return self.exams.take(request)

    @take_exam.validator
    def check_take_exam(self, request: TakeExam) -> None:
        """Reject an exam that may not be taken now."""
        check(self.changes.check_take, request)

    @workflow.update(description="Take the exam now, to renew a certificate that is still valid")
    async def renew(self, request: Renew) -> Done:
        """Take the exam that renews the certificate."""
        return self.exams.take(request)

    @renew.validator
    def check_renew(self, request: Renew) -> None:
        """Reject where nothing can be renewed."""
        check(self.changes.check_take, request)

    @workflow.update(description="Suspend the certificate until it is reinstated")
    async def suspend(self, request: Suspend) -> Done:
        """Suspend the certificate."""
        return await self.changes.suspend(request)

    @suspend.validator
    def check_suspend(self, request: Suspend) -> None:
        """Reject where nothing is valid."""
        check(self.changes.check_suspend, request)

    @workflow.update(description="Reinstate a suspended certificate")
    async def reinstate(self, request: Reinstate) -> Done:
        """Reinstate the certificate."""
        return await self.changes.reinstate(request)

    @reinstate.validator
    def check_reinstate(self, request: Reinstate) -> None:
        """Reject what is not suspended."""
        check(self.changes.check_reinstate, request)

    @workflow.update(description="Revoke the certificate for good, and end the certification")
    async def revoke(self, request: Revoke) -> Done:
        """Revoke the certificate."""
        return await self.changes.revoke(request)

    @revoke.validator
    def check_revoke(self, request: Revoke) -> None:
        """Reject where nothing was issued."""
        check(self.changes.check_revoke, request)

    # What other workflows tell it

    @workflow.signal(description="Another workflow wants to hear when the certificate is earned")
    def tell_also(self, waiting: str | Waiting) -> None:
        """Tell this workflow too; at once, where the certificate is valid and attests what it asks for."""
        try:
            self.messenger.add(Waiting(listener=waiting) if isinstance(waiting, str) else waiting)
        except ValidationError:  # raised on, it would hold up the certification for ever
            workflow.logger.warning("a signal tell_also names no workflow that could wait")

    @workflow.signal(description="Another workflow waits for the certificate no longer")
    def tell_no_more(self, listener: str) -> None:
        """Forget this workflow, and what it asked of the certificate."""
        self.messenger.drop(listener)
