"""What both outboxes of a case end in: rows are written, letters are sent."""

from __future__ import annotations

from temporalio import activity

from activities.core.heartbeat import heartbeating
from activities.core.journal import JournalActivities
from activities.core.mail import PostActivities
from domain.core.delivery import Delivery, Sent
from domain.core.journal import JournalBatch
from domain.core.post import PostBatch


class DeliveryActivities:
    """Writes the rows and sends the letters of cases."""

    def __init__(self, journal: JournalActivities, post: PostActivities) -> None:
        self._journal = journal
        self._post = post

    @activity.defn(name="deliver", no_thread_cancel_exception=True)
    def deliver(self, delivery: Delivery) -> Sent:
        """Write the rows, then send the letters.

        Records that can't be reached raise and are waited for. Letters that can't be sent don't hold up the rows of the
        next round: the reply says so, and the case sends them by ``send_post``.
        """
        with heartbeating():
            conflicts: list[str] = []
            seals = {}
            if delivery.rows:
                batch = JournalBatch(case=delivery.case, rows=delivery.rows, first=delivery.first_row)
                seals = self._journal.write(batch, conflicts)
            for conflict in conflicts:
                activity.logger.error("an entry is not on record", extra={"case": delivery.case, "reason": conflict})
            if not delivery.letters:
                return Sent(seals=seals, conflicts=conflicts)
            sent = self._post.send(PostBatch(case=delivery.case, letters=delivery.letters))
            return sent.model_copy(update={"seals": seals, "conflicts": [*conflicts, *sent.conflicts]})
