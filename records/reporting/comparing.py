"""Returnship, upskilling and both side by side, with the company's own numbers."""

from __future__ import annotations

from collections.abc import Sequence

from domain.core.case import DAY
from records.reporting.cases import Facts, Path, Placement
from records.reporting.coming_out import retention, spread
from records.reporting.models import Programme, ProgrammeFigures
from records.reporting.money import costs, per_success

PURPOSES: dict[Programme, str] = {
    "returnship": "brings somebody back after a career break",
    "upskilling": "closes the gap between the skills a role needs and those an employee has",
    "both": "brings somebody back, and closes the gap to the role meanwhile",
}


def side_by_side(facts: Facts) -> list[ProgrammeFigures]:
    """The three programmes: placements without a path, paths outside placements, placements with a path inside.

    Duration is from the first day of a placement to its last, of those that were completed; from the assessment of a
    path to its end, of those that came to learning and were not withdrawn. Success is conversion; of a path that all
    gaps were closed, and one without a gap is not counted. Nobody asks who is still here after a path.
    """
    with_path = [one for one in facts.placements if one.path is not None]
    return [
        _figures("returnship", [one for one in facts.placements if one.path is None], [], is_placement=True),
        _figures("upskilling", facts.alone, facts.alone, is_placement=False),
        _figures("both", with_path, [one.path for one in with_path if one.path is not None], is_placement=True),
    ]


def _figures(
    programme: Programme, cases: Sequence[Placement] | Sequence[Path], paths: Sequence[Path], *, is_placement: bool
) -> ProgrammeFigures:
    took = [one.took for one in cases]
    out = [path for path in paths if path.decided]
    has_paths = programme != "returnship"
    return ProgrammeFigures(
        programme=programme,
        purpose=PURPOSES[programme],
        cases=len(cases),
        started=sum(one.started for one in cases),
        duration=spread([(until - since) / DAY for since, until in (one for one in took if one)]),
        succeeded=sum(one.succeeded for one in cases),
        of=sum(one.decided for one in cases),
        gaps_closed=sum(path.succeeded for path in out) if has_paths else None,
        gaps_of=len(out) if has_paths else None,
        costs=costs(cases),
        per_success=per_success(cases),
        retention=retention(one for one in cases if isinstance(one, Placement)) if is_placement else None,
    )
