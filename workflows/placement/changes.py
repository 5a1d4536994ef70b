"""What can be asked of a running placement: extension, another mentor, an early decision, withdrawal.

Each is checked before it is let in (a refusal leaves no trace) and takes effect at once, or once all have agreed.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from domain.core.case import CaseRequest, Done, Withdraw
from domain.core.journal import DecisionKind
from domain.core.model import Party, PersonId
from domain.core.questions import TaskKind, YesNo
from domain.core.sentences import counted
from domain.core.tasks import Refused
from domain.placement.forms import EXTENSION_CONSENT
from domain.placement.letters import ExtensionAgreed, ExtensionRefused
from domain.placement.requests import (
    EXTENDABLE,
    MAY,
    OF_HR,
    RUNNING,
    WITHDRAWERS,
    DecideEarly,
    ExtendPlacement,
    ReassignMentor,
)
from domain.placement.state import Extension, Stage
from workflows.case.answers import Answer, Answered, CalledOff
from workflows.case.updates import check, failure_of
from workflows.placement.cohort_link import CohortLink
from workflows.placement.context import PlacementContext
from workflows.placement.mentoring import Mentoring
from workflows.placement.reservations import PlacementReservations

EVERYBODY = [Party.RETURNER, Party.MENTOR, Party.MANAGER, Party.HR]

Agreement: TypeAlias = Literal["agreed", "refused", "lapsed", "replaced"]
"""What came of an extension that was asked for."""


class Changes:
    """The changes to a running placement. ``check_*`` raise :class:`Refused`, the others carry out."""

    def __init__(
        self,
        context: PlacementContext,
        mentoring: Mentoring,
        reservations: PlacementReservations,
        cohort: CohortLink,
    ) -> None:
        self._context = context
        self._state = context.state
        self._mentoring = mentoring
        self._reservations = reservations
        self._cohort = cohort

    def _check(self, request: CaseRequest, what: str, *, stages: frozenset[Stage], when: str | None = None) -> None:
        self._context.check_actor(request, MAY[type(request)])
        self._context.check_stage(what, stages, when)

    # Extension

    def check_extend(self, request: ExtendPlacement) -> None:
        """Refuse what the policy does not allow, or what is decided already."""
        self._check(request, "extended", stages=EXTENDABLE)
        longest = self._state.policy.length.max_weeks
        if self._state.weeks + request.weeks > longest:
            raise Refused(
                f"weeks: {self._state.weeks} and {request.weeks} more are over the policy's {longest}", "invalid"
            )
        being_agreed = self._being_agreed()
        if being_agreed and request.actor not in self._may_replace(being_agreed):
            raise Refused("an extension is being agreed already; who asked for it, or HR, can ask for another instead")

    def _being_agreed(self) -> Extension | None:
        return next((one for one in self._state.extensions if one.agreed is None), None)

    def _may_replace(self, extension: Extension) -> list[PersonId]:
        return [extension.asked_by, self._state.parties[Party.HR], self._state.parties[Party.HR_LEAD]]

    def extend(self, request: ExtendPlacement) -> Done:
        """Ask both sides; whoever asked has agreed. A request that is still being agreed is replaced."""
        if self._being_agreed():
            self._close_extension(agreed=False)
            self._context.asking.call_off("another extension is asked for instead", kinds=[TaskKind.EXTENSION_CONSENT])
        self._state.extensions.append(Extension(weeks=request.weeks, asked_by=request.actor, at=self._context.now()))
        self._context.spawn(self._agree_extension(len(self._state.extensions), request))
        sides = self._to_agree(request)
        asked = " and ".join(side.spoken for side in sides) + (" are" if len(sides) > 1 else " is")
        return self._context.done(f"{asked} asked to agree to {counted(request.weeks, 'more week')}")

    def _close_extension(self, *, agreed: bool) -> None:
        self._state.extensions[-1] = self._state.extensions[-1].model_copy(update={"agreed": agreed})

    def _to_agree(self, request: ExtendPlacement) -> list[Party]:
        """Both sides, but for whoever asked."""
        return [party for party in (Party.RETURNER, Party.MANAGER) if self._state.parties[party] != request.actor]

    async def _agree_extension(self, n: int, request: ExtendPlacement) -> None:
        replies = await self._context.gather(*(self._consent(party, request) for party in self._to_agree(request)))
        if len(self._state.extensions) != n:
            self._record_extension("replaced", request, by=None, reason="another was asked for instead")
            return
        refused = next((reply for reply in replies if isinstance(reply, Answered) and not reply.form.yes), None)
        if refused is not None:
            self._no_extension("refused", request, by=refused.by, reason=refused.form.reason)
        elif self._state.stage not in EXTENDABLE or any(isinstance(reply, CalledOff) for reply in replies):
            self._no_extension("lapsed", request, by=None, reason="the conversion decision has begun in the meantime")
        else:
            self._close_extension(agreed=True)
            self._record_extension("agreed", request, by=request.actor, reason=request.reason)
            await self._make_longer(request.weeks, n)

    def _no_extension(
        self, how: Agreement, request: ExtendPlacement, *, by: PersonId | None, reason: str | None
    ) -> None:
        """Not extended; the words of whoever refused are for HR alone."""
        self._close_extension(agreed=False)
        self._record_extension(how, request, by=by, reason=reason)
        self._context.report.letters(ExtensionRefused(reason=reason or "none was given"), to=[Party.HR])
        others = [party for party in EVERYBODY if party is not Party.HR]
        told = "not everybody could agree" if how == "refused" else "the conversion decision has begun"
        self._context.report.letters(ExtensionRefused(reason=told), to=others)

    def _record_extension(
        self,
        how: Agreement,
        request: ExtendPlacement,
        *,
        by: PersonId | None,
        reason: str | None,
    ) -> None:
        evidence = {"weeks": request.weeks, "asked_by": request.actor, "asked_because": request.reason}
        self._context.report.decision(DecisionKind.EXTENSION, how, by=by, reason=reason, evidence=evidence)

    async def _make_longer(self, weeks: int, n: int) -> None:
        self._state.weeks += weeks
        self._state.plan = await self._context.plan_calendar()
        self._mentoring.sessions.invite()
        self._context.report.letters(ExtensionAgreed(weeks=weeks, ends_on=self._context.plan.end), to=EVERYBODY)
        self._context.changed()
        await self._reservations.take_more_stipends(weeks, n)

    async def _consent(self, party: Party, request: ExtendPlacement) -> Answer[YesNo]:
        return await self._context.ask(
            EXTENSION_CONSENT,
            f"agree to {request.weeks} more weeks",
            of=party,
            facts={"weeks": request.weeks, "reason": request.reason},
        )

    # Mentor

    def check_reassign(self, request: ReassignMentor) -> None:
        """Refuse when there is no mentor to replace, or the one named can't be the mentor, as far as the case knows."""
        if request.lift:
            self._check_lift(request)
            return
        if (naming := self._mentoring.search.naming) is not None:
            raise Refused(f"{naming} is being looked up, to be the mentor; ask again when that is done")
        if request.although_forbidden:
            self._context.check_actor(request, OF_HR)
        if self._may_be_named(request):
            self._context.check_actor(request, MAY[ReassignMentor])
        else:
            self._check_may_leave(request)
        if request.mentor is not None:
            self._mentoring.search.check_nominee(request.mentor, although_forbidden=request.although_forbidden)

    def _check_may_leave(self, request: ReassignMentor) -> None:
        self._check(request, "given another mentor", stages=RUNNING)
        if self._state.mentor is None:
            raise Refused(f"{self._state.case} has no mentor now; one is looked for")
        if request.mentor == self._state.mentor:
            raise Refused(f"mentor: {request.mentor} is the mentor who is to be replaced", "invalid")
        if self._context.now() >= self._context.plan.ends_at:
            raise Refused(f"the last day of {self._state.case}, {self._context.plan.end}, is over")

    def _check_lift(self, request: ReassignMentor) -> None:
        self._context.check_actor(request, OF_HR)
        if self._state.leaving or self._state.stage is Stage.ENDED:
            raise Refused(f"{self._state.case} has ended")
        for mentor in request.lift:
            if mentor not in self._state.forbidden and mentor != self._state.wanted:
                raise Refused(f"lift: {mentor} is neither pinned nor forbidden in {self._state.case}", "invalid")

    def _may_be_named(self, request: ReassignMentor) -> bool:
        """Whether HR can name the mentor, because the placement waits for its cohort to propose one."""
        waits = self._state.waits_for_proposal and not self._mentoring.search.busy
        return request.mentor is not None and self._cohort.proposes and waits

    async def reassign(self, request: ReassignMentor) -> Done:
        """The mentor leaves, another is looked for; or HR names the one whom the cohort has not found.

        Whoever is named is looked up before anything changes. What the cohort says meanwhile waits, and HR's name
        goes before it.
        """
        if request.lift:
            return self._lift(request)
        waiting = self._may_be_named(request)
        if request.mentor is not None:
            await self._look_up(request, request.mentor, waiting=waiting)
            self._cohort.lift([request.mentor])
        if waiting and request.mentor is not None:
            self._context.report.decision(
                DecisionKind.MENTOR, f"{request.mentor} named", by=request.actor, reason=request.reason
            )
            self._cohort.nominate(request.mentor)
            return self._context.done(f"{request.mentor} is looked up, and asked if they can be the mentor")
        left = self._state.mentor
        self._context.report.decision(DecisionKind.MENTOR, "reassigned", by=request.actor, reason=request.reason)
        self._mentoring.reassign(request.mentor)
        return self._context.done(f"{left} is freed; another mentor is looked for")

    def _lift(self, request: ReassignMentor) -> Done:
        mentors = ", ".join(request.lift)
        self._cohort.lift(request.lift)
        self._context.report.decision(
            DecisionKind.MENTOR, f"{mentors} not pinned nor forbidden any more", by=request.actor, reason=request.reason
        )
        self._context.changed()
        says = f"{mentors} {'is' if len(request.lift) == 1 else 'are'} neither pinned nor forbidden any more"
        if (cohort := self._state.matched_by) is not None:
            pairs = " ".join(f"--lift {self._state.returner}={one}" for one in request.lift)
            says += f", until {cohort} says so again; there it is lifted with `cohort rematch {cohort} {pairs} …`"
        return self._context.done(says)

    async def _look_up(self, request: ReassignMentor, named: PersonId, *, waiting: bool) -> None:
        """Refuse somebody who can't be the mentor by the records, and what has become pointless meanwhile."""
        why_not = await self._mentoring.search.why_not(named, although_forbidden=request.although_forbidden)
        if why_not is not None:
            raise failure_of(Refused(f"mentor: {named} can't be the mentor: {why_not}", "invalid"))
        if self._state.leaving or not waiting:
            check(self.check_reassign, request)

    # Decision and withdrawal

    def check_decide_early(self, request: DecideEarly) -> None:
        """Refuse an early decision before the policy's week, or when it has begun."""
        week, earliest = self._state.week(self._context.now()) or 0, self._state.policy.decision.early_from_week
        when = f"from week {earliest} of the placement on, until the decision begins"
        self._check(request, "decided early", stages=frozenset({Stage.PLACEMENT}), when=when)
        if self._state.early_decision_by is not None:
            raise Refused(f"the conversion decision begins already: {self._state.early_decision_by} has asked for it")
        if week < earliest:
            raise Refused(f"this is week {week}; the policy allows a decision from week {earliest} on")
        if self._context.clock.paused:
            raise Refused(f"{self._state.case} is paused; resume it first")

    def decide_early(self, request: DecideEarly) -> Done:
        """The decision begins now."""
        self._state.early_decision_by = request.actor
        self._context.report.decision(DecisionKind.EARLY_DECISION, "asked", by=request.actor, reason=request.reason)
        return self._context.done("the conversion decision begins now")

    def check_withdraw(self, request: Withdraw) -> None:
        """Refuse to end what has ended."""
        self._context.check_actor(request, WITHDRAWERS)
        if self._state.leaving or self._state.stage is Stage.ENDED:
            raise Refused(f"{self._state.case} has ended already")

    def withdraw(self, request: Withdraw) -> Done:
        """End the placement now, in good order."""
        self._context.end_early(request.reason, by=request.actor)
        paid = ", days worked are paid" if self._has_pay_due() else ""
        return self._context.done(f"withdrawn; tasks and invitations are called off{paid}")

    def _has_pay_due(self) -> bool:
        """Whether days were worked that are not paid yet."""
        state = self._state
        if state.plan is None or (self._context.clock.paused and state.leaves[-1].first <= state.plan.start):
            return False
        last = min(self._context.today(), state.plan.end)
        return state.plan.start <= last and (state.paid_up_to is None or state.paid_up_to < last)
