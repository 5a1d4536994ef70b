"""What Temporal is told of a workflow that begins: the same for one that a client starts and for one's child."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypedDict

from temporalio.common import TypedSearchAttributes

from domain.core.beginning import WorkflowBeginning
from engine.search_attributes import at_the_start


class StartOptions(TypedDict):
    """The options of a start that a client and a workflow give alike."""

    id: str
    memo: Mapping[str, Any] | None
    search_attributes: TypedSearchAttributes | None
    static_summary: str
    static_details: str


def start_options(beginning: WorkflowBeginning) -> StartOptions:
    """With what a workflow is started, beside its type and argument."""
    return StartOptions(
        id=beginning.workflow_id,
        memo=beginning.memo or None,
        search_attributes=at_the_start(beginning),
        static_summary=beginning.summary,
        static_details=beginning.details,
    )
