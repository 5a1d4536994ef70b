"""The journey of a learning path."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from domain.core.questions import TaskKind
from domain.core.tasks import TaskState
from domain.learning.enrolment import EnrolmentState
from presentation.journey import words
from presentation.journey.common import Material, instant, stages_row
from presentation.journey.model import How, Journey, Mark, Row, Stretch

STATES: dict[str, How] = {
    EnrolmentState.PASSED: How.DONE,
    EnrolmentState.UNDER_WAY: How.UNDER_WAY,
    EnrolmentState.PLANNED: How.PLANNED,
    EnrolmentState.WAITING_FOR_SEAT: How.PLANNED,
}
"""How it stands with a training; with all others, that it was not passed."""


def path_journey(material: Material) -> Journey:
    """The journey: stages, trainings with the workshops that are booked, and what is due."""
    records = material.records
    rows = [
        stages_row(material, until=_until(material)),
        *([_learned(material)] if material.shown.learning else []),
        Row("checks", material.text(words.ASSESSMENTS), (), list(_assessments(material))),
        Row("decision", material.text(words.DATES_AHEAD), (), list(_ahead(material))),
    ]
    return Journey(
        title=material.text(words.JOURNEY_OF) % {"name": records.name(records.person)},
        rows=[row for row in rows if row],
        now=material.now,
        zone=records.time_zone,
    )


def _until(material: Material) -> datetime | None:
    """Until when what is under way may take: the latest of what is due."""
    return max((task.due_at for task in material.records.tasks if task.state == TaskState.OPEN), default=None)


def _learned(material: Material) -> Row:
    """What is learned: trainings, and the workshops that are booked."""
    return Row("trainings", material.text(words.TRAININGS), list(_trainings(material)), list(_workshops(material)))


def _trainings(material: Material) -> Iterator[Stretch]:
    """Each training from when it was taken up; the records tell since when it is as it is."""
    begun = {enrolment["n"]: enrolment for enrolment in material.view.get("enrolments") or []}
    for training, title in material.records.trainings:
        known = begun.get(training.n, {})
        since = instant(known.get("begun"))
        how = STATES.get(training.state, How.NOT_DONE)
        if how is How.PLANNED:
            yield from _planned(material, known, title)
        elif since is not None or not material.view:
            over = training.at if how is not How.UNDER_WAY else _due(material, training.training) or material.now
            yield Stretch("training", title, since or training.at, max(over, since or training.at), how)


def _planned(material: Material, enrolment: dict[str, Any], title: str) -> Iterator[Stretch]:
    """A workshop in which there is a seat stands on its day; of what is only planned nobody knows when it begins."""
    held = next(
        (
            session
            for session in (enrolment.get("training") or {}).get("sessions", [])
            if session["id"] == enrolment.get("session")
        ),
        None,
    )
    if held and (starts := instant(held["starts"])) and (ends := instant(held["ends"])):
        yield Stretch("training", title, starts, max(ends, starts + timedelta(hours=8)), How.PLANNED)


def _due(material: Material, training: str) -> datetime | None:
    """By when a training that is under way is to be done."""
    return max(
        (
            task.due_at
            for task in material.records.tasks
            if task.state == TaskState.OPEN and task.facts.get("training") == training
        ),
        default=None,
    )


def _workshops(material: Material) -> Iterator[Mark]:
    """The sessions of workshops that were attended, or are booked."""
    for enrolment in material.view.get("enrolments") or []:
        training = enrolment.get("training") or {}
        for session in training.get("sessions", []):
            starts = instant(session["starts"])
            if session["id"] == enrolment.get("session") and starts:
                how = How.PLANNED if starts > material.now else STATES.get(enrolment["state"], How.NOT_DONE)
                yield Mark("session", "", starts, how, training.get("title", ""))


ASSESSED = (TaskKind.SKILLS_SELF, TaskKind.SKILLS_MANAGER, TaskKind.CALIBRATION, TaskKind.PLAN_CHOICE)


def _assessments(material: Material) -> Iterator[Mark]:
    """When skills were assessed, and the plan was chosen; the names of tasks are those that letters use."""
    for task in material.records.tasks:
        if task.kind in ASSESSED and task.closed_at and task.state == TaskState.ANSWERED:
            yield Mark("review", material.text(words.ASSESSED_AS[task.kind]), task.closed_at, How.DONE)


def _ahead(material: Material) -> Iterator[Mark]:
    """What others decide, and the certificate at the end."""
    view = material.view
    if decides := instant(view.get("decision_at")):
        how = How.DONE if decides <= material.now else How.PLANNED
        yield Mark("decision", material.text(words.CONVERSION_DECIDED), decides, how)
    if until := instant(view.get("certified_until")):
        yield Mark("certificate", material.text(words.CERTIFIED_UNTIL), until, How.PLANNED)
