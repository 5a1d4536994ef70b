"""What the parts of a cohort have at hand: the cohort's row, and whether anything is awaited."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

from temporalio import workflow

from domain.cohort.participant_state import ACTIVE, ParticipantState, ParticipantStatus
from domain.cohort.state import CohortState
from domain.core.case_rows import CohortRow
from domain.core.decisions import DecisionKind
from domain.core.letters import LetterFacts
from domain.core.local_days import local_day_of
from domain.core.model import Party, PersonId
from domain.core.post import Reach
from domain.core.risks import Risk
from workflows.case.context import CaseContext

LEADS = (Party.HR, Party.HR_LEAD)
"""Who hears how it goes with a cohort: whoever leads it, and the head of HR."""


class CohortContext(CaseContext[CohortState]):
    """Everything the parts of a cohort share."""

    def __init__(self, state: CohortState, events_a_run: int) -> None:
        super().__init__(state, state.title, state.time_zone, self.cohort_row, self.headline)
        self.report.reach_of = self._reach_of
        self._results_awaited = 0
        self._events_a_run = events_a_run
        self.is_long = False
        """Whether the history is so long that the cohort should go on in a new run."""
        self.is_very_long = False
        """Whether that should not wait for letters that can't be delivered either."""

    def _reach_of(self, person: PersonId, _: LetterFacts) -> Reach:
        """When the placement of a returner really begins, and whether it goes on, the cohort need not know."""
        returners = (participant.who.returner for participant in self.state.participants.values())
        return "by_record" if person in returners else "work"

    @contextmanager
    def awaiting_result(self) -> Iterator[None]:
        """Within this a result of an activity is awaited, for which this run has to stay."""
        self._results_awaited += 1
        try:
            yield
        finally:
            self._results_awaited -= 1

    @property
    def awaits_result(self) -> bool:
        """Whether a result is awaited for which this run has to stay."""
        return self._results_awaited > 0

    @property
    def name(self) -> str:
        """The cohort's id."""
        assert self.state.cohort is not None
        return self.state.cohort

    def changed(self) -> None:
        """Tell the records where the cohort stands.

        How long the history is, is looked at only here, where something has happened: a query or a refused update must
        not change what follows.
        """
        unmatched = len(self.state.participants_in(ParticipantStatus.UNMATCHED))
        self.state.forget_risk(Risk.NO_MENTOR)  # HR has had a letter about each of them
        if unmatched:
            have = "returner has" if unmatched == 1 else "returners have"
            self.state.note_risk(Risk.NO_MENTOR, f"{unmatched} {have} no mentor")
        super().changed()
        info = workflow.info()
        events = info.get_current_history_length()
        self.is_long = info.is_continue_as_new_suggested() or events > self._events_a_run
        self.is_very_long = events > 3 * self._events_a_run

    def decide(
        self,
        what: DecisionKind,
        decided: str,
        *,
        by: PersonId | None,
        reason: str | None = None,
        evidence: dict[str, Any] | None = None,
    ) -> None:
        """Put a decision on record. Hundreds of people may be its evidence, so the cohort itself only refers to it."""
        self.report.decision(what, decided, by=by, reason=reason, evidence=evidence, refer=True)

    def today(self) -> date:
        """The date on the cohort's clock, where its roles are."""
        return local_day_of(self.now(), self.state.midnights)

    def active(self) -> list[ParticipantState]:
        """The participants whose placement goes on."""
        return self.state.participants_in(*ACTIVE)

    def headline(self) -> str:
        """Stage and numbers, for the operators."""
        state = self.state
        paused = ", paused" if self.clock.paused else ""
        matched, over = (
            len(state.participants_in(ParticipantStatus.MATCHED)),
            len(state.participants_in(ParticipantStatus.OVER)),
        )
        return f"{state.stage.value}{paused}: {len(state.participants)} take part, {matched} with mentor, {over} over"

    def cohort_row(self) -> CohortRow:
        """Where the cohort stands, for the records."""
        state = self.state
        return CohortRow(
            cohort=self.name,
            at=self.now(),
            title=state.title,
            policy=state.policy.label,
            led_by=state.led_by,
            stage=state.stage.value,
            starts_on=state.first_day().date(),
            ends_on=state.ends_on,
            time_zone=state.time_zone,
            participants=len(state.participants),
            matched=len(state.participants_in(ParticipantStatus.MATCHED)),
            ended=len(state.participants_in(ParticipantStatus.OVER)),
            paused=self.clock.paused,
            at_risk=list(state.at_risk.values()),
        )
