"""Workshops: a seat in one of their sessions, or a place on its waiting list; then attendance."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial

from domain.capacity.reserving import CapacityStart, NotReserved
from domain.core.clock import DAY
from domain.core.holdings import ReservationStatus
from domain.core.local_days import local_day_of
from domain.core.model import Party, instant_text
from domain.learning.catalogue import Training, WorkshopSession
from domain.learning.enrolment import Enrolment, EnrolmentState, seats_in, title_of_seats
from domain.learning.forms import ATTENDANCE, SEAT_OFFER, Attendance, Attended, SeatReply
from domain.learning.letters import SeatLapsed, SeatWaiting, WorkshopOnDayOff
from workflows.capacity.reservations import said
from workflows.case.answers import Answered, AnswerInTime
from workflows.learning.context import PathContext
from workflows.learning.hours import SpentHours
from workflows.learning.reservations import PathReservations
from workflows.learning.workshop_invitations import WorkshopInvitations

TAKEN = "all seats were taken"
NOT_THEIR_DAY = "it is on a day on which you do not work any more; you have a seat in another session"
ENOUGH = {Attended.PARTIAL: (Attended.PARTIAL, Attended.FULL), Attended.FULL: (Attended.FULL,)}


class Workshops:
    """The workshops of a path."""

    def __init__(
        self,
        context: PathContext,
        reservations: PathReservations,
        hours: SpentHours,
        invitations: WorkshopInvitations,
    ) -> None:
        self._context = context
        self._state = context.state
        self._reservations = reservations
        self._hours = hours
        self._invitations = invitations

    async def attend(self, enrolment: Enrolment) -> str | None:
        """Attend a session of a workshop; why it was not passed, or none. A pause that takes the seat is no attempt."""
        while True:
            why_none: list[str] = []
            session = await self._find_seat(enrolment, why_none)
            for candidate in enrolment.training.sessions:  # there is a seat, or none is wanted any more
                self._reservations.needs_no_more(self._holder(enrolment, candidate))
            if session is None:
                return "; ".join(why_none) or "none of its sessions is still to come"
            enrolment.sessions_over.append(session.id)
            attended = await self._until_it_is_over(enrolment, session)
            if attended is not None:
                return await self._attendance(enrolment, attended)
            await self._context.clock.until_resumed()

    # The seat

    async def _find_seat(self, enrolment: Enrolment, why_none: list[str]) -> WorkshopSession | None:
        """The first session to come with a free seat; where none has one, a place on the waiting lists, in turn.

        ``why_none`` gets a sentence for each session in which there was no seat.
        """
        to_come = self.to_come(enrolment)
        for session in to_come:
            if await self._take(enrolment, session, wait=False) is ReservationStatus.HELD:
                return self._booked(enrolment, session)
        for session in to_come:
            why = None
            if session.starts > self._context.now():
                why = await self._wait_for_seat(enrolment, session)
                if why is None:
                    return self._booked(enrolment, session)
            why_none.append(f"{instant_text(session.starts)}: {why or TAKEN}")
        return None

    def to_come(self, enrolment: Enrolment) -> list[WorkshopSession]:
        """The sessions in which a seat may still be looked for, the soonest first; after all others, those on days on
        which the learner does not work."""
        now, over = self._context.now(), enrolment.sessions_over
        sessions = [
            session for session in enrolment.training.sessions if session.starts > now and session.id not in over
        ]
        return sorted(sessions, key=lambda session: (not self._works_on(session), session.starts, session.id))

    def _works_on(self, session: WorkshopSession) -> bool:
        """Whether the learner works on the day of a session."""
        return self._state.working_time.works_on(local_day_of(session.starts, self._state.midnights))

    async def _wait_for_seat(self, enrolment: Enrolment, session: WorkshopSession) -> str | None:
        """Wait until a seat is offered, and taken by the learner; why there is none when the session begins.

        Who does not answer an offer in time is on the waiting list again, behind all others. Only a no is a no.
        """
        reserved = await self._queue_up(enrolment, session)
        if isinstance(reserved, NotReserved):
            return said(reserved)
        if reserved is not ReservationStatus.HELD:
            self._context.settle(enrolment, EnrolmentState.WAITING_FOR_SEAT, enrolment.reason)
            self._say_waits(enrolment.training, session)
        why = TAKEN
        while reserved is not ReservationStatus.HELD and await self._is_offered(enrolment, session):
            reply = await self._offer(enrolment, session)
            if isinstance(reply, Answered) and not reply.form.take:
                enrolment.sessions_over.append(session.id)
                why = "the learner declined the seat that was offered"
                break
            if session.starts <= self._context.now():
                why = "the seat that was offered was not taken before it began"
                break
            if not isinstance(reply, Answered):
                await self._give_back(enrolment, session)  # to the next in line, and to the end of it
            reserved = await self._queue_up(enrolment, session)
            if isinstance(reserved, NotReserved):
                return said(reserved)
            booked = reserved is ReservationStatus.HELD
            if not isinstance(reply, Answered) or not booked:
                letter = SeatLapsed(
                    learner=self._state.learner, title=enrolment.training.title, starts=session.starts, booked=booked
                )
                self._context.report.letters(letter, to=[Party.LEARNER, Party.HR])
        if reserved is ReservationStatus.HELD:
            return None
        await self._give_back(enrolment, session)
        return why

    async def _queue_up(self, enrolment: Enrolment, session: WorkshopSession) -> ReservationStatus | NotReserved:
        """A seat, or a place in the line. What is refused is tried again each day, until the session begins."""
        reason = enrolment.reason
        while True:
            reserved = await self._take(enrolment, session, wait=True)
            tomorrow = self._context.now() + DAY
            if not isinstance(reserved, NotReserved):  # whatever was refused before is put right
                self._reservations.needs_no_more(self._holder(enrolment, session))
                enrolment.reason = reason
                return reserved
            if session.starts <= self._context.now():
                return reserved
            self._context.settle(enrolment, EnrolmentState.WAITING_FOR_SEAT, said(reserved))
            await self._context.clock.until(
                partial(min, tomorrow, session.starts), f"another try at {reserved.capacity}", even_paused=True
            )

    async def _is_offered(self, enrolment: Enrolment, session: WorkshopSession) -> bool:
        """Wait for an offer of a seat; false when the session begins first."""
        holder = self._holder(enrolment, session)
        return not await self._context.clock.until(
            lambda: session.starts,
            f"a seat in {enrolment.training.id} {session.id}",
            unless=lambda: self._reservations.is_offered(holder),
            even_paused=True,
        )

    async def _offer(self, enrolment: Enrolment, session: WorkshopSession) -> AnswerInTime[SeatReply]:
        return await self._context.ask(
            SEAT_OFFER,
            f"a seat in {enrolment.training.title} on {instant_text(session.starts)}",
            of=Party.LEARNER,
            facts={
                "training": enrolment.training.id,
                "session": session.id,
                "starts": session.starts.isoformat(),
                "ends": session.ends.isoformat(),
            },
        )

    def _say_waits(self, training: Training, session: WorkshopSession) -> None:
        letter = SeatWaiting(title=training.title, trainer=training.trainer, place=session.place, starts=session.starts)
        self._context.report.letter(letter, to=self._state.learner)

    def _booked(self, enrolment: Enrolment, session: WorkshopSession) -> WorkshopSession:
        enrolment.session = session.id
        self._context.settle(enrolment, EnrolmentState.UNDER_WAY, enrolment.reason)
        self._invitations.write(enrolment, session)
        return session

    async def _take(
        self, enrolment: Enrolment, session: WorkshopSession, *, wait: bool
    ) -> ReservationStatus | NotReserved:
        training = enrolment.training
        owners = [self._state.parties[party] for party in (Party.HR, Party.HR_LEAD)]
        start = CapacityStart(
            id=seats_in(training.id, session.id),
            title=title_of_seats(training, session),
            unit="places",
            size=Decimal(session.seats),
            owners=[*owners, *([training.trainer] if training.trainer else [])],
        )
        holder = self._holder(enrolment, session)
        return await self._reservations.take_seat(start, holder, wait=wait, before=session.starts)

    async def _give_back(self, enrolment: Enrolment, session: WorkshopSession) -> None:
        await self._reservations.give_back(self._holder(enrolment, session))

    def _holder(self, enrolment: Enrolment, session: WorkshopSession) -> str:
        return self._reservations.holder(f"seat-{enrolment.n}-{session.id.lower()}")

    # The session

    async def _until_it_is_over(self, enrolment: Enrolment, session: WorkshopSession) -> WorkshopSession | None:
        """Wait for the end of the session, or of one for which its seat was exchanged; which one it was.

        None when a pause has given the seat to somebody else.
        """
        days, training = timedelta(days=self._state.policy.training.give_back_seat_days), enrolment.training.id
        other = await self._exchanged(enrolment, session, session.starts - days, f"before {training}")
        if other is None and self._context.clock.paused:
            await self._give_back(enrolment, session)
            self._invitations.write(enrolment, session, off_because="the path is paused; a later session is looked for")
            enrolment.session = None
            return None
        other = other or await self._exchanged(enrolment, session, session.starts, f"{training} begins")
        if other is not None:
            return await self._until_it_is_over(enrolment, other)
        self._context.begin(enrolment)
        await self._context.clock.until(lambda: session.ends, f"{training} ends", even_paused=True)
        return session

    async def _exchanged(
        self, enrolment: Enrolment, session: WorkshopSession, up_to: datetime, summary: str
    ) -> WorkshopSession | None:
        """Wait up to a moment; the session in which there is a seat instead, where the learner's days have changed.

        What was booked on a day off stays so: it was the last resort, or it was agreed on.
        """
        works = self._works_on(session)

        def changed() -> bool:
            return self._works_on(session) != works

        while not await self._context.clock.until(lambda: up_to, summary, unless=changed, even_paused=True):
            works, begun = not works, session.starts <= self._context.now()
            other = None if works or begun else await self._other_day(enrolment, session)
            if other is not None:
                return other
        return None

    async def _other_day(self, enrolment: Enrolment, session: WorkshopSession) -> WorkshopSession | None:
        """Exchange the seat for one on a day on which the learner works, in time for the decision of a placement.

        Where there is none, the seat is kept, and learner and HR hear of it: nobody loses a seat that they may still
        want to take.
        """
        for other in self.to_come(enrolment):
            if not self._is_better(other, session):
                continue
            there = await self._take(enrolment, other, wait=False)
            self._reservations.needs_no_more(self._holder(enrolment, other))
            if there is ReservationStatus.HELD and not self._is_better(other, session):  # the days changed meanwhile
                await self._give_back(enrolment, other)
            elif there is ReservationStatus.HELD:
                await self._give_back(enrolment, session)
                self._invitations.write(enrolment, session, off_because=NOT_THEIR_DAY)
                enrolment.sessions_over = [*(over for over in enrolment.sessions_over if over != session.id), other.id]
                return self._booked(enrolment, other)
        if self._works_on(session) or session.starts <= self._context.now():
            return None
        letter = WorkshopOnDayOff(learner=self._state.learner, title=enrolment.training.title, starts=session.starts)
        self._context.report.letters(letter, to=[Party.LEARNER, Party.HR])
        return None

    def _is_better(self, other: WorkshopSession, session: WorkshopSession) -> bool:
        """Whether a seat in another session is worth the one in this: by the days and the time of this moment."""
        until, now = self._context.learning_time().until, self._context.now()
        to_come = now < min(session.starts, other.starts)
        suits = self._works_on(other) and not self._works_on(session)
        return to_come and suits and (until is None or other.ends <= until)

    async def _attendance(self, enrolment: Enrolment, session: WorkshopSession) -> str | None:
        answer = await self._context.ask_until_answered(
            ATTENDANCE,
            f"attendance: {enrolment.training.title}",
            of=Party.TRAINER,
            person=self._context.judge(enrolment.training.trainer),
            facts={"session": session.starts.isoformat()},
            not_by=[self._state.learner],
            check=self._hours.check_attended(session),
            ref=str(enrolment.n),
        )
        self._hours.attended(enrolment, session, answer.form)
        return self.why_not_enough(answer.form.attended)

    def attendance_anew(self, enrolment: Enrolment, starts: str, said: Attendance) -> str | None:
        """What was said of the session that began then was put right; why it is not enough to pass, or none."""
        for session in enrolment.training.sessions:
            if session.starts.isoformat() == starts:
                self._hours.attended(enrolment, session, said)
        return self.why_not_enough(said.attended)

    def why_not_enough(self, attended: Attended) -> str | None:
        """Why so much is not enough to pass, or none."""
        if attended in ENOUGH[self._state.policy.training.attendance_needed]:
            return None
        return "it was attended only in part" if attended is Attended.PARTIAL else "it was not attended"
