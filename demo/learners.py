"""The paths of the demo: who learns what for which role, and what people answer on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from domain.core.model import CertificateId, PersonId, RoleId
from domain.core.questions import TaskKind
from simulated.answers import LEVELS, willing

AT_FIRST, LATER = 2, 5
"""The level that everybody finds in every skill before the training, and after it."""


@dataclass(frozen=True)
class PathStory:
    """How one path goes: everything is learned. ``certificate`` is at its end, where there is to be one."""

    title: str
    learner: PersonId
    role: RoleId
    certificate: CertificateId | None = None

    def answer(
        self, kind: TaskKind, facts: Mapping[str, Any], answered_before: int, mentors: Sequence[PersonId]
    ) -> dict[str, Any]:
        """The answer to a task of this kind, of which so many were answered before in this case."""
        if kind in LEVELS:
            return {"levels": dict.fromkeys(facts["skills"], LATER if answered_before else AT_FIRST)}
        return willing(kind, facts)
