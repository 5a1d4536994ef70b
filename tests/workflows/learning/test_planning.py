"""The plans of upskilling paths on the real server: levels, trainings, money, and time that runs out meanwhile."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError

from domain.core.case import Withdraw
from domain.core.questions import TaskKind
from domain.learning.signals import AroundThePlacement, PlacementChange
from records.local_time import local_day
from records.tables.capacity import ReservationRecord
from tests.office import (
    HR,
    MANAGER,
    ROLE,
    Office,
    eventually,
    has_ended,
    open_of,
    refusal,
)
from tests.school import (
    FIRST,
    LEARNER,
    all_kinds,
    e_learning,
    gbp,
    levels,
    open_school,
    self_study,
    start_path,
    workshop,
)
from tests.workflows.capacity.scarce import refusing
from tests.workflows.learning.paths import held, open_budget, states, two_for_one_seat, with_budget


async def test_levels_far_apart_are_talked_about(office: Office) -> None:
    """Given learner and manager two levels apart, then both are asked again and what they then say counts."""
    open_school(office, all_kinds())
    path = await start_path(office)
    own, managers = {**FIRST, "sql": 4}, {**FIRST, "sql": 1}
    asked = {
        TaskKind.SKILLS_SELF: lambda task: levels(task, own),
        TaskKind.SKILLS_MANAGER: lambda task: levels(task, managers),
    }

    await path.go_on(
        until=lambda view: len(open_of(view, TaskKind.CALIBRATION)) == 2,
        unanswered=[TaskKind.CALIBRATION],
        answers=asked,
    )
    by_whom = {task["assignee"]: task for task in await path.open_tasks(TaskKind.CALIBRATION)}
    assert by_whom[LEARNER]["facts"]["skills"] == ["sql"]
    assert by_whom[MANAGER]["facts"]["found"] == ["sql: 4 by the learner, 1 by the manager"]
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await path.answer(by_whom[LEARNER], levels={"python": 3})
    assert "python was not asked for" in refusal(refused.value)
    await path.answer(by_whom[LEARNER], levels={"sql": 3})
    await path.answer(by_whom[MANAGER], levels={"sql": 2})
    view = await path.go_on(until=lambda view: view["stage"] == "planning", unanswered=[TaskKind.PLAN_CHOICE])

    (sql,) = [gap for gap in view["gaps"] if gap["skill"] == "sql"]
    assert Decimal(sql["assessed"]) == Decimal("2.33")  # the manager's level counts twice
    await path.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))


async def test_the_learner_changes_the_plan_within_the_rules(office: Office) -> None:
    """Given a proposal, when the learner changes it, then only within hours, budget and prerequisites."""
    python_course = e_learning(id="PY-E", leads_to={"python": 3}, activity="https://lms.example.org/py")
    open_school(office, [*all_kinds(), python_course])
    path = await start_path(office)
    view = await path.learn(until=lambda view: open_of(view, TaskKind.PLAN_CHOICE), unanswered=[TaskKind.PLAN_CHOICE])
    (task,) = open_of(view, TaskKind.PLAN_CHOICE)

    refused_choices: list[tuple[dict[str, Any], str]] = [
        ({"add": ["NO-SUCH"]}, "NO-SUCH"),
        ({"remove": ["SQL-E"]}, "STAT-B requires SQL-E"),
        ({"remove": ["SQL-E", "STAT-B", "PY-W", "TELL-J"]}, "nothing would be left"),
    ]
    for choice, sentence in refused_choices:
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await path.answer(task, agree=True, **choice)
        assert sentence in refusal(refused.value)
    with pytest.raises(WorkflowUpdateFailedError) as not_theirs:
        await path.answer(task, by=MANAGER, agree=True)
    assert "was not asked" in refusal(not_theirs.value)

    await path.answer(task, agree=True, add=["PY-E"], remove=["PY-W", "STAT-B"])
    view = await path.learn(until=lambda view: view["stage"] == "training")
    assert set(states(view)) == {"SQL-E", "PY-E", "TELL-J"}
    await path.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))


async def test_a_refused_budget_goes_back_to_the_learner(office: Office) -> None:
    """Given a manager who refuses the money, then the learner chooses again, and a free plan needs no approval."""
    open_school(office, all_kinds())
    path = await start_path(office)
    view = await path.learn(
        until=lambda view: open_of(view, TaskKind.PLAN_APPROVAL), unanswered=[TaskKind.PLAN_APPROVAL]
    )
    await path.answer(open_of(view, TaskKind.PLAN_APPROVAL)[0], yes=False, reason="no money this quarter")
    view = await path.learn(until=lambda view: open_of(view, TaskKind.PLAN_CHOICE), unanswered=[TaskKind.PLAN_CHOICE])
    (task,) = open_of(view, TaskKind.PLAN_CHOICE)
    assert task["facts"]["refused"] == "no money this quarter"

    await path.answer(task, agree=True, remove=["PY-W", "STAT-B"])
    view = await path.learn(until=lambda view: view["stage"] == "training")
    assert not open_of(view, TaskKind.PLAN_APPROVAL)
    assert set(states(view)) == {"SQL-E", "TELL-J"}
    await path.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))


async def test_a_budget_in_another_currency_puts_the_path_at_risk(office: Office) -> None:
    """Given a shared budget in another currency, then HR hears of it, and the path waits and can be withdrawn."""
    budget = f"budget-{uuid.uuid4().hex[:8].upper()}"
    open_school(office, [self_study(requires=[])])
    await open_budget(office, budget, 2000, unit="EUR")
    path = await start_path(office, policy=with_budget(budget))

    view = await path.learn(until=lambda view: view["at_risk"])

    assert "EUR" in next(iter(view["at_risk"].values()))
    await path.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))
    assert (await path.ended()).outcome == "withdrawn"


async def test_whoever_waits_for_money_is_told_why(office: Office) -> None:
    """Given a budget that is empty, then the learner hears that the plan waits for it, and HR that it is at risk."""
    budget = f"budget-{uuid.uuid4().hex[:8].upper()}"
    open_school(office, [self_study(requires=[])])
    await open_budget(office, budget, 0)
    path = await start_path(office, policy=with_budget(budget))

    await path.learn(until=lambda view: view["at_risk"])

    await eventually(lambda: any("Waiting for money" in mail["Subject"] for mail in office.mails(to=LEARNER)))
    await path.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))


async def test_what_a_budget_refused_is_put_right_and_the_money_is_waited_for(office: Office) -> None:
    """Given a budget that refuses, when that is put right and it is empty, then that is the risk, and the learner hears
    of it."""
    budget = f"budget-{uuid.uuid4().hex[:8].upper()}"
    open_school(office, [self_study(requires=[])])
    async with refusing(office, budget):
        path = await start_path(office, policy=with_budget(budget))
        view = await path.learn(until=lambda view: view["at_risk"])
        assert "nothing of it for" in "".join(view["at_risk"].values())
    await open_budget(office, budget, 0)

    view = await path.learn(until=lambda view: "nothing of it" not in "".join(view["at_risk"].values()))

    assert [why.startswith("the plan waits for ") for why in view["at_risk"].values()] == [True]
    await eventually(lambda: any("Waiting for money" in mail["Subject"] for mail in office.mails(to=LEARNER)))
    await path.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))


async def test_money_that_was_not_needed_is_there_for_the_next_plan(office: Office) -> None:
    """Given a budget for one workshop, in whose sessions no seat comes free, then what was held for it pays for the
    alternative."""
    budget = f"budget-{uuid.uuid4().hex[:8].upper()}"
    first, second = await two_for_one_seat(office, workshop(60, id="PY-X", sessions=1, hours=17), budget=budget)

    view = await second.learn(until=lambda view: states(view).get("PY-X") == "under_way")

    assert states(view) == {"PY-W": "not_passed", "PY-X": "under_way"}
    await eventually(lambda: held(office, budget) == {first.id: Decimal(600), second.id: Decimal(600)})
    assert view["at_risk"] == {}
    for path in (first, second):
        await path.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))


async def test_nobody_approves_a_workshop_that_has_begun_meanwhile(office: Office) -> None:
    """Given a plan with a workshop, when that begins before the manager has said anything, then the manager need not,
    and another plan is proposed, with the reason."""
    soon = workshop(12, sessions=1)
    book = self_study(id="PY-B", leads_to={"python": 4}, requires=[], cost=gbp(700))
    open_school(office, [soon, book])
    path = await start_path(office)
    await path.learn(until=lambda view: open_of(view, TaskKind.PLAN_APPROVAL), unanswered=[TaskKind.PLAN_APPROVAL])
    assert [training["id"] for training in (await path.view())["candidates"]] == ["PY-B", "PY-W"]

    await path.pass_time(timedelta(days=13))
    view = await path.learn(until=_is_asked_again, unanswered=[TaskKind.PLAN_CHOICE, TaskKind.PLAN_APPROVAL])

    (approval,) = (task for task in view["tasks"] if task["kind"] == TaskKind.PLAN_APPROVAL)
    assert (approval["state"], approval["answered_by"]) == ("closed", None)
    (choice,) = open_of(view, TaskKind.PLAN_CHOICE)
    assert "Python for analysts: its last session began on" in choice["facts"]["too_late"][0]
    assert choice["facts"]["trainings"][0].startswith("PY-B")
    view = await path.learn(until=lambda view: view["enrolments"])
    assert [enrolment["training"]["id"] for enrolment in view["enrolments"]] == ["PY-B"]
    await path.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))


def _is_asked_again(view: dict[str, Any]) -> bool:
    return len([task for task in view["tasks"] if task["kind"] == TaskKind.PLAN_CHOICE]) == 2


async def test_a_workshop_that_began_while_money_was_waited_for_is_not_paid(office: Office) -> None:
    """Given an approved plan that waits for money, when its workshop begins before there is any, then nothing is held
    or waited for, people hear why, and another plan is proposed."""
    budget = f"budget-{uuid.uuid4().hex[:8].upper()}"
    soon = workshop(20, sessions=1)
    open_school(office, [soon, self_study(id="PY-B", leads_to={"python": 3}, requires=[], cost=gbp(0))])
    await open_budget(office, budget, 0)
    path = await start_path(office, policy=with_budget(budget))
    await path.learn(until=lambda view: view["at_risk"])

    await path.pass_time(timedelta(days=21))
    view = await path.learn(until=_is_asked_again, unanswered=[TaskKind.PLAN_CHOICE])

    assert (view["held"], view["at_risk"], view["enrolments"]) == ([], {}, [])
    (choice,) = open_of(view, TaskKind.PLAN_CHOICE)
    assert "Python for analysts: its last session began on" in choice["facts"]["too_late"][0]
    assert choice["facts"]["trainings"][0].startswith("PY-B")
    assert ("learning plan", "given up") in [(decision["what"], decision["decided"]) for decision in view["decisions"]]
    await eventually(lambda: any("can't be reached any more" in mail["Subject"] for mail in office.mails(to=HR)))
    with office.database.reading() as session:
        assert session.query(ReservationRecord).filter_by(capacity=budget, status="waiting").all() == []
    await path.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))


async def test_a_path_in_a_placement_plans_for_the_time_up_to_the_decision(office: Office) -> None:
    """Given a path in a placement, then a workshop after the conversion decision is not proposed, and is named as the
    reason for what stays open; when the decision moves beyond it, it is proposed."""
    open_school(office, [workshop(60, sessions=1)])
    placement = await office.start()
    decision = datetime.now(UTC) + timedelta(days=30)
    first, second = [await start_path(office, placement=placement.id, decision_at=decision) for _ in range(2)]

    later = AroundThePlacement(what=PlacementChange.DECISION, decision_at=decision + timedelta(days=60))
    await second.handle.signal("around_the_placement", later)

    ended = await first.learn(until=has_ended)
    assert (ended["outcome"], ended["enrolments"]) == ("not_closed", [])
    (why,) = [why for why in ended["why"] if why.startswith("python")]
    assert f"after the decision on {local_day(decision, ROLE.time_zone)}" in why
    view = await second.learn(until=lambda view: open_of(view, TaskKind.PLAN_CHOICE), unanswered=[TaskKind.PLAN_CHOICE])
    (choice,) = open_of(view, TaskKind.PLAN_CHOICE)
    assert choice["facts"]["trainings"][0].startswith("PY-W")
    for case in (second, placement):
        await case.ask("withdraw", Withdraw(actor=HR, reason="enough seen"))


async def test_an_alternative_that_began_while_people_were_thinking_is_not_taken(office: Office) -> None:
    """Given a workshop that was full, when another in its place begins before the manager approves it, then it is not
    in the plan."""
    first, second = await two_for_one_seat(office, workshop(60, id="PY-X", sessions=1, hours=17))
    await second.learn(until=lambda view: states(view).get("PY-W") == "waiting_for_seat")
    await second.learn(until=lambda view: open_of(view, TaskKind.PLAN_APPROVAL), unanswered=[TaskKind.PLAN_APPROVAL])

    await second.pass_time(timedelta(days=60))
    view = await second.learn(until=has_ended)

    assert states(view) == {"PY-W": "not_passed"}
    await first.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))


async def test_an_alternative_that_began_while_money_was_waited_for_is_not_taken(office: Office) -> None:
    """Given a workshop that was full, when another in its place begins before there is money for it, then it is not in
    the plan, and nothing is held or waited for."""
    alternative = workshop(60, id="PY-X", sessions=1, hours=17, cost=gbp(700))
    budget = f"budget-{uuid.uuid4().hex[:8].upper()}"
    first, second = await two_for_one_seat(office, alternative, budget=budget)
    await second.learn(until=lambda view: view["at_risk"])
    assert "the plan waits for 700" in "".join((await second.view())["at_risk"].values())

    await second.pass_time(timedelta(days=60))
    view = await second.learn(until=has_ended)

    assert (states(view), view["held"], view["at_risk"]) == ({"PY-W": "not_passed"}, [], {})
    assert view["why"][0].startswith("Python for analysts: ")
    await first.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))
