"""What happens to a certificate as time passes: the renewal opens, its holder is reminded, it expires."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.certification.letters import CertificateExpired, CertificateExpires
from domain.certification.state import CertificationState
from domain.certification.validity import CertificateDate, CertificateEvent, renewal_opens
from domain.core.model import Party
from workflows.certification.context import CertificationContext


class Validity:
    """Follows the credential issued last. Time decides nothing here: the expiry stands in the certificate."""

    def __init__(self, context: CertificationContext) -> None:
        self._context = context
        self._state: CertificationState = context.state

    async def run(self) -> None:
        """Follow for as long as the case lives; a renewal replaces what was still to come."""
        while True:
            await self._context.clock.until(self._next, "next moment in the certificate's life")
            due = [event for event in self._state.coming if event.at <= self._context.now()]
            self._state.coming = self._state.coming[len(due) :]
            self._handle(due)

    def _next(self) -> datetime | None:
        return self._state.coming[0].at if self._state.coming else None

    def _handle(self, due: Sequence[CertificateDate]) -> None:
        """What is due now; after an outage the last letter says which did not come before it."""
        reminders = [event.at for event in due if event.what is CertificateEvent.REMINDER]
        if any(event.what is CertificateEvent.EXPIRY for event in due):
            letter = CertificateExpired(holder=self._state.holder, expired_at=self._state.expiry, missed=reminders)
            self._context.report.letters(letter, to=[Party.LEARNER, Party.HR])
        elif reminders and not self._state.suspended:
            self._remind(reminders[:-1])
        self._context.update_stage()

    def _remind(self, missed: Sequence[datetime]) -> None:
        assert self._state.expiry is not None
        opens = renewal_opens(self._state.expiry, self._state.policy.certificate.renewal_opens_months)
        letter = CertificateExpires(
            valid_until=self._state.expiry, opens_at=opens, open=opens <= self._context.now(), missed=missed
        )
        self._context.report.letter(letter, to=self._state.holder)
