"""Which answers in a cohort can be put right: none, because the placements act on them."""

from __future__ import annotations

from collections.abc import Mapping

from domain.core.questions import TaskKind
from domain.core.reopening import Never, Rule

REOPENING: Mapping[TaskKind, Rule] = {
    TaskKind.MATCHING_REVIEW: Never(
        "mentors have been asked, or the matching was made again; it can be made once more, or a mentor changed"
    ),
}
"""The rule of each kind of task of a cohort."""
