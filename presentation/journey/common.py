"""What the journeys of all programmes are made of: the stages of a case, and instants of a view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from domain.core.case import ENDED
from domain.core.policy_rules import CasePolicy
from languages.speech import Speech, begun
from presentation.journey.model import How, Mark, Row, Stretch
from presentation.journey.words import STAGES
from records.local_time import instant_at
from records.tables.core import StageRecord
from service.registry.case_records import CaseRecords

View = Mapping[str, Any]
"""What a case shows of itself; empty where it can't be asked now."""


@dataclass(frozen=True)
class Shown:
    """What of a journey its viewer may see, beside its stages."""

    learning: bool = True
    decisions: bool = True
    scores: bool = True
    mentors_asked: bool = True


@dataclass(frozen=True)
class Material:
    """What a journey is made of: what is on record of the case, its ``view``, and the instant on its clock.

    ``policy`` is that of the case, where it can't be asked and the records have to do.
    """

    records: CaseRecords
    view: View
    now: datetime
    speech: Speech
    shown: Shown = Shown()
    policy: CasePolicy | None = None

    def text(self, message: str) -> str:
        """A word of ours in the reader's language."""
        return self.speech.text(message)

    def stage(self, stage: str) -> str:
        """What a stage is called."""
        return begun(self.speech.stage(stage))

    def begins(self, day: date) -> datetime:
        """When a day begins where the case is at home."""
        return instant_at(day, time(0), self.records.time_zone or "UTC")


def instant(text: str | None) -> datetime | None:
    """An instant of a view."""
    return datetime.fromisoformat(text) if text else None


def plan_of(material: Material) -> View:
    """The calendar of a placement, as the case has it; empty where it has none, or can't be asked."""
    return material.view.get("plan") or {}


def stretches(stages: Sequence[StageRecord], material: Material, until: datetime | None = None) -> list[Stretch]:
    """The stages a case was in, one after the other; the last goes on ``until`` then, as far as that is known."""
    found = []
    for n, entered in enumerate(stages):
        if entered.stage == ENDED:
            continue
        left = stages[n + 1].at if n + 1 < len(stages) else None
        over = left or max(material.now, entered.at, until or entered.at)
        how = How.DONE if left else How.UNDER_WAY
        found.append(Stretch(f"stage-{entered.stage}", material.stage(entered.stage), entered.at, over, how))
    return found


def ending(stages: Sequence[StageRecord]) -> datetime | None:
    """When a case ended."""
    return next((entered.at for entered in stages if entered.stage == ENDED), None)


def stages_row(material: Material, planned: Sequence[Stretch] = (), until: datetime | None = None) -> Row:
    """The stages of a case, with those that are still to come, and its end."""
    stages = material.records.stages
    over = ending(stages)
    marks = [Mark("end", material.stage(ENDED), over, How.DONE)] if over else []
    return Row("stages", material.text(STAGES), [*stretches(stages, material, until), *planned], marks)
