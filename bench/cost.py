"""What a finished workflow has cost, read from its history."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent

from bench.bare import Load

OF_SKIPPING = frozenset({"WORKFLOW_EXECUTION_OPTIONS_UPDATED", "WORKFLOW_EXECUTION_TIME_SKIPPING_TRANSITIONED"})
"""What the skipping of time adds to a history. The bench does that, not the workflow, so it is not counted."""

WORKFLOW_TASK_BEGINS = frozenset({"WORKFLOW_TASK_SCHEDULED"})
ACTIVITY_BEGINS = frozenset({"ACTIVITY_TASK_SCHEDULED"})
WORKFLOW_TASK_ENDS = frozenset({"WORKFLOW_TASK_COMPLETED", "WORKFLOW_TASK_FAILED", "WORKFLOW_TASK_TIMED_OUT"})
ACTIVITY_ENDS = frozenset(
    {"ACTIVITY_TASK_COMPLETED", "ACTIVITY_TASK_FAILED", "ACTIVITY_TASK_TIMED_OUT", "ACTIVITY_TASK_CANCELED"}
)


@dataclass(frozen=True)
class Cost:
    """``worked`` is the wall time in which something was in hand: a workflow task or an activity was pending.

    ``in_workflow_tasks`` is the part of it in which a workflow task was: what is left was spent in activities alone.
    """

    by_type: Counter[str]
    size: int
    worked: timedelta
    in_workflow_tasks: timedelta

    @property
    def events(self) -> int:
        """Events of the history in all."""
        return self.by_type.total()

    @property
    def answers(self) -> int:
        """Updates that were accepted and answered."""
        return self.by_type["WORKFLOW_EXECUTION_UPDATE_COMPLETED"]

    @property
    def events_per_answer(self) -> float:
        """All events, shared out among the answers."""
        return self.events / self.answers

    def load(self) -> Load:
        """The same numbers for the bare workflow."""
        return Load(
            # A local activity leaves only a marker.
            activities=self.by_type["ACTIVITY_TASK_SCHEDULED"] + self.by_type["MARKER_RECORDED"],
            answers=self.answers,
            timers_fired=self.by_type["TIMER_FIRED"],
            timers_cancelled=self.by_type["TIMER_STARTED"] - self.by_type["TIMER_FIRED"],
        )


def cost_of(events: Iterable[HistoryEvent]) -> Cost:
    """The cost of a workflow with this history."""
    counted = [event for event in events if name(event) not in OF_SKIPPING]
    return Cost(
        by_type=Counter(name(event) for event in counted),
        size=sum(event.ByteSize() for event in counted),
        worked=time_in_hand(counted, WORKFLOW_TASK_BEGINS | ACTIVITY_BEGINS),
        in_workflow_tasks=time_in_hand(counted, WORKFLOW_TASK_BEGINS),
    )


def name(event: HistoryEvent) -> str:
    """The type of an event without its prefix."""
    return EventType.Name(event.event_type).removeprefix("EVENT_TYPE_")


def moment(event: HistoryEvent) -> datetime:
    """When it was, on the workflow's own clock."""
    return event.event_time.ToDatetime(tzinfo=UTC)


def time_in_hand(events: Iterable[HistoryEvent], beginnings: Collection[str]) -> timedelta:
    """How long something that begins with one of these events was pending. Time is skipped only when nothing is."""
    worked, pending, since = timedelta(0), set[int](), datetime.min.replace(tzinfo=UTC)
    for event in events:
        if name(event) in beginnings:
            since = since if pending else moment(event)
            pending.add(event.event_id)
        elif (ended := _ended(event)) in pending:
            pending.remove(ended)
            worked += timedelta(0) if pending else moment(event) - since
    return worked


def _ended(event: HistoryEvent) -> int:
    """The id of the event that began what this one ends; 0 when it ends nothing."""
    kind = name(event)
    if kind not in WORKFLOW_TASK_ENDS | ACTIVITY_ENDS:
        return 0
    attributes = getattr(event, f"{kind.lower()}_event_attributes")
    scheduled: int = attributes.scheduled_event_id
    return scheduled


def next_timer(events: Iterable[HistoryEvent]) -> datetime | None:
    """When the next of the timers that run will fire."""
    running: dict[int, datetime] = {}
    for event in events:
        match name(event):
            case "TIMER_STARTED":
                length = event.timer_started_event_attributes.start_to_fire_timeout.ToTimedelta()
                running[event.event_id] = moment(event) + length
            case "TIMER_FIRED":
                running.pop(event.timer_fired_event_attributes.started_event_id)
            case "TIMER_CANCELED":
                running.pop(event.timer_canceled_event_attributes.started_event_id)
    return min(running.values(), default=None)
