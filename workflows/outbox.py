"""The two outboxes of a case: rows for the records, letters to people; and the courier who takes them out.

What a case has to tell gathers here and is handed over in order, in batches, one at a time. On a normal round the
courier takes both, because every round costs events in the history. Where letters can't be sent they stay behind and
go by themselves once they can: a mail server that is away stops neither the case nor the records. Nor does a
database that is away stop the case. Every entry has its own key, so retries cost nothing twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Generic, Protocol, TypeVar

from temporalio import workflow

from domain.delivery import Delivered
from domain.journal import Row
from domain.post import Letter

Entry = TypeVar("Entry")

LARGEST_BATCH = 50
LARGEST_HELD_UP_BATCH = 500
"""One letter that can't be sent must not keep back those behind it; a case writes fewer in all."""


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
    def empty(self) -> bool:
        """Whether all that was put in has been handed over."""
        return not self._state.waiting

    def batch(self, largest: int = LARGEST_BATCH) -> list[Entry]:
        """What goes next; it stays until :meth:`handed_over`."""
        return self._state.waiting[:largest]

    def handed_over(self, batch: list[Entry]) -> None:
        """These entries, the first ones, have arrived."""
        del self._state.waiting[: len(batch)]


class Courier:
    """Takes out what is in the two outboxes of a case.

    ``deliver`` hands over rows and letters and says whether the letters were held up; ``send`` hands over letters
    alone. Both retry for as long as it takes.
    """

    def __init__(
        self,
        journal: Outbox[Row],
        post: Outbox[Letter],
        deliver: Callable[[list[Row], list[Letter]], Awaitable[Delivered]],
        send: Callable[[list[Letter]], Awaitable[None]],
    ) -> None:
        self._journal = journal
        self._post = post
        self._deliver = deliver
        self._send = send
        self._held_up = False

    async def rounds(self) -> None:
        """Go round for as long as the case lives."""
        while True:
            await workflow.wait_condition(self._something_to_take)
            await all_said()
            rows = self._journal.batch()
            letters = [] if self._held_up else self._post.batch()
            delivered = await self._deliver(rows, letters)
            self._journal.handed_over(rows)
            if delivered.post_held_up is None:
                self._post.handed_over(letters)
            else:
                self._held_up = True

    def _something_to_take(self) -> bool:
        return not self._journal.empty or (not self._held_up and not self._post.empty)

    async def second_rounds(self) -> None:
        """Send what was held up, for as long as the case lives; then letters go with the rest again."""
        while True:
            await workflow.wait_condition(lambda: self._held_up)
            while not self._post.empty:
                letters = self._post.batch(LARGEST_HELD_UP_BATCH)
                await self._send(letters)
                self._post.handed_over(letters)
            self._held_up = False

    @property
    def empty(self) -> bool:
        """Whether all has been delivered."""
        return self._journal.empty and self._post.empty
