"""The book of a capacity: who holds, is offered or waits; how it is kept, shown, and told to the records."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import Field

from domain.capacity import Amount, CapacityId, HolderId, Reserved, Standing, Unit
from domain.case import Journal
from domain.journal import CapacityRow, ReservationRow
from domain.model import Fixed, Instant, Model, PersonId, Sentence, Title


class Claim(Model):
    """What somebody holds, is offered (``until`` then, and whether they were ``told``), or waits for; since when.

    ``call`` names the call in which they last asked for it.
    """

    standing: Standing
    amount: Amount
    since: Instant
    tell: str | None
    offer_seconds: float
    call: str | None
    until: Instant | None = None
    told: bool = False


class Sizing(Fixed):
    """The size was set: by whom, when, and why."""

    at: Instant
    by: PersonId
    size: Amount
    reason: Sentence


class CapacityBook(Model):
    """Everything there is to know about one capacity. ``claims`` has one entry for each holder, in order of arrival.

    ``sizings`` are the latest changes of its size.
    """

    id: CapacityId
    title: Title
    unit: Unit
    size: Amount
    owners: list[PersonId]
    claims: dict[HolderId, Claim] = {}
    sizings: list[Sizing] = []
    journal: Journal = Field(default_factory=Journal)

    # How it stands

    def amount(self, standing: Standing) -> Decimal:
        """How much is held, offered or waited for in all."""
        return sum((claim.amount for claim in self.claims.values() if claim.standing is standing), Decimal(0))

    @property
    def free(self) -> Decimal:
        """What is neither held nor offered; negative after the size was made smaller than that."""
        return self.size - self.amount(Standing.HELD) - self.amount(Standing.OFFERED)

    @property
    def waiting(self) -> list[HolderId]:
        """The waiting list, in order."""
        return [holder for holder, claim in self.claims.items() if claim.standing is Standing.WAITING]

    @property
    def in_line(self) -> list[HolderId]:
        """Those on the waiting list whom a place can come to, in order: not those who wait for more than there is."""
        return [holder for holder in self.waiting if self.claims[holder].amount <= self.size]

    def standing(self, holder: HolderId) -> Reserved:
        """How it stands with somebody."""
        claim = self.claims.get(holder)
        if claim is None:
            return self.nothing(holder, Standing.RELEASED)
        return Reserved(
            capacity=self.id,
            holder=holder,
            standing=claim.standing,
            amount=claim.amount,
            place=self.waiting.index(holder) + 1 if claim.standing is Standing.WAITING else None,
            until=claim.until,
        )

    def nothing(self, holder: HolderId, standing: Standing) -> Reserved:
        """How it stands with somebody who has nothing of it, and why."""
        return Reserved(capacity=self.id, holder=holder, standing=standing, amount=Decimal(0))

    # What people see

    def view(self, now: datetime) -> dict[str, Any]:
        """The whole state as JSON a person can read; of the journal only how much waits, and how much there ever was.

        ``now`` is the real instant.
        """
        return {
            **self.model_dump(mode="json", exclude={"claims", "journal"}),
            "held": str(self.amount(Standing.HELD)),
            "offered": str(self.amount(Standing.OFFERED)),
            "free": str(self.free),
            "holders": self._seen(Standing.HELD, "amount", "since"),
            "offers": self._seen(Standing.OFFERED, "amount", "since", "until", "tell", "told"),
            "waiting": self._seen(Standing.WAITING, "amount", "since", "tell"),
            "rows": {"told": self.journal.count, "waiting": len(self.journal.waiting)},
            "now": now.isoformat(),
        }

    def _seen(self, standing: Standing, *fields: str) -> list[dict[str, Any]]:
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
                held=self.amount(Standing.HELD),
                waiting=len(self.waiting),
            )
        )

    def _put(self, row: CapacityRow | ReservationRow) -> None:
        """Put a row into the journal, in the stead of an older one about the same.

        So for records that are away there waits no more than one row for each holder. The count still grows with each
        row: the rows that wait are numbered by it from the last backwards, so that their numbers never fall.
        """
        self.journal.waiting = [one for one in self.journal.waiting if not _same_matter(one, row)]
        self.journal.waiting.append(row)
        self.journal.count += 1


def _same_matter(one: Any, row: CapacityRow | ReservationRow) -> bool:
    return type(one) is type(row) and getattr(one, "holder", None) == getattr(row, "holder", None)
