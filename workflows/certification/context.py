"""What the parts of a certification have at hand: the common context, with the case's row and its stage."""

from __future__ import annotations

from domain.certification.state import CertificationState
from domain.core.case_rows import CaseRow
from domain.core.letters import LetterFacts
from domain.core.model import PersonId
from domain.core.post import Reach
from workflows.case.context import CaseContext


class CertificationContext(CaseContext[CertificationState]):
    """Everything the parts of a certification share."""

    def __init__(self, state: CertificationState) -> None:
        super().__init__(state, state.certificate.title, state.time_zone, self.case_row, self.headline)
        self.report.reach_of = self._reach_of

    def _reach_of(self, person: PersonId, _: LetterFacts) -> Reach:
        """A certificate outlives the placement in which it was earned, and hears nothing of how that ended."""
        return "by_record" if person == self.state.holder else "work"

    def update_stage(self) -> None:
        """The stage follows from what is valid now; the records are told where the case stands."""
        stage = self.state.stage_at(self.now())
        if stage is self.state.stage:
            self.changed()
        else:
            self.enter(stage)

    def headline(self) -> str:
        """Stage and expiry, for the operators."""
        expiry = f", expiry {self.state.expiry:%Y-%m-%d %H:%M} UTC" if self.state.expiry else ""
        outcome = f": {self.state.outcome.value}" if self.state.outcome else ""
        return f"{self.state.stage.value}{expiry}{outcome}"

    def case_row(self) -> CaseRow:
        """Where the case stands, for the records; of a certification the certificate stands in place of the role."""
        state = self.state
        return self.row(
            person=state.holder,
            role=state.certificate.id,
            ends_on=state.last_day,
            outcome=state.outcome.value if state.outcome else None,
        )
