"""What came of reading a cohort file."""

from __future__ import annotations

from pydantic import Field

from domain.cohort.participants import Participant
from records.imports.core.differences import Difference
from records.imports.core.report import PeopleReport


class CohortReport(PeopleReport):
    """``people`` and ``participants`` are those of the clean rows, in the order of the file: a person and a placement
    for each. ``changes`` are what becomes otherwise of people on record, where that is wanted."""

    changes: list[Difference] = []
    participants: list[Participant] = Field(default=[], exclude=True, repr=False)
