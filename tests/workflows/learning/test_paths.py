"""Upskilling paths on the real server: from the gap assessment to the end, and everything that may come in between."""

from __future__ import annotations

import asyncio
import json
import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from temporalio.client import WorkflowUpdateFailedError

from demo.learning_system import statement
from domain.capacity.reserving import CapacityStart
from domain.certification.credentials import Finding
from domain.core.case import Withdraw
from domain.core.naming import capacity_workflow_id, workflow_id
from domain.core.people import Role
from domain.core.questions import TaskKind
from domain.core.skills import RequiredSkill, RoleProfile
from domain.learning.catalogue import Training
from domain.learning.state import AroundThePlacement, ChangeRole, Goal, PausePath, ResumePath
from domain.learning.xapi import Verb
from engine.search_attributes import COHORT, POLICY
from records.local_time import local_day
from records.queries.core import cases as queries
from records.tables.capacity import CapacityRecord, ReservationRecord
from service.certification.issuer import make_issuer_key
from service.certification.verifying import verify
from tests.domain.factories import shipped_learning_policy
from tests.office import (
    BUDGET_OWNER,
    HR,
    HR_LEAD,
    MANAGER,
    PATIENCE_SECONDS,
    ROLE,
    Office,
    eventually,
    has_ended,
    refusal,
)
from tests.school import (
    COURSE,
    FIRST,
    LEARNER,
    PROFILE,
    REACHED,
    PathCase,
    all_kinds,
    assignment,
    certificate,
    e_learning,
    gbp,
    levels,
    open_school,
    seats_of,
    self_study,
    start_path,
    workshop,
)
from tests.workflows.capacity.scarce import Scarce, refusing

LEVELS_ASKED = (TaskKind.SKILLS_SELF, TaskKind.SKILLS_MANAGER)


async def test_from_the_gaps_to_the_end(office: Office) -> None:
    """Given one training of each kind, when all goes well, then every gap is closed and all of it is on record."""
    open_school(office, all_kinds())
    path = await start_path(office)

    view = await path.learn(until=has_ended)

    assert view["outcome"] == "closed"
    assert [gap["skill"] for gap in view["first_gaps"]] == ["sql", "python", "statistics", "storytelling"]
    assert _states(view) == {"SQL-E": "passed", "PY-W": "passed", "STAT-B": "passed", "TELL-J": "passed"}
    assert view["gaps"] == []
    with office.database.reading() as session:
        decided = [(one.what, one.decided) for one in queries.decisions(session, path.id)]
    assert decided == [
        ("gaps", "4 gaps"),
        ("learning plan", "chosen"),
        ("learning plan", "approved"),
        ("reassessment", "no gap"),
        ("outcome", "closed"),
    ]
    assert any("Python for analysts" in str(mail["Subject"]) for mail in office.mails(to=LEARNER))


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago"])
async def test_its_days_are_those_of_where_the_role_is(office: Office, zone: str) -> None:
    """Given a role at one end of the world (at no hour do both have the day of UTC), then levels are found on its days,
    and nobody can be back today."""
    open_school(office, [e_learning()])
    path = await start_path(office, goal=Goal(role=ROLE.model_copy(update={"time_zone": zone}), profile=PROFILE))
    begun = local_day(datetime.now(UTC), zone)

    view = await path.learn(until=lambda view: view["plan"] is not None)

    today = local_day(view["now"], zone)
    assert date.fromisoformat(view["assessed_on"]) in (begun, today)
    assert {date.fromisoformat(level["on"]) for level in view["levels"]} <= {begun, today}
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await path.ask("pause", PausePath(actor=HR, back_on=today))
    assert f"back_on: {today} must be after today" in refusal(refused.value)
    done = await path.ask("pause", PausePath(actor=HR, back_on=today + timedelta(days=2)))
    assert "paused since" in done.says


async def test_a_certification_that_breaks_off_does_not_hold_up_its_path(office: Office) -> None:
    """Given a path that waits for its certificate, when an operator ends the certification by force, then the path
    ends without one, and the learner hears why."""
    open_school(office, [])
    path = await start_path(office, goal=Goal(role=ROLE, profile=PROFILE, certificate=certificate()))
    view = await path.learn(
        until=lambda view: view["certification"] is not None,
        answers=dict.fromkeys(LEVELS_ASKED, lambda task: levels(task, REACHED)),
    )

    await office.client.get_workflow_handle(workflow_id(view["certification"])).terminate("by mistake")
    ended = await path.go_on(until=has_ended)

    assert (ended["outcome"], ended["certified_until"]) == ("not_certified", None)
    (mail,) = (one for one in office.mails(to=LEARNER) if one["Subject"].startswith("No certificate"))
    assert "it has broken off" in str(mail.get_payload())


async def test_a_certificate_at_the_end(office: Office) -> None:
    """Given closed gaps and a certificate at the end, when the exam is passed, then the learner gets it by mail, and
    it verifies."""
    issuer = make_issuer_key(office.settings)
    open_school(office, [e_learning()])
    profile = PROFILE.model_copy(update={"skills": PROFILE.skills[:1]})
    goal = Goal(role=ROLE, profile=profile, certificate=certificate())
    path = await start_path(office, goal=goal, cohort="SPRING")
    view = await path.learn(until=lambda view: view["certification"] is not None)
    await path.take_exam()

    ended = await path.ended()
    assert ended.outcome == "certified"
    # The certification that it began shows operators what one shows that somebody started.
    there = await office.client.get_workflow_handle(workflow_id(view["certification"])).describe()
    assert there.typed_search_attributes.get(POLICY) == shipped_learning_policy().label
    assert there.typed_search_attributes.get(COHORT) == "SPRING"
    memo = await there.memo()
    assert (memo["learner"], memo["certificate"]) == (LEARNER, view["goal"]["certificate"]["id"])
    await eventually(lambda: bool(_attached(office)))
    (document,) = _attached(office)
    said = verify(document, issuers=[issuer.did], status=lambda _: Finding.VALID, now=_valid_on(document))
    assert said.finding is Finding.VALID, said.sentence


def _attached(office: Office) -> list[bytes]:
    """The certificates that the learner got by mail."""
    parts = [part for mail in office.mails(to=LEARNER) for part in mail.walk()]
    found = [part.get_payload(decode=True) for part in parts if part.get_content_type() == "application/json"]
    return [content for content in found if isinstance(content, bytes)]


def _valid_on(document: bytes) -> datetime:
    return datetime.fromisoformat(json.loads(document)["validFrom"])


async def test_a_path_that_is_withdrawn_waits_for_no_certificate(office: Office) -> None:
    """Given a path that waits for its certificate, when it is withdrawn, then the certification forgets it."""
    open_school(office, [])
    path = await start_path(office, goal=Goal(role=ROLE, profile=PROFILE, certificate=certificate()))
    view = await path.learn(
        until=lambda view: view["certification"] is not None,
        answers=dict.fromkeys(LEVELS_ASKED, lambda task: levels(task, REACHED)),
    )
    certification = office.client.get_workflow_handle(workflow_id(view["certification"]))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (await certification.query("view"))["listeners"] != [path.handle.id]:
            await asyncio.sleep(0.05)

    await path.ask("withdraw", Withdraw(actor=LEARNER, reason="has moved away"))

    assert (await path.ended()).outcome == "withdrawn"
    assert (await certification.query("view"))["listeners"] == []
    await certification.execute_update("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))


async def test_a_path_whose_exam_was_failed_too_often_is_not_certified_and_says_why(office: Office) -> None:
    """Given closed gaps, when the exam is failed as often as it may be taken, then the path ends without certificate,
    and nobody reads that all is well."""
    open_school(office, [e_learning()])
    profile = PROFILE.model_copy(update={"skills": PROFILE.skills[:1]})
    policy = shipped_learning_policy()
    once = policy.model_copy(update={"exam": policy.exam.model_copy(update={"attempts": 1})})
    path = await start_path(office, goal=Goal(role=ROLE, profile=profile, certificate=certificate()), policy=once)
    await path.learn(until=lambda view: view["certification"] is not None)

    await path.take_exam(passed=False)

    assert (await path.ended()).outcome == "not_certified"
    (why,) = (await path.view())["why"]
    assert why.startswith("the exam was taken as often as the rules allow; it may be taken again from ")
    with office.database.reading() as session:
        outcome = next(one for one in queries.decisions(session, path.id) if one.what == "outcome")
    assert (outcome.decided, outcome.reason) == ("not_certified", why)


async def test_nothing_is_missing(office: Office) -> None:
    """Given somebody who has every level, then the path ends without a plan."""
    open_school(office, all_kinds())
    path = await start_path(office)

    view = await path.go_on(until=has_ended)

    assert (view["outcome"], view["enrolments"], view["round"]) == ("no_gap", [], 0)


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
        until=lambda view: len(_open(view, TaskKind.CALIBRATION)) == 2, leaving=[TaskKind.CALIBRATION], answers=asked
    )
    by_whom = {task["assignee"]: task for task in await path.open_tasks(TaskKind.CALIBRATION)}
    assert by_whom[LEARNER]["facts"]["skills"] == ["sql"]
    assert by_whom[MANAGER]["facts"]["found"] == ["sql: 4 by the learner, 1 by the manager"]
    with pytest.raises(WorkflowUpdateFailedError) as another:
        await path.answer(by_whom[LEARNER], levels={"python": 3})
    assert "python was not asked for" in refusal(another.value)
    await path.answer(by_whom[LEARNER], levels={"sql": 3})
    await path.answer(by_whom[MANAGER], levels={"sql": 2})
    view = await path.go_on(until=lambda view: view["stage"] == "planning", leaving=[TaskKind.PLAN_CHOICE])

    (sql,) = [gap for gap in view["gaps"] if gap["skill"] == "sql"]
    assert Decimal(sql["assessed"]) == Decimal("2.33")  # the manager's level counts twice
    await path.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))


async def test_the_learner_changes_the_plan_within_the_rules(office: Office) -> None:
    """Given a proposal, when the learner changes it, then only within hours, budget and prerequisites."""
    other = e_learning(id="PY-E", leads_to={"python": 3}, activity="https://lms.example.org/py")
    open_school(office, [*all_kinds(), other])
    path = await start_path(office)
    view = await path.learn(until=lambda view: _open(view, TaskKind.PLAN_CHOICE), leaving=[TaskKind.PLAN_CHOICE])
    (task,) = _open(view, TaskKind.PLAN_CHOICE)

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
    assert set(_states(view)) == {"SQL-E", "PY-E", "TELL-J"}
    await path.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))


async def test_a_refused_budget_goes_back_to_the_learner(office: Office) -> None:
    """Given a manager who refuses the money, then the learner chooses again, and a free plan needs no approval."""
    open_school(office, all_kinds())
    path = await start_path(office)
    view = await path.learn(until=lambda view: _open(view, TaskKind.PLAN_APPROVAL), leaving=[TaskKind.PLAN_APPROVAL])
    await path.answer(_open(view, TaskKind.PLAN_APPROVAL)[0], yes=False, reason="no money this quarter")
    view = await path.learn(until=lambda view: _open(view, TaskKind.PLAN_CHOICE), leaving=[TaskKind.PLAN_CHOICE])
    (task,) = _open(view, TaskKind.PLAN_CHOICE)
    assert task["facts"]["refused"] == "no money this quarter"

    await path.answer(task, agree=True, remove=["PY-W", "STAT-B"])
    view = await path.learn(until=lambda view: view["stage"] == "training")
    assert not _open(view, TaskKind.PLAN_APPROVAL)
    assert set(_states(view)) == {"SQL-E", "TELL-J"}
    await path.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))


async def test_story_9_a_withdrawal_gives_everything_back(office: Office) -> None:
    """Story 9. Given a workshop with one seat and somebody waiting for it, when its holder withdraws in mid-training,
    then the seat goes to the waiting list and the money that is not spent goes back to the budget."""
    course = workshop(40, seats=1, sessions=1)
    budget = f"budget-{uuid.uuid4().hex[:8].upper()}"
    policy = _with_budget(budget)
    open_school(office, [e_learning(cost=gbp(100)), course])
    await _open_budget(office, budget, 2000)
    first = await start_path(office, policy=policy)
    await first.learn(until=lambda view: _states(view).get("PY-W") == "under_way", leaving=[TaskKind.E_LEARNING])
    second = await start_path(office, policy=policy)
    await second.learn(
        until=lambda view: _states(view).get("PY-W") == "waiting_for_seat", leaving=[TaskKind.E_LEARNING]
    )
    await eventually(lambda: _held(office, budget) == {first.id: Decimal(700), second.id: Decimal(700)})

    await first.ask("withdraw", Withdraw(actor=LEARNER, reason="has moved away"))
    await first.ended()

    view = await second.learn(
        until=lambda view: _open(view, TaskKind.SEAT_OFFER), leaving=[TaskKind.SEAT_OFFER, TaskKind.E_LEARNING]
    )
    assert _states(view)["PY-W"] == "waiting_for_seat"

    # A pause in the middle of the offer: the learner hears that this can't wait, and until when it stands.
    await second.ask("pause", PausePath(actor=LEARNER))
    await eventually(lambda: any("One thing can't wait: a seat in" in str(mail) for mail in office.mails(to=LEARNER)))
    await second.ask("resume", ResumePath(actor=LEARNER))

    # The e-learning was begun, so what it costs is spent; the workshop was not.
    await eventually(lambda: _held(office, budget) == {first.id: Decimal(100), second.id: Decimal(700)})
    view = await second.learn(until=lambda view: _states(view)["PY-W"] == "under_way", leaving=[TaskKind.E_LEARNING])
    assert _held(office, seats_of(course)) == {second.id: Decimal(1)}
    ended = await first.view()
    assert (ended["outcome"], ended["held"] == [], _states(ended)) == (
        "withdrawn",
        False,
        {"SQL-E": "called_off", "PY-W": "called_off"},
    )
    cancelled = [mail for mail in office.mails(to=LEARNER) if "Called off for you" in str(mail["Subject"])]
    assert len(cancelled) == 1
    await second.ask("withdraw", Withdraw(actor=HR, reason="enough seen"))


async def test_story_10_completion_events(office: Office) -> None:
    """Story 10. Given an e-learning, when its completion comes early, twice, or forged, then it is kept, ignored, or
    refused and put on record."""
    open_school(office, [e_learning(), self_study()])
    path = await start_path(office)
    await path.learn(until=lambda view: _open(view, TaskKind.PLAN_CHOICE), leaving=[TaskKind.PLAN_CHOICE])
    now = await path.now()

    early = path.academy.completed(LEARNER, COURSE, now)
    assert "kept" in (await path.hand_in(early)).says
    assert "before" in (await path.hand_in(early)).says
    assert "nobody has signed it" in await path.refused(_unsigned(now))
    assert "somebody else" in await path.refused(path.academy.completed(MANAGER, COURSE, now))
    assert "no training" in await path.refused(path.academy.completed(LEARNER, "https://lms.example.org/no", now))

    view = await path.learn(until=lambda view: _states(view).get("SQL-E") == "passed")
    assert view["early"] == []
    assert not [task for task in view["tasks"] if task["kind"] == TaskKind.E_LEARNING]
    assert "before" in (await path.hand_in(early)).says
    await path.settled()
    with office.database.reading() as session:
        attempts = [one.sentence for one in queries.attempts(session, path.id)]
    assert len(attempts) == 2
    assert len([mail for mail in office.mails() if "completion event" in str(mail["Subject"])]) == 4  # HR and its head
    await path.ask("withdraw", Withdraw(actor=HR, reason="enough seen"))


async def test_a_pass_under_the_id_of_a_failure_is_refused_and_on_record(office: Office) -> None:
    """Given a statement, when another one says something else under its id, then it is refused, put on record and HR
    hears; several at once are taken one by one."""
    open_school(office, [e_learning()])
    path = await start_path(office)
    await path.learn(until=lambda view: _open(view, TaskKind.PLAN_CHOICE), leaving=[TaskKind.PLAN_CHOICE])
    now, same = await path.now(), str(uuid.uuid4())
    failed, passed = (say(LEARNER, COURSE, now, id=same) for say in (path.academy.failed, path.academy.passed))
    assert "kept" in (await path.hand_in(failed)).says

    assert f"another statement with its id, {same}, was handed in before (failed" in await path.refused(passed)
    several = await path.hand_in(json.dumps([passed, path.academy.completed(LEARNER, COURSE, now), failed]))
    assert several.says.startswith("1. refused: SQL in depth: another statement with its id")
    assert "2. SQL in depth: its training has not begun; it is kept" in several.says
    assert "3. SQL in depth: it was handed in before" in several.says
    assert "with its id" in await path.refused(json.dumps({"statements": [passed], "more": ""}))
    assert "no statement in it" in await path.refused('{"statements": []}')

    await path.settled()
    with office.database.reading() as session:
        assert len(queries.attempts(session, path.id)) == 3
    assert len([mail for mail in office.mails(to=HR) if "contradict each other" in str(mail["Subject"])]) == 3
    await path.ask("withdraw", Withdraw(actor=HR, reason="enough seen"))


def _unsigned(at: datetime) -> str:
    return json.dumps(statement(Verb.COMPLETED, LEARNER, COURSE, at))


async def test_nobody_signs_off_their_own_work(office: Office) -> None:
    """Given evidence of the learner, then somebody else accepts it; refused, it is handed in again, then replaced."""
    book = self_study(id="TELL-B", leads_to={"storytelling": 3}, requires=[], cost=gbp(0), hours=30)
    open_school(office, [assignment(), book])
    path = await start_path(office)
    refusing = {TaskKind.SIGN_OFF: {"yes": False, "reason": "the other team was not there"}}
    view = await path.learn(until=lambda view: _open(view, TaskKind.SIGN_OFF), leaving=[TaskKind.SIGN_OFF])
    (sign_off,) = _open(view, TaskKind.SIGN_OFF)
    with pytest.raises(WorkflowUpdateFailedError) as own:
        await path.answer(sign_off, by=LEARNER, yes=True)
    assert "own proposal or evidence" in refusal(own.value)

    view = await path.learn(until=has_ended, answers=refusing)

    assert _states(view) == {"TELL-J": "not_passed", "TELL-B": "passed"}
    assert [(one["attempts"], one["instead_of"]) for one in view["enrolments"]] == [(2, None), (1, "TELL-J")]
    assert "the other team was not there" in view["enrolments"][0]["reason"]


async def test_a_pause_gives_the_seat_back_and_looks_for_a_later_one(office: Office) -> None:
    """Given a seat in a session, when the path is paused over it, then the seat is free and a later one is booked."""
    course = workshop(30, sessions=2)
    open_school(office, [course])
    path = await start_path(office)
    await path.learn(until=lambda view: _states(view).get("PY-W") == "under_way")
    assert _held(office, seats_of(course)) == {path.id: Decimal(1)}

    await path.ask("pause", PausePath(actor=LEARNER))
    with pytest.raises(WorkflowUpdateFailedError) as twice:
        await path.ask("pause", PausePath(actor=HR))
    assert "paused already" in refusal(twice.value)
    await path.pass_time(timedelta(days=35))
    await eventually(lambda: _held(office, seats_of(course)) == {})
    await path.ask("resume", ResumePath(actor=LEARNER))
    view = await path.learn(until=lambda view: view["enrolments"][0]["session"] == course.sessions[1].id)
    assert _held(office, seats_of(course, 2)) == {path.id: Decimal(1)}

    view = await path.learn(until=has_ended)
    assert (view["outcome"], view["enrolments"][0]["attempts"]) == ("not_closed", 1)  # sql is not in the catalogue


async def test_another_role_in_mid_path(office: Office) -> None:
    """Given a path half done, when it leads to another role, then what was passed counts and the rest is given back."""
    engineer = RoleProfile(
        id="ENG1",
        title="Data engineer",
        skills=[
            RequiredSkill(skill="sql", level=Decimal(5), importance=Decimal(5)),
            RequiredSkill(skill="storytelling", level=Decimal(3), importance=Decimal(5)),
        ],
    )
    course = workshop()
    open_school(office, [e_learning(), course, assignment(), self_study()], engineer)
    role = Role(**{**ROLE.model_dump(), "id": "ENG1", "title": "Data engineer"})
    path = await start_path(office)
    await path.learn(
        until=lambda view: _states(view).get("SQL-E") == "passed" and _states(view).get("PY-W") == "under_way",
        leaving=[TaskKind.ASSIGNMENT_REPORT],
    )

    await path.ask("change_role", ChangeRole(actor=HR, goal=Goal(role=role, profile=engineer), reason="a post is free"))
    await eventually(lambda: _held(office, seats_of(course)) == {})
    view = await path.learn(until=has_ended)

    assert view["outcome"] == "closed"
    assert [(one["training"]["id"], one["round"], one["state"]) for one in view["enrolments"]] == [
        ("PY-W", 1, "called_off"),
        ("SQL-E", 1, "passed"),
        ("STAT-B", 1, "called_off"),
        ("TELL-J", 1, "called_off"),
        ("TELL-J", 2, "passed"),
    ]


def _states(view: dict[str, Any]) -> dict[str, str]:
    return {one["training"]["id"]: one["state"] for one in view["enrolments"]}


def _open(view: dict[str, Any], kind: TaskKind) -> list[dict[str, Any]]:
    return [task for task in view["tasks"] if task["state"] == "open" and task["kind"] == kind]


def _held(office: Office, capacity: str) -> dict[str, Decimal]:
    """Which case holds how much, by the records."""
    with office.database.reading() as session:
        found = session.query(ReservationRecord).filter_by(capacity=capacity, standing="held").all()
        return {one.holder.partition("/")[0]: one.amount for one in found}


def _with_budget(capacity: str) -> Any:
    policy = shipped_learning_policy()
    return policy.model_copy(update={"plan": policy.plan.model_copy(update={"budget_from": capacity})})


async def _two_for_one_seat(office: Office, other: Training, *, budget: str | None = None) -> tuple[PathCase, PathCase]:
    """Two paths: the first has the only seat of the workshop that suits best; another could take its place.

    A ``budget`` is for two workshops at 600.
    """
    open_school(office, [workshop(20, seats=1, sessions=1), other])
    if budget is not None:
        await _open_budget(office, budget, 1200)
    policy = shipped_learning_policy() if budget is None else _with_budget(budget)
    first = await start_path(office, policy=policy)
    await first.learn(until=lambda view: _states(view).get("PY-W") == "under_way")
    return first, await start_path(office, policy=policy)


async def _open_budget(office: Office, capacity: str, size: int, unit: str = "GBP") -> None:
    """Start a budget with so much in it."""
    start = CapacityStart(
        id=capacity, title="Training budget", unit=unit, size=Decimal(size), owners=[BUDGET_OWNER, HR_LEAD]
    )
    await office.client.start_workflow(
        "Capacity", start, id=capacity_workflow_id(capacity), task_queue=office.queue, result_type=type(None)
    )
    await eventually(lambda: _known(office, capacity))


def _known(office: Office, capacity: str) -> bool:
    with office.database.reading() as session:
        return session.get(CapacityRecord, capacity) is not None


async def test_a_budget_in_another_currency_puts_the_path_at_risk(office: Office) -> None:
    """Given a shared budget in another currency, then HR hears of it, and the path waits and can be withdrawn."""
    budget = f"budget-{uuid.uuid4().hex[:8].upper()}"
    open_school(office, [self_study(requires=[])])
    await _open_budget(office, budget, 2000, unit="EUR")
    path = await start_path(office, policy=_with_budget(budget))

    view = await path.learn(until=lambda view: view["at_risk"])

    assert "EUR" in next(iter(view["at_risk"].values()))
    await path.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))
    assert (await path.ended()).outcome == "withdrawn"


async def test_whoever_waits_for_money_is_told_why(office: Office) -> None:
    """Given a budget that is empty, then the learner hears that the plan waits for it, and HR that it is at risk."""
    budget = f"budget-{uuid.uuid4().hex[:8].upper()}"
    open_school(office, [self_study(requires=[])])
    await _open_budget(office, budget, 0)
    path = await start_path(office, policy=_with_budget(budget))

    await path.learn(until=lambda view: view["at_risk"])

    await eventually(lambda: any("Waiting for money" in mail["Subject"] for mail in office.mails(to=LEARNER)))
    await path.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))


async def test_what_a_budget_refused_is_put_right_and_the_money_is_waited_for(office: Office) -> None:
    """Given a budget that refuses, when that is put right and it is empty, then that is the risk, and the learner hears
    of it."""
    budget = f"budget-{uuid.uuid4().hex[:8].upper()}"
    open_school(office, [self_study(requires=[])])
    async with refusing(office, budget):
        path = await start_path(office, policy=_with_budget(budget))
        view = await path.learn(until=lambda view: view["at_risk"])
        assert "nothing of it for" in "".join(view["at_risk"].values())
    await _open_budget(office, budget, 0)

    view = await path.learn(until=lambda view: "nothing of it" not in "".join(view["at_risk"].values()))

    assert [why.startswith("the plan waits for ") for why in view["at_risk"].values()] == [True]
    await eventually(lambda: any("Waiting for money" in mail["Subject"] for mail in office.mails(to=LEARNER)))
    await path.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))


async def test_money_that_was_not_needed_is_there_for_the_next_plan(office: Office) -> None:
    """Given a budget for one workshop, in whose sessions no seat comes free, then what was held for it pays for the
    alternative."""
    budget = f"budget-{uuid.uuid4().hex[:8].upper()}"
    first, second = await _two_for_one_seat(office, workshop(60, id="PY-X", sessions=1, hours=17), budget=budget)

    view = await second.learn(until=lambda view: _states(view).get("PY-X") == "under_way")

    assert _states(view) == {"PY-W": "not_passed", "PY-X": "under_way"}
    await eventually(lambda: _held(office, budget) == {first.id: Decimal(600), second.id: Decimal(600)})
    assert view["at_risk"] == {}
    for path in (first, second):
        await path.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))


async def test_an_offer_of_a_seat_that_lapses_puts_the_learner_back_on_the_list(office: Office) -> None:
    """Given a seat that is offered and another who waits, when nobody answers, then it goes to the other one, HR is
    told, and the learner gets the next seat there is."""
    course = workshop(60, seats=1, sessions=1)
    open_school(office, [course])
    first, second, third = [await start_path(office) for _ in range(3)]
    await first.learn(until=lambda view: _states(view).get("PY-W") == "under_way")
    for waiting in (second, third):
        await waiting.learn(until=lambda view: _states(view).get("PY-W") == "waiting_for_seat")
    await first.ask("withdraw", Withdraw(actor=LEARNER, reason="has moved away"))
    await _is_offered_a_seat(second)

    # When the offer lapses
    await second.pass_time(timedelta(days=3))
    await _is_offered_a_seat(third)
    await third.go_on(until=lambda view: _states(view)["PY-W"] == "under_way")
    await eventually(lambda: any("No answer to the offer" in str(mail["Subject"]) for mail in office.mails(to=HR)))
    view = await second.view()
    assert (_states(view)["PY-W"], view["outcome"]) == ("waiting_for_seat", None)

    # Then the next seat is theirs all the same
    await third.ask("withdraw", Withdraw(actor=LEARNER, reason="has moved away"))
    await _is_offered_a_seat(second)
    await second.go_on(until=lambda view: _states(view)["PY-W"] == "under_way")
    assert _held(office, seats_of(course)) == {second.id: Decimal(1)}
    await second.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))


async def _is_offered_a_seat(path: PathCase) -> None:
    """Wait for the offer, on the real clock of the capacity."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not await path.open_tasks(TaskKind.SEAT_OFFER):
            await asyncio.sleep(0.05)


async def test_a_seat_that_is_refused_is_a_risk_until_there_is_another(office: Office) -> None:
    """Given a first session whose seats are refused, then HR hears of it, and of no risk any more once there is a seat
    in the second; where there is none, its refusal is the reason."""
    course, alone = workshop(), workshop(20, id="STAT-W", leads_to={"statistics": 4}, sessions=1)
    open_school(office, [course, alone])
    async with refusing(office, seats_of(course), seats_of(alone)):
        path = await start_path(office)
        view = await path.learn(until=lambda view: _states(view).get("STAT-W") == "waiting_for_seat")
        assert [why for why in view["at_risk"].values() if seats_of(alone) in why]

        view = await path.learn(until=lambda view: _states(view)["STAT-W"] == "not_passed")

    assert (_states(view)["PY-W"], view["at_risk"]) == ("under_way", {})
    (refused,) = [one for one in view["enrolments"] if one["training"]["id"] == "STAT-W"]
    assert f"{seats_of(alone)}: nothing of it for" in refused["reason"]
    await path.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))


async def test_a_refusal_of_seats_that_is_put_right_is_no_risk_while_a_seat_is_waited_for(office: Office) -> None:
    """Given a session whose seats are refused, when that is put right and all are taken, then the learner waits."""
    alone = workshop(60, sessions=1)
    open_school(office, [alone])
    async with refusing(office, seats_of(alone)):
        path = await start_path(office)
        await path.learn(until=lambda view: _states(view).get("PY-W") == "waiting_for_seat" and view["at_risk"])

    await Scarce.open(office, "seats", 0, of=seats_of(alone))
    view = await path.learn(until=lambda view: not view["at_risk"])

    (waiting,) = view["enrolments"]
    assert (waiting["state"], waiting.get("reason")) == ("waiting_for_seat", None)
    await path.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))


async def test_who_declines_every_seat_hears_that_as_the_reason(office: Office) -> None:
    """Given one session, when the learner declines its seat, then the path ends open, for that reason."""
    course = workshop(60, seats=1, sessions=1)
    open_school(office, [course])
    first, second = [await start_path(office) for _ in range(2)]
    await first.learn(until=lambda view: _states(view).get("PY-W") == "under_way")
    await second.learn(until=lambda view: _states(view).get("PY-W") == "waiting_for_seat")
    await first.ask("withdraw", Withdraw(actor=LEARNER, reason="has moved away"))
    await _is_offered_a_seat(second)

    view = await second.learn(until=has_ended, answers={TaskKind.SEAT_OFFER: {"take": False}})

    assert view["outcome"] == "not_closed"
    (why,) = view["why"]
    assert why.startswith("Python for analysts: ")
    assert why.endswith("the learner declined the seat that was offered")


async def test_nobody_approves_a_workshop_that_has_begun_meanwhile(office: Office) -> None:
    """Given a plan with a workshop, when that begins before the manager has said anything, then the manager need not,
    and another plan is proposed, with the reason."""
    soon = workshop(12, sessions=1)
    book = self_study(id="PY-B", leads_to={"python": 4}, requires=[], cost=gbp(700))
    open_school(office, [soon, book])
    path = await start_path(office)
    await path.learn(until=lambda view: _open(view, TaskKind.PLAN_APPROVAL), leaving=[TaskKind.PLAN_APPROVAL])
    assert [one["id"] for one in (await path.view())["candidates"]] == ["PY-B", "PY-W"]

    await path.pass_time(timedelta(days=13))
    view = await path.learn(until=_is_asked_again, leaving=[TaskKind.PLAN_CHOICE, TaskKind.PLAN_APPROVAL])

    (approval,) = (task for task in view["tasks"] if task["kind"] == TaskKind.PLAN_APPROVAL)
    assert (approval["state"], approval["answered_by"]) == ("closed", None)
    (choice,) = _open(view, TaskKind.PLAN_CHOICE)
    assert "Python for analysts: its last session began on" in choice["facts"]["too_late"][0]
    assert choice["facts"]["trainings"][0].startswith("PY-B")
    view = await path.learn(until=lambda view: view["enrolments"])
    assert [one["training"]["id"] for one in view["enrolments"]] == ["PY-B"]
    await path.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))


def _is_asked_again(view: dict[str, Any]) -> bool:
    return len([one for one in view["tasks"] if one["kind"] == TaskKind.PLAN_CHOICE]) == 2


async def test_a_workshop_that_began_while_money_was_waited_for_is_not_paid(office: Office) -> None:
    """Given an approved plan that waits for money, when its workshop begins before there is any, then nothing is held
    or waited for, people hear why, and another plan is proposed."""
    budget = f"budget-{uuid.uuid4().hex[:8].upper()}"
    soon = workshop(20, sessions=1)
    open_school(office, [soon, self_study(id="PY-B", leads_to={"python": 3}, requires=[], cost=gbp(0))])
    await _open_budget(office, budget, 0)
    path = await start_path(office, policy=_with_budget(budget))
    await path.learn(until=lambda view: view["at_risk"])

    await path.pass_time(timedelta(days=21))
    view = await path.learn(until=_is_asked_again, leaving=[TaskKind.PLAN_CHOICE])

    assert (view["held"], view["at_risk"], view["enrolments"]) == ([], {}, [])
    (choice,) = _open(view, TaskKind.PLAN_CHOICE)
    assert "Python for analysts: its last session began on" in choice["facts"]["too_late"][0]
    assert choice["facts"]["trainings"][0].startswith("PY-B")
    assert ("learning plan", "given up") in [(one["what"], one["decided"]) for one in view["decisions"]]
    await eventually(lambda: any("can't be reached any more" in mail["Subject"] for mail in office.mails(to=HR)))
    with office.database.reading() as session:
        assert session.query(ReservationRecord).filter_by(capacity=budget, standing="waiting").all() == []
    await path.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))


async def test_a_workshop_that_runs_away_from_what_it_requires_is_given_up_at_once(office: Office) -> None:
    """Given a workshop that requires an e-learning, when it begins before that is passed, then it is given up with that
    reason and its money is free again, while the e-learning goes on."""
    budget = f"budget-{uuid.uuid4().hex[:8].upper()}"
    open_school(office, [e_learning(), workshop(40, sessions=1, requires=["SQL-E"])])
    await _open_budget(office, budget, 1000)
    path = await start_path(office, policy=_with_budget(budget))
    await path.learn(until=lambda view: _open(view, TaskKind.E_LEARNING), leaving=[TaskKind.E_LEARNING])
    assert _held(office, budget) == {path.id: Decimal(600)}

    await path.pass_time(timedelta(days=41))

    view = await path.learn(until=lambda view: _states(view)["PY-W"] == "not_passed", leaving=[TaskKind.E_LEARNING])
    (given_up,) = [one for one in view["enrolments"] if one["training"]["id"] == "PY-W"]
    assert given_up["reason"] == "its last session began before what it requires was passed"
    assert _states(view)["SQL-E"] == "under_way"
    await eventually(lambda: _held(office, budget) == {})
    await path.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))


async def test_a_path_in_a_placement_plans_for_the_time_up_to_the_decision(office: Office) -> None:
    """Given a path in a placement, then a workshop after the conversion decision is not proposed, and is named as the
    reason for what stays open; when the decision moves beyond it, it is proposed."""
    open_school(office, [workshop(60, sessions=1)])
    placement = await office.start()
    decision = datetime.now(UTC) + timedelta(days=30)
    first, second = [await start_path(office, placement=placement.id, decision_at=decision) for _ in range(2)]

    later = AroundThePlacement(what="decision", decision_at=decision + timedelta(days=60))
    await second.handle.signal("around_the_placement", later)

    ended = await first.learn(until=has_ended)
    assert (ended["outcome"], ended["enrolments"]) == ("not_closed", [])
    (why,) = [why for why in ended["why"] if why.startswith("python")]
    assert f"after the decision on {local_day(decision, ROLE.time_zone)}" in why
    view = await second.learn(until=lambda view: _open(view, TaskKind.PLAN_CHOICE), leaving=[TaskKind.PLAN_CHOICE])
    (choice,) = _open(view, TaskKind.PLAN_CHOICE)
    assert choice["facts"]["trainings"][0].startswith("PY-W")
    for case in (second, placement):
        await case.ask("withdraw", Withdraw(actor=HR, reason="enough seen"))


async def test_an_alternative_that_began_while_people_were_thinking_is_not_taken(office: Office) -> None:
    """Given a workshop that was full, when another in its place begins before the manager approves it, then it is not
    in the plan."""
    first, second = await _two_for_one_seat(office, workshop(60, id="PY-X", sessions=1, hours=17))
    await second.learn(until=lambda view: _states(view).get("PY-W") == "waiting_for_seat")
    await second.learn(until=lambda view: _open(view, TaskKind.PLAN_APPROVAL), leaving=[TaskKind.PLAN_APPROVAL])

    await second.pass_time(timedelta(days=60))
    view = await second.learn(until=has_ended)

    assert _states(view) == {"PY-W": "not_passed"}
    await first.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))


async def test_an_alternative_that_began_while_money_was_waited_for_is_not_taken(office: Office) -> None:
    """Given a workshop that was full, when another in its place begins before there is money for it, then it is not in
    the plan, and nothing is held or waited for."""
    other = workshop(60, id="PY-X", sessions=1, hours=17, cost=gbp(700))
    budget = f"budget-{uuid.uuid4().hex[:8].upper()}"
    first, second = await _two_for_one_seat(office, other, budget=budget)
    await second.learn(until=lambda view: view["at_risk"])
    assert "the plan waits for 700" in "".join((await second.view())["at_risk"].values())

    await second.pass_time(timedelta(days=60))
    view = await second.learn(until=has_ended)

    assert (_states(view), view["held"], view["at_risk"]) == ({"PY-W": "not_passed"}, [], {})
    assert view["why"][0].startswith("Python for analysts: ")
    await first.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))
