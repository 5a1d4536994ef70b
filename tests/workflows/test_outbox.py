"""The outboxes: whatever fails on the way, everything arrives once, in order, and neither holds up the other."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker

from domain.delivery import Delivered
from tests.workflows.probes import CourierProbe


@dataclass
class World:
    """Records and mail server of the probe, each away for the first so many times it is asked."""

    records_away: int = 0
    mail_away: int = 0
    rows: list[int] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    rows_while_mail_was_away: int = 0

    @activity.defn(name="deliver_probe")
    async def deliver(self, rows: list[int], letters: list[str]) -> Delivered:
        if self.records_away:
            self.records_away -= 1
            raise RuntimeError("the records are away")
        self.rows += rows
        if self.mail_away:
            self.rows_while_mail_was_away += len(rows)
            if letters:
                return Delivered(post_held_up="the mail server is away")
        self.letters += letters
        return Delivered()

    @activity.defn(name="send_probe")
    async def send(self, letters: list[str]) -> None:
        if self.mail_away:
            self.mail_away -= 1
            raise RuntimeError("the mail server is away")
        self.letters += letters


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def queue(client: Client, world: World) -> AsyncIterator[str]:
    name = f"outbox-{uuid.uuid4()}"
    async with Worker(client, task_queue=name, workflows=[CourierProbe], activities=[world.deliver, world.send]):
        yield name


async def run(client: Client, queue: str, entries: int) -> None:
    await client.execute_workflow(CourierProbe.run, entries, id=f"outbox-{uuid.uuid4()}", task_queue=queue)


def expect_all_in_order(world: World, entries: int) -> None:
    assert world.rows == list(range(1, entries + 1))
    assert world.letters == [str(n) for n in range(1, entries + 1)]


async def test_everything_arrives_once_and_in_order(client: Client, queue: str, world: World) -> None:
    await run(client, queue, 120)

    expect_all_in_order(world, 120)


async def test_records_that_are_away_are_waited_for(client: Client, queue: str, world: World) -> None:
    world.records_away = 2

    await run(client, queue, 20)

    expect_all_in_order(world, 20)


async def test_a_mail_server_that_is_away_does_not_hold_up_the_records(
    client: Client, queue: str, world: World
) -> None:
    world.mail_away = 2

    await run(client, queue, 40)

    expect_all_in_order(world, 40)
    assert world.rows_while_mail_was_away > 7
