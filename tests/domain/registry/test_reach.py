"""Where cases reach somebody that don't follow their placement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from domain.registry.reach import reach_on_record

AT = datetime(2027, 3, 1, tzinfo=UTC)


@dataclass
class Placement:
    stage: str
    outcome: str | None = None
    at: datetime = AT


@pytest.mark.parametrize(
    ("placements", "expected"),
    [
        ([], "work"),
        ([Placement("preboarding")], "private"),
        ([Placement("decision")], "work"),
        ([Placement("ended", "converted")], "work"),
        ([Placement("offboarding", "declined")], "private"),
        ([Placement("ended", "released")], "private"),
        ([Placement("ended", "withdrawn")], "private"),
        # one that runs counts before those that are over, whichever was written last
        ([Placement("placement"), Placement("ended", "released", AT + timedelta(days=1))], "work"),
        ([Placement("ended", "released"), Placement("ended", "converted", AT + timedelta(days=1))], "work"),
    ],
)
def test_somebody_is_reached_where_their_last_placement_has_left_them(
    placements: list[Placement], expected: str
) -> None:
    assert reach_on_record(placements) == expected
