"""Upskilling paths on the real server: from the gap assessment to the certificate, and how they end."""

from __future__ import annotations

import asyncio
import json
import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from temporalio.client import WorkflowUpdateFailedError

from domain.certification.credentials import Finding
from domain.core.case import Withdraw
from domain.core.naming import workflow_id
from domain.core.people import Role
from domain.core.questions import TaskKind
from domain.core.skills import RequiredSkill, RoleProfile
from domain.learning.requests import ChangeRole, PausePath, ResumePath
from domain.learning.start import Goal
from engine.search_attributes import COHORT, POLICY
from records.local_time import local_day
from records.queries.core import cases as queries
from service.certification.issuer import make_issuer_key
from service.certification.verifying import verify
from tests.domain.factories import shipped_learning_policy
from tests.office import (
    HR,
    PATIENCE_SECONDS,
    ROLE,
    Office,
    eventually,
    has_ended,
    open_of,
    refusal,
)
from tests.school import (
    LEARNER,
    PROFILE,
    REACHED,
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
from tests.workflows.learning.paths import held, open_budget, states, with_budget

LEVELS_ASKED = (TaskKind.SKILLS_SELF, TaskKind.SKILLS_MANAGER)


async def test_from_the_gaps_to_the_end(office: Office) -> None:
    """Given one training of each kind, when all goes well, then every gap is closed and all of it is on record."""
    open_school(office, all_kinds())
    path = await start_path(office)

    view = await path.learn(until=has_ended)

    assert view["outcome"] == "closed"
    assert [gap["skill"] for gap in view["first_gaps"]] == ["sql", "python", "statistics", "storytelling"]
    assert states(view) == {"SQL-E": "passed", "PY-W": "passed", "STAT-B": "passed", "TELL-J": "passed"}
    assert view["gaps"] == []
    with office.database.reading() as session:
        decided = [(decision.what, decision.decided) for decision in queries.decisions(session, path.id)]
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
    done = await path.ask("pause", PausePath(actor=HR, back_on=today + timedelta(days=2), reason="a busy week"))
    assert "paused since" in done.sentence
    decision = (await path.view())["decisions"][-1]
    assert [decision[key] for key in ("what", "decided", "by", "reason")] == ["pause", "paused", HR, None]


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
    (mail,) = (mail for mail in office.mails(to=LEARNER) if mail["Subject"].startswith("No certificate"))
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
        outcome = next(decision for decision in queries.decisions(session, path.id) if decision.what == "outcome")
    assert (outcome.decided, outcome.reason) == ("not_certified", why)


async def test_nothing_is_missing(office: Office) -> None:
    """Given somebody who has every level, then the path ends without a plan."""
    open_school(office, all_kinds())
    path = await start_path(office)

    view = await path.go_on(until=has_ended)

    assert (view["outcome"], view["enrolments"], view["round"]) == ("no_gap", [], 0)


async def test_a_withdrawal_gives_everything_back(office: Office) -> None:
    """Given a workshop with one seat and somebody waiting for it, when its holder withdraws in mid-training,
    then the seat goes to the waiting list and the money that is not spent goes back to the budget."""
    course = workshop(40, seats=1, sessions=1)
    budget = f"budget-{uuid.uuid4().hex[:8].upper()}"
    policy = with_budget(budget)
    open_school(office, [e_learning(cost=gbp(100)), course])
    await open_budget(office, budget, 2000)
    first = await start_path(office, policy=policy)
    await first.learn(until=lambda view: states(view).get("PY-W") == "under_way", unanswered=[TaskKind.E_LEARNING])
    second = await start_path(office, policy=policy)
    await second.learn(
        until=lambda view: states(view).get("PY-W") == "waiting_for_seat", unanswered=[TaskKind.E_LEARNING]
    )
    await eventually(lambda: held(office, budget) == {first.id: Decimal(700), second.id: Decimal(700)})

    await first.ask("withdraw", Withdraw(actor=LEARNER, reason="has moved away"))
    await first.ended()

    view = await second.learn(
        until=lambda view: open_of(view, TaskKind.SEAT_OFFER), unanswered=[TaskKind.SEAT_OFFER, TaskKind.E_LEARNING]
    )
    assert states(view)["PY-W"] == "waiting_for_seat"

    # A pause in the middle of the offer: the learner hears that this can't wait, and until when it stands.
    await second.ask("pause", PausePath(actor=LEARNER))
    await eventually(lambda: any("One thing can't wait: a seat in" in str(mail) for mail in office.mails(to=LEARNER)))
    await second.ask("resume", ResumePath(actor=LEARNER))

    # The e-learning was begun, so what it costs is spent; the workshop was not.
    await eventually(lambda: held(office, budget) == {first.id: Decimal(100), second.id: Decimal(700)})
    view = await second.learn(until=lambda view: states(view)["PY-W"] == "under_way", unanswered=[TaskKind.E_LEARNING])
    assert held(office, seats_of(course)) == {second.id: Decimal(1)}
    ended = await first.view()
    assert (ended["outcome"], ended["held"] == [], states(ended)) == (
        "withdrawn",
        False,
        {"SQL-E": "called_off", "PY-W": "called_off"},
    )
    cancelled = [mail for mail in office.mails(to=LEARNER) if "Called off for you" in str(mail["Subject"])]
    assert len(cancelled) == 1
    await second.ask("withdraw", Withdraw(actor=HR, reason="enough seen"))


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
        until=lambda view: states(view).get("SQL-E") == "passed" and states(view).get("PY-W") == "under_way",
        unanswered=[TaskKind.ASSIGNMENT_REPORT],
    )

    await path.ask("change_role", ChangeRole(actor=HR, goal=Goal(role=role, profile=engineer), reason="a post is free"))
    await eventually(lambda: held(office, seats_of(course)) == {})
    view = await path.learn(until=has_ended)

    assert view["outcome"] == "closed"
    assert [
        (enrolment["training"]["id"], enrolment["round"], enrolment["state"]) for enrolment in view["enrolments"]
    ] == [
        ("PY-W", 1, "called_off"),
        ("SQL-E", 1, "passed"),
        ("STAT-B", 1, "called_off"),
        ("TELL-J", 1, "called_off"),
        ("TELL-J", 2, "passed"),
    ]
