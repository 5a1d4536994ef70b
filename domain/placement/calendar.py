"""Planning a placement's calendar: programme time turned into dates and instants.

Programme time counts days from the start and stands still during a pause. Weekends, public holidays and time zones
come in as two functions, because the data behind them changes: the plan is made once in an activity and pinned in
the case's state. Made again after a pause or an extension, it leaves what lies before unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zlib import crc32

from domain.core.local_days import At, Midnights, local_day_of, midnights_around
from domain.core.model import CaseId, Fixed, Instant, Party, PersonId
from domain.core.people import Country
from domain.core.working_pattern import Patterns, WorkingTime
from domain.placement.checklists import Item
from domain.placement.common_days import CommonDays
from domain.placement.policy import ChecklistItem, Policy
from domain.placement.programme_days import BACK, Leave, ProgrammeDays, Working

DAY_BEGINS = time(9, 0)
DAY_ENDS = time(17, 0)
SESSION_BEGINS = time(10, 0)
SESSION_DAY = 2
"""Mentoring sessions are on the third day of a programme week, or on the next that suits both (own default)."""

NO_DAY_IN_COMMON = "returner and mentor have no working day in common: sessions are on days of the returner's"

DAYS_AROUND = 60
"""So many days before the first and after the last one, public holidays are told of those who have own days."""

MONTHS_OF_LEAVE = 24
"""How long a paid leave may last beyond the planned end and still be paid each month."""

SPREAD_MINUTES = 60
"""Cases open what is due on the same day spread over the first hour, so that not all come at once."""


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
    """Days on which work is done by the policy and nobody works all the same: public holidays. Only where returner or
    mentor have hours by weekday, whose tasks are due on days of theirs."""
    midnights: list[Midnights]
    """When local days begin: one entry, and one more for each change of the clocks."""

    def day_of(self, instant: datetime) -> date:
        """The local date of an instant."""
        return local_day_of(instant, self.midnights)


def make_plan(request: PlanRequest, working: Working, at: At) -> Plan:
    """The calendar for a request. Raises ``ValueError`` when no working day is found within a month of a date."""
    return _Planner(request, working, at).plan()


class _Planner:
    def __init__(self, request: PlanRequest, working: Working, at: At) -> None:
        self.request = request
        self.policy = request.policy
        self.at = at
        self.working = working
        full = request.policy.working_week
        self.returner = WorkingTime(request.patterns, full)
        self.mentor = WorkingTime(request.mentor_patterns or [], full)
        self.days = ProgrammeDays(
            request.start,
            request.weeks,
            request.pauses,
            working,
            last_day=request.policy.length.last_day,
            own=self.own(self.returner),
        )
        self.common = CommonDays(self.days.start, request.pauses, working, [self.returner, self.mentor])
        self.spread = timedelta(minutes=crc32(request.case.encode()) % SPREAD_MINUTES)

    def plan(self) -> Plan:
        days, weeks = self.days, self.request.weeks
        start, full_end = days.start, days.last
        end = self.end()
        # A placement shorter than the lead of its decision still has a week before it.
        decision = 7 * max(1, weeks - self.policy.decision.weeks_before_end)
        after = end + timedelta(days=1)
        sessions = [session for session in self.sessions() if session.ends <= self.at(end, DAY_ENDS)]
        return Plan(
            start=start,
            end=end,
            weeks=weeks,
            starts_at=self.morning(start),
            ends_at=self.at(end, DAY_ENDS),
            next_working_day=days.on_or_after(self.request.not_before or after),
            items=[self.item(item) for item in self.policy.onboarding.items],
            offboarding=self.around(self.request.left_on or end, self.policy.offboarding.items),
            changeover=self.around(self.last_before_employment(end), self.policy.changeover.items),
            sessions=sessions,
            goals_at=self.morning(days.working_day_from(1)),
            reviews=list(self.reviews(end, ends_early=end < full_end)),
            pulses=list(self.pulses(end)),
            decision_at=self.morning(days.working_day_from(decision, BACK)),
            pay_days=[self.pay_day(day) for day in self.pay_days(start, end)],
            later_pay_days=[self.pay_day(day) for day in self.later_pay_days(end)],
            follow_ups=self.follow_ups(self.request.employed_from or days.on_or_after(after)),
            midnights=list(midnights_around(start, end, self.at)),
            mentor=self.request.mentor,
            mentor_patterns=self.request.mentor_patterns,
            sessions_lack=NO_DAY_IN_COMMON if self.common.lacking else None,
            days_off=self.days_off(start, end) if self.has_own_days else [],
        )

    def own(self, time: WorkingTime) -> Working:
        """The working days of somebody: public holidays are none of part-timers' either (own default)."""
        return lambda day: self.working(day) and time.works_on(day)

    @property
    def has_own_days(self) -> bool:
        """Whether returner or mentor have hours by weekday."""
        patterns = [*self.request.patterns, *(self.request.mentor_patterns or [])]
        return any(pattern.week is not None for pattern in patterns)

    def days_off(self, start: date, end: date) -> list[date]:
        """The public holidays around a placement."""
        days = (start + timedelta(days=n) for n in range(-DAYS_AROUND, (end - start).days + DAYS_AROUND))
        hours = self.policy.working_week.hours
        return [day for day in days if hours[day.weekday()] and not self.working(day)]

    def end(self) -> date:
        """The last day, which an early conversion brings nearer."""
        end = min(self.days.last, self.request.last_day or self.days.last)
        if self.policy.length.last_day == "working_day":
            end = self.days.on_or_before(end)
        return max(self.days.start, end)

    def morning(self, day: date) -> datetime:
        return self.at(day, DAY_BEGINS) + self.spread

    def last_before_employment(self, end: date) -> date:
        """The last day of the placement, or a later one where employment does not begin at once."""
        return self.request.employed_from - timedelta(days=1) if self.request.employed_from else end

    def around(self, last: date, items: Sequence[Item]) -> list[PlannedItem]:
        """Items that count from a last day; a leave before it changes nothing in how far they are from there."""
        return [
            PlannedItem(
                key=item.key,
                opens_at=self.morning(self.days.working_day_around(last, item.opens_day)),
                due_at=self.at(self.days.working_day_around(last, item.due_day), DAY_ENDS),
            )
            for item in items
        ]

    def item(self, item: ChecklistItem) -> GatedItem:
        return GatedItem(
            key=item.key,
            opens_at=self.morning(self.days.working_day(item.opens_day, self.own_of(item.owner))),
            due_at=self.due_at(item),
            gate_at=self.gate_at(item.gate),
        )

    def due_at(self, item: ChecklistItem) -> datetime:
        return self.at(self.days.working_day(item.due_day, self.own_of(item.owner)), DAY_ENDS)

    def own_of(self, owner: Party) -> Working | None:
        """The days of an item's owner: returner and mentor have their own, as far as they are known."""
        time = {Party.RETURNER: self.returner, Party.MENTOR: self.mentor}.get(owner)
        return None if time is None else self.own(time)

    def gate_at(self, gate: str) -> datetime:
        """A gate waits for the last of what it guards to be due."""
        rules = self.policy.onboarding
        due = [self.due_at(item) for item in rules.items if item.required and item.gate == gate]
        return max([self.morning(self.days.day(rules.gates[gate])), *due])

    def sessions(self) -> Iterator[PlannedSession]:
        rules = self.policy.mentoring
        weekly = range(1, min(rules.weekly_for_weeks, self.request.weeks) + 1)
        later = range(rules.weekly_for_weeks + rules.then_every_weeks, self.request.weeks + 1, rules.then_every_weeks)
        day: date | None = None
        for n, week in enumerate([*weekly, *later], start=1):
            if self.has_own_days:
                day = self.common.in_week(week, SESSION_DAY, after=day)
            else:
                day = self.days.working_day_from(7 * (week - 1) + SESSION_DAY)
            starts = self.at(day, SESSION_BEGINS)
            yield PlannedSession(n=n, week=week, starts=starts, ends=starts + timedelta(minutes=rules.session_minutes))

    def reviews(self, end: date, *, ends_early: bool) -> Iterator[PlannedReview]:
        """Those of the policy's weeks, and the final one; after an early conversion that has no more purpose."""
        weeks = [week for week in self.policy.reviews.weeks if week < self.request.weeks]
        for n, week in enumerate(weeks, start=1):
            opens = self.days.working_day_from(7 * week - 3, BACK)
            if opens < end:
                yield PlannedReview(n=n, title=f"week {week}", opens_at=self.morning(opens))
        if ends_early:
            return
        final = self.days.on_or_before(end - timedelta(days=self.policy.reviews.final_days_before_end))
        yield PlannedReview(n=len(weeks) + 1, title="final", opens_at=self.morning(final))

    def pulses(self, end: date) -> Iterator[PlannedPulse]:
        """On the last working day of their weeks, before the last day."""
        rules = self.policy.pulses
        for week in (week for week in rules.weeks if week < self.request.weeks):
            of = [Party.RETURNER] if week in rules.returner_weeks else []
            of += [Party.MENTOR] if week == rules.mentor_week else []
            opens = self.days.working_day_from(7 * week - 3, BACK)
            if opens < end:
                yield PlannedPulse(week=week, of=of, opens_at=self.morning(opens))

    def pay_day(self, day: date) -> PlannedPay:
        return PlannedPay(on=day, at=self.at(day, time(12, 0)))

    def pay_days(self, start: date, end: date) -> Iterator[date]:
        yield from (day for day in self.month_ends(start, end) if start <= day < end)
        yield end

    def later_pay_days(self, end: date) -> Iterator[date]:
        if self.policy.stipend.paid_leave:
            latest = end + timedelta(days=31 * MONTHS_OF_LEAVE)
            yield from (day for day in self.month_ends(end, latest) if day > end)

    def month_ends(self, start: date, end: date) -> Iterator[date]:
        """The last working day of each month from that of ``start`` to that of ``end``."""
        month = start.replace(day=1)
        while month <= end:
            following = (month + timedelta(days=32)).replace(day=1)
            yield self.days.on_or_before(following - timedelta(days=1))
            month = following

    def follow_ups(self, employed_from: date) -> list[PlannedFollowUp]:
        return [
            PlannedFollowUp(days=days, at=self.morning(self.days.on_or_after(employed_from + timedelta(days=days))))
            for days in self.policy.follow_up.days
        ]
