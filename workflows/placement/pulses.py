"""Pulses: short, voluntary questions in confidence to the returner and the mentor, in the policy's weeks.

Nothing is decided by them, and nothing follows from leaving them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from domain.core.model import Party
from domain.core.placement_rows import PulseRow
from domain.core.tasks import Refused
from domain.placement.calendar import PlannedPulse
from domain.placement.forms import MENTOR_PULSE, PULSE, PulseAnswer
from domain.placement.in_confidence import AskedPulse, is_low, questions_of
from domain.placement.mentor_letters import LowPulse, PulseOpened
from workflows.case.answers import Answered
from workflows.placement.context import PlacementContext

QUESTION = {Party.RETURNER: PULSE, Party.MENTOR: MENTOR_PULSE}


class Pulses:
    """The pulses of a placement."""

    def __init__(self, context: PlacementContext) -> None:
        self._context = context
        self._state = context.state
        self._rules = context.state.policy.pulses

    async def run(self) -> None:
        """Ask at each planned moment, until broken off; where nothing more is planned it waits without a timer."""
        while True:
            await self._context.clock.until(self._next_opens, "next pulse")
            planned = self._next()
            if planned and planned.opens_at <= self._context.now():
                self._open(planned)

    def _next(self) -> PlannedPulse | None:
        begun = {asked.week for asked in self._state.pulses}
        return next((planned for planned in self._context.plan.pulses if planned.week not in begun), None)

    def _next_opens(self) -> datetime | None:
        planned = self._next()
        return planned.opens_at if planned else None

    def _open(self, planned: PlannedPulse) -> None:
        """Ask those who are to be asked; without a mentor there is none to be asked."""
        for party in planned.of:
            self._state.pulses.append(AskedPulse(week=planned.week, party=party))
            if party in self._state.parties:
                self._context.spawn(self._ask(planned.week, party, len(self._state.pulses)))

    async def _ask(self, week: int, party: Party, n: int) -> None:
        questions = questions_of(self._rules, party)
        answer = await self._context.ask(
            QUESTION[party],
            f"pulse of week {week}",
            of=party,
            facts={"questions": questions},
            check=_of(questions),
            opening_letter=PulseOpened,
        )
        if not isinstance(answer, Answered):
            return
        scores = answer.form.scores
        self._context.report.row(
            PulseRow(
                n=n,
                at=answer.at,
                week=week,
                party=party,
                person=answer.by,
                questions=questions,
                scores=scores,
                comment=answer.form.comment,
            )
        )
        if is_low(scores.values(), self._rules) and self._state.confidants:
            letter = LowPulse(
                week=week,
                by=party.value,
                answers=[f"{questions[key]}: {score} of 5" for key, score in scores.items()],
                comment=answer.form.comment,
            )
            self._context.report.letters(letter, to=self._state.confidants[:1])


def _of(questions: Collection[str]) -> Callable[[Any], None]:
    """Refuse scores for what was not asked; what is left out is left out."""

    def check(given: PulseAnswer) -> None:
        if unknown := [key for key in given.scores if key not in questions]:
            raise Refused(f"scores: {', '.join(unknown)} was not asked; there are {', '.join(questions)}", "invalid")

    return check
