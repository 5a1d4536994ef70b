"""Small workflows that put one class of ours to the test, on the real server."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from temporalio import workflow

from domain.capacity.reserving import CapacityStart, Release, Reserve, Reserved
from domain.core.case_rows import StageRow
from domain.core.clock import ClockState
from domain.core.delivery import Sent
from domain.core.holdings import PlaceOffered, ReservationStatus
from domain.core.journal import Row
from domain.core.outboxes import Journal, Post
from domain.core.post import Letter
from domain.core.tasks import Refused
from workflows.capacity import activity_calls
from workflows.case.clock import ProgrammeClock
from workflows.case.outbox import DeliveryLoop, Outbox
from workflows.case.updates import failure_of


@workflow.defn
class ClockProbe:
    """Waits until a moment that is so many programme days away, and says what the clock showed then."""

    @workflow.init
    def __init__(self, days: float, seconds_per_day: float) -> None:
        self.state = ClockState(began=workflow.now(), began_really=workflow.now(), seconds_per_day=seconds_per_day)
        self.clock = ProgrammeClock(self.state)
        self.moment = self.state.began + timedelta(days=days)
        self.called_off = False

    @workflow.run
    async def run(self, days: float, seconds_per_day: float) -> tuple[bool, float]:
        came = await self.clock.until(lambda: self.moment, "the moment", unless=lambda: self.called_off)
        await workflow.wait_condition(workflow.all_handlers_finished)
        return came, (self.clock.now() - self.state.began) / timedelta(days=1)

    @workflow.update
    async def pause(self) -> None:
        self.clock.pause()

    @workflow.update
    async def resume(self) -> float:
        """The days that the clock stood still."""
        stood_still = self.clock.resume()
        self.moment += stood_still
        return stood_still / timedelta(days=1)

    @workflow.update
    async def move(self, days: float) -> None:
        self.moment += timedelta(days=days)

    @workflow.update
    async def call_off(self) -> None:
        self.called_off = True


@workflow.defn
class EndingEarlyProbe:
    """Waits, as a case does, until somebody ends it early; what waits by the clock is then cancelled."""

    @workflow.init
    def __init__(self) -> None:
        now = workflow.now()
        self.clock = ProgrammeClock(ClockState(began=now, began_really=now, seconds_per_day=86_400))
        self.moment = now + timedelta(days=1)
        self.ending_early = False

    @workflow.run
    async def run(self) -> bool:
        """Whether the cancelled wait ended by that."""
        flow = asyncio.create_task(self.clock.until(lambda: self.moment, "the moment"))
        await workflow.wait_condition(lambda: self.ending_early)
        flow.cancel()
        await workflow.wait_condition(flow.done)
        return flow.cancelled()

    @workflow.update
    async def pause_and_end_early(self) -> None:
        """Both in one step, as two updates are that wait for a worker together."""
        self.clock.pause()
        self.ending_early = True


@workflow.defn
class DeliveryProbe:
    """Puts numbered entries into both outboxes and ends when all have been handed over."""

    @workflow.run
    async def run(self, entries: int) -> list[int]:
        journal_state, post_state = Journal(), Post()
        journal: Outbox[Row] = Outbox(journal_state)
        post: Outbox[Letter] = Outbox(post_state)
        delivery = DeliveryLoop(
            journal, post, self._deliver, self._send, lambda _letter, _refused: None, lambda _person: None
        )
        rounds = asyncio.create_task(delivery.deliver_forever())
        for n in range(1, entries + 1):
            journal.put(StageRow(n=n, at=workflow.now(), stage="probe"))
            post.put(Letter(key=str(n), at=workflow.now(), template="probe", to=f"P-READER{n % 3}"))
            if n % 7 == 0:
                await workflow.sleep(timedelta(milliseconds=5), summary="now and then")
        await workflow.wait_condition(lambda: delivery.empty)
        rounds.cancel()
        return [journal_state.count, post_state.count]

    async def _deliver(self, rows: list[Row], letters: list[Letter]) -> Sent:
        sent: Sent = await workflow.execute_activity(
            "deliver_probe",
            args=[[row.n for row in rows if isinstance(row, StageRow)], [letter.key for letter in letters]],
            result_type=Sent,
            start_to_close_timeout=timedelta(seconds=60),
        )
        return sent

    async def _send(self, letters: list[Letter], insist: bool) -> Sent:
        sent: Sent = await workflow.execute_activity(
            "send_probe",
            args=[[letter.key for letter in letters], insist],
            result_type=Sent,
            start_to_close_timeout=timedelta(seconds=60),
        )
        return sent


@workflow.defn
class SeekerProbe:
    """Wants a place: queues up, takes what it is told of unless it is to let that pass, and gives it back when asked.

    Its result is what it was offered.
    """

    @workflow.init
    def __init__(self, start: CapacityStart, request: Reserve, takes: bool) -> None:
        self.statuses: list[str] = []
        self.offers: list[PlaceOffered] = []
        self.enough = False

    @workflow.run
    async def run(self, start: CapacityStart, request: Reserve, takes: bool) -> list[PlaceOffered]:
        request = request.model_copy(update={"signal_to": workflow.info().workflow_id, "wait": True})
        status = await self._reserve(start, request)
        if status is ReservationStatus.WAITING:
            await workflow.wait_condition(lambda: bool(self.offers))
            if takes:
                await self._reserve(start, request)
        await workflow.wait_condition(lambda: self.enough)
        released = await activity_calls.release(start.id, Release(actor=request.actor, holder=request.holder))
        assert isinstance(released, Reserved)
        self.statuses.append(released.status)
        return self.offers

    async def _reserve(self, start: CapacityStart, request: Reserve) -> ReservationStatus:
        reserved = await activity_calls.reserve(start, request)
        assert isinstance(reserved, Reserved)
        self.statuses.append(reserved.status)
        return reserved.status

    @workflow.signal
    def place_offered(self, offer: PlaceOffered) -> None:
        self.offers.append(offer)

    @workflow.signal
    def has_enough(self) -> None:
        self.enough = True

    @workflow.query
    def went(self) -> list[str]:
        return self.statuses


@workflow.defn(name="RefusingProbe")
class RefusingProbe:
    """In the place of a capacity: it refuses whatever is asked of it."""

    def __init__(self) -> None:
        self._over = False

    @workflow.run
    async def run(self) -> None:
        """Wait until nobody is to be refused any more."""
        await workflow.wait_condition(lambda: self._over)

    @workflow.update
    def reserve(self, request: Reserve) -> Reserved:
        """Refuse."""
        raise failure_of(Refused(f"nothing of it for {request.holder}", "invalid"))

    @workflow.signal
    def end(self) -> None:
        """Refuse nobody any more."""
        self._over = True
