"""What the cases of all programmes share: what a stage has at hand.

It holds the clock, the asking, the two outboxes and what goes on beside the stages, and shows operators where the case
stands. How the case runs to its end is told in :mod:`workflows.case.life_cycle`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from domain.core.case import CaseState, Done, EarlyEnd
from domain.core.case_rows import CaseRow, PartsRow, StageRow
from domain.core.letters import AtRisk, RiskCleared
from domain.core.local_days import LocalDaysRequest
from domain.core.model import Party, PersonId
from domain.core.people import Country
from domain.core.risks import Risk, RiskKey, letters_wait_for
from workflows.case import activity_calls
from workflows.case.asking import Asking
from workflows.case.clock import ProgrammeClock
from workflows.case.concurrency import Background
from workflows.case.operator_view import OperatorView
from workflows.case.reporting import Reporter

S = TypeVar("S", bound=CaseState)


class CaseContext(Generic[S]):
    """Everything a stage of a case needs at hand. ``row`` makes the case's own row for the records."""

    def __init__(
        self, state: S, role_title: str, time_zone: str, row: Callable[[], Any], headline: Callable[[], str]
    ) -> None:
        self.state = state
        self.clock = ProgrammeClock(state.clock)
        self.report = Reporter(state, self.clock, role_title, time_zone, self.note_unknown, self._note_known)
        self.report.on_conflicts = self._not_on_record
        self.asking = Asking(state, self.clock, self.report)
        self.ask, self.ask_until_answered = self.asking.ask, self.asking.ask_until_answered
        self.operator_view = OperatorView(state, headline)
        self._row = row
        self.background = Background()
        self.spawn, self.gather = self.background.spawn, self.background.gather
        self.wait_all, self.running_in_background = self.background.wait_all, self.background.running_in_background
        self.run_unless, self.drop_spawned = self.background.run_unless, self.background.drop

    # What stages do

    def enter(self, stage: StrEnum) -> None:
        """The case enters a stage."""
        self.state.stage = stage
        self.state.stage_since = self.clock.now()
        self.state.stages += 1
        self.report.row(StageRow(n=self.state.stages, at=self.clock.now(), stage=stage.value))
        self.asking.reopening.close_lapsed()
        self.changed()

    def put_at_risk(self, risk: Risk | RiskKey, reason: str) -> None:
        """The case is at risk for this reason, until :meth:`clear_risk`; HR and the manager hear of it once."""
        self.put_at_risk_by({RiskKey(risk): reason})

    def put_at_risk_by(self, reasons: Mapping[RiskKey, str]) -> None:
        """The case is at risk for all these reasons; HR and the manager hear of those that are new in one letter."""
        new = {risk: reason for risk, reason in reasons.items() if risk not in self.state.at_risk}
        for risk, reason in new.items():
            self.state.note_risk(risk, reason)
        if new:
            self.report.letters(AtRisk(reasons=list(self.state.at_risk.values())), to=[Party.HR, Party.MANAGER])
            self.changed()

    def put_at_risk_anew(self, risk: Risk | RiskKey, reason: str) -> None:
        """The case is at risk for this reason in place of another of the same kind; HR and the manager hear of it."""
        self.state.forget_risk(risk)
        self.put_at_risk(risk, reason)

    def _not_on_record(self, conflicts: list[str]) -> None:
        """People are told once that something is not on record; the logs tell of each."""
        more = f"; and {len(conflicts) - 1} more" if len(conflicts) > 1 else ""
        self.put_at_risk(Risk.RECORDS, f"{conflicts[0]}{more}")

    def clear_risk(self, risk: Risk | RiskKey) -> None:
        """This reason is over; where it was the last, HR and the manager hear that."""
        if risk in self.state.at_risk:
            self.state.forget_risk(risk)
            if not self.state.at_risk:
                self.report.letters(RiskCleared(), to=[Party.HR, Party.MANAGER])
            self.changed()

    async def look_up_local_days(self, time_zone: str, country: Country) -> None:
        """Pin when local days begin there, and public holidays, before anything is asked: that is due on them."""
        state = self.state
        request = LocalDaysRequest.ahead(time_zone, self.now(), country, state.full_week)
        found = await activity_calls.local_days(request)
        state.midnights, state.days_off = found.midnights, found.days_off

    def note_unknown(self, person: PersonId) -> None:
        """This person is not in the records: HR and operators see for whom this case waits."""
        if person not in self.state.post.unknown:
            self.state.post.unknown.append(person)
        self.put_at_risk(
            letters_wait_for(person),
            f"letters to or about {person} wait: nobody of that id is in the records; import them",
        )

    def _note_known(self, person: PersonId) -> None:
        if person in self.state.post.unknown:
            self.state.post.unknown.remove(person)
        self.clear_risk(letters_wait_for(person))

    def changed(self) -> None:
        """Tell the records where the case stands, and who is around it where that has changed."""
        self.report.row(self._row())
        if (parts := self.state.parts()) != self.state.parts_on_record:
            self.state.parts_on_record = parts
            self.report.row(PartsRow(at=self.now(), parts=parts))

    def row(self, *, person: PersonId, role: str, **own: Any) -> CaseRow:
        """Where the case stands, for the records; ``own`` is what not all programmes have."""
        state = self.state
        nothing = {"week": None, "starts_on": None, "ends_on": None, "mentor": None}
        return CaseRow(
            at=self.now(),
            programme=state.programme,
            person=person,
            role=role,
            cohort=state.cohort,
            policy=state.policy.label,
            stage=str(state.stage),
            stage_since=state.stage_since,
            paused=self.clock.paused,
            at_risk=list(state.at_risk.values()),
            time_zone=self.report.time_zone,
            **{**nothing, **own},
        )

    def done(self, sentence: str) -> Done:
        """The reply to whoever asked."""
        return Done(case=self.state.case, at=self.now(), sentence=sentence)

    def now(self) -> datetime:
        """The instant on the case's clock."""
        return self.clock.now()

    def end_early(self, reason: str, by: PersonId | None) -> None:
        """End the case early; the first reason stands."""
        if self.state.early_end is None:
            self.state.early_end = EarlyEnd(by=by, at=self.clock.now(), reason=reason)
