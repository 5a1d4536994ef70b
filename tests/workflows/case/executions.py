"""What a driver of workflows keeps of each: its runs, updates, timers and activities."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.bridge.proto.workflow_activation import WorkflowActivationJob
from temporalio.bridge.proto.workflow_commands import ScheduleActivity

from tests.workflows.case.run_by_hand import CONVERTER, FAILURES, RunByHand

T = TypeVar("T")


class Gone(LookupError):
    """Nothing runs under that id."""


@dataclass
class SentUpdate:
    """An update on its way, and what came of it."""

    name: str
    accepted: bool = False
    result: Payload | None = None
    failure: Failure | None = None

    @property
    def done(self) -> bool:
        """Whether it is answered."""
        return self.result is not None or self.failure is not None

    @property
    def refusal(self) -> str | None:
        """The sentence with which it was refused, or none."""
        return self.failure.message if self.failure is not None else None

    def answer(self, kind: type[T]) -> T:
        """What it was answered with. Raises the ``ApplicationError`` of a refusal."""
        if self.failure is not None:
            raise FAILURES.from_failure(self.failure, CONVERTER)
        assert self.result is not None, f"{self.name} is not answered"
        (value,) = CONVERTER.from_payloads([self.result], [kind])
        answered: T = value
        return answered


@dataclass
class OpenActivity:
    """An activity that was scheduled; nobody hears of the result of one that is no longer ``wanted``."""

    of: Execution
    run: RunByHand
    command: ScheduleActivity
    wanted: bool = True
    going: Generator[SentUpdate | None, None, Any] | None = None
    waits_for: SentUpdate | None = None

    @property
    def name(self) -> str:
        """The name it is registered under."""
        return self.command.activity_type

    @property
    def can_go_on(self) -> bool:
        """Whether there is something for it to do."""
        return self.waits_for is None or self.waits_for.done


@dataclass
class Execution:
    """A workflow by its id, from its start to its end, over however many runs."""

    id: str
    run: RunByHand
    parent: tuple[Execution, int] | None = None
    status: str = "running"
    result: Payload | None = None
    failure: Failure | None = None
    runs: int = 1
    cancelled_run: int | None = None
    """The run of which it was asked that it be cancelled."""
    inbox: list[WorkflowActivationJob] = field(default_factory=list)
    timers: dict[int, datetime] = field(default_factory=dict)
    updates: dict[str, SentUpdate] = field(default_factory=dict)
    search_attributes: dict[str, Any] = field(default_factory=dict)
    upserts: int = 0
    begun: bool = False
    is_ending: bool = False
    """Whether the last step of a run is under way."""

    @property
    def has_something_to_do(self) -> bool:
        """Whether a step of it is due."""
        return self.status == "running" and not self.is_ending and (bool(self.inbox) or not self.begun)

    def ended_with(self, kind: type[T]) -> T:
        """What it returned."""
        assert self.status == "completed", f"{self.id} is {self.status}: {self.failure and self.failure.message}"
        assert self.result is not None
        (value,) = CONVERTER.from_payloads([self.result], [kind])
        returned: T = value
        return returned
