"""What can be asked of a running placement, and what is refused; without a server, where none is needed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError

from domain.core.case import CaseRequest, Withdraw
from domain.core.model import Money
from domain.core.people import Application
from domain.core.questions import TaskKind
from domain.core.tasks import AnswerTask
from domain.placement.requests import DecideEarly, ExtendPlacement, PausePlacement, ReassignMentor, ResumePlacement
from domain.placement.stages import Outcome
from records.tables.core import PersonRecord
from tests.domain.factories import shipped_policy
from tests.office import (
    BUDGET_OWNER,
    HR,
    MANAGER,
    RETURNER,
    ROLE,
    Office,
    has_ended,
    refusal,
)
from tests.workflows.case.stand_ins import StandIns
from tests.workflows.placement.placement_by_hand import PlacementByHand

DAY = timedelta(days=1)


# Eligibility


async def test_an_eleven_month_break_is_put_to_hr_who_may_let_somebody_in_with_a_reason(office: Office) -> None:
    case = await office.start(application=Application(break_months=11, experience_years=6))
    override = await case.next_task(TaskKind.ELIGIBILITY_OVERRIDE)

    assert override["facts"]["rules"] == ["a career break of 11 months; the policy asks for 12"]
    await case.answer(override, proceed=True, reason="eleven and a half months, and a strong portfolio")

    view = await case.go_on(until=lambda view: view["stage"] == "preboarding")
    assert (view["decisions"][0]["decided"], view["decisions"][0]["by"]) == ("let in by HR", HR)
    assert view["decisions"][0]["evidence"]["broken_rules"] == ["eligibility.min_break_months"]


async def test_somebody_whom_hr_does_not_let_in_is_told_which_rule(office: Office) -> None:
    case = await office.start(application=Application(break_months=2, experience_years=6))
    await case.answer(await case.next_task(TaskKind.ELIGIBILITY_OVERRIDE), proceed=False, reason="too early")

    assert (await case.ended()).outcome is Outcome.NOT_ELIGIBLE
    assert any(b"career break of 2 months" in bytes(mail) for mail in office.mails(to=RETURNER))


async def test_an_unpaid_placement_is_refused_without_asking(office: Office) -> None:
    unpaid = ROLE.model_copy(update={"stipend": Money(amount=Decimal(0), currency="GBP")})
    case = await office.start(role=unpaid)

    assert (await case.ended()).outcome is Outcome.NOT_ELIGIBLE
    assert (await case.view())["tasks_asked"] == 0


# The start


async def test_a_start_that_passes_while_a_mentor_is_looked_for_moves(office: Office) -> None:
    case = await office.start(starts_in_days=5)
    await case.next_task(TaskKind.MENTOR_REQUEST)
    await case.pass_time(11 * DAY)

    view = await case.go_on(until=lambda view: view["stage"] == "preboarding")

    now, start = datetime.fromisoformat(view["now"]).date(), date.fromisoformat(view["plan"]["start"])
    assert start - now >= timedelta(days=shipped_policy().onboarding.lead_days)
    assert [decision["decided"] for decision in view["decisions"] if decision["what"] == "start"] == [
        f"moved to {start}"
    ]
    assert any("starts on" in mail["Subject"] for mail in office.mails(to=MANAGER))


# Onboarding and reviews


async def test_a_required_item_open_at_its_gate_puts_the_case_at_risk_until_it_is_done(office: Office) -> None:
    case = await office.start()
    view = await case.go_on(until=lambda view: view["at_risk"], unanswered=[TaskKind.CHECKLIST_ITEM])
    required = {f"checklist_{item.key}" for item in shipped_policy().onboarding.items if item.gate == "start"}

    assert set(view["at_risk"]) <= required
    assert len(view["at_risk"]) > 1
    await case.go_on(until=lambda view: not view["at_risk"] and view["stage"] == "placement")
    for reader in (HR, MANAGER):  # one letter tells of all that were late at that gate
        assert len([mail for mail in office.mails(to=reader) if "At risk" in mail["Subject"]]) == 1


async def test_no_gate_comes_before_whoever_was_asked_late_is_late(office: Office) -> None:
    # Given a start so near that what should be ready for it is asked only now, and has a day
    policy = shipped_policy()
    gates = {**policy.onboarding.gates, "start": -1}
    near = policy.model_copy(update={"onboarding": policy.onboarding.model_copy(update={"gates": gates})})
    case = await office.start(policy=near, starts_in_days=3)

    view = await case.go_on(until=lambda view: view["at_risk"], unanswered=[TaskKind.CHECKLIST_ITEM])

    now = datetime.fromisoformat(view["now"])
    asked = [task for task in view["tasks"] if task["kind"] == TaskKind.CHECKLIST_ITEM]
    due = {task["subject"]: datetime.fromisoformat(task["due_at"]) for task in asked}
    for item in near.onboarding.items:
        assert f"checklist_{item.key}" not in view["at_risk"] or due[item.title] <= now


def test_what_is_not_decided_by_the_last_day_is_at_risk_until_it_is(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    view = case.go_on(lambda view: view["at_risk"], unanswered=[TaskKind.PROPOSAL])
    assert view["at_risk"] == {"decision": "the last day is over and the conversion is not decided"}

    case.next_task(TaskKind.OFFER)

    assert case.view()["at_risk"] == {}


def test_a_low_review_puts_the_case_at_risk_until_an_improvement_check_is_passed(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    low = {kind: {"score": 2} for kind in (TaskKind.MANAGER_REVIEW, TaskKind.MENTOR_REVIEW, TaskKind.SELF_REVIEW)}
    check = TaskKind.IMPROVEMENT_CHECK
    case.go_on(lambda view: any(task["kind"] == check for task in view["tasks"]), unanswered=[check], answers=low)
    asked = case.open_tasks(check)[0]
    assert "improvement" in case.view()["at_risk"]

    case.answer(asked, passed=False, comment="not yet")
    again = case.next_task(check)
    assert "improvement" in case.view()["at_risk"]
    case.answer(again, passed=True, comment="much better")

    view = case.go_on(lambda view: "improvement" not in view["at_risk"])
    assert view["improvement_plans"] == 2


# The decision


def test_a_refused_proposal_goes_back_with_its_reason(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    approval = case.next_task(TaskKind.APPROVAL)
    case.answer(approval, yes=False, reason="the salary is above the band")

    proposal = case.next_task(TaskKind.PROPOSAL)

    assert proposal["facts"]["refused"] == "second-level manager: the salary is above the band"
    assert case.go_on(has_ended)["outcome"] == "converted"


def test_a_refusal_ends_in_release_where_the_policy_says_so(stand_ins: StandIns) -> None:
    policy = shipped_policy()
    strict = policy.model_copy(
        update={"decision": policy.decision.model_copy(update={"on_refusal": "release"}), "version": 2}
    )
    case = PlacementByHand(stand_ins, strict)
    case.answer(case.next_task(TaskKind.APPROVAL), yes=False, reason="no headcount")

    ended = case.go_on(has_ended)
    assert ended["outcome"] == "released"
    assert ended["follow_ups"] == []
    assert {decision["policy"] for decision in ended["decisions"]} == {"returnship-16-weeks@2"}


def test_terms_that_can_not_be_are_refused_with_the_field(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    proposal = case.next_task(TaskKind.PROPOSAL)

    for fields, sentence in (
        ({"starts_on": "2020-01-01"}, "starts_on: 2020-01-01 must be after today"),
        ({"salary": {"amount": "1", "currency": "USD"}}, "salary: this role is paid in GBP"),
        ({"salary": {"amount": "1", "currency": "pounds"}}, "salary.currency"),
    ):
        with pytest.raises(ApplicationError) as refused:
            case.answer(proposal, convert=True, reasons="good", **fields)
        assert sentence in refused.value.message
    assert case.open_tasks(TaskKind.PROPOSAL)[0] == proposal


def test_an_early_decision_ends_the_placement_the_day_before_employment(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: (view["week"] or 0) >= 8)
    case.ask("decide_early", DecideEarly(actor=MANAGER, reason="another team wants to hire her"))
    proposal = case.next_task(TaskKind.PROPOSAL)
    first_day = a_wednesday(case.today() + 14 * DAY)
    case.answer(proposal, convert=True, reasons="ready", starts_on=first_day.isoformat())

    case.go_on(lambda view: view["stage"] == "follow_up")
    assert case.today() <= first_day + DAY
    ended = case.go_on(has_ended)

    assert ended["outcome"] == "converted"
    assert date.fromisoformat(ended["plan"]["end"]) == first_day - DAY
    assert date.fromisoformat(ended["stipends"][-1]["last"]) == first_day - DAY
    held_until = max(
        datetime.fromisoformat(session["ends"]).date() for session in ended["sessions"] if session["state"] == "held"
    )
    assert held_until < first_day
    assert [session["state"] for session in ended["sessions"]].count("called_off") > 0


def a_wednesday(earliest: date) -> date:
    """The first Wednesday from then on: the day before it is a working day."""
    return earliest + (2 - earliest.weekday()) % 7 * DAY


def test_an_early_first_day_that_has_come_too_near_moves_no_further_than_it_must(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: (view["week"] or 0) >= 9)
    case.ask("decide_early", DecideEarly(actor=MANAGER, reason="another team wants to hire her"))
    proposal = case.next_task(TaskKind.PROPOSAL)
    today = datetime.fromisoformat(case.view()["now"]).date()
    case.answer(proposal, convert=True, reasons="ready", starts_on=(today + 3 * DAY).isoformat())

    offer = case.next_task(TaskKind.OFFER)

    assert 8 * DAY <= date.fromisoformat(offer["facts"]["starts_on"]) - today <= 11 * DAY


# Extension


def test_an_extension_to_which_both_sides_agree_moves_the_end(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    before = case.go_on(lambda view: view["stage"] == "placement")
    case.ask("extend", ExtendPlacement(actor=HR, weeks=4, reason="to finish the project"))
    asked = case.open_tasks(TaskKind.EXTENSION_CONSENT)
    assert {task["assignee"] for task in asked} == {RETURNER, MANAGER}

    after = case.go_on(lambda view: view["weeks"] == 20)

    assert date.fromisoformat(after["plan"]["end"]) - date.fromisoformat(before["plan"]["end"]) == 28 * DAY
    assert len(after["sessions"]) == 12


async def test_an_extension_that_one_side_refuses_changes_nothing(office: Office) -> None:
    case = await office.start()
    before = await case.go_on(until=lambda view: view["stage"] == "placement")
    await case.ask("extend", ExtendPlacement(actor=MANAGER, weeks=4, reason="to finish the project"))
    (asked,) = await case.open_tasks(TaskKind.EXTENSION_CONSENT)
    await case.answer(asked, by=RETURNER, yes=False, reason="school holidays")

    after = await case.go_on(until=lambda view: view["extensions"][0]["agreed"] is not None)
    assert after["extensions"][0]["agreed"] is False
    assert (after["weeks"], after["plan"]["end"]) == (16, before["plan"]["end"])
    refused = next(decision for decision in after["decisions"] if decision["what"] == "extension")
    assert (refused["decided"], refused["by"], refused["reason"]) == ("refused", RETURNER, "school holidays")
    assert not any(b"school holidays" in bytes(mail) for mail in office.mails(to=MANAGER))


def test_an_extension_nobody_answers_lapses_when_the_decision_begins_and_is_nobodys_refusal(
    stand_ins: StandIns,
) -> None:
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: view["stage"] == "placement")
    asked = case.ask("extend", ExtendPlacement(actor=RETURNER, weeks=4, reason="to finish the project"))
    assert asked.sentence == "manager is asked to agree to 4 more weeks"

    view = case.go_on(
        lambda view: view["stage"] == "decision" and not view["waiting"]["journal"],
        unanswered=[TaskKind.EXTENSION_CONSENT, TaskKind.PROPOSAL],
    )

    lapsed = next(decision for decision in view["decisions"] if decision["what"] == "extension")
    assert (lapsed["decided"], lapsed["by"]) == ("lapsed", None)
    assert view["weeks"] == 16


def test_hr_replaces_an_extension_that_is_still_being_agreed(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: view["stage"] == "placement")
    case.ask("extend", ExtendPlacement(actor=RETURNER, weeks=8, reason="to finish the project"))
    with pytest.raises(ApplicationError) as refused:
        case.ask("extend", ExtendPlacement(actor=MANAGER, weeks=4, reason="enough"))
    assert "is being agreed already" in refused.value.message

    case.ask("extend", ExtendPlacement(actor=HR, weeks=4, reason="eight was a slip of the pen"))
    view = case.go_on(lambda view: view["weeks"] == 20)

    assert [extension["agreed"] for extension in view["extensions"]] == [False, True]
    assert [decision["decided"] for decision in view["decisions"] if decision["what"] == "extension"] == [
        "replaced",
        "agreed",
    ]


# Refusals


@pytest.mark.parametrize(
    ("update", "request_", "sentence"),
    [
        ("pause", PausePlacement(actor=MANAGER), "it is for HR, head of HR"),
        ("pause", PausePlacement(actor=HR, back_on=date(2020, 1, 1)), "back_on: 2020-01-01 must be after today"),
        ("resume", ResumePlacement(actor=HR), "is not paused"),
        ("extend", ExtendPlacement(actor=HR, weeks=11, reason="more"), "are over the policy's 26"),
        ("decide_early", DecideEarly(actor=MANAGER, reason="now"), "the policy allows a decision from week 8 on"),
        ("withdraw", Withdraw(actor=BUDGET_OWNER, reason="x"), "can't do that"),
    ],
)
def test_what_can_not_be_asked_now_is_refused_and_changes_nothing(
    stand_ins: StandIns, update: str, request_: CaseRequest, sentence: str
) -> None:
    case = PlacementByHand(stand_ins)
    before = case.go_on(lambda view: view["stage"] == "placement")

    with pytest.raises(ApplicationError) as refused:
        case.ask(update, request_)

    assert sentence in refused.value.message
    after = case.view()
    assert {**after, "now": None} == {**before, "now": None}


def test_the_mentor_who_leaves_can_not_be_named_as_the_next(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: view["stage"] == "placement")

    with pytest.raises(ApplicationError) as refused:
        case.ask("reassign_mentor", ReassignMentor(actor=HR, reason="x", mentor=stand_ins.mentors[0]))

    assert "who is to be replaced" in refused.value.message


async def test_the_mentor_stays_until_whoever_is_named_has_been_looked_up(office: Office) -> None:
    # Given a placement with a mentor, and the name of somebody who has gone from the records
    case = await office.start()
    before = await case.go_on(until=lambda view: view["stage"] == "placement")

    # When those are named who can't be the mentor, then nothing has changed
    for named, why in (
        (MANAGER, "takes part in the decision on the conversion"),
        (RETURNER, "is the returner"),
        ("P-NOBODY", "can't be the mentor: is not in the records"),
    ):
        with pytest.raises(WorkflowUpdateFailedError) as refused:
            await case.ask("reassign_mentor", ReassignMentor(actor=HR, reason="x", mentor=named))
        assert why in refusal(refused.value)
    assert {**await case.view(), "now": None} == {**before, "now": None}

    # And whoever can be, is asked
    await case.ask("reassign_mentor", ReassignMentor(actor=HR, reason="x", mentor=office.outsider))
    view = await case.go_on(until=lambda view: view["parties"].get("mentor") == office.outsider)
    assert [(mentorship["mentor"], mentorship["state"]) for mentorship in view["mentorships"]] == [
        (office.mentors[0], "ended"),
        (office.outsider, "held"),
    ]


async def test_who_does_not_offer_any_more_can_not_accept(office: Office) -> None:
    # Given a mentor who is asked, and is then imported as none
    case = await office.start()
    request = await case.next_task(TaskKind.MENTOR_REQUEST)
    assert request["assignee"] == office.mentors[0]
    with office.database.session() as session:
        record = session.get(PersonRecord, office.mentors[0])
        assert record is not None
        record.mentor = False

    # When they say yes, then they hear why not, and the next one is asked
    await case.answer(request, yes=True)
    view = await case.go_on(until=lambda view: view["parties"].get("mentor") is not None)
    assert [(mentorship["mentor"], mentorship["state"], mentorship["why"]) for mentorship in view["mentorships"]] == [
        (office.mentors[0], "refused", "does not offer to be a mentor any more"),
        (office.mentors[1], "held", None),
    ]


async def test_an_update_that_can_not_be_read_is_refused(office: Office) -> None:
    case = await office.start()
    for message in ({"actor": "nobody"}, {"actor": HR, "leave_type": "holiday"}, {"actor": HR, "colour": "red"}):
        with pytest.raises((WorkflowUpdateFailedError, RPCError)):
            await case.handle.execute_update("pause", message)
    assert (await case.view())["stage"] in ("intake", "matching")


async def test_an_answer_to_a_task_that_does_not_exist_is_refused(office: Office) -> None:
    case = await office.start()
    with pytest.raises(WorkflowUpdateFailedError) as refused:
        await case.send(AnswerTask(actor=HR, task="R-OTHER-1", answer={"yes": True}))
    assert "there is no task R-OTHER-1" in refusal(refused.value)
