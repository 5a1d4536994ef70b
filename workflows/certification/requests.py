"""What people ask of a certification: exams, and what HR says of the certificate; and the signals of other workflows.

A change of the certificate is done once its status has been published.
"""

from __future__ import annotations

from pydantic import ValidationError
from temporalio import workflow

from domain.certification.credentials import CredentialStatus
from domain.certification.exams import NotBefore
from domain.certification.letters import CertificateReinstated, CertificateRevoked, CertificateSuspended
from domain.certification.requests import MAY_ASK, Reinstate, Renew, Revoke, Suspend, TakeExam
from domain.certification.signals import CertificationOutcome, TellAlso
from domain.certification.state import CertificationState, Exam
from domain.core.case import Done, Withdraw
from domain.core.decisions import DecisionKind
from domain.core.letters import LetterFacts
from domain.core.model import Party, PersonId, instant_text
from domain.core.risks import Risk
from domain.core.tasks import Refused
from workflows.case.requests import WITHDRAW, CaseRequests
from workflows.case.updates import update
from workflows.certification.context import CertificationContext
from workflows.certification.credentials import Credentials
from workflows.certification.listeners import Listeners


class CertificationRequests(CaseRequests):
    """The updates and signals of a certification, which inherits them."""

    may_ask = MAY_ASK
    state: CertificationState
    context: CertificationContext
    credentials: Credentials
    listeners: Listeners

    # Exams

    def may_take_exam(self, request: TakeExam) -> None:
        """One exam at a time, as often as the retake rule allows."""
        self.check_may(request)
        self._check_no_exam_is_open()
        self._check_retake_rule()

    @update("Take the exam now; the examiner is asked for its result", rule=may_take_exam)
    async def take_exam(self, request: TakeExam) -> Done:
        """The exam is taken now."""
        return self._take_exam(request.actor)

    def may_renew(self, request: Renew) -> None:
        """As an exam may be taken, and only while a certificate is valid."""
        self.check_may(request)
        self._check_no_exam_is_open()
        if not self.state.unexpired(self.context.now()):
            raise Refused(f"{self.name} has nothing valid to renew; the certificate can be earned by the exam")
        self._check_retake_rule()

    @update("Take the exam now, to renew a certificate that is still valid", rule=may_renew)
    async def renew(self, request: Renew) -> Done:
        """The exam that renews the certificate is taken now."""
        return self._take_exam(request.actor)

    def _check_no_exam_is_open(self) -> None:
        state = self.state
        if state.exam:
            taken = instant_text(state.exam.at)
            raise Refused(f"{self.name}: exam {state.exam.n} was taken on {taken}; its result is awaited")
        if state.issuing:
            raise Refused(f"{self.name}: exam {state.exams[-1].n} was passed; the certificate is being issued")
        if state.suspended:
            raise Refused(f"{self.name} is suspended; no exam can be taken before it is reinstated")

    def _check_retake_rule(self) -> None:
        """Refuse an exam before its time; the sentence has the earliest date."""
        verdict = self.state.next_attempt(self.context.now())
        if isinstance(verdict, NotBefore):
            raise Refused(f"{self.name}: {verdict.sentence}")

    def _take_exam(self, by: PersonId) -> Done:
        n = len(self.state.exams) + 1
        self.state.exam = Exam(n=n, at=self.context.now(), asked_by=by)
        self.state.forget_risk(Risk.REMEDIATION)
        self.context.update_stage()
        return self.context.done(f"exam {n} is taken; the examiner is asked for its result")

    # The certificate

    def may_suspend(self, request: Suspend) -> None:
        """Only what is valid."""
        self.check_may(request)
        if self.state.suspended:
            raise Refused(f"{self.name} is suspended already")
        if not self.state.unexpired(self.context.now()):
            raise Refused(f"{self.name} has no valid certificate that could be suspended")

    @update("Suspend the certificate until it is reinstated", rule=may_suspend)
    async def suspend(self, request: Suspend) -> Done:
        """What is valid counts for nothing for now."""
        async with self.credentials.lock:
            if self.state.suspended or self.state.over:
                return self.context.done(self._in_the_meantime())
            self.state.suspended = True
            self._decided("suspended", request.actor, request.reason)
            valid = self.state.unexpired(self.context.now())
            await self.credentials.publish(CredentialStatus.SUSPENDED, request.reason, valid)
            self._send_letter(CertificateSuspended(holder=self.state.holder, reason=request.reason))
        return self.context.done("the certificate is suspended")

    def may_reinstate(self, request: Reinstate) -> None:
        """Only what is suspended."""
        self.check_may(request)
        if not self.state.suspended:
            raise Refused(f"{self.name} is not suspended")

    @update("Reinstate a suspended certificate", rule=may_reinstate)
    async def reinstate(self, request: Reinstate) -> Done:
        """What was suspended counts again, as long as it has not expired."""
        async with self.credentials.lock:
            if not self.state.suspended or self.state.over:
                return self.context.done(self._in_the_meantime())
            self.state.suspended = False
            self._decided("reinstated", request.actor, request.reason)
            suspended = [held for held in self.state.credentials if held.status is CredentialStatus.SUSPENDED]
            await self.credentials.publish(CredentialStatus.VALID, request.reason, suspended)
            valid_until = self.state.valid_until(self.context.now())
            self._send_letter(
                CertificateReinstated(holder=self.state.holder, reason=request.reason, valid_until=valid_until)
            )
        return self.context.done("the certificate is reinstated")

    def may_revoke(self, request: Revoke) -> None:
        """Only what was issued."""
        self.check_may(request)
        if not self.state.issued:
            raise Refused(f"{self.name} has no certificate that could be revoked")

    @update("Revoke the certificate for good, and end the certification", rule=may_revoke)
    async def revoke(self, request: Revoke) -> Done:
        """Whatever was issued counts for nothing any more, and the certification ends."""
        async with self.credentials.lock:
            self.state.outcome = CertificationOutcome.REVOKED  # also where somebody has withdrawn meanwhile
            self._decided("revoked", request.actor, request.reason)
            await self.credentials.publish(CredentialStatus.REVOKED, request.reason, self.state.issued)
            self._send_letter(CertificateRevoked(holder=self.state.holder, reason=request.reason))
            self.context.end_early(request.reason, request.actor)
        return self.context.done("the certificate is revoked, and the certification has ended")

    def _in_the_meantime(self) -> str:
        if self.state.over:
            return "the certification has ended in the meantime"
        return "the certificate was suspended already" if self.state.suspended else "it was reinstated already"

    def _decided(self, what: str, by: PersonId, reason: str) -> None:
        credentials = [held.credential.id for held in self.state.issued]
        self.context.report.decision(
            DecisionKind.CERTIFICATE, what, by=by, reason=reason, evidence={"credentials": credentials}
        )
        self.context.update_stage()

    def _send_letter(self, letter: LetterFacts) -> None:
        self.context.report.letters(letter, to=[Party.LEARNER, Party.HR])

    # The end

    def may_withdraw(self, request: Withdraw) -> None:
        """Nobody leaves a certificate behind that could not be suspended, reinstated or revoked any more."""
        self.check_may(request)
        if self.state.suspended:
            raise Refused(f"the certificate of {self.name} is suspended; reinstate or revoke it first")
        if self.state.holder == request.actor and self.state.unexpired(self.context.now()):
            raise Refused("the certificate is valid; it can be left to expire, and HR can withdraw it", "forbidden")

    @update(WITHDRAW, rule=may_withdraw)
    async def withdraw(self, request: Withdraw) -> Done:
        """The certification ends; what was earned stays valid until it expires."""
        self.context.end_early(request.reason, request.actor)
        return self.context.done("the certification has ended; what was earned stays valid until it expires")

    # What other workflows signal

    @workflow.signal(description="Another workflow wants to hear when the certificate is earned")
    def tell_also(self, request: str | TellAlso) -> None:
        """Signal this workflow too; at once, where the certificate is valid and attests what it asks for."""
        try:
            self.listeners.add(TellAlso(listener=request) if isinstance(request, str) else request)
        except ValidationError:  # raised on, it would hold up the certification for ever
            workflow.logger.warning("a signal tell_also names no workflow that could wait")

    @workflow.signal(description="Another workflow waits for the certificate no longer")
    def tell_no_more(self, listener: str) -> None:
        """Forget this workflow, and what it asked of the certificate."""
        self.listeners.drop(listener)
