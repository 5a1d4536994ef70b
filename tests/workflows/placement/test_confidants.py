"""Whom a returner can ask in confidence, when, and when it is over; without a server."""

from __future__ import annotations

from datetime import timedelta

import pytest
from temporalio.exceptions import ApplicationError

from domain.core.case import Withdraw
from domain.core.case_rows import TaskRow
from domain.core.model import Party
from domain.core.placement_rows import MentorWishRow
from domain.core.questions import TaskKind
from domain.core.tasks import TaskState
from domain.placement.in_confidence import confidants
from domain.placement.requests import AskForMentor, ReassignMentor
from tests.office import HR, HR_LEAD, MANAGER, RETURNER, ROLE, has_ended
from tests.workflows.case.stand_ins import StandIns
from tests.workflows.placement.placement_by_hand import PlacementByHand

ASK = AskForMentor(actor=RETURNER, reason="we do not get on")


def wishes(stand_ins: StandIns) -> list[MentorWishRow]:
    """How the wishes have stood, one after the other."""
    return [row for sent in stand_ins.delivered for row in sent.rows if isinstance(row, MentorWishRow)]


def asked(stand_ins: StandIns) -> list[TaskRow]:
    """The tasks by which HR is asked, as they stand."""
    return [row for row in stand_ins.in_confidence.values() if row.kind is TaskKind.MENTOR_WISH]


def test_only_the_returner_asks_and_only_where_there_is_a_mentor(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    with pytest.raises(ApplicationError, match="can't be given another mentor in the stage intake"):
        case.ask("ask_for_mentor", ASK)
    case.go_on(lambda view: view["stage"] == "placement")
    for somebody in (HR, MANAGER, case.view()["parties"]["mentor"]):
        with pytest.raises(ApplicationError, match="it is for returner"):
            case.ask("ask_for_mentor", ASK.model_copy(update={"actor": somebody}))

    case.ask("reassign_mentor", ReassignMentor(actor=HR, reason="another site"))
    with pytest.raises(ApplicationError, match="has no mentor now; one is looked for"):
        case.ask("ask_for_mentor", ASK)

    case.go_on(lambda view: view["stage"] == "follow_up")
    with pytest.raises(ApplicationError, match="in the stage follow"):
        case.ask("ask_for_mentor", ASK)


@pytest.mark.parametrize(
    ("parts", "asked_instead"),
    [({"hr": MANAGER}, HR_LEAD), ({"hr": ROLE.budget_owner}, HR_LEAD), ({"hr_lead": MANAGER}, HR)],
)
def test_whoever_in_hr_has_another_part_is_not_asked_and_never_learns(
    stand_ins: StandIns, parts: dict[str, str], asked_instead: str
) -> None:
    case = PlacementByHand(stand_ins, role=ROLE.model_copy(update=parts))
    case.go_on(lambda view: view["stage"] == "placement")
    case.course.unanswered = {TaskKind.MENTOR_WISH}

    case.ask("ask_for_mentor", ASK)
    case.pass_time(timedelta(days=12))  # long after it was escalated

    assert [row.people for row in asked(stand_ins)] == [[asked_instead]]
    told = {
        letter.to
        for sent in stand_ins.delivered
        for letter in sent.letters
        if "confidence" in letter.model_dump_json() or "get on" in letter.model_dump_json()
    }
    assert told == {asked_instead}


def test_where_all_of_hr_has_another_part_nobody_can_be_asked(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins, role=ROLE.model_copy(update={"hr": MANAGER, "hr_lead": ROLE.second_manager}))
    case.go_on(lambda view: view["stage"] == "placement")

    with pytest.raises(ApplicationError, match="nobody can be asked in confidence"):
        case.ask("ask_for_mentor", ASK)
    assert not wishes(stand_ins)


def test_somebody_of_hr_who_was_the_mentor_once_is_not_told() -> None:
    parties = {Party.RETURNER: RETURNER, Party.HR: HR, Party.HR_LEAD: HR_LEAD}
    assert confidants(parties, []) == [Party.HR, Party.HR_LEAD]
    assert confidants(parties, [HR]) == [Party.HR_LEAD]
    assert confidants(parties, [HR, HR_LEAD]) == []


def test_a_declined_wish_changes_nothing_and_can_be_asked_again(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    mentor = case.go_on(lambda view: view["stage"] == "placement")["parties"]["mentor"]
    decline = {"reply": "decline", "message": "three more weeks, please"}
    case.ask("ask_for_mentor", ASK)
    case.go_on(lambda _: wishes(stand_ins)[-1].state == "declined", answers={TaskKind.MENTOR_WISH: decline})

    assert case.view()["parties"]["mentor"] == mentor
    assert [row.message for row in wishes(stand_ins)] == [None, "three more weeks, please"]
    assert case.ask("ask_for_mentor", ASK).sentence.startswith("HR is asked")


def test_what_hr_has_not_answered_ends_with_the_mentor_or_with_the_placement(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: view["stage"] == "placement")
    case.course.unanswered = {TaskKind.MENTOR_WISH}
    case.ask("ask_for_mentor", ASK)
    case.ask("reassign_mentor", ReassignMentor(actor=HR, reason="another site"))
    case.go_on(lambda view: view["parties"].get("mentor"), unanswered=[TaskKind.MENTOR_WISH])
    assert [(row.n, row.state) for row in wishes(stand_ins)] == [(1, "asked"), (1, "lapsed")]

    case.ask("ask_for_mentor", ASK)
    case.ask("withdraw", Withdraw(actor=RETURNER, reason="another plan"))
    case.go_on(has_ended)
    assert [(row.n, row.state) for row in wishes(stand_ins)][2:] == [(2, "asked"), (2, "lapsed")]
    assert {row.state for row in asked(stand_ins)} == {TaskState.CLOSED}
