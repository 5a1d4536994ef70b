"""The stories HR will try on the first day, as whole cases on the real server."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from temporalio.client import WorkflowUpdateFailedError
from temporalio.service import RPCError

from domain.core.questions import TaskKind
from domain.core.tasks import AnswerTask
from domain.placement.requests import LeaveType, PausePlacement, ReassignMentor, ResumePlacement
from domain.placement.stages import Outcome
from domain.placement.stipend import days_worked, earned
from records.queries.core import cases as queries
from records.queries.placement.pay import pay_instructions
from records.tables.dispatch import MailRecord
from records.tables.placement import MentorshipRecord
from records.tampering import problems_of
from tests.office import (
    BUDGET_OWNER,
    HR,
    HR_LEAD,
    MANAGER,
    RETURNER,
    ROLE,
    SECOND_MANAGER,
    STAND_IN,
    Office,
    has_ended,
    refusal,
)

DAY = timedelta(days=1)


async def test_sixteen_weeks_without_trouble(office: Office) -> None:
    case = await office.start()

    view = await case.go_on(until=has_ended)

    assert (await case.ended()).outcome is Outcome.CONVERTED
    assert [review["title"] for review in view["reviews"]] == ["week 4", "week 8", "week 12", "final"]
    assert all(review["combined"] == "4.00" for review in view["reviews"])
    assert [session["state"] for session in view["sessions"]] == ["held"] * 10
    assert [follow_up["days"] for follow_up in view["follow_ups"]] == [30, 90, 180, 365]
    assert all(item["done_at"] for item in view["checklist"])
    with office.database.reading() as records:
        row = queries.case(records, case.id)
        assert (row.stage, row.outcome) == ("ended", "converted")
        assert queries.inbox(records, case=case.id) == []
        assert [decision.what for decision in queries.decisions(records, case.id)] == [
            "eligibility",
            "mentor",
            "proposal",
            "approval",
            "approval",
            "confirmation",
            "outcome",
        ]
        assert problems_of(records, case.id) == []
        assert records.scalars(select(MentorshipRecord.state).filter_by(case_id=case.id)).one() == "ended"
        stipends = pay_instructions(records, case.id)
        worked = days_worked(local_day(view, "starts_at"), local_day(view, "ends_at"), [], paid_leave=False)
        assert sum(stipend.amount for stipend in stipends) == earned(ROLE.stipend, worked).amount
        mails = set(records.scalars(select(MailRecord.message_id).where(MailRecord.case_id == case.id)))
    assert {str(mail["Message-ID"]) for mail in office.mails()} == mails


def local_day(view: dict[str, Any], name: str) -> date:
    """The date of a moment of the plan."""
    return datetime.fromisoformat(view["plan"][name]).date()


async def test_the_mentor_leaves_in_week_6(office: Office) -> None:
    case = await office.start()
    await case.go_on(until=lambda view: [session["state"] for session in view["sessions"]].count("held") == 5)
    assert (await case.view())["week"] == 6

    await case.ask("reassign_mentor", ReassignMentor(actor=HR, reason="changes to another site"))
    replaced = await case.go_on(until=lambda view: view["parties"].get("mentor") == office.mentors[1])

    assert [(mentorship["mentor"], mentorship["state"]) for mentorship in replaced["mentorships"]] == [
        (office.mentors[0], "ended"),
        (office.mentors[1], "held"),
    ]
    assert any(b'method="CANCEL"' in bytes(mail) for mail in office.mails(to=office.mentors[0]))
    assert any(b'method="REQUEST"' in bytes(mail) for mail in office.mails(to=office.mentors[1]))
    assert not replaced["at_risk"]
    view = await case.go_on(until=has_ended)
    assert [session["mentor"] for session in view["sessions"]] == [office.mentors[0]] * 5 + [office.mentors[1]] * 5


async def test_where_no_mentor_is_left_hr_is_told_and_names_somebody(office: Office) -> None:
    case = await office.start()
    for mentor in office.mentors:
        request = await case.next_task(TaskKind.MENTOR_REQUEST)
        assert request["assignee"] == mentor
        await case.answer(request, yes=False, reason="no time before summer")

    nomination = await case.next_task(TaskKind.MENTOR_NOMINATION)
    assert nomination["assignee"] == HR
    for person, why in (
        (MANAGER, "takes part in the decision on the conversion"),
        (RETURNER, "the returner"),
        ("P-NOBODY", "is not in the records"),
    ):
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await case.answer(nomination, mentor=person)
        assert why in refusal(refused.value)
    await case.answer(nomination, mentor=office.outsider)

    view = await case.go_on(until=lambda view: view["stage"] == "preboarding")
    assert view["parties"]["mentor"] == office.outsider
    assert [mentorship["state"] for mentorship in view["mentorships"]] == ["refused"] * 3 + ["held"]


async def test_four_weeks_leave_from_week_5(office: Office) -> None:
    case = await office.start()
    await case.go_on(until=lambda view: (view["week"] or 0) >= 4)
    await case.pass_time(7 * DAY)
    before = await case.go_on(until=lambda view: (view["week"] or 0) >= 5)

    await case.ask("pause", PausePlacement(actor=HR, leave_type=LeaveType.SICK))
    paused = await case.view()
    await case.pass_time(28 * DAY)
    during = await case.view()
    await case.ask("resume", ResumePlacement(actor=HR))
    after = await case.view()

    assert during["tasks"] == paused["tasks"], "nobody is reminded during a leave"
    assert during["week"] == after["week"] == before["week"]
    assert moved(before, after, "ends_at") == 28 * DAY
    assert moved(before, after, "decision_at") == 28 * DAY
    ended = await case.go_on(until=has_ended)
    assert ended["outcome"] == "converted"
    assert len(ended["sessions"]) == 10
    paid_days = sum(stipend["days"] for stipend in ended["stipends"])
    start, end = date.fromisoformat(after["plan"]["start"]), date.fromisoformat(after["plan"]["end"])
    assert paid_days == (end - start).days + 1 - 28
    assert "sick" not in str(ended)
    assert not any(b"sick" in bytes(mail) for mail in office.mails())


def moved(before: dict[str, Any], after: dict[str, Any], name: str) -> timedelta:
    """By how many days a moment of the plan was moved (the hour may change with summer time)."""
    return local_day(after, name) - local_day(before, name)


async def test_the_manager_ignores_the_final_review(office: Office) -> None:
    case = await office.start()
    await case.go_on(until=lambda view: final_is_open(view), unanswered=[TaskKind.OFFER])
    review = next(task for task in await case.open_tasks(TaskKind.MANAGER_REVIEW) if task["subject"] == "final review")
    await case.go_on(
        until=lambda view: len(letters_on(view, review["id"])) >= 8,
        unanswered=[TaskKind.MANAGER_REVIEW, TaskKind.OFFER],
    )

    letters = [(letter["what"], letter["to"]) for letter in letters_on(await case.view(), review["id"])]
    assert letters[:7] == [
        ("task_opened", MANAGER),
        ("task_reminder", MANAGER),
        ("task_reminder", MANAGER),
        ("task_overdue", MANAGER),
        ("task_escalated", SECOND_MANAGER),
        ("task_overdue", MANAGER),
        ("task_escalated", SECOND_MANAGER),
    ]
    fractions = [at_fraction(review, letter["at"]) for letter in letters_on(await case.view(), review["id"])[:7]]
    assert fractions == pytest.approx([0, 0.5, 0.8, 1, 1, 1.5, 1.5], abs=0.01)
    assert (await case.view())["outcome"] is None or (await case.view())["outcome"] == "expired"

    # Whoever has approved meanwhile neither gives the evidence nor chooses who does; the manager may hand it on
    with pytest.raises(WorkflowUpdateFailedError) as error:
        await case.send(AnswerTask(actor=SECOND_MANAGER, task=review["id"], delegate_to=STAND_IN))
    assert "the head of HR can" in refusal(error.value)
    await case.send(AnswerTask(actor=MANAGER, task=review["id"], delegate_to=STAND_IN))
    receipt = await case.answer(review, by=STAND_IN, score=4)

    assert receipt.by == STAND_IN
    final = (await case.view())["reviews"][-1]
    assert final["scores"]["manager"] == 4


def final_is_open(view: dict[str, Any]) -> bool:
    """Whether the final review has begun."""
    return any(task["subject"] == "final review" for task in view["tasks"])


def letters_on(view: dict[str, Any], task_id: str) -> list[dict[str, str]]:
    """What was sent about a task."""
    letters: list[dict[str, str]] = next(task["letters"] for task in view["tasks"] if task["id"] == task_id)
    return letters


def at_fraction(task: dict[str, str], at: str) -> float:
    """When something was sent, as a fraction of the time allowed."""
    opened, due = datetime.fromisoformat(task["opened_at"]), datetime.fromisoformat(task["due_at"])
    return (datetime.fromisoformat(at) - opened) / (due - opened)


LEFT = [2.0, 0.03, 0.0, -2.0]
"""Seconds that are left when offers are accepted: one in time, one too late, and between them they race."""


async def test_an_offer_accepted_as_it_expires_has_one_outcome(office: Office) -> None:
    cases = [await office.start(weeks=8) for _ in LEFT]
    offers = [await case.next_task(TaskKind.OFFER) for case in cases]

    async def accept(n: int) -> str:
        due = datetime.fromisoformat(offers[n]["due_at"])
        assert due - datetime.fromisoformat(offers[n]["opened_at"]) == 7 * DAY
        now = await office.skipper.get_current_time(cases[n].handle)
        await office.skipper.fast_forward(cases[n].handle, due - now - timedelta(seconds=LEFT[n]))
        try:
            await cases[n].answer(offers[n], accept=True)
        except WorkflowUpdateFailedError as error:
            return refusal(error)
        return "accepted"

    replies = [await accept(n) for n in range(len(LEFT))]
    assert replies[0] == "accepted"
    assert "closed since" in replies[-1]
    for case, offer, reply in zip(cases, offers, replies, strict=True):
        view = await case.go_on(until=lambda view: view["outcome"] is not None)
        outcomes = [decision["decided"] for decision in view["decisions"] if decision["what"] == "outcome"]
        if reply == "accepted":
            assert outcomes == ["converted"]
            again = await case.answer(offer, accept=True)
            assert again.by == RETURNER, "a second click gets the first receipt"
        else:
            assert "closed since" in reply
            assert outcomes == ["expired"]
        with pytest.raises((WorkflowUpdateFailedError, RPCError)):
            await case.answer(offer, accept=False)


async def test_nobody_approves_their_own_proposal(office: Office) -> None:
    case = await office.start()
    proposal = await case.next_task(TaskKind.PROPOSAL)
    await case.send(AnswerTask(actor=MANAGER, task=proposal["id"], delegate_to=SECOND_MANAGER))
    await case.answer(proposal, by=SECOND_MANAGER, convert=True, reasons="the manager is away; I know the work")

    approval = await case.next_task(TaskKind.APPROVAL)
    assert approval["assignee"] == HR_LEAD
    assert approval["facts"]["asked_instead_of"].startswith(f"the second-level manager ({SECOND_MANAGER})")
    with pytest.raises(WorkflowUpdateFailedError) as own:
        await case.answer(approval, by=SECOND_MANAGER, yes=True)
    assert "nobody decides on their own proposal" in refusal(own.value)
    with pytest.raises(WorkflowUpdateFailedError) as foreign:
        await case.answer(approval, by=RETURNER, yes=True)
    assert "can't answer" in refusal(foreign.value)
    await case.answer(approval, by=HR_LEAD, yes=True)

    ended = await case.go_on(until=has_ended)
    assert ended["outcome"] == "converted"
    with office.database.reading() as records:
        assert [attempt.by_person for attempt in queries.attempts(records, case.id)] == [SECOND_MANAGER, RETURNER]
        by = {decision.by_person for decision in queries.decisions(records, case.id) if decision.what == "approval"}
    assert by == {HR_LEAD, BUDGET_OWNER}


async def test_a_returner_does_not_review_for_others_nor_others_for_them(office: Office) -> None:
    case = await office.start()
    review = await case.next_task(TaskKind.MANAGER_REVIEW, unanswered=[TaskKind.SELF_REVIEW])
    own = (await case.open_tasks(TaskKind.SELF_REVIEW))[0]

    with pytest.raises(WorkflowUpdateFailedError) as foreign:
        await case.answer(review, by=RETURNER, score=5)
    assert "can't answer" in refusal(foreign.value)
    await case.pass_time(8 * DAY)
    with pytest.raises(WorkflowUpdateFailedError) as scored:
        await case.answer(own, by=HR, score=5)
    assert "theirs alone" in refusal(scored.value)
    await case.answer(own, by=HR, waived_because="on sick leave in these days")

    view = await case.go_on(until=lambda view: view["reviews"][0]["combined"] is not None)
    assert view["reviews"][0]["scores"] == {"manager": 4, "mentor": 4, "returner": None}
