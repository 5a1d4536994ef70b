"""Measuring a rehearsal: its figures from the records it has left."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from statistics import mean

from sqlalchemy import select
from sqlalchemy.orm import Session

from activities.placement.planning import plan_calendar
from domain.core.model import CaseId, Party, PersonId
from domain.core.questions import TaskKind
from domain.core.task_letters import TaskEscalated, TaskOverdue, TaskReminder
from domain.core.tasks import TaskState
from domain.placement.calendar import PlanRequest
from domain.placement.stages import Outcome
from records.local_time import local_day
from records.reporting import report
from records.tables.cohort import CohortRecord
from records.tables.core import CaseRecord, TaskRecord
from records.tables.placement import LeaveRecord
from rehearsal.clocks import DAY
from rehearsal.context import COHORT, COHORT_CASE
from rehearsal.figures import Lateness, Machine, PersonLoad, RoleWeek, Run, Unmatched
from rehearsal.habits import Habits
from rehearsal.inputs import Inputs
from rehearsal.no_mail import LetterRecord
from rehearsal.one_run import FinishedRun

DECISIONS = frozenset(
    {
        TaskKind.MATCHING_REVIEW,
        TaskKind.ELIGIBILITY_OVERRIDE,
        TaskKind.PROPOSAL,
        TaskKind.APPROVAL,
        TaskKind.CONFIRMATION,
        TaskKind.OFFER,
    }
)
"""The tasks by which something is decided about people."""

REMINDERS = (TaskReminder.template, TaskOverdue.template)
ESCALATION = TaskEscalated.template


def measure(finished: FinishedRun, habits: Habits) -> Run:
    """All figures of a run."""
    with finished.sandbox.database.reading() as session:
        return _Measuring(session, finished, habits).run()


def week_of(on: date, first: date) -> int:
    """The week of a date: 1 is that of the first day, -1 the one before."""
    weeks = (on - first).days // 7
    return weeks + 1 if weeks >= 0 else weeks


def week_at(instant: datetime, zone: str | None, first: date) -> int:
    """The week of an instant, by the calendar of where its case is at home."""
    return week_of(local_day(instant, zone), first)


class _Measuring:
    def __init__(self, session: Session, finished: FinishedRun, habits: Habits) -> None:
        self._session = session
        self._finished = finished
        self._inputs: Inputs = finished.inputs
        self._habits = habits
        self._returners = {participant.case: participant.returner for participant in self._inputs.report.participants}
        self._tasks = session.scalars(select(TaskRecord).order_by(TaskRecord.task)).all()
        self._cases = session.scalars(select(CaseRecord).order_by(CaseRecord.case_id)).all()
        self._zones = {case.case_id: case.time_zone for case in self._cases}
        self._zones[COHORT_CASE] = session.scalar(select(CohortRecord.time_zone).where(CohortRecord.cohort == COHORT))

    def run(self) -> Run:
        group = report(self._session, cohort=COHORT).in_all
        log = self._finished.log
        outcomes = Counter(case.outcome for case in self._cases if case.outcome is not None)
        not_started = len(self._returners) - len(self._cases)
        return Run(
            seed=self._finished.seed,
            policy=self._inputs.name,
            participants=len(self._returners),
            outcomes={outcome.value: outcomes.get(outcome.value, 0) for outcome in Outcome},
            unfinished=dict(
                sorted(Counter(case.stage for case in self._cases if case.outcome is None).items())
                + ([("not started", not_started)] if not_started else [])
            ),
            unmatched=[
                Unmatched(returner=self._returners[case], why=why) for case, why in sorted(log.unmatched.items())
            ],
            befell=dict(sorted(Counter(event.what for event in log.events).items())),
            roles=self._roles(),
            people=self._people(),
            overload_hours=self._habits.office.overload_hours_per_week,
            late=self._late(),
            stages=group.stage_times,
            costs=group.costs,
            unplayed={kind.value: number for kind, number in sorted(log.nobody.items())},
            machine=self._machine(),
        )

    # Work

    def _week(self, instant: datetime, case: CaseId) -> int:
        return week_at(instant, self._zones.get(case), self._inputs.starts_on)

    def _roles(self) -> list[RoleWeek]:
        counts: dict[tuple[str, int], Counter[str]] = defaultdict(Counter)
        hours: dict[tuple[str, int], float] = defaultdict(float)
        party = {task.task: task.party for task in self._tasks}
        for task in self._tasks:
            counts[task.party, self._week(task.opened_at, task.case_id)]["tasks"] += 1
            if task.closed_at is not None and task.answered_by is not None:
                hours[task.party, self._week(task.closed_at, task.case_id)] += self._hours(task)
        for letter in self._session.scalars(select(LetterRecord).where(LetterRecord.task.is_not(None))):
            if letter.template in REMINDERS:
                counts[party[letter.task or ""], self._week(letter.at, letter.case_id)]["reminders"] += 1
            elif letter.template == ESCALATION:
                counts[party[letter.task or ""], self._week(letter.at, letter.case_id)]["escalations"] += 1
        return [
            RoleWeek(
                role=Party(role).spoken,
                week=week,
                tasks=counts[role, week]["tasks"],
                reminders=counts[role, week]["reminders"],
                escalations=counts[role, week]["escalations"],
                hours=round(hours[role, week], 2),
            )
            for role, week in sorted(
                {*counts, *hours},
                key=lambda role_and_week: (list(Party).index(Party(role_and_week[0])), role_and_week[1]),
            )
        ]

    def _hours(self, task: TaskRecord) -> float:
        """The hours of work in a task; a session that was not held makes none."""
        if task.kind == TaskKind.SESSION_NOTE and not (task.answer or {}).get("held"):
            return 0.0
        return self._habits.of(TaskKind(task.kind)).minutes / 60

    def _people(self) -> list[PersonLoad]:
        """Who works on several cases, the fullest week first."""
        of: dict[PersonId, list[TaskRecord]] = defaultdict(list)
        for task in self._tasks:
            for person in {task.assignee, task.answered_by or task.assignee}:
                of[person].append(task)
        loads = [self._load(person, tasks) for person, tasks in of.items() if len({task.case_id for task in tasks}) > 1]
        return sorted(loads, key=lambda load: (-load.most_hours, load.person))

    def _load(self, person: PersonId, tasks: Sequence[TaskRecord]) -> PersonLoad:
        hours: dict[int, float] = defaultdict(float)
        for task in tasks:
            if task.closed_at is not None and task.answered_by == person:
                hours[self._week(task.closed_at, task.case_id)] += self._hours(task)
        own = [task for task in tasks if task.assignee == person]
        most, at = most_at_once([(task.opened_at, task.closed_at) for task in own])
        fullest = [self._week(at, task.case_id) for task in own if at and task.opened_at == at]
        return PersonLoad(
            person=person,
            parts=sorted({Party(task.party).spoken for task in own}),
            cases=len({task.case_id for task in tasks} - {COHORT_CASE}),
            hours={week: round(hours[week], 2) for week in sorted(hours)},
            most_open=most,
            week=fullest[0] if fullest else 0,
        )

    # Time

    def _late(self) -> list[Lateness]:
        of: dict[TaskKind, list[float]] = defaultdict(list)
        for task in self._tasks:
            if task.state == TaskState.ANSWERED and task.closed_at is not None:
                of[TaskKind(task.kind)].append((task.closed_at - task.due_at) / DAY)
        return [_lateness(kind, of[kind]) for kind in TaskKind if kind in of]

    def _machine(self) -> Machine:
        log = self._finished.log
        return Machine(
            seconds=round(self._finished.seconds, 1),
            seconds_per_day=self._finished.seconds_per_day,
            answered=log.answered,
            answers_off_mean=round(mean(log.off), 3) if log.off else 0.0,
            answers_off_most=round(max(log.off, default=0.0), 2),
            reviews_late_mean=round(mean(self._reviews_late() or [0.0]), 3),
        )

    def _reviews_late(self) -> list[float]:
        """By how many days reviews were opened later than the calendar had planned: a case's clock does not wait."""
        planned = self._planned_reviews()
        return [
            (task.opened_at - planned[task.case_id, task.subject]) / DAY
            for task in self._tasks
            if task.kind == TaskKind.SELF_REVIEW and (task.case_id, task.subject) in planned
        ]

    def _planned_reviews(self) -> dict[tuple[CaseId, str], datetime]:
        """When reviews were to open, in placements that no leave and no late mentor has moved."""
        on_leave = set(self._session.scalars(select(LeaveRecord.case_id)))
        begun = {case.case_id: case.starts_on for case in self._cases}
        planned: dict[tuple[CaseId, str], datetime] = {}
        for who in self._inputs.report.participants:
            role, start = self._inputs.roles[who.role], who.starts_on or self._inputs.starts_on
            if who.case in on_leave or begun.get(who.case) is None:
                continue
            plan = plan_calendar(
                PlanRequest(
                    case=who.case,
                    start=start,
                    weeks=who.weeks or self._inputs.policy.length.weeks,
                    pauses=[],
                    last_day=None,
                    employed_from=None,
                    patterns=who.patterns,
                    country=role.country,
                    time_zone=role.time_zone,
                    policy=self._inputs.policy,
                )
            )
            if begun[who.case] == plan.start:
                planned |= {(who.case, f"{review.title} review"): review.opens_at for review in plan.reviews}
        return planned


def _lateness(kind: TaskKind, days: Sequence[float]) -> Lateness:
    late = [days_late for days_late in days if days_late > 0]
    return Lateness(
        kind=kind.value,
        decision=kind in DECISIONS,
        answered=len(days),
        late=len(late),
        mean_days=round(mean(late), 2) if late else 0.0,
        most_days=round(max(late, default=0.0), 2),
    )


def most_at_once(spans: Iterable[tuple[datetime, datetime | None]]) -> tuple[int, datetime | None]:
    """How many spans are open at the same time at most, and when that is so first."""
    spans = list(spans)
    end = max([moment for span in spans for moment in span if moment is not None], default=datetime.now(UTC))
    steps = sorted([(begun, 1) for begun, _ in spans] + [(over or end, -1) for _, over in spans])
    open_now, most, when = 0, 0, None
    for at, step in steps:
        open_now += step
        if open_now > most:
            most, when = open_now, at
    return most, when
