"""The book of a capacity: who holds, is offered or waits; how it is kept, shown, and told to the records."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import Field

from domain.capacity.reserving import Reserved
from domain.core.case import Journal
from domain.core.holdings import Amount, CapacityId, HolderId, ReservationStatus, Unit
from domain.core.journal import CapacityRow, ReservationRow
from domain.core.model import Fixed, Instant, Model, PersonId, Sentence, Title

REMEMBERED = 500
"""So many holders that are through are remembered one by one."""


class CapacityClaim(Model):
    """What somebody holds, is offered (``until`` then, and whether they were ``told``), or waits for; since when.

    ``call`` names the call in which they last asked for it. What is ``spent`` counts as that once it is given.
    """

    standing: ReservationStatus
    amount: Amount
    since: Instant
    tell: str | None
    offer_seconds: float
    call: str | None
    until: Instant | None = None
    told: bool = False
    spent: bool = False


class Through(Fixed):
    """A holder that is through, since when, and what it has spent."""

    at: Instant
    amount: Amount


class Sizing(Fixed):
    """The size was set: by whom, when, and why."""

    at: Instant
    by: PersonId
    size: Amount
    reason: Sentence


class CapacityBook(Model):
    """Everything there is to know about one capacity. ``claims`` has one entry for each holder, in order of arrival.

    ``sizings`` are the latest changes of its size.

    Of holders that are through, what they have ``spent`` is one sum: the state must not grow with every case that ever
    was. The latest of them are remembered (``through``), so that whatever of theirs comes late or twice is answered as
    before; what was asked at or before ``remembers_from`` is too old for that.
    """

    id: CapacityId
    title: Title
    unit: Unit
    size: Amount
    owners: list[PersonId]
    claims: dict[HolderId, CapacityClaim] = {}
    spent: Amount = Decimal(0)
    through: dict[HolderId, Through] = {}
    remembers_from: Instant | None = None
    sizings: list[Sizing] = []
    journal: Journal = Field(default_factory=Journal)

    # How it stands

    def amount(self, standing: ReservationStatus) -> Decimal:
        """How much is held, offered or waited for in all; what is spent is held for good."""
        spent = self.spent if standing is ReservationStatus.HELD else Decimal(0)
        return sum((claim.amount for claim in self.claims.values() if claim.standing is standing), spent)

    @property
    def free(self) -> Decimal:
        """What is neither held nor offered; negative after the size was made smaller than that."""
        return self.size - self.amount(ReservationStatus.HELD) - self.amount(ReservationStatus.OFFERED)

    @property
    def waiting(self) -> list[HolderId]:
        """The waiting list, in order."""
        return [holder for holder, claim in self.claims.items() if claim.standing is ReservationStatus.WAITING]

    @property
    def in_line(self) -> list[HolderId]:
        """Those on the waiting list whom a place can come to, in order: not those who wait for more than there is."""
        return [holder for holder in self.waiting if self.claims[holder].amount <= self.size]

    def standing(self, holder: HolderId) -> Reserved:
        """How it stands with somebody."""
        claim = self.claims.get(holder)
        if claim is None and (through := self.through.get(holder)) is not None and through.amount:
            return Reserved(capacity=self.id, holder=holder, standing=ReservationStatus.HELD, amount=through.amount)
        if claim is None:
            return self.nothing(holder, ReservationStatus.RELEASED)
        return Reserved(
            capacity=self.id,
            holder=holder,
            standing=claim.standing,
            amount=claim.amount,
            place=self.waiting.index(holder) + 1 if claim.standing is ReservationStatus.WAITING else None,
            until=claim.until,
        )

    def nothing(self, holder: HolderId, standing: ReservationStatus) -> Reserved:
        """How it stands with somebody who has nothing of it, and why."""
        return Reserved(capacity=self.id, holder=holder, standing=standing, amount=Decimal(0))

    # Who is through

    def settle(self, holder: HolderId, now: datetime) -> None:
        """A holder is through: what it holds is spent, and a part of the sum from here on."""
        amount = self.claims.pop(holder).amount
        self.spent += amount
        self.through[holder] = Through(at=now, amount=amount)
        while len(self.through) > REMEMBERED:
            self.remembers_from = self.through.pop(next(iter(self.through))).at
        self.record(holder, now)

    def is_too_old(self, asked_at: datetime | None) -> bool:
        """Whether it can't be told any more if whoever asked then is through since."""
        return asked_at is not None and self.remembers_from is not None and asked_at <= self.remembers_from

    # What people see

    def view(self, now: datetime) -> dict[str, Any]:
        """The whole state as JSON a person can read; of the journal only how much waits, and how much there ever was.

        ``now`` is the real instant.
        """
        return {
            **self.model_dump(mode="json", exclude={"claims", "through", "journal"}),
            "held": str(self.amount(ReservationStatus.HELD)),
            "offered": str(self.amount(ReservationStatus.OFFERED)),
            "free": str(self.free),
            "holders": self._seen(ReservationStatus.HELD, "amount", "since"),
            "offers": self._seen(ReservationStatus.OFFERED, "amount", "since", "until", "tell", "told"),
            "waiting": self._seen(ReservationStatus.WAITING, "amount", "since", "tell"),
            "rows": {"told": self.journal.count, "waiting": len(self.journal.waiting)},
            "now": now.isoformat(),
        }

    def _seen(self, standing: ReservationStatus, *fields: str) -> list[dict[str, Any]]:
        return [
            {"holder": holder, **claim.model_dump(mode="json", include=set(fields))}
            for holder, claim in self.claims.items()
            if claim.standing is standing
        ]

    # What the records are told

    def record(self, holder: HolderId, now: datetime) -> None:
        """Tell the records how it stands with somebody, and with the capacity."""
        stands = self.standing(holder)
        self._put(
            ReservationRow(capacity=self.id, holder=holder, at=now, standing=stands.standing, amount=stands.amount)
        )
        self.record_capacity(now)

    def record_capacity(self, now: datetime) -> None:
        """Tell the records how it stands with the capacity."""
        self._put(
            CapacityRow(
                id=self.id,
                at=now,
                title=self.title,
                unit=self.unit,
                size=self.size,
                held=self.amount(ReservationStatus.HELD),
                waiting=len(self.waiting),
            )
        )

    def _put(self, row: CapacityRow | ReservationRow) -> None:
        """Put a row into the journal, in the stead of an older one about the same.

        So for records that are away there waits no more than one row for each holder. The count still grows with each
        row: the rows that wait are numbered by it from the last backwards, so that their numbers never fall.
        """
        self.journal.waiting = [earlier for earlier in self.journal.waiting if not _same_matter(earlier, row)]
        self.journal.waiting.append(row)
        self.journal.count += 1


def _same_matter(earlier: Any, row: CapacityRow | ReservationRow) -> bool:
    return type(earlier) is type(row) and getattr(earlier, "holder", None) == getattr(row, "holder", None)
