"""What happens to a certificate as time passes: the renewal opens, its holder is reminded, it expires."""

from __future__ import annotations

from datetime import datetime

from domain.certification import CertificationState
from domain.model import Party
from domain.validity import Happens, renewal_opens
from workflows.certifying.desk import CertificationDesk


class Validity:
    """Follows the credential issued last. Time decides nothing here: the expiry stands in the certificate."""

    def __init__(self, desk: CertificationDesk) -> None:
        self._desk = desk
        self._state: CertificationState = desk.state

    async def run(self) -> None:
        """Follow for as long as the case lives; a renewal replaces what was still to come."""
        while True:
            await self._desk.clock.until(self._next, "next moment in the certificate's life")
            while self._state.coming and self._state.coming[0].at <= self._desk.now():
                self._happens(self._state.coming.pop(0).what)

    def _next(self) -> datetime | None:
        return self._state.coming[0].at if self._state.coming else None

    def _happens(self, what: Happens) -> None:
        match what:
            case Happens.REMINDER if not self._state.suspended:
                self._remind()
            case Happens.EXPIRY:
                self._desk.report.letters(
                    "certificate_expired",
                    [Party.LEARNER, Party.HR],
                    people={"holder": self._state.holder},
                    expired_at=self._state.expiry,
                )
        self._desk.stand()

    def _remind(self) -> None:
        assert self._state.expiry is not None
        opens = renewal_opens(self._state.expiry, self._state.policy.certificate.renewal_opens_months)
        self._desk.report.letter(
            "certificate_expires",
            self._state.holder,
            valid_until=self._state.expiry,
            opens_at=opens,
            open=opens <= self._desk.now(),
        )
