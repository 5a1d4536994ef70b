"""The trainings of a plan, each in its own way: in the order of what they require, several at once."""

from __future__ import annotations

import asyncio

from domain.core.letters import LetterFacts
from domain.core.model import Party
from domain.core.skills import TrainingKind
from domain.learning.enrolment import Enrolment, EnrolmentState
from domain.learning.letters import TrainingAgain, TrainingNotPassed, TrainingPassed
from domain.learning.plan import alternatives
from workflows.learning.context import PathContext
from workflows.learning.e_learning import ELearning
from workflows.learning.evidence import Evidenced
from workflows.learning.planning import Planning
from workflows.learning.workshops import Workshops

TOO_LATE = "its last session began before what it requires was passed"


class Trainings:
    """Goes through the plan of a round."""

    def __init__(self, context: PathContext, planning: Planning, workshops: Workshops, e_learning: ELearning) -> None:
        self._context = context
        self._state = context.state
        self._planning = planning
        self._workshops = workshops
        self._choosing = asyncio.Lock()
        evidenced = Evidenced(context)
        self._ways = {
            TrainingKind.WORKSHOP: workshops.attend,
            TrainingKind.E_LEARNING: e_learning.complete,
            TrainingKind.ASSIGNMENT: evidenced.work_on,
            TrainingKind.SELF_STUDY: evidenced.study,
        }

    async def run(self) -> None:
        """All trainings of this round, until each is settled."""
        of_this_round = [enrolment for enrolment in self._state.enrolments if enrolment.round == self._state.round]
        await self._context.gather(*(self._learn(enrolment) for enrolment in of_this_round))

    async def _learn(self, enrolment: Enrolment) -> None:
        """One training, as soon as what it requires is there; and what follows where it is not passed."""
        in_time = await self._is_ready_in_time(enrolment)
        lacking = self._lacks(enrolment)
        if lacking:
            self._context.settle(enrolment, EnrolmentState.CALLED_OFF, f"{lacking}, which it requires, was not passed")
            await self._free_money()
            return
        if not in_time:
            enrolment.reason = TOO_LATE
        elif await self._passes(enrolment):
            return
        if self._state.policy.training.then == "alternative":
            async with self._choosing:  # two that fail at once must not choose the same, nor more than is left
                alternative = await self._alternative(enrolment)
            if alternative is not None:
                self._settle_not_passed(enrolment, f"{alternative.training.title} takes its place")
                await self._learn(alternative)
                return
        self._settle_not_passed(enrolment, "it is dropped from the plan")
        await self._free_money()

    async def _is_ready_in_time(self, enrolment: Enrolment) -> bool:
        """Wait for what it requires; false where the last session of a workshop begins before that."""
        last = max((session.starts for session in enrolment.training.sessions), default=None)
        return not await self._context.clock.until(
            lambda: last,
            f"the last session of {enrolment.training.id}",
            unless=lambda: self._ready(enrolment) or bool(self._lacks(enrolment)),
            even_paused=True,
        )

    async def _free_money(self) -> None:
        """Give back what is held for trainings that come to nothing; never while an alternative is being paid."""
        async with self._choosing:
            await self._planning.give_unused_money_back()

    async def _passes(self, enrolment: Enrolment) -> bool:
        """Try it, as often as the policy says."""
        again = self._state.policy.training.again
        while enrolment.attempts <= again:
            await self._context.clock.until_resumed()
            enrolment.attempts += 1
            enrolment.reason = await self._ways[enrolment.training.kind](enrolment)
            if enrolment.reason is None:
                self._settle_passed(enrolment)
                return True
            self._context.settle(enrolment, EnrolmentState.PLANNED, enrolment.reason)
            if enrolment.training.kind is TrainingKind.WORKSHOP and not self._workshops.to_come(enrolment):
                return False
            if enrolment.attempts <= again:
                self._send_letter(TrainingAgain(title=enrolment.training.title, why=enrolment.reason))
        return False

    def put_right(self, enrolment: Enrolment, why_not: str | None) -> None:
        """What came of a training that is over was put right: passed, or (``why_not``) not. It is not tried again."""
        was_passed = enrolment.state is EnrolmentState.PASSED
        enrolment.reason = why_not
        if why_not is None and not was_passed:
            self._settle_passed(enrolment)
        elif why_not is not None and was_passed:
            self._settle_not_passed(enrolment, "what was said of it was put right, and it is dropped from the plan")
            learned = {skill for other in self._passed() for skill in other.training.leads_to}
            for skill in sorted(set(enrolment.training.leads_to) - learned):
                self._state.learned_on.pop(skill, None)
        elif why_not is not None:
            self._context.settle(enrolment, enrolment.state, why_not)  # not passed, for another reason

    def _passed(self) -> list[Enrolment]:
        return [enrolment for enrolment in self._state.enrolments if enrolment.state is EnrolmentState.PASSED]

    def _settle_passed(self, enrolment: Enrolment) -> None:
        self._context.settle(enrolment, EnrolmentState.PASSED)
        self._state.learned_on |= dict.fromkeys(enrolment.training.leads_to, self._context.today())
        self._send_letter(TrainingPassed(title=enrolment.training.title))

    def _settle_not_passed(self, enrolment: Enrolment, what_follows: str) -> None:
        why = enrolment.reason or "no reason was given"
        self._context.settle(enrolment, EnrolmentState.NOT_PASSED, why)
        self._send_letter(TrainingNotPassed(title=enrolment.training.title, why=why, what_follows=what_follows))

    async def _alternative(self, given_up: Enrolment) -> Enrolment | None:
        """The best that the catalogue has instead, within what is left of hours and money, and is approved."""
        found = alternatives(
            given_up.training,
            self._state.candidates,
            [enrolment.training.id for enrolment in self._state.enrolments],
            self._state.passed(),
            self._state.limits_left(except_for=given_up),
            self._state.gaps,
            self._context.learning_time(),
        )
        for training in found:
            enrolment = await self._planning.add(training, given_up)
            if enrolment is not None:
                return enrolment
        return None

    def _ready(self, enrolment: Enrolment) -> bool:
        passed = self._state.passed()
        return all(required in passed for required in enrolment.training.requires)

    def _lacks(self, enrolment: Enrolment) -> str | None:
        """Something required that can't be passed any more."""
        passed = self._state.passed()
        open_ = [other for other in self._state.enrolments if not other.settled]
        to_come = [
            *(other.training.id for other in open_),
            *(other.instead_of for other in open_ if other.instead_of),
        ]
        lacking = [
            training for training in enrolment.training.requires if training not in passed and training not in to_come
        ]
        return lacking[0] if lacking else None

    def _send_letter(self, letter: LetterFacts) -> None:
        self._context.report.letters(letter, to=[Party.LEARNER, Party.MANAGER])
