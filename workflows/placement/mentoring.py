"""Mentoring: finding the mentor, and replacing one."""

from __future__ import annotations

from domain.core.decisions import DecisionKind
from domain.core.model import Party, PersonId
from domain.core.placement_rows import MentorshipRow
from domain.core.questions import TaskKind
from domain.core.risks import Risk
from domain.placement.forms import MENTOR_NOMINATION, MENTOR_REQUEST
from domain.placement.matching import Match, MatchResult
from domain.placement.mentor_letters import (
    MentorChanged,
    MentorFreed,
    MentorMatched,
    NoMentor,
    NoPlace,
    NotMentorAfterAll,
    PinNotKept,
)
from domain.placement.mentorship import Mentorship, MentorshipState
from workflows.case.answers import Answered, CalledOff, Expired
from workflows.placement.cohort_link import CohortLink
from workflows.placement.context import PlacementContext
from workflows.placement.mentor_search import MentorSearch
from workflows.placement.reservations import PlacementReservations
from workflows.placement.sessions import Sessions

CHANGES = "the mentor changes"


class Mentoring:
    """The mentor of a placement, and their sessions."""

    def __init__(self, context: PlacementContext, reservations: PlacementReservations, cohort: CohortLink) -> None:
        self._context = context
        self._state = context.state
        self._reservations = reservations
        self._cohort = cohort
        self.search = MentorSearch(context)
        self.sessions = Sessions(context)

    # The mentor

    async def find(self, nominee: PersonId | None = None) -> None:
        """Ask whom the cohort proposes, or the best free mentor, then the next; where nobody is left, HR names one."""
        while True:
            result, named = await self._choose(nominee)
            if result.match is None:
                nominee = await self._ask_hr(result)
            elif await self._accepts(self._asked(result.match, named=named)):
                return
            else:
                nominee = None

    async def _choose(self, nominee: PersonId | None) -> tuple[MatchResult, bool]:
        """Whom to ask, and whether HR has named them."""
        if nominee is None and self._cohort.proposes:
            if (proposed := await self._cohort.proposal(unless=lambda: self.search.nominee is not None)) is not None:
                match, named = proposed
                return MatchResult(match=match, passed_over=[]), named
            nominee = self._cohort.take_nominee()
        while nominee is None and (ruling := self._state.ruling) and (pinned := self._state.pin_to_try) is not None:
            result = await self.search.search(pinned)
            if result.match is not None:
                return result, True
            self._record_pin_not_kept(ruling.n, pinned, result)
        return await self.search.search(nominee), nominee is not None

    def _record_pin_not_kept(self, ruling: int, pinned: PersonId, result: MatchResult) -> None:
        """HR is told once why the mentor it has pinned can't be one; a pin of a later ruling is tried again."""
        self._state.pin_not_kept = ruling
        why = "; ".join(mentor.why for mentor in result.passed_over)
        self._context.report.letters(PinNotKept(pinned=pinned, why=why), to=[Party.HR])
        self._context.report.decision(
            DecisionKind.MENTOR, f"{pinned} can't be the mentor HR wants", by=None, reason=why
        )

    def _asked(self, match: Match, *, named: bool) -> Mentorship:
        mentorship = Mentorship(
            n=len(self._state.mentorships) + 1,
            mentor=match.mentor,
            score=match.score,
            reasons=match.reasons,
            named=named,
            since=self._context.now(),
        )
        self._state.mentorships.append(mentorship)
        self.search.finish()
        self._record(mentorship)
        self._cohort.signal_mentor_asked(mentorship.mentor)
        return mentorship

    async def _accepts(self, mentorship: Mentorship) -> bool:
        reply = await self._context.ask(
            MENTOR_REQUEST,
            "mentor a returner",
            of=Party.MENTOR,
            person=mentorship.mentor,
            facts={"score": mentorship.score, "reasons": mentorship.reasons},
        )
        if isinstance(reply, Expired):
            self._finish(mentorship, MentorshipState.EXPIRED, None)
            return False
        if isinstance(reply, CalledOff):
            self._finish(mentorship, MentorshipState.CALLED_OFF, "the request was called off")
            return False
        if not reply.form.yes:
            self._finish(mentorship, MentorshipState.REFUSED, reply.form.reason)
            return False
        if (why := await self.search.reason_against(mentorship)) is not None:
            self._finish(mentorship, MentorshipState.REFUSED, why)
            letter = NotMentorAfterAll(returner=self._state.returner, why=why)
            self._context.report.letter(letter, to=mentorship.mentor)
            return False
        if (why := await self._reservations.take_place_of(mentorship)) is not None:
            self._finish(mentorship, MentorshipState.NO_PLACE, why)
            self._context.report.letter(NoPlace(returner=self._state.returner), to=mentorship.mentor)
            return False
        self._begin(mentorship)
        return True

    async def _ask_hr(self, result: MatchResult) -> PersonId | None:
        """Whom HR names; none where the cohort has proposed somebody meanwhile."""
        passed_over = result.why_nobody()
        letter = NoMentor(why="; ".join(passed_over) or "no mentor in the records")
        self._context.report.letters(letter, to=[Party.HR])
        reply = await self._context.ask(
            MENTOR_NOMINATION,
            "name a mentor",
            of=Party.HR,
            facts={"passed_over": passed_over},
            not_by=[self._state.returner],
            check=lambda nomination: self.search.check_nominee(nomination.mentor),
        )
        return reply.form.mentor if isinstance(reply, Answered) else None

    def _begin(self, mentorship: Mentorship) -> None:
        mentorship.state, mentorship.since = MentorshipState.HELD, self._context.now()
        self._state.parties[Party.MENTOR] = mentorship.mentor
        self._record(mentorship)
        self._context.report.decision(
            DecisionKind.MENTOR,
            mentorship.mentor,
            by=mentorship.mentor,
            evidence={"score": mentorship.score, "reasons": mentorship.reasons},
        )
        letter = MentorMatched(returner=self._state.returner, reasons=mentorship.reasons)
        self._context.report.letter(letter, to=mentorship.mentor)
        self._context.asking.hand_over(Party.MENTOR, mentorship.mentor, except_for=[TaskKind.MENTOR_REVIEW])
        self._context.clear_risk(Risk.MENTOR)
        if not self._cohort.proposes:
            self._cohort.signal_mentor_found()
        self._context.changed()

    def _finish(self, mentorship: Mentorship, state: MentorshipState, why: str | None) -> None:
        mentorship.state, mentorship.until, mentorship.why = state, self._context.now(), why
        self._record(mentorship)

    def _record(self, mentorship: Mentorship) -> None:
        self._context.report.row(
            MentorshipRow(
                n=mentorship.n,
                at=self._context.now(),
                mentor=mentorship.mentor,
                state=mentorship.state.value,
                reason=mentorship.why,
                score=mentorship.score,
                reasons=mentorship.reasons,
            )
        )

    # Another mentor

    def reassign(self, nominee: PersonId | None) -> None:
        """Replace the mentor: sessions are called off, reviews wait with HR, another mentor is looked for.

        The reason may be private; it is on record, and not in what people are told.
        """
        self.let_go()
        self._cohort.signal_mentor_left()
        self._context.put_at_risk(Risk.MENTOR, "the mentor has left and another is looked for")
        self._context.spawn(self._replace(nominee))

    def let_go(self) -> None:
        """The mentor is none any more: sessions are called off, reviews wait with HR."""
        self.sessions.call_off(CHANGES)
        self._context.asking.call_off(CHANGES, kinds=[TaskKind.MENTOR_WISH])
        self._context.asking.hand_over(Party.MENTOR, self._state.parties[Party.HR])
        self._free(CHANGES)

    async def _replace(self, nominee: PersonId | None) -> None:
        await self.find(nominee)
        new = self._state.parties[Party.MENTOR]
        self._context.report.letters(MentorChanged(mentor=new), to=[Party.RETURNER, Party.MANAGER])
        before = self._context.plan
        plan = await self._context.plan_calendar()  # sessions are on days on which the new one works, too
        self._state.plan = plan
        self._context.tell_what_sessions_lack(before)
        if plan.mentor_patterns:
            self._cohort.signal_patterns()
        self.sessions.invite()

    async def end(self, reason: str) -> None:
        """No more mentoring: sessions called off, the mentor (or whoever is just being asked) freed."""
        result = await self.search.pending_result()
        if result is not None and result.match is not None:
            self._asked(result.match, named=False)
        self.sessions.end(reason)
        self._free(reason)

    def _free(self, reason: str) -> None:
        for mentorship in self._state.mentorships:
            if mentorship.state is MentorshipState.ASKED:
                self._finish(mentorship, MentorshipState.CALLED_OFF, reason)
                self._reservations.free_place_of(mentorship)
            elif mentorship.state is MentorshipState.HELD:
                letter = MentorFreed(returner=self._state.returner, why=reason)
                self._context.report.letter(letter, to=mentorship.mentor)
                self._finish(mentorship, MentorshipState.ENDED, reason)
                self._reservations.free_place_of(mentorship)
        if self._state.parties.pop(Party.MENTOR, None) is not None:
            self._context.changed()
