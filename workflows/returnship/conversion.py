"""The conversion: proposed, approved and confirmed by different people, then offered."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from domain.case import Stage
from domain.decision import Conversion, evidence_lines
from domain.forms import APPROVAL, CONFIRMATION, OFFER, PROPOSAL, Proposal, Question, YesNo
from domain.model import Money, Party, PersonId
from domain.placement import Outcome
from domain.tasks import Refused
from workflows.asking import Answer
from workflows.returnship.desk import PlacementDesk


class ConversionStage:
    """Decision and offer of a placement."""

    def __init__(self, desk: PlacementDesk) -> None:
        self._desk = desk
        self._state = desk.state

    # The decision

    async def decide(self) -> Conversion:
        """The manager proposes on the evidence; others approve, HR confirms. A refusal goes back, or releases."""
        self._desk.enter(Stage.DECISION)
        refusal: str | None = None
        while True:
            proposal = await self._propose(refusal)
            refusal = await self._refusal(proposal)
            if refusal is None:
                return self._settle(proposal.form)
            if self._state.policy.decision.on_refusal == "release":
                return self._release(refusal)

    async def _propose(self, refusal: str | None) -> Answer[Proposal]:
        facts: dict[str, Any] = {"evidence": evidence_lines(self._state.evidence())}
        if refusal:
            facts["refused"] = refusal
        proposal = await self._desk.ask(
            PROPOSAL,
            "propose conversion or release",
            of=Party.MANAGER,
            facts=facts,
            not_by=[self._state.returner],
            check=self._check_terms,
        )
        self._record("proposal", "convert" if proposal.form.convert else "release", proposal.by, proposal.form.reasons)
        return proposal

    def _check_terms(self, proposal: Proposal) -> None:
        if proposal.starts_on and proposal.starts_on <= self._desk.today():
            raise Refused(f"starts_on: {proposal.starts_on} must be after today, {self._desk.today()}", "invalid")
        if proposal.salary and proposal.salary.currency != self._state.role.salary.currency:
            raise Refused(f"salary: this role is paid in {self._state.role.salary.currency}", "invalid")
        if proposal.salary and proposal.salary.amount <= 0:
            raise Refused("salary: must be more than nothing", "invalid")

    async def _refusal(self, proposal: Answer[Proposal]) -> str | None:
        """Ask all who must agree, one after another; the first refusal's reason, or none."""
        for party in self._state.policy.decision.approvals:
            if party is Party.BUDGET_OWNER and not proposal.form.convert:
                continue
            refusal = await self._agrees(APPROVAL, "approve the proposal", party, proposal)
            if refusal:
                return refusal
        return await self._agrees(CONFIRMATION, "confirm the decision", Party.HR, proposal)

    async def _agrees(
        self, question: Question[YesNo], subject: str, party: Party, proposal: Answer[Proposal]
    ) -> str | None:
        facts = {**self._terms(proposal.form), "evidence": evidence_lines(self._state.evidence())}
        not_by = [self._state.returner, *([proposal.by] if proposal.by else [])]
        reply = await self._desk.ask(question, subject, of=party, facts=facts, not_by=not_by)
        decided = "agreed" if reply.form.yes else "refused"
        self._record(question.kind.value, decided, reply.by, reply.form.reason, part=party.value)
        if reply.form.yes:
            return None
        self._desk.report.letters(
            "decision_refused", [Party.MANAGER, Party.HR], by=party.spoken, reason=reply.form.reason
        )
        return f"{party.spoken}: {reply.form.reason}"

    def _terms(self, proposal: Proposal) -> dict[str, Any]:
        if not proposal.convert:
            return {"proposal": "release", "reasons": proposal.reasons}
        return {
            "proposal": "convert",
            "reasons": proposal.reasons,
            "title": proposal.title or self._state.role.title,
            "salary": str(proposal.salary or self._state.role.salary),
            "starts_on": self._starts_on(proposal).isoformat(),
        }

    def _starts_on(self, proposal: Proposal) -> date:
        return self._first_day(proposal.starts_on)

    def _first_day(self, wanted: date | None) -> date:
        """The day employment begins: as proposed, else the day after the placement; never in the past."""
        return max(wanted or self._desk.plan.end + timedelta(days=1), self._desk.today() + timedelta(days=1))

    def _settle(self, proposal: Proposal) -> Conversion:
        if not proposal.convert:
            return self._release(proposal.reasons)
        salary: Money = proposal.salary or self._state.role.salary
        self._state.conversion = Conversion(
            convert=True,
            reason=proposal.reasons,
            title=proposal.title or self._state.role.title,
            salary=salary,
            starts_on=proposal.starts_on,
        )
        return self._state.conversion

    def _release(self, reason: str) -> Conversion:
        self._state.conversion = Conversion(convert=False, reason=reason)
        self._state.outcome = Outcome.RELEASED
        self._record("outcome", Outcome.RELEASED.value, None, reason)
        self._desk.report.letters(
            "released",
            [Party.RETURNER, Party.MENTOR, Party.MANAGER, Party.HR],
            reason=reason,
            ends_on=self._desk.plan.end,
        )
        return self._state.conversion

    # The offer

    async def offer(self, conversion: Conversion) -> None:
        """Make the offer: accepted, declined, or expired, and exactly one of them."""
        self._desk.enter(Stage.OFFER)
        terms = {
            "title": conversion.title,
            "salary": str(conversion.salary),
            "starts_on": self._first_day(conversion.starts_on).isoformat(),
        }
        reply = await self._desk.ask(
            OFFER, "offer of employment", of=Party.RETURNER, facts=terms, opening_letter="offer"
        )
        if reply.expired:
            self._conclude(Outcome.EXPIRED, "offer_expired", None, None)
        elif not reply.form.accept:
            self._conclude(Outcome.DECLINED, "offer_declined", reply.by, reply.form.comment)
        else:
            await self._convert(conversion, reply.by)

    async def _convert(self, conversion: Conversion, by: PersonId | None) -> None:
        starts_on = self._first_day(conversion.starts_on)
        self._state.employed_from = starts_on
        if starts_on <= self._desk.plan.end:
            self._state.last_day = starts_on - timedelta(days=1)
        self._state.plan = await self._desk.plan_calendar()
        self._conclude(
            Outcome.CONVERTED, "converted", by, None, title=conversion.title, starts_on=starts_on.isoformat()
        )

    def _conclude(self, outcome: Outcome, template: str, by: PersonId | None, reason: str | None, **facts: Any) -> None:
        self._state.outcome = outcome
        self._record("outcome", outcome.value, by, reason)
        parties = [Party.RETURNER, Party.MENTOR, Party.MANAGER, Party.SECOND_MANAGER, Party.BUDGET_OWNER, Party.HR]
        self._desk.report.letters(template, parties, **facts)
        self._desk.changed()

    def _record(self, what: str, decided: str, by: PersonId | None, reason: str | None, **more: Any) -> None:
        evidence = {**self._state.evidence().model_dump(mode="json"), **more}
        self._desk.report.decision(what, decided, by=by, reason=reason, evidence=evidence)
