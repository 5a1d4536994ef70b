"""Why a case is at risk: the keys under which the reasons stand in its state."""

from __future__ import annotations

from enum import StrEnum
from typing import NewType

from domain.core.holdings import HolderId
from domain.core.model import PersonId


class Risk(StrEnum):
    """A reason that a case has at most once."""

    RECORDS = "records"
    """The records hold something else in the place of what the case says."""
    MENTOR = "mentor"
    """The mentor has left, and another is looked for."""
    IMPROVEMENT = "improvement"
    """A review was below the threshold."""
    DECISION = "decision"
    """The last day is over, and the conversion is not decided."""
    LEARNING = "learning"
    """The learning path inside a placement did not begin, or has broken off."""
    REMEDIATION = "remediation"
    """The exam was failed too often."""
    NO_MENTOR = "mentors"
    """Some of a cohort have no mentor."""
    NOT_STARTED = "placements that could not be started"
    LAUNCH = "launch"
    """The launch of a cohort broke off."""
    GONE = "gone"
    """An operator has ended workflows of a cohort's placements."""


RiskKey = NewType("RiskKey", str)
"""The key of a reason that a case can have several times: about different people, things to do, or holdings."""


def letters_wait_for(person: PersonId) -> RiskKey:
    """Letters wait, because this person is not in the records."""
    return RiskKey(f"letters_{person}")


def late_at_gate(checklist_item: str) -> RiskKey:
    """A required item of the checklist (by its key) was not done by its gate."""
    return RiskKey(f"checklist_{checklist_item}")


def holding_waits(holder: HolderId) -> RiskKey:
    """A capacity has nothing yet for what is to be held under this name, or refuses it."""
    return RiskKey(f"waits as {holder}")
