"""The trainings of upskilling paths on the real server: completion events, evidence, and seats in workshops."""

from __future__ import annotations

import json
import uuid
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from temporalio.client import WorkflowUpdateFailedError

from demo.learning_system import statement
from domain.core.case import Withdraw
from domain.core.questions import TaskKind
from domain.learning.requests import PausePath, ResumePath
from domain.learning.xapi import Verb
from records.queries.core import cases as queries
from tests.office import (
    HR,
    MANAGER,
    Office,
    eventually,
    has_ended,
    open_of,
    refusal,
)
from tests.school import (
    COURSE,
    LEARNER,
    assignment,
    e_learning,
    gbp,
    open_school,
    seats_of,
    self_study,
    start_path,
    workshop,
)
from tests.workflows.capacity.scarce import Scarce, refusing
from tests.workflows.learning.paths import held, is_offered_a_seat, open_budget, states, with_budget


async def test_completions_that_come_early_twice_or_forged(office: Office) -> None:
    """Given an e-learning, when its completion comes early, twice, or forged, then it is kept, ignored, or
    refused and put on record."""
    open_school(office, [e_learning(), self_study()])
    path = await start_path(office)
    await path.learn(until=lambda view: open_of(view, TaskKind.PLAN_CHOICE), unanswered=[TaskKind.PLAN_CHOICE])
    now = await path.now()

    early = path.academy.completed(LEARNER, COURSE, now)
    assert "kept" in (await path.hand_in(early)).sentence
    assert "before" in (await path.hand_in(early)).sentence
    assert "nobody has signed it" in await path.refused(_unsigned(now))
    assert "somebody else" in await path.refused(path.academy.completed(MANAGER, COURSE, now))
    assert "no training" in await path.refused(path.academy.completed(LEARNER, "https://lms.example.org/no", now))

    view = await path.learn(until=lambda view: states(view).get("SQL-E") == "passed")
    assert view["early"] == []
    assert not [task for task in view["tasks"] if task["kind"] == TaskKind.E_LEARNING]
    assert "before" in (await path.hand_in(early)).sentence
    await path.settled()
    with office.database.reading() as session:
        attempts = [attempt.sentence for attempt in queries.attempts(session, path.id)]
    assert len(attempts) == 2
    assert len([mail for mail in office.mails() if "completion event" in str(mail["Subject"])]) == 4  # HR and its head
    await path.ask("withdraw", Withdraw(actor=HR, reason="enough seen"))


async def test_a_pass_under_the_id_of_a_failure_is_refused_and_on_record(office: Office) -> None:
    """Given a statement, when another one says something else under its id, then it is refused, put on record and HR
    hears; several at once are taken one by one."""
    open_school(office, [e_learning()])
    path = await start_path(office)
    await path.learn(until=lambda view: open_of(view, TaskKind.PLAN_CHOICE), unanswered=[TaskKind.PLAN_CHOICE])
    now, same = await path.now(), str(uuid.uuid4())
    failed, passed = (say(LEARNER, COURSE, now, id=same) for say in (path.academy.failed, path.academy.passed))
    assert "kept" in (await path.hand_in(failed)).sentence

    assert f"another statement with its id, {same}, was handed in before (failed" in await path.refused(passed)
    several = await path.hand_in(json.dumps([passed, path.academy.completed(LEARNER, COURSE, now), failed]))
    assert several.sentence.startswith("1. refused: SQL in depth: another statement with its id")
    assert "2. SQL in depth: its training has not begun; it is kept" in several.sentence
    assert "3. SQL in depth: it was handed in before" in several.sentence
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
    view = await path.learn(until=lambda view: open_of(view, TaskKind.SIGN_OFF), unanswered=[TaskKind.SIGN_OFF])
    (sign_off,) = open_of(view, TaskKind.SIGN_OFF)
    with pytest.raises(WorkflowUpdateFailedError) as own:
        await path.answer(sign_off, by=LEARNER, yes=True)
    assert "own proposal or evidence" in refusal(own.value)

    view = await path.learn(until=has_ended, answers=refusing)

    assert states(view) == {"TELL-J": "not_passed", "TELL-B": "passed"}
    assert [(enrolment["attempts"], enrolment["instead_of"]) for enrolment in view["enrolments"]] == [
        (2, None),
        (1, "TELL-J"),
    ]
    assert "the other team was not there" in view["enrolments"][0]["reason"]


async def test_a_pause_gives_the_seat_back_and_looks_for_a_later_one(office: Office) -> None:
    """Given a seat in a session, when the path is paused over it, then the seat is free and a later one is booked."""
    course = workshop(30, sessions=2)
    open_school(office, [course])
    path = await start_path(office)
    await path.learn(until=lambda view: states(view).get("PY-W") == "under_way")
    assert held(office, seats_of(course)) == {path.id: Decimal(1)}

    await path.ask("pause", PausePath(actor=LEARNER))
    with pytest.raises(WorkflowUpdateFailedError) as twice:
        await path.ask("pause", PausePath(actor=HR))
    assert "paused already" in refusal(twice.value)
    await path.pass_time(timedelta(days=35))
    await eventually(lambda: held(office, seats_of(course)) == {})
    await path.ask("resume", ResumePath(actor=LEARNER))
    view = await path.learn(until=lambda view: view["enrolments"][0]["session"] == course.sessions[1].id)
    assert held(office, seats_of(course, 2)) == {path.id: Decimal(1)}

    view = await path.learn(until=has_ended)
    assert (view["outcome"], view["enrolments"][0]["attempts"]) == ("not_closed", 1)  # sql is not in the catalogue


async def test_an_offer_of_a_seat_that_lapses_puts_the_learner_back_on_the_list(office: Office) -> None:
    """Given a seat that is offered and another who waits, when nobody answers, then it goes to the other one, HR is
    told, and the learner gets the next seat there is."""
    course = workshop(60, seats=1, sessions=1)
    open_school(office, [course])
    first, second, third = [await start_path(office) for _ in range(3)]
    await first.learn(until=lambda view: states(view).get("PY-W") == "under_way")
    for waiting in (second, third):
        await waiting.learn(until=lambda view: states(view).get("PY-W") == "waiting_for_seat")
    await first.ask("withdraw", Withdraw(actor=LEARNER, reason="has moved away"))
    await is_offered_a_seat(second)

    # When the offer lapses
    await second.pass_time(timedelta(days=3))
    await is_offered_a_seat(third)
    await third.go_on(until=lambda view: states(view)["PY-W"] == "under_way")
    await eventually(lambda: any("No answer to the offer" in str(mail["Subject"]) for mail in office.mails(to=HR)))
    view = await second.view()
    assert (states(view)["PY-W"], view["outcome"]) == ("waiting_for_seat", None)

    # Then the next seat is theirs all the same
    await third.ask("withdraw", Withdraw(actor=LEARNER, reason="has moved away"))
    await is_offered_a_seat(second)
    await second.go_on(until=lambda view: states(view)["PY-W"] == "under_way")
    assert held(office, seats_of(course)) == {second.id: Decimal(1)}
    await second.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))


async def test_a_seat_that_is_refused_is_a_risk_until_there_is_another(office: Office) -> None:
    """Given a first session whose seats are refused, then HR hears of it, and of no risk any more once there is a seat
    in the second; where there is none, its refusal is the reason."""
    course, alone = workshop(), workshop(20, id="STAT-W", leads_to={"statistics": 4}, sessions=1)
    open_school(office, [course, alone])
    async with refusing(office, seats_of(course), seats_of(alone)):
        path = await start_path(office)
        view = await path.learn(until=lambda view: states(view).get("STAT-W") == "waiting_for_seat")
        assert [why for why in view["at_risk"].values() if seats_of(alone) in why]

        view = await path.learn(until=lambda view: states(view)["STAT-W"] == "not_passed")

    assert (states(view)["PY-W"], view["at_risk"]) == ("under_way", {})
    (refused,) = [enrolment for enrolment in view["enrolments"] if enrolment["training"]["id"] == "STAT-W"]
    assert f"{seats_of(alone)}: nothing of it for" in refused["reason"]
    await path.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))


async def test_a_refusal_of_seats_that_is_put_right_is_no_risk_while_a_seat_is_waited_for(office: Office) -> None:
    """Given a session whose seats are refused, when that is put right and all are taken, then the learner waits."""
    alone = workshop(60, sessions=1)
    open_school(office, [alone])
    async with refusing(office, seats_of(alone)):
        path = await start_path(office)
        await path.learn(until=lambda view: states(view).get("PY-W") == "waiting_for_seat" and view["at_risk"])

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
    await first.learn(until=lambda view: states(view).get("PY-W") == "under_way")
    await second.learn(until=lambda view: states(view).get("PY-W") == "waiting_for_seat")
    await first.ask("withdraw", Withdraw(actor=LEARNER, reason="has moved away"))
    await is_offered_a_seat(second)

    view = await second.learn(until=has_ended, answers={TaskKind.SEAT_OFFER: {"take": False}})

    assert view["outcome"] == "not_closed"
    (why,) = view["why"]
    assert why.startswith("Python for analysts: ")
    assert why.endswith("the learner declined the seat that was offered")


async def test_a_workshop_that_runs_away_from_what_it_requires_is_given_up_at_once(office: Office) -> None:
    """Given a workshop that requires an e-learning, when it begins before that is passed, then it is given up with that
    reason and its money is free again, while the e-learning goes on."""
    budget = f"budget-{uuid.uuid4().hex[:8].upper()}"
    open_school(office, [e_learning(), workshop(40, sessions=1, requires=["SQL-E"])])
    await open_budget(office, budget, 1000)
    path = await start_path(office, policy=with_budget(budget))
    await path.learn(until=lambda view: open_of(view, TaskKind.E_LEARNING), unanswered=[TaskKind.E_LEARNING])
    assert held(office, budget) == {path.id: Decimal(600)}

    await path.pass_time(timedelta(days=41))

    view = await path.learn(until=lambda view: states(view)["PY-W"] == "not_passed", unanswered=[TaskKind.E_LEARNING])
    (given_up,) = [enrolment for enrolment in view["enrolments"] if enrolment["training"]["id"] == "PY-W"]
    assert given_up["reason"] == "its last session began before what it requires was passed"
    assert states(view)["SQL-E"] == "under_way"
    await eventually(lambda: held(office, budget) == {})
    await path.ask("withdraw", Withdraw(actor=LEARNER, reason="enough seen"))
