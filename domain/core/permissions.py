"""Who may ask what of a running case, and when: one table for each subject, by what is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from domain.core.model import Message, Party


class NotByParty(StrEnum):
    """Who may ask something that does not go by the parts people have in a case: the rule of the update tells."""

    WHOEVER_IS_ASKED = "whoever is asked"
    """A task is for whoever is asked, and for those who stand in for them."""
    OWNERS = "its owners"
    ANYBODY = "anybody"
    ITS_DEPARTURE = "the departure of the person it names"
    HR_OF_A_ROLE = "HR or head of HR of any role"
    """Whoever that is, the records know; they are looked up before it is asked."""


@dataclass(frozen=True)
class Permission:
    """Who may ask something, and in which ``stages`` (none: in all, until the case is over).

    ``done`` is what happens to the case, as in "can't be paused".
    """

    who: frozenset[Party] | NotByParty
    stages: tuple[StrEnum, ...] | None = None
    done: str | None = None


Permissions: TypeAlias = Mapping[type[Message], Permission]

OF_HR = frozenset({Party.HR, Party.HR_LEAD})
