"""The conversion: proposed, approved and confirmed by different people, then offered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeVar

from temporalio import workflow

from domain.core.decisions import DecisionKind
from domain.core.letters import LetterFacts
from domain.core.model import Money, Party, PersonId
from domain.core.questions import Form, Question, TaskKind, YesNo
from domain.core.risks import Risk
from domain.core.tasks import Refused
from domain.placement.decision import Conversion, evidence_lines
from domain.placement.duties import CONFIRMER, PROPOSER
from domain.placement.forms import APPROVAL, CONFIRMATION, OFFER, PROPOSAL, OfferReply, Proposal
from domain.placement.letters import (
    Converted,
    DecisionRefused,
    NoHeadcount,
    Offer,
    OfferDeclined,
    OfferExpired,
    Released,
)
from domain.placement.stages import Outcome, Stage
from domain.placement.terms import check_terms
from workflows.case.answers import Answered, AnswerInTime, CalledOff, Expired
from workflows.placement.context import PlacementContext
from workflows.placement.headcount import Headcount
from workflows.placement.reservations import PlacementReservations

F = TypeVar("F", bound=Form)

NO_HEADCOUNT = "there is no place for it in the headcount; HR knows more"
"""What the returner hears of a conversion that was given up: what HR wrote was not meant for them."""


class ConversionStage:
    """Decision and offer of a placement."""

    def __init__(self, context: PlacementContext, reservations: PlacementReservations) -> None:
        self._context = context
        self._state = context.state
        self._reservations = reservations
        self.headcount = Headcount(context, reservations)

    # The decision

    async def decide(self) -> Conversion:
        """The manager proposes on the evidence; others approve, HR confirms. A refusal goes back, or releases."""
        self._context.enter(Stage.DECISION)
        self._context.asking.call_off("the conversion decision has begun", kinds=[TaskKind.EXTENSION_CONSENT])
        refusal: str | None = None
        while True:
            proposal = await self._propose(refusal)
            refusal = await self._refusal(proposal)
            if (release := self._state.release) is not None:
                self._record(DecisionKind.HEADCOUNT, "given up", release.by, release.reason)
                return self._release(release.reason, told=NO_HEADCOUNT, by=release.by)
            if refusal is None:
                return self._settle(proposal.form)
            if proposal.form.convert and self._state.policy.decision.on_refusal == "release":
                return self._release(refusal, told="the proposal to convert was not approved; HR knows the reason")

    async def _propose(self, refusal: str | None) -> Answered[Proposal]:
        facts: dict[str, Any] = {"evidence": evidence_lines(self._state.evidence())}
        if refusal:
            facts["refused"] = refusal
        proposal = await self._ask(PROPOSAL, "propose conversion or release", PROPOSER, facts, check=self._check_terms)
        self._record(
            DecisionKind.PROPOSAL, "convert" if proposal.form.convert else "release", proposal.by, proposal.form.reasons
        )
        return proposal

    def _check_terms(self, proposal: Proposal) -> None:
        check_terms(self._state, proposal, self._context.today())

    async def _refusal(self, proposal: Answered[Proposal]) -> str | None:
        """Ask all who must agree, one after another; the first refusal's reason, or none."""
        for party in self._state.policy.decision.approvals:
            if party is Party.BUDGET_OWNER and not proposal.form.convert:
                continue
            refusal = await self._agrees(APPROVAL, "approve the proposal", party, proposal)
            if refusal:
                return refusal
        if proposal.form.convert and (refusal := await self._no_headcount()):
            return refusal
        refusal = await self._agrees(CONFIRMATION, "confirm the decision", CONFIRMER, proposal)
        if refusal:
            await self._reservations.give_headcount_back()
        return refusal

    async def _no_headcount(self) -> str | None:
        """All have approved: the conversion takes its place. Why there is none, where the policy does not wait."""
        refusal = await self.headcount.take()
        if refusal and self._state.release is None:
            self._record(DecisionKind.HEADCOUNT, "refused", None, refusal)
            self._context.report.letters(NoHeadcount(reason=refusal), to=[Party.MANAGER, Party.HR])
        return refusal

    async def _agrees(
        self, question: Question[YesNo], subject: str, party: Party, proposal: Answered[Proposal]
    ) -> str | None:
        """Ask one who must agree; why they don't, or none."""
        facts = {**self._terms(proposal.form), "evidence": evidence_lines(self._state.evidence())}
        reply = await self._ask(question, subject, party, facts)
        decided = "agreed" if reply.form.yes else "refused"
        self._record(DecisionKind(question.kind), decided, reply.by, reply.form.reason, part=party.value)
        if reply.form.yes:
            return None
        letter = DecisionRefused(by=party.spoken, reason=reply.form.reason)
        self._context.report.letters(letter, to=[Party.MANAGER, Party.HR])
        return f"{party.spoken}: {reply.form.reason}"

    async def _ask(
        self,
        question: Question[F],
        subject: str,
        step: Party,
        facts: dict[str, Any],
        check: Callable[[F], None] | None = None,
    ) -> Answered[F]:
        """Ask at one step of the decision: nobody acts in two of them, nor on their own evidence."""
        duty = self._state.duty(step)
        if duty.instead_of is not None:
            facts["asked_instead_of"] = f"the {step.spoken} ({duty.instead_of}), who has another part in this decision"
        return await self._context.ask_until_answered(
            question, subject, of=step, person=duty.asked, facts=facts, not_by=duty.not_by, check=check
        )

    def _terms(self, proposal: Proposal) -> dict[str, Any]:
        if not proposal.convert:
            return {"proposal": "release", "reasons": proposal.reasons}
        return {
            "proposal": "convert",
            "reasons": proposal.reasons,
            "title": proposal.title or self._state.role.title,
            "salary": str(proposal.salary or self._state.role.salary),
            "starts_on": self._first_day_as_proposed(proposal),
        }

    def _first_day_as_proposed(self, proposal: Proposal) -> str:
        wanted, earliest = proposal.starts_on or self._context.plan.next_working_day, self._earliest_first_day()
        return wanted.isoformat() if wanted >= earliest else f"the first working day from {earliest} on"

    def _earliest_first_day(self) -> date:
        """Employment never begins before an answer to an offer made today can be expected."""
        valid_days = self._state.policy.tasks[OFFER.kind.value].within_days
        return self._context.today() + timedelta(days=valid_days + 1)

    async def _first_day(self, conversion: Conversion) -> date:
        """The day employment begins, in an offer made today: as proposed, else the first working day that can be."""
        wanted, earliest = conversion.starts_on or self._context.plan.next_working_day, self._earliest_first_day()
        if wanted >= earliest:
            return wanted
        return (await self._context.plan_calendar(not_before=earliest)).next_working_day

    def _settle(self, proposal: Proposal) -> Conversion:
        if not proposal.convert:
            return self._release(proposal.reasons, told=proposal.reasons)
        salary: Money = proposal.salary or self._state.role.salary
        self._state.conversion = Conversion(
            convert=True,
            reason=proposal.reasons,
            title=proposal.title or self._state.role.title,
            salary=salary,
            starts_on=proposal.starts_on,
        )
        return self._state.conversion

    def _release(self, reason: str, *, told: str, by: PersonId | None = None) -> Conversion:
        """No conversion. ``told`` is what the returner hears: what approvers wrote was not meant for them."""
        self._state.conversion = Conversion(convert=False, reason=reason)
        self._state.outcome = Outcome.RELEASED
        self._record(DecisionKind.OUTCOME, Outcome.RELEASED.value, by, reason)
        for party, why in ((Party.RETURNER, told), (Party.MANAGER, reason), (Party.HR, reason), (Party.MENTOR, None)):
            letter = Released(reason=why or "HR knows it", ends_on=self._context.plan.end)
            self._context.report.letters(letter, to=[party])
        return self._state.conversion

    async def watch(self) -> None:
        """A decision that is not there on the last day puts the case at risk until it is."""

        def decided() -> bool:
            return self._state.conversion is not None

        if await self._context.clock.until(lambda: self._context.plan.ends_at, "last day to decide", unless=decided):
            self._context.put_at_risk(Risk.DECISION, "the last day is over and the conversion is not decided")
            await workflow.wait_condition(decided)
            self._context.clear_risk(Risk.DECISION)

    # The offer

    async def offer(self, conversion: Conversion) -> None:
        """Make the offer: accepted, declined, or expired, and exactly one of them."""
        self._context.enter(Stage.OFFER)
        starts_on, reply = await self._make_offer(conversion)
        while isinstance(reply, CalledOff):  # a leave has moved the first day, or no letter has come
            starts_on, reply = await self._make_offer(conversion)
        if isinstance(reply, Expired):
            self._conclude(Outcome.EXPIRED, OfferExpired(), None, None)
        elif not reply.form.accept:
            self._conclude(Outcome.DECLINED, OfferDeclined(), reply.by, reply.form.comment)
        else:
            await self._convert(conversion, starts_on, reply.by)
            return
        await self._reservations.give_headcount_back()

    async def _make_offer(self, conversion: Conversion) -> tuple[date, AnswerInTime[OfferReply]]:
        """One offer, with its first day. During a leave nobody knows that day: the offer waits for the end of it."""
        await self._context.clock.until_resumed()
        starts_on = await self._first_day(conversion)
        terms = {"title": conversion.title, "salary": str(conversion.salary), "starts_on": starts_on.isoformat()}
        return starts_on, await self._context.ask(
            OFFER,
            "offer of employment",
            of=Party.RETURNER,
            facts=terms,
            opening_letter=Offer,
            check=self._check_reply,
        )

    def _check_reply(self, reply: OfferReply) -> None:
        if reply.accept and self._context.clock.paused:
            raise Refused(
                "accept: the leave moves the first day of employment; the offer waits, with the time it has left, "
                "and comes anew when the leave ends"
            )

    def renew_offer(self) -> None:
        """After a leave: an open offer whose first day no longer holds is taken back, and made anew."""
        for task in self._state.open_tasks():
            if task.kind is TaskKind.OFFER and self._state.conversion is not None:
                starts_on = date.fromisoformat(task.facts["starts_on"])
                earliest = self._state.conversion.starts_on or self._context.plan.next_working_day
                if starts_on < earliest or starts_on <= self._context.plan.day_of(task.due_at):
                    self._context.asking.call_off(
                        "the leave has moved the first day; a new offer comes", kinds=[task.kind]
                    )

    async def _convert(self, conversion: Conversion, starts_on: date, by: PersonId) -> None:
        """Accepted: employment begins on the day that was offered, and the placement ends before it."""
        self._state.employed_from = starts_on
        self._state.last_day = starts_on - timedelta(days=1)
        self._state.plan = await self._context.plan_calendar()
        letter = Converted(title=conversion.title, starts_on=starts_on)
        self._conclude(Outcome.CONVERTED, letter, by, None)
        self._context.spawn(self._reservations.fit_stipends("conversion"))

    def _conclude(self, outcome: Outcome, letter: LetterFacts, by: PersonId | None, reason: str | None) -> None:
        self._state.outcome = outcome
        self._record(DecisionKind.OUTCOME, outcome.value, by, reason)
        parties = [Party.RETURNER, Party.MENTOR, Party.MANAGER, Party.SECOND_MANAGER, Party.BUDGET_OWNER, Party.HR]
        self._context.report.letters(letter, to=parties)
        self._context.changed()

    def _record(self, what: DecisionKind, decided: str, by: PersonId | None, reason: str | None, **more: Any) -> None:
        evidence = {**self._state.evidence().model_dump(mode="json"), **more}
        self._context.report.decision(what, decided, by=by, reason=reason, evidence=evidence)
