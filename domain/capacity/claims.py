"""Who holds, is offered or waits for a part of a capacity; how that is shown to people and sent to the records."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from pydantic import Field

from domain.capacity.reserving import Reserved
from domain.core.capacity_rows import CapacityRow, ReservationRow
from domain.core.holdings import Amount, CapacityId, HolderId, ReservationStatus, Unit
from domain.core.model import Fixed, Instant, Model, PersonId, Sentence, Title
from domain.core.outboxes import Journal

REMEMBERED = 500
"""So many finished holders are remembered one by one."""


class CapacityClaim(Model):
    """What a holder holds, is offered or waits for, and since when.

    An offer lasts ``until`` then; ``signalled`` says whether the workflow ``signal_to`` was. ``call`` names the call in
    which the holder last asked. ``spent`` says that the amount is spent for good as soon as it is held.
    """

    status: ReservationStatus
    amount: Amount
    since: Instant
    signal_to: str | None
    offer_seconds: float
    call: str | None
    until: Instant | None = None
    signalled: bool = False
    spent: bool = False


class FinishedHolder(Fixed):
    """A holder that never asks again: since when, and how much it has spent."""

    at: Instant
    amount: Amount


class Sizing(Fixed):
    """Somebody set the size: who, when, to what, and why."""

    at: Instant
    by: PersonId
    size: Amount
    reason: Sentence


class CapacityClaims(Model):
    """All that is known of one capacity. ``claims`` has one entry for each holder, in order of arrival.

    ``sizings`` are the latest changes of its size.

    What all finished holders have ``spent`` is one sum: the state must not grow with every case that ever was. The
    latest of them are remembered (``through``), so that a message of theirs that comes late or twice gets the same
    answer as before. A request made at or before ``remembers_from`` is too old for that.
    """

    id: CapacityId
    title: Title
    unit: Unit
    size: Amount
    owners: list[PersonId]
    claims: dict[HolderId, CapacityClaim] = {}
    spent: Amount = Decimal(0)
    through: dict[HolderId, FinishedHolder] = {}
    remembers_from: Instant | None = None
    sizings: list[Sizing] = []
    journal: Journal = Field(default_factory=Journal)

    # What is held, offered and free

    def amount(self, status: ReservationStatus) -> Decimal:
        """The sum of all that is held, offered or waited for; what is spent counts as held."""
        spent = self.spent if status is ReservationStatus.HELD else Decimal(0)
        return sum((claim.amount for claim in self.claims.values() if claim.status is status), spent)

    @property
    def free(self) -> Decimal:
        """What is neither held nor offered; negative where the size was made smaller than these."""
        return self.size - self.amount(ReservationStatus.HELD) - self.amount(ReservationStatus.OFFERED)

    @property
    def waiting(self) -> list[HolderId]:
        """The waiting list, in order."""
        return [holder for holder, claim in self.claims.items() if claim.status is ReservationStatus.WAITING]

    @property
    def in_line(self) -> list[HolderId]:
        """The waiting list without those who wait for more than the whole size."""
        return [holder for holder in self.waiting if self.claims[holder].amount <= self.size]

    def status_of(self, holder: HolderId) -> Reserved:
        """What this holder holds, is offered or waits for."""
        claim = self.claims.get(holder)
        if claim is None and (through := self.through.get(holder)) is not None and through.amount:
            return Reserved(capacity=self.id, holder=holder, status=ReservationStatus.HELD, amount=through.amount)
        if claim is None:
            return self.nothing_held(holder, ReservationStatus.RELEASED)
        return Reserved(
            capacity=self.id,
            holder=holder,
            status=claim.status,
            amount=claim.amount,
            place=self.waiting.index(holder) + 1 if claim.status is ReservationStatus.WAITING else None,
            until=claim.until,
        )

    def nothing_held(self, holder: HolderId, status: ReservationStatus) -> Reserved:
        """The answer for a holder that has nothing; ``status`` says why."""
        return Reserved(capacity=self.id, holder=holder, status=status, amount=Decimal(0))

    # Finished holders

    def finish(self, holder: HolderId, now: datetime) -> None:
        """Count what this holder holds as spent for good, and forget its claim."""
        amount = self.claims.pop(holder).amount
        self.spent += amount
        self.through[holder] = FinishedHolder(at=now, amount=amount)
        while len(self.through) > REMEMBERED:
            self.remembers_from = self.through.pop(next(iter(self.through))).at
        self.record(holder, now)

    def is_too_old(self, asked_at: datetime | None) -> bool:
        """Whether a request of that time may be one of a finished holder that is forgotten already."""
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
            "holders": self._listed(ReservationStatus.HELD, "amount", "since"),
            "offers": self._listed(ReservationStatus.OFFERED, "amount", "since", "until", "signal_to", "signalled"),
            "waiting": self._listed(ReservationStatus.WAITING, "amount", "since", "signal_to"),
            "rows": {"total": self.journal.count, "waiting": len(self.journal.waiting)},
            "now": now.isoformat(),
        }

    def _listed(self, status: ReservationStatus, *fields: str) -> list[dict[str, Any]]:
        return [
            {"holder": holder, **claim.model_dump(mode="json", include=set(fields))}
            for holder, claim in self.claims.items()
            if claim.status is status
        ]

    # Rows for the records

    def record(self, holder: HolderId, now: datetime) -> None:
        """Put a row about this holder, and one about the capacity, into the journal."""
        reserved = self.status_of(holder)
        self._replace_row(
            ReservationRow(capacity=self.id, holder=holder, at=now, status=reserved.status, amount=reserved.amount)
        )
        self.record_capacity(now)

    def record_capacity(self, now: datetime) -> None:
        """Put a row about the capacity into the journal."""
        self._replace_row(
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

    def _replace_row(self, row: CapacityRow | ReservationRow) -> None:
        """Put a row into the journal in place of an older one about the same.

        So at most one row for each holder waits while the records can't be reached. The count still grows with each
        row: the rows that wait are numbered by it from the last backwards, so that their numbers never fall.
        """
        self.journal.waiting = [earlier for earlier in self.journal.waiting if not _about_the_same(earlier, row)]
        self.journal.waiting.append(row)
        self.journal.count += 1


def _about_the_same(earlier: Any, row: CapacityRow | ReservationRow) -> bool:
    return type(earlier) is type(row) and getattr(earlier, "holder", None) == getattr(row, "holder", None)
