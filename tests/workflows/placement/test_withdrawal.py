"""An early end: what a withdrawal, or Temporal's own cancellation, undoes, and what it leaves as it is.

(That it is heeded in whatever moment it comes: ``test_moments``.)
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select
from temporalio.client import WorkflowExecutionStatus, WorkflowUpdateFailedError
from temporalio.service import RPCError

from domain.core.case import Withdraw
from domain.core.people import Application
from domain.core.questions import TaskKind
from domain.placement.requests import DecideEarly, PausePlacement, ReassignMentor
from domain.placement.stages import Outcome
from records.queries.core import cases as queries
from records.tables.placement import MentorshipRecord, MissedSessionRecord
from tests.office import HR, HR_LEAD, MANAGER, RETURNER, SECOND_MANAGER, Office, refusal

DAY = timedelta(days=1)


async def test_a_withdrawal_undoes_what_is_open(office: Office) -> None:
    case = await office.start()
    await case.go_on(until=lambda view: (view["week"] or 0) >= 7, unanswered=[TaskKind.SESSION_NOTE])

    withdrawn = await case.ask("withdraw", Withdraw(actor=RETURNER, reason="a post closer to home"))
    assert withdrawn.sentence.endswith("are called off, days worked are paid")
    assert (await case.ended()).outcome is Outcome.WITHDRAWN

    view = await case.view()
    assert not [task for task in view["tasks"] if task["state"] == "open"]
    assert "mentor" not in view["parties"]
    last_day = date.fromisoformat(view["stipends"][-1]["last"])
    assert (
        sum(stipend["days"] for stipend in view["stipends"])
        == (last_day - date.fromisoformat(view["plan"]["start"])).days + 1
    )
    coming = [session for session in view["sessions"] if session["state"] == "called_off"]
    cancelled = [mail for mail in office.mails(to=office.mentors[0]) if b'method="CANCEL"' in bytes(mail)]
    assert len(cancelled) == len(coming) > 0
    assert not any(b"closer to home" in bytes(mail) for mail in office.mails(to=office.mentors[0]))
    with office.database.reading() as records:
        assert records.scalars(select(MentorshipRecord.state).filter_by(case_id=case.id)).one() == "ended"
        assert queries.inbox(records, case=case.id) == []
        assert queries.decisions(records, case.id)[-1].reason == "a post closer to home"
        # and what never takes place is on record, as is the last day beside those planned at first
        missed = select(MissedSessionRecord.n).filter_by(case_id=case.id).order_by(MissedSessionRecord.n)
        assert list(records.scalars(missed)) == [session["n"] for session in coming]
        known = queries.case(records, case.id)
        assert (known.left_on, known.planned_starts_on) == (last_day, date.fromisoformat(view["starts_on"]))
        assert known.planned_ends_on == date.fromisoformat(view["plan"]["end"])


async def test_before_the_first_day_there_is_nothing_to_decide_early_and_nothing_to_pay(office: Office) -> None:
    case = await office.start()
    await case.go_on(until=lambda view: view["stage"] == "preboarding", unanswered=[TaskKind.CHECKLIST_ITEM])

    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await case.ask("decide_early", DecideEarly(actor=HR, reason="now"))
    withdrawn = await case.ask("withdraw", Withdraw(actor=RETURNER, reason="another plan"))

    assert "decided early in the stage pre-boarding; it can from week 8 of the placement on" in refusal(refused.value)
    assert withdrawn.sentence == "withdrawn; tasks and invitations are called off"
    await case.ended()
    for reader in (RETURNER, MANAGER, HR):  # nor is today the last day of what has not begun
        (told,) = [mail for mail in office.mails(to=reader) if "has ended early" in mail["Subject"]]
        text = told.get_payload(decode=True)
        assert isinstance(text, bytes)
        assert b"ends before its first day" in text
        assert b"last day" not in text


async def test_withdrawing_while_a_mentor_is_asked_frees_that_mentor(office: Office) -> None:
    case = await office.start()
    await case.next_task(TaskKind.MENTOR_REQUEST)

    await case.ask("withdraw", Withdraw(actor=RETURNER, reason="another plan"))
    await case.ended()

    with office.database.reading() as records:
        assert records.scalars(select(MentorshipRecord.state).filter_by(case_id=case.id)).one() == "called_off"


async def test_cancelling_in_the_temporal_ui_is_an_orderly_withdrawal(office: Office) -> None:
    case = await office.start()
    await case.go_on(until=lambda view: view["stage"] == "placement")

    await case.handle.cancel()
    ending = await case.ended()

    assert ending.outcome is Outcome.WITHDRAWN
    assert (await case.handle.describe()).status is WorkflowExecutionStatus.COMPLETED
    view = await case.view()
    assert (view["early_end"]["by"], view["early_end"]["reason"]) == (None, "cancelled by an operator")
    assert view["waiting"] == {"journal": 0, "post": 0}
    with office.database.reading() as records:
        assert queries.case(records, case.id).outcome == "withdrawn"


async def test_a_case_that_has_ended_takes_no_more_requests(office: Office) -> None:
    case = await office.start(application=Application(break_months=1, experience_years=1))
    await case.answer(await case.next_task(TaskKind.ELIGIBILITY_OVERRIDE), proceed=False, reason="no")
    await case.ended()

    with pytest.raises(RPCError, match="already completed"):
        await case.ask("withdraw", Withdraw(actor=RETURNER, reason="x"))


async def test_a_paused_case_can_be_withdrawn_and_pays_no_leave(office: Office) -> None:
    case = await office.start()
    await case.go_on(until=lambda view: (view["week"] or 0) >= 4)
    await case.ask("pause", PausePlacement(actor=HR))
    paid = (await case.view())["stipends"]
    await case.pass_time(20 * DAY)

    await case.ask("withdraw", Withdraw(actor=HR_LEAD, reason="will not come back"))
    await case.ended()

    assert (await case.view())["stipends"] == paid
    assert SECOND_MANAGER not in {task["assignee"] for task in (await case.view())["tasks"]}


@pytest.mark.long
async def test_who_is_employed_already_stays_converted(office: Office) -> None:
    # Given somebody whose employment has begun while a review of the placement is still open
    case = await office.start()
    view = await case.go_on(
        until=lambda view: view["employed_from"] and view["now"][:10] > view["employed_from"],
        unanswered=[TaskKind.MENTOR_REVIEW],
    )
    assert view["stage"] == "closing"
    last_day = date.fromisoformat(view["plan"]["end"])

    # When HR closes the case, after it could not get another mentor for what is over
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await case.ask("reassign_mentor", ReassignMentor(actor=HR, reason="does not answer"))
    assert f"the last day of {case.id}, {last_day}, is over" in refusal(refused.value)
    await case.ask("withdraw", Withdraw(actor=HR, reason="nobody can write that review any more"))

    # Then what was decided stands, and nobody hears of an early end
    assert (await case.ended()).outcome is Outcome.CONVERTED
    (told,) = [mail for mail in office.mails(to=MANAGER) if "has ended" in mail["Subject"]]
    text = told.get_payload(decode=True)
    assert isinstance(text, bytes)
    assert f"ended on {last_day:%A} {last_day.day} {last_day:%B %Y}, as planned" in text.decode()
