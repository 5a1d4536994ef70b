"""Scarce things on the real server: however many come at once, each is answered, in order, and nobody is forgotten."""

from __future__ import annotations

import asyncio
import dataclasses
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.client import (
    Client,
    WorkflowHandle,
    WorkflowHistory,
    WorkflowUpdateFailedError,
)
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment
from temporalio.worker import Worker

from activities.capacity.reserving import CapacityActivities
from activities.registry import activities_for
from domain.capacity.reserving import (
    CapacityStart,
    Release,
    ReleaseCall,
    Reserve,
    ReserveCall,
    Reserved,
    Resize,
    Resized,
)
from domain.core.holdings import PlaceOffered, ReservationStatus
from domain.core.naming import capacity_workflow_id
from records.queries.capacity import capacities
from tests.office import PATIENCE_SECONDS, Office, open_office, refusal
from tests.replaying import replayer
from tests.workflows.case.probes import SeekerProbe
from workflows.capacity.workflow import Capacity

OWNER, LEARNER = "P-OWNER", "P-LEARN1"


@dataclass
class Seats:
    """The seats of one workshop, and those who want one; they ask by way of several workers in turn."""

    office: Office
    seekers_queue: str
    workers: list[CapacityActivities]
    start: CapacityStart = field(init=False)

    @property
    def client(self) -> Client:
        return self.office.client

    @property
    def handle(self) -> WorkflowHandle[Capacity, None]:
        return self.client.get_workflow_handle_for(Capacity.run, capacity_workflow_id(self.start.id))

    def open(self, seats: int, *, updates_a_run: int = 1000, kind: str = "seats", unit: str = "places") -> None:
        self.start = CapacityStart(
            id=f"{kind}-{uuid.uuid4().hex[:8].upper()}",
            title="SQL for beginners",
            unit=unit,
            size=Decimal(seats),
            owners=[OWNER],
            updates_a_run=updates_a_run,
        )

    async def reserve(self, holder: str, **options: Any) -> Reserved:
        """Somebody queues up for a place, whom nobody can tell of an offer unless ``signal_to`` says whom."""
        request = Reserve(actor=LEARNER, holder=holder, **{"wait": True, **options})
        self.workers.append(self.workers.pop(0))
        return await run(self.workers[0].reserve, ReserveCall(start=self.start, request=request))

    async def release(self, holder: str) -> Reserved:
        request = Release(actor=LEARNER, holder=holder)
        released: Reserved = await self.handle.execute_update("release", request, result_type=Reserved)
        return released

    async def resize(self, size: int, by: str = OWNER) -> Resized:
        request = Resize(actor=by, size=Decimal(size), reason="another room")
        resized: Resized = await self.handle.execute_update("resize", request, result_type=Resized)
        return resized

    async def seek(self, name: str, *, offer_seconds: float = 3_600, takes: bool = True) -> Seeker:
        """A workflow that wants a place, once it knows how it stands with it."""
        request = Reserve(actor=LEARNER, holder=holder(name), offer_seconds=offer_seconds)
        handle = await self.client.start_workflow(
            SeekerProbe.run,
            args=[self.start, request, takes],
            id=f"seeker-{uuid.uuid4()}",
            task_queue=self.seekers_queue,
        )
        seeker = Seeker(handle, holder(name))
        await eventually(seeker.went)
        return seeker

    async def view(self) -> dict[str, Any]:
        return await self.handle.query(Capacity.view)

    async def stand(self, status: str, *names: str) -> bool:
        """Whether exactly these hold, are offered, or wait, in this order."""
        return [reservation["holder"] for reservation in (await self.view())[status]] == [
            holder(name) for name in names
        ]

    async def at_rest(self) -> bool:
        """Whether nothing is under way."""
        description = (await self.handle.describe()).raw_description
        return not description.pending_activities and not description.HasField("pending_workflow_task")

    async def runs(self) -> list[WorkflowHistory]:
        """The histories of all runs, the first one first."""
        run_id: str | None = (await self.handle.describe()).raw_description.workflow_execution_info.first_run_id
        found = []
        while run_id:
            history = await self.client.get_workflow_handle(self.handle.id, run_id=run_id).fetch_history()
            found.append(history)
            last = history.events[-1]
            run_id = last.workflow_execution_continued_as_new_event_attributes.new_execution_run_id
        return found

    async def runs_on(self) -> bool:
        """Whether it has begun a new run."""
        return len(await self.runs()) > 1

    async def arrivals(self) -> list[str]:
        """Who reserved, in the order in which the capacity took it up; an update may come again in a later run."""
        holders: list[str] = []
        for history in await self.runs():
            for event in history.events:
                if event.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED:
                    call = event.workflow_execution_update_accepted_event_attributes.accepted_request.input
                    (request,) = await self.client.data_converter.decode(call.args.payloads, [dict[str, Any]])
                    holders += [request["holder"]] if call.name == "reserve" else []
        return list(dict.fromkeys(holders))

    def in_records(self) -> dict[str, list[str]]:
        """Who holds, is offered, or waits, as the records have it."""
        with self.office.database.reading() as session:
            found = capacities.reservations(session, self.start.id)
        return {
            status.value: [reservation.holder for reservation in reservations] for status, reservations in found.items()
        }

    async def records_agree(self) -> bool:
        """Whether the records show what the capacity itself does."""
        view, records = await self.view(), self.in_records()
        with self.office.database.reading() as session:
            found = [capacity for capacity in capacities.capacities(session, "seats") if capacity.id == self.start.id]
        return bool(found) and (
            Counter(records["held"]) == Counter(reservation["holder"] for reservation in view["holders"])
            and Counter(records["offered"]) == Counter(offer["holder"] for offer in view["offers"])
            and records["waiting"] == [reservation["holder"] for reservation in view["waiting"]]
            and (found[0].size, found[0].held, found[0].waiting)
            == (Decimal(view["size"]), Decimal(view["held"]), len(view["waiting"]))
        )


@dataclass
class Seeker:
    """Somebody who wants a place and can be told of one."""

    handle: WorkflowHandle[SeekerProbe, list[PlaceOffered]]
    holder: str

    async def went(self) -> list[str]:
        """How it stood with them, each time they asked."""
        return await self.handle.query(SeekerProbe.went)

    async def leaves(self) -> list[PlaceOffered]:
        """They give back what they have; what they were offered."""
        await self.handle.signal(SeekerProbe.has_enough)
        return await self.handle.result()


def holder(name: str | int) -> str:
    return f"U-{name}-DATA1/plan-1"


async def eventually(true: Callable[[], Awaitable[Any]]) -> None:
    """Wait until something has become true."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await true():
            await asyncio.sleep(0.05)


@pytest.fixture(params=[200, 0], ids=["cached", "replayed at each step"])
async def seats(client: Client, tmp_path: Path, request: pytest.FixtureRequest) -> AsyncIterator[Seats]:
    """Seats whose workers remember workflows, or none; whatever was done with them replays."""
    (tmp_path / "records").mkdir()
    url = f"sqlite:///{tmp_path / 'records' / 'waymark.db'}"
    async with open_office(client, tmp_path, max_cached_workflows=request.param, records_url=url) as office:
        queue = f"seekers-{uuid.uuid4()}"
        with ThreadPoolExecutor(4) as threads:
            async with Worker(
                client,
                task_queue=queue,
                workflows=[SeekerProbe],
                activities=activities_for(office.database, office.settings, client),
                activity_executor=threads,
                max_cached_workflows=request.param,
            ):
                seats = Seats(office, queue, [CapacityActivities(client, office.queue) for _ in range(3)])
                yield seats
                await eventually(seats.at_rest)  # a history that stops in the middle of a step never comes to an end
                a_replayer = replayer()
                for history in await seats.runs():
                    await a_replayer.replay_workflow(history)


once = pytest.mark.parametrize("seats", [200], indirect=True, ids=["cached"])


@once
async def test_of_two_hundred_who_come_at_once_three_get_a_place_and_the_others_wait_in_order(seats: Seats) -> None:
    seats.open(3)

    answers = await asyncio.gather(*(seats.reserve(holder(n)) for n in range(200)))

    assert Counter(answer.status for answer in answers) == {ReservationStatus.HELD: 3, ReservationStatus.WAITING: 197}
    view, arrivals = await seats.view(), await seats.arrivals()
    assert len(arrivals) == 200
    assert [reservation["holder"] for reservation in view["holders"]] == arrivals[:3]
    assert [reservation["holder"] for reservation in view["waiting"]] == arrivals[3:]
    places = sorted((answer.place, answer.holder) for answer in answers if answer.place)
    assert places == list(enumerate(arrivals[3:], start=1))
    await eventually(seats.records_agree)


async def test_the_next_in_line_is_told_of_what_is_given_back_and_takes_it(seats: Seats) -> None:
    seats.open(1)
    ann = await seats.seek("ANN")
    ben = await seats.seek("BEN")
    assert (await ann.went(), await ben.went()) == (["held"], ["waiting"])

    await ann.leaves()

    await eventually(lambda: seats.stand("holders", "BEN"))
    await eventually(seats.records_agree)
    (offer,) = await ben.leaves()
    assert (offer.capacity, offer.holder) == (seats.start.id, holder("BEN"))
    assert (await seats.view())["free"] == "1"


async def test_an_offer_goes_on_when_nobody_takes_it_or_nobody_is_there(seats: Seats) -> None:
    seats.open(1)
    ann = await seats.seek("ANN")
    ben = await seats.seek("BEN", offer_seconds=1.5, takes=False)
    cat = await seats.seek("CAT")
    await seats.seek("DAN")
    await cat.handle.terminate()

    await ann.leaves()

    await eventually(lambda: seats.stand("holders", "DAN"))
    assert (await seats.view())["waiting"] == []
    assert len(await ben.leaves()) == 1
    await eventually(seats.records_agree)


@once
async def test_only_an_owner_changes_the_size_and_more_places_go_to_those_who_wait(seats: Seats) -> None:
    seats.open(1)
    for name in ("ANN", "BEN", "CAT", "DAN"):
        await seats.seek(name)

    with pytest.raises(WorkflowUpdateFailedError) as no:
        await seats.resize(4, by=LEARNER)
    assert refusal(no.value) == f"{LEARNER} can't change the size of {seats.start.id}: it is for {OWNER}"
    resized = await seats.resize(3)
    assert (resized.size, resized.waiting) == (Decimal(3), 1)
    await eventually(lambda: seats.stand("holders", "ANN", "BEN", "CAT"))

    await seats.resize(1)

    await seats.release(holder("ANN"))
    view = await seats.view()
    assert (view["held"], view["free"], len(view["waiting"])) == ("2", "-1", 1)
    assert [(sizing["by"], sizing["size"], sizing["reason"]) for sizing in view["sizings"]] == [
        (OWNER, "3", "another room"),
        (OWNER, "1", "another room"),
    ]


async def test_a_new_run_loses_neither_answers_nor_people_nor_offers(seats: Seats) -> None:
    seats.open(1, updates_a_run=10)
    ann = await seats.seek("ANN")
    await seats.seek("BEN", takes=False)
    await ann.leaves()
    await eventually(lambda: seats.stand("offers", "BEN"))
    until = (await seats.view())["offers"][0]["until"]

    answers = await asyncio.gather(*(seats.reserve(holder(n)) for n in range(30)))

    assert sorted(answer.place or 0 for answer in answers) == list(range(1, 31))
    assert len(await seats.runs()) > 2
    view = await seats.view()
    assert [offer["until"] for offer in view["offers"]] == [until]
    assert [reservation["holder"] for reservation in view["waiting"]] == (await seats.arrivals())[2:]
    assert (await seats.reserve(holder("BEN"))).status is ReservationStatus.HELD
    await eventually(seats.records_agree)


@once
async def test_records_that_cant_be_reached_stop_neither_the_places_nor_a_new_run(seats: Seats, tmp_path: Path) -> None:
    seats.open(2, updates_a_run=10)
    await seats.reserve(holder("ANN"))
    await eventually(seats.records_agree)
    (tmp_path / "records").rename(tmp_path / "moved")
    seats.office.database.engine.dispose()
    try:
        for n in range(12):
            await seats.reserve(holder(n))
        await eventually(seats.runs_on)
        await seats.release(holder("ANN"))
        view = await seats.view()
        assert (len(view["waiting"]), view["rows"]["waiting"]) == (10, 1 + 13)
    finally:
        (tmp_path / "moved").rename(tmp_path / "records")

    await eventually(seats.records_agree)


@once
async def test_a_refusal_reaches_the_case_as_such_and_giving_back_what_is_not_there_is_no_error(seats: Seats) -> None:
    seats.open(1, kind="budget", unit="GBP")
    await seats.reserve(holder("ANN"))
    activities = CapacityActivities(seats.client, seats.office.queue)

    in_euros = seats.start.model_copy(update={"unit": "EUR"})
    wanted = ReserveCall(start=in_euros, request=Reserve(actor=LEARNER, holder=holder("BEN")))

    with pytest.raises(ApplicationError, match="counted in GBP, not in EUR") as no:
        await run(activities.reserve, wanted)
    assert (no.value.type, no.value.non_retryable) == ("Refused.invalid", True)

    for capacity in (seats.start.id, "seats-NEVER-OPENED"):
        nothing = ReleaseCall(capacity=capacity, request=Release(actor=LEARNER, holder=holder("BEN")))
        assert (await run(activities.release, nothing)).status is ReservationStatus.RELEASED


@once
async def test_a_capacity_that_an_operator_ended_does_not_begin_anew_with_all_places_free(seats: Seats) -> None:
    seats.open(1)
    await seats.reserve(holder("ANN"))
    await eventually(seats.at_rest)
    await seats.handle.terminate()
    activities = CapacityActivities(seats.client, seats.office.queue)

    with pytest.raises(ApplicationError, match="has ended; an operator has to reset") as no:
        await run(
            activities.reserve, ReserveCall(start=seats.start, request=Reserve(actor=LEARNER, holder=holder("BEN")))
        )

    assert not no.value.non_retryable
    given_back = ReleaseCall(capacity=seats.start.id, request=Release(actor=LEARNER, holder=holder("ANN")))
    assert (await run(activities.release, given_back)).status is ReservationStatus.RELEASED


@once
async def test_a_try_that_is_repeated_does_not_take_what_is_offered_meanwhile(seats: Seats) -> None:
    seats.open(1)
    ann = await seats.seek("ANN")
    activities = CapacityActivities(seats.client, seats.office.queue)
    request = Reserve(actor=LEARNER, holder=holder("BEN"), wait=True, signal_to=ann.handle.id)
    call = ReserveCall(start=seats.start, request=request)
    assert (await run(activities.reserve, call, activity_id="7")).status is ReservationStatus.WAITING
    await seats.resize(2)

    again = await run(activities.reserve, call, activity_id="7")

    assert again.status is not ReservationStatus.HELD
    assert (await run(activities.reserve, call, activity_id="8")).status is ReservationStatus.HELD


async def run(activity: Callable[[Any], Awaitable[Reserved]], call: Any, *, activity_id: str | None = None) -> Reserved:
    """Run an activity as if a workflow had called it, until its turn has come."""
    activity_id = activity_id or str(uuid.uuid4())
    for attempt in range(1, 1_000):
        environment = ActivityEnvironment()
        environment.info = dataclasses.replace(environment.info, activity_id=activity_id, attempt=attempt)
        try:
            return await environment.run(activity, call)
        except ApplicationError as error:
            if error.type != "NotYet" or error.next_retry_delay is None:
                raise
            await asyncio.sleep(error.next_retry_delay.total_seconds())
    raise AssertionError("its turn has never come")
