"""What the cases of all programmes share: what a stage has at hand.

It holds the clock, the asking and the two outboxes, keeps the loops behind them going, and shows operators where
the case stands.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Generic, TypeVar

from temporalio import workflow
from temporalio.exceptions import ApplicationError

from domain.core.case import CaseRequest, CaseState, Done, Leaving
from domain.core.journal import CaseRow, StageRow
from domain.core.model import Party, PersonId
from domain.core.risks import Risk, RiskKey, letters_wait_for
from domain.core.tasks import AnswerTask, Receipt, Refused
from workflows.case import activity_calls
from workflows.case.asking import Asking
from workflows.case.clock import ProgrammeClock
from workflows.case.operator_view import OperatorView
from workflows.case.outbox import let_this_step_finish
from workflows.case.reporting import Reporter

S = TypeVar("S", bound=CaseState)
T = TypeVar("T")


class CaseContext(Generic[S]):
    """Everything a stage of a case needs at hand. ``row`` makes the case's own row for the records."""

    def __init__(
        self, state: S, role_title: str, time_zone: str, row: Callable[[], Any], headline: Callable[[], str]
    ) -> None:
        self.state = state
        self.clock = ProgrammeClock(state.clock)
        self.report = Reporter(
            state, self.clock, role_title, time_zone, self._letters_wait_for, self._letters_do_not_wait_for
        )
        self.report.on_conflicts = self._not_on_record
        self.asking = Asking(state, self.clock, self.report)
        self.ask, self.ask_until_answered = self.asking.ask, self.asking.ask_until_answered
        self.operator_view = OperatorView(state, headline)
        self._row = row
        self._loops: list[asyncio.Task[None]] = []
        self._spawned: list[asyncio.Task[Any]] = []

    # What stages do

    def enter(self, stage: StrEnum) -> None:
        """The case enters a stage."""
        self.state.stage = stage
        self.state.stage_since = self.clock.now()
        self.state.stages += 1
        self.report.row(StageRow(n=self.state.stages, at=self.clock.now(), stage=stage.value))
        self.changed()

    def put_at_risk(self, risk: Risk | RiskKey, reason: str) -> None:
        """The case is at risk for this reason, until :meth:`clear_risk`; HR and the manager hear of it once."""
        if risk not in self.state.at_risk:
            self.state.note_risk(risk, reason)
            self.report.letters("at_risk", [Party.HR, Party.MANAGER], reasons=list(self.state.at_risk.values()))
            self.changed()

    def put_at_risk_anew(self, risk: Risk | RiskKey, reason: str) -> None:
        """The case is at risk for this reason in place of another of the same kind; HR and the manager hear of it."""
        self.state.forget_risk(risk)
        self.put_at_risk(risk, reason)

    def _not_on_record(self, conflicts: list[str]) -> None:
        """People are told once that something is not on record; the logs tell of each."""
        more = f"; and {len(conflicts) - 1} more" if len(conflicts) > 1 else ""
        self.put_at_risk(Risk.RECORDS, f"{conflicts[0]}{more}")

    def clear_risk(self, risk: Risk | RiskKey) -> None:
        """This reason is over; where it was the last, HR and the manager hear that."""
        if risk in self.state.at_risk:
            self.state.forget_risk(risk)
            if not self.state.at_risk:
                self.report.letters("risk_cleared", [Party.HR, Party.MANAGER])
            self.changed()

    def _letters_wait_for(self, person: PersonId) -> None:
        """They are not in the records: HR and operators see for whom this case waits."""
        if person not in self.state.post.unknown:
            self.state.post.unknown.append(person)
        self.put_at_risk(
            letters_wait_for(person),
            f"letters to or about {person} wait: nobody of that id is in the records; import them",
        )

    def _letters_do_not_wait_for(self, person: PersonId) -> None:
        if person in self.state.post.unknown:
            self.state.post.unknown.remove(person)
        self.clear_risk(letters_wait_for(person))

    def changed(self) -> None:
        """Tell the records where the case stands."""
        self.report.row(self._row())

    def row(self, *, person: PersonId, role: str, **own: Any) -> CaseRow:
        """Where the case stands, for the records; ``own`` is what not all programmes have."""
        state = self.state
        nothing = {"week": None, "starts_on": None, "ends_on": None, "mentor": None}
        return CaseRow(
            at=self.now(),
            programme=state.programme,
            person=person,
            role=role,
            cohort=state.cohort,
            policy=state.policy.label,
            stage=str(state.stage),
            stage_since=state.stage_since,
            paused=self.clock.paused,
            at_risk=list(state.at_risk.values()),
            time_zone=self.report.time_zone,
            **{**nothing, **own},
        )

    def done(self, says: str) -> Done:
        """The reply to whoever asked."""
        return Done(case=self.state.case, at=self.now(), says=says)

    def spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Let something go on beside the stages; it ends with the case, and its errors are noticed at once."""
        task = asyncio.create_task(work)
        failed = self._failed()
        self._spawned = [*(one for one in self._spawned if not one.done() or one in failed), task]
        return task

    def running_beside(self, *parts: Callable[[], Coroutine[Any, Any, None]]) -> RunningBeside:
        """``async with`` this, the parts go on beside the block, which waits for them at its end."""
        return RunningBeside(self, parts)

    async def gather(self, *work: Coroutine[Any, Any, T]) -> list[T]:
        """Let several things go on at once and wait for all; their results.

        Not an ``asyncio.TaskGroup``: that one awaits even while a stopping worker tears it down, which fails loudly.
        """
        return await self.wait_all([self.spawn(one) for one in work])

    async def wait_all(self, tasks: list[asyncio.Task[T]]) -> list[T]:
        """Wait for things that go on beside the stages; their results."""
        await workflow.wait_condition(lambda: all(task.done() for task in tasks))
        return [task.result() for task in tasks]

    def drop_spawned(self) -> None:
        """What goes on beside the stages has no more purpose."""
        for work in self._spawned:
            work.cancel()
            work.add_done_callback(_seen)
        self._spawned = []

    def now(self) -> datetime:
        """The instant on the case's clock."""
        return self.clock.now()

    # What people do

    def check_actor(self, request: CaseRequest, parties: Iterable[Party]) -> None:
        """Raise :class:`Refused` unless the actor plays one of these parts in the case."""
        allowed = list(parties)
        if not any(party in allowed for party in self.state.party_of(request.actor)):
            who = ", ".join(party.spoken for party in sorted(allowed))
            raise Refused(f"{request.actor} can't do that in {self.state.case}: it is for {who}", "forbidden")

    async def answer(self, message: AnswerTask) -> Receipt:
        """Accept an answer, or fail the update with the reason. What happens while people are looked up counts."""
        await self.must_be_known(self.asking.named(message))
        try:
            return self.asking.answer(message)
        except Refused as refusal:
            raise refused(refusal) from None

    async def must_be_known(self, people: Sequence[PersonId]) -> None:
        """Fail an update that names somebody who is not in the records."""
        if unknown := await _unknown(people):
            are = "is" if len(unknown) == 1 else "are"
            raise refused(Refused(f"{', '.join(unknown)} {are} not in the records; import people first", "invalid"))

    def end_early(self, reason: str, by: PersonId | None) -> None:
        """End the case early; the first reason stands."""
        if self.state.leaving is None:
            self.state.leaving = Leaving(by=by, at=self.clock.now(), reason=reason)

    # The case as a whole

    async def run_to_completion(self, case: Callable[[], Coroutine[Any, Any, T]], named: Mapping[str, PersonId]) -> T:
        """See a case through; Temporal's own cancellation is an orderly withdrawal by the operator.

        It fails before anything is asked or sent where somebody is not in the records of those its start has
        ``named``, by field; while the records are away it waits. What another case starts, names whom that one knows.
        """
        going_on = asyncio.create_task(self._from_the_beginning(case, named))
        try:
            return await asyncio.shield(going_on)
        except asyncio.CancelledError:
            self.end_early("cancelled by an operator", by=None)
            return await going_on

    async def _from_the_beginning(self, case: Callable[[], Coroutine[Any, Any, T]], named: Mapping[str, PersonId]) -> T:
        ask = named if workflow.info().parent is None else {}
        if unknown := await _unknown(sorted(set(ask.values()))):
            where = "; ".join(f"{field}: {person}" for field, person in ask.items() if person in unknown)
            raise refused(Refused(f"{where}: not in the records; import people first", "invalid"))
        if ask:
            self.clock.begin_now()
        return await case()

    def open(self, *loops: Coroutine[Any, Any, None]) -> None:
        """Set the loops of the case going, and others that last as long as it does."""
        self._loops = [
            asyncio.create_task(self.report.delivery.deliver_forever()),
            asyncio.create_task(self.asking.run_ladder()),
            asyncio.create_task(self.operator_view.run()),
            *(asyncio.create_task(loop) for loop in loops),
        ]

    async def close(self, *, and_until: Callable[[], bool] = lambda: True) -> None:
        """Wait until all is told (and ``and_until``) and every update is answered, then end the loops.

        Where letters hold up the end because somebody is not in the records, that stays in sight.
        """
        for person in list(self.state.post.unknown):
            self._letters_wait_for(person)
        await self._wait(workflow.all_handlers_finished)
        await let_this_step_finish()
        await self._wait(lambda: and_until() and self.report.delivery.empty and workflow.all_handlers_finished())
        self.operator_view.pin()
        for work in [*self._loops, *self.report.delivery.retries, *self._spawned]:
            work.cancel()

    async def run_until_ended_early(self, programme: Coroutine[Any, Any, None]) -> bool:
        """Run a programme to its end, or until somebody leaves; true when it came to its end.

        An error in anything that runs alongside is raised here, so that it fails the workflow task and is seen,
        instead of being lost.
        """
        flow = asyncio.create_task(programme)

        await self._wait(lambda: flow.done() or self.state.leaving is not None)
        if self.state.leaving is None:
            flow.result()
            return True
        flow.add_done_callback(_seen)
        flow.cancel()
        self.drop_spawned()
        await workflow.wait_condition(flow.done)
        return False

    async def run_unless(self, part: Coroutine[Any, Any, None], otherwise: Callable[[], bool]) -> bool:
        """Run a part of the programme to its end, or break it off once ``otherwise``; true when it came to its end."""
        flow = self.spawn(part)
        await workflow.wait_condition(lambda: flow.done() or otherwise())
        if flow.done():
            flow.result()
            return True
        self.drop_spawned()
        await workflow.wait_condition(flow.done)
        return False

    async def _wait(self, until: Callable[[], bool]) -> None:
        """Wait; what fails meanwhile in the background is raised here."""
        await workflow.wait_condition(lambda: until() or bool(self._failed()))
        for failed in self._failed():
            failed.result()

    def _failed(self) -> list[asyncio.Task[Any]]:
        tasks = [*self._loops, *self.report.delivery.retries, *self._spawned]
        return [task for task in tasks if task.done() and not task.cancelled() and task.exception() is not None]


class RunningBeside:
    """What goes on beside a block. Nothing is awaited when the block is left by an exception."""

    def __init__(self, context: CaseContext[Any], parts: Iterable[Callable[[], Coroutine[Any, Any, None]]]) -> None:
        self._context = context
        self._parts = parts
        self._going_on: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> None:
        self._going_on = [self._context.spawn(part()) for part in self._parts]

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            await self._context.wait_all(self._going_on)


def _seen(dropped: asyncio.Task[Any]) -> None:
    """An activity that is broken off ends with an error of its own, which asyncio would report if nobody looked."""
    if not dropped.cancelled():
        dropped.exception()


def broke_off(child: asyncio.Task[Any] | None) -> bool:
    """Whether a child has failed (it could not read its start), or was ended by force."""
    return child is not None and child.done() and not child.cancelled() and child.exception() is not None


def check(rule: Callable[[Any], None], request: Any) -> None:
    """Apply a rule to a request; what it refuses is rejected with its sentence."""
    try:
        rule(request)
    except Refused as refusal:
        raise refused(refusal) from None


def refused(refusal: Refused) -> ApplicationError:
    """A refusal as the sender of an update sees it: its sentence, and its kind as the error's type."""
    return ApplicationError(str(refusal), type=refusal.type, non_retryable=True)


async def _unknown(people: Sequence[PersonId]) -> list[PersonId]:
    """Who of these is not in the records.

    Only an activity can look; while the records are away this waits, because nobody else can say.
    """
    known = await activity_calls.known_people(list(people)) if people else []
    return [person for person in people if person not in known]
