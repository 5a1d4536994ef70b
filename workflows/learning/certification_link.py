"""The certification at the end of a path: it is begun, or joined where it runs, and lives on by itself."""

from __future__ import annotations

import asyncio
from typing import Any

from temporalio import workflow
from temporalio.exceptions import WorkflowAlreadyStartedError

from domain.certification.beginning import certification_beginning
from domain.certification.signals import TellAlso
from domain.certification.state import CertificationStart
from domain.core.decisions import DecisionKind
from domain.core.model import CaseId, Party, PersonId
from domain.core.naming import certification_case, workflow_id
from domain.core.signals import Signal
from domain.learning.catalogue import CertificateEntry, CertificateRequest
from domain.learning.letters import NoCertificate
from workflows.case.children import broke_off, start_child
from workflows.case.signalling import signalled
from workflows.learning import activity_calls
from workflows.learning.context import PathContext


class CertificationLink:
    """Waits for the certificate that a path leads to."""

    def __init__(self, context: PathContext) -> None:
        self._context = context
        self._state = context.state
        self._beginning: asyncio.Task[workflow.ChildWorkflowHandle[Any, Any]] | None = None
        self._running: asyncio.Task[Any] | None = None

    @property
    def has_broken_off(self) -> bool:
        """Whether the certification has broken off, which it can't say itself."""
        return broke_off(self._running)

    async def begin(self) -> None:
        """Start the certification, or signal the one this person has already that the path waits for it.

        Starting it is never broken off: the SDK would cancel the certification with the path that is withdrawn in that
        moment, and one that has ended can't be started again.
        """
        certificate = self._state.goal.certificate
        assert certificate is not None
        usual = certification_case(self._state.learner, certificate.id)
        request = CertificateRequest(case=self._state.case, holder=self._state.learner, certificate=certificate.id)
        now = await activity_calls.certificate_now(request)
        self._state.certification = now.running or usual
        if now.running:
            await self._join(now.running)
            return
        entry = now.entry or CertificateEntry(certificate=certificate, shown=self._state.goal.profile.skills)
        start = CertificationStart(
            case=usual,
            holder=self._state.learner,
            certificate=entry.certificate,
            shown=entry.shown,
            policy=self._state.policy,
            parties={**self._state.parties, Party.EXAMINER: self._examiner(entry, left=now.examiner_left)},
            title=self._state.goal.role.title,
            time_zone=self._state.goal.role.time_zone,
            country=self._state.goal.role.country,
            started_by=self._state.parties[Party.HR],
            listener=workflow.info().workflow_id,
            cohort=self._state.cohort,
            seconds_per_day=self._state.clock.seconds_per_day,
            clock_shows=self._context.now(),
        )
        self._beginning = asyncio.create_task(start_child(certification_beginning(start)))
        try:
            self._running = await asyncio.shield(self._beginning)
        except WorkflowAlreadyStartedError:
            await self._join(usual)

    def _examiner(self, entry: CertificateEntry, *, left: bool) -> PersonId:
        """Whoever the catalogue names; where they have left, whoever has taken over here, else HR."""
        named, certificate = entry.certificate.examiner, self._state.goal.certificate
        if not left:
            return named
        here = certificate.examiner if certificate is not None else named
        return here if here not in (named, *self._state.gone) else self._state.parties[Party.HR]

    async def _join(self, case: CaseId) -> None:
        """Wait for a certification that is there already; one that has ended gives no certificate any more.

        It hears what is asked for: a certificate that was earned for other skills does not do.
        """
        request = TellAlso(listener=workflow.info().workflow_id, asks=self._state.goal.profile.skills)
        if not await signalled(workflow_id(case), Signal.TELL_ALSO, request):
            self.will_not_come("it has ended before, because it was revoked or withdrawn")

    def will_not_come(self, why: str) -> None:
        """There will be none: people hear of it."""
        case = self._state.certification
        self._state.no_certificate = f"the certification {case}: {why}"
        self._context.report.decision(DecisionKind.CERTIFICATE, "none", by=None, reason=self._state.no_certificate)
        self._context.report.letters(NoCertificate(certification=case, why=why), to=[Party.LEARNER, Party.HR])

    async def stop_waiting(self) -> None:
        """The certification forgets a path that ends without the certificate, and what it asked of that."""
        if self._state.certification is None or self._state.certified_until is not None:
            return
        if self._beginning is not None:
            await workflow.wait_condition(self._beginning.done)
        await signalled(workflow_id(self._state.certification), Signal.TELL_NO_MORE, workflow.info().workflow_id)
