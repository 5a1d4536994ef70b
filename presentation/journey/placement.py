"""The journey of a placement."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from domain.core.clock import DAY
from domain.core.questions import TaskKind
from domain.core.tasks import TaskState
from domain.placement.duties import REVIEWS
from domain.placement.mentorship import MentorshipState, SessionState
from domain.placement.stages import BEFORE_THE_FIRST_DAY, Stage
from languages.speech import begun
from presentation.journey import words
from presentation.journey.away import as_it_waits, back, supposed, waiting
from presentation.journey.common import Material, View, instant, plan_of, stages_row, stretches
from presentation.journey.decision import decision_row
from presentation.journey.model import How, Journey, Mark, Row, Stretch, sofar
from presentation.journey.on_record import asked_on_record, mentors_on_record, reviews_on_record, sessions_on_record
from records.tables.core import CaseRecord

SESSIONS: dict[str, How] = {
    SessionState.HELD: How.DONE,
    SessionState.TAKING_PLACE: How.UNDER_WAY,
    SessionState.PLANNED: How.PLANNED,
}
"""How it stands with a mentoring session; with all others, that it was not held."""


def placement_journey(material: Material) -> Journey:
    """The journey: what is on record, and what the case's own calendar plans."""
    material = as_it_waits(material)
    records, shown = material.records, material.shown
    rows = [
        stages_row(material, _stages_to_come(material), _until(material)),
        _work(material),
        _reviews(material),
        _mentoring(material),
        *([_learning(material)] if shown.learning else []),
        *([decision_row(material)] if shown.decisions else []),
        Row("away", material.text(words.AWAY), _absences(material)),
    ]
    plan = plan_of(material)
    return Journey(
        title=material.text(words.JOURNEY_OF) % {"name": records.name(records.person)},
        rows=[row for row in rows if row],
        now=material.now,
        zone=records.time_zone,
        absences=_absences(material),
        knee=_a_while_after(_last_day(material) or instant(plan.get("ends_at"))),
        supposes=supposed(material),
    )


def _case(material: Material) -> CaseRecord:
    """Where the placement stands, by the records."""
    case = material.records.case
    assert isinstance(case, CaseRecord)
    return case


def _a_while_after(end: datetime | None) -> datetime | None:
    """Where time is drawn narrower: once the last day is over, so that the follow-ups of a year fit in."""
    return end + timedelta(days=21) if end else None


def _last_day(material: Material) -> datetime | None:
    """When the last day at work is over, by the case or the records."""
    case = _case(material)
    if case.left_on is not None:
        return material.begins(case.left_on) + DAY
    if ends_at := instant(plan_of(material).get("ends_at")):
        return ends_at
    if case.ends_on:
        return waiting(material)(material.begins(case.ends_on)) + DAY
    return max(_expected(material), default=None)


def _expected(material: Material) -> list[datetime]:
    """When the first day begins, and the last one is over: as far as that is known before there is a calendar."""
    case, weeks = material.records.case, material.view.get("weeks")
    if plan_of(material) or case.stage not in BEFORE_THE_FIRST_DAY or case.starts_on is None:
        return []
    comes = waiting(material)
    starts = comes(material.begins(case.starts_on))
    if case.ends_on:
        return [starts, comes(material.begins(case.ends_on)) + DAY]
    return [starts, starts + timedelta(weeks=weeks)] if weeks else [starts]


# Stages


def _until(material: Material) -> datetime | None:
    """Until when the stage of now goes on, by the calendar."""
    plan = plan_of(material)
    match material.records.case.stage:
        case Stage.PREBOARDING:
            return instant(plan.get("starts_at")) or min(_expected(material), default=None)
        case Stage.PLACEMENT:
            return instant(plan.get("decision_at"))
        case Stage.DECISION | Stage.OFFER | Stage.CLOSING:
            return _last_day(material)
        case Stage.FOLLOW_UP:
            return max((instant(planned["at"]) for planned in plan.get("follow_ups", [])), default=None, key=_at)
    return None


def _at(instant: datetime | None) -> float:
    return instant.timestamp() if instant else 0


def _stages_to_come(material: Material) -> list[Stretch]:
    """The stages that the calendar plans after that of now; how it comes out, nobody knows yet."""
    plan, stage = plan_of(material), material.records.case.stage
    starts, decides, ends = (instant(plan.get(key)) for key in ("starts_at", "decision_at", "ends_at"))
    if expected := _expected(material):
        since, until = (max(at, material.now) for at in (expected[0], expected[-1]))
        return [Stretch(f"stage-{Stage.PLACEMENT}", material.stage(Stage.PLACEMENT), since, until, How.PLANNED)]
    if not (starts and decides and ends):
        return []
    to_come = [(Stage.PLACEMENT, starts, decides), (Stage.DECISION, decides, ends)]
    ahead = {Stage.PLACEMENT: to_come[1:], **dict.fromkeys(BEFORE_THE_FIRST_DAY, to_come)}
    return [
        Stretch(f"stage-{name}", material.stage(name), max(since, material.now), max(until, material.now), How.PLANNED)
        for name, since, until in ahead.get(Stage(stage), [])
    ]


# At work


def _work(material: Material) -> Row:
    """The time at work, and what was planned at first where that has moved."""
    case, view = material.records.case, material.view
    until = _last_day(material)
    if case.starts_on is None or until is None:
        return Row("work", "")
    since = waiting(material)(material.begins(case.starts_on))
    until = max(until, since)
    if material.records.ended:  # in the middle of its last day, or before the first
        until = min(until, material.now)
        if until <= since:
            return Row("work", "")
    how = sofar(since, until, material.now)
    label = material.text(words.AT_WORK)
    if view.get("week") and view.get("plan") and how is How.UNDER_WAY:
        label = material.text(words.WEEK) % {"week": view["week"], "weeks": view["plan"]["weeks"]}
    at_work = [Stretch("work", label, since, until, how)]
    return Row("work", material.text(words.WORK), [*at_work, *_at_first(material, since, until)])


def _at_first(material: Material, since: datetime, until: datetime) -> Iterator[Stretch]:
    """What was planned at first, where it came otherwise: by a leave, an extension, or an early end."""
    case = _case(material)
    if case.planned_starts_on is None or case.planned_ends_on is None or case.ends_on is None:
        return
    first, over = material.begins(case.planned_starts_on), material.begins(case.planned_ends_on) + DAY
    if abs(first - since) >= 4 * DAY or abs(over - until) >= 4 * DAY:
        yield Stretch("at-first", material.text(words.AT_FIRST), first, over, How.PLANNED)


def _absences(material: Material) -> list[Stretch]:
    """When the returner was away, or is, up to the day on which they are to be back; why, is not on this page."""
    found = []
    for leave in material.records.leaves:
        first, note = material.begins(leave.first), ""
        if leave.back_on is not None:
            until = max(first, material.begins(leave.back_on))
            how = sofar(first, until, material.now)
        else:
            until, how = back(material, leave), How.UNDER_WAY
            if (planned := material.records.planned_back) is not None:
                note = material.text(words.BACK_ON) % {"day": material.speech.day(planned)}
        found.append(Stretch("away", material.text(words.AWAY), first, until, how, note))
    return found


# Goals, reviews, mentoring


def _reviews(material: Material) -> Row:
    view = material.view
    tasks = view.get("tasks") or []
    marks = [*_goals(material)]
    rounds = {review["n"]: review for review in view.get("reviews", [])}
    for planned in plan_of(material).get("reviews", []):
        of_round = [task for task in tasks if task["kind"] in REVIEWS and task.get("ref") == planned["title"]]
        marks.append(_review(material, planned, rounds.get(planned["n"]), of_round))
    if not view:
        marks += reviews_on_record(material)
    return Row("reviews", material.text(words.REVIEWS), (), marks)


def _goals(material: Material) -> Iterator[Mark]:
    label = material.text(words.GOALS)
    agreed = [task for task in material.records.tasks if task.kind == TaskKind.GOALS_AGREEMENT and task.closed_at]
    answered = [task.closed_at for task in agreed if task.state == TaskState.ANSWERED and task.closed_at]
    if answered:
        yield Mark("goals", label, max(answered), How.DONE)
    elif (planned := instant(plan_of(material).get("goals_at"))) and not material.records.ended:
        yield Mark("goals", label, planned, How.UNDER_WAY if planned <= material.now else How.PLANNED)


def _review(material: Material, planned: View, held: View | None, tasks: list[Any]) -> Mark:
    """One round of reviews: when all were in, or when it opens."""
    title = begun(material.speech.sentence(planned["title"]))
    opens = instant(planned["opens_at"])
    assert opens is not None
    answered = [instant(task.get("closed_at")) for task in tasks]
    if held is None:
        how = How.NOT_DONE if material.records.ended or opens < material.now else How.PLANNED
        return Mark("review", title, opens, how)
    if any(task["state"] == TaskState.OPEN for task in tasks):
        return Mark("review", title, opens, How.UNDER_WAY)
    score = held.get("combined")
    score = material.speech.number(Decimal(score)) if score is not None and material.shown.scores else ""
    note = material.text(words.BELOW) if held.get("below_threshold") and material.shown.scores else ""
    at = max((closed for closed in answered if closed), default=opens)
    return Mark("review", f"{title}: {score}" if score else title, at, How.DONE, note)


def _mentoring(material: Material) -> Row:
    """Who is or was the mentor, and the sessions; and who was asked, for those who may see it."""
    records = material.records
    last = min(filter(None, (_last_day(material), None if not records.ended else material.now)), default=None)
    held = []
    marks = []
    for mentorship in material.view.get("mentorships") or []:
        name = records.name(mentorship["mentor"])
        since = instant(mentorship["since"])
        assert since is not None
        match mentorship["state"]:
            case MentorshipState.HELD | MentorshipState.ENDED:
                until = instant(mentorship.get("until")) or max(last or material.now, since)
                held.append(Stretch("mentor", name, since, until, sofar(since, until, material.now)))
            case _ if not material.shown.mentors_asked:
                pass
            case MentorshipState.ASKED:
                marks.append(Mark("asked", f"{name}?", since, How.UNDER_WAY, material.text(words.ASKED)))
            case _:
                marks.append(Mark("asked", "", since, How.NOT_DONE, f"{name}: {material.text(words.NO_MENTOR)}"))
    if not material.view:
        held += mentors_on_record(material, last)
        marks += [*asked_on_record(material), *sessions_on_record(material)]
    return Row("mentoring", material.text(words.MENTORING), held, [*marks, *_sessions(material)])


def _sessions(material: Material) -> Iterator[Mark]:
    for session in material.view.get("sessions") or []:
        starts = instant(session["starts"])
        assert starts is not None
        how = SESSIONS.get(session["state"], How.NOT_DONE)
        if how is How.PLANNED and starts < material.now - 14 * DAY:
            how = How.NOT_DONE
        yield Mark("session", "", starts, how, material.text(words.SESSION) % {"n": session["n"]})


# Learning


def _learning(material: Material) -> Row:
    """The stages of the path inside."""
    decides = instant(plan_of(material).get("decision_at"))
    found = [
        stretch
        for stages in material.records.inside.values()
        for stretch in stretches(stages, material, decides if not material.records.ended else None)
    ]
    return Row("learning", material.text(words.LEARNING), found)
