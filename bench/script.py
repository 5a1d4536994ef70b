"""What a placement did, step by step, read from its history: so that another engine can be made to do the same."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, TypeAdapter
from temporalio.api.history.v1 import HistoryEvent

from bench.cost import moment, name
from domain.core.tasks import AnswerTask
from domain.core.updates import Update

CASE = "B-SCRIPTED"
"""Stands in a script where each placement has its own id."""


class Step(BaseModel):
    """One thing that the placement did.

    It called the activity ``name`` with ``argument`` (JSON); waited until ``at_seconds`` after its start; or waited for
    the answer to the task ``name``.
    """

    kind: Literal["activity", "wait", "answer"]
    name: str = ""
    argument: str = ""
    at_seconds: float = 0


_STEPS = TypeAdapter(list[Step])


def script_of(case: str, events: Iterable[HistoryEvent]) -> list[Step]:
    """The steps of the placement ``case``, in the order of its history."""
    found: list[Step] = []
    began = None
    for event in events:
        began = began or moment(event)
        match name(event):
            case "ACTIVITY_TASK_SCHEDULED":
                called = event.activity_task_scheduled_event_attributes
                argument = called.input.payloads[0].data.decode().replace(case, CASE)
                found.append(Step(kind="activity", name=called.activity_type.name, argument=argument))
            case "TIMER_FIRED":
                found.append(Step(kind="wait", at_seconds=(moment(event) - began).total_seconds()))
            case "WORKFLOW_EXECUTION_UPDATE_ACCEPTED":
                asked = event.workflow_execution_update_accepted_event_attributes.accepted_request.input
                if asked.name == Update.ANSWER_TASK:
                    task = AnswerTask.model_validate_json(asked.args.payloads[0].data).task
                    found.append(Step(kind="answer", name=task.replace(case, CASE)))
    return found


def save(steps: list[Step], path: Path) -> None:
    """Write a script down for another process."""
    path.write_bytes(_STEPS.dump_json(steps))


def load(path: Path) -> list[Step]:
    """A script that was written down."""
    return _STEPS.validate_json(path.read_bytes())
