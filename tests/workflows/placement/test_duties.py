"""Who may answer what: nobody decides in two parts, and no task is left with people who may not answer it.

Without a server.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from temporalio.exceptions import ApplicationError

from domain.core.questions import TaskKind
from domain.placement.requests import DecideEarly
from tests.office import BUDGET_OWNER, HR, HR_LEAD, MANAGER, ROLE, SECOND_MANAGER, STAND_IN, has_ended
from tests.workflows.case.stand_ins import StandIns
from tests.workflows.placement.placement_by_hand import CASE, PlacementByHand

DAY = timedelta(days=1)


def test_nobody_stands_in_for_an_approver_who_has_another_part_in_the_decision(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    approval = case.next_task(TaskKind.APPROVAL)
    assert approval["assignee"] == SECOND_MANAGER

    for person in (BUDGET_OWNER, HR, MANAGER):
        with pytest.raises(ApplicationError) as handed_on:
            case.delegate(approval, person)
        assert f"{person} can't answer" in handed_on.value.message
    case.pass_time(4 * DAY)
    (approval,) = case.open_tasks(TaskKind.APPROVAL)
    assert (approval["escalated"], approval["escalation"]) == (True, HR_LEAD)

    # And whoever stood in once does not do so again
    case.answer(approval, by=HR_LEAD, yes=True)
    confirmation = case.next_task(TaskKind.CONFIRMATION)
    with pytest.raises(ApplicationError) as twice:
        case.answer(confirmation, by=HR_LEAD, yes=True)
    assert "or stands in beside a part of their own" in twice.value.message


def test_whom_the_duties_exclude_hands_the_task_on(stand_ins: StandIns) -> None:
    # Given a role in which one person is all of HR, who has proposed for the manager
    case = PlacementByHand(stand_ins, role=ROLE.model_copy(update={"hr_lead": HR}))
    proposal = case.next_task(TaskKind.PROPOSAL)
    case.delegate(proposal, HR)
    case.answer(proposal, by=HR, convert=True, reasons="the manager is away; I know the work")

    # When it is for HR to confirm
    confirmation = case.next_task(TaskKind.CONFIRMATION)
    assert (confirmation["assignee"], confirmation["escalation"]) == (HR, HR)
    with pytest.raises(ApplicationError) as own:
        case.answer(confirmation, by=HR, yes=True)
    assert "nobody decides on their own proposal" in own.value.message
    case.delegate(confirmation, STAND_IN)
    case.answer(confirmation, by=STAND_IN, yes=True)

    # Then the case goes on
    assert case.go_on(has_ended)["outcome"] == "converted"


def test_one_person_with_three_parts_acts_in_one_of_them(stand_ins: StandIns) -> None:
    # Given a role whose manager owns the budget and is HR too, and a review that a mentor has given
    case = PlacementByHand(stand_ins, role=ROLE.model_copy(update={"budget_owner": MANAGER, "hr": MANAGER}))
    proposal = case.next_task(TaskKind.PROPOSAL)
    mentor = case.view()["parties"]["mentor"]

    # When the manager hands the proposal on
    with pytest.raises(ApplicationError) as evidence:
        case.delegate(proposal, mentor)
    assert f"{mentor} can't answer" in evidence.value.message
    case.delegate(proposal, STAND_IN)
    case.answer(proposal, by=STAND_IN, convert=True, reasons="I have seen the work")

    # Then neither they, nor the mentor, nor whoever proposed for them decides on it; the head of HR is asked
    second = case.next_task(TaskKind.APPROVAL)
    for person in (mentor, STAND_IN, MANAGER):
        with pytest.raises(ApplicationError) as handed_on:
            case.delegate(second, person)
        assert f"{person} can't answer" in handed_on.value.message
    case.answer(second, by=SECOND_MANAGER, yes=True)
    budget = case.next_task(TaskKind.APPROVAL)
    assert (budget["party"], budget["assignee"]) == ("budget_owner", HR_LEAD)
    with pytest.raises(ApplicationError) as own:
        case.answer(budget, by=MANAGER, yes=True)
    assert "nobody decides on their own proposal or evidence" in own.value.message
    case.answer(budget, by=HR_LEAD, yes=True)

    # And at the last step, where the head of HR has had a part too, they are told that they can only hand it on
    confirmation = case.next_task(TaskKind.CONFIRMATION)
    assert confirmation["assignee"] == HR_LEAD
    assert [letter["what"] for letter in confirmation["letters"]] == ["task_to_hand_on"]
    case.delegate(confirmation, "P-IT1")
    case.answer(confirmation, by="P-IT1", yes=True)
    assert case.go_on(has_ended)["outcome"] == "converted"


def test_who_approves_gives_no_review_any_more(stand_ins: StandIns) -> None:
    # Given a final review of the manager's that is late and has come to the second-level manager
    case = PlacementByHand(stand_ins)
    review = case.next_task(TaskKind.MANAGER_REVIEW)
    case.pass_time(8 * DAY)
    approval = case.next_task(TaskKind.APPROVAL, TaskKind.MANAGER_REVIEW)

    # When they approve, then they can't give the evidence too, but say why there is none
    case.answer(approval, by=SECOND_MANAGER, yes=True)
    with pytest.raises(ApplicationError) as late:
        case.answer(review, by=SECOND_MANAGER, score=5)
    assert "nobody decides on their own proposal or evidence" in late.value.message
    case.answer(review, by=SECOND_MANAGER, waived_because="the manager was away")


def test_a_review_that_comes_late_is_told_to_whoever_has_yet_to_decide(stand_ins: StandIns) -> None:
    # Given a first round of which no review is in when the manager is asked to propose
    case = PlacementByHand(stand_ins)
    reviews = [TaskKind.MANAGER_REVIEW, TaskKind.MENTOR_REVIEW, TaskKind.SELF_REVIEW]
    case.next_task(TaskKind.MANAGER_REVIEW, *reviews)
    first = {kind: case.open_tasks(kind)[0] for kind in reviews}
    case.next_task(TaskKind.PROPOSAL, *reviews)

    def told(step: TaskKind) -> str:
        (said,) = [line for line in case.open_tasks(step)[0]["facts"]["evidence"] if line.startswith("review week 4:")]
        return str(said)

    assert told(TaskKind.PROPOSAL) == "review week 4: no combined score yet, because no review is in"

    # When the manager's comes, then the proposal that is open says so, as does what is asked after it
    case.answer(first[TaskKind.MANAGER_REVIEW], score=1)
    some = "review week 4: no combined score yet, because not all reviews are in (so far manager: 1 of 5)"
    assert told(TaskKind.PROPOSAL) == some
    case.answer(case.open_tasks(TaskKind.PROPOSAL)[0])
    assert told(TaskKind.APPROVAL) == some

    # and once the others are in too, the round has its score
    case.answer(first[TaskKind.MENTOR_REVIEW], score=2)
    case.answer(first[TaskKind.SELF_REVIEW], score=3)
    assert told(TaskKind.APPROVAL) == "review week 4: 1.70 (below the threshold)"


def test_the_decision_is_asked_for_early_once(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: (view["week"] or 0) >= 8)

    asked = [
        case.driver.update(CASE, "decide_early", DecideEarly(actor=who, reason="another team wants to hire her"))
        for who in (MANAGER, HR, MANAGER)
    ]
    case.driver.settle()

    assert [update.refusal is None for update in asked] == [True, False, False]
    decided = [decision for decision in case.view()["decisions"] if decision["what"] == "early_decision"]
    assert len(decided) == 1
