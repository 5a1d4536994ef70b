"""What HR pins and forbids in a cohort holds for each placement, whoever searches and when."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from temporalio.client import Client, WorkflowHandle, WorkflowUpdateFailedError

from domain.cohort.state import Rematch
from domain.core.case import Withdraw
from domain.core.naming import workflow_id
from domain.core.questions import TaskKind
from domain.core.tasks import AnswerTask
from domain.placement.participation import MentorProposed, Ruling
from records.tables.placement import MentorshipRecord
from tests.cohorts import answering, newcomers, policy_with, start_cohort
from tests.office import HR, PATIENCE_SECONDS, Case, Office, open_office, refusal
from tests.workflows.conftest import replays


async def view_once(handle: WorkflowHandle[Any, Any], true: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not true(view := await handle.query("view")):
            await asyncio.sleep(0.05)
        return dict(view)


def asked(view: dict[str, Any]) -> list[str]:
    return [one["mentor"] for one in view["mentorships"]]


async def answers(handle: WorkflowHandle[Any, Any], view: dict[str, Any], *, yes: bool) -> None:
    """Whoever is asked to be the mentor answers."""
    (task,) = [one for one in view["tasks"] if one["state"] == "open" and one["kind"] == TaskKind.MENTOR_REQUEST]
    answer = {"yes": yes} if yes else {"yes": False, "reason": "no time"}
    await handle.execute_update("answer_task", AnswerTask(actor=task["assignee"], task=task["id"], answer=answer))


async def test_who_is_forbidden_is_never_asked_and_who_is_pinned_first_also_once_the_cohort_is_closed(
    office: Office,
) -> None:
    # Given a cohort in which HR forbids the mentor who suits best, and pins somebody to each.
    cohort = await start_cohort(office, policy=policy_with())
    first, second = newcomers(office, 2)
    best, middle, last = office.mentors
    await cohort.enlist([first, second])
    review = await cohort.review()
    await cohort.answer(
        review, agree=False, forbid=[f"{first.returner}={best}"], pin=[f"{second.returner}={office.outsider}"]
    )
    await cohort.until(lambda view: view["rounds"] == 2 and view["proposal"]["n"] == 2)

    # When the cohort is closed, and each looks alone.
    await cohort.ask("withdraw", Withdraw(actor=HR, reason="each for themselves"))
    await cohort.handle.result()
    alone, pinned = (office.client.get_workflow_handle(workflow_id(one.case)) for one in (first, second))

    # Then the one who was pinned is asked first, though they have not offered; the forbidden one is not asked.
    assert asked(await view_once(pinned, lambda view: bool(view["mentorships"]))) == [office.outsider]
    view = await view_once(alone, lambda view: bool(view["mentorships"]))
    assert asked(view) == [middle]
    await answers(alone, view, yes=True)
    await view_once(alone, lambda view: view["stage"] == "preboarding")
    reassign = {"actor": HR, "reason": "it does not work", "mentor": best}
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await alone.execute_update("reassign_mentor", reassign)
    assert f"{best} was forbidden by HR" in refusal(refused.value)
    await alone.execute_update("reassign_mentor", {"actor": HR, "reason": "it does not work"})
    assert asked(await view_once(alone, lambda view: len(view["mentorships"]) == 2)) == [middle, last]

    # Unless HR means it.
    view = await alone.query("view")
    await answers(alone, view, yes=True)
    await view_once(alone, lambda view: view["mentorships"][-1]["state"] == "held")
    await alone.execute_update("reassign_mentor", {**reassign, "although_forbidden": True})
    assert asked(await view_once(alone, lambda view: len(view["mentorships"]) == 3))[-1] == best


async def test_what_is_forbidden_while_nobody_looks_holds_for_whoever_does_later_until_it_is_lifted(
    office: Office,
) -> None:
    # Given somebody who is matched, and a cohort where nobody looks for a mentor.
    cohort = await start_cohort(office, policy=policy_with(), seconds_per_day=5)
    (one,) = newcomers(office, 1)
    best, middle, _ = office.mentors
    await cohort.enlist([one])
    async with answering(cohort):
        await cohort.until(lambda view: view["participants"][one.case]["standing"] == "matched")
    placement = office.client.get_workflow_handle(workflow_id(one.case))
    assert asked(await placement.query("view")) == [best]

    # When HR forbids the next best, and the mentor leaves.
    pair = f"{one.returner}={middle}"
    done = await cohort.ask("rematch", Rematch(actor=HR, reason="they are a couple", forbid=[pair]))
    assert "nobody looks for a mentor now" in done.says
    await cohort.until(lambda view: view["participants"][one.case]["ruled"] == 1)
    await placement.execute_update("reassign_mentor", {"actor": HR, "reason": "it does not work"})
    view = await view_once(placement, lambda view: len(view["mentorships"]) == 2)
    assert middle not in asked(view)

    # Then the cohort shows the new one as asked, and not the old one as matched.
    seen = await cohort.until(lambda view: view["participants"][one.case]["standing"] == "asked")
    assert seen["participants"][one.case]["mentor"] == asked(view)[-1] != best
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await cohort.ask("rematch", Rematch(actor=HR, reason="once more"))
    assert "looks for a mentor now" in refusal(refused.value)

    # And once it is lifted, the other may be asked.
    await cohort.ask("rematch", Rematch(actor=HR, reason="not any more", lift=[pair]))
    await cohort.until(lambda view: view["participants"][one.case]["ruled"] == 2 and view["forbids"] == [])
    await answers(placement, await placement.query("view"), yes=False)
    assert asked(await view_once(placement, lambda view: len(view["mentorships"]) == 3))[-1] == middle


async def test_who_is_forbidden_before_a_placement_could_be_started_is_forbidden_in_it_too(office: Office) -> None:
    # Given a returner whose second placement could not be started, and whom HR forbids a mentor meanwhile.
    cohort = await start_cohort(office, policy=policy_with())
    (one,) = newcomers(office, 1)
    second = one.model_copy(update={"case": f"{one.case}-2"})
    await cohort.enlist([one])
    await cohort.until(lambda view: view["participants"][one.case]["standing"] != "enlisted")
    await cohort.enlist([second])
    await cohort.until(lambda view: view["participants"][second.case]["standing"] == "not_started")
    forbid = [f"{one.returner}={office.mentors[0]}"]
    await cohort.ask("rematch", Rematch(actor=HR, reason="they are a couple", forbid=forbid))

    # When it is enlisted once more, so that it can be started.
    await cohort.enlist([second.model_copy(update={"beside": "half a week in each"})])

    # Then its placement knows whom not to ask.
    await cohort.until(lambda view: view["participants"][second.case].get("ruled") == 1)
    placement = office.client.get_workflow_handle(workflow_id(second.case))
    view = await view_once(placement, lambda view: view["ruling"] is not None)
    assert view["ruling"]["forbidden"] == [office.mentors[0]]
    await cohort.ask("withdraw", Withdraw(actor=HR, reason="each for themselves"))
    await cohort.handle.result()


async def ruled(office: Office, **ruling: Any) -> Case:
    """A placement that HR has said something of in a cohort that is gone, before it looks for a mentor."""
    async with office.worker_away():
        case = await office.start(seconds_per_day=60)
        await case.handle.signal("mentor_proposed", MentorProposed(n=0, alone=True, ruling=Ruling(n=1, **ruling)))
    return case


async def test_hr_hears_once_why_a_pin_can_not_be_kept_and_the_search_goes_on_without_it(office: Office) -> None:
    # Given a placement whose cohort is gone, with a mentor pinned who is nobody on record.
    best, middle, last = office.mentors
    case = await ruled(office, pinned="P-NOBODY7")

    # When all who are asked say no.
    for n, mentor in enumerate([best, middle], start=1):
        view = await view_once(case.handle, lambda view, n=n: len(view["mentorships"]) == n)  # type: ignore[misc]
        assert asked(view)[-1] == mentor
        await answers(case.handle, view, yes=False)
    view = await view_once(case.handle, lambda view: len(view["mentorships"]) == 3)

    # Then HR was told once, and never asked for a name.
    assert asked(view) == [best, middle, last]
    assert {task["kind"] for task in view["tasks"]} == {TaskKind.MENTOR_REQUEST}
    told = [one for one in view["decisions"] if one["what"] == "mentor"]
    assert [(one["decided"], one["reason"]) for one in told] == [
        ("P-NOBODY7 can't be the mentor HR wants", "is not in the records")
    ]
    mails = [one for one in office.mails(to=HR) if one["Subject"].startswith("The mentor you wanted can't be one")]
    assert len(mails) == 1

    # And a newer word of HR's is tried again.
    ruling = Ruling(n=2, pinned=office.outsider)
    await case.handle.signal("mentor_proposed", MentorProposed(n=0, ruling=ruling))
    await answers(case.handle, view, yes=False)
    assert asked(await view_once(case.handle, lambda view: len(view["mentorships"]) == 4))[-1] == office.outsider


async def test_a_pin_that_comes_while_one_before_it_is_looked_up_is_kept(client: Client, tmp_path: Path) -> None:
    (tmp_path / "records").mkdir()
    url = f"sqlite:///{tmp_path / 'records' / 'waymark.db'}"
    async with open_office(client, tmp_path, records_url=url) as office:
        # Given a placement that looks up a pinned mentor, who is nobody on record, while the records are away.
        case = await office.start(seconds_per_day=60)
        view = await view_once(case.handle, lambda view: bool(view["mentorships"]))
        nobody = Ruling(n=1, pinned="P-NOBODY7")
        await case.handle.signal("mentor_proposed", MentorProposed(n=0, ruling=nobody))
        (tmp_path / "records").rename(tmp_path / "away")
        office.database.engine.dispose()
        await answers(case.handle, view, yes=False)
        await _pending(case.handle, "choose_mentor")

        # When HR pins somebody else before the records are back.
        await case.handle.signal("mentor_proposed", MentorProposed(n=0, ruling=Ruling(n=2, pinned=office.outsider)))
        (tmp_path / "away").rename(tmp_path / "records")

        # Then that one is asked next.
        view = await view_once(case.handle, lambda view: len(view["mentorships"]) == 2)
        assert asked(view) == [office.mentors[0], office.outsider]


async def test_hr_lifts_in_the_placement_what_its_cohort_can_not_lift_any_more(office: Office) -> None:
    # Given a placement whose cohort is gone, with a mentor forbidden and another pinned.
    best, middle, _ = office.mentors
    case = await ruled(office, pinned=middle, forbidden=[best])
    view = await view_once(case.handle, lambda view: bool(view["mentorships"]))
    assert asked(view) == [middle]

    # When HR lifts what it has said.
    for lift, by, says in (
        ([office.outsider], HR, f"lift: {office.outsider} is neither pinned nor forbidden in {case.id}"),
        ([best], middle, f"{middle} can't do that"),
    ):
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await case.handle.execute_update("reassign_mentor", {"actor": by, "reason": "x", "lift": lift})
        assert says in refusal(refused.value)
    request = {"actor": HR, "reason": "not any more", "lift": [best, middle]}
    done = await case.handle.execute_update("reassign_mentor", request)
    assert done["says"] == f"{best}, {middle} are neither pinned nor forbidden any more"

    # Then nobody is disturbed, and the next search finds whom it could not find.
    view = await case.view()
    assert (view["ruling"]["pinned"], view["ruling"]["forbidden"]) == (None, [])
    await answers(case.handle, view, yes=False)
    assert asked(await view_once(case.handle, lambda view: len(view["mentorships"]) == 2)) == [middle, best]


async def test_whom_hr_names_while_the_cohort_proposes_somebody_else_is_asked_and_is_on_record(
    client: Client, tmp_path: Path
) -> None:
    (tmp_path / "records").mkdir()
    url = f"sqlite:///{tmp_path / 'records' / 'waymark.db'}"
    async with open_office(client, tmp_path, records_url=url) as office:
        # Given a placement that waits for its cohort, and HR who names a mentor while the records are away.
        best, middle, _ = office.mentors
        cohort = await start_cohort(office, policy=policy_with())
        (one,) = newcomers(office, 1)
        await cohort.enlist([one])
        await cohort.review()
        placement = office.client.get_workflow_handle(workflow_id(one.case))
        (tmp_path / "records").rename(tmp_path / "away")
        office.database.engine.dispose()
        naming = asyncio.create_task(
            placement.execute_update("reassign_mentor", {"actor": HR, "reason": "they asked for it", "mentor": middle})
        )
        await _pending(placement, "choose_mentor")

        # When the cohort proposes somebody else before the records are back.
        await placement.signal("mentor_proposed", MentorProposed(n=1, mentor=best, score=0.9, reasons=["skills"]))
        (tmp_path / "away").rename(tmp_path / "records")
        await naming

        # Then the one HR names is asked, and nobody else is on record; the other is asked after them.
        view = await view_once(placement, lambda view: bool(view["mentorships"]))
        assert asked(view) == [middle]
        await answers(placement, view, yes=False)
        view = await view_once(placement, lambda view: len(view["mentorships"]) == 2)
        assert asked(view) == [middle, best]
        await view_once(placement, lambda view: view["waiting"]["journal"] == 0)
        with office.database.reading() as records:
            on_record = records.scalars(select(MentorshipRecord).order_by(MentorshipRecord.n)).all()
            assert [(row.n, row.mentor, row.state) for row in on_record] == [
                (1, middle, "refused"),
                (2, best, "asked"),
            ]
        await replays(office)


async def _pending(handle: WorkflowHandle[Any, Any], activity: str) -> None:
    """Wait until a case waits for this activity in vain."""
    async with asyncio.timeout(PATIENCE_SECONDS):
        while True:
            pending = (await handle.describe()).raw_description.pending_activities
            if any(one.activity_type.name == activity and one.last_failure.message for one in pending):
                return
            await asyncio.sleep(0.05)
