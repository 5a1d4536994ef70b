"""The sections that a page's header leads to: those that its reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from domain.core.access import Action, Viewer, may
from languages.marking import translatable


@dataclass(frozen=True)
class Section:
    """A part of the console: its name, where it begins, and the action that somebody needs the right to."""

    name: str
    path: str
    action: Action


ALL: Sequence[Section] = (
    Section(translatable("My tasks"), "/tasks", Action.MY_TASKS),
    Section(translatable("My cases"), "/cases", Action.MY_CASES),
    Section(translatable("Board"), "/board", Action.BOARD),
    Section(translatable("Start"), "/start", Action.START_PLACEMENT),
    Section(translatable("People"), "/people", Action.PEOPLE),
    Section(translatable("Cohorts"), "/cohorts", Action.COHORTS),
    Section(translatable("Capacities"), "/capacities", Action.CAPACITIES),
    Section(translatable("Reports"), "/reports", Action.REPORTS),
    Section(translatable("Imports"), "/imports", Action.IMPORT_LEARNING),
)
"""In the order of the header. A section is added here by whoever makes its first page."""


def sections(viewer: Viewer | None) -> list[Section]:
    """Those that somebody may see; none before they have signed in."""
    if viewer is None:
        return []
    return [section for section in ALL if may_somewhere(viewer, section.action)]


def may_somewhere(viewer: Viewer, action: Action) -> bool:
    """Whether somebody may do this at all: of what is for HR of a role, in one of those whose HR they are."""
    return any(may(viewer, action, role=role) for role in (None, *viewer.hr_of))
