"""What HR can ask of a certification: suspend, reinstate, revoke; and how it is withdrawn.

Each is checked before it is let in (a refusal leaves no trace), and is done once the status has been published.
"""

from __future__ import annotations

from domain.certification.credentials import CredentialStatus
from domain.certification.letters import CertificateReinstated, CertificateRevoked, CertificateSuspended
from domain.certification.news import CertificationOutcome
from domain.certification.state import (
    MAY,
    WITHDRAWERS,
    CertificationStage,
    CertificationState,
    Reinstate,
    Renew,
    Revoke,
    Suspend,
    TakeExam,
)
from domain.core.case import CaseRequest, Done, Withdraw
from domain.core.journal import DecisionKind
from domain.core.letters import LetterFacts
from domain.core.model import Party, PersonId
from domain.core.tasks import Refused
from workflows.certification.context import CertificationContext
from workflows.certification.credentials import Credentials
from workflows.certification.exams import Exams


class Changes:
    """The changes to a certification. ``check_*`` raise :class:`Refused`, the others carry out."""

    def __init__(self, context: CertificationContext, credentials: Credentials, exams: Exams) -> None:
        self._context = context
        self._state: CertificationState = context.state
        self._credentials = credentials
        self._exams = exams

    def check_take(self, request: TakeExam | Renew) -> None:
        """Refuse an exam by somebody else, or at the wrong time."""
        self._check(request)
        self._exams.check_take(request)

    def check_suspend(self, request: Suspend) -> None:
        """Refuse where nothing is valid."""
        self._check(request)
        if self._state.suspended:
            raise Refused(f"{self._state.case} is suspended already")
        if not self._state.unexpired(self._context.now()):
            raise Refused(f"{self._state.case} has no valid certificate that could be suspended")

    async def suspend(self, request: Suspend) -> Done:
        """What is valid counts for nothing for now."""
        async with self._credentials.lock:
            if self._state.suspended or self._state.leaving:
                return self._context.done(self._in_the_meantime())
            self._state.suspended = True
            self._decided("suspended", request.actor, request.reason)
            valid = self._state.unexpired(self._context.now())
            await self._credentials.publish(CredentialStatus.SUSPENDED, request.reason, valid)
            self._tell(CertificateSuspended(holder=self._state.holder, reason=request.reason))
        return self._context.done("the certificate is suspended")

    def check_reinstate(self, request: Reinstate) -> None:
        """Refuse what is not suspended."""
        self._check(request)
        if not self._state.suspended:
            raise Refused(f"{self._state.case} is not suspended")

    async def reinstate(self, request: Reinstate) -> Done:
        """What was suspended counts again, as long as it has not expired."""
        async with self._credentials.lock:
            if not self._state.suspended or self._state.leaving:
                return self._context.done(self._in_the_meantime())
            self._state.suspended = False
            self._decided("reinstated", request.actor, request.reason)
            suspended = [one for one in self._state.credentials if one.status is CredentialStatus.SUSPENDED]
            await self._credentials.publish(CredentialStatus.VALID, request.reason, suspended)
            valid_until = self._state.valid_until(self._context.now())
            self._tell(CertificateReinstated(holder=self._state.holder, reason=request.reason, valid_until=valid_until))
        return self._context.done("the certificate is reinstated")

    def check_revoke(self, request: Revoke) -> None:
        """Refuse where nothing was issued."""
        self._check(request)
        if not self._state.issued:
            raise Refused(f"{self._state.case} has no certificate that could be revoked")

    async def revoke(self, request: Revoke) -> Done:
        """Whatever was issued counts for nothing any more, and the certification ends."""
        async with self._credentials.lock:
            self._state.outcome = CertificationOutcome.REVOKED  # also where somebody has withdrawn meanwhile
            self._decided("revoked", request.actor, request.reason)
            await self._credentials.publish(CredentialStatus.REVOKED, request.reason, self._state.issued)
            self._tell(CertificateRevoked(holder=self._state.holder, reason=request.reason))
            self._context.end_early(request.reason, request.actor)
        return self._context.done("the certificate is revoked, and the certification has ended")

    def check_withdraw(self, request: Withdraw) -> None:
        """Refuse what has ended; and to leave a certificate behind that nobody could suspend, reinstate or revoke."""
        self._context.check_actor(request, WITHDRAWERS)
        self._check_running()
        if self._state.suspended:
            raise Refused(f"the certificate of {self._state.case} is suspended; reinstate or revoke it first")
        if self._state.holder == request.actor and self._state.unexpired(self._context.now()):
            raise Refused("the certificate is valid; it can be left to expire, and HR can withdraw it", "forbidden")

    def withdraw(self, request: Withdraw) -> Done:
        """The certification ends; what was earned stays valid until it expires."""
        self._context.end_early(request.reason, request.actor)
        return self._context.done("the certification has ended; what was earned stays valid until it expires")

    def _check(self, request: CaseRequest) -> None:
        self._context.check_actor(request, MAY[type(request)])
        self._check_running()

    def _check_running(self) -> None:
        over = self._state.stage is CertificationStage.ENDED
        if over or self._state.leaving or self._state.outcome is CertificationOutcome.REVOKED:
            raise Refused(f"{self._state.case} has ended")

    def _in_the_meantime(self) -> str:
        if self._state.leaving:
            return "the certification has ended in the meantime"
        return "the certificate was suspended already" if self._state.suspended else "it was reinstated already"

    def _decided(self, what: str, by: PersonId, reason: str) -> None:
        credentials = [one.credential.id for one in self._state.issued]
        self._context.report.decision(
            DecisionKind.CERTIFICATE, what, by=by, reason=reason, evidence={"credentials": credentials}
        )
        self._context.stand()

    def _tell(self, says: LetterFacts) -> None:
        self._context.report.letters(says, to=[Party.LEARNER, Party.HR])
