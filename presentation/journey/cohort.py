"""The journey of a cohort: a row for each placement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain.cohort.state import CohortStage, DateState
from domain.core.case import ENDED
from domain.core.model import CaseId
from domain.placement.stages import BEFORE_THE_FIRST_DAY, Stage
from presentation.journey import words
from presentation.journey.common import Material, instant, stages_row, stretches
from presentation.journey.model import How, Journey, Mark, Row, Stretch, sofar

NAMED = (Stage.INTAKE, Stage.MATCHING, Stage.PREBOARDING, Stage.PLACEMENT, Stage.DECISION, Stage.OFFER, Stage.FOLLOW_UP)


def cohort_journey(material: Material) -> Journey:
    """The journey: the cohort's stages and dates, then each placement on a row of its own."""
    records = material.records
    rows = [
        stages_row(material, list(_to_come(material))),
        Row("dates", material.text(words.DATES), (), list(_dates(material))),
        *(_placement(material, case) for case in records.inside),
    ]
    used = {stretch.kind for row in rows[2:] for stretch in row.stretches}
    return Journey(
        title=material.text(words.JOURNEY_OF) % {"name": records.goal or records.case_id},
        rows=[row for row in rows if row],
        now=material.now,
        zone=records.time_zone,
        absences=list(_pauses(material)),
        legend=[(f"stage-{stage}", material.stage(stage)) for stage in NAMED if f"stage-{stage}" in used],
    )


def _placement(material: Material, case: CaseId) -> Row:
    """The stages of one placement; what is planned of it goes up to its last day."""
    records = material.records
    entered, now = records.inside[case], records.inside_cases[case]
    last = material.begins(now.ends_on) if now.ends_on and now.stage != ENDED else None
    over = next((stage.at for stage in entered if stage.stage == ENDED), None)
    marks = [Mark("end", material.stage(ENDED), over, How.DONE)] if over else []
    if now.stage in BEFORE_THE_FIRST_DAY and now.starts_on:
        starts = max(material.begins(now.starts_on), material.now)
        last = last or (material.begins(records.case.ends_on) if records.case.ends_on else starts)
        ahead = starts if now.stage == Stage.PREBOARDING else None
        placement = Stretch(
            f"stage-{Stage.PLACEMENT}", material.stage(Stage.PLACEMENT), starts, max(starts, last), How.PLANNED
        )
        lasting = [*stretches(entered, material, ahead), placement]
    else:
        lasting = stretches(entered, material, _ahead(last, now.stage))
    return Row(case, records.name(now.person), lasting, marks, in_short=True)


def _to_come(material: Material) -> Iterator[Stretch]:
    """The cohort's own time, where that has not begun."""
    case = material.records.case
    if case.stage in (CohortStage.ENLISTING, CohortStage.MATCHING) and case.starts_on and case.ends_on:
        since, until = (max(material.begins(day), material.now) for day in (case.starts_on, case.ends_on))
        yield Stretch(f"stage-{CohortStage.RUNNING}", material.stage(CohortStage.RUNNING), since, until, How.PLANNED)


def _ahead(last: datetime | None, stage: str) -> datetime | None:
    return last if stage not in (Stage.FOLLOW_UP, Stage.OFFBOARDING) else None


def _dates(material: Material) -> Iterator[Mark]:
    for date in material.view.get("dates") or []:
        starts = instant(date["starts"])
        if starts:
            how = How.DONE if date["state"] == DateState.OVER else How.PLANNED
            yield Mark("event", material.speech.title(date["title"]), starts, how)


def _pauses(material: Material) -> Iterator[Stretch]:
    for pause in material.view.get("pauses") or []:
        first = material.begins(datetime.fromisoformat(pause["first"]).date())
        back = pause.get("back_on")
        until = material.begins(datetime.fromisoformat(back).date()) if back else max(material.now, first)
        how = sofar(first, until, material.now) if back else How.UNDER_WAY
        yield Stretch("away", material.text(words.PAUSED), first, max(first, until), how)
