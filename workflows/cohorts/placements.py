"""The placements of a cohort: started, followed, paused and resumed with it. None of them fails the cohort."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import datetime
from functools import partial
from typing import Any

from temporalio import workflow

from domain.case import DAY
from domain.cohort import CohortPause, ParticipantState, Standing
from domain.cohort_calls import AskedPlacement, PlacementsToAsk, PlacementsToFind, PlacementsToStart, ProposalsToTell
from domain.cohort_matching import Pair
from domain.model import CaseId
from domain.participation import AT_ONCE, Enlisting, MentorProposed, News, ParticipantNews
from workflows import acts
from workflows.cohorts.desk import LOOKING, CohortDesk

NOT_STARTED = "placements that could not be started"
BROKE_OFF = "launch"
GONE = "gone"


def _at(moment: datetime) -> datetime:
    return moment


class Placements:
    """The placements of those who take part."""

    def __init__(self, desk: CohortDesk) -> None:
        self._desk = desk
        self._state = desk.state
        self._under_way: list[asyncio.Task[None]] = []

    # Starting

    async def start_as_enlisted(self) -> None:
        """Start the placement of everybody who is enlisted, many at a time, for as long as somebody may be."""
        while True:
            await workflow.wait_condition(lambda: bool(self._state.those(Standing.ENLISTED)))
            first, *others = self._state.those(Standing.ENLISTED)
            same = [one for one in others if one.enlisted_by == first.enlisted_by]
            await self._to_its_end(self._start([first, *same][:AT_ONCE]))

    async def _to_its_end(self, call: Coroutine[Any, Any, None]) -> None:
        """What is asked of the placements is never broken off: who closes the cohort has to know what came of it."""
        with self._desk.at_work():
            asking = asyncio.create_task(call)
            self._under_way = [*(one for one in self._under_way if not one.done()), asking]
            await asyncio.shield(asking)

    async def settled(self) -> None:
        """Wait for what is just being asked of the placements."""
        for asking in self._under_way:
            await asking

    async def _start(self, participants: list[ParticipantState]) -> None:
        state = self._state
        roles = sorted({one.who.role for one in participants})
        results = await acts.start_placements(
            PlacementsToStart(
                cohort=self._desk.name,
                policy=state.policy,
                starts_on=state.first_day().date(),
                weeks=state.weeks,
                started_by=participants[0].enlisted_by,
                seconds_per_day=state.clock.seconds_per_day,
                enlisting=Enlisting(
                    participants=[one.who for one in participants], roles={role: state.roles[role] for role in roles}
                ),
            )
        )
        for result in results:
            one = state.participants[result.case]
            if result.refused is not None:
                one.standing, one.why = Standing.NOT_STARTED, result.refused
            elif one.standing is Standing.ENLISTED:  # else it has told already how it goes
                one.standing = Standing.STARTED
        self._say_who_could_not_start()
        self._desk.changed()

    def _say_who_could_not_start(self) -> None:
        missing = self._state.those(Standing.NOT_STARTED)
        cases = "; ".join(f"{one.who.case}: {one.why}" for one in missing[:10])
        text = f"{len(missing)} {NOT_STARTED}, to be put right and launched again: {cases}"
        if not missing:
            self._desk.clear_risk(NOT_STARTED)
        elif self._state.at_risk.get(NOT_STARTED) != text:
            self._state.at_risk.pop(NOT_STARTED, None)
            self._desk.put_at_risk(NOT_STARTED, text)

    # Following

    def take_in(self, news: ParticipantNews) -> None:
        """A placement tells how it goes."""
        one = self._state.participants.get(news.case)
        if one is None:
            workflow.logger.warning("news of %s, who does not take part", news.case)
            return
        if one.standing is Standing.OVER:
            return
        match news.news:
            case News.MENTOR_WANTED:
                self._seeks(one, news)
            case News.MENTOR_FOUND:
                one.standing, one.mentor, one.why = Standing.MATCHED, news.mentor, None
                self._pause_late(one)
            case News.OUTCOME:
                one.outcome = news.outcome
                if one.standing is not Standing.MATCHED:  # nobody is to be found for them any more
                    one.standing, one.mentor = Standing.OVER, None
            case News.ENDED:
                one.standing, one.outcome = Standing.OVER, news.outcome
        self._desk.changed()

    def _seeks(self, one: ParticipantState, news: ParticipantNews) -> None:
        """They look for a mentor; a pin on somebody who was asked in vain has had its chance."""
        one.standing, one.mentor, one.asked, one.why = Standing.SEEKING, None, news.asked, news.why
        tried = [Pair(returner=one.who.returner, mentor=mentor) for mentor in news.asked]
        self._state.pins = [pin for pin in self._state.pins if pin not in tried]

    async def somebody_takes_part(self) -> None:
        """Wait for the first who is enlisted."""
        await workflow.wait_condition(lambda: bool(self._state.participants))

    async def have_come_out(self) -> None:
        """Wait until it is known how each placement came out."""
        await workflow.wait_condition(lambda: self._all(lambda one: one.outcome is not None))

    async def are_through(self) -> None:
        """Wait until all placements have ended, and nobody is being enlisted."""
        await workflow.wait_condition(lambda: self._all(lambda one: one.standing is Standing.OVER))

    def _all(self, done: Callable[[ParticipantState], bool]) -> bool:
        placed = [one for one in self._state.participants.values() if one.standing is not Standing.NOT_STARTED]
        return bool(placed) and all(done(one) for one in placed) and not self._state.more_follow

    # Pauses

    async def stand_still_together(self) -> None:
        """Let the placements pause and go on with the cohort, in the order in which that was asked."""
        while True:
            await workflow.wait_condition(lambda: self._to_tell() is not None)
            pause = self._to_tell()
            assert pause is not None
            await self._to_its_end(self._tell(pause))

    def _to_tell(self) -> CohortPause | None:
        for pause in self._state.pauses:
            if not pause.told or pause.late or (pause.back_on is not None and not pause.told_to_go_on):
                return pause
        return None

    async def _tell(self, pause: CohortPause) -> None:
        if not pause.told:
            await self._pause(pause, [one.who.case for one in self._desk.active()])
            pause.told = True
        elif pause.late:
            late, pause.late = pause.late, []
            await self._pause(pause, late)
        else:
            await self._go_on(pause)
        self._desk.changed()

    async def _pause(self, pause: CohortPause, cases: list[CaseId]) -> None:
        for reply in await self._ask(pause, cases, pausing=True):
            if reply.refused:
                pause.refused[reply.case] = reply.says
            else:
                pause.refused.pop(reply.case, None)
                pause.cases.append(reply.case)

    def _pause_late(self, one: ParticipantState) -> None:
        """Whoever finds a mentor during a pause can be paused from then on."""
        if self._desk.clock.paused and one.who.case not in self._state.pauses[-1].cases:
            self._state.pauses[-1].late.append(one.who.case)

    async def go_on_after_a_pause(self) -> None:
        """The cohort is closed: the placements that it has paused go on."""
        if self._desk.clock.paused and self._state.pauses[-1].told:
            self._state.pauses[-1].back_on = self._desk.today()
            await self._go_on(self._state.pauses[-1])

    async def _go_on(self, pause: CohortPause) -> None:
        """Those that were paused go on; the others, which have no calendar yet, hear that the first day has moved."""
        cases = [case for case in pause.cases if self._state.participants[case].standing is not Standing.OVER]
        for reply in await self._ask(pause, cases, pausing=False):
            if reply.refused:
                pause.refused[reply.case] = reply.says
        moved = [one.who for one in self._desk.active() if one.who.starts_on is None and one.who.case not in cases]
        first_day = MentorProposed(n=0, starts_on=self._state.first_day().date())
        await self.tell({who.case: first_day for who in moved})
        pause.told_to_go_on = True

    async def _ask(self, pause: CohortPause, cases: list[CaseId], *, pausing: bool) -> list[AskedPlacement]:
        key = f"{'pause' if pausing else 'go-on'}-{self._state.pauses.index(pause) + 1}"
        replies: list[AskedPlacement] = []
        for first in range(0, len(cases), AT_ONCE):
            replies += await acts.ask_placements(
                PlacementsToAsk(
                    cohort=self._desk.name,
                    key=key,
                    cases=cases[first : first + AT_ONCE],
                    pause=pausing,
                    actor=self._state.led_by,
                )
            )
        return replies

    # Those who go their own way

    async def tell(self, proposals: dict[CaseId, MentorProposed]) -> None:
        """Tell placements something; those that are gone take part no longer."""
        if proposals:
            self._gone(await acts.tell_proposals(ProposalsToTell(cohort=self._desk.name, proposals=proposals)))

    async def let_go(self, cases: list[CaseId]) -> None:
        """These look for their mentors alone from now on."""
        for case in cases:
            if self._state.participants[case].standing in LOOKING:
                self._state.participants[case].standing = Standing.STARTED
        await self.tell(dict.fromkeys(cases, MentorProposed(n=0, alone=True)))

    def not_started(self, why: str) -> list[CaseId]:
        """Whoever was enlisted and is not to be started any more."""
        enlisted = self._state.those(Standing.ENLISTED)
        for one in enlisted:
            one.standing, one.why = Standing.NOT_STARTED, why
        return [one.who.case for one in enlisted]

    async def look_after(self) -> None:
        """Once in a while, see whether placements are there of which an operator may have ended the workflow."""
        while True:
            await self._desk.clock.wait(self._state.policy.pause.remind_every_days, "are all placements still there?")
            cases = [one.who.case for one in self._desk.active()]
            if cases:
                await self._to_its_end(self._look_for(cases))

    async def _look_for(self, cases: list[CaseId]) -> None:
        self._gone(await acts.gone_placements(PlacementsToFind(cases=cases)))

    def _gone(self, cases: list[CaseId]) -> None:
        """The workflow of these was ended: the cohort must not wait for them, and HR hears of it."""
        gone = [self._state.participants[case] for case in cases if case in self._state.participants]
        gone = [one for one in gone if one.standing is not Standing.OVER]
        for one in gone:
            one.standing, one.mentor = Standing.OVER, None
            one.outcome, one.why = one.outcome or GONE, "its workflow was ended in Temporal"
        if gone:
            self._state.at_risk.pop(GONE, None)
            self._desk.put_at_risk(GONE, "ended in Temporal by an operator: " + ", ".join(one.who.case for one in gone))
            self._desk.changed()

    async def more_follow_lapses(self) -> None:
        """A launch that broke off is not waited for longer than a day."""
        while True:
            await workflow.wait_condition(lambda: self._state.more_follow)
            until = self._desk.now() + DAY
            broke_off = await self._desk.clock.until(
                partial(_at, until), "the rest of a launch", unless=lambda: not self._state.more_follow
            )
            if broke_off:
                self._state.more_follow = False
                self._desk.put_at_risk(BROKE_OFF, "a launch broke off: launch the same file again")
