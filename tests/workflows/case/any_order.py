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
from functools import partial
from typing import Any

from domain.capacity.reserving import Resize
from domain.certification.requests import Reinstate, TakeExam
from domain.certification.state import CertificationStage
from domain.core.case import CaseRequest, Withdraw
from domain.core.naming import workflow_id
from domain.core.not_mine import NotMine
from domain.core.questions import TaskKind
from domain.core.reopening import ReopenTask
from domain.core.tasks import AnswerTask, TaskState
from simulated.answers import UNWILLING, willing
from tests.office import HR, HR_LEAD, STAND_IN, asked_mentors
from tests.workflows.case.executions import Execution, OpenActivity, SentUpdate
from tests.workflows.case.good_order import all_is_well, capacities, cases, nothing_is_lost_or_said_twice
from tests.workflows.case.stand_ins import StandIns
from workflows.capacity.activity_calls import RESERVE_CAPACITY
from workflows.capacity.workflow import Capacity
from workflows.case.activity_calls import DELIVER
from workflows.certification.workflow import Certification
from workflows.placement.activity_calls import CHOOSE_MENTOR, PLAN_CALENDAR

UNDISTURBED = timedelta(days=3 * 365)
"""Long after the last follow-up of any case."""
A_WHILE = timedelta(days=1)
"""After so long somebody tries again to take an exam."""
LAST = -1
REOPENED = 3
"""So many answers are reopened at a time."""
LONG_ENOUGH, A_FEW = 100, 20
"""So many things happen until nobody waits any more for an activity to be under way; and so many still come in some
order after the last was asked, before all comes in its order."""
Ask = Callable[[], tuple[str, CaseRequest]]
"""The name of an update, and what is asked by it."""


SOMETHING_IS_DONE, SOMEBODY_ANSWERS, SOMEBODY_IS_UNWILLING, SOMEBODY_ASKS_TOO_LATE = 0.7, 0.9, 0.2, 0.3
"""How likely it is that the next thing is one of those that are to be done, else that somebody answers before time
passes; that whoever answers does not say what everybody hopes for; and that somebody asks something of a case whose
last step is under way."""
WORST = {
    **UNWILLING,
    TaskKind.RIGHT_PERSON: {"person": STAND_IN},
    TaskKind.MANAGER_REVIEW: {"score": 1, "comment": "not yet", "goals_met": 0},
    TaskKind.MENTOR_REVIEW: {"score": 1, "comment": "not yet"},
}
"""What people answer who are not willing."""
UNREACHABLE = {
    "records unreachable": (DELIVER.name,),
    "slow": (PLAN_CALENDAR.name, CHOOSE_MENTOR.name, RESERVE_CAPACITY.name),
}
"""What is not carried out from then on, until somebody says "all back"."""
Asks = Mapping[type[Any], Mapping[str, Ask]]
"""What can be asked of which kind of case."""
Answers = Mapping[TaskKind, Callable[[dict[str, Any], dict[str, Any]], dict[str, Any]]]
"""What is answered to a task of some kinds, by the task and the view of the case; to all others willingly."""


@dataclass
class Turn:
    """So many things happen, and then somebody asks something of a case (the ``of``-th that has not ended).

    ``seed`` says in which order they happen (0: in that in which they come up), and who answers when. Where an activity
    is named, whoever asks waits for it to be ``under_way``, though not for ever.
    """

    things: int
    under_way: str | None
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
        self.unanswered: set[TaskKind] = set()
        """What nobody answers for the time being."""
        self._exams: dict[str, datetime] = {}
        self._asked: list[SentUpdate] = []

    @property
    def cases(self) -> list[Execution]:
        """All cases there are by now."""
        return cases(self.driver)

    def goes(self, turns: Sequence[Turn]) -> None:
        """Go through these turns, and then to the end."""
        order: random.Random | None = None
        for turn in turns:
            order = random.Random(turn.seed) if turn.seed else None
            self.driver.meanwhile = partial(self._something_comes, order) if order else None
            self._some_things(turn.things, order)
            if turn.under_way:
                self._some_things(LONG_ENOUGH, order, unless=turn.under_way)
            self._ask(turn)
        self._some_things(A_FEW, order)
        self.run_to_completion()

    def is_disturbed(self, under_way: str, n: int, asks: Sequence[str]) -> None:
        """Somebody asks this in the very moment in which an activity is under way for the ``n``-th time, and what has
        begun last is done first from then on; then go to the end."""
        met: list[OpenActivity] = []
        while len(met) < n and self.running():
            met += [
                activity
                for activity in self.driver.open_activities
                if activity.name == under_way and all(activity is not other for other in met)
            ]
            if len(met) < n:
                self._next_thing(None)
        for what in asks:
            self._ask(Turn(things=0, under_way=None, asks=what, of=0, seed=0))
        for _ in range(A_FEW):
            self.driver.step(LAST)
        self.run_to_completion()

    def is_asked_while_it_ends(self, asks: Sequence[str]) -> list[str]:
        """Each time the last step of a case's run is under way, somebody asks the next of these of the case; go to the
        end. Returns what nobody has come to ask."""
        to_come = list(asks)

        def ask(execution: Execution) -> None:
            if to_come and execution.run.kind is not Capacity:
                self.ask_of(execution, to_come.pop(0))

        self.driver.meanwhile = ask
        self.run_to_completion()
        return to_come

    def _something_comes(self, order: random.Random, execution: Execution) -> None:
        """Now and then other things happen while the last step of a run is under way, or somebody asks something."""
        for _ in range(order.randrange(3)):
            if not any(other.is_ending for other in self.driver.executions.values() if other is not execution):
                self.driver.step(order.randrange(1_000))
        if (asks := self.asks.get(execution.run.kind)) and order.random() < SOMEBODY_ASKS_TOO_LATE:
            self.ask_of(execution, order.choice(sorted(asks)))

    def _some_things(self, number: int, order: random.Random | None, unless: str | None = None) -> None:
        for _ in range(number):
            if any(activity.name == unless for activity in self.driver.open_activities):
                return
            self._next_thing(order)

    def run_to_completion(self) -> None:
        """Go on undisturbed until all cases have ended. Raises ``AssertionError`` where they don't."""
        self.driver.unreachable.clear()
        latest = self.driver.now + UNDISTURBED
        while self.running():
            self._go_on(latest)
        self.driver.settle()
        all_is_well(self.driver, self._asked)
        nothing_is_lost_or_said_twice(self.driver, self.office.delivered)

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
        return {case.id: self.driver.query(case.id) for case in self.running()}

    def _put_right(self) -> bool:
        """What is paused goes on, there is more of what is waited for, and exams are taken."""
        return self._go_on_after_a_pause() or self._more_of_what_is_waited_for() or self._certificates_are_earned()

    def _certificates_are_earned(self) -> bool:
        """Exams are taken, each as soon as it may be, until there is a certificate; then nobody needs it for long."""
        certifications = [
            certification
            for certification in self.running()
            if certification.run.kind is Certification and certification.begun
        ]
        for certification in certifications:
            view = self.driver.query(certification.id)
            if view["suspended"]:
                self._send(certification, "reinstate", Reinstate(actor=HR_LEAD, reason="it was a mistake"))
                return True
            if view["stage"] in (CertificationStage.PREPARING, CertificationStage.EXPIRED):
                if self.driver.now >= self._exams.get(certification.id, self.driver.now):
                    self._exams[certification.id] = self.driver.now + A_WHILE
                    self._send(certification, "take_exam", TakeExam(actor=HR_LEAD))
                    return True
                if self.driver.next_timer() is None:
                    self.driver.now += A_WHILE
                    return True
            elif certifications == self.running():
                self._send(certification, "withdraw", Withdraw(actor=HR_LEAD, reason="enough seen"))
                return True
        return False

    def _more_of_what_is_waited_for(self) -> bool:
        """Its owners let there be more."""
        more = False
        for capacity in capacities(self.driver):
            view = self.driver.query(capacity.id)
            if view["waiting"]:
                size = Decimal(view["size"]) + sum(Decimal(claim["amount"]) for claim in view["waiting"])
                self._send(capacity, "resize", Resize(actor=HR_LEAD, size=size, reason="there is more"))
                more = True
        return more

    def running(self) -> list[Execution]:
        """The cases that have not ended, and are not about to."""
        return [case for case in self.cases if case.status == "running" and not case.is_ending]

    def _next_thing(self, order: random.Random | None) -> bool:
        """Let the next thing happen (in some order), somebody answer, or time pass; false where nothing is to come."""
        if order is None:
            return self.driver.step() or self._all_answer() or self._put_right() or self.driver.pass_time()
        chance = order.random()
        if chance < SOMETHING_IS_DONE and self.driver.step(order.randrange(1_000)):
            return True
        answered = chance < SOMEBODY_ANSWERS and self._all_answer(order)
        return answered or self.driver.pass_time() or self._all_answer(order)

    def _all_answer(self, order: random.Random | None = None, of: Sequence[Execution] | None = None) -> bool:
        """Everybody answers what is open (in these cases); or one of them."""
        open_tasks = [(case, task) for case in of or self.running() if case.begun for task in self._tasks(case)]
        for case, task in [order.choice(open_tasks)] if order and open_tasks else open_tasks:
            answer = self._answer(case, task)
            if order and order.random() < SOMEBODY_IS_UNWILLING:
                answer = WORST.get(TaskKind(task["kind"]), answer)
            message = AnswerTask(actor=task["assignee"], task=task["id"], answer=answer)
            self._send(case, "answer_task", message)
        return bool(open_tasks)

    def _answer(self, case: Execution, task: dict[str, Any]) -> dict[str, Any]:
        kind = TaskKind(task["kind"])
        if kind in self.answers:
            return self.answers[kind](task, self.driver.query(case.id))
        mentors = asked_mentors(self.driver.query(case.id)) if kind is TaskKind.MENTOR_NOMINATION else []
        return willing(kind, task["facts"], mentors)

    def _tasks(self, case: Execution) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.driver.query(case.id, "open_tasks")
        found += [
            {"id": task, "kind": row.kind, "assignee": row.assignee, "facts": row.facts}
            for (of, task), row in self.office.in_confidence.items()
            if workflow_id(of) == case.id and row.state is TaskState.OPEN
        ]
        there = [task for task in found if task["assignee"] not in self.office.left]
        return [task for task in there if task["kind"] not in self.unanswered]

    def _go_on_after_a_pause(self) -> bool:
        """Who can be asked to; a path that is paused with its placement goes on with that, as long as that is there."""
        asked = [case for case in self.running() if case.begun and "resume" in self.asks.get(case.run.kind, {})]
        views = {case.id: self.driver.query(case.id) for case in asked}
        paused = [case for case in asked if views[case.id]["clock"].get("paused_since")]
        there = {case.id for case in self.running()}
        paused = [case for case in paused if workflow_id(views[case.id].get("placement") or "") not in there]
        for case in paused:
            self._send(case, *self.asks[case.run.kind]["resume"]())
        return bool(paused)

    def _ask(self, turn: Turn) -> None:
        if turn.asks == "new worker":
            self.driver.new_worker()
        elif turn.asks == "all back":
            self.driver.unreachable.clear()
        elif turn.asks in UNREACHABLE:
            self.driver.unreachable.update(UNREACHABLE[turn.asks])
        elif running := self.running():
            self.ask_of(running[turn.of % len(running)], turn.asks)

    def ask_of(self, case: Execution, what: str) -> None:
        """Somebody asks something of a case, or all answer who are asked by it; an operator cancels or ends it."""
        asks = self.asks.get(case.run.kind, {})
        if what == "answer":
            self._all_answer(of=[case])
        elif what == "not mine":
            self._disown(case)
        elif what == "reopen":
            self._reopen(case)
        elif what == "cancel":
            self.driver.cancel(case.id)
        elif what == "end by force":
            self.driver.end_by_force(case.id)
        elif what in asks:
            self._send(case, *asks[what]())

    def _disown(self, case: Execution) -> None:
        """Whoever is asked says of each open task that it is not theirs; of some that is refused."""
        for task in self._tasks(case) if case.begun else []:
            self._send(case, "not_mine", NotMine(actor=task["assignee"], task=task["id"]))

    def _reopen(self, case: Execution) -> None:
        """HR reopens the last answers; of some that is refused."""
        tasks = self.driver.query(case.id)["tasks"] if case.begun else []
        for task in [task for task in tasks if task["state"] == TaskState.ANSWERED][-REOPENED:]:
            self._send(case, "reopen_task", ReopenTask(actor=HR, task=task["id"], reason="a slip of the pen"))

    def _send(self, execution: Execution, update: str, request: Any) -> None:
        self._asked.append(self.driver.update(execution.id, update, request))
