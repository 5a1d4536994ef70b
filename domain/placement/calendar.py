"""A placement's calendar: what it depends on, and all that is planned in it.

It is made by :mod:`domain.placement.planner`, once in an activity, and pinned in the case's state.
"""

from __future__ import annotations

from datetime import date, datetime

from domain.core.local_days import Midnights, local_day_of
from domain.core.model import CaseId, Fixed, Instant, Party, PersonId
from domain.core.people import Country
from domain.core.working_pattern import Patterns
from domain.placement.policy import Policy
from domain.placement.programme_days import Leave


class PlanRequest(Fixed):
    """All a calendar depends on.

    ``start`` is the day planned at first, before any pause. ``last_day`` ends the placement earlier than ``weeks``
    would, after an early conversion; ``employed_from`` is given once an offer has been accepted. ``not_before`` is
    given where an offer has to name a nearer day than that after the last. ``patterns`` are what the returner works,
    ``mentor_patterns`` what their ``mentor`` works, as far as that is known (none: not yet).
    ``left_on`` is the last day of somebody who has left early: the off-boarding counts from there.
    """

    case: CaseId
    start: date
    weeks: int
    pauses: list[Leave]
    last_day: date | None
    employed_from: date | None
    not_before: date | None = None
    patterns: Patterns = []
    mentor: PersonId | None = None
    mentor_patterns: Patterns | None = None
    left_on: date | None = None
    country: Country
    time_zone: str
    policy: Policy


class PlannedItem(Fixed):
    """When an item of a checklist opens, and is due."""

    key: str
    opens_at: Instant
    due_at: Instant


class GatedItem(PlannedItem):
    """An item of the onboarding, which holds up its gate."""

    gate_at: Instant


class PlannedSession(Fixed):
    """The ``n``-th mentoring session, from 1."""

    n: int
    week: int
    starts: Instant
    ends: Instant


class PlannedReview(Fixed):
    """A review: the ``n``-th, from 1."""

    n: int
    title: str
    opens_at: Instant


class PlannedPulse(Fixed):
    """When those who are asked in this week are asked how it goes."""

    week: int
    of: list[Party]
    opens_at: Instant


class PlannedPay(Fixed):
    """A day on which a stipend is instructed, for all days up to and with it."""

    on: date
    at: Instant


class PlannedFollowUp(Fixed):
    """A follow-up, so many calendar days after employment began."""

    days: int
    at: Instant


class Plan(Fixed):
    """The calendar of one placement. ``start`` is its real first day, ``end`` its last; all weeks count from there."""

    start: date
    end: date
    weeks: int
    starts_at: Instant
    ends_at: Instant
    next_working_day: date
    """When employment begins unless something else is agreed: after the last day, or from ``not_before`` on."""
    items: list[GatedItem]
    offboarding: list[PlannedItem] = []
    """Where somebody leaves."""
    changeover: list[PlannedItem] = []
    """Where somebody is employed."""
    sessions: list[PlannedSession]
    goals_at: Instant
    reviews: list[PlannedReview]
    pulses: list[PlannedPulse]
    decision_at: Instant
    pay_days: list[PlannedPay]
    later_pay_days: list[PlannedPay]
    """Beyond the end, for a paid leave that lasts longer than that: nobody knows yet where it moves the end to."""
    follow_ups: list[PlannedFollowUp]
    holidays_lack: str | None = None
    """What the public holidays that were planned with leave out, where the role's country doesn't say enough."""
    mentor: PersonId | None = None
    """With whose working pattern the sessions are planned."""
    mentor_patterns: Patterns | None = None
    """What the mentor works by the records, as of when this was planned; none where nobody has looked it up."""
    sessions_lack: str | None = None
    """Why sessions are not on days on which both work."""
    days_off: list[date] = []
    """Days on which work is done by the policy and nobody works all the same: public holidays. No task is due then."""
    midnights: list[Midnights]
    """When local days begin: one entry, and one more for each change of the clocks."""

    def day_of(self, instant: datetime) -> date:
        """The local date of an instant."""
        return local_day_of(instant, self.midnights)
