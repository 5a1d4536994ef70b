"""What the records alone know of goals, reviews, mentors and follow-ups, where a placement can't be asked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from domain.core.model import Party
from domain.core.questions import TaskKind
from domain.core.tasks import TaskState
from domain.placement.decision import ReviewRound, close_round
from domain.placement.duties import REVIEWS
from domain.placement.mentorship import MENTORED, MentorshipState
from domain.placement.policy import Policy
from languages.speech import begun
from presentation.journey import words
from presentation.journey.common import Material, instant
from presentation.journey.model import How, Mark, Stretch, sofar
from records.tables.core import TaskRecord
from service.registry.case_records import CaseRecords

REVIEW_OF = re.compile(r"(?P<title>.+) review")
"""How a case calls each review of a round."""


def goals_on_record(records: CaseRecords) -> list[str]:
    """The goals that the returner was asked to agree to last."""
    asked = [task for task in records.tasks if task.kind == TaskKind.GOALS_AGREEMENT]
    last = max(asked, key=lambda task: task.opened_at, default=None)
    return list(last.facts.get("goals", [])) if last else []


def reviews_on_record(material: Material) -> Iterator[Mark]:
    """The rounds that were opened: when all were in, and the score, where every one was given."""
    for title, tasks in _rounds(material.records.tasks).items():
        label = begun(material.speech.sentence(title))
        if any(task.state == TaskState.OPEN for task in tasks):
            yield Mark("review", label, min(task.opened_at for task in tasks), How.UNDER_WAY)
            continue
        held = _held(material, title, tasks) if material.shown.scores else None
        if held is not None and held.combined is not None:
            label = f"{label}: {material.speech.number(Decimal(held.combined))}"
        note = material.text(words.BELOW) if held is not None and held.below_threshold else ""
        yield Mark("review", label, max(task.closed_at or task.opened_at for task in tasks), How.DONE, note)


def _rounds(tasks: Sequence[TaskRecord]) -> dict[str, list[TaskRecord]]:
    """The tasks of each round by its title, the first round first; of an answer that was put right, the one that
    counts."""
    found: dict[str, list[TaskRecord]] = {}
    for task in sorted(tasks, key=lambda task: task.opened_at):
        counts = task.state == TaskState.ANSWERED or (task.reopens is None and task.state != TaskState.REPLACED)
        if task.kind in REVIEWS and counts and (named := REVIEW_OF.fullmatch(task.subject)):
            found.setdefault(named["title"], []).append(task)
    return found


def _held(material: Material, title: str, tasks: Sequence[TaskRecord]) -> ReviewRound | None:
    """A round as the case had combined it: by the policy, or by what was decided on it."""
    if isinstance(material.policy, Policy) and all(task.state == TaskState.ANSWERED for task in tasks):
        scores = {Party(task.party): (task.answer or {}).get("score") for task in tasks}
        review = ReviewRound(n=0, title=title, scores=scores)
        close_round(review, material.policy.reviews)
        return review
    decided_on = [
        review
        for decision in material.records.decisions
        for review in decision.evidence.get("reviews") or []
        if review.get("title") == title
    ]
    return ReviewRound.model_validate(decided_on[-1]) if decided_on else None


def mentors_on_record(material: Material, last: datetime | None) -> Iterator[Stretch]:
    """Who is or was the mentor. The records keep since when something is as it is: when somebody said yes, their
    answer tells."""
    records = material.records
    said_yes = {
        task.assignee: task.closed_at
        for task in records.tasks
        if task.kind == TaskKind.MENTOR_REQUEST and task.state == TaskState.ANSWERED and task.closed_at
    }
    for mentorship in records.mentorships:
        if mentorship.state not in MENTORED:
            continue
        since = min(said_yes.get(mentorship.mentor, mentorship.at), mentorship.at)
        over = mentorship.at if mentorship.state == MentorshipState.ENDED else last or material.now
        until = max(over, since)
        yield Stretch("mentor", records.name(mentorship.mentor), since, until, sofar(since, until, material.now))


def asked_on_record(material: Material) -> Iterator[Mark]:
    """Who was asked to be the mentor, and is not, or has not answered yet; for those who may see it."""
    for mentorship in material.records.mentorships if material.shown.mentors_asked else ():
        name = material.records.name(mentorship.mentor)
        if mentorship.state == MentorshipState.ASKED:
            yield Mark("asked", f"{name}?", mentorship.at, How.UNDER_WAY, material.text(words.ASKED))
        elif mentorship.state not in MENTORED:
            note = f"{name}: {material.text(words.NO_MENTOR)}"
            yield Mark("asked", "", mentorship.at, How.NOT_DONE, note)


def sessions_on_record(material: Material) -> Iterator[Mark]:
    """The sessions that took place: for each the mentor was asked for a note, at its end. And those that never did."""
    for missed in material.records.missed_sessions:
        yield Mark("session", "", missed.starts, How.NOT_DONE, material.text(words.SESSION) % {"n": missed.n})
    for task in material.records.tasks:
        number = re.search(r"\d+$", task.subject)
        if task.kind != TaskKind.SESSION_NOTE or task.reopens is not None or number is None:
            continue
        answer = _in_force(material.records.tasks, task).answer or {}
        over = How.DONE if answer.get("held") else How.NOT_DONE
        how = How.UNDER_WAY if task.state == TaskState.OPEN else over
        yield Mark("session", "", task.opened_at, how, material.text(words.SESSION) % {"n": number[0]})


def _in_force(tasks: Sequence[TaskRecord], task: TaskRecord) -> TaskRecord:
    """The task whose answer counts: the one that asked once more, where that was answered."""
    again = [each for each in tasks if each.reopens == task.task and each.state == TaskState.ANSWERED]
    return _in_force(tasks, again[-1]) if again else task


def employed_on_record(material: Material) -> datetime | None:
    """From when somebody is employed who has accepted an offer."""
    offers = [
        task for task in material.records.tasks if task.kind == TaskKind.OFFER and (task.answer or {}).get("accept")
    ]
    starts_on = instant(offers[-1].facts.get("starts_on")) if offers else None
    return material.begins(starts_on.date()) if starts_on else None


def follow_ups_on_record(material: Material) -> dict[int, tuple[datetime, bool]]:
    """Each follow-up that was answered, by how many days after: when, and whether somebody was still here."""
    return {
        task.facts["days"]: (task.closed_at, bool((task.answer or {}).get("still_here")))
        for task in sorted(material.records.tasks, key=lambda task: task.opened_at)
        if task.kind == TaskKind.FOLLOW_UP and task.state == TaskState.ANSWERED and task.closed_at
    }
