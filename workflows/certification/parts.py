"""The parts of a certification: no certificate is left behind that nobody could reinstate or revoke any more."""

from __future__ import annotations

from domain.core.reassigning import WHOLE_CASE, HandedPart, Handing, HandOver
from workflows.case.parts import Parts
from workflows.certification.context import CertificationContext


class CertificationParts(Parts):
    """Who plays which part in a certification."""

    def __init__(self, context: CertificationContext) -> None:
        super().__init__(context)
        self._certification = context

    def end(self, request: HandOver) -> HandedPart:
        """It ends, and what was earned stays valid until it expires; one that is suspended waits for HR."""
        if self._certification.state.suspended:
            why = "the certificate is suspended; reinstate or revoke it first"
            return self.handed(WHOLE_CASE, Handing.WAITS, why=why)
        return super().end(request)
