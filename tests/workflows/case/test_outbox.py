"""The outboxes: whatever fails on the way, everything arrives once, in order, and neither holds up the other."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from temporalio import activity
from temporalio.client import Client
from temporalio.worker import Worker

from domain.core.delivery import Sent
from tests.workflows.case.probes import DeliveryProbe


@dataclass
class World:
    """Records and mail server of the probe, each out of reach for the first so many times it is asked.

    Letters ``stuck`` can't be sent the first so many times that they are tried.
    """

    records_unreachable: int = 0
    mail_unreachable: int = 0
    stuck: dict[str, int] = field(default_factory=dict)
    rows: list[int] = field(default_factory=list)
    letters: list[str] = field(default_factory=list)
    rows_while_mail_was_unreachable: int = 0
    letters_tried_while_mail_was_unreachable: int = 0

    @activity.defn(name="deliver_probe")
    async def deliver(self, rows: list[int], letters: list[str]) -> Sent:
        if self.records_unreachable:
            self.records_unreachable -= 1
            raise RuntimeError("the records can't be reached")
        self.rows += rows
        if self.mail_unreachable:
            self.rows_while_mail_was_unreachable += len(rows)
            self.letters_tried_while_mail_was_unreachable += len(letters)
            return Sent(away="the mail server can't be reached" if letters else None)
        return Sent(done=self._sent(letters))

    @activity.defn(name="send_probe")
    async def send(self, letters: list[str], insist: bool) -> Sent:
        if self.mail_unreachable:
            self.mail_unreachable -= 1
            raise RuntimeError("the mail server can't be reached")
        done = self._sent(letters)
        if insist and not done:
            raise RuntimeError("not one can be sent")
        return Sent(done=done)

    def _sent(self, letters: list[str]) -> list[str]:
        stuck = [letter for letter in letters if self.stuck.get(letter)]
        for letter in stuck:
            self.stuck[letter] -= 1
        done = [letter for letter in letters if letter not in stuck]
        self.letters += done
        return done


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
async def queue(client: Client, world: World) -> AsyncIterator[str]:
    name = f"outbox-{uuid.uuid4()}"
    async with Worker(client, task_queue=name, workflows=[DeliveryProbe], activities=[world.deliver, world.send]):
        yield name


async def run(client: Client, queue: str, entries: int) -> None:
    await client.execute_workflow(DeliveryProbe.run, entries, id=f"outbox-{uuid.uuid4()}", task_queue=queue)


def expect_all_in_order(world: World, entries: int) -> None:
    assert world.rows == list(range(1, entries + 1))
    assert world.letters == [str(n) for n in range(1, entries + 1)]


async def test_everything_arrives_once_and_in_order(client: Client, queue: str, world: World) -> None:
    await run(client, queue, 120)

    expect_all_in_order(world, 120)


async def test_records_that_cant_be_reached_are_waited_for(client: Client, queue: str, world: World) -> None:
    world.records_unreachable = 2

    await run(client, queue, 20)

    expect_all_in_order(world, 20)


async def test_a_mail_server_that_cant_be_reached_does_not_hold_up_the_records(
    client: Client, queue: str, world: World
) -> None:
    world.mail_unreachable = 2

    await run(client, queue, 40)

    expect_all_in_order(world, 40)
    assert world.rows_while_mail_was_unreachable > 7
    assert world.letters_tried_while_mail_was_unreachable <= 7


async def test_a_letter_that_cannot_be_sent_holds_up_no_other(client: Client, queue: str, world: World) -> None:
    world.stuck = {"3": 3, "12": 2}

    await run(client, queue, 40)

    assert world.letters[:2] == ["1", "2"]
    assert sorted(world.letters, key=int) == [str(n) for n in range(1, 41)]
    assert world.letters.index("3") > world.letters.index("20")


async def test_a_letter_stuck_while_the_server_could_not_be_reached_holds_up_no_other(
    client: Client, queue: str, world: World
) -> None:
    world.mail_unreachable, world.stuck = 1, {str(n): 3 for n in range(1, 8)}

    await run(client, queue, 40)

    assert sorted(world.letters, key=int) == [str(n) for n in range(1, 41)]
    assert world.letters.index("8") < world.letters.index("1")
