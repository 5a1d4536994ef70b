"""What the page of a task shows: everything that its template is given, in the reader's language."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request

from domain.core.access import Action
from domain.core.model import PersonId
from domain.core.naming import COHORT
from domain.core.questions import TaskKind
from domain.core.tasks import VOLUNTARY, TaskState
from domain.registry.forms import FORMS
from languages.forms.about import NEXT, SEEN_BY
from languages.forms.registry import words_of
from languages.forms.words import FORM
from languages.marking import translatable
from languages.speech import Speech, begun
from presentation.forms.answers import FormError
from presentation.forms.looks import control_id
from presentation.tasks.facts import Said, answer_said, facts_said, named
from presentation.tasks.rows import TaskFilter, TaskRow, about_of, in_titles, title_of
from records.tables.core import TaskRecord
from service.core.errors import Refused
from service.registry.task_page import TaskPage, names_of
from web.core.pages import speech
from web.core.refusals import split
from web.core.surroundings import surroundings
from web.core.task_form import Filled, TaskForm
from web.core.tasks import back_to, filter_in, next_after, query_of

MOST_DONE = 999

WHY_THIS_MENTOR = translatable(
    "We ask the mentor with a free place who suits the returner best, or whoever HR has named. What counts are skills "
    "that both have, how far apart their time zones are, languages and preferences, as the programme weighs them."
)
NOT_REACHED = translatable(
    "Nobody has confirmed your answer yet. It still stands below: send it again in a moment. The same answer counts "
    "only once."
)

_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")


@dataclass(frozen=True)
class ReviewShown:
    """A review among the evidence."""

    title: str
    score: str
    said: Sequence[Said]


class Telling:
    """Tells one reader of one task."""

    def __init__(self, request: Request, found: TaskPage) -> None:
        self._request, self._found = request, found
        self.speech: Speech = in_titles(speech(request), found.around, found.task.case_id)
        self.title = title_of(found.task, self.speech)
        self._names: dict[PersonId, str] = {**found.people, **found.around.names}
        self._form = TaskForm(found, self.speech, self._names)

    @property
    def done(self) -> int:
        """How many tasks the reader has answered one after the other."""
        given = self._request.query_params.get("done", "")
        return min(int(given), MOST_DONE) if given.isdecimal() and given.isascii() else 0

    async def facts(self, filled: Filled) -> dict[str, Any]:
        """All that the template is given."""
        found, task = self._found, self._found.task
        chosen = filter_in(self._request.query_params)
        arriving = found.is_open and self._request.query_params.get("sent") == "1" and not filled.errors
        following, ahead = None, 0
        if self.done:
            following, ahead = await next_after(self._request, found.viewer, chosen, task.task)
        return {
            "back": back_to(self._request.query_params),
            "here": f"/tasks/{task.task}",
            "query": query_of(chosen),
            "list_query": query_of(chosen),
            "errors": [(error.id, self._with_label(error)) for error in filled.errors],
            "title": self.title,
            "about": about_of(task.case_id, found.around, found.viewer.person, self.speech),
            "position": (self.done + 1, self.done + 1 + ahead) if self.done and found.is_open else None,
            "told": filled.told,
            "is_open": found.is_open,
            "asked": found.asked,
            "asked_before": self.done > 0,
            "arriving": arriving,
            "voluntary": found.kind in VOLUNTARY,
            "tells_itself": found.kind is TaskKind.E_LEARNING,
            "due": self.speech.moment(task.due_at),
            "overdue": found.is_late(surroundings(self._request).now()),
            "facts": facts_said({**found.context.whom_for, **task.facts}, self.speech, self._names),
            "goals": found.context.goals,
            "reviews": [self._review(review) for review in found.context.reviews],
            "wish": found.context.wish,
            "matching": self._matching(),
            "case": self._case(),
            "of_cohort": task.case_id.startswith(COHORT),
            "good_to_know": self._good_to_know(),
            "why_not": list(self._why_not()),
            "over": None if found.is_open else self._over(following, ahead, chosen),
            **self._form.facts(filled),
            "may_hand_on": found.may_hand_on,
            "may_disown": found.may_disown,
            "typed_before": self._form.typed_before(filled) if filled.not_sent else [],
        }

    def _with_label(self, error: FormError) -> str:
        """What is wrong, as the summary says it: with the field by its name."""
        if error.key is None:
            return error.sentence
        label = self.speech.word(FORM, words_of(self._found.kind, error.key).label)
        return f"{label.rstrip(':')}{'' if label.endswith('?') else ':'} {error.sentence}"

    def _matching(self) -> str | None:
        """Where the matching that it is about stands as a table."""
        if self._found.kind is not TaskKind.MATCHING_REVIEW or not self._found.there.may(Action.COHORT):
            return None
        return f"/cohorts/{self._found.task.case_id.removeprefix(COHORT)}/matching"

    def _case(self) -> str | None:
        """The page of its case, for those who may see it."""
        case, there = self._found.task.case_id, self._found.there
        return f"/cases/{case}" if there.may(Action.COHORT if case.startswith(COHORT) else Action.CASE) else None

    # What is around it

    def _good_to_know(self) -> list[Said]:
        return [
            Said(self.speech.text("Why you"), self._why_asked()),
            Said(self.speech.text("What follows"), self.follows()),
            Said(self.speech.text("Who reads your answer"), self.speech.word(FORM, SEEN_BY[self._found.kind])),
        ]

    def follows(self) -> str:
        """What follows from an answer."""
        return self.speech.word(FORM, NEXT[self._found.kind])

    def _why_asked(self) -> str:
        found, task = self._found, self._found.task
        part = {"part": self.speech.party(task.party)}
        if not found.asked:
            waits_for = {"names": ", ".join(self._name(person) for person in task.people)}
            return self.speech.text("You are not asked. It waits for: %(names)s.") % waits_for
        if found.viewer.person == task.assignee:
            if found.kind is TaskKind.MENTOR_REQUEST:
                return self.speech.text(WHY_THIS_MENTOR)
            return self.speech.text("You are asked because of your part: %(part)s.") % part
        first = {"name": self._name(task.assignee), **part}
        return (
            self.speech.text("%(name)s was asked as: %(part)s. It was handed to you, or no answer has come in time.")
            % first
        )

    def _why_not(self) -> list[str]:
        found = self._found
        told = []
        if found.asked and found.kept_from:
            told.append(
                self.speech.text(
                    "You can't answer this one yourself, because nobody decides on their own proposal or evidence, or "
                    "has two parts in one decision. Have a word with whoever can, or with the head of HR."
                )
            )
        elif found.asked and found.theirs_alone:
            only = self.speech.text("Only %(name)s can answer this. Please have a word with them.")
            told.append(only % {"name": self._name(found.task.assignee)})
        if found.disowned:
            told.append(self.speech.text("You said that it is not yours; HR is asked whose it is."))
        return told

    def _review(self, review: TaskRecord) -> ReviewShown:
        """A review by whom, with its score, and what was said in it."""
        answer = dict(review.answer or {})
        score = answer.pop("score", None)
        by = self._name(review.answered_by or review.assignee)
        title = f"{begun(self.speech.sentence(review.subject))}: {by} ({self.speech.party(review.party)})"
        kind = next(kind for kind in FORMS if kind.value == review.kind)
        said = answer_said(kind, answer, self.speech, self._names)
        return ReviewShown(title, self.speech.sentence(f"{score} of 5") if score else "", said)

    # When it is over

    def _over(self, following: TaskRow | None, ahead: int, chosen: TaskFilter) -> dict[str, Any]:
        found, task = self._found, self._found.task
        said = answer_said(found.kind, task.answer or {}, self.speech, self._names)
        then = None
        if following is not None:
            path = f"/tasks/{following.id}{query_of(chosen, done=str(self.done))}"
            then = {"row": following, "path": path, "number": self.done + 1, "count": self.done + ahead}
        return {"what": self._what_happened(), "said": said, "newer": found.newer, "next": then}

    def _what_happened(self) -> str:
        task = self._found.task
        at = {"moment": self.speech.moment(task.closed_at or task.due_at)}
        if task.state in (TaskState.ANSWERED.value, TaskState.REPLACED.value) and task.answered_by:
            if task.answered_by == self._found.viewer.person:
                return self.speech.text("You answered this on %(moment)s. Thank you.") % at
            return self.speech.text("%(name)s answered this on %(moment)s.") % {
                "name": self._name(task.answered_by),
                **at,
            }
        if task.state == TaskState.EXPIRED.value:
            return self.speech.text("The time for an answer ran out on %(moment)s.") % at
        if task.state == TaskState.FULFILLED.value:
            return (
                self.speech.text("On %(moment)s it came to pass without an answer. There is nothing left to do.") % at
            )
        return self.speech.text("It was called off on %(moment)s: its answer is not needed any more.") % at

    # What went wrong

    def cant_be_reached(self) -> str:
        """Nobody took the answer."""
        return self.speech.text(NOT_REACHED)

    def refusal(self, refused: Refused) -> FormError:
        """Why the case has not taken an answer, beside the field that it is about."""
        key, told = split(refused, FORMS[self._found.kind].model_fields)
        said = self.speech.sentence(told)
        sentence = named(_DAY.sub(lambda found: self.speech.day(found[0]), said), self._names)
        return FormError(key or None, control_id(key) if key else None, begun(sentence))

    async def names_in(self, value: Any) -> dict[PersonId, str]:
        """The names of everybody whom a JSON value names."""
        return await asyncio.to_thread(names_of, surroundings(self._request).database, [value])

    def _name(self, person: PersonId) -> str:
        return self._names.get(person, person)
