"""A case as people read it, whatever its programme."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rich.console import RenderableType

from cli.certification.view import CertificationView
from cli.cohort.view import CohortView
from cli.core.case_view import CaseView, Names, State, ids_in
from cli.learning.view import PathView
from cli.placement.view import PlacementView

__all__ = ["ids_in", "rendered"]

VIEWS: Mapping[str, Callable[[State, Names], CaseView]] = {
    "returnship": PlacementView,
    "upskilling": PathView,
    "certification": CertificationView,
    "cohort": CohortView,
}


def rendered(state: State, names: Names) -> list[RenderableType]:
    """The parts of the view that have something to say, in the order of the programme."""
    return VIEWS[state["programme"]](state, names).rendered()
