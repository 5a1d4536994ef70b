"""The decision at the end of a placement, and what comes after it, in its journey."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from domain.core.decisions import DecisionKind, part_of
from domain.core.questions import TaskKind
from domain.core.tasks import TaskState
from languages.speech import begun
from presentation.journey import words
from presentation.journey.common import Material, instant, plan_of
from presentation.journey.model import How, Mark, Row, Stretch
from presentation.journey.on_record import employed_on_record, follow_ups_on_record

DECIDED = (DecisionKind.EARLY_DECISION, DecisionKind.PROPOSAL, DecisionKind.APPROVAL, DecisionKind.CONFIRMATION)
"""The decisions on record that the picture shows."""


def decision_row(material: Material) -> Row:
    """The decision, offers, employment and follow-ups."""
    return Row(
        "decision",
        material.text(words.DECISION),
        list(_offers(material)),
        [*_decided(material), *_employed(material), *_follow_ups(material)],
    )


def _decided(material: Material) -> Iterator[Mark]:
    """The decision: when it is due, or each of its steps as it was taken."""
    records = material.records
    taken = [decision for decision in records.decisions if decision.what in DECIDED]
    for decision in taken:
        how = How.NOT_DONE if decision.decided in ("no", "refused") else How.DONE
        step = begun(material.speech.decision(decision.what, part_of(decision.what, decision.evidence)))
        decided = material.speech.decided(decision.decided, decision.what)
        # They follow each other within days: in the picture the last of them has a label, in the table all.
        taken_as = material.text(words.DECISIONS[decision.what]) if how is How.DONE else begun(decided)
        label = taken_as if decision is taken[-1] else ""
        yield Mark("decision", label, decision.at, how, f"{step}: {decided}")
    due = instant(plan_of(material).get("decision_at"))
    if due and not any(decision.what != DecisionKind.EARLY_DECISION for decision in taken) and not records.ended:
        how = How.PLANNED if due > material.now else How.UNDER_WAY
        yield Mark("decision", material.text(words.DECISION_DUE), due, how)


def _offers(material: Material) -> Iterator[Stretch]:
    """How long each offer was open, or is."""
    for task in material.records.tasks:
        if task.kind != TaskKind.OFFER:
            continue
        done = How.DONE if task.state == TaskState.ANSWERED else How.NOT_DONE
        how = How.UNDER_WAY if task.state == TaskState.OPEN else done
        until = task.closed_at or max(task.due_at, task.opened_at)
        yield Stretch("offer", material.text(words.OFFER), task.opened_at, until, how)


def _employed(material: Material) -> Iterator[Mark]:
    if at := _employed_from(material):
        how = How.DONE if at <= material.now else How.PLANNED
        yield Mark("employed", material.text(words.EMPLOYED), at, how)


def _employed_from(material: Material) -> datetime | None:
    if not material.view:
        return employed_on_record(material)
    employed = instant(material.view.get("employed_from"))
    return material.begins(employed.date()) if employed else None


def _follow_ups(material: Material) -> Iterator[Mark]:
    """Those that were answered, and, of somebody who is employed, those that are planned."""
    answered = _answered(material)
    for days, (at, still_here) in answered.items():
        note = material.text(words.STILL_HERE if still_here else words.NOT_HERE)
        how = How.DONE if still_here else How.NOT_DONE
        yield Mark("follow-up", material.text(words.AFTER_DAYS) % {"days": days}, at, how, note)
    gone = any(not still_here for _, still_here in answered.values())
    if material.records.ended or gone or not material.view.get("employed_from"):
        return
    for planned in plan_of(material).get("follow_ups", []):
        due = instant(planned["at"])
        if planned["days"] not in answered and due:
            how = How.PLANNED if due > material.now else How.UNDER_WAY
            yield Mark("follow-up", material.text(words.AFTER_DAYS) % {"days": planned["days"]}, due, how)


def _answered(material: Material) -> dict[int, tuple[datetime, bool]]:
    """Each that was answered, by how many days after: when, and whether somebody was still here."""
    if not material.view:
        return follow_ups_on_record(material)
    return {
        follow_up["days"]: (datetime.fromisoformat(follow_up["at"]), follow_up["still_here"])
        for follow_up in material.view.get("follow_ups") or []
    }
