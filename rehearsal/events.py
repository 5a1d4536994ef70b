"""What happens to the people of a rehearsal, and what HR does about those who find no mentor."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from domain.cohort.participant_state import ParticipantStatus as InCohort
from domain.cohort.participants import Participant
from domain.core.case import Done, Withdraw
from domain.core.model import CaseId
from domain.core.updates import Update
from domain.placement.requests import LeaveType, PausePlacement, ReassignMentor, ResumePlacement
from domain.placement.stages import Stage
from rehearsal.clocks import DAY
from rehearsal.context import COHORT_CASE, RehearsalContext
from rehearsal.drawn import Event
from simulated.sending import view_of

STILL_HOPING = (InCohort.PROPOSED, InCohort.ASKED, InCohort.ENLISTED, InCohort.MATCHED)


class Events:
    """What happens to people while they do their tasks."""

    def __init__(self, context: RehearsalContext) -> None:
        self._context = context
        self._asking_the_cohort = asyncio.Lock()
        self._heard: dict[CaseId, dict[str, Any]] = {}
        self._heard_at = datetime.min.replace(tzinfo=UTC)

    # What happens to people

    async def happens(self, who: Participant, event: Event) -> None:
        """Somebody who takes part withdraws, or is ill for a while."""
        await self._context.clocks.until(who.case, self._first_day(who) + event.after)
        if event.what == "withdraws":
            withdraw = Withdraw(actor=who.returner, reason="withdraws")
            if await self._context.send(who.case, Update.WITHDRAW, withdraw, Done):
                self._context.log.events.append(event)
            return
        hr = self._context.hr_of(who.case)
        if not await self._context.send(
            who.case, Update.PAUSE, PausePlacement(actor=hr, leave_type=LeaveType.SICK), Done
        ):
            return
        self._context.log.events.append(event)
        self._context.away[who.case] = asyncio.Event()
        await self._context.clocks.wait(event.days)
        await self._context.send(who.case, Update.RESUME, ResumePlacement(actor=hr), Done)
        self._context.away.pop(who.case).set()

    async def mentor_leaves(self, event: Event) -> None:
        """A mentor leaves the company, and with it all their placements."""
        await self._context.clocks.until(COHORT_CASE, _morning(self._context.inputs.starts_on) + event.after)
        self._context.gone.add(event.who)
        self._context.log.events.append(event)
        for case, placement in (await self._context.records_view.cases()).items():
            if placement.mentor == event.who and placement.outcome is None:
                hr = self._context.hr_of(case)
                await self._context.send(
                    case, Update.REASSIGN_MENTOR, ReassignMentor(actor=hr, reason="the mentor leaves the company"), Done
                )

    # HR

    async def give_up(self, who: Participant) -> None:
        """HR tells whoever has no mentor when it is time that there is none."""
        days = self._context.habits.office.gives_up_days_after_start
        await self._context.clocks.until(who.case, self._first_day(who) + timedelta(days=days))
        while True:
            placement = (await self._context.records_view.cases()).get(who.case)
            if placement is not None and placement.stage not in (Stage.INTAKE, Stage.MATCHING):
                return
            why = await self._why_unmatched(who.case)
            if why is not None:
                hr = self._context.hr_of(who.case)
                if await self._context.send(
                    who.case, Update.WITHDRAW, Withdraw(actor=hr, reason="no mentor was found"), Done
                ):
                    self._context.log.unmatched[who.case] = why
                return
            await self._context.clocks.wait(1)

    async def _why_unmatched(self, case: CaseId) -> str | None:
        """Why a case has no mentor; none while somebody is just being asked, or it is not known."""
        participant = (await self._participants()).get(case)
        if participant is None or participant["status"] in STILL_HOPING:
            return None
        in_vain = f"asked in vain: {', '.join(participant['asked'])}" if participant["asked"] else ""
        why = participant["why"] if participant["status"] == InCohort.UNMATCHED else None
        return "; ".join(filter(None, [in_vain, why])) or "nobody could be asked in time"

    async def _participants(self) -> dict[CaseId, dict[str, Any]]:
        """How it stands with everybody, as the cohort has said within the last day: all want to know it at once."""
        async with self._asking_the_cohort:
            if self._context.clocks.now(COHORT_CASE) - self._heard_at > DAY:
                view = await view_of(self._context.client, COHORT_CASE)
                self._heard = view["participants"] if view else {}
                self._heard_at = self._context.clocks.now(COHORT_CASE)
            return self._heard

    def _first_day(self, who: Participant) -> datetime:
        return _morning(who.starts_on or self._context.inputs.starts_on)


def _morning(day: date) -> datetime:
    return datetime.combine(day, time(9), tzinfo=UTC)
