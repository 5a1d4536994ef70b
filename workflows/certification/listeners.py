"""The workflows that wait for the certificate, as the path that leads here does: they are signalled how it stands."""

from __future__ import annotations

from domain.certification.credentials import CredentialStatus
from domain.certification.letters import ExamDue
from domain.certification.signals import (
    CertificateEarned,
    CertificateRemediation,
    CertificationOutcome,
    CertificationOver,
    SignalToSend,
    TellAlso,
    WorkflowId,
)
from domain.certification.state import CertificationStage, CertificationState
from domain.core.model import Fixed, Party
from domain.core.signals import Signal
from domain.core.skills import RequiredSkill
from domain.learning.catalogue import skills_in_words
from workflows.case.signalling import SignalQueue, signalled
from workflows.certification.context import CertificationContext

SIGNALS: dict[type[Fixed], Signal] = {
    CertificateEarned: Signal.CERTIFICATE_EARNED,
    CertificateRemediation: Signal.CERTIFICATE_REMEDIATION,
    CertificationOver: Signal.CERTIFICATION_OVER,
}
"""The signal that takes each message."""


class Listeners:
    """Signals those who wait for the certificate, each thing once. A workflow that is gone is no error."""

    def __init__(self, context: CertificationContext) -> None:
        self._context = context
        self._state: CertificationState = context.state
        self.signals = SignalQueue(self._state.signals, self._send, self._lost)

    def add(self, request: TellAlso) -> None:
        """Another workflow waits; what is known already it is signalled at once.

        Unless it asks for more than the certificate attests: then the exam is due, and it waits for what comes of that.
        """
        listener = request.listener
        if listener not in self._state.listeners:
            self._state.listeners.append(listener)
        self._state.asks[listener] = request.asks
        self._signal_status([listener])
        if self._state.stage is CertificationStage.ENDED and self._state.outcome is not None:
            self.end(self._state.outcome)
        elif self._state.lacking(listener) and self._state.unexpired(self._context.now()):
            self._exam_is_due(self._state.lacking(listener))

    def _exam_is_due(self, lacking: list[RequiredSkill]) -> None:
        """The exam can be taken at once, however long the certificate is valid; its holder and HR hear why."""
        letter = ExamDue(holder=self._state.holder, skills=skills_in_words(lacking), valid_until=self._state.expiry)
        self._context.report.letters(letter, to=[Party.LEARNER, Party.HR])
        self._context.update_stage()

    def drop(self, listener: WorkflowId) -> None:
        """This workflow waits no longer: for what it alone asked of the certificate no exam is due any more."""
        if listener in self._state.listeners:
            self._state.listeners.remove(listener)
        if self._state.asks.pop(listener, None) and self._state.outcome is None:
            self._context.update_stage()

    def signal_all(self) -> None:
        """The certificate has changed: all who wait for it are signalled."""
        self._signal_status(list(self._state.listeners))

    def end(self, outcome: CertificationOutcome) -> None:
        """The certification has ended; whoever still waits for the certificate waits in vain."""
        message = CertificationOver(case=self._state.case, at=self._context.now(), outcome=outcome)
        self._state.signals.extend(SignalToSend(to=listener, message=message) for listener in self._state.listeners)
        self._state.listeners = []

    def _signal_status(self, listeners: list[str]) -> None:
        """Who is signalled that the certificate is valid waits no longer; after a remediation they go on waiting.

        Valid it is for whoever asks for no more than it attests.
        """
        earned, remediation = self._earned(), self._remediation()
        for listener in listeners:
            message = remediation if self._state.lacking(listener) else earned or remediation
            if message:
                self._state.signals.append(SignalToSend(to=listener, message=message))
            if isinstance(message, CertificateEarned):
                self._state.listeners.remove(listener)
                self._state.asks.pop(listener, None)

    def _earned(self) -> CertificateEarned | None:
        now, latest = self._context.now(), self._state.latest
        if latest is None or latest.status is not CredentialStatus.VALID or latest.credential.valid_until <= now:
            return None
        return CertificateEarned(
            case=self._state.case, credential=latest.credential.id, at=now, valid_until=latest.credential.valid_until
        )

    def _remediation(self) -> CertificateRemediation | None:
        now = self._context.now()
        until = self._state.remediation_until(now)
        return CertificateRemediation(case=self._state.case, at=now, not_before=until) if until else None

    async def _send(self, signal: SignalToSend) -> bool:
        return await signalled(signal.to, SIGNALS[type(signal.message)], signal.message)

    def _lost(self, signal: SignalToSend) -> None:
        self.drop(signal.to)
