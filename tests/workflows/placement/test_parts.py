"""Who takes over a part in a placement: its open tasks go along, and the separation of duties is looked at anew."""

from __future__ import annotations

from datetime import timedelta

import pytest
from temporalio.exceptions import ApplicationError

from domain.core.departure import IsBack
from domain.core.model import Party, PersonId
from domain.core.questions import TaskKind
from domain.core.reassigning import WOULD_BE_ALONE_IN_HR, Handing, Reassign
from domain.placement.requests import DecideEarly
from tests.office import BUDGET_OWNER, HR, HR_LEAD, MANAGER, RETURNER, SECOND_MANAGER, STAND_IN, has_ended
from tests.workflows.case.stand_ins import MENTORS, StandIns
from tests.workflows.placement.placement_by_hand import CASE, PlacementByHand
from workflows.case.parts import ALONE_IN_HR

NEW, ELSEWHERE = "P-NEWCOMER", "P-ELSEWHERE"
DAY = timedelta(days=1)


def reassign(party: Party, to: PersonId, actor: PersonId = HR) -> Reassign:
    return Reassign(actor=actor, party=party, to=to, reason="moves to another team")


def test_an_open_review_goes_to_the_new_manager_with_the_time_that_is_left(stand_ins: StandIns) -> None:
    # Given a review that the manager has had for two days
    case = PlacementByHand(stand_ins)
    review = case.next_task(TaskKind.MANAGER_REVIEW)
    case.pass_time(2 * DAY)

    # When HR gives the part to somebody else
    done = case.ask("reassign", reassign(Party.MANAGER, NEW))

    # Then the review is theirs, due when it was, with the ladder as it was; nobody else can answer it any more
    assert done.sentence == f"{NEW} is the manager from now on, in place of {MANAGER}, with 1 open task"
    (moved,) = case.open_tasks(TaskKind.MANAGER_REVIEW)
    assert (moved["id"], moved["assignee"], moved["due_at"]) == (review["id"], NEW, review["due_at"])
    assert moved["ladder"] == review["ladder"]
    with pytest.raises(ApplicationError, match="was not asked"):
        case.answer(moved, by=MANAGER, score=4, comment="I was there", goals_met=1)
    assert stand_ins.letters_to(NEW) == ["part_taken", "task_opened"]
    assert stand_ins.letters_to(MANAGER)[-1] == "part_passed_on"
    decision = case.view()["decisions"][-1]
    assert (decision["what"], decision["decided"], decision["by"]) == ("part", f"{NEW} is manager", HR)
    assert decision["evidence"]["before"] == MANAGER

    # And the programme goes on with them: they are asked what the manager is asked
    proposal = case.next_task(TaskKind.PROPOSAL)
    assert proposal["assignee"] == NEW
    assert case.go_on(has_ended)["outcome"] == "converted"


@pytest.mark.parametrize(
    ("party", "to", "why"),
    [
        (Party.MANAGER, RETURNER, "it is about themselves"),
        (Party.MANAGER, SECOND_MANAGER, "they could not approve as second-level manager"),
        (Party.BUDGET_OWNER, MANAGER, "they could not approve as budget owner"),
        (Party.SECOND_MANAGER, MENTORS[0], "whoever is or was the mentor does not decide"),
        (Party.MANAGER, MANAGER, "is the manager in R-1-DATA1 already"),
        (Party.MENTOR, NEW, "a mentor is asked first"),
        (Party.RETURNER, NEW, "nobody can take it over"),
        (Party.EXAMINER, NEW, "nobody is the examiner"),
    ],
)
def test_nobody_takes_a_part_in_which_they_could_not_act(
    party: Party, to: PersonId, why: str, stand_ins: StandIns
) -> None:
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: view["stage"] == "placement")
    before = case.view()["parties"]

    with pytest.raises(ApplicationError) as refused:
        case.ask("reassign", reassign(party, to))

    assert why in refused.value.message
    assert case.view()["parties"] == before


def test_who_has_proposed_becomes_no_approver(stand_ins: StandIns) -> None:
    # Given a proposal that somebody has made for the manager, and the approvals that wait for it
    case = PlacementByHand(stand_ins)
    proposal = case.next_task(TaskKind.PROPOSAL)
    case.delegate(proposal, STAND_IN)
    case.answer(proposal, by=STAND_IN, convert=True, reasons="I have seen the work")
    approval = case.next_task(TaskKind.APPROVAL)

    # When HR would make them the second-level manager, then that is refused, and the attempt is on record
    with pytest.raises(ApplicationError, match="nobody decides on their own proposal"):
        case.ask("reassign", reassign(Party.SECOND_MANAGER, STAND_IN))
    assert case.view()["attempts"] == 1

    # And somebody else can be: the approval is theirs
    case.ask("reassign", reassign(Party.SECOND_MANAGER, NEW))
    with pytest.raises(ApplicationError, match="was not asked"):
        case.answer(approval, by=SECOND_MANAGER, yes=True)
    case.answer(approval, by=NEW, yes=True)
    assert case.go_on(has_ended)["outcome"] == "converted"


def test_hr_is_asked_who_takes_over_where_the_successor_can_not_and_stands_in_until_then(stand_ins: StandIns) -> None:
    # Given a manager with an open review, whose successor is to be the second-level manager
    case = PlacementByHand(stand_ins)
    review = case.next_task(TaskKind.MANAGER_REVIEW)
    said = case.leaves(MANAGER, successor=SECOND_MANAGER)

    # Then HR is asked, and has the review meanwhile; asked once more, the case says the same
    assert said["manager"].state is Handing.WAITS
    assert "they could not approve as second-level manager" in (said["manager"].why or "")
    (question,) = case.open_tasks(TaskKind.SUCCESSOR)
    assert (question["assignee"], question["escalation"]) == (HR, HR_LEAD)
    (waiting,) = case.open_tasks(TaskKind.MANAGER_REVIEW)
    assert (waiting["id"], waiting["assignee"]) == (review["id"], HR)
    assert case.leaves(MANAGER, successor=SECOND_MANAGER).keys() == said.keys()
    assert len(case.open_tasks(TaskKind.SUCCESSOR)) == 1

    # When HR names somebody who can't, that is refused; when it names somebody who can, the part is theirs
    with pytest.raises(ApplicationError, match="they could not approve as budget owner"):
        case.answer(question, to=BUDGET_OWNER)
    case.answer(question, to=NEW)
    (moved,) = case.open_tasks(TaskKind.MANAGER_REVIEW)
    assert (moved["assignee"], moved["stands_in"]) == (NEW, False)
    assert case.leaves(MANAGER)["manager"].to == NEW
    assert case.go_on(has_ended)["outcome"] == "converted"


def test_a_leaver_is_asked_nothing_any_more_while_it_is_open_who_takes_over(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: view["stage"] == "placement")
    case.leaves(MANAGER)
    written = len(stand_ins.letters_to(MANAGER))

    task = case.next_task(TaskKind.GOALS, TaskKind.SUCCESSOR)

    assert (task["assignee"], task["stands_in"]) == (HR, True)
    assert len(stand_ins.letters_to(MANAGER)) == written
    with pytest.raises(ApplicationError, match="has left the company"):
        case.ask("decide_early", DecideEarly(actor=MANAGER, reason="one more thing"))


def test_of_hr_itself_the_head_is_asked(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: view["stage"] == "placement")

    said = case.leaves(HR)

    assert said["HR"].state is Handing.WAITS
    (question,) = case.open_tasks(TaskKind.SUCCESSOR)
    assert question["assignee"] == HR_LEAD
    assert question["facts"]["careful"] == f"{HR_LEAD} {WOULD_BE_ALONE_IN_HR}"
    case.answer(question, to=NEW)
    assert case.view()["parties"]["hr"] == NEW


def test_who_asks_for_a_successor_warns_of_one_person_in_both_parts_of_hr_only_where_that_could_be(
    stand_ins: StandIns,
) -> None:
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: view["stage"] == "placement")

    case.leaves(MANAGER)
    (of_manager,) = case.open_tasks(TaskKind.SUCCESSOR)
    assert "careful" not in of_manager["facts"]
    case.leaves(HR_LEAD, by=ELSEWHERE)

    (of_head,) = [task for task in case.open_tasks(TaskKind.SUCCESSOR) if task["facts"]["part"] == "head of HR"]
    assert of_head["facts"]["careful"] == f"{HR} {WOULD_BE_ALONE_IN_HR}"
    case.answer(of_head, to=HR)
    assert case.leaves(HR_LEAD, by=ELSEWHERE)["head of HR"].why == ALONE_IN_HR


def test_who_is_back_keeps_what_is_not_handed_over(stand_ins: StandIns) -> None:
    # Given a manager who has left, with an open review in which HR stands in, and the question who takes over
    case = PlacementByHand(stand_ins)
    review = case.next_task(TaskKind.MANAGER_REVIEW)
    case.leaves(MANAGER)
    (question,) = case.open_tasks(TaskKind.SUCCESSOR)
    assert case.task(review)["assignee"] == HR

    # When they are back, and the case hears of it
    del stand_ins.left[MANAGER]
    case.driver.signal(CASE, "is_back", IsBack(person=MANAGER))
    case.driver.settle()

    # Then the review is theirs again, and nobody is asked any more who takes over, which whoever was asked hears
    assert (case.task(review)["assignee"], case.task(review)["stands_in"]) == (MANAGER, False)
    assert case.task(question)["state"] == "closed"
    assert stand_ins.letters_to(HR)[-1] == "task_closed"
    assert stand_ins.letters_to(MANAGER)[-1] == "task_opened"
    assert case.view()["gone"] == {}
    case.answer(case.task(review), by=MANAGER)
    assert case.go_on(has_ended)["outcome"] == "converted"


def test_hr_answers_that_they_keep_it_who_are_back_before_the_case_has_heard_of_it(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    review = case.next_task(TaskKind.MANAGER_REVIEW)
    case.leaves(MANAGER)
    (question,) = case.open_tasks(TaskKind.SUCCESSOR)
    with pytest.raises(ApplicationError, match="left the company after"):
        case.answer(question, to=MANAGER)

    del stand_ins.left[MANAGER]
    case.answer(question, to=MANAGER)

    assert case.task(question)["state"] == "answered"
    assert (case.task(review)["assignee"], case.task(review)["stands_in"]) == (MANAGER, False)
    assert case.view()["parties"]["manager"] == MANAGER
    assert not [decision for decision in case.view()["decisions"] if decision["what"] == "part"]
    assert case.go_on(has_ended)["outcome"] == "converted"


def test_a_mentor_who_leaves_is_replaced_by_the_matching(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: (view["week"] or 0) >= 3)
    first = case.view()["parties"]["mentor"]

    said = case.leaves(first)

    assert said["mentor"].state is Handing.MOVED
    view = case.go_on(lambda view: "mentor" in view["parties"])
    assert view["parties"]["mentor"] != first
    assert not [task for task in view["tasks"] if task["state"] == "open" and task["assignee"] == first]
    assert case.go_on(has_ended)["outcome"] == "converted"


def test_a_mentor_who_leaves_before_they_agreed_is_not_waited_for(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    request = case.next_task(TaskKind.MENTOR_REQUEST)

    case.leaves(request["assignee"])

    (another,) = case.open_tasks(TaskKind.MENTOR_REQUEST)
    assert another["assignee"] == MENTORS[1]


def test_a_returner_who_leaves_withdraws(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: (view["week"] or 0) >= 3)

    said = case.leaves(RETURNER)

    assert said["the whole case"].state is Handing.OVER
    view = case.go_on(has_ended)
    assert (view["outcome"], view["early_end"]["by"]) == ("withdrawn", HR_LEAD)
    assert "left the company after 2027-03-05" in view["early_end"]["reason"]


def test_what_was_handed_to_a_leaver_goes_back_and_what_escalates_to_them_goes_past_them(stand_ins: StandIns) -> None:
    # Given a review that the manager has handed on, and of which the second-level manager has been told
    case = PlacementByHand(stand_ins)
    review = case.next_task(TaskKind.MANAGER_REVIEW)
    case.delegate(review, STAND_IN)
    case.pass_time(8 * DAY)
    (late,) = case.open_tasks(TaskKind.MANAGER_REVIEW)[:1]
    assert (late["escalated"], late["escalation"]) == (True, SECOND_MANAGER)

    # When both who were drawn into it leave
    said = case.leaves(STAND_IN)
    case.leaves(SECOND_MANAGER, successor=NEW)

    # Then the manager is told that it is theirs again, and the new second-level manager that it is late
    assert said[f"task {review['id']}"].to == MANAGER
    task = next(task for task in case.view()["tasks"] if task["id"] == review["id"])
    assert (task["delegates"], task["escalation"]) == ([], NEW)
    assert stand_ins.letters_to(NEW) == ["part_taken", "task_escalated"]


@pytest.mark.parametrize(
    ("party", "to", "alone"), [(Party.HR, HR_LEAD, True), (Party.HR_LEAD, HR, True), (Party.HR, NEW, False)]
)
def test_whoever_becomes_both_of_hr_is_told_to_be_alone_there(
    party: Party, to: PersonId, alone: bool, stand_ins: StandIns
) -> None:
    """A small company may have nobody else, so it is done; but nobody is there any more to whom anything goes on."""
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: view["stage"] == "placement")

    done = case.ask("reassign", reassign(party, to))

    assert case.view()["parties"][party] == to
    assert ("they are HR and head of HR now" in done.sentence) is alone
