"""Planning a placement's calendar: programme time turned into dates and instants.

Programme time counts days from the start and stands still during a pause. Weekends, public holidays and time zones
come in as two functions, because the data behind them changes: the plan is made once in an activity and pinned in
the case's state. Made again after a pause or an extension, it leaves what lies before unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from zlib import crc32

from domain.core.local_days import At, days_off_between, midnights_around
from domain.core.model import Party
from domain.core.working_pattern import WorkingTime
from domain.placement.calendar import (
    GatedItem,
    Plan,
    PlannedFollowUp,
    PlannedItem,
    PlannedPay,
    PlannedPulse,
    PlannedReview,
    PlannedSession,
    PlanRequest,
)
from domain.placement.checklists import Item
from domain.placement.common_days import CommonDays
from domain.placement.policy import ChecklistItem
from domain.placement.programme_days import BACK, ProgrammeDays, Working

DAY_BEGINS = time(9, 0)
DAY_ENDS = time(17, 0)
SESSION_BEGINS = time(10, 0)
SESSION_DAY = 2
"""Mentoring sessions are on the third day of a programme week, or on the next that suits both (own default)."""

NO_DAY_IN_COMMON = "returner and mentor have no working day in common: sessions are on days of the returner's"

DAYS_AROUND = 60, 460
"""So many days before the first and after the last one public holidays are told: those of the last follow-up, too."""

MONTHS_OF_LEAVE = 24
"""How long a paid leave may last beyond the planned end and still be paid each month."""

SPREAD_MINUTES = 60
"""Cases open what is due on the same day spread over the first hour, so that not all come at once."""


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
            days_off=self.days_off(start, max(end, self.request.employed_from or end)),
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
        first, last = start - timedelta(days=DAYS_AROUND[0]), end + timedelta(days=DAYS_AROUND[1])
        return days_off_between(first, last, self.policy.working_week, self.working)

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
