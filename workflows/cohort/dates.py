"""The cohort's own dates: kick-off, mid-point, showcase. Whoever takes part is invited, and their mentors."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.cohort.calls import CohortPlanRequest
from domain.cohort.letters import CohortInvitation, CohortUninvited
from domain.cohort.state import CohortDate, DateState, ParticipantStatus
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

    async def hold(self) -> None:
        """Plan the dates, invite to each as its time comes, and keep the invitations true."""
        if self._state.ends_on is None:
            await self._plan()
        while True:
            self._open_and_close()
            await self._context.clock.until(self._next, "the next date of the cohort", unless=self._something_to_say)
            if self._state.dates_stale:
                await self._plan()
            if not self._context.clock.paused:
                for one in self._state.dates:
                    if one.state is DateState.INVITED:
                        self._invite(one)

    async def _plan(self) -> None:
        state = self._state
        state.dates_stale = False
        with self._context.at_work():
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
                )
            )
        if plan.holidays_lack and state.ends_on is None:
            self._context.report.letters(HolidaysLack(lack=plan.holidays_lack), to=[Party.HR])
        before = {one.key: one for one in state.dates}
        state.dates = [self._moved(before.get(one.key), one) for one in plan.dates]
        state.ends_on, state.midnights = plan.ends_on, plan.midnights
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

    def _invites_from(self, one: CohortDate) -> datetime:
        return one.starts - timedelta(days=self._state.policy.cohort.invite_days_before)

    def _next(self) -> datetime | None:
        """The next moment at which somebody is to be invited, or a date is over; none where all are."""
        coming = [self._invites_from(one) for one in self._state.dates if one.state is DateState.TO_COME]
        held = [one.ends for one in self._state.dates if one.state is DateState.INVITED]
        return min([*coming, *held], default=None)

    def _open_and_close(self) -> None:
        if self._context.clock.paused:
            return
        now = self._context.now()
        for one in self._state.dates:
            if one.state is DateState.TO_COME and self._invites_from(one) <= now:
                one.state = DateState.INVITED
            if one.state is DateState.INVITED and one.ends <= now:
                one.state = DateState.OVER

    # Who

    def _wanted(self) -> list[PersonId]:
        active = self._context.active()
        mentors = [one.mentor for one in active if one.mentor is not None and one.standing is ParticipantStatus.MATCHED]
        return list(dict.fromkeys([self._state.led_by, *(one.who.returner for one in active), *mentors]))

    def _something_to_say(self) -> bool:
        if self._state.dates_stale or self._context.clock.paused:
            return self._state.dates_stale
        open_to = [one for one in self._state.dates if one.state is DateState.INVITED]
        wanted = set(self._wanted()) if open_to else set()
        return any(set(one.invited) != wanted for one in open_to)

    def _invite(self, one: CohortDate) -> None:
        """Invite whoever is not invited yet; whoever does not take part any more hears that too."""
        wanted = self._wanted()
        for person in wanted:
            if person not in one.invited:
                self._write(CohortInvitation, one, person, one.sequence)
        self._uninvite(one, [person for person in one.invited if person not in wanted])
        one.invited = wanted

    def _write(
        self,
        letter: type[CohortInvitation] | type[CohortUninvited],
        one: CohortDate,
        to: PersonId,
        sequence: int,
        *,
        moved: bool = False,
    ) -> None:
        """Everybody has their own invitation: who else takes part is nobody's business but HR's."""
        led_by = self._state.led_by if to != self._state.led_by else None
        entry = Entry(
            key=one.key,
            starts=one.starts,
            ends=one.ends,
            summary=f"{one.title} of the cohort {self._state.title}{', with {led_by}' if led_by else ''}",
            place=one.place,
            attendees=[to],
        )
        says = letter(
            led_by=led_by,
            title=one.title,
            cohort_title=self._state.title,
            starts=one.starts,
            place=one.place,
            moved=moved,
        )
        invitations.send(self._context, says, entry, sequence, to=to)

    def suspend(self) -> None:
        """The cohort stands still: what people are invited to is called off until there is another date for it."""
        for one in self._state.dates:
            if one.state is DateState.INVITED:
                self._call_off(one)

    def call_off(self) -> None:
        """The cohort is over: whoever is invited to something that is still to come hears that it is not held."""
        for one in self._state.dates:
            if one.state is DateState.INVITED and one.ends > self._context.now():
                self._call_off(one)
                one.state = DateState.OVER

    def _call_off(self, one: CohortDate) -> None:
        self._uninvite(one, one.invited)
        one.invited = []

    def _uninvite(self, one: CohortDate, people: list[PersonId]) -> None:
        """A later invitation of the same people has to come after this, so it gets a higher number."""
        for person in people:
            self._write(CohortUninvited, one, person, later(one.sequence))
        if people:
            one.sequence = later(later(one.sequence))
