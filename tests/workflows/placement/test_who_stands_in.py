"""Who stands in for whoever has left the company, until somebody takes over: never who has left, too."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from domain.core.model import Party
from domain.core.questions import TaskKind
from domain.core.reassigning import Handing, HandOver, Reassign
from domain.core.reopening import ReopenTask
from domain.placement.requests import AskForMentor, ExtendPlacement, ReassignMentor
from tests.office import HR, HR_LEAD, MANAGER, RETURNER, ROLE, SECOND_MANAGER, STAND_IN, has_ended
from tests.workflows.case.courses import LAST_DAY
from tests.workflows.case.stand_ins import StandIns
from tests.workflows.placement.placement_by_hand import CASE, PlacementByHand

NEW, NEW_HEAD = "P-NEWCOMER", "P-NEWHEAD"
ELSEWHERE = "P-HRELSE"
DAY = timedelta(days=1)


def working(stand_ins: StandIns, **more: Any) -> PlacementByHand:
    """A placement in its third week."""
    case = PlacementByHand(stand_ins, **more)
    case.go_on(lambda view: (view["week"] or 0) >= 3)
    return case


def reassign(case: PlacementByHand, party: Party, to: str, by: str = HR) -> str:
    return case.ask("reassign", Reassign(actor=by, party=party, to=to, reason="another team")).sentence


def successor_of(case: PlacementByHand, party: str) -> dict[str, Any]:
    """The question who takes over this part."""
    return next(task for task in case.open_tasks(TaskKind.SUCCESSOR) if task["facts"]["part"] == party)


# HR and its head have left


def test_where_hr_and_its_head_have_left_who_declared_it_last_is_asked_and_stands_in(stand_ins: StandIns) -> None:
    # Given a review that is asked of the manager, and HR who has left, and is waited for
    case = PlacementByHand(stand_ins)
    case.next_task(TaskKind.MANAGER_REVIEW)
    case.leaves(HR, by=HR_LEAD)

    # When its head leaves too, and the manager, which HR of another role has declared
    case.leaves(HR_LEAD, by=ELSEWHERE)
    told = {person: len(stand_ins.letters_to(person)) for person in (HR, HR_LEAD, MANAGER)}
    case.leaves(MANAGER, by=ELSEWHERE)

    # Then they are asked who takes over, have what is open, and read what is for HR; who has left hears nothing
    assert {task["assignee"] for task in case.open_tasks(TaskKind.SUCCESSOR)} == {ELSEWHERE}
    assert not {HR, HR_LEAD, MANAGER} & {task["assignee"] for task in case.open_tasks()}
    assert not {HR, HR_LEAD, MANAGER} & {task["escalation"] for task in case.open_tasks()}
    case.ask("reassign_mentor", ReassignMentor(actor=case.view()["parties"]["mentor"], reason="no time any more"))
    assert "at_risk" in stand_ins.letters_to(ELSEWHERE)
    assert {person: len(stand_ins.letters_to(person)) for person in told} == told

    # And once they have said it, all goes on
    for party, to in (("HR", NEW), ("head of HR", NEW_HEAD), ("manager", STAND_IN)):
        case.answer(successor_of(case, party), to=to)
    assert case.go_on(has_ended)["outcome"] == "converted"


def test_who_has_declared_it_may_have_left_too(stand_ins: StandIns) -> None:
    # Given a manager who has left, as HR has declared, and HR, as its head has declared, who has left since
    case = working(stand_ins)
    case.leaves(MANAGER, by=HR)
    stand_ins.left[HR_LEAD] = LAST_DAY
    said = case.leaves(HR, by=HR_LEAD)

    # Then nobody is there to be asked, which the departure says, and nobody who has left is written to
    assert said["HR"].state is Handing.WAITS
    assert "nobody of HR is left in this case" in (said["HR"].why or "")
    told = len(stand_ins.letters_to(HR))

    # When somebody of HR declares it again, then they are asked, and have what has waited
    said = case.leaves(HR, by=ELSEWHERE)
    assert f"{ELSEWHERE} is asked who takes over" in (said["HR"].why or "")
    assert [task["assignee"] for task in case.open_tasks(TaskKind.SUCCESSOR)] == [ELSEWHERE, ELSEWHERE]
    assert len(stand_ins.letters_to(HR)) == told


# What nobody can stand in for


@pytest.mark.parametrize(
    ("parts", "asked_then"),
    [({}, HR_LEAD), ({"hr_lead": SECOND_MANAGER}, HR)],
    ids=["its head may know", "its head may not"],
)
def test_what_is_confidential_never_goes_to_whom_it_is_kept_from(
    stand_ins: StandIns, parts: dict[str, str], asked_then: str
) -> None:
    # Given a wish that HR has not answered
    case = working(stand_ins, role=ROLE.model_copy(update=parts))
    case.course.unanswered = {TaskKind.MENTOR_WISH, TaskKind.SUCCESSOR}
    case.ask("ask_for_mentor", AskForMentor(actor=RETURNER, reason="we do not get on"))
    case.driver.settle()

    # When HR leaves, then its head has it, or it waits for who takes over: whoever that is
    case.leaves(HR)
    (wish,) = (row for row in stand_ins.in_confidence.values() if row.kind is TaskKind.MENTOR_WISH)
    assert (wish.assignee, wish.people) == (asked_then, [asked_then])
    case.pass_time(12 * DAY)
    with pytest.raises(ApplicationError, match="has another part"):
        case.answer(successor_of(case, "HR"), to=MANAGER)
    case.answer(successor_of(case, "HR"), to=NEW)
    case.driver.settle()
    (wish,) = (row for row in stand_ins.in_confidence.values() if row.kind is TaskKind.MENTOR_WISH)
    assert wish.assignee == NEW
    assert "we do not get on" not in str(
        [letter for sent in stand_ins.delivered for letter in sent.letters if letter.to not in (HR, asked_then, NEW)]
    )


def test_what_only_a_manager_can_consent_to_waits_for_the_next_one(stand_ins: StandIns) -> None:
    # Given an extension to which the manager has not agreed yet
    case = working(stand_ins)
    case.course.unanswered = {TaskKind.EXTENSION_CONSENT}
    case.ask("extend", ExtendPlacement(actor=RETURNER, weeks=2, reason="to finish"))
    (consent,) = case.open_tasks(TaskKind.EXTENSION_CONSENT)

    # When they leave, then nobody consents for them
    case.leaves(MANAGER)
    with pytest.raises(ApplicationError, match="was not asked"):
        case.answer(consent, by=HR, yes=True)
    with pytest.raises(ApplicationError, match="has left the company"):
        case.answer(consent, by=MANAGER, yes=True)

    # And whoever takes over is asked
    case.answer(successor_of(case, "manager"), to=NEW)
    case.answer(consent, by=NEW, yes=True)
    case.driver.settle()
    assert case.view()["extensions"][-1]["agreed"] is True


def test_who_takes_over_is_asked_until_somebody_does(stand_ins: StandIns) -> None:
    """Also over the last day: nobody's part falls through."""
    case = working(stand_ins)
    case.leaves("P-IT1")

    case.go_on(lambda view: view["stage"] == "follow_up", unanswered=[TaskKind.SUCCESSOR])

    assert successor_of(case, "IT")
    case.answer(successor_of(case, "IT"), to=NEW)
    assert case.view()["parties"]["it"] == NEW


# Who has left is nobody to act or be written to; who is back is


def test_who_has_left_waives_nothing_and_is_not_written_to_again(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    review = case.next_task(TaskKind.MANAGER_REVIEW)
    case.answer(review)
    case.leaves(MANAGER, successor=NEW)
    told = len(stand_ins.letters_to(MANAGER))

    case.ask("reopen_task", ReopenTask(actor=HR, task=review["id"], reason="a slip of the pen"))
    assert len(stand_ins.letters_to(MANAGER)) == told

    case.leaves(HR, successor=STAND_IN)
    item = case.next_task(TaskKind.CHANGEOVER_ITEM)
    with pytest.raises(ApplicationError, match="has left the company"):
        case.answer(item, by=HR, waived_because="not needed")
    case.answer(item, by=STAND_IN, waived_because="not needed")


def test_who_left_after_their_part_was_over_is_not_asked_once_more(stand_ins: StandIns) -> None:
    # Given a review of a manager who has passed on their part, and has left the company since
    case = PlacementByHand(stand_ins)
    review = case.next_task(TaskKind.MANAGER_REVIEW)
    case.answer(review)
    reassign(case, Party.MANAGER, NEW)
    stand_ins.left[MANAGER] = LAST_DAY
    told = len(stand_ins.letters_to(MANAGER))

    # When HR reopens it, then whoever has the part is asked, and who has left is not written to
    case.ask("reopen_task", ReopenTask(actor=HR, task=review["id"], reason="a slip of the pen"))
    (again,) = (task for task in case.open_tasks(TaskKind.MANAGER_REVIEW) if task["reopens"] == review["id"])
    assert again["assignee"] == NEW
    assert len(stand_ins.letters_to(MANAGER)) == told


def test_a_mentored_person_is_asked_by_name_no_more_who_has_left(stand_ins: StandIns) -> None:
    # Given what a mentor was asked by name, who is replaced, and leaves the company later
    case = working(stand_ins)
    note = next(
        task
        for task in case.view()["tasks"]
        if task["by_name"] and task["kind"] == "session_note" and task["state"] == "answered"
    )
    before = note["answered_by"]
    assert before != RETURNER
    case.ask("reassign_mentor", ReassignMentor(actor=HR, reason="another team"))
    case.driver.settle()
    stand_ins.left[before] = LAST_DAY
    told = len(stand_ins.letters_to(before))

    case.ask("reopen_task", ReopenTask(actor=HR, task=note["id"], reason="a slip of the pen"))

    assert len(stand_ins.letters_to(before)) == told


def test_who_is_back_can_be_given_a_part_again(stand_ins: StandIns) -> None:
    case = working(stand_ins)
    case.leaves(MANAGER, successor=NEW)
    with pytest.raises(ApplicationError, match="left the company after"):
        reassign(case, Party.MANAGER, MANAGER)

    del stand_ins.left[MANAGER]

    assert f"{MANAGER} is the manager from now on" in reassign(case, Party.MANAGER, MANAGER)
    assert case.next_task(TaskKind.MANAGER_REVIEW)["assignee"] == MANAGER
    assert case.go_on(has_ended)["outcome"] == "converted"


def test_whoever_reassigns_may_have_left_while_somebody_is_looked_up(stand_ins: StandIns) -> None:
    case = working(stand_ins)
    asked = case.driver.update(CASE, "reassign", Reassign(actor=HR, party=Party.MANAGER, to=NEW, reason="moves"))
    case.driver.step()
    leaving = HandOver(actor=HR_LEAD, person=HR, left_on=LAST_DAY, successor=STAND_IN)
    case.driver.update(CASE, "hand_over", leaving)
    case.driver.step()

    case.driver.step(-1)  # who takes over from HR is looked up sooner
    case.driver.settle()

    assert asked.refusal == f"{HR} has left the company"
    assert case.view()["parties"]["hr"] == STAND_IN
    assert case.view()["parties"]["manager"] == MANAGER


def test_what_is_handed_back_to_somebody_who_may_not_answer_it_is_to_be_handed_on(stand_ins: StandIns) -> None:
    # Given a confirmation that the head of HR, who has approved, could only hand on
    case = PlacementByHand(stand_ins, role=ROLE.model_copy(update={"budget_owner": MANAGER, "hr": MANAGER}))
    confirmation = case.next_task(TaskKind.CONFIRMATION)
    case.delegate(confirmation, STAND_IN)

    case.leaves(STAND_IN, by=ELSEWHERE)

    assert case.task(confirmation)["delegates"] == []
    assert stand_ins.letters_to(HR_LEAD)[-1] == "task_to_hand_on"
