"""The sections that a page's header leads to: those that its reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from languages.marking import translatable

if TYPE_CHECKING:
    from domain.core.access import Viewer


@dataclass(frozen=True)
class Section:
    """A part of the console: its name, where it begins, and the action that somebody needs the right to, by name."""

    name: str
    path: str
    action: str


ALL: Sequence[Section] = (
    Section(translatable("My tasks"), "/tasks", "my_tasks"),
    Section(translatable("Board"), "/board", "board"),
)
"""In the order of the header. A section is added here by whoever makes its first page."""


def sections(viewer: Viewer | None) -> list[Section]:
    """Those that somebody may see; none before they have signed in."""
    if viewer is None:
        return []
    from domain.core.access import Action, may  # noqa: PLC0415

    return [section for section in ALL if may(viewer, Action(section.action))]
