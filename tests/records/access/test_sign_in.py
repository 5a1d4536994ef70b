"""Signing in by mail: who gets a link, what opens with it, once, in which browser."""

from __future__ import annotations

import re
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from functools import partial

import pytest
from sqlalchemy import text

from domain.core.model import PersonId
from domain.core.sign_in import SignInMail
from records.database import Database
from records.tables.access import SessionRecord, SignInRecord
from records.tables.core import PersonRecord
from service.core.errors import Unfit
from service.core.sessions import Known, Sessions, new_secret
from service.core.sign_in import NotSignedIn, SignIn, network_of
from tests.office import MANAGER, RETURNER
from tests.records.access.people import CASE, STRANGER, staff, tell
from tests.records.access.signing_in import ADDRESS, HOME, AtOnce, House
from tests.records.rows import case_row

# A link


def test_a_link_signs_in_whose_address_it_went_to_once(house: House) -> None:
    browser = house.ask(" P-Manager@EXAMPLE.org ", onward="/tasks/R-1-4")
    (mail,) = house.mails

    signed_in = house.signing.redeem_link(mail.token, browser=browser)

    assert (mail.to, signed_in.person, signed_in.onward) == (MANAGER, MANAGER, "/tasks/R-1-4")
    viewer = house.sessions.session_of(signed_in.cookie)
    assert viewer is not None
    assert (viewer.person, viewer.language, viewer.time_zone) == (MANAGER, "en", "Europe/London")
    assert house.refuse(lambda: house.signing.redeem_link(mail.token, browser=browser)) == "over"


def test_a_stranger_hears_the_same_and_gets_no_mail(house: House) -> None:
    browser = house.ask("nobody@example.org")
    assert house.mails == []
    whys = [house.refuse(lambda: house.signing.redeem_code("123456", browser=browser)) for _ in range(4)]
    assert whys == ["wrong_code", "wrong_code", "over", "over"]  # as for somebody's address
    (asked,) = house.all(SignInRecord)
    assert (asked.person, asked.token) == (None, None)


def test_whoever_asks_does_not_wait_until_it_is_known_whose_address_it_is(database: Database) -> None:
    staff(database)
    looked_up: list[str] = []
    with ThreadPoolExecutor(1) as background:
        release: Future[None] = Future()
        background.submit(release.result)  # somebody else's mail, which hangs
        signing = SignIn(database, lambda mail: looked_up.append(mail.to), Sessions(database), background=background)
        for address in (ADDRESS, "nobody@example.org"):
            signing.begin(address, browser=new_secret(), source="192.0.2.7")
        assert looked_up == []
        release.set_result(None)
    assert looked_up == [MANAGER]


def test_a_link_counts_for_a_quarter_of_an_hour(house: House) -> None:
    browser = house.ask()
    house.later(minutes=15)
    assert house.refuse(lambda: house.signing.redeem_link(house.mails[0].token, browser=browser)) == "over"
    assert house.refuse(lambda: house.signing.redeem_code(house.mails[0].code, browser=browser)) == "over"


@pytest.mark.parametrize("other", [None, "another browser"])
def test_a_link_opens_nothing_in_another_browser_and_can_be_used_still(house: House, other: str | None) -> None:
    browser = house.ask()
    token = house.mails[0].token
    assert house.refuse(lambda: house.signing.redeem_link(token, browser=other)) == "elsewhere"
    assert house.signing.redeem_link(token, browser=browser).person == MANAGER


@pytest.mark.parametrize("token", ["", "x", "a" * 43, "\x00"])
def test_a_link_that_is_none_of_ours_opens_nothing(house: House, token: str) -> None:
    browser = house.ask()
    assert house.refuse(lambda: house.signing.redeem_link(token, browser=browser)) == "over"


def test_of_two_who_use_a_link_at_once_one_is_signed_in(house: House) -> None:
    browser = house.ask()

    def use(_: int) -> str | None:
        try:
            return house.signing.redeem_link(house.mails[0].token, browser=browser).cookie
        except NotSignedIn:
            return None

    with ThreadPoolExecutor(4) as threads:
        cookies = list(threads.map(use, range(4)))
    assert len([cookie for cookie in cookies if cookie]) == 1
    assert len(house.all(SessionRecord)) == 1


def test_no_secret_and_no_address_stands_in_the_records(house: House) -> None:
    browser = house.ask()
    mail = house.mails[0]
    signed_in = house.signing.redeem_link(mail.token, browser=browser)
    with house.database.reading() as session:
        rows = [str(session.execute(text(f"SELECT * FROM {table}")).all()) for table in ("sign_ins", "sessions")]
    for secret in (browser, mail.token, mail.code, signed_in.cookie, ADDRESS, "192.0.2.7"):
        assert secret not in "".join(rows).replace(mail.id, "")


# A code


def test_the_code_is_typed_in_the_browser_that_asked(house: House) -> None:
    browser = house.ask()
    code = house.mails[0].code
    assert re.fullmatch("[0-9]{6}", code)
    assert house.refuse(lambda: house.signing.redeem_code(code, browser="another")) == "over"
    assert house.signing.redeem_code(f" {code[:3]} {code[3:]}", browser=browser).person == MANAGER
    assert house.refuse(lambda: house.signing.redeem_code(code, browser=browser)) == "over"


def test_after_three_wrong_codes_only_the_link_is_left(house: House) -> None:
    browser = house.ask()
    mail = house.mails[0]
    wrong = "000000" if mail.code != "000000" else "111111"
    whys = [house.refuse(lambda: house.signing.redeem_code(wrong, browser=browser)) for _ in range(3)]
    assert whys == ["wrong_code", "wrong_code", "over"]
    assert house.refuse(lambda: house.signing.redeem_code(mail.code, browser=browser)) == "over"
    assert house.signing.redeem_link(mail.token, browser=browser).person == MANAGER


def test_of_many_codes_at_once_each_is_counted(house: House) -> None:
    browser = house.ask()
    wrong = [f"{n:06}" for n in range(20) if f"{n:06}" != house.mails[0].code]
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda code: house.refuse(lambda: house.signing.redeem_code(code, browser=browser)), wrong))
    (asked,) = house.all(SignInRecord)
    assert asked.tries == 3


# How often


def test_too_many_links_for_an_address_are_refused_whosever_it_is(house: House) -> None:
    for _ in range(5):
        house.ask(ADDRESS)
        house.ask("nobody@example.org")
    assert house.refuse(lambda: house.ask(ADDRESS)) == "too_many"
    assert house.refuse(lambda: house.ask("nobody@example.org")) == "too_many"
    assert len(house.mails) == 5
    house.later(hours=1, seconds=1)
    house.ask()
    assert len(house.mails) == 6


def test_nobody_keeps_somebody_from_signing_in_by_asking_for_links_for_them(house: House) -> None:
    for _ in range(5):
        house.ask(source="198.51.100.1")
    assert house.refuse(lambda: house.ask(source="198.51.100.1")) == "too_many"
    house.ask(source="192.0.2.7")
    assert len(house.mails) == 6


def test_nor_does_one_source_alone_by_asking_all_day(house: House) -> None:
    for _ in range(24):
        for _ in range(5):
            with suppress(NotSignedIn):
                house.ask(source="198.51.100.1")
        house.later(minutes=59)
    assert len(house.mails) == 8
    house.enter()


def test_codes_of_all_people_are_not_guessed_and_links_count_still(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    browsers = [house.ask(f"nobody{n}@example.org", source=f"192.0.2.{n}") for n in range(100)]
    for browser in browsers:
        for _ in range(3):
            house.refuse(partial(house.signing.redeem_code, "123456", browser=browser))
    mine = house.ask()
    mail = house.mails[-1]
    assert house.refuse(lambda: house.signing.redeem_code(mail.code, browser=mine)) == "over"
    assert "somebody may be guessing codes" in caplog.text
    assert house.signing.redeem_link(mail.token, browser=mine).person == MANAGER

    house.later(hours=1)
    later = house.ask()
    assert house.signing.redeem_code(house.mails[-1].code, browser=later).person == MANAGER


def test_what_was_used_does_not_count(house: House) -> None:
    for _ in range(8):
        house.enter()


def test_too_many_links_from_one_source_are_refused(house: House) -> None:
    for n in range(60):
        house.ask(f"nobody{n}@example.org")
    assert house.refuse(house.ask) == "too_many"
    assert house.mails == []


@pytest.mark.parametrize(
    ("source", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix", "unix"),
    ],
)
def test_a_source_is_whoever_may_have_all_of_its_addresses(source: str, network: str) -> None:
    assert network_of(source) == network


def test_a_mailbox_is_not_filled_from_many_sources(house: House) -> None:
    for n in range(40):
        house.ask(source=f"192.0.2.{n}")
    assert house.refuse(lambda: house.ask(source="203.0.113.1")) == "too_many"


def test_what_no_limit_counts_is_deleted(house: House) -> None:
    house.ask()
    house.later(days=1)
    house.ask()
    assert len(house.all(SignInRecord)) == 1


# Whose address it is


@pytest.mark.parametrize("address", ["", "manager", "a@b", "two@example.org, three@example.org", "x" * 300 + "@a.org"])
def test_what_is_no_address_is_told(house: House, address: str) -> None:
    with pytest.raises(Unfit, match="address"):
        house.ask(address)


def test_a_returner_signs_in_by_the_address_at_which_letters_reach_them(house: House) -> None:
    change(house, RETURNER, private_email=HOME)
    tell(house.database, case_row(person=RETURNER, stage="preboarding"), case=CASE)
    house.ask(HOME)
    house.ask("p-return@example.org")
    assert [(mail.to, mail.reach) for mail in house.mails] == [(RETURNER, "private")]

    tell(house.database, case_row(30, person=RETURNER, stage="placement"), case=CASE)
    house.ask(HOME)
    house.ask("p-return@example.org")
    assert [mail.reach for mail in house.mails] == ["private", "work"]


def test_an_address_that_several_share_signs_nobody_in(house: House) -> None:
    change(house, STRANGER, email=ADDRESS.upper())
    house.ask()
    assert house.mails == []


def test_an_address_in_another_script_is_the_same_one(house: House) -> None:
    change(house, STRANGER, email="ann@bücher.example")
    house.ask("Ann@xn--bcher-kva.example")
    house.ask("ann@bücher.example")
    assert [mail.to for mail in house.mails] == [STRANGER, STRANGER]


def test_whoever_has_left_gets_no_link_and_is_signed_out(house: House) -> None:
    signed_in = house.enter()
    pending = house.ask()
    change(house, MANAGER, left_on=date(2026, 5, 31))

    assert house.sessions.session_of(signed_in.cookie) is None
    assert house.refuse(lambda: house.signing.redeem_link(house.mails[-1].token, browser=pending)) == "over"
    sent = len(house.mails)
    house.ask()
    assert len(house.mails) == sent


@pytest.mark.parametrize("how", ["email", "private_email"])
def test_by_an_address_that_is_somebodys_no_more_nobody_signs_in_or_stays(house: House, how: str) -> None:
    # given somebody who is signed in by a link to one of their addresses, and has asked for another two
    address = ADDRESS if how == "email" else HOME
    if how == "private_email":
        change(house, MANAGER, private_email=HOME)
        tell(house.database, case_row(person=MANAGER, stage="preboarding"), case=CASE)
    cookie = house.enter(address).cookie
    by_hand = house.sessions.open(lambda *_: Known(MANAGER, by_hand=True)).cookie
    first, second = house.ask(address), house.ask(address)
    # when that becomes another
    change(house, MANAGER, **{how: "another@example.org"})
    # then whoever reads the mail there is signed out, what they type is not kept for them, and nothing lets them in
    assert house.sessions.session_of(cookie) is None
    assert house.sessions.lapsed(cookie) is None
    assert house.refuse(lambda: house.signing.redeem_link(house.mails[-2].token, browser=first)) == "over"
    assert house.refuse(lambda: house.signing.redeem_code(house.mails[-1].code, browser=second)) == "over"
    sent = len(house.mails)
    house.ask(address)
    assert len(house.mails) == sent
    # while they are let in by the new one, and stay signed in where no address was needed
    (shown,) = house.sessions.sessions_of(MANAGER, this=by_hand)
    assert shown.is_this
    assert house.sessions.session_of(house.enter("another@example.org").cookie) is not None


def test_an_address_that_is_only_written_otherwise_is_the_same(house: House) -> None:
    cookie = house.enter().cookie
    change(house, MANAGER, email=ADDRESS.upper(), private_email=HOME)
    assert house.sessions.session_of(cookie) is not None


def test_what_goes_wrong_with_a_mail_is_logged_without_the_address(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    staff(database)

    def fail(mail: SignInMail) -> None:
        raise RuntimeError("the disk is full")

    SignIn(database, fail, Sessions(database), background=AtOnce()).begin(
        ADDRESS, browser=new_secret(), source="192.0.2.7"
    )
    assert "a link to sign in was not sent" in caplog.text
    assert ADDRESS not in caplog.text


def change(house: House, person: PersonId, **values: object) -> None:
    with house.database.session() as session:
        record = session.get_one(PersonRecord, person)
        for name, value in values.items():
            setattr(record, name, value)
