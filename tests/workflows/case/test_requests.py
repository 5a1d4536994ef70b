"""Who may ask what of a case: every update stands in its subject's table, and no update forgets to look there."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from temporalio import workflow
from temporalio.exceptions import ApplicationError

from domain.core.case import CaseState
from domain.core.model import Party
from domain.core.permissions import Permission
from domain.core.tasks import Refused
from domain.placement.requests import ReassignMentor
from workflows.case.requests import CaseRequests
from workflows.placement.requests import PlacementRequests
from workflows.registry import WORKFLOWS

STRANGER = "P-STRANGER"


def updates(kind: type[Any]) -> dict[str, Any]:
    """The updates of a workflow type, as Temporal has them, by name."""
    definition = workflow._Definition.must_from_class(kind)
    return {str(name): update for name, update in definition.updates.items()}


def by_party() -> list[Any]:
    """Each update that goes by the parts people have: the workflow type, what Temporal has of it, who may ask it."""
    every = [(kind, name, update) for kind in WORKFLOWS for name, update in updates(kind).items()]
    return [
        pytest.param(kind, update, permission.who, id=f"{kind.__name__}.{name}")
        for kind, name, update in every
        if isinstance((permission := permission_of(kind, update)).who, frozenset)
    ]


def permission_of(kind: type[Any], update: Any) -> Permission:
    """The row of the table in which an update stands."""
    permission: Permission = kind.may_ask[update.arg_types[0]]
    return permission


def case_with_everybody(kind: type[CaseRequests]) -> Any:
    """A case of that kind in which each part is somebody's, as far as who may ask is concerned."""
    case = kind.__new__(kind)
    parts: dict[str, Any] = {"case": "C-1", "parties": {party: f"P-{party.name}" for party in Party}}
    case.state = CaseState.model_construct(**parts)
    if isinstance(case, PlacementRequests):
        case.mentoring = SimpleNamespace(search=SimpleNamespace(nominee=None))  # type: ignore[assignment]
    return case


@pytest.mark.parametrize("kind", WORKFLOWS)
def test_every_update_stands_in_the_table_of_its_subject_and_is_checked(kind: type[Any]) -> None:
    found = updates(kind)

    assert {update.arg_types[0] for update in found.values()} == set(
        getattr(kind, "may_ask", ())
    )  # of somebody's daily mail nothing is asked
    assert all(update.validator is not None and update.description for update in found.values())


@pytest.mark.parametrize(("kind", "update", "who"), by_party())
def test_no_update_is_for_somebody_who_has_no_such_part_in_the_case(
    kind: type[CaseRequests], update: Any, who: frozenset[Party]
) -> None:
    case = case_with_everybody(kind)
    others = [STRANGER, *(f"P-{party.name}" for party in Party if party not in who)]

    for actor in others:
        request = update.arg_types[0].model_construct(actor=actor)
        with pytest.raises(ApplicationError, match=f"{actor} can't do that in C-1: it is for") as refused:
            update.validator(case, request)
        assert refused.value.type == "Refused.forbidden"


@pytest.mark.parametrize(("kind", "update", "who"), by_party())
def test_whoever_has_the_part_may_ask(kind: type[CaseRequests], update: Any, who: frozenset[Party]) -> None:
    case = case_with_everybody(kind)

    for party in who:
        case.check_who(update.arg_types[0].model_construct(actor=f"P-{party.name}"))


def test_what_hr_has_said_of_mentors_is_for_hr_to_put_aside() -> None:
    case = case_with_everybody(PlacementRequests)
    for request in (
        ReassignMentor(actor="P-MENTOR", reason="tired", mentor="P-OTHER", although_forbidden=True),
        ReassignMentor(actor="P-MENTOR", reason="tired", lift=["P-OTHER"]),
    ):
        with pytest.raises(Refused, match="it is for HR, head of HR"):
            case.may_reassign_mentor(request)
