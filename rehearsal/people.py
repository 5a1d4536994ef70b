"""The simulated people of a rehearsal at work: they see their tasks, take their time, and answer."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

from domain.core.case import ENDED
from domain.core.model import PersonId
from domain.core.questions import TaskKind
from domain.core.tasks import AnswerTask, Receipt
from domain.core.updates import Update
from domain.placement.duties import STEPS
from domain.registry.forms import MAY_EXPIRE
from rehearsal.choices import REVIEWS, About, Choice, Choices
from rehearsal.clocks import DAY
from rehearsal.context import COHORT, COHORT_CASE, RehearsalContext
from rehearsal.drawn import events_of_mentor, events_of_returner
from rehearsal.events import Events
from rehearsal.pacing import hopeless
from simulated.inbox import TaskNow

LOOKS_EVERY_DAYS = 0.2
LOOKS_AT_MOST_EVERY_SECONDS = 0.05

STANDS_IN = frozenset(
    {
        TaskKind.CHECKLIST_ITEM,
        TaskKind.OFFBOARDING_ITEM,
        TaskKind.CHANGEOVER_ITEM,
        TaskKind.SESSION_NOTE,
        TaskKind.MANAGER_REVIEW,
        TaskKind.MENTOR_REVIEW,
        TaskKind.GOALS,
        TaskKind.IMPROVEMENT_PLAN,
        TaskKind.IMPROVEMENT_CHECK,
    }
)
"""What whoever it was escalated to does in somebody's place. Nobody decides for anybody else."""

WAIVED = {"waived_because": "whoever was asked has not answered"}

LATEST = 10
"""Over about so many answers it is averaged how long one is under way."""

LONGEST_UNDER_WAY = timedelta(days=0.5)
"""More than that is a machine that does not keep up, which nothing here can make good."""

LOOKS_FOR_THE_END_EVERY_SECONDS = 0.2

NOT_YET = 7.0
"""Days after which HR looks again for a mentor to name."""


class People:
    """All the people of a rehearsal."""

    def __init__(self, context: RehearsalContext) -> None:
        self._context = context
        self._events = Events(context)
        self._choices = Choices(context.chance, context.habits)
        self._handed_to: dict[str, PersonId] = {}
        self._asked: Counter[tuple[str, ...]] = Counter()
        self._under_way = timedelta(0)  # how long an answer is, lately: it is sent so much earlier

    async def act(self) -> None:
        """See tasks and answer them, until cancelled."""
        every = max(LOOKS_AT_MOST_EVERY_SECONDS, LOOKS_EVERY_DAYS * self._context.clocks.seconds_per_day)
        async with asyncio.TaskGroup() as doing:
            async for tasks in self._context.records_view.new_tasks(every):
                await self._meet(doing)  # after the look, so that the clock of every case that asks is known
                for task in tasks:
                    doing.create_task(self._deal_with(task))

    async def over(self, until: datetime, *, give_up: bool) -> None:
        """Wait until all placements have ended, at most until the cohort's clock shows ``until``.

        If it may ``give_up``, also only until it shows that the machine does not keep up.
        """
        while not (give_up and hopeless(self._context.log.off)):
            cases = await self._context.records_view.cases()
            begun = len(cases) >= len(self._context.participants)
            if begun and all(participant.stage == ENDED for participant in cases.values()):
                return
            if self._context.clocks.knows(COHORT_CASE) and self._context.clocks.now(COHORT_CASE) > until:
                return
            await asyncio.sleep(LOOKS_FOR_THE_END_EVERY_SECONDS)

    async def _meet(self, doing: asyncio.TaskGroup) -> None:
        """Get to know the cases that have begun, and what is going to happen to their people."""
        context, life = self._context, self._context.habits.life
        unknown = [case for case in [COHORT_CASE, *context.participants] if not context.clocks.knows(case)]
        if not unknown:
            return
        for case, began in (await context.records_view.began(unknown)).items():
            context.clocks.learn(case, began)
            if case == COHORT_CASE:
                for mentor in context.inputs.staff.mentors:
                    for event in events_of_mentor(context.chance, mentor, context.inputs.weeks, life):
                        doing.create_task(self._events.mentor_leaves(event))
            else:
                who = context.participants[case]
                doing.create_task(self._events.give_up(who))
                for event in events_of_returner(context.chance, who.returner, who.weeks or context.inputs.weeks, life):
                    doing.create_task(self._events.happens(who, event))

    # Tasks

    async def _deal_with(self, task: TaskNow) -> None:
        """Answer a task, however long it takes and whomever it is handed to meanwhile."""
        while task.open:
            person = self._handed_to.get(task.task, task.people[0])
            about = self._about(task, person)
            choice = self._choices.of(about, task.due_at - task.opened_at)
            if person in self._context.gone:
                asked = task.kind is TaskKind.MENTOR_REQUEST  # to that somebody who has left still says no
                choice = replace(choice, silent=not asked, refuses=asked, stands_in=True)
            if choice.silent and task.kind in MAY_EXPIRE:
                return
            if await (self._answer_once_escalated if choice.silent else self._answer)(task, about, choice):
                return
            await self._context.clocks.wait(1)
            task = await self._context.records_view.task(task.task)

    def _about(self, task: TaskNow, person: PersonId) -> About:
        who = self._context.participants.get(task.case)
        returner = who.returner if who else COHORT
        key = (person, returner, task.kind.value, task.subject)
        self._asked[key] += 1
        return About(task.kind, task.subject, person, returner, self._asked[key])

    async def _answer(self, task: TaskNow, about: About, choice: Choice) -> bool:
        meant = max(
            task.opened_at + choice.after, self._context.clocks.now(task.case) if about.nth > 1 else task.opened_at
        )
        await self._context.clocks.until(task.case, meant - self._under_way)
        if await self._is_back(task, about.person):
            return await self._give(task, about, choice, about.person, None)
        return await self._give(task, about, choice, about.person, meant)

    async def _answer_once_escalated(self, task: TaskNow, about: About, choice: Choice) -> bool:
        part = self._context.inputs.policy.ladder.escalate_at[0]
        escalated_at = task.opened_at + (task.due_at - task.opened_at) * part
        await self._context.clocks.until(task.case, escalated_at + choice.after)
        now = await self._context.records_view.task(task.task)
        while now.open and len(now.people) < 2 and now.people[0] == about.person:
            await self._context.clocks.wait(1)  # a leave has moved it
            now = await self._context.records_view.task(task.task)
        person = now.people[-1] if choice.stands_in and task.kind in STANDS_IN else about.person
        await self._is_back(task, person)
        return await self._give(now, about, choice, person, None)

    async def _give(
        self, task: TaskNow, about: About, choice: Choice, person: PersonId, meant: datetime | None
    ) -> bool:
        """Give the answer; whether nothing is left to be done."""
        try:
            answer = self._choices.answer(about, choice, await self._to_be_named(task), task.facts)
        except LookupError:
            self._context.log.nobody[task.kind] += 1
            return True  # there is nobody to do it
        if answer is None:
            await self._context.clocks.wait(NOT_YET)
            return False
        if person != about.person and task.kind in REVIEWS:
            answer = WAIVED
        message = AnswerTask(actor=person, task=task.task, answer=answer)
        sent = self._context.clocks.now(task.case)
        # What would expire goes first, whatever it costs the others: a machine must not decide anything.
        before = None if task.kind in MAY_EXPIRE else meant or sent
        receipt = await self._context.send(task.case, Update.ANSWER_TASK, message, Receipt, before=before)
        if receipt is None:
            await self._hand_on(task, person)
            return False
        self._context.log.answered += 1
        self._under_way += (min(receipt.at - sent, LONGEST_UNDER_WAY) - self._under_way) / LATEST
        if meant is not None:
            self._context.log.off.append(abs(receipt.at - meant) / DAY)
        return True

    async def _hand_on(self, task: TaskNow, person: PersonId) -> None:
        """Whoever has had another part in a decision hands its step to somebody who has none; others just try again."""
        who = self._context.participants.get(task.case)
        if who is None or task.kind not in STEPS:
            return
        role = self._context.inputs.roles[who.role]
        deciding = [*role.deciding(), *task.people]
        free = next((helper for helper in (role.it, role.facilities) if helper not in deciding), None)
        if free is None:
            return
        message = AnswerTask(actor=person, task=task.task, delegate_to=free)
        if await self._context.send(task.case, Update.ANSWER_TASK, message, Receipt) is not None:
            self._handed_to[task.task] = free

    async def _to_be_named(self, task: TaskNow) -> list[PersonId]:
        """Whom HR can name as a mentor: who was asked before and has not left; all others have no place."""
        if task.kind is not TaskKind.MENTOR_NOMINATION:
            return []
        asked = await self._context.records_view.asked_mentors(task.case)
        return [mentor for mentor in asked if mentor not in self._context.gone]

    async def _is_back(self, task: TaskNow, person: PersonId) -> bool:
        """Whoever is ill answers afterwards; whether that was so."""
        who = self._context.participants.get(task.case)
        if who is None or person != who.returner or task.case not in self._context.away:
            return False
        await self._context.away[task.case].wait()
        return True
