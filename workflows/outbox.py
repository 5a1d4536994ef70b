"""The two outboxes of a case: rows for the records, letters to people; and the courier who takes them out.

What a case has to tell gathers here and is handed over in order, in batches, one at a time. On a normal round the
courier takes both, because every round costs events in the history. A letter that can't be sent stays behind and is
tried on its own until it can; a mail server that is away is waited for. Neither stops the case, the records, or other
letters. Nor does a database that is away stop the case. Every entry has its own key, so retries cost nothing twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Generic, Protocol, TypeVar

from temporalio import workflow

from domain.delivery import Sent
from domain.journal import Row
from domain.model import Model
from domain.post import Letter

Entry = TypeVar("Entry", bound=Model)

LARGEST_BATCH = 50
LARGEST_BATCH_BYTES = 400_000
"""Rows and letters together stay well below the two megabytes that Temporal takes."""


async def all_said() -> None:
    """Let everything else that this moment sets going speak first, so that what belongs together goes out together."""
    for _ in range(3):
        await workflow.wait_condition(lambda: True)


class Waiting(Protocol[Entry]):
    """The part of the state that an outbox works on."""

    count: int
    waiting: list[Entry]


class Outbox(Generic[Entry]):
    """What waits to be handed over, in order."""

    def __init__(self, state: Waiting[Entry]) -> None:
        self._state = state

    def put(self, entry: Entry) -> None:
        """Add an entry; it is on its way from here on."""
        self._state.waiting.append(entry)
        self._state.count += 1

    @property
    def count(self) -> int:
        """How many entries wait."""
        return len(self._state.waiting)

    @property
    def empty(self) -> bool:
        """Whether all that was put in has been handed over."""
        return not self._state.waiting

    def batch(self, but: Callable[[Entry], bool] = lambda _: False) -> list[Entry]:
        """What goes next, ``but`` for some; it stays until it is :meth:`done`. At least one entry, if there is one."""
        batch: list[Entry] = []
        size = 0
        for entry in self._state.waiting:
            if but(entry):
                continue
            size += len(entry.model_dump_json())
            if batch and (size > LARGEST_BATCH_BYTES or len(batch) == LARGEST_BATCH):
                break
            batch.append(entry)
        return batch

    def done(self, entries: Collection[Entry]) -> None:
        """These entries have arrived."""
        arrived = {id(entry) for entry in entries}
        self._state.waiting[:] = [entry for entry in self._state.waiting if id(entry) not in arrived]


class Courier:
    """Takes out what is in the two outboxes of a case.

    ``deliver`` hands over rows and letters, ``send`` letters alone: until the mail server can be reached or, if it is
    to insist, until at least one letter has gone. Both retry for as long as it takes. ``arrived`` is told of each
    letter that is done with, whether it was late, and why it was refused for good if it was.
    """

    def __init__(
        self,
        journal: Outbox[Row],
        post: Outbox[Letter],
        deliver: Callable[[list[Row], list[Letter]], Awaitable[Sent]],
        send: Callable[[list[Letter], bool], Awaitable[Sent]],
        arrived: Callable[[Letter, bool, str | None], None],
    ) -> None:
        self._journal = journal
        self._post = post
        self._deliver = deliver
        self._send = send
        self._arrived = arrived
        self._held_up: list[str] = []
        self._server_away = False
        self.errands: list[asyncio.Task[None]] = []
        """What goes on beside the rounds: letters that are tried on their own."""

    async def rounds(self) -> None:
        """Go round for as long as the case lives."""
        while True:
            await workflow.wait_condition(self._something_to_take)
            await all_said()
            rows, letters = self._journal.batch(), self._letters()
            sent = await self._deliver(rows, letters)
            self._journal.done(rows)
            left = self._take_note(letters, sent, late=False)
            if left:
                self._server_away = sent.away is not None
                self._held_up += [letter.key for letter in left]
                errands = [errand for errand in self.errands if not errand.done() or errand.exception()]
                self.errands = [*errands, asyncio.create_task(self._keep_trying(left, first=self._server_away))]

    def _something_to_take(self) -> bool:
        return not self._journal.empty or (not self._server_away and self._post.count > len(self._held_up))

    def _letters(self) -> list[Letter]:
        """What goes on the next round: nothing while the server is away, and not what is tried on its own."""
        return [] if self._server_away else self._post.batch(but=lambda letter: letter.key in self._held_up)

    async def _keep_trying(self, letters: list[Letter], *, first: bool) -> None:
        """Send what was held up; ``first`` wait until the server can be reached, then let others go as before."""
        if first:
            letters = self._take_note(letters, await self._send(letters, False), late=True)
            self._server_away = False
        while letters:
            letters = self._take_note(letters, await self._send(letters, True), late=True)

    def _take_note(self, letters: list[Letter], sent: Sent, *, late: bool) -> list[Letter]:
        """Those that are done with leave the outbox; the others."""
        done = [letter for letter in letters if letter.key in sent.done]
        self._post.done(done)
        for letter in done:
            self._arrived(letter, late, sent.refused.get(letter.key))
        self._held_up = [key for key in self._held_up if key not in sent.done]
        return [letter for letter in letters if letter.key not in sent.done]

    @property
    def empty(self) -> bool:
        """Whether all has been delivered."""
        return self._journal.empty and self._post.empty
