"""The cohort's own dates: kick-off, mid-point, showcase. Whoever takes part is invited, and their mentors."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.cohort.calls import CohortPlanRequest
from domain.cohort.letters import CohortInvitation, CohortUninvited, DateDoesNotSuit
from domain.cohort.participant_state import ParticipantStatus
from domain.cohort.state import CohortDate, DateState
from domain.cohort.unsuited import named
from domain.core.letters import HolidaysLack
from domain.core.model import Party, PersonId
from workflows.case import invitations
from workflows.case.invitations import Entry, later
from workflows.cohort import activity_calls
from workflows.cohort.context import CohortContext


class Dates:
    """The dates that all who take part share."""

    def __init__(self, context: CohortContext) -> None:
        self._context = context
        self._state = context.state

    async def keep(self) -> None:
        """Plan the dates, invite to each as its time comes, and keep the invitations true."""
        if self._state.ends_on is None:
            await self._plan()
        while True:
            self._open_and_close()
            await self._context.clock.until(self._next, "the next date of the cohort", unless=self._something_to_say)
            if self._state.dates_stale:
                await self._plan()
            if not self._context.clock.paused:
                for date in self._state.dates:
                    if date.state is DateState.INVITED:
                        self._invite(date)

    async def _plan(self) -> None:
        state = self._state
        state.dates_stale = False
        with self._context.awaiting_result():
            plan = await activity_calls.plan_cohort(
                CohortPlanRequest(
                    cohort=self._context.name,
                    starts_on=state.starts_on,
                    weeks=state.weeks,
                    pauses=state.pauses,
                    country=state.country,
                    time_zone=state.time_zone,
                    rules=state.policy.cohort,
                    last_day=state.policy.length.last_day,
                    working_week=state.policy.working_week,
                )
            )
        if plan.holidays_lack and state.ends_on is None:
            self._context.report.letters(HolidaysLack(lack=plan.holidays_lack), to=[Party.HR])
        before = {date.key: date for date in state.dates}
        state.dates = [self._moved(before.get(date.key), date) for date in plan.dates]
        state.ends_on, state.midnights, state.days_off = plan.ends_on, plan.midnights, plan.days_off
        self._context.changed()

    def _moved(self, before: CohortDate | None, planned: CohortDate) -> CohortDate:
        """A date as it is planned now; whoever was invited to another time is invited anew."""
        if before is None:
            return planned
        if before.state is DateState.OVER or before.starts == planned.starts:
            return before
        for person in before.invited:
            self._write(CohortInvitation, planned, person, later(before.sequence), moved=True)
        return planned.model_copy(
            update={"state": before.state, "sequence": later(before.sequence), "invited": before.invited}
        )

    # When

    def _invites_from(self, date: CohortDate) -> datetime:
        return date.starts - timedelta(days=self._state.policy.cohort.invite_days_before)

    def _next(self) -> datetime | None:
        """The next moment at which somebody is to be invited, or a date is over; none where all are."""
        coming = [self._invites_from(date) for date in self._state.dates if date.state is DateState.TO_COME]
        held = [date.ends for date in self._state.dates if date.state is DateState.INVITED]
        return min([*coming, *held], default=None)

    def _open_and_close(self) -> None:
        if self._context.clock.paused:
            return
        now = self._context.now()
        for date in self._state.dates:
            if date.state is DateState.TO_COME and self._invites_from(date) <= now:
                date.state = DateState.INVITED
                self._say_whom_it_does_not_suit(date)
            if date.state is DateState.INVITED and date.ends <= now:
                date.state = DateState.OVER

    def _say_whom_it_does_not_suit(self, date: CohortDate) -> None:
        if people := self._state.does_not_suit(date):
            letter = DateDoesNotSuit(title=date.title, starts=date.starts, who=named(people))
            self._context.report.letters(letter, to=[Party.HR])

    # Who

    def _invitees(self) -> list[PersonId]:
        active = self._context.active()
        matched = [participant for participant in active if participant.status is ParticipantStatus.MATCHED]
        mentors = [participant.mentor for participant in matched if participant.mentor is not None]
        return list(
            dict.fromkeys([self._state.led_by, *(participant.who.returner for participant in active), *mentors])
        )

    def _something_to_say(self) -> bool:
        if self._state.dates_stale or self._context.clock.paused:
            return self._state.dates_stale
        open_to = [date for date in self._state.dates if date.state is DateState.INVITED]
        invitees = set(self._invitees()) if open_to else set()
        return any(set(date.invited) != invitees for date in open_to)

    def _invite(self, date: CohortDate) -> None:
        """Invite whoever is not invited yet; whoever does not take part any more hears that too."""
        invitees = self._invitees()
        for person in invitees:
            if person not in date.invited:
                self._write(CohortInvitation, date, person, date.sequence)
        self._uninvite(date, [person for person in date.invited if person not in invitees])
        date.invited = invitees

    def _write(
        self,
        letter: type[CohortInvitation] | type[CohortUninvited],
        date: CohortDate,
        to: PersonId,
        sequence: int,
        *,
        moved: bool = False,
    ) -> None:
        """Everybody has their own invitation: who else takes part is nobody's business but HR's."""
        led_by = self._state.led_by if to != self._state.led_by else None
        entry = Entry(
            key=date.key,
            starts=date.starts,
            ends=date.ends,
            summary=f"{date.title} of the cohort {self._state.title}{', with {led_by}' if led_by else ''}",
            place=date.place,
            attendees=[to],
        )
        facts = letter(
            led_by=led_by,
            title=date.title,
            cohort_title=self._state.title,
            starts=date.starts,
            place=date.place,
            moved=moved,
        )
        invitations.send(self._context, facts, entry, sequence, to=to)

    def suspend(self) -> None:
        """The cohort stands still: what people are invited to is called off until there is another date for it."""
        for date in self._state.dates:
            if date.state is DateState.INVITED:
                self._call_off(date)

    def call_off(self) -> None:
        """The cohort is over: whoever is invited to something that is still to come hears that it is not held."""
        for date in self._state.dates:
            if date.state is DateState.INVITED and date.ends > self._context.now():
                self._call_off(date)
                date.state = DateState.OVER

    def _call_off(self, date: CohortDate) -> None:
        self._uninvite(date, date.invited)
        date.invited = []

    def _uninvite(self, date: CohortDate, people: list[PersonId]) -> None:
        """A later invitation of the same people has to come after this, so it gets a higher number."""
        for person in people:
            self._write(CohortUninvited, date, person, later(date.sequence))
        if people:
            date.sequence = later(later(date.sequence))
