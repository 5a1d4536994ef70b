"""A message that is the first thing a worker gets of a case: the case goes on, and its history replays.

Each case is followed through all its stages. In each of them nobody works for a while, several messages arrive, and a
worker to which the case is new takes them all in one step. (What capacities do at a worker that remembers nothing is
tried in ``test_capacity``.)
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from typing import Any

import pytest
from temporalio.client import WorkflowHandle, WorkflowUpdateFailedError
from temporalio.service import RPCError

from domain.certification.requests import Reinstate, Suspend, TakeExam
from domain.certification.state import CertificationStage
from domain.cohort.requests import PauseCohort, ResumeCohort
from domain.cohort.state import CohortStage
from domain.core.case import Withdraw
from domain.core.holdings import PlaceOffered
from domain.core.months import months_after
from domain.core.people import Application
from domain.core.questions import TaskKind
from domain.core.tasks import AnswerTask
from domain.learning.requests import PausePath, ResumePath
from domain.learning.result import PathStage
from domain.learning.start import Goal
from domain.placement.requests import PausePlacement, ResumePlacement
from domain.placement.stages import Stage
from service.certification.issuer import make_issuer_key
from simulated.answers import willing
from tests.certifying import LEARNER, certifying_in
from tests.office import HR, PATIENCE_SECONDS, ROLE, Case, Office, person
from tests.school import PROFILE, all_kinds, certificate, open_school, start_path
from tests.workflows.case.any_order import Course
from tests.workflows.case.stand_ins import MENTORS, StandIns
from tests.workflows.cohort.cohorts_by_hand import ANSWERS, COHORT, enlisting, start_cohort

STRANGER = "P-NOBODY"
NOTHING = PlaceOffered(capacity="seats-NONE", holder="R-NONE/none", until=datetime(2027, 1, 4, tzinfo=UTC))
TOO_SHORT = Application(break_months=11, experience_years=3)


async def first_of_all(office: Office, *messages: Coroutine[Any, Any, Any]) -> None:
    """Send messages while nobody works, so that they are the first that a new worker gets of the case."""
    async with office.worker_stopped():
        sent = [asyncio.create_task(message) for message in messages]
        await asyncio.sleep(0.3)
    await asyncio.gather(*sent)


async def refused(handle: WorkflowHandle[Any, Any], update: str, request: Any) -> None:
    """Ask what is refused."""
    with pytest.raises(WorkflowUpdateFailedError):
        await handle.execute_update(update, request)


async def looked_at(handle: WorkflowHandle[Any, Any]) -> None:
    """Look at a case, however long it takes until somebody can say how it stands."""
    while True:
        try:
            await handle.query("view")
        except RPCError:
            await asyncio.sleep(0.05)
        else:
            return


async def offer_of_nothing(handle: WorkflowHandle[Any, Any]) -> None:
    """A signal that changes nothing but the state."""
    await handle.signal("place_offered", NOTHING)


async def visit(case: Case, given: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Let a new worker get answers, something refused, a query and a signal first, and all in one step."""
    tasks = [task for task in await case.open_tasks() if TaskKind(task["kind"]) is not TaskKind.E_LEARNING]
    await first_of_all(
        case.office,
        offer_of_nothing(case.handle),
        *(case.answer(task, **given(task)) for task in tasks[:3]),
        refused(case.handle, "withdraw", Withdraw(actor=STRANGER, reason="why not")),
        looked_at(case.handle),
    )


def willingly(task: dict[str, Any]) -> dict[str, Any]:
    return dict(willing(TaskKind(task["kind"]), task["facts"]))


@pytest.mark.long
async def test_in_each_stage_of_a_placement(office: Office) -> None:
    case = await office.start(weeks=8, application=TOO_SHORT)
    stages: list[str] = []
    while not stages or stages[-1] != Stage.ENDED:
        view = await case.go_on(until=lambda view: view["stage"] not in stages)
        stages.append(view["stage"])
        if view["stage"] == Stage.ENDED:
            break
        await visit(case, willingly)
        if view["stage"] == Stage.PLACEMENT:
            await first_of_all(office, case.ask("pause", PausePlacement(actor=HR)), looked_at(case.handle))
            await case.ask("resume", ResumePlacement(actor=HR))
    assert stages == [stage.value for stage in Stage if stage is not Stage.OFFBOARDING], "who stays is not off-boarded"


async def test_at_an_end_that_waits(office: Office) -> None:
    """Given a case that is over but for a letter that can't go, when an answer that it has had comes first to a new
    worker, then it gets its receipt once more, and the case ends when the letter has gone."""
    case = await office.start_and_lose_it(STRANGER, seconds_per_day=0.5)
    view = await case.go_on(until=lambda view: view["at_risk"])
    answered = next(task for task in view["tasks"] if task["state"] == "answered")
    again = AnswerTask(actor=answered["answered_by"], task=answered["id"], answer=answered["answer"])
    await case.ask("withdraw", Withdraw(actor=HR, reason="another plan"))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (view := await case.view())["stage"] != Stage.ENDED or view["waiting"]["journal"]:
            for task in await case.open_tasks(TaskKind.OFFBOARDING_ITEM):
                await case.answer(task)
            await asyncio.sleep(0.05)

    await first_of_all(office, case.send(again), looked_at(case.handle))
    await first_of_all(office, looked_at(case.handle), case.send(again))

    with office.database.session() as session:
        session.add(person(STRANGER))
    assert (await asyncio.wait_for(case.ended(), PATIENCE_SECONDS)).outcome == "withdrawn"


@pytest.mark.long
async def test_in_each_stage_of_a_path(office: Office) -> None:
    make_issuer_key(office.settings)
    open_school(office, all_kinds())
    path = await start_path(office, goal=Goal(role=ROLE, profile=PROFILE, certificate=certificate()))
    stages: list[str] = []

    def given(task: dict[str, Any]) -> dict[str, Any]:
        kind = TaskKind(task["kind"])
        return path._assessed(task) if kind in (TaskKind.SKILLS_SELF, TaskKind.SKILLS_MANAGER) else willingly(task)

    while True:
        view = await path.learn(until=lambda view: view["stage"] not in stages)
        stages.append(view["stage"])
        if view["stage"] == PathStage.ENDED:
            break
        await visit(path, given)
        if view["stage"] == PathStage.TRAINING:
            await first_of_all(office, path.ask("pause", PausePath(actor=HR)), looked_at(path.handle))
            await path.ask("resume", ResumePath(actor=HR))
        if view["stage"] == PathStage.CERTIFICATION:
            await path.take_exam()
    assert stages == [stage.value for stage in PathStage]


async def test_in_each_stage_of_a_certification(office: Office) -> None:
    async with certifying_in(office) as certifying:
        case = await certifying.start()
        stages: list[str] = []

        async def in_stage(*messages: Coroutine[Any, Any, Any]) -> None:
            """See in which stage it is, and let these messages come first of all to a new worker."""
            stages.append((await case.view())["stage"])
            withdraw = Withdraw(actor=STRANGER, reason="why not")
            await first_of_all(
                office,
                looked_at(case.handle),
                *messages,
                offer_of_nothing(case.handle),
                refused(case.handle, "withdraw", withdraw),
            )
            await case.settled()

        await in_stage(case.handle.execute_update("take_exam", TakeExam(actor=LEARNER)))
        result = await case.exam_task()
        await in_stage(case.answer(result, passed=True, percent=88))
        await in_stage(case.ask("suspend", Suspend(actor=HR, reason="the exam is looked into")))
        await in_stage(case.ask("reinstate", Reinstate(actor=HR, reason="all was in order")))
        await case.until(months_after(await case.expiry(), -1))
        await in_stage()
        await case.until(await case.expiry())
        await in_stage(case.ask("withdraw", Withdraw(actor=HR, reason="has left the company")))
        assert [*stages, (await case.view())["stage"]] == [
            CertificationStage.PREPARING,
            CertificationStage.EXAM,
            CertificationStage.VALID,
            CertificationStage.SUSPENDED,
            CertificationStage.RENEWAL,
            CertificationStage.EXPIRED,
            CertificationStage.ENDED,
        ]


def test_in_each_stage_of_a_cohort() -> None:
    """Without a server: what SDK and server make of a first message is seen in the other cases."""
    hand = StandIns()
    course = Course(hand, {}, ANSWERS)
    stages: list[str] = []
    with hand.driver as driver:
        start_cohort(hand)

        def in_stage(*messages: tuple[str, Any]) -> None:
            """See in which stage it is, and let these messages come first of all to a new worker, in one step."""
            stages.append(driver.query(COHORT)["stage"])
            driver.new_worker()
            driver.signal(COHORT, "place_offered", NOTHING)
            sent = [driver.update(COHORT, name, request) for name, request in messages]
            refused = driver.update(COHORT, "withdraw", Withdraw(actor=STRANGER, reason="why not"))
            driver.settle()
            assert [update.refusal for update in sent] == [None] * len(sent)
            assert refused.refusal is not None

        def answer(**fields: Any) -> tuple[str, AnswerTask]:
            """The answer to the matching that HR is asked about."""
            course.until(lambda: bool(driver.query(COHORT, "open_tasks")))
            (task,) = driver.query(COHORT, "open_tasks")
            return "answer_task", AnswerTask(actor=task["assignee"], task=task["id"], answer=fields)

        def goes_on(stage: CohortStage) -> None:
            course.until(lambda: driver.query(COHORT)["stage"] == stage)

        in_stage(enlisting(1, 2))
        in_stage(answer(agree=False, forbid=[f"P-RETURN1={MENTORS[0]}"]))
        in_stage(answer(agree=True))
        goes_on(CohortStage.RUNNING)
        in_stage(("pause", PauseCohort(actor=HR, reason="the site is closed")))
        in_stage(("resume", ResumeCohort(actor=HR)))
        goes_on(CohortStage.FOLLOW_UP)
        in_stage()
        course.run_to_completion()
        assert list(dict.fromkeys([*stages, driver.query(COHORT)["stage"]])) == [stage.value for stage in CohortStage]
