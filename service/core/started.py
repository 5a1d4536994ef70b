"""What comes of a start."""

from __future__ import annotations

from dataclasses import dataclass, field

from domain.core.model import CaseId


@dataclass(frozen=True)
class Started:
    """A case that was started now, or was ``already_running`` as it is; ``run`` is Temporal's id of its run.

    ``differs`` are sentences about what was asked for and is otherwise in the case that runs; ``policies`` the labels
    of those that it runs with, as far as it says so; ``notes`` sentences about what is otherwise than it may seem.
    """

    case: CaseId
    run: str
    already_running: bool
    differs: list[str] = field(default_factory=list)
    policies: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
