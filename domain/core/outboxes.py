"""The two outboxes of a case: rows on their way to the records, and letters on their way to people."""

from __future__ import annotations

from domain.core.journal import Row
from domain.core.model import Model, PersonId
from domain.core.post import Letter


class OutboxState(Model):
    """What gathers on its way out, and how many ever did (which makes keys unique)."""

    count: int = 0


class Journal(OutboxState):
    """Rows on their way to the records."""

    waiting: list[Row] = []


class Post(OutboxState):
    """Letters on their way to people."""

    waiting: list[Letter] = []
    late: list[str] = []
    """The keys of letters that went out a day or more after they were written."""
    refused: list[str] = []
    """The keys of letters that never reached anybody."""
    unreachable: list[PersonId] = []
    """People whom letters can't reach, and of whom HR was told."""
    unknown: list[PersonId] = []
    """Those who are not in the records, so that letters to them, or that name them, wait."""
    set_aside: list[str] = []
    """The keys of letters that can't be written for one mail a day, and of which HR was told."""
