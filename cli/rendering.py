"""A case as people read it, whatever its programme."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from rich.console import RenderableType

from cli.case_view import CaseView, Names, State, ids_in
from cli.certification_view import CertificationView
from cli.cohort_view import CohortView
from cli.path_view import PathView
from cli.placement_view import PlacementView

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
