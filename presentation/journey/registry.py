"""The journey of a case of whatever programme."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from domain.core.naming import Programme
from presentation.journey.certification import certification_journey
from presentation.journey.cohort import cohort_journey
from presentation.journey.common import Material
from presentation.journey.model import Journey
from presentation.journey.path import path_journey
from presentation.journey.placement import placement_journey

JOURNEYS: Mapping[Programme, Callable[[Material], Journey]] = {
    Programme.RETURNSHIP: placement_journey,
    Programme.UPSKILLING: path_journey,
    Programme.CERTIFICATION: certification_journey,
    Programme.COHORT: cohort_journey,
}


def journey_of(material: Material) -> Journey:
    """The journey of the case that the material is about."""
    return JOURNEYS[material.records.programme](material)
