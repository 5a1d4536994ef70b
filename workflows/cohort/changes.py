"""What can be asked of a cohort: to take more people, to be matched again, to stand still and go on, to be closed."""

from __future__ import annotations

from functools import partial

from temporalio import workflow

from domain.cohort.matching import Pair
from domain.cohort.rulings import check_pairs, last_ruling, pin, set_pairs
from domain.cohort.state import (
    NEEDING_MENTOR,
    CohortPause,
    CohortStage,
    Enlist,
    Enlisted,
    ParticipantState,
    ParticipantStatus,
    PauseCohort,
    Rematch,
    ResumeCohort,
)
from domain.core.case import DAY, CaseRequest, Done, Withdraw
from domain.core.journal import DecisionKind
from domain.core.model import Party
from domain.core.risks import Risk
from domain.core.tasks import Refused
from domain.placement.participation import LARGEST_COHORT
from workflows.case.pauses import remind_while_paused
from workflows.cohort.context import CohortContext
from workflows.cohort.dates import Dates
from workflows.cohort.matching import Matching

LEADS = (Party.HR, Party.HR_LEAD)


class Changes:
    """The changes to a running cohort. ``check_*`` raise :class:`Refused`, the others carry out."""

    def __init__(self, context: CohortContext, matching: Matching, dates: Dates) -> None:
        self._context = context
        self._state = context.state
        self._matching = matching
        self._dates = dates

    def _check(self, request: CaseRequest) -> None:
        self._context.check_actor(request, LEADS)
        if self._state.leaving or self._state.stage is CohortStage.ENDED or self._state.outcome is not None:
            raise Refused(f"cohort {self._context.name} has ended")

    # Who takes part

    def check_enlist(self, request: Enlist) -> None:
        """Refuse more people than a cohort can have."""
        self._check(request)
        new = [one for one in request.enlisting.participants if one.case not in self._state.participants]
        if len(self._state.participants) + len(new) > LARGEST_COHORT:
            raise Refused(
                f"a cohort has at most {LARGEST_COHORT} participants; make another cohort of the rest", "invalid"
            )

    def enlist(self, request: Enlist) -> Enlisted:
        """Let them take part; whoever could not be started before is tried again."""
        new: list[str] = []
        for who in request.enlisting.participants:
            there = self._state.participants.get(who.case)
            if there is None or there.standing is ParticipantStatus.NOT_STARTED:
                self._state.participants[who.case] = ParticipantState(
                    who=who,
                    enlisted_by=request.actor,
                    heard=0 if self._state.is_paused else self._state.word,
                    ruling=last_ruling(self._state, who.returner),
                )
                self._state.roles[who.role] = request.enlisting.roles[who.role]  # as it is now; who runs has their own
                if who.mentor is not None:
                    pin(self._state, Pair(returner=who.returner, mentor=who.mentor))
                new.append(who.case)
        self._state.more_follow = request.more
        self._state.more_until = self._context.now() + DAY if request.more else None
        self._context.clear_risk(Risk.LAUNCH)
        if new:
            self._context.decide(DecisionKind.ENLISTED, f"{len(new)} more", by=request.actor, evidence={"cases": new})
        self._context.changed()
        there_already = [one.case for one in request.enlisting.participants if one.case not in new]
        return Enlisted(cohort=self._context.name, at=self._context.now(), new=new, there=there_already)

    # Matching

    def check_rematch(self, request: Rematch) -> None:
        """Refuse it where nobody looks for a mentor, and nothing is forbidden or lifted either."""
        self._check(request)
        if not self._state.participants_in(*NEEDING_MENTOR) and not (request.forbid or request.lift):
            raise Refused(f"nobody in cohort {self._context.name} looks for a mentor now")
        check_pairs(self._state, request.pin, request.forbid, request.lift)

    def rematch(self, request: Rematch) -> Done:
        """Match once more those who look for a mentor. What HR says of pairs holds whoever looks, and when."""
        evidence = request.model_dump(include={"pin", "forbid", "lift"})
        self._context.decide(
            DecisionKind.MATCHING, "asked for again", by=request.actor, reason=request.reason, evidence=evidence
        )
        set_pairs(self._state, request.pin, request.forbid, request.lift)
        number = len(self._state.participants_in(*NEEDING_MENTOR))
        if not number:
            return self._context.done("nobody looks for a mentor now; it holds for whoever does later")
        self._matching.again()
        return self._context.done(
            f"{number} who look for a mentor are matched again; the proposal comes as a task, or a letter says why not"
        )

    # Pauses

    def check_pause(self, request: PauseCohort) -> None:
        """Refuse what is paused already."""
        self._check(request)
        if self._context.clock.paused:
            raise Refused(f"cohort {self._context.name} is paused already")

    def pause(self, request: PauseCohort) -> Done:
        """All that is due stands still, here and in the placements that run."""
        for earlier in self._state.pauses:
            earlier.cases, earlier.refused = [], {}
        self._state.pauses.append(CohortPause(first=self._context.today(), by=request.actor))
        self._context.clock.pause()
        self._dates.suspend()
        self._context.decide(DecisionKind.PAUSE, "paused", by=request.actor, reason=request.reason)
        self._context.changed()
        return self._context.done("paused; its placements are asked to pause too, and its view says which can't yet")

    async def remind_of_pauses(self) -> None:
        """HR is reminded of a pause for as long as it lasts."""
        while True:
            await workflow.wait_condition(lambda: self._context.clock.paused)
            await remind_while_paused(self._context, partial(self._over, len(self._state.pauses)), None)

    def _over(self, pauses: int) -> bool:
        return not self._context.clock.paused or len(self._state.pauses) != pauses

    def check_resume(self, request: ResumeCohort) -> None:
        """Refuse what is not paused."""
        self._check(request)
        if not self._context.clock.paused:
            raise Refused(f"cohort {self._context.name} is not paused")

    def resume(self, request: ResumeCohort) -> Done:
        """The cohort goes on, and with it the placements that it has paused."""
        pause = self._state.pauses[-1]
        pause.back_on, pause.back_by = max(pause.first, self._context.today()), request.actor
        self._context.asking.postpone(self._context.clock.resume())
        self._state.dates_stale = True
        self._context.decide(DecisionKind.PAUSE, "over", by=request.actor)
        self._context.changed()
        return self._context.done(
            f"goes on after {(pause.back_on - pause.first).days} days, and its placements with it"
        )

    # The end

    def check_withdraw(self, request: Withdraw) -> None:
        """Refuse to close what has ended."""
        self._check(request)

    def withdraw(self, request: Withdraw) -> Done:
        """Close the cohort; its placements go on by themselves."""
        self._context.end_early(request.reason, by=request.actor)
        return self._context.done("closed; its placements go on by themselves and find their mentors alone")
