"""Returnship, upskilling and both side by side, with the company's own numbers."""

from __future__ import annotations

from collections.abc import Sequence

from domain.core.clock import DAY
from records.reporting.cases import Facts, Path, Placement
from records.reporting.models import Programme, ProgrammeFigures
from records.reporting.money import costs, per_success
from records.reporting.outcomes import retention, spread

PURPOSES: dict[Programme, str] = {
    "returnship": "brings somebody back after a career break",
    "upskilling": "closes the gap between the skills a role needs and those an employee has",
    "both": "brings somebody back, and closes the gap to the role meanwhile",
}


def compare_programmes(facts: Facts) -> list[ProgrammeFigures]:
    """The three programmes: placements without a path, paths outside placements, placements with a path inside.

    Duration is from the first day of a placement to its last, of those that were completed; from the assessment of a
    path to its end, of those that came to learning and were not withdrawn. Success is conversion; of a path that all
    gaps were closed, and one without a gap is not counted. Nobody asks who is still here after a path.
    """
    with_path = [placement for placement in facts.placements if placement.path is not None]
    return [
        _figures(
            "returnship", [placement for placement in facts.placements if placement.path is None], [], is_placement=True
        ),
        _figures("upskilling", facts.alone, facts.alone, is_placement=False),
        _figures(
            "both",
            with_path,
            [placement.path for placement in with_path if placement.path is not None],
            is_placement=True,
        ),
    ]


def _figures(
    programme: Programme, cases: Sequence[Placement] | Sequence[Path], paths: Sequence[Path], *, is_placement: bool
) -> ProgrammeFigures:
    took = [case.took for case in cases]
    out = [path for path in paths if path.decided]
    has_paths = programme != "returnship"
    return ProgrammeFigures(
        programme=programme,
        purpose=PURPOSES[programme],
        cases=len(cases),
        started=sum(case.started for case in cases),
        duration=spread([(until - since) / DAY for since, until in (span for span in took if span)]),
        succeeded=sum(case.succeeded for case in cases),
        of=sum(case.decided for case in cases),
        gaps_closed=sum(path.succeeded for path in out) if has_paths else None,
        gaps_of=len(out) if has_paths else None,
        costs=costs(cases),
        per_success=per_success(cases),
        retention=retention(case for case in cases if isinstance(case, Placement)) if is_placement else None,
    )
