"""The credentials of a certification: they are issued, and their status is published."""

from __future__ import annotations

import asyncio

from temporalio import workflow

from domain.certification.credentials import Credential, CredentialStatus, IssueRequest, StatusRequest
from domain.certification.exams import Attempt
from domain.certification.letters import CertificateIssued, CertificateNotIssued
from domain.certification.state import CertificationState, HeldCredential
from domain.certification.validity import coming_dates, extends, valid_until
from domain.core.decisions import DecisionKind
from domain.core.model import Party, PersonId, instant_text
from workflows.certification import activity_calls
from workflows.certification.context import CertificationContext
from workflows.certification.listeners import Listeners


class Credentials:
    """Issues credentials and publishes how they stand, one thing at a time (``lock``)."""

    def __init__(self, context: CertificationContext, listeners: Listeners) -> None:
        self._context = context
        self._state: CertificationState = context.state
        self._listeners = listeners
        self._signing: asyncio.Task[Credential] | None = None
        self.lock = asyncio.Lock()
        self.new_one = False
        """Whether a credential was issued in this run."""

    async def issue(self, passed: Attempt) -> None:
        """The exam was passed: the holder gets the certificate, or its renewal."""
        self._state.issuing = IssueRequest(
            case=self._state.case,
            n=len(self._state.credentials) + 1,
            at=passed.at,
            holder=self._state.holder,
            certificate=self._state.certificate,
            shown=self._state.shown,
            valid_from=passed.at,
            valid_until=valid_until(
                passed.at, self._state.expiry, self._state.policy.certificate.valid_months, passed.taken_at
            ),
            time_zone=self._state.time_zone,
        )
        await self.finish_issuing()

    async def finish_issuing(self) -> None:
        """Wait for a credential that has been asked for, if there is one, and hand it over.

        What was asked for is never lost, or the records would hold a certificate that nobody knows of. While the
        certificate is suspended, nothing is issued; nor is what is over by the time it could be.
        """
        while self._state.issuing is not None:
            await workflow.wait_condition(lambda: not self._state.suspended)
            async with self.lock:
                if not self._state.suspended and not self._is_over(self._state.issuing):
                    self._signing = self._signing or asyncio.create_task(
                        activity_calls.issue_credential(self._state.issuing)
                    )
                    self._issued(await asyncio.shield(self._signing), self._state.issuing)
                    self._signing = None

    def _is_over(self, request: IssueRequest) -> bool:
        """Whether a suspension has outlasted what was to be issued; then it is not, and HR and the holder hear."""
        if self._signing is not None or request.valid_until > self._context.now():
            return False
        self._state.issuing = None
        reason = f"it would have expired on {instant_text(request.valid_until)}, while the certificate was suspended"
        self._context.report.decision(DecisionKind.CERTIFICATE, "not issued", by=None, reason=reason)
        letter = CertificateNotIssued(holder=self._state.holder, expired_at=request.valid_until)
        self._context.report.letters(letter, to=[Party.LEARNER, Party.HR])
        self._context.update_stage()
        return True

    async def publish(self, status: CredentialStatus, reason: str, credentials: list[HeldCredential]) -> None:
        """These credentials have this status from now on; whoever holds the :attr:`lock` calls it."""
        for held in credentials:
            held.status, held.since, held.reason = status, self._context.now(), reason
        for held in credentials:
            await activity_calls.set_credential_status(
                StatusRequest(credential=held.credential.id, status=status, at=held.since, reason=reason)
            )
        self._listeners.signal_all()

    def _issued(self, credential: Credential, request: IssueRequest) -> None:
        state, before = self._state, self._state.expiry
        months, passed = state.policy.certificate.valid_months, state.exams[-1]
        renewed = extends(before, months, passed.at, passed.taken_at)
        state.credentials.append(HeldCredential(credential=credential, shown=request.shown, since=self._context.now()))
        state.asks = {}
        begins = max(
            credential.valid_from, self._context.now()
        )  # what a suspension has let pass is not made good at once
        state.coming = coming_dates(begins, credential.valid_until, state.policy.certificate)
        state.issuing, self.new_one = None, True
        self._record(credential, "renewed" if renewed else "issued", state.exams[-1].by)
        letter = CertificateIssued(renewed=renewed, valid_until=credential.valid_until)
        self._context.report.letter(letter, to=state.holder, attachments=[credential.id])
        self._listeners.signal_all()
        self._context.update_stage()

    def _record(self, credential: Credential, what: str, by: PersonId | None) -> None:
        evidence = {
            "credential": credential.id,
            "exam": self._state.exams[-1].n,
            "valid_from": credential.valid_from.isoformat(),
            "valid_until": credential.valid_until.isoformat(),
            "shown": [skill.model_dump(mode="json") for skill in self._state.shown],
        }
        self._context.report.decision(DecisionKind.CERTIFICATE, what, by=by, evidence=evidence)
