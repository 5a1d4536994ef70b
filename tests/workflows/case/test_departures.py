"""Somebody leaves the company: all they have in all cases is handed over on the day, until nothing is left."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from temporalio.client import WorkflowFailureError, WorkflowUpdateFailedError

from domain.core.departure import DepartureStage, DepartureState
from domain.core.model import Party, PersonId
from domain.core.questions import TaskKind
from domain.core.reassigning import Handing, Reassign
from domain.core.tasks import AnswerTask
from records.queries import leaving
from service.core.connecting import connected
from service.core.declaring import LastDayIsOver, declare
from service.core.errors import Refused
from service.core.leaving import WantedDeparture, look_at
from service.core.staying import call_off
from tests.departures import SECONDS, TOMORROW, YESTERDAY, departure_of, employ, say
from tests.office import HR, HR_LEAD, RETURNER, ROLE, SECOND_MANAGER, Office, has_ended, refusal
from tests.replaying import replayer


async def over(office: Office, leaver: PersonId) -> DepartureState:
    """What the departure came to; its history replays."""
    handle = departure_of(office, leaver)
    state = await handle.result()
    await replayer().replay_workflow(await handle.fetch_history())
    return state


async def test_a_manager_who_leaves_in_mid_placement_hands_over_to_a_successor(office: Office) -> None:
    # Given a placement with an open review of its manager's, who is to leave tomorrow
    manager, successor, *_ = employ(office)
    role = ROLE.model_copy(update={"manager": manager})
    case = await office.start(role=role)
    review = await case.next_task(TaskKind.MANAGER_REVIEW)
    first = await say(office, manager, last_day=TOMORROW, successor=successor)
    again = await say(office, manager, last_day=TOMORROW, successor=successor)
    assert (first.begun, again.begun) == (True, False)
    assert "nothing was changed" in again.sentence
    (theirs,) = look_at(office.database, manager).theirs
    assert (theirs.case, theirs.parts, theirs.tasks) == (case.id, [Party.MANAGER], [review["id"]])
    assert (await case.open_tasks(TaskKind.MANAGER_REVIEW))[0]["assignee"] == manager

    # When it turns out that yesterday was their last day, which nobody declares by a slip
    with pytest.raises(LastDayIsOver, match=f"{YESTERDAY} is over where {manager} lives"):
        await say(office, manager, last_day=YESTERDAY, at_once=False)
    now = await say(office, manager, last_day=YESTERDAY)
    assert now.sentence == f"left after {YESTERDAY}; what they have is being handed over now"
    state = await over(office, manager)

    # Then the successor has the part and the review, with the time that was left; the leaver can't answer any more
    assert [(thing.case, thing.handed.what, thing.handed.to) for thing in state.handed] == [
        (case.id, "manager", successor)
    ]
    (moved,) = await case.open_tasks(TaskKind.MANAGER_REVIEW)
    assert (moved["assignee"], moved["due_at"]) == (successor, review["due_at"])
    with pytest.raises(WorkflowUpdateFailedError) as late:
        await case.answer(moved, by=manager)
    assert "has left the company" in refusal(late.value)

    # And nobody is asked who has left: no task is handed to them, no case begins around them
    with pytest.raises(WorkflowUpdateFailedError) as handed_on:
        await case.send(AnswerTask(actor=successor, task=moved["id"], delegate_to=manager))
    assert f"{manager} left the company after {YESTERDAY}" in refusal(handed_on.value)
    with pytest.raises(WorkflowFailureError) as started:
        await (await office.start(role=role)).ended()
    assert f"the manager of {role.id}, {manager}, left the company after {YESTERDAY}" in str(started.value.cause)
    office.cases.pop()

    # And the programme goes on with the successor, who is separate from all who approve
    proposal = await case.next_task(TaskKind.PROPOSAL)
    assert proposal["assignee"] == successor
    assert (await case.go_on(until=has_ended))["outcome"] == "converted"
    shown = look_at(office.database, manager)
    assert (shown.theirs, shown.departure and shown.departure.stage) == ([], "done")


async def test_a_mentor_who_leaves_is_replaced_and_a_returner_who_leaves_withdraws(office: Office) -> None:
    # Given a placement with its mentor
    case = await office.start()
    view = await case.go_on(until=lambda view: (view["week"] or 0) >= 2)
    mentor = view["parties"]["mentor"]

    # When the mentor has left, then the matching finds another, and never them
    await say(office, mentor, last_day=YESTERDAY)
    state = await over(office, mentor)
    assert [thing.handed.what for thing in state.handed if thing.handed.state is Handing.MOVED] == ["mentor"]
    view = await case.go_on(until=lambda view: view["parties"].get("mentor"))
    assert view["parties"]["mentor"] not in (None, mentor)
    assert view["mentorships"][0]["state"] == "ended"

    # When the returner leaves, then it is a withdrawal
    await say(office, RETURNER, last_day=YESTERDAY, reason="moves abroad")
    state = await over(office, RETURNER)
    assert [thing.handed.state for thing in state.handed] == [Handing.OVER]
    view = await case.go_on(until=has_ended)
    assert (view["outcome"], view["early_end"]["by"]) == ("withdrawn", HR_LEAD)


async def test_hr_says_who_takes_over_where_nobody_is_named_and_a_worker_that_goes_loses_nothing(
    office: Office,
) -> None:
    # Given a manager who leaves without a successor, in two placements
    manager, successor, *_ = employ(office)
    role = ROLE.model_copy(update={"manager": manager})
    cases = [await office.start(role=role) for _ in range(2)]
    for case in cases:
        await case.go_on(until=lambda view: view["stage"] == "placement")
    await say(office, manager, last_day=YESTERDAY)

    # When the worker stops at once, and comes back; and HR of each case is asked
    async with office.worker_stopped():
        pass
    for case in cases:
        question = await case.next_task(TaskKind.SUCCESSOR)
        assert question["assignee"] == HR
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await case.answer(question, to=SECOND_MANAGER)
        assert "they could not approve as second-level manager" in refusal(refused.value)
        await case.answer(question, to=successor)

    # Then each part has moved once, the departure is over, and the records tell of it
    state = await over(office, manager)
    assert [(thing.case, thing.handed.to) for thing in state.handed] == sorted((case.id, successor) for case in cases)
    for case in cases:
        view = await case.view()
        assert [decision["decided"] for decision in view["decisions"] if decision["what"] == "part"] == [
            f"{successor} is manager"
        ]
        assert view["parties"]["manager"] == successor


async def test_a_departure_is_called_off_before_it_has_begun_and_not_after(office: Office) -> None:
    leaver, *_ = employ(office)
    await say(office, leaver, last_day=TOMORROW)
    with office.database.reading() as session:
        assert leaver in leaving.last_days(session)

    assert "stays" in await call_off(connected(office.client), office.database, leaver, HR, None, SECONDS)
    await over(office, leaver)
    with office.database.reading() as session:
        assert leaver not in leaving.last_days(session)

    # And somebody who has left, and is back, can be asked again
    await say(office, leaver, last_day=YESTERDAY)
    await over(office, leaver)
    with office.database.reading() as session:
        assert leaver in leaving.on_record(session, [leaver], datetime.now(UTC)).left
    assert "is back" in await call_off(connected(office.client), office.database, leaver, HR, "hired again", SECONDS)
    with office.database.reading() as session:
        assert leaving.on_record(session, [leaver], datetime.now(UTC)).left == {}


async def test_declared_again_once_it_is_through_it_keeps_what_is_on_record(office: Office) -> None:
    # Given a manager who has left, and handed over to a successor
    manager, successor, *_ = employ(office)
    case = await office.start(role=ROLE.model_copy(update={"manager": manager}))
    await case.go_on(until=lambda view: view["stage"] == "placement")
    await say(office, manager, last_day=YESTERDAY, successor=successor)
    await over(office, manager)

    # When HR declares the same again, then nothing is changed; another last day is refused
    again = await say(office, manager, last_day=YESTERDAY)
    assert (again.begun, again.sentence) == (
        False,
        f"left after {YESTERDAY}, and all they had is handed over; nothing was changed",
    )
    with pytest.raises(Refused, match=f"left after {YESTERDAY}"):
        await say(office, manager, last_day=YESTERDAY + timedelta(days=30))
    shown = look_at(office.database, manager)
    assert [(thing.case, thing.handed.to) for thing in shown.handed] == [(case.id, successor)]

    # When they are back, then the case knows it, and they can have their part again
    assert manager in (await case.view())["gone"]
    await call_off(connected(office.client), office.database, manager, HR, "hired again", SECONDS)
    assert (await case.view())["gone"] == {}
    request = Reassign(actor=HR, party=Party.MANAGER, to=manager, reason="is back")
    await case.ask("reassign", request)
    assert (await case.next_task(TaskKind.MANAGER_REVIEW))["assignee"] == manager


async def test_who_declares_it_and_who_can_take_over_is_checked_first(office: Office) -> None:
    leaver, going_too, *_ = employ(office)
    await say(office, going_too, last_day=YESTERDAY)
    await over(office, going_too)

    async def refused(actor: PersonId, **more: Any) -> str:
        wanted = WantedDeparture(person=leaver, **{"last_day": YESTERDAY, "at_once": True, **more})
        with pytest.raises(Refused) as refusal:
            await declare(connected(office.client), office.database, wanted, actor, office.queue, SECONDS)
        return str(refusal.value)

    assert "that is for HR or head of HR of a role" in await refused(SECOND_MANAGER)
    assert f"{going_too} leaves too" in await refused(HR, successor=going_too)
    assert f"{leaver} is who leaves" in await refused(HR, successors={Party.IT: leaver})
    assert "give their last day" in await refused(HR, last_day=None)
    assert look_at(office.database, leaver).departure is None


async def test_who_is_back_while_their_parts_wait_for_a_successor_keeps_them(office: Office) -> None:
    # Given a manager who has left without a successor, and the question who takes over
    manager, *_ = employ(office)
    case = await office.start(role=ROLE.model_copy(update={"manager": manager}))
    await case.go_on(until=lambda view: view["stage"] == "placement")
    await say(office, manager, last_day=YESTERDAY)
    question = await case.next_task(TaskKind.SUCCESSOR)

    # When HR says that they stay
    said = await call_off(connected(office.client), office.database, manager, HR, "hired again", SECONDS)
    assert said == "is back and can be asked again; what was handed over stays so, and what was not stays theirs"
    state = await over(office, manager)

    # Then the departure has ended, the records know them again, and the case asks nobody any more who takes over
    assert (state.stage, state.waiting()) == (DepartureStage.BACK, [])
    with office.database.reading() as session:
        assert manager not in leaving.last_days(session)
    await case.go_on(until=lambda view: not view["gone"])
    assert not await case.open_tasks(TaskKind.SUCCESSOR)
    view = await case.view()
    assert next(task for task in view["tasks"] if task["id"] == question["id"])["state"] == "closed"
    assert view["parties"]["manager"] == manager
    with pytest.raises(Refused, match="does not leave, by the records"):
        await call_off(connected(office.client), office.database, manager, HR, None, SECONDS)
