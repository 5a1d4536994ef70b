"""Signing in by an account at the company's identity provider, a real one, and what each other way in gets."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from domain.core.access import Duty
from records.tables.access import GrantRecord
from records.tables.core import PersonRecord
from service.core.access import grant
from service.core.accounts import accounts, link, unlink
from tests.web.console import Answer, Console, Visitor, open_console
from tests.web.core.provider import Company, company
from tests.web.poisoned import program
from tests.web.watching import Watch
from web.core import account
from web.core.sessions import PENDING_SIGN_INS, SESSION

__all__ = ["company"]

MARGARET, BOSS = "P-2QX8VD", "P-5HN3TC"
OF_ALL, OTHER = "P-7DW9CU", "P-9QA5DT"


@pytest.fixture
async def console(filled: Path, tmp_path: Path, company: Company) -> AsyncIterator[Console]:
    """A console in which people sign in by the provider."""
    shutil.copy(filled, tmp_path / "waymark.db")
    async with open_console(tmp_path, **company.settings()) as console:
        company.know(console)
        yield console


async def provided(company: Company, visitor: Visitor, then: str = "") -> str:
    """Go to the provider, and be sent back: the address (path and query) at which one comes back."""
    gone = await visitor.get(f"/sign-in/account{then}")
    assert gone.status == 303
    return await sent_back(company, gone)


async def sent_back(company: Company, gone: Answer) -> str:
    """What the provider answers whoever was sent there."""
    there = urlsplit(gone.header("location"))
    at_provider = Visitor(f"http://{there.netloc}")
    answer = await at_provider.get(f"{there.path}?{there.query}")
    assert answer.status == 302, answer.text[:2000]
    back = urlsplit(answer.header("location"))
    return f"{back.path}?{back.query}"


def asked(gone: Answer) -> dict[str, str]:
    """What the provider is asked."""
    return {name: values[0] for name, values in parse_qs(urlsplit(gone.header("location")).query).items()}


def in_cookie(visitor: Visitor) -> list[list[Any]]:
    """Who is at the provider, by the browser's cookie."""
    found: list[list[Any]] = json.loads(base64.urlsafe_b64decode(visitor.cookies[PENDING_SIGN_INS]))
    return found


async def test_people_sign_in_by_their_account_and_are_known_by_it_whatever_its_address(
    console: Console, company: Company, window: Callable[..., Any]
) -> None:
    # given somebody whose account has her address, verified
    name = company.account(console.address_of(MARGARET).upper())
    page = await (await window()).new_page()
    # when she wants to see a page, and signs in by her account
    await page.goto(f"{console.origin}/me")
    assert not await page.get_by_label("Mail address").count()
    await page.get_by_role("link", name="Sign in by your account").click()
    # then she is there, without a word more
    await page.wait_for_url(f"{console.origin}/me")
    assert await page.get_by_role("link", name="My page: Margaret").count()
    (linked,) = accounts(console.database)
    assert (linked.person, linked.issuer, linked.subject, linked.by_hand) == (MARGARET, company.issuer, name, False)
    # and the next time by the account alone: its address is another one now, and not verified
    await page.get_by_role("button", name="Sign out", exact=True).click()
    company.claims.update({"email": console.address_of(BOSS), "email_verified": False})
    await page.get_by_role("link", name="Sign in by your account").click()
    await page.wait_for_url(f"{console.origin}/tasks")
    assert await page.get_by_role("link", name="My page: Margaret").count()


async def test_what_the_provider_is_asked_is_bound_to_this_browser_and_this_time(
    console: Console, company: Company
) -> None:
    visitor = console.visitor()
    gone = await visitor.get("/sign-in/account?then=/me")
    sent = asked(gone)
    assert gone.header("location").startswith(company.issuer)
    assert (sent["response_type"], sent["code_challenge_method"], sent["client_id"]) == ("code", "S256", "waymark")
    assert sent["scope"] == "openid email"
    ((state, nonce, verifier, _, onward),) = in_cookie(visitor)
    assert (state, nonce, onward) == (sent["state"], sent["nonce"], "/me")
    assert verifier not in gone.header("location")
    cookie = gone.cookies[PENDING_SIGN_INS]
    assert (cookie["max-age"], cookie["secure"], cookie["httponly"], cookie["samesite"]) == ("600", True, True, "lax")


async def test_a_callback_that_comes_once_more_is_a_page_of_ours(console: Console, company: Company) -> None:
    company.account(console.address_of(MARGARET))
    visitor = console.visitor()
    back = await provided(company, visitor)
    kept = dict(visitor.cookies)
    assert (await visitor.get(back)).status == 303
    assert PENDING_SIGN_INS not in visitor.cookies
    # in the same browser; and in one that has kept the cookie, where the provider refuses the code
    again = await Visitor(console.origin).get(back)
    replayed = await Visitor(console.origin, kept).get(back)
    for answer in (again, replayed):
        assert answer.status == 403
        assert "was done already" in answer.main
        assert SESSION not in answer.cookies


async def test_a_callback_without_its_own_state_signs_nobody_in(console: Console, company: Company) -> None:
    # given an attacker who has come back from the provider, and sends the address on
    company.account(console.address_of(MARGARET))
    back = await provided(company, console.visitor())
    victim = console.visitor()
    await provided(company, victim)
    # then it does not sign in whoever opens it, whether they are at the provider themselves or not
    for visitor in (console.visitor(), victim):
        assert (await visitor.get(back)).status == 403
        assert SESSION not in visitor.cookies
    for query in ("", "?code=x", "?state=", "?code=x&state=%C3%A9", "?error=access_denied"):
        assert (await victim.get(f"/sign-in/account/back{query}")).status == 403
    assert (await victim.get("/sign-in/account/back?code=%00&state=%00")).status == 404


@pytest.mark.parametrize("place", [1, 2], ids=["nonce", "code verifier"])
async def test_an_answer_to_another_question_signs_nobody_in(console: Console, company: Company, place: int) -> None:
    company.account(console.address_of(MARGARET))
    visitor = console.visitor()
    back = await provided(company, visitor)
    pending = in_cookie(visitor)
    pending[0][place] = "A" * 48
    visitor.cookies[PENDING_SIGN_INS] = base64.urlsafe_b64encode(json.dumps(pending).encode()).decode()
    assert (await visitor.get(back)).status == 403
    assert SESSION not in visitor.cookies
    assert not accounts(console.database)


@pytest.mark.parametrize(
    "claims",
    [{"aud": "another"}, {"iss": "https://evil.example"}, {"nonce": ""}, {"exp": 1_000_000_000}, {"sub": ""}],
    ids=lambda claims: next(iter(claims)),
)
async def test_a_word_that_is_not_for_us_signs_nobody_in(
    console: Console, company: Company, monkeypatch: pytest.MonkeyPatch, claims: dict[str, Any]
) -> None:
    company.account(console.address_of(MARGARET))
    visitor = console.visitor()
    back = await provided(company, visitor)
    company.alter_tokens(monkeypatch, claims)
    assert (await visitor.get(back)).status == 403
    assert SESSION not in visitor.cookies
    assert not accounts(console.database)


async def test_after_ten_minutes_one_begins_again(
    console: Console, company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    company.account(console.address_of(MARGARET))
    visitor = console.visitor()
    back = await provided(company, visitor)
    monkeypatch.setattr(account, "PENDING_SECONDS", 0)
    assert (await visitor.get(back)).status == 403


async def test_many_tries_fit_into_a_cookie_and_the_last_ones_count(console: Console, company: Company) -> None:
    company.account(console.address_of(MARGARET))
    visitor = console.visitor()
    gone = [await visitor.get(f"/sign-in/account?then=/tasks?{'a' * 350}{number}") for number in range(6)]
    assert len(visitor.cookies[PENDING_SIGN_INS]) < 4_000
    forgotten = await visitor.get(f"/sign-in/account/back?code=x&state={asked(gone[0])['state']}")
    assert "was done already" in forgotten.main
    assert (await visitor.get(await sent_back(company, gone[5]))).header("location").endswith("a5")
    assert (await visitor.get("/sign-in/account?then=https://evil.example")).status == 303
    assert in_cookie(visitor)[-1][4] == "/tasks"


@pytest.mark.parametrize(
    "cookie", ["", "x", "e30=", "W10=", "WzFd", "A" * 6_000, base64.b64encode(b"[" * 3_000).decode(), "é"]
)
async def test_a_forged_cookie_is_nobody_at_the_provider(console: Console, cookie: str) -> None:
    visitor = Visitor(console.origin, {PENDING_SIGN_INS: cookie.encode().decode("latin-1")})
    assert (await visitor.get("/sign-in/account/back?code=x&state=x")).status == 403


@pytest.mark.parametrize("verified", [False, None, "true", 1])
async def test_an_address_that_is_not_verified_is_nobodys(console: Console, company: Company, verified: object) -> None:
    name = company.account(console.address_of(MARGARET), email_verified=verified)
    refused = await signing_in(console, company)
    assert "is not confirmed" in refused.main
    assert name in refused.main
    assert not accounts(console.database)


async def signing_in(console: Console, company: Company) -> Answer:
    """What somebody gets who comes back from the provider."""
    visitor = console.visitor()
    answer = await visitor.get(await provided(company, visitor))
    assert (SESSION in visitor.cookies) == (answer.status == 303)
    return answer


@pytest.mark.parametrize("linked", [False, True])
async def test_whoever_has_left_or_is_unknown_is_not_let_in(console: Console, company: Company, linked: bool) -> None:
    company.account("nobody@example.org")
    assert "We don't know this account" in (await signing_in(console, company)).main
    company.account(console.address_of(MARGARET))
    if linked:
        assert (await signing_in(console, company)).status == 303
    with console.database.session() as session:
        session.get_one(PersonRecord, MARGARET).left_on = console.clock().date().replace(year=2020)
    assert "We don't know this account" in (await signing_in(console, company)).main


async def test_whoever_has_a_duty_is_not_known_by_an_address_alone(
    console: Console, company: Company, caplog: pytest.LogCaptureFixture
) -> None:
    # given an operator
    grant(console.database, BOSS, Duty.OPERATOR)
    name = company.account(console.address_of(BOSS))
    # then their address alone does not let them in; it is in the log
    refused = await signing_in(console, company)
    assert "has to be linked first" in refused.main
    assert name in refused.main
    assert any(vars(record).get("why") == "by_hand" for record in caplog.records)
    # but it does once somebody has said whose account it is
    link(console.database, company.issuer, name, BOSS)
    assert (await signing_in(console, company)).status == 303
    # and no more once that is taken back
    unlink(console.database, company.issuer, BOSS)
    assert (await signing_in(console, company)).status == 403


async def test_whoever_is_given_a_duty_is_not_known_by_an_address_any_more(console: Console, company: Company) -> None:
    # given somebody who is signed in by the address of their account
    name = company.account(console.address_of(MARGARET))
    visitor = console.visitor()
    await visitor.get(await provided(company, visitor))
    assert (await visitor.get("/me")).status == 200
    # when they get a duty, then they are signed in no more, and can't be by the address
    grant(console.database, MARGARET, Duty.OPERATOR)
    assert (await visitor.get("/me")).status == 303
    assert "has to be linked first" in (await signing_in(console, company)).main
    # but by an account of which somebody has said that it is theirs
    link(console.database, company.issuer, name, MARGARET)
    await visitor.get(await provided(company, visitor))
    assert (await visitor.get("/me")).status == 200


async def test_a_second_account_with_ones_address_is_not_ones_own(console: Console, company: Company) -> None:
    company.account(console.address_of(MARGARET))
    assert (await signing_in(console, company)).status == 303
    company.account(console.address_of(MARGARET))
    assert "You sign in by another account" in (await signing_in(console, company)).main
    assert len(accounts(console.database)) == 1


async def test_with_a_provider_nobody_signs_in_by_mail(console: Console) -> None:
    visitor = console.visitor()
    assert (await visitor.post("/sign-in", address=console.address_of(MARGARET))).status == 404
    assert (await visitor.post("/sign-in/code", code="123456")).status == 404
    assert (await visitor.post("/sign-in/token")).status == 404


async def test_beside_a_provider_mail_is_for_those_without_a_duty(
    filled: Path, tmp_path: Path, company: Company
) -> None:
    shutil.copy(filled, tmp_path / "waymark.db")
    async with open_console(tmp_path, **company.settings(sign_in_by_mail=True)) as console:
        grant(console.database, BOSS, Duty.OPERATOR)
        both = (await console.visitor().get("/sign-in")).main
        assert "Sign in by your account" in both
        assert "Send me a link" in both
        for person in (BOSS, MARGARET):
            await console.visitor().post("/sign-in", address=console.address_of(person))
        assert await console.mail(console.address_of(MARGARET))
    assert not list(console.mails(console.address_of(BOSS)))


async def test_a_provider_that_cant_be_reached_is_told_and_no_500(
    filled: Path, tmp_path: Path, company: Company
) -> None:
    shutil.copy(filled, tmp_path / "waymark.db")
    for wrong in ({"oidc_issuer": "http://localhost:1"}, {"oidc_issuer": f"{company.issuer}/elsewhere"}):
        async with open_console(tmp_path, **company.settings(**wrong)) as console:
            assert (await console.visitor().get("/sign-in/account")).status == 503


async def test_without_a_provider_there_is_no_such_page(filled: Path, tmp_path: Path) -> None:
    shutil.copy(filled, tmp_path / "waymark.db")
    async with open_console(tmp_path) as console:
        for path in ("/sign-in/account", "/sign-in/account/back"):
            assert (await console.visitor().get(path)).status == 404


async def test_what_an_account_is_called_stays_text(
    console: Console, company: Company, monkeypatch: pytest.MonkeyPatch, window: Callable[..., Any]
) -> None:
    # given an account whose name would run if a page let it
    company.account("nobody@example.org", email_verified=False)
    company.alter_tokens(monkeypatch, {"sub": program("x000x")})
    refused = await signing_in(console, company)
    assert "x000x" in refused.main
    # then the page that refuses it holds no element that is made of it
    watch = Watch(await (await window()).new_page())
    await watch.show(f"{console.origin}/sign-in/account/back", refused)
    assert not watch.noticed


async def test_hr_sees_by_which_address_an_account_is_linked_and_hr_of_all_roles_unlinks_it(
    console: Console, company: Company
) -> None:
    # given somebody who is signed in by the address of their account
    address = console.address_of(MARGARET)
    company.account(address)
    visitor = console.visitor()
    await visitor.get(await provided(company, visitor))
    grant(console.database, OF_ALL, Duty.HR)
    with console.database.session() as session:
        session.add(GrantRecord(person=BOSS, duty=Duty.HR, role="DATA1", granted_by=OF_ALL, granted_at=console.clock()))
    # when the address becomes another's, then they are signed out, and the account waits
    with console.database.session() as session:
        session.get_one(PersonRecord, MARGARET).email = "margaret@example.net"
        session.get_one(PersonRecord, OTHER).email = address
    assert (await visitor.get("/me")).status == 303
    refused = await signing_in(console, company)
    assert "Your account has to be linked anew" in refused.main
    # and all of HR see so, and by which address it was linked
    for person, may_unlink in ((BOSS, False), (OF_ALL, True)):
        page = await console.visitor(person).get(f"/people/{MARGARET}")
        assert f"by its address, {address}" in page.main
        assert "This address is theirs no more" in page.main
        assert ("Unlink their account" in page.main) is may_unlink
    assert (await console.visitor(BOSS).post(f"/people/{MARGARET}/unlink", _step="send")).status == 403
    assert accounts(console.database)
    # and HR of all roles unlinks it: it is that of whoever has the address
    hr = console.visitor(OF_ALL)
    done = await hr.follow(await hr.post(f"/people/{MARGARET}/unlink", _step="send"))
    assert "No account is linked any more" in done.main
    assert "No account at an identity provider is linked" in done.main
    assert (await signing_in(console, company)).status == 303
    assert [account.person for account in accounts(console.database)] == [OTHER]
