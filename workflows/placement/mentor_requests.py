"""What people ask of a placement about its mentor: another one, openly or in confidence."""

from __future__ import annotations

from domain.core.case import Done
from domain.core.decisions import DecisionKind
from domain.core.model import PersonId
from domain.core.permissions import OF_HR
from domain.core.tasks import Refused
from domain.placement.naming_mentors import check_is_another
from domain.placement.requests import MAY_ASK, AskForMentor, ReassignMentor
from domain.placement.state import PlacementState
from workflows.case.requests import CaseRequests
from workflows.case.updates import update
from workflows.placement.cohort_link import CohortLink
from workflows.placement.context import PlacementContext
from workflows.placement.mentoring import Mentoring
from workflows.placement.wishes import MentorWishes


class MentorRequests(CaseRequests):
    """The updates of a placement that are about its mentor."""

    may_ask = MAY_ASK
    state: PlacementState
    context: PlacementContext
    cohort: CohortLink
    mentoring: Mentoring
    wishes: MentorWishes

    def may_reassign_mentor(self, request: ReassignMentor) -> None:
        """Where there is a mentor to replace, or HR names the one whom the cohort has not found.

        Whoever is named can be the mentor, as far as the case knows; only HR puts aside what it has said of mentors.
        """
        if request.lift:
            self._check_lift(request)
            return
        if (nominee := self.mentoring.search.nominee) is not None:
            raise Refused(f"{nominee} is being looked up, to be the mentor; ask again when that is done")
        if request.although_forbidden:
            self.check_who(request, OF_HR)
        self.check_who(request)
        if not self._is_waited_for(request.mentor):
            self.check_when(request)
            self._check_can_be_replaced(request)
        if request.mentor is not None:
            self.mentoring.search.check_nominee(request.mentor, although_forbidden=request.although_forbidden)

    def _check_can_be_replaced(self, request: ReassignMentor) -> None:
        check_is_another(self.state, request.mentor)
        self._check_has_mentor()

    def _check_has_mentor(self) -> None:
        if self.state.mentor is None:
            raise Refused(f"{self.name} has no mentor now; one is looked for")
        if self.context.now() >= self.context.plan.ends_at:
            raise Refused(f"the last day of {self.name}, {self.context.plan.end}, is over")

    def _check_lift(self, request: ReassignMentor) -> None:
        self.check_who(request, OF_HR)
        self.check_not_over()
        for mentor in request.lift:
            if mentor not in self.state.forbidden and mentor != self.state.pinned:
                raise Refused(f"lift: {mentor} is neither pinned nor forbidden in {self.name}", "invalid")

    def _is_waited_for(self, mentor: PersonId | None) -> bool:
        """Whether HR can name the mentor, because the placement waits for its cohort to propose one."""
        waits = self.state.waits_for_proposal and not self.mentoring.search.busy
        return mentor is not None and self.cohort.proposes and waits

    @update("Free the mentor and find another", rule=may_reassign_mentor)
    async def reassign_mentor(self, request: ReassignMentor) -> Done:
        """The mentor is freed, another is looked for; or HR names the one whom the cohort has not found.

        Whoever is named is looked up before anything changes. What the cohort says meanwhile waits, and HR's name
        goes before it.
        """
        if request.lift:
            return self._lift(request)
        waiting = self._is_waited_for(request.mentor)
        if request.mentor is not None:
            await self._look_up(request, request.mentor, waiting=waiting)
            self.cohort.lift([request.mentor])
        if waiting and request.mentor is not None:
            self.context.report.decision(
                DecisionKind.MENTOR, f"{request.mentor} named", by=request.actor, reason=request.reason
            )
            self.cohort.nominate(request.mentor)
            return self.context.done(f"{request.mentor} is looked up, and asked if they can be the mentor")
        left = self.state.mentor
        self.context.report.decision(DecisionKind.MENTOR, "reassigned", by=request.actor, reason=request.reason)
        self.mentoring.reassign(request.mentor)
        return self.context.done(f"{left} is freed; another mentor is looked for")

    async def _look_up(self, request: ReassignMentor, nominee: PersonId, *, waiting: bool) -> None:
        """Refuse somebody who can't be the mentor by the records, and what has become pointless meanwhile."""
        why_not = await self.mentoring.search.look_up(nominee, although_forbidden=request.although_forbidden)
        if why_not is not None:
            raise Refused(f"mentor: {nominee} can't be the mentor: {why_not}", "invalid")
        if self.state.over or not waiting:
            self.may_reassign_mentor(request)

    def _lift(self, request: ReassignMentor) -> Done:
        mentors = ", ".join(request.lift)
        self.cohort.lift(request.lift)
        self.context.report.decision(
            DecisionKind.MENTOR, f"{mentors} not pinned nor forbidden any more", by=request.actor, reason=request.reason
        )
        self.context.changed()
        sentence = f"{mentors} {'is' if len(request.lift) == 1 else 'are'} neither pinned nor forbidden any more"
        if (cohort := self.state.matched_by) is not None:
            sentence += f", until {cohort} says so again; there it is lifted where the cohort is matched again"
        return self.context.done(sentence)

    # Another mentor, in confidence

    def may_ask_for_mentor(self, request: AskForMentor) -> None:
        """The returner, where there is a mentor to replace and somebody to be asked in confidence."""
        self.check_who(request)
        if self.wishes.open is not None and not self.state.over:
            return
        self.check_when(request)
        self._check_has_mentor()
        self.wishes.check_confidants()

    @update("A request to HR in confidence", rule=may_ask_for_mentor)
    async def ask_for_mentor(self, request: AskForMentor) -> Done:
        """HR is asked for another mentor, and nobody else hears of it; asked again, it says how it stands."""
        return self.context.done(self.wishes.ask(request))
