"""When somebody's mail of the day is sent, and that nothing for it is forgotten. Without a server."""

from __future__ import annotations

from datetime import timedelta

from domain.core.daily_mail import DailyMailStart, SetAside
from domain.core.naming import daily_mail_id
from domain.core.signals import Signal
from tests.office import HR, MANAGER
from tests.workflows.case.stand_ins import StandIns
from tests.workflows.placement.placement_by_hand import PlacementByHand
from workflows.case.daily_mail import DailyMail

DAY = timedelta(days=1)
PERSON = "P-BUSY"
ID = daily_mail_id(PERSON)


def begin(office: StandIns, *, at_once: bool = False) -> None:
    office.driver.start(DailyMail, ID, DailyMailStart(person=PERSON, at_once=at_once))
    office.driver.settle()


def runs(office: StandIns) -> bool:
    return office.driver.executions[ID].status == "running"


def test_each_morning_has_its_mail_as_long_as_there_is_something_to_tell(stand_ins: StandIns) -> None:
    stand_ins.mornings_to_come = 3
    begin(stand_ins)
    assert stand_ins.daily_mails == []
    stand_ins.driver.wait(10 * DAY)
    first, *_ = days = [request.day for request in stand_ins.daily_mails]
    assert days == [first, first + DAY, first + 2 * DAY]
    assert not any(request.at_once for request in stand_ins.daily_mails)
    assert not runs(stand_ins)


def test_a_letter_that_comes_while_the_mail_is_being_sent_has_another_morning(stand_ins: StandIns) -> None:
    stand_ins.mornings_to_come = 1
    begin(stand_ins)
    stand_ins.on_daily_mail = lambda: stand_ins.driver.signal(ID, Signal.LETTERS_WRITTEN)
    stand_ins.driver.wait(DAY)
    stand_ins.on_daily_mail = lambda: None
    assert runs(stand_ins)
    stand_ins.driver.wait(DAY)
    assert len(stand_ins.daily_mails) == 2
    assert not runs(stand_ins)


def test_what_has_gathered_is_sent_at_once_where_that_is_wanted(stand_ins: StandIns) -> None:
    stand_ins.mornings_to_come = 1
    begin(stand_ins)
    stand_ins.driver.signal(ID, Signal.SEND_HELD)
    stand_ins.driver.settle()
    assert [request.at_once for request in stand_ins.daily_mails] == [True]
    assert not runs(stand_ins)


def test_it_may_begin_with_what_has_gathered(stand_ins: StandIns) -> None:
    begin(stand_ins, at_once=True)
    assert [request.at_once for request in stand_ins.daily_mails] == [True]
    assert not runs(stand_ins)


def test_hr_of_a_case_hears_of_a_mail_that_was_refused_and_once(stand_ins: StandIns) -> None:
    # Given a manager's mail that is refused on two mornings
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: view["stage"] == "placement")
    stand_ins.daily_mails_refused = {case.view()["case"]: "550 5.1.1 unknown here", "R-GONE-DATA1": "550"}
    stand_ins.mornings_to_come = 2
    stand_ins.driver.start(DailyMail, daily_mail_id(MANAGER), DailyMailStart(person=MANAGER))
    stand_ins.driver.settle()
    stand_ins.driver.wait(3 * DAY)

    letters = [letter for delivery in stand_ins.delivered for letter in delivery.letters]
    (told,) = (letter for letter in letters if letter.template == "unreachable")
    assert (told.to, told.people, told.facts["why"]) == (HR, {"person": MANAGER}, "550 5.1.1 unknown here")
    assert len(stand_ins.daily_mails) == 2


def test_hr_of_a_case_hears_of_a_letter_that_can_not_be_written_and_once(stand_ins: StandIns) -> None:
    # Given two letters of a case to its manager that no daily mail can have, on two mornings; one is confidential, and
    # its name would say so
    case = PlacementByHand(stand_ins)
    case.go_on(lambda view: view["stage"] == "placement")
    stand_ins.set_aside = [SetAside(case=case.view()["case"], letter=key) for key in ("3-paused", "31-pulse")]
    stand_ins.mornings_to_come = 2
    stand_ins.driver.start(DailyMail, daily_mail_id(MANAGER), DailyMailStart(person=MANAGER))
    stand_ins.driver.settle()
    stand_ins.driver.wait(3 * DAY)

    letters = [letter for delivery in stand_ins.delivered for letter in delivery.letters]
    told = [letter for letter in letters if letter.template == "letter_not_written"]
    assert [(letter.to, letter.people, letter.facts["letter"]) for letter in told] == [
        (HR, {"person": MANAGER}, "3-paused"),
        (HR, {"person": MANAGER}, "31"),
    ]
    assert all(letter.at_once for letter in told)
    assert len(stand_ins.daily_mails) == 2
