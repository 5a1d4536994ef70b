"""Cases in whose course things come in any order: what people do, what is carried out, and what fires when.

Whatever comes in whatever order, a case gets to its end once people answer and nobody disturbs it any more: no step
of a workflow fails, whatever is refused is refused by a sentence of ours, nothing stays open, and nothing is kept of
what is scarce. All runs replay.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from demo.stories import willing
from domain.capacity import Resize
from domain.case import Asked
from domain.naming import workflow_id
from domain.questions import TaskKind
from domain.tasks import REFUSED, AnswerTask
from tests.office import HR_LEAD
from tests.workflows.executions import Execution, SentUpdate
from tests.workflows.stand_ins import StandIns
from workflows.capacity import Capacity

UNDISTURBED = timedelta(days=3 * 365)
"""Long after the last follow-up of any case."""
Ask = Callable[[], tuple[str, Asked]]
"""The name of an update, and what is asked by it."""


Asks = Mapping[type[Any], Mapping[str, Ask]]
"""What can be asked of which kind of case."""
Answers = Mapping[TaskKind, Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]]
"""What is answered to a task of some kinds, by the task and the view of the case; to all others willingly."""


@dataclass
class Turn:
    """So many things happen, and then somebody asks something of a case (the ``of``-th that has not ended).

    ``seed`` says in which order they happen (0: in that in which they come up), and who answers when.
    """

    things: int
    asks: str
    of: int
    seed: int


class Course:
    """The course of some cases, which are all there is."""

    def __init__(self, office: StandIns, asks: Asks, answers: Answers | None = None) -> None:
        self.office = office
        self.driver = office.driver
        self.asks = asks
        self.answers = answers or {}
        self._asked: list[SentUpdate] = []

    @property
    def cases(self) -> list[Execution]:
        """All cases there are by now."""
        return [one for one in self.driver.executions.values() if one.run.kind is not Capacity]

    def goes(self, turns: Sequence[Turn]) -> None:
        """Go through these turns, and then to the end."""
        for turn in turns:
            order = random.Random(turn.seed) if turn.seed else None
            for _ in range(turn.things):
                self._next_thing(order)
            self._ask(turn)
        self.to_the_end()

    def to_the_end(self) -> None:
        """Go on undisturbed until all cases have ended. Raises ``AssertionError`` where they don't."""
        latest = self.driver.now + UNDISTURBED
        while self._running():
            self._go_on(latest)
        self.driver.settle()
        self._all_is_well()

    def until(self, true: Callable[[], bool]) -> None:
        """Go on undisturbed until something has become true."""
        latest = self.driver.now + UNDISTURBED
        self.driver.settle()
        while not true():
            self._go_on(latest)

    def _go_on(self, latest: datetime) -> None:
        assert self.driver.now < latest, f"stuck: {self._how_they_stand()}"
        assert self._next_thing(None), f"nothing is to come any more: {self._how_they_stand()}"

    def _how_they_stand(self) -> dict[str, Any]:
        return {one.id: self.driver.query(one.id) for one in self._running()}

    def _put_right(self) -> bool:
        """What is paused goes on, and there is more of what is waited for."""
        return self._go_on_after_a_pause() or self._more_of_what_is_waited_for()

    def _more_of_what_is_waited_for(self) -> bool:
        """Its owners let there be more."""
        more = False
        for one in self._capacities():
            view = self.driver.query(one.id)
            if view["waiting"]:
                size = Decimal(view["size"]) + sum(Decimal(claim["amount"]) for claim in view["waiting"])
                self._send(one, "resize", Resize(actor=HR_LEAD, size=size, reason="there is more"))
                more = True
        return more

    def _capacities(self) -> list[Execution]:
        return [one for one in self.driver.executions.values() if one.run.kind is Capacity]

    def _running(self) -> list[Execution]:
        return [one for one in self.cases if one.status == "running"]

    def _next_thing(self, order: random.Random | None) -> bool:
        """Let the next thing happen (in some order), somebody answer, or time pass; false where nothing is to come."""
        choices = self.driver.choices()
        if choices and (order is None or order.random() < 0.8):
            return self.driver.step(order.randrange(len(choices)) if order else 0)
        if not choices and (order is None or order.random() < 0.1):
            return self._all_answer() or self._put_right() or self.driver.pass_time()
        return self._all_answer(order) or bool(choices) or self.driver.pass_time()

    def _all_answer(self, order: random.Random | None = None) -> bool:
        """Everybody answers what is open; or one of them."""
        open_tasks = [(one, task) for one in self._running() if one.begun for task in self._tasks(one)]
        for one, task in [order.choice(open_tasks)] if order and open_tasks else open_tasks:
            message = AnswerTask(actor=task["assignee"], task=task["id"], answer=self._answer(one, task))
            self._send(one, "answer_task", message)
        return bool(open_tasks)

    def _answer(self, one: Execution, task: dict[str, Any]) -> dict[str, Any]:
        kind = TaskKind(task["kind"])
        if kind in self.answers:
            return self.answers[kind](task, self.driver.query(one.id))
        return dict(willing(kind, task["facts"]))

    def _tasks(self, one: Execution) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.driver.query(one.id, "open_tasks")
        return found

    def _go_on_after_a_pause(self) -> bool:
        """Who can be asked to; a path that is paused with its placement goes on with that."""
        asked = [one for one in self._running() if one.begun and "resume" in self.asks.get(one.run.kind, {})]
        views = {one.id: self.driver.query(one.id) for one in asked}
        paused = [one for one in asked if views[one.id]["clock"].get("paused_since")]
        paused = [one for one in paused if not views[one.id].get("paused_with_placement")]
        for one in paused:
            self._send(one, *self.asks[one.run.kind]["resume"]())
        return bool(paused)

    def _ask(self, turn: Turn) -> None:
        if turn.asks == "new worker":
            self.driver.new_worker()
        elif running := self._running():
            one = running[turn.of % len(running)]
            asks = self.asks.get(one.run.kind, {})
            if turn.asks == "cancel":
                self.driver.cancel(one.id)
            elif turn.asks in asks:
                self._send(one, *asks[turn.asks]())

    def _send(self, one: Execution, update: str, request: Any) -> None:
        self._asked.append(self.driver.update(one.id, update, request))

    def _all_is_well(self) -> None:
        for sent in self._asked:
            assert sent.done, f"{sent.name} has never been answered"
            if sent.failure is not None and "has ended" not in sent.failure.message:
                assert sent.failure.application_failure_info.type.startswith(REFUSED), f"{sent.name}: {sent.failure}"
        for one in self.cases:
            assert one.status == "completed", f"{one.id} is {one.status}: {one.failure}"
            assert self.driver.query(one.id)["stage"] == "ended"
            assert not self._tasks(one), f"open at the end of {one.id}: {self._tasks(one)}"
        self._nothing_is_kept()

    def _nothing_is_kept(self) -> None:
        """But for the place of whoever is employed, and money that is spent."""
        employed = {one.id for one in self.cases if self.driver.query(one.id).get("outcome") == "converted"}
        for one in self._capacities():
            view = self.driver.query(one.id)
            assert not view["offers"] + view["waiting"], f"{one.id} at the end: {view}"
            if one.id.startswith("capacity-headcount"):
                held = {workflow_id(claim["holder"].partition("/")[0]) for claim in view["holders"]}
                assert held == employed, f"{one.id} is held by {held}, and employed are {employed}"
            elif not one.id.startswith("capacity-budget"):
                assert not view["holders"], f"{one.id} at the end: {view}"
