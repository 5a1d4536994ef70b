"""The two outboxes of a case: rows for the records, letters to people; and the loop that delivers what is in them.

What a case has to tell gathers here and is handed over in order, in batches, one at a time. On a normal round the loop
delivers both, because every round costs events in the history. Letters to somebody who can't be reached stay behind and
are tried on their own until they go; a mail server that can't be reached is waited for. Neither stops the case, the
records, or letters to others; nor does a database that can't be reached stop the case. Every entry has its own key, so
retries cost nothing twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine
from typing import Any, Generic, Protocol, TypeVar

from temporalio import workflow

from domain.core.delivery import Sent
from domain.core.journal import Row
from domain.core.model import Model, PersonId
from domain.core.post import Letter

Entry = TypeVar("Entry", bound=Model)

LARGEST_BATCH = 50
LARGEST_BATCH_BYTES = 400_000
"""Rows and letters together stay well below the two megabytes that Temporal takes."""


async def let_this_step_finish() -> None:
    """Wait for three turns of the event loop, so that what belongs together goes out together.

    An answer wakes whoever asked, that ends a stage, and the next stage asks its question: three turns. One more would
    lose nothing; one less would send in two batches what fits in one.
    """
    for _ in range(3):
        await workflow.wait_condition(lambda: True)


class StoredEntries(Protocol[Entry]):
    """The part of the state that an outbox works on."""

    count: int
    waiting: list[Entry]


class Outbox(Generic[Entry]):
    """What waits to be handed over, in order."""

    def __init__(self, state: StoredEntries[Entry]) -> None:
        self._state = state

    def put(self, entry: Entry) -> None:
        """Add an entry; it is on its way from here on."""
        self._state.waiting.append(entry)
        self._state.count += 1

    @property
    def empty(self) -> bool:
        """Whether all that was put in has been handed over."""
        return not self._state.waiting

    def waiting(self, of: Callable[[Entry], bool] = lambda _: True) -> bool:
        """Whether any entry (of these) waits."""
        return any(of(entry) for entry in self._state.waiting)

    def batch(self, of: Callable[[Entry], bool] = lambda _: True) -> list[Entry]:
        """What goes next (of these), at least one if there is one; it stays until it is :meth:`done`."""
        batch: list[Entry] = []
        size = 0
        for entry in self._state.waiting:
            if not of(entry):
                continue
            size += len(entry.model_dump_json().encode())
            if batch and (size > LARGEST_BATCH_BYTES or len(batch) == LARGEST_BATCH):
                break
            batch.append(entry)
        return batch

    def done(self, entries: Collection[Entry]) -> None:
        """These entries have arrived."""
        arrived = {id(entry) for entry in entries}
        self._state.waiting[:] = [entry for entry in self._state.waiting if id(entry) not in arrived]


class DeliveryLoop:
    """Takes out what is in the two outboxes of a case.

    ``deliver`` hands over rows and letters, ``send`` letters alone: until the mail server can be reached or, if it is
    to insist, until at least one letter has gone. Both retry for as long as it takes. ``arrived`` is told of each
    letter that is done with, and why it was refused for good if it was; ``unknown`` of each person who is not in the
    records, so that letters to them, or that name them, wait.
    """

    def __init__(
        self,
        journal: Outbox[Row],
        post: Outbox[Letter],
        deliver: Callable[[list[Row], list[Letter]], Awaitable[Sent]],
        send: Callable[[list[Letter], bool], Awaitable[Sent]],
        arrived: Callable[[Letter, str | None], None],
        unknown: Callable[[PersonId], None],
    ) -> None:
        self._journal = journal
        self._post = post
        self._deliver = deliver
        self._send = send
        self._arrived = arrived
        self._unknown = unknown
        self._server_unreachable = False
        self._held_up: list[PersonId] = []
        self._awaited: list[PersonId] = []
        self.retries: list[asyncio.Task[None]] = []
        """What goes on beside the rounds: letters that could not go with them."""

    async def deliver_forever(self) -> None:
        """Deliver what has gathered, for as long as the case lives."""
        while True:
            await workflow.wait_condition(lambda: not self._journal.empty or self._post.waiting(self._can_go))
            await let_this_step_finish()
            rows, letters = self._journal.batch(), self._post.batch(self._can_go)
            sent = await self._deliver(rows, letters)
            self._journal.done(rows)
            left = self._take_note(letters, sent)
            if sent.away is None:
                self._hold_up(left)
            elif left:
                self._server_unreachable = True
                self._spawn(self._wait_for_the_server(left))

    def _can_go(self, letter: Letter) -> bool:
        return not self._server_unreachable and letter.to not in self._held_up and self._awaited_in(letter) is None

    def _awaited_in(self, letter: Letter) -> PersonId | None:
        """Somebody who is not in the records, whom a letter to somebody else names."""
        return next((person for person in self._awaited if person in letter.named), None)

    async def _wait_for_the_server(self, letters: list[Letter]) -> None:
        left = self._take_note(letters, await self._send(letters, False))
        self._server_unreachable = False
        self._hold_up(left)

    def _hold_up(self, letters: list[Letter]) -> None:
        """Letters to these people are tried on their own from now on, in their order; nobody else's wait for them.

        Those that name somebody who is not in the records are tried on their own, too, and hold up no others.
        """
        for person in dict.fromkeys(letter.to for letter in letters if self._awaited_in(letter) is None):
            self._held_up.append(person)
            self._spawn(self._keep_trying_to(person))

    async def _keep_trying_to(self, person: PersonId) -> None:
        await self._keep_trying(lambda letter: letter.to == person and self._awaited_in(letter) is None)
        self._held_up.remove(person)

    async def _keep_trying_about(self, person: PersonId) -> None:
        await self._keep_trying(lambda letter: self._awaited_in(letter) == person)
        self._awaited.remove(person)

    async def _keep_trying(self, of: Callable[[Letter], bool]) -> None:
        while letters := self._post.batch(of):
            self._take_note(letters, await self._send(letters, True))

    def _take_note(self, letters: list[Letter], sent: Sent) -> list[Letter]:
        """Take those that are done with out of the outbox; returns the others."""
        done = [letter for letter in letters if letter.key in sent.done]
        self._post.done(done)
        for letter in done:
            self._arrived(letter, sent.refused.get(letter.key))
        left = [letter for letter in letters if letter.key not in sent.done]
        for person in sent.unknown:
            self._unknown(person)
            if person not in self._awaited and any(person in letter.named for letter in left):
                self._awaited.append(person)  # else whoever is told of them would be told nothing else any more
                self._spawn(self._keep_trying_about(person))
        return left

    def _spawn(self, retry: Coroutine[Any, Any, None]) -> None:
        self.retries = [
            *(earlier for earlier in self.retries if not earlier.done() or earlier.exception()),
            asyncio.create_task(retry),
        ]

    @property
    def empty(self) -> bool:
        """Whether all has been delivered."""
        return self._journal.empty and self._post.empty
