"""The placements of a cohort: started, followed, paused and resumed with it. None of them fails the cohort."""

from __future__ import annotations

from collections.abc import Callable

from temporalio import workflow

from domain.cohort import CohortPause, ParticipantState, Standing
from domain.cohort_calls import PlacementsToAsk, PlacementsToStart
from domain.cohort_matching import Pair
from domain.participation import AT_ONCE, Enlisting, News, ParticipantNews
from workflows import acts
from workflows.cohorts.desk import CohortDesk

NOT_STARTED = "placements that could not be started"


class Placements:
    """The placements of those who take part."""

    def __init__(self, desk: CohortDesk) -> None:
        self._desk = desk
        self._state = desk.state

    # Starting

    async def start_as_enlisted(self) -> None:
        """Start the placement of everybody who is enlisted, many at a time, for as long as somebody may be."""
        while True:
            await workflow.wait_condition(lambda: bool(self._state.those(Standing.ENLISTED)))
            with self._desk.at_work():
                await self._start(self._state.those(Standing.ENLISTED)[:AT_ONCE])

    async def _start(self, participants: list[ParticipantState]) -> None:
        state = self._state
        roles = sorted({one.who.role for one in participants})
        results = await acts.start_placements(
            PlacementsToStart(
                cohort=self._desk.name,
                policy=state.policy,
                starts_on=state.starts_on,
                weeks=state.weeks,
                started_by=state.led_by,
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
        if missing:
            cases = ", ".join(f"{one.who.case}: {one.why}" for one in missing[:10])
            self._desk.put_at_risk(NOT_STARTED, f"{len(missing)} {NOT_STARTED}: {cases}")
        else:
            self._desk.clear_risk(NOT_STARTED)

    # Following

    def take_in(self, news: ParticipantNews) -> None:
        """A placement tells how it goes."""
        one = self._state.participants.get(news.case)
        if one is None or one.standing is Standing.OVER:
            workflow.logger.warning("news of %s, who does not take part any more", news.case)
            return
        match news.news:
            case News.MENTOR_WANTED:
                self._seeks(one, news)
            case News.MENTOR_FOUND:
                one.standing, one.mentor, one.why = Standing.MATCHED, news.mentor, None
            case News.OUTCOME:
                one.outcome = news.outcome
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
            with self._desk.at_work():
                await (self._pause(pause) if not pause.told else self._go_on(pause))
            self._desk.changed()

    def _to_tell(self) -> CohortPause | None:
        for pause in self._state.pauses:
            if not pause.told or (pause.back_on is not None and not pause.told_to_go_on):
                return pause
        return None

    async def _pause(self, pause: CohortPause) -> None:
        replies = await acts.ask_placements(self._call(pause, [one.who.case for one in self._desk.active()]))
        pause.cases = [one.case for one in replies if not one.refused]
        pause.refused = {one.case: one.says for one in replies if one.refused}
        pause.told = True

    async def _go_on(self, pause: CohortPause) -> None:
        cases = [case for case in pause.cases if self._state.participants[case].standing is not Standing.OVER]
        replies = await acts.ask_placements(self._call(pause, cases))
        pause.refused |= {one.case: one.says for one in replies if one.refused}
        pause.told_to_go_on = True

    def _call(self, pause: CohortPause, cases: list[str]) -> PlacementsToAsk:
        n = self._state.pauses.index(pause) + 1
        what = "go-on" if pause.told else "pause"
        return PlacementsToAsk(
            cohort=self._desk.name, key=f"{what}-{n}", cases=cases, pause=not pause.told, actor=self._state.led_by
        )
