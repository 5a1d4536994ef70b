"""Whose an account at the identity provider is, as mail addresses go from one to another."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import text

from domain.core.access import Duty
from domain.core.model import PersonId
from records.tables.core import PersonRecord
from service.core.access import grant
from service.core.accounts import Account, Linked, NobodysAccount, accounts, link, sign_in_by, unlink
from service.core.sessions import SignedIn
from tests.office import HR, MANAGER
from tests.records.access.people import STRANGER
from tests.records.access.signing_in import ADDRESS, House

ISSUER, OTHER = "https://login.example.org", "other@example.org"


def enter(house: House, subject: str, address: str | None) -> SignedIn:
    """Sign in by an account for which the provider has verified this address, or none."""
    return sign_in_by(house.sessions, Account(ISSUER, subject, address))


def refused(house: House, subject: str, address: str | None) -> str:
    """Why an account signs nobody in."""
    with pytest.raises(NobodysAccount) as nobody:
        enter(house, subject, address)
    return nobody.value.why


def move(house: House, person: PersonId, address: str) -> None:
    """Somebody has another address."""
    with house.database.session() as session:
        session.get_one(PersonRecord, person).email = address


def linked(house: House, person: PersonId) -> list[Linked]:
    return list(accounts(house.database, person))


def test_an_account_and_what_began_by_it_count_as_long_as_its_address_is_its_persons(house: House) -> None:
    # given somebody who is signed in by an account
    cookie = enter(house, "a", ADDRESS.upper()).cookie
    (account,) = linked(house, MANAGER)
    assert (account.address, account.by_hand, account.counts) == (ADDRESS, False, True)
    assert house.sessions.session_of(cookie) is not None
    # by whatever address it has later
    assert enter(house, "a", None).person == MANAGER
    # when that address is theirs no more, then they are signed out, and the account alone lets nobody in
    move(house, MANAGER, OTHER)
    assert house.sessions.session_of(cookie) is None
    assert refused(house, "a", None) == "unverified"
    assert refused(house, "a", ADDRESS) == "nobody"
    assert not linked(house, MANAGER)[0].counts
    # until the provider has verified the one they have now
    assert enter(house, "a", OTHER).person == MANAGER
    (account,) = linked(house, MANAGER)
    assert (account.address, account.counts) == (OTHER, True)
    assert enter(house, "a", None).person == MANAGER


def test_an_address_that_goes_to_somebody_else_takes_no_account_with_it(house: House) -> None:
    enter(house, "a", ADDRESS)
    # when the address becomes that of another one
    move(house, MANAGER, OTHER)
    move(house, STRANGER, ADDRESS)
    # then the account that was known by it is neither's
    assert refused(house, "a", ADDRESS) == "changed"
    # and each signs in by one of their own, with an address of their own
    assert enter(house, "b", OTHER).person == MANAGER
    assert enter(house, "c", ADDRESS).person == STRANGER
    assert refused(house, "a", OTHER) == "another"
    # once somebody has unlinked it, the address says again whose it is
    unlink(house.database, None, STRANGER)
    unlink(house.database, None, MANAGER)
    assert enter(house, "a", ADDRESS).person == STRANGER


def test_an_account_that_was_linked_before_its_address_was_kept_is_known_by_its_address_once_more(house: House) -> None:
    enter(house, "a", ADDRESS)
    with house.database.session() as session:
        session.execute(text("UPDATE accounts SET address = NULL"))
    assert refused(house, "a", None) == "unverified"
    assert enter(house, "a", ADDRESS).person == MANAGER
    assert linked(house, MANAGER)[0].address == ADDRESS


def test_what_was_linked_by_hand_has_no_address(house: House, caplog: pytest.LogCaptureFixture) -> None:
    grant(house.database, HR, Duty.HR)
    link(house.database, ISSUER, "a", MANAGER, by=HR)
    cookie = enter(house, "a", None).cookie
    move(house, MANAGER, OTHER)
    assert house.sessions.session_of(cookie) is not None
    assert [(account.by, account.address, account.counts) for account in linked(house, MANAGER)] == [(HR, None, True)]
    # and who takes it back stands in the log
    with caplog.at_level(logging.INFO):
        assert unlink(house.database, ISSUER, MANAGER, by=HR) == 1
    (told,) = [vars(record) for record in caplog.records if "unlinked" in record.message]
    assert (told["person"], told["by"]) == (MANAGER, HR)
    assert house.sessions.session_of(cookie) is None
