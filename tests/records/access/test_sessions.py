"""Sessions: how long they last, where somebody is signed in, and who ends them."""

from __future__ import annotations

import pytest

from domain.core.tasks import Refused
from records.tables.access import SessionRecord
from service.core.sessions import end_sessions, new_secret
from tests.office import HR, MANAGER
from tests.records.access.people import STRANGER
from tests.records.access.signing_in import NOW, House


def test_a_session_ends_when_nobody_was_there_and_at_the_latest_after_half_a_day(house: House) -> None:
    cookie = house.enter().cookie
    for _ in range(7):
        house.later(minutes=100)
        assert house.sessions.session_of(cookie) is not None
    house.later(minutes=20)
    assert house.sessions.session_of(cookie) is None

    cookie = house.enter().cookie
    house.later(hours=2)
    assert house.sessions.session_of(cookie) is None


def test_nobody_is_signed_in_by_a_cookie_that_is_none_of_ours(house: House) -> None:
    house.enter()
    (record,) = house.all(SessionRecord)
    for cookie in ("", "x", new_secret(), record.id):
        assert house.sessions.session_of(cookie) is None


def test_signing_in_makes_a_new_session_in_place_of_the_one_before(house: House) -> None:
    before = house.enter().cookie
    browser = house.ask()
    after = house.signing.redeem_link(house.mails[-1].token, browser=browser, before=before).cookie
    assert after != before
    assert house.sessions.session_of(before) is None
    assert house.sessions.session_of(after) is not None


def test_people_see_where_they_are_signed_in_and_sign_out_there_or_everywhere(house: House) -> None:
    here, there = house.enter().cookie, house.enter(agent="x").cookie
    others = house.enter("p-hr1@example.org").cookie

    shown = house.sessions.sessions_of(MANAGER, this=here)
    assert {(session.agent, session.is_this) for session in shown} == {("Firefox, Windows", True), ("", False)}
    (elsewhere,) = (session for session in shown if not session.is_this)
    assert house.sessions.session_of(elsewhere.id) is None

    assert not house.sessions.sign_out_there(HR, elsewhere.id)  # it is not theirs
    assert house.sessions.sign_out_there(MANAGER, elsewhere.id)
    assert house.sessions.session_of(there) is None

    again, pending = house.enter().cookie, house.ask()
    assert house.sessions.sign_out_everywhere(MANAGER, but=here) == 1
    assert house.sessions.session_of(again) is None
    assert house.sessions.session_of(here) is not None
    assert house.refuse(lambda: house.signing.redeem_link(house.mails[-1].token, browser=pending)) == "over"

    house.sessions.sign_out(here)
    assert house.sessions.session_of(here) is None
    assert house.sessions.session_of(others) is not None


def test_hr_signs_somebody_out_and_nobody_else_does(house: House) -> None:
    cookie = house.enter().cookie
    with pytest.raises(Refused, match="for themselves and HR"):
        end_sessions(house.database, MANAGER, STRANGER)
    assert end_sessions(house.database, MANAGER, HR) == 1
    assert house.sessions.session_of(cookie) is None


def test_whose_session_has_ended_by_itself_is_known_for_a_day_and_then_it_is_deleted(house: House) -> None:
    cookie = house.enter().cookie
    house.later(hours=3)
    house.ask("nobody@example.org")
    assert house.sessions.session_of(cookie) is None
    assert house.sessions.lapsed(cookie) is not None
    house.later(hours=36)
    assert house.sessions.lapsed(cookie) is None
    house.ask("nobody@example.org")
    assert house.all(SessionRecord) == []


def test_a_session_that_was_ended_is_nobodys(house: House) -> None:
    cookie = house.enter().cookie
    house.sessions.sign_out(cookie)
    assert house.sessions.lapsed(cookie) is None


def test_that_somebody_was_there_is_not_written_down_at_each_page(house: House) -> None:
    cookie = house.enter().cookie
    house.later(seconds=30)
    house.sessions.session_of(cookie)
    assert house.all(SessionRecord)[0].last_seen_at == NOW
    house.later(seconds=30)
    house.sessions.session_of(cookie)
    assert house.all(SessionRecord)[0].last_seen_at == house.now
