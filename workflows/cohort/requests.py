"""What HR asks of a cohort, and what placements signal to it. To withdraw a cohort is to close it."""

from __future__ import annotations

from temporalio import workflow

from domain.cohort.matching import Pair
from domain.cohort.participant_state import NEEDING_MENTOR, ParticipantState, ParticipantStatus
from domain.cohort.participants import LARGEST_COHORT, Participant
from domain.cohort.requests import MAY_ASK, Enlist, Enlisted, PauseCohort, Rematch, ResumeCohort
from domain.cohort.rulings import check_pairs, last_ruling, pin, set_pairs
from domain.cohort.state import CohortPause, CohortState
from domain.core.case import Done, Withdraw
from domain.core.clock import DAY
from domain.core.decisions import DecisionKind
from domain.core.model import CaseId
from domain.core.risks import Risk
from domain.core.tasks import Refused
from domain.placement.cohort_messages import PlacementMessage
from workflows.case.known_people import must_be_known
from workflows.case.requests import WITHDRAW, CaseRequests
from workflows.case.updates import update
from workflows.cohort.context import CohortContext
from workflows.cohort.dates import Dates
from workflows.cohort.matching import Matching
from workflows.cohort.placements import Placements


class CohortRequests(CaseRequests):
    """The updates and signals of a cohort, which inherits them."""

    may_ask = MAY_ASK
    state: CohortState
    context: CohortContext
    placements: Placements
    matching: Matching
    dates: Dates

    @property
    def name(self) -> str:
        """What people call the cohort."""
        return f"cohort {self.context.name}"

    # Who takes part

    def may_enlist(self, request: Enlist) -> None:
        """HR, no more people than a cohort can have."""
        self.check_may(request)
        new = [
            participant
            for participant in request.enlisting.participants
            if participant.case not in self.state.participants
        ]
        if len(self.state.participants) + len(new) > LARGEST_COHORT:
            raise Refused(
                f"a cohort has at most {LARGEST_COHORT} participants; make another cohort of the rest", "invalid"
            )

    @update("Let people take part; whoever does already stays as they are", rule=may_enlist)
    async def enlist(self, request: Enlist) -> Enlisted:
        """Let them take part, and try once more whom could not be started before; who is named is looked up first."""
        await must_be_known(self.state, request.enlisting.people())
        self.may_enlist(request)  # it may have ended meanwhile
        new: list[CaseId] = []
        for who in request.enlisting.participants:
            if self._is_new(who):
                self._take_part(who, request)
                new.append(who.case)
        self.state.more_follow = request.more
        self.state.more_until = self.context.now() + DAY if request.more else None
        self.context.clear_risk(Risk.LAUNCH)
        if new:
            self.context.decide(DecisionKind.ENLISTED, f"{len(new)} more", by=request.actor, evidence={"cases": new})
        self.context.changed()
        there = [who.case for who in request.enlisting.participants if who.case not in new]
        return Enlisted(cohort=self.context.name, at=self.context.now(), new=new, there=there)

    def _is_new(self, who: Participant) -> bool:
        there = self.state.participants.get(who.case)
        return there is None or there.status is ParticipantStatus.NOT_STARTED

    def _take_part(self, who: Participant, request: Enlist) -> None:
        self.state.participants[who.case] = ParticipantState(
            who=who,
            enlisted_by=request.actor,
            heard=0 if self.state.is_paused else self.state.last_instruction,
            ruling=last_ruling(self.state, who.returner),
        )
        self.state.roles[who.role] = request.enlisting.roles[who.role]  # as it is now; who runs has their own
        if who.mentor is not None:
            pin(self.state, Pair(returner=who.returner, mentor=who.mentor))

    # Matching

    def may_rematch(self, request: Rematch) -> None:
        """HR, where somebody looks for a mentor, or something is forbidden or lifted; only pairs that can be."""
        self.check_may(request)
        if not self.state.participants_in(*NEEDING_MENTOR) and not (request.forbid or request.lift):
            raise Refused(f"nobody in {self.name} looks for a mentor now")
        check_pairs(self.state, request.pin, request.forbid, request.lift)

    @update("Match again those who look for a mentor", rule=may_rematch)
    async def rematch(self, request: Rematch) -> Done:
        """Match once more those who look for a mentor. What HR says of pairs holds whoever looks, and when.

        Mentors who are pinned are looked up first.
        """
        if request.pin:
            await must_be_known(self.state, request.people())
            self.may_rematch(request)
        evidence = request.model_dump(include={"pin", "forbid", "lift"})
        self.context.decide(
            DecisionKind.MATCHING, "asked for again", by=request.actor, reason=request.reason, evidence=evidence
        )
        set_pairs(self.state, request.pin, request.forbid, request.lift)
        number = len(self.state.participants_in(*NEEDING_MENTOR))
        if not number:
            return self.context.done("nobody looks for a mentor now; it holds for whoever does later")
        self.matching.again()
        return self.context.done(
            f"{number} who look for a mentor are matched again; the proposal comes as a task, or a letter says why not"
        )

    # Pauses

    def may_pause(self, request: PauseCohort) -> None:
        """HR; not twice."""
        self.check_may(request)
        if self.context.clock.paused:
            raise Refused(f"{self.name} is paused already")

    @update("Let the cohort and its placements stand still", rule=may_pause)
    async def pause(self, request: PauseCohort) -> Done:
        """All that is due stands still, here and in the placements that run."""
        for earlier in self.state.pauses:
            earlier.cases, earlier.refused = [], {}
        self.state.pauses.append(CohortPause(first=self.context.today(), by=request.actor))
        self.context.clock.pause()
        self.dates.suspend()
        self.context.decide(DecisionKind.PAUSE, "paused", by=request.actor, reason=request.reason)
        self.context.changed()
        return self.context.done("paused; its placements are asked to pause too, and its view says which can't yet")

    def may_resume(self, request: ResumeCohort) -> None:
        """HR, what is paused."""
        self.check_may(request)
        if not self.context.clock.paused:
            raise Refused(f"{self.name} is not paused")

    @update("Let the cohort and the placements it has paused go on", rule=may_resume)
    async def resume(self, request: ResumeCohort) -> Done:
        """The cohort goes on, and with it the placements that it has paused."""
        pause = self.state.pauses[-1]
        pause.back_on, pause.back_by = max(pause.first, self.context.today()), request.actor
        self.context.asking.postpone(self.context.clock.resume())
        self.state.dates_stale = True
        self.context.decide(DecisionKind.PAUSE, "over", by=request.actor)
        self.context.changed()
        days = (pause.back_on - pause.first).days
        return self.context.done(f"goes on after {days} days, and its placements with it")

    # The end

    def may_withdraw(self, request: Withdraw) -> None:
        """HR, once."""
        self.check_may(request)

    @update(WITHDRAW, rule=may_withdraw)
    async def withdraw(self, request: Withdraw) -> Done:
        """Close the cohort; its placements go on by themselves."""
        self.context.end_early(request.reason, by=request.actor)
        return self.context.done("closed; its placements go on by themselves and find their mentors alone")

    # What placements signal

    @workflow.signal(description="A placement tells how it goes")
    def participant_news(self, message: PlacementMessage) -> None:
        """A placement signals how it goes."""
        self.placements.note(message)
