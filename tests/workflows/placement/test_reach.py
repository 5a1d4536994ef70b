"""Which address a returner's mail goes to as the placement goes on. Without a server; mails: ``test_private_mail``."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from domain.core.case import CaseRequest, Withdraw
from domain.core.post import Letter
from domain.core.questions import TaskKind
from domain.core.working_pattern import read_patterns
from domain.placement.requests import ChangePattern, ExtendPlacement, PausePlacement, ReassignMentor, ResumePlacement
from tests.office import HR, RETURNER, has_ended
from tests.workflows.case.stand_ins import StandIns
from tests.workflows.placement.placement_by_hand import PlacementByHand

DAY = timedelta(days=1)

EXTENDED = ("extend", ExtendPlacement(actor=HR, weeks=2, reason="a later start of the project"))
PART_TIME = ("change_pattern", ChangePattern(actor=HR, patterns=read_patterns("from 2027-02-16 60%"), reason="school"))
ANOTHER_MENTOR = ("reassign_mentor", ReassignMentor(actor=HR, reason="away for long"))


def letters(office: StandIns, to: str = RETURNER) -> list[Letter]:
    return [letter for delivery in office.delivered for letter in delivery.letters if letter.to == to]


def reach(office: StandIns, template: str) -> list[str]:
    """By which addresses the returner was written to, with letters of this template, each once."""
    return list(dict.fromkeys(letter.reach for letter in letters(office) if letter.template == template))


def test_mail_is_private_before_the_first_day_for_the_offer_and_once_somebody_is_gone(stand_ins: StandIns) -> None:
    # Given a returner who lets the time of the offer's reminders pass, and then declines
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: view["stage"] == "preboarding" and not case.open_tasks())
    before = [letter.reach for letter in letters(stand_ins)]
    offer = case.next_task(TaskKind.OFFER)
    working = [letter.reach for letter in letters(stand_ins) if letter.template != "offer"][len(before) :]
    case.pass_time(5 * DAY)
    case.answer(offer, accept=False, comment="another plan")
    case.go_on(lambda view: view["stage"] == "closing")
    declined = reach(stand_ins, "offer_declined")
    ended = case.go_on(has_ended)

    # Then all that came before the first day was private, and of what came after it the offer, with its reminders
    assert set(before) == {"private"}
    assert "work" in working
    assert reach(stand_ins, "session_invitation") == reach(stand_ins, "task_opened")[-1:] == ["work"]
    assert reach(stand_ins, "offer") == reach(stand_ins, "task_reminder")[-1:] == ["private"]
    assert declined == ["work"]
    assert ended["outcome"] == "declined"
    # And nobody else has mail at a private address
    others = {letter.reach for delivery in stand_ins.delivered for letter in delivery.letters if letter.to != RETURNER}
    assert others == {"work"}


def test_who_is_employed_is_reached_at_work_and_who_is_not_decided_on_in_time_is_not(stand_ins: StandIns) -> None:
    # Given a decision that is not there on the last day
    case = PlacementByHand(stand_ins)
    case.go_on(_has_review_after_its_last_day, unanswered=[TaskKind.APPROVAL, TaskKind.SELF_REVIEW])
    late = [letter for letter in letters(stand_ins) if letter.template == "task_overdue"][-1]

    # Then what comes after it is private
    assert late.at > _end(case.view())
    assert late.reach == "private"

    # And once employed they are reached at work
    case.go_on(lambda view: view["follow_ups"])
    case.ask("withdraw", Withdraw(actor=HR, reason="the follow-up is not needed"))
    assert reach(stand_ins, "withdrawn") == ["work"]


def test_who_leaves_early_is_gone_from_that_moment_on(stand_ins: StandIns) -> None:
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: (view["week"] or 0) >= 5)
    case.ask("withdraw", Withdraw(actor=RETURNER, reason="another plan"))
    case.go_on(has_ended)
    assert reach(stand_ins, "withdrawn") == ["private"]


@pytest.mark.parametrize("asked", [EXTENDED, PART_TIME, ANOTHER_MENTOR], ids=["longer", "part", "mentor"])
def test_what_moves_the_calendar_before_the_first_day_invites_to_no_session_yet(
    stand_ins: StandIns, asked: tuple[str, CaseRequest]
) -> None:
    # Given a calendar that is planned anew in the pre-boarding
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: view["stage"] == "preboarding")
    case.ask(*asked)
    before = case.go_on(lambda view: _planned_anew(view) and not case.open_tasks())
    assert before["stage"] == "preboarding"

    # Then both are invited on the first day, the returner at work: what moves a session later goes where it invites
    assert not {"session_invitation", "session_cancelled"} & {letter.template for letter in letters(stand_ins)}
    view = case.go_on(lambda view: view["stage"] == "placement" and view["sessions"])
    assert len(view["sessions"]) == len(view["plan"]["sessions"])
    assert reach(stand_ins, "session_invitation") == ["work"]


def test_a_leave_moves_the_first_day_and_the_last(stand_ins: StandIns) -> None:
    # Given a leave over what was the first day, and another over what was the last
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: view["stage"] == "preboarding")
    case.ask("pause", PausePlacement(actor=HR))
    case.pass_time(60 * DAY)
    case.ask("resume", ResumePlacement(actor=HR))
    assert reach(stand_ins, "resumed") == ["private"]
    case.go_on(lambda view: (view["week"] or 0) >= 10)
    case.ask("pause", PausePlacement(actor=HR))
    case.pass_time(90 * DAY)

    # Then who is on leave has a place at work all the same
    case.ask("resume", ResumePlacement(actor=HR))
    assert reach(stand_ins, "resumed") == ["private", "work"]


def _has_review_after_its_last_day(view: dict[str, Any]) -> bool:
    overdue = [
        sent["at"]
        for task in view["tasks"]
        if task["kind"] == TaskKind.SELF_REVIEW
        for sent in task["letters"]
        if sent["what"] == "task_overdue"
    ]
    return bool(overdue) and view["plan"] is not None and max(overdue)[:10] > view["plan"]["end"]


def _end(view: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(view["plan"]["ends_at"])


def _planned_anew(view: dict[str, Any]) -> bool:
    agreed = any(change["agreed"] for change in [*view["extensions"], *view["pattern_changes"]])
    return agreed or [mentorship["state"] for mentorship in view["mentorships"]] == ["ended", "held"]
