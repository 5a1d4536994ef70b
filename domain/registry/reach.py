"""Where somebody is reached by cases that don't follow their placement: by how it stands on record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Protocol

from domain.core.post import Address
from domain.placement.stages import BEFORE_THE_FIRST_DAY, Outcome, Stage

OVER = frozenset({Stage.OFFBOARDING, Stage.ENDED})
"""The stages in which somebody who is not employed does not work here any more."""


class PlacementOnRecord(Protocol):
    """What is read of a placement; one that runs has no ``outcome``."""

    at: datetime
    stage: str
    outcome: str | None


def reach_on_record(placements: Iterable[PlacementOnRecord]) -> Address:
    """The address of somebody with these placements: the last of them counts, and one that runs before all others.

    Private before its first day, and once it has ended without employment; at work otherwise, and for whoever has none.
    """
    last = max(placements, key=lambda placement: (placement.stage not in OVER, placement.at), default=None)
    if last is None:
        return "work"
    gone = last.stage in OVER and last.outcome != Outcome.CONVERTED
    return "private" if gone or last.stage in BEFORE_THE_FIRST_DAY else "work"
