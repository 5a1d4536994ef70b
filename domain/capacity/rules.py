"""The rules of a capacity: who holds, who is offered what has become free, who waits, and in which order.

All of it is pure: the workflow calls these methods one after the other and says what time it is. What changes is put
into the journal of the state as rows for the records.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from domain.capacity.claims import CapacityClaim, CapacityClaims, Sizing
from domain.capacity.reserving import TOO_OLD, CapacityStart, Release, Reserve, Reserved, Resize, Resized
from domain.core.holdings import PLACES, HolderId, PlaceOffered, ReservationStatus, amount_text
from domain.core.permissions import NotByParty, Permission, Permissions
from domain.core.tasks import Refused

SIZES_KEPT = 20
"""So many changes of the size stay in the state."""

MAY_ASK: Permissions = {
    Reserve: Permission(NotByParty.ANYBODY),
    Release: Permission(NotByParty.ANYBODY),
    Resize: Permission(NotByParty.OWNERS),
}
"""Who may ask what of a capacity."""


class CapacityState(CapacityClaims):
    """One scarce thing, and what may be done with it.

    - **Never more than there is.** What is held and offered together is at most ``size``. Only a smaller size can
      leave it above that; then nobody loses anything, and nobody new gets in until it fits again.
    - **First come, first served.** Whoever comes while somebody waits, waits behind them, even where a smaller amount
      would fit into what is free: else small wishes would keep a large one waiting for ever. For the same reason
      whoever holds something gets no more of it while somebody waits. Waiting for another amount is a new wish, and
      goes to the end.
    - **Who waits for more than the whole size** waits for a larger size, not for a place. They keep their place on the
      list and keep nobody else waiting until then. Where nobody may change the size they can't wait at all.
    - **An offer lasts until it is withdrawn**, which is at its end or moments later; whoever takes it before has it.
      Who let it pass is off the list: whoever still wants a place queues up anew. Who names no workflow to be
      signalled (``signal_to`` is none) is simply given what they waited for.
    - **Who is through** is through: what they spent stays taken, and whatever of theirs comes late or twice is answered
      with what they have, and changes nothing. A request so old that nobody knows this any more is refused as too
      old; whoever still means it asks again.
    - **Asking again changes nothing**: the same wish of the same holder gets the same status. Only an offer is taken
      by it, and that only by another call: one that is merely repeated on its way (``call`` is the same) may have been
      made before there was an offer.
    """

    @classmethod
    def begin(cls, start: CapacityStart, now: datetime) -> CapacityState:
        """A capacity of which nobody has taken anything."""
        state = cls(id=start.id, title=start.title, unit=start.unit, size=start.size, owners=start.owners)
        state.record_capacity(now)
        return state

    # What is asked of it

    def check_reserve(self, request: Reserve) -> None:
        """Refuse what can't be reserved: parts of places, another currency, more than fits of what one has already.

        Raises :class:`Refused`. That nothing is free is no refusal but an answer.
        """
        self._check_unit(request.amount, request.unit)
        claim = self.claims.get(request.holder)
        if claim is None and request.holder not in self.through and self.is_too_old(request.asked_at):
            raise Refused(f"{self.id}: this was asked too long ago; ask again", TOO_OLD)
        if claim is None or claim.status is ReservationStatus.WAITING:
            return
        more = request.amount - claim.amount
        if more > 0 and not self._has_room_for(more):
            raise Refused(
                f"{request.holder} has {amount_text(claim.amount, self.unit)} of {self.id} and keeps that: "
                f"there is no more to be had ({amount_text(max(self.free, Decimal(0)), self.unit)} free, "
                f"{len(self.waiting)} waiting)"
            )

    def reserve(self, request: Reserve, now: datetime, call: str | None = None) -> Reserved:
        """Hold a part, queue for it, or take what is offered. Raises :class:`Refused` as :meth:`check_reserve` does."""
        self.check_reserve(request)
        claim = self.claims.get(request.holder)
        if claim is None and request.holder in self.through:
            return self.status_of(request.holder)
        if claim is None:
            return self._admit_or_queue(request, now, call)
        if call is not None and call == claim.call:
            return self.status_of(request.holder)
        if claim.status is ReservationStatus.WAITING and claim.amount != request.amount:
            self._drop(request.holder, now)
            return self._admit_or_queue(request, now, call)
        claim.call = call
        if claim.status is ReservationStatus.WAITING:
            claim.signal_to, claim.offer_seconds = request.signal_to, request.offer_seconds
            return self.status_of(request.holder)
        return self._take_or_change(claim, request, now)

    def check_release(self, request: Release) -> None:
        """Raise :class:`Refused` for parts of places."""
        self._check_unit(request.keep)

    def release(self, request: Release, now: datetime) -> Reserved:
        """Give back what is held (but for ``keep``, which is never more than was held), offered or waited for.

        Giving back what one does not have is no error. Raises :class:`Refused` as :meth:`check_release`.
        """
        self.check_release(request)
        claim = self.claims.get(request.holder)
        if claim is not None and claim.status is ReservationStatus.HELD and (request.keep or request.final):
            less, claim.amount = request.keep < claim.amount, min(request.keep, claim.amount)
            if request.final:
                self.finish(request.holder, now)
            elif less:
                self.record(request.holder, now)
            if less:
                self._offer_what_is_free(now)
        elif claim is not None:
            self._drop(request.holder, now)
        return self.status_of(request.holder)

    def check_resize(self, request: Resize) -> None:
        """Raise :class:`Refused` for anybody but an owner, parts of places, or another currency."""
        if request.actor not in self.owners:
            owners = " or ".join(self.owners) or "nobody"
            raise Refused(f"{request.actor} can't change the size of {self.id}: it is for {owners}", "forbidden")
        self._check_unit(request.size, request.unit)

    def resize(self, request: Resize, now: datetime) -> Resized:
        """Set the size; what is free then is offered. Raises :class:`Refused` as :meth:`check_resize`."""
        self.check_resize(request)
        sizing = Sizing(at=now, by=request.actor, size=request.size, reason=request.reason)
        last = self.sizings[-1] if self.sizings else None
        if last is None or last.model_copy(update={"at": now}) != sizing:
            self.sizings = [*self.sizings, sizing][-SIZES_KEPT:]
        if request.size != self.size:
            self.size = request.size
            self.record_capacity(now)
            self._offer_what_is_free(now)
        held = self.amount(ReservationStatus.HELD)
        return Resized(capacity=self.id, unit=self.unit, size=self.size, held=held, waiting=len(self.waiting))

    # Offers

    @property
    def next_end(self) -> datetime | None:
        """When the first of the open offers ends; None where there are none."""
        return min((claim.until for claim in self.claims.values() if claim.until), default=None)

    def withdraw_expired_offers(self, now: datetime) -> None:
        """Withdraw the offers that have ended, and offer what they held back to the next in line."""
        for holder, claim in list(self.claims.items()):
            if claim.until and claim.until <= now:
                self._drop(holder, now)

    def next_unsignalled_offer(self) -> tuple[str, PlaceOffered] | None:
        """An offer that its holder's workflow was not signalled yet, after the id of that workflow."""
        for holder, claim in self.claims.items():
            if claim.until and claim.signal_to and not claim.signalled:
                return claim.signal_to, PlaceOffered(capacity=self.id, holder=holder, until=claim.until)
        return None

    def mark_signalled(self, offer: PlaceOffered) -> None:
        """Note that the workflow of the holder has this offer."""
        claim = self.claims.get(offer.holder)
        if claim is not None and claim.until == offer.until:
            claim.signalled = True

    def holder_is_gone(self, offer: PlaceOffered, now: datetime) -> None:
        """Withdraw the offer of a holder whose workflow has ended, and offer it to the next in line."""
        claim = self.claims.get(offer.holder)
        if claim is not None and claim.until == offer.until:
            self._drop(offer.holder, now)

    # Steps

    def _has_room_for(self, amount: Decimal) -> bool:
        return amount == 0 or (not self.in_line and amount <= self.free)

    def _admit_or_queue(self, request: Reserve, now: datetime, call: str | None) -> Reserved:
        """Answer a holder that has nothing yet: it holds, waits, or gets nothing."""
        let_in = self._has_room_for(request.amount)
        if not let_in and not (request.wait and (request.amount <= self.size or self.owners)):
            return self.nothing_held(request.holder, ReservationStatus.FULL)
        self.claims[request.holder] = CapacityClaim(
            status=ReservationStatus.HELD if let_in else ReservationStatus.WAITING,
            amount=request.amount,
            since=now,
            signal_to=request.signal_to,
            offer_seconds=request.offer_seconds,
            call=call,
            spent=request.spent,
        )
        self._record_change(request.holder, now)
        return self.status_of(request.holder)

    def _take_or_change(self, claim: CapacityClaim, request: Reserve, now: datetime) -> Reserved:
        """Let a holder take what it is offered, or hold another amount."""
        if claim.status is ReservationStatus.OFFERED or claim.amount != request.amount:
            if claim.status is ReservationStatus.OFFERED:
                claim.status, claim.since, claim.until = ReservationStatus.HELD, now, None
            claim.amount = request.amount
            self._record_change(request.holder, now)
            self._offer_what_is_free(now)
        return self.status_of(request.holder)

    def _record_change(self, holder: HolderId, now: datetime) -> None:
        """Record a changed claim; one that is held and spent already is finished."""
        claim = self.claims[holder]
        if claim.spent and claim.status is ReservationStatus.HELD:
            self.finish(holder, now)
        else:
            self.record(holder, now)

    def _drop(self, holder: HolderId, now: datetime) -> None:
        del self.claims[holder]
        self.record(holder, now)
        self._offer_what_is_free(now)

    def _offer_what_is_free(self, now: datetime) -> None:
        """Offer what is free to those in line, as many as it is enough for, in order; never past one it is not."""
        for holder in self.in_line:
            claim = self.claims[holder]
            if claim.amount > self.free:
                return
            claim.since = now
            if claim.signal_to is None:
                claim.status = ReservationStatus.HELD
            else:
                claim.status, claim.signalled = ReservationStatus.OFFERED, False
                claim.until = now + timedelta(seconds=claim.offer_seconds)
            self._record_change(holder, now)

    def _check_unit(self, amount: Decimal, unit: str | None = None) -> None:
        if unit not in (None, self.unit):
            raise Refused(f"{self.id} is counted in {self.unit}, not in {unit}", "invalid")
        if self.unit == PLACES and amount % 1:
            raise Refused(f"{self.id}: places are whole", "invalid")


class CapacityRun(CapacityStart):
    """What each run of a capacity's workflow is started with: the first as anybody asks for it, later ones with what
    has come of it since (``carried``)."""

    carried: CapacityState | None = None
