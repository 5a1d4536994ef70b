"""How a placement begins, by itself or with a cohort."""

from __future__ import annotations

from domain.core.beginning import NONE, PACE, POLICY, Beginning, Claim, pace
from domain.core.naming import Programme
from domain.core.working_pattern import patterns_text
from domain.learning.beginning import claim_of_path, path_beginning
from domain.placement.stages import Stage
from domain.placement.start import PlacementStart

PATTERN = "working pattern"
"""The term of a placement that is as the records say by default."""

FULL_TIME = "full time"

MENTOR = "mentor to ask first"
"""The term of a placement that a search finds by default."""

FIRST_DAY = "first day"
"""The term of a placement that has a default of its own on each day."""


def claim_of_placement(start: PlacementStart) -> Claim:
    """The claim of a placement: the only one of its returner."""
    return Claim(
        case=start.case,
        programme=Programme.RETURNSHIP,
        person=start.returner,
        role=start.role.id,
        started_by=start.started_by,
        beside=start.beside,
    )


def placement_beginning(start: PlacementStart, unasked: frozenset[str] = frozenset()) -> Beginning:
    """A placement to be started once. Nobody has chosen the terms that are ``unasked``."""
    return Beginning(
        case=start.case,
        workflow="Placement",
        start=start,
        stage=Stage.INTAKE.value,
        policy=start.policy.label,
        cohort=start.cohort,
        identity={"returner": start.returner, "role": start.role.id},
        summary=f"{start.returner} in {start.role.id}",
        details=(
            f"- returner {start.returner}, role {start.role.id}\n"
            f"- {start.weeks} weeks from {start.starts_on}, cohort {start.cohort or 'none'}\n"
            f"- policy {start.policy.label}, started by {start.started_by}"
            + (f"\n- works {patterns_text(start.patterns)}" if start.patterns else "")
            + (f"\n- mentor to ask first {start.mentor}" if start.mentor else "")
            + (f"\n- learning inside: {start.learning.case}" if start.learning else "")
        ),
        matched_by=start.matched_by,
        terms=_terms(start),
        claims=(claim_of_placement(start), *([claim_of_path(start.learning)] if start.learning else [])),
        instead=("start it by itself under another name" if start.matched_by else "name another case"),
        unasked=unasked,
    )


def _terms(start: PlacementStart) -> dict[str, str]:
    """What a second start may ask for otherwise, in words."""
    return {
        FIRST_DAY: start.starts_on.isoformat(),
        "number of weeks": str(start.weeks),
        PATTERN: patterns_text(start.patterns) or FULL_TIME,
        POLICY: start.policy.label,
        "cohort": start.cohort or NONE,
        PACE: pace(start.seconds_per_day),
        MENTOR: start.mentor or NONE,
        "learning inside": start.learning.case if start.learning else NONE,
        **_terms_inside(start),
    }


def _terms_inside(start: PlacementStart) -> dict[str, str]:
    """What may be asked for otherwise of the path inside; cohort and pace are those of the placement."""
    if start.learning is None:
        return {}
    terms = path_beginning(start.learning).terms
    return {f"{term} of the learning inside": terms[term] for term in terms if term not in ("cohort", PACE)}
