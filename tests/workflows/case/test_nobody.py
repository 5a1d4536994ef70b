"""People whom nobody has on record: they are not handed anything, and who waits for them hears of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import (
    Client,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowUpdateFailedError,
)
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from domain.certification.state import NEEDED
from domain.cohort.requests import Rematch
from domain.core.case import Withdraw
from domain.core.model import Party
from domain.core.questions import TaskKind
from domain.core.tasks import AnswerTask, Receipt
from domain.learning.start import Goal
from tests.certifying import CERTIFICATE, Certifying
from tests.cohorts import newcomers, start_cohort
from tests.office import (
    HR,
    MANAGER,
    PATIENCE_SECONDS,
    RETURNER,
    ROLE,
    STAND_IN,
    Case,
    Office,
    eventually,
    open_office,
    person,
    refusal,
)
from tests.school import PROFILE, e_learning, open_school, path_start
from tests.workflows.conftest import replays

NOBODY = "P-NOBODY7"


@pytest.fixture
async def office(client: Client, tmp_path: Path) -> AsyncIterator[Office]:
    """An office whose records can be taken away."""
    (tmp_path / "records").mkdir()
    url = f"sqlite:///{tmp_path / 'records' / 'waymark.db'}"
    async with open_office(client, tmp_path, records_url=url) as office:
        yield office
        await replays(office)


async def fails_at_the_start(handle: WorkflowHandle[Any, Any]) -> str:
    """With which sentence a case fails that has done nothing yet but look people, and local days, up."""
    with pytest.raises(WorkflowFailureError) as failed:
        await asyncio.wait_for(handle.result(), PATIENCE_SECONDS)
    assert isinstance(failed.value.cause, ApplicationError)
    events = (await handle.fetch_history()).events
    scheduled = [event.activity_task_scheduled_event_attributes.activity_type.name for event in events]
    assert [name for name in scheduled if name and name != "local_days"] == ["known_people"]
    return failed.value.cause.message


async def test_a_case_whose_start_names_somebody_who_is_not_in_the_records_fails_and_says_where(
    office: Office,
) -> None:
    """Given starts of all kinds that name nobody on record, then they fail before anything is asked or sent."""
    role = ROLE.model_copy(update={"it": NOBODY})
    sentence = "not in the records; import people first"
    goal = Goal(role=role, profile=PROFILE)
    inside = path_start(case="U-NOBODY", learner=RETURNER, manager=NOBODY, goal=goal)
    placement = await office.start(role=role, learning=inside)
    assert await fails_at_the_start(placement.handle) == (
        f"IT of {role.id}: {NOBODY}; manager of {RETURNER}: {NOBODY}: {sentence}"
    )

    for_one_part = await office.start(role=role, learning=path_start(learner=RETURNER, manager=MANAGER))
    assert await fails_at_the_start(for_one_part.handle) == f"IT of {role.id}: {NOBODY}: {sentence}"
    inside = path_start(learner=RETURNER, manager=MANAGER, goal=goal)
    for_one_part = await office.start(learning=inside)
    assert await fails_at_the_start(for_one_part.handle) == f"IT of {role.id}: {NOBODY}: {sentence}"

    path = path_start(learner=RETURNER, goal=Goal(role=role, profile=PROFILE, certificate=CERTIFICATE))
    handle = await office.client.start_workflow(
        "UpskillingPath", path, id=f"upskilling-{path.case}", task_queue=office.queue
    )
    assert f"IT of {role.id}: {NOBODY}" in await fails_at_the_start(handle)

    parties = dict.fromkeys(NEEDED, HR) | {Party.LEARNER: RETURNER, Party.HR_LEAD: NOBODY}
    certification = await Certifying(office).start(parties=parties)
    assert (await fails_at_the_start(certification.handle)).endswith(f": {NOBODY}: {sentence}")

    cohort = await start_cohort(office, led_by=NOBODY)
    assert await fails_at_the_start(cohort.handle) == f"led_by: {NOBODY}: {sentence}"
    assert office.mails() == []


async def test_a_case_waits_with_its_beginning_for_records_that_cant_be_reached(office: Office, tmp_path: Path) -> None:
    (tmp_path / "records").rename(tmp_path / "moved")
    office.database.engine.dispose()
    case = await office.start(seconds_per_day=60)
    await _pending(case, "known_people")
    withdrawing = await case.ask("withdraw", Withdraw(actor=HR, reason="another plan"))
    (tmp_path / "moved").rename(tmp_path / "records")

    assert withdrawing.sentence.startswith("withdrawn")
    assert (await asyncio.wait_for(case.ended(), PATIENCE_SECONDS)).outcome == "withdrawn"


async def test_who_leaves_while_records_cant_be_reached_begins_no_path_inside_any_more(
    office: Office, tmp_path: Path
) -> None:
    """Given a placement that can't look yet whether its path may begin, then the placement itself begins on its day,
    and when the returner withdraws, the path never does."""
    open_school(office, [e_learning()])
    learning = path_start(learner=RETURNER, manager=MANAGER)
    case = await office.start(weeks=8, seconds_per_day=0.3, learning=learning)
    await case.go_on(until=lambda view: view["stage"] == "preboarding")
    (tmp_path / "records").rename(tmp_path / "moved")
    office.database.engine.dispose()
    await _pending(case, "check_alone")
    await case.go_on(until=lambda view: view["stage"] == "placement")
    await case.ask("withdraw", Withdraw(actor=RETURNER, reason="another plan"))
    (tmp_path / "moved").rename(tmp_path / "records")

    assert (await asyncio.wait_for(case.ended(), PATIENCE_SECONDS)).outcome == "withdrawn"
    with pytest.raises(RPCError, match="not found"):
        await office.client.get_workflow_handle(f"upskilling-{learning.case}").describe()


async def test_looking_people_up_takes_none_of_the_time_of_a_case_at_a_fast_pace(
    office: Office, tmp_path: Path
) -> None:
    (tmp_path / "records").rename(tmp_path / "moved")
    office.database.engine.dispose()
    case = await office.start(seconds_per_day=60)
    await _pending(case, "known_people")
    (tmp_path / "moved").rename(tmp_path / "records")

    view = await case.go_on(until=lambda view: bool(view["stages"]))
    clock = view["clock"]
    assert view["stage_since"] == clock["began"] == clock["began_really"]
    await case.ask("withdraw", Withdraw(actor=HR, reason="another plan"))
    await case.ended()


async def test_a_task_is_handed_only_to_somebody_in_the_records(office: Office, tmp_path: Path) -> None:
    """Given a task, then handing it to nobody on record is refused and changes nothing; while the records can't be
    reached nobody can say, and handing it on waits for them."""
    case = await office.start()
    (task,) = [await case.next_task(TaskKind.CHECKLIST_ITEM)]

    with pytest.raises(WorkflowUpdateFailedError) as unknown:
        await case.send(AnswerTask(actor=task["assignee"], task=task["id"], delegate_to=NOBODY))
    assert refusal(unknown.value) == f"{NOBODY} is not in the records; import people first"
    (tmp_path / "records").rename(tmp_path / "moved")
    office.database.engine.dispose()
    handing_on = asyncio.create_task(
        case.send(AnswerTask(actor=task["assignee"], task=task["id"], delegate_to=STAND_IN))
    )
    await _pending(case, "known_people")
    (tmp_path / "moved").rename(tmp_path / "records")

    assert isinstance(await handing_on, Receipt)
    now = next(open_task for open_task in await case.open_tasks() if open_task["id"] == task["id"])
    assert now["delegates"] == [STAND_IN]


async def test_a_cohort_takes_nobody_who_is_not_in_the_records(office: Office) -> None:
    """Given a cohort, then people whom nobody has on record can't be enlisted, nor pinned as mentors."""
    cohort = await start_cohort(office)
    known, *_ = people = newcomers(office, 2)
    stranger = known.model_copy(update={"case": f"R-{NOBODY}", "returner": NOBODY})
    with pytest.raises(WorkflowUpdateFailedError) as enlisting:
        await cohort.enlist([known, stranger])
    assert refusal(enlisting.value) == f"{NOBODY} is not in the records; import people first"
    assert (await cohort.view())["participants"] == {}

    await cohort.enlist(people)
    review = await cohort.review()
    pin = [f"{known.returner}={NOBODY}"]
    with pytest.raises(WorkflowUpdateFailedError) as answer:
        await cohort.answer(review, agree=False, pin=pin)
    with pytest.raises(WorkflowUpdateFailedError) as rematch:
        await cohort.ask("rematch", Rematch(actor=HR, reason="she asked for it", pin=pin))
    assert refusal(answer.value) == refusal(rematch.value) == refusal(enlisting.value)
    assert (await cohort.review())["id"] == review["id"]
    await cohort.handle.terminate()


async def test_hr_hears_of_letters_that_wait_for_somebody_who_is_not_in_the_records(office: Office) -> None:
    """Given IT who is on record no more, then HR hears that letters wait for them, it stays in sight when the case is
    over, and the case ends once they have been imported."""
    case = await office.start_and_lose_it(NOBODY, seconds_per_day=0.3)
    risk = f"letters_{NOBODY}"
    await case.go_on(until=lambda view: risk in view["at_risk"], unanswered=[TaskKind.CHECKLIST_ITEM])
    await eventually(lambda: any(NOBODY in str(mail.get_payload()) for mail in office.mails(to=HR)))

    await case.ask("withdraw", Withdraw(actor=HR, reason="another plan"))
    async with asyncio.timeout(PATIENCE_SECONDS):
        while (view := await case.view())["stage"] != "offboarding" or view["waiting"]["journal"]:
            await asyncio.sleep(0.05)
    assert risk in view["at_risk"]
    assert (await case.handle.describe()).status is WorkflowExecutionStatus.RUNNING

    with office.database.session() as session:
        session.add(person(NOBODY))
    assert (await asyncio.wait_for(case.ended(), PATIENCE_SECONDS)).outcome == "withdrawn"
    assert (await case.view())["at_risk"] == {}


async def test_hr_goes_on_hearing_of_a_case_while_letters_about_somebody_who_is_not_in_the_records_wait(
    office: Office,
) -> None:
    """Given IT who is on record no more, then HR can't be told whose tasks are overdue, but hears everything else."""
    case = await office.start_and_lose_it(NOBODY, seconds_per_day=0.3)
    await case.go_on(
        until=lambda view: any(task["assignee"] == NOBODY and task["escalated"] for task in view["tasks"]),
        unanswered=[TaskKind.CHECKLIST_ITEM],
    )
    assert not any("Your help is needed: Laptop" in mail["Subject"] for mail in office.mails(to=HR))

    await case.ask("withdraw", Withdraw(actor=HR, reason="another plan"))
    await eventually(lambda: any("has ended early" in mail["Subject"] for mail in office.mails(to=HR)))
    assert (await case.handle.describe()).status is WorkflowExecutionStatus.RUNNING

    with office.database.session() as session:
        session.add(person(NOBODY))
    await asyncio.wait_for(case.ended(), PATIENCE_SECONDS)
    assert any("Your help is needed: Laptop" in mail["Subject"] for mail in office.mails(to=HR))


async def _pending(case: Case, activity: str) -> None:
    """Wait until a case waits for this activity in vain."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            pending = (await case.handle.describe()).raw_description.pending_activities
            if any(info.activity_type.name == activity and info.last_failure.message for info in pending):
                return
            await asyncio.sleep(0.05)
