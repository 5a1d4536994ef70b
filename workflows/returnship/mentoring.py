"""Mentoring: finding the mentor, and the sessions with their invitations and notes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from domain.journal import MentorshipRow
from domain.matching import Match, MatchResult
from domain.mentorship import Mentorship, MentorshipState, Session, SessionState
from domain.model import Party, PersonId
from domain.placement_forms import MENTOR_NOMINATION, MENTOR_REQUEST, SESSION_NOTE
from domain.post import Invitation
from domain.questions import TaskKind
from workflows.answers import Answered, CalledOff, Expired
from workflows.returnship.desk import PlacementDesk
from workflows.returnship.in_cohort import InCohort
from workflows.returnship.mentor_search import MentorSearch
from workflows.returnship.reservations import PlacementReservations

CHANGES = "the mentor changes"


class Mentoring:
    """The mentor of a placement, and their sessions."""

    def __init__(self, desk: PlacementDesk, reservations: PlacementReservations, cohort: InCohort) -> None:
        self._desk = desk
        self._state = desk.state
        self._reservations = reservations
        self._cohort = cohort
        self.search = MentorSearch(desk)

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
            if (proposed := await self._cohort.proposal(unless=lambda: self.search.naming is not None)) is not None:
                match, pinned = proposed
                return MatchResult(match=match, passed_over=[]), pinned
            nominee = self._cohort.nominee()
        if nominee is None and (wanted := self._state.pinned) is not None:
            result = await self.search.search(wanted)
            if result.match is not None:
                return result, True
            self._can_not_keep(wanted, result)
        return await self.search.search(nominee), nominee is not None

    def _can_not_keep(self, pinned: PersonId, result: MatchResult) -> None:
        """HR hears once why the mentor it wants can't be one. A newer word of HR's is tried again."""
        assert self._state.ruling is not None
        self._state.pin_not_kept = self._state.ruling.n
        why = "; ".join(one.why for one in result.passed_over)
        self._desk.report.letters("pin_not_kept", [Party.HR], pinned=pinned, why=why)
        self._desk.report.decision("mentor", f"{pinned} can't be the mentor HR wants", by=None, reason=why)

    def _asked(self, match: Match, *, named: bool) -> Mentorship:
        mentorship = Mentorship(
            n=len(self._state.mentorships) + 1,
            mentor=match.mentor,
            score=match.score,
            reasons=match.reasons,
            named=named,
            since=self._desk.now(),
        )
        self._state.mentorships.append(mentorship)
        self.search.found()
        self._record(mentorship)
        self._cohort.asked(mentorship.mentor)
        return mentorship

    async def _accepts(self, mentorship: Mentorship) -> bool:
        reply = await self._desk.ask(
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
            self._finish(mentorship, MentorshipState.ENDED, "the request was called off")
            return False
        if not reply.form.yes:
            self._finish(mentorship, MentorshipState.REFUSED, reply.form.reason)
            return False
        if (why := await self.search.can_not_be(mentorship)) is not None:
            self._finish(mentorship, MentorshipState.REFUSED, why)
            self._desk.report.letter(
                "not_mentor_after_all", mentorship.mentor, people={"returner": self._state.returner}, why=why
            )
            return False
        if (why := await self._reservations.take_place_of(mentorship)) is not None:
            self._finish(mentorship, MentorshipState.NO_PLACE, why)
            self._desk.report.letter("no_place", mentorship.mentor, people={"returner": self._state.returner})
            return False
        self._begin(mentorship)
        return True

    async def _ask_hr(self, result: MatchResult) -> PersonId | None:
        """Whom HR names; none where the cohort has proposed somebody meanwhile."""
        passed_over = [f"{one.mentor}: {one.why}" for one in result.passed_over]
        self._desk.report.letters("no_mentor", [Party.HR], why="; ".join(passed_over) or "no mentor in the records")
        reply = await self._desk.ask(
            MENTOR_NOMINATION,
            "name a mentor",
            of=Party.HR,
            facts={"passed_over": passed_over},
            not_by=[self._state.returner],
            check=lambda nomination: self.search.check_nominee(nomination.mentor),
        )
        return reply.form.mentor if isinstance(reply, Answered) else None

    def _begin(self, mentorship: Mentorship) -> None:
        mentorship.state, mentorship.since = MentorshipState.HELD, self._desk.now()
        self._state.parties[Party.MENTOR] = mentorship.mentor
        self._record(mentorship)
        self._desk.report.decision(
            "mentor",
            mentorship.mentor,
            by=mentorship.mentor,
            evidence={"score": mentorship.score, "reasons": mentorship.reasons},
        )
        self._desk.report.letter(
            "mentor_matched",
            mentorship.mentor,
            people={"returner": self._state.returner},
            reasons=mentorship.reasons,
        )
        self._desk.asking.hand_over(Party.MENTOR, mentorship.mentor, but=[TaskKind.MENTOR_REVIEW])
        self._desk.clear_risk("mentor")
        if not self._cohort.proposes:
            self._cohort.found()
        self._desk.changed()

    def _finish(self, mentorship: Mentorship, state: MentorshipState, why: str | None) -> None:
        mentorship.state, mentorship.until, mentorship.why = state, self._desk.now(), why
        self._record(mentorship)

    def _record(self, mentorship: Mentorship) -> None:
        self._desk.report.row(
            MentorshipRow(
                n=mentorship.n,
                at=self._desk.now(),
                mentor=mentorship.mentor,
                state=mentorship.state.value,
                reason=mentorship.why,
                score=mentorship.score,
                reasons=mentorship.reasons,
            )
        )

    # A mentor leaves

    def reassign(self, nominee: PersonId | None) -> None:
        """The mentor leaves: sessions are called off, reviews wait with HR, another mentor is looked for.

        The reason may be private; it is on record, and not in what people are told.
        """
        self._call_off_sessions(CHANGES)
        self._desk.asking.hand_over(Party.MENTOR, self._state.parties[Party.HR])
        self._free(CHANGES)
        self._cohort.left()
        self._desk.put_at_risk("mentor", "the mentor has left and another is looked for")
        self._desk.aside(self._replace(nominee))

    async def _replace(self, nominee: PersonId | None) -> None:
        await self.find(nominee)
        new = self._state.parties[Party.MENTOR]
        self._desk.report.letters("mentor_changed", [Party.RETURNER, Party.MANAGER], people={"mentor": new})
        self.invite()

    async def end(self, reason: str) -> None:
        """No more mentoring: sessions called off, the mentor (or whoever is just being asked) freed."""
        result = await self.search.under_way()
        if result is not None and result.match is not None:
            self._asked(result.match, named=False)
        self._call_off_sessions(reason)
        for session in self._state.sessions:
            if session.state is SessionState.TAKING_PLACE:
                session.state, session.note = SessionState.NOT_HELD, "no note was given"
        self._free(reason)

    def _free(self, reason: str) -> None:
        for mentorship in self._state.mentorships:
            if mentorship.state in (MentorshipState.ASKED, MentorshipState.HELD):
                if mentorship.state is MentorshipState.HELD:
                    self._desk.report.letter(
                        "mentor_freed", mentorship.mentor, people={"returner": self._state.returner}, why=reason
                    )
                self._finish(mentorship, MentorshipState.ENDED, reason)
                self._reservations.free_place_of(mentorship)
        if self._state.parties.pop(Party.MENTOR, None) is not None:
            self._desk.changed()

    # The sessions

    async def sessions(self) -> None:
        """Hold the sessions of the calendar, each followed by a short note."""
        self.invite()
        while self._next() or self._desk.now() < self._desk.plan.ends_at:
            await self._desk.clock.until(self._next_ends, "next mentoring session")
            session = self._next()
            if session and session.ends <= self._desk.now():
                self._took_place(session)

    def _next(self) -> Session | None:
        return next((one for one in self._state.sessions if one.state is SessionState.PLANNED), None)

    def _next_ends(self) -> datetime:
        session = self._next()
        return session.ends if session else self._desk.plan.ends_at

    def _took_place(self, session: Session) -> None:
        if session.mentor is None:
            session.state = SessionState.NOT_HELD
            session.note = "there was no mentor"
            return
        if not session.invited:
            session.state = SessionState.CALLED_OFF
            return
        session.state = SessionState.TAKING_PLACE
        self._desk.aside(self._note(session))

    async def _note(self, session: Session) -> None:
        answer = await self._desk.ask(
            SESSION_NOTE,
            f"note on mentoring session {session.n}",
            of=Party.MENTOR,
            person=session.mentor,
            not_by=[self._state.returner],
        )
        if not isinstance(answer, Answered):
            session.state = SessionState.NOT_HELD
            return
        session.state = SessionState.HELD if answer.form.held else SessionState.NOT_HELD
        session.minutes, session.note = answer.form.minutes, answer.form.note

    def invite(self) -> None:
        """Bring the sessions into line with the calendar: invite to new ones, move those that have moved.

        During a leave nobody is invited; this is called again at its end.
        """
        if self._desk.clock.paused:
            return
        planned = {one.n: one for one in self._desk.plan.sessions}
        known = {one.n for one in self._state.sessions}
        for n in sorted(set(planned) - known):
            self._state.sessions.append(Session(n=n, starts=planned[n].starts, ends=planned[n].ends))
        for session in self._state.sessions:
            if session.state is not SessionState.PLANNED:
                continue
            if session.n not in planned:
                self._call_off(session, "the placement ends before it")
                session.state = SessionState.CALLED_OFF
                continue
            there = planned[session.n]
            moved = (session.starts, session.ends) != (there.starts, there.ends)
            session.starts, session.ends = there.starts, there.ends
            if self._state.mentor and (moved or not session.invited) and session.ends > self._desk.now():
                self._send_invitation(session, self._state.mentor)

    def suspend(self) -> None:
        """Call the coming sessions off for the time of a leave; :meth:`invite` calls them again."""
        for session in self._state.sessions:
            if session.state is SessionState.PLANNED:
                self._call_off(session, "the placement is paused")

    def _call_off_sessions(self, reason: str) -> None:
        for session in self._state.sessions:
            if session.state is SessionState.PLANNED:
                self._call_off(session, reason)
                session.mentor = None

    def _send_invitation(self, session: Session, mentor: PersonId) -> None:
        moved = session.invited
        session.mentor, session.invited = mentor, True
        self._write(session, "REQUEST", starts=session.starts, moved=moved)

    def _call_off(self, session: Session, why: str) -> None:
        if session.invited:
            session.invited = False
            self._write(session, "CANCEL", starts=session.starts, why=why)

    def _write(self, session: Session, method: Literal["REQUEST", "CANCEL"], **facts: Any) -> None:
        attendees = [self._state.returner, *([session.mentor] if session.mentor else [])]
        session.sequence = 0 if session.sequence is None else session.sequence + 1
        of = max([session.n, *(one.n for one in self._desk.plan.sessions)])
        invitation = Invitation(
            method=method,
            uid=f"{self._state.case}-session-{session.n}@waymark",
            sequence=session.sequence,
            starts=session.starts,
            ends=session.ends,
            summary=f"Mentoring{' with {other}' if session.mentor else ''}, session {session.n} of {of}",
            attendees=attendees,
        )
        template = "session_invitation" if method == "REQUEST" else "session_cancelled"
        told = {"n": session.n, "of": of, **facts}
        for person in attendees:
            other = next((one for one in attendees if one != person), None)
            people = {"other": other} if other else {}
            self._desk.report.letter(template, person, people=people, invitation=invitation, **told)
