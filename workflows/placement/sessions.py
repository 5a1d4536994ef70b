"""The mentoring sessions: invited to, moved with the calendar, called off, and each followed by a note."""

from __future__ import annotations

from datetime import datetime

from domain.core.model import Party, PersonId
from domain.core.placement_rows import MissedSessionRow
from domain.placement.forms import SESSION_NOTE, SessionNote
from domain.placement.mentor_letters import SessionCancelled, SessionInvitation
from domain.placement.mentorship import Session, SessionState
from domain.placement.stages import BEFORE_THE_FIRST_DAY
from workflows.case import invitations
from workflows.case.answers import Answered
from workflows.case.invitations import Entry, later
from workflows.placement.context import PlacementContext


class Sessions:
    """The sessions of a placement with its mentor."""

    def __init__(self, context: PlacementContext) -> None:
        self._context = context
        self._state = context.state

    async def hold(self) -> None:
        """Hold the sessions of the calendar, each followed by a short note."""
        self.invite()
        while self._next() or self._context.now() < self._context.plan.ends_at:
            await self._context.clock.until(self._next_ends, "next mentoring session")
            session = self._next()
            if session and session.ends <= self._context.now():
                self._took_place(session)

    def _next(self) -> Session | None:
        return next((session for session in self._state.sessions if session.state is SessionState.PLANNED), None)

    def _next_ends(self) -> datetime:
        session = self._next()
        return session.ends if session else self._context.plan.ends_at

    def _took_place(self, session: Session) -> None:
        if session.mentor is None:
            session.note = "nobody was invited in time" if self._state.mentor else "there was no mentor"
            self._missed(session, SessionState.NOT_HELD)
            return
        if not session.invited:
            self._missed(session, SessionState.CALLED_OFF)
            return
        session.state = SessionState.TAKING_PLACE
        self._context.spawn(self._note(session))

    def _missed(self, session: Session, state: SessionState) -> None:
        """It never took place, and that is on record."""
        session.state = state
        self._context.report.row(MissedSessionRow(n=session.n, at=self._context.now(), starts=session.starts))

    async def _note(self, session: Session) -> None:
        answer = await self._context.ask(
            SESSION_NOTE,
            f"note on mentoring session {session.n}",
            of=Party.MENTOR,
            person=session.mentor,
            not_by=[self._state.returner],
            ref=str(session.n),
        )
        if not isinstance(answer, Answered):
            session.state = SessionState.NOT_HELD
            return
        self.note(session, answer.form)

    def note(self, session: Session, note: SessionNote) -> None:
        """What is said of a session; said anew, the last counts."""
        session.state = SessionState.HELD if note.held else SessionState.NOT_HELD
        session.minutes, session.note = note.minutes, note.note

    def invite(self) -> None:
        """Bring the sessions into line with the calendar: invite to new ones, move those that have moved.

        Nobody is invited before the first day, when the returner reads no mail at work yet, nor during a leave; this is
        called again then, and at its end.
        """
        if self._state.stage in BEFORE_THE_FIRST_DAY or self._context.clock.paused:
            return
        planned = {session.n: session for session in self._context.plan.sessions}
        known = {session.n for session in self._state.sessions}
        for n in sorted(set(planned) - known):
            self._state.sessions.append(Session(n=n, starts=planned[n].starts, ends=planned[n].ends))
        for session in self._state.sessions:
            if session.state is not SessionState.PLANNED:
                continue
            if session.n not in planned:
                self._call_off(session, "the placement ends before it")
                self._missed(session, SessionState.CALLED_OFF)
                continue
            times = (planned[session.n].starts, planned[session.n].ends)
            if times[1] <= self._context.now() < session.ends:  # on another mentor's days it would have been earlier
                times = (session.starts, session.ends)
            moved = (session.starts, session.ends) != times
            session.starts, session.ends = times
            if self._state.mentor and (moved or not session.invited) and session.ends > self._context.now():
                self._send_invitation(session, self._state.mentor)

    def suspend(self) -> None:
        """Call the coming sessions off for the time of a leave; :meth:`invite` calls them again."""
        for session in self._state.sessions:
            if session.state is SessionState.PLANNED:
                self._call_off(session, "the placement is paused")

    def call_off(self, reason: str) -> None:
        """Call the coming sessions off; whoever is the mentor next is invited anew."""
        for session in self._state.sessions:
            if session.state is SessionState.PLANNED:
                self._call_off(session, reason)
                session.mentor = None

    def end(self, reason: str) -> None:
        """There are no more sessions; of one that took place no note will come."""
        self.call_off(reason)
        for session in self._state.sessions:
            if session.state is SessionState.PLANNED:
                self._missed(session, SessionState.CALLED_OFF)
            elif session.state is SessionState.TAKING_PLACE:
                session.state, session.note = SessionState.NOT_HELD, "no note was given"

    def _send_invitation(self, session: Session, mentor: PersonId) -> None:
        moved = session.invited
        session.mentor, session.invited = mentor, True
        self._write(session, moved=moved)

    def _call_off(self, session: Session, why: str) -> None:
        if session.invited:
            session.invited = False
            self._write(session, off_because=why)

    def _write(self, session: Session, *, moved: bool = False, off_because: str | None = None) -> None:
        """Invite both, or move what they are invited to; or call it off, where it says why."""
        attendees = [self._state.returner, *([session.mentor] if session.mentor else [])]
        session.sequence = later(session.sequence)
        of = max([session.n, *(planned.n for planned in self._context.plan.sessions)])
        entry = Entry(
            key=f"session-{session.n}",
            starts=session.starts,
            ends=session.ends,
            summary=f"Mentoring{' with {other}' if session.mentor else ''}, session {session.n} of {of}",
            attendees=attendees,
        )
        for person in attendees:
            other = next((attendee for attendee in attendees if attendee != person), None)
            letter = (
                SessionInvitation(other=other, n=session.n, of=of, starts=session.starts, moved=moved)
                if off_because is None
                else SessionCancelled(other=other, n=session.n, of=of, starts=session.starts, why=off_because)
            )
            invitations.send(self._context, letter, entry, session.sequence, to=person)
