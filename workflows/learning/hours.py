"""The hours that were spent on the trainings of a path, as they come to be known; what changes goes on record."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal

from domain.core.learning_rows import LearningHoursRow
from domain.core.local_days import local_day_of
from domain.core.tasks import Refused
from domain.learning.catalogue import WorkshopSession
from domain.learning.enrolment import Enrolment
from domain.learning.forms import Attendance, Attended
from domain.learning.hours import (
    MOST_MEASURED,
    AttendedHours,
    MeasuredTime,
    OwnHours,
    hours_of,
    in_hours,
    is_too_long,
    is_too_much,
    own_hours_on,
    workshop_hours,
)
from domain.learning.requests import StateHours
from workflows.learning.context import PathContext


class SpentHours:
    """The hours of a path, from all three sources. ``changed`` is called whenever there are others."""

    def __init__(self, context: PathContext, changed: Callable[[], None]) -> None:
        self._context = context
        self._state = context.state
        self._changed = changed

    # Who was there

    def attended(self, enrolment: Enrolment, session: WorkshopSession, said: Attendance) -> None:
        """The trainer has said how much of a session was attended; said anew, the last counts."""
        whole, share = workshop_hours(session, enrolment.training), self._state.policy.hours.partial_share
        hours = {Attended.NONE: Decimal(0), Attended.PARTIAL: whole * share, Attended.FULL: whole}[said.attended]
        with self._on_record(enrolment):
            attended = AttendedHours(
                session=session.id,
                on=local_day_of(session.starts, self._state.midnights),
                hours=(said.hours if said.hours is not None else hours).quantize(Decimal("0.01")),
            )
            enrolment.attended = [*(other for other in enrolment.attended if other.session != session.id), attended]

    def check_attended(self, session: WorkshopSession) -> Callable[[Attendance], None]:
        """What refuses more hours than a session lasted."""

        def check(said: Attendance) -> None:
            lasted = in_hours(session.ends - session.starts)
            if said.hours is not None and said.hours > lasted:
                raise Refused(f"hours: {said.hours} is more than the {lasted} hours that the session lasted", "invalid")

        return check

    # What a learning system has measured

    def measured(
        self, enrolment: Enrolment, took: timedelta, until: datetime | None, on_the_clock: datetime | None
    ) -> str | None:
        """A learning system has said how long something took, ``until`` an instant; why that counts nothing, or none.

        ``on_the_clock`` is that instant by the path's clock.
        """
        if is_too_long(took, enrolment.training, self._state.policy.hours):
            return (
                f"it says to have taken {in_hours(took):f} hours, more than "
                f"{self._state.policy.hours.most_times_planned:f} times the {enrolment.training.hours} planned: "
                "that does not count as hours spent"
            )
        measured = [*enrolment.measured, MeasuredTime(until=until, took=took)]
        if is_too_much(measured):
            return (
                f"with it, {enrolment.training.title} would have taken more than {MOST_MEASURED:,f} hours: "
                "that does not count as hours spent"
            )
        with self._on_record(enrolment):
            enrolment.measured = measured
            # a learning system's clock may be ahead: nobody has learned on a day to come
            day = min(local_day_of(on_the_clock or self._context.now(), self._state.midnights), self._context.today())
            enrolment.measured_on = max(day, enrolment.measured_on or day)
        return None

    # What the learner says

    def check_stated(self, request: StateHours) -> None:
        """Refuse hours that the learner can't have spent, or can't state any more."""
        enrolment, rules, today = self._of(request), self._state.policy.hours, self._context.today()
        if enrolment is None:
            begun = sorted({other.training.id for other in self._state.enrolments if other.begun})
            there = f"begun are {', '.join(begun)}" if begun else "none was begun yet"
            raise Refused(f"training: {request.training} is none of this path that was begun; {there}", "invalid")
        assert enrolment.begun is not None
        first = max(local_day_of(enrolment.begun, self._state.midnights), today - timedelta(days=rules.own_days_back))
        if not first <= request.on <= today:
            raise Refused(
                f"on: {request.on} must not be after today, {today}, nor before {first}: the training was begun "
                f"then, or it was {rules.own_days_back} days ago",
                "invalid",
            )
        besides = own_hours_on(self._state.enrolments, request.on, but=enrolment)
        if besides + request.hours > rules.own_per_day:
            more = f" besides the {besides:f} of other trainings" if besides else ""
            raise Refused(
                f"hours: {request.hours:f} for {request.on}{more} is more than the {rules.own_per_day:f} hours a day "
                "that the policy lets count",
                "invalid",
            )

    def stated(self, request: StateHours) -> str:
        """The learner has said how long they learned on a day; that replaces what they said of it before."""
        enrolment = self._of(request)
        assert enrolment is not None
        with self._on_record(enrolment):
            others = [said for said in enrolment.own_hours if said.on != request.on]
            said = OwnHours(on=request.on, hours=request.hours)
            enrolment.own_hours = sorted([*others, said], key=lambda entry: entry.on)
        title, totals = enrolment.training.title, self._state.hours_in_all()
        sentence = f"{request.hours:f} hours on {request.on} for {title}; spent in all: {totals.sentence}"
        if enrolment.attended:
            return f"{sentence}. Its attendance is on record and counts instead"
        if enrolment.measured:
            return f"{sentence}. What the learning system has measured counts instead"
        return sentence

    def _of(self, request: StateHours) -> Enrolment | None:
        """The training that was begun last under this id."""
        begun = [
            enrolment
            for enrolment in self._state.enrolments
            if enrolment.training.id == request.training and enrolment.begun is not None
        ]
        return begun[-1] if begun else None

    @contextmanager
    def _on_record(self, enrolment: Enrolment) -> Iterator[None]:
        """Put on record what becomes otherwise of a training's hours."""
        before = {entry.key: entry for entry in hours_of(enrolment)}
        yield
        for entry in hours_of(enrolment):
            if before.get(entry.key) != entry:
                self._context.report.row(LearningHoursRow(at=self._context.now(), **entry.model_dump()))
        self._changed()
