"""The search attributes of Waymark: one list, read by the code that sets them and by the code that registers them."""

from __future__ import annotations

from typing import Any

from temporalio.common import SearchAttributeKey, SearchAttributePair, TypedSearchAttributes

from domain.core.beginning import WorkflowBeginning

STAGE = SearchAttributeKey.for_keyword("WaymarkStage")
COHORT = SearchAttributeKey.for_keyword("WaymarkCohort")
POLICY = SearchAttributeKey.for_keyword("WaymarkPolicy")
DUE = SearchAttributeKey.for_datetime("WaymarkDue")
"""When the next thing of the case is due."""
AT_RISK = SearchAttributeKey.for_bool("WaymarkAtRisk")
WAITING_FOR = SearchAttributeKey.for_keyword_list("WaymarkWaitingFor")
"""The roles, never the persons, that the case waits for."""

ALL: tuple[SearchAttributeKey[Any], ...] = (STAGE, COHORT, POLICY, DUE, AT_RISK, WAITING_FOR)


def at_the_start(beginning: WorkflowBeginning) -> TypedSearchAttributes | None:
    """What a workflow that begins is found by, whoever begins it; none where it has nothing of the kind."""
    pairs: list[SearchAttributePair[Any]] = [
        SearchAttributePair(key, value)
        for key, value in ((STAGE, beginning.stage), (POLICY, beginning.policy), (COHORT, beginning.cohort))
        if value
    ]
    return TypedSearchAttributes(pairs) if pairs else None
