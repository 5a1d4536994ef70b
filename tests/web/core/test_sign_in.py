"""Signing in by mail, as people do it; and what each other way in gets."""

from __future__ import annotations

import asyncio
import shutil
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import func, select, update

from engine.devserver import ports
from records.tables.access import SessionRecord
from service.core.sessions import end_sessions
from tests.web.console import Console, Visitor, code_in, link_in, open_console, text_of
from web.core.sessions import ASKING, SESSION

MARGARET, GERMAN = "P-2QX8VD", "P-8KD4WZ"
OVER, ELSEWHERE = "This link no longer works", "You asked for this elsewhere"


async def asked(console: Console, visitor: Visitor, person: str = MARGARET, then: str = "/me", number: int = 1) -> str:
    """The link that somebody has asked for, and got by mail."""
    answer = await visitor.post("/sign-in", address=console.address_of(person), then=then)
    assert (answer.status, answer.header("location")) == (303, "/sign-in/sent")
    return link_in(await console.mail(console.address_of(person), number))


def sessions(console: Console) -> int:
    """How many sessions are on record."""
    with console.database.reading() as session:
        return session.scalar(select(func.count()).select_from(SessionRecord)) or 0


async def test_somebody_signs_in_by_the_link_and_gets_to_the_page_they_asked_for(console: Console) -> None:
    # given somebody who opens a page of theirs
    visitor = console.visitor()
    to_sign_in = await visitor.get("/me?done=mail")
    assert to_sign_in.header("location") == "/sign-in?then=%2Fme%3Fdone%3Dmail"
    assert 'name="then" value="/me?done=mail"' in (await visitor.follow(to_sign_in)).text
    # when they ask for a link, open it, and press the button
    link = await asked(console, visitor, then="/me?done=mail")
    assert "press the button" in (await visitor.get(link)).main
    signed_in = await visitor.post(link)
    # then they are on that page, as themselves
    assert signed_in.header("location") == "/me?done=mail"
    assert "Margaret Ashworth-Bell" in (await visitor.follow(signed_in)).main
    cookie = signed_in.cookies[SESSION]
    assert (cookie["path"], cookie["domain"], cookie["samesite"]) == ("/", "", "lax")
    assert cookie["secure"]
    assert cookie["httponly"]
    assert ASKING not in visitor.cookies


async def test_a_link_counts_once(console: Console) -> None:
    visitor = console.visitor()
    link = await asked(console, visitor)
    asking = visitor.cookies[ASKING]
    assert (await visitor.post(link)).status == 303
    replayed = Visitor(console.origin, {ASKING: asking})
    again = await replayed.post(link)
    assert (again.status, SESSION in replayed.cookies) == (403, False)
    assert OVER in again.main


async def test_looking_at_a_link_uses_nothing_up(console: Console) -> None:
    visitor, scanner = console.visitor(), console.visitor()
    link = await asked(console, visitor)
    for method in ("HEAD", "GET", "OPTIONS"):
        for somebody in (visitor, scanner):
            await somebody.send(method, link)
    assert sessions(console) == 0
    assert (await visitor.post(link)).status == 303


async def test_elsewhere_the_link_opens_nothing_and_the_code_goes_into_the_browser_that_asked(console: Console) -> None:
    # given a link that somebody asked for at their desk, and opens on their phone
    desk, phone = console.visitor(), console.visitor()
    link = await asked(console, desk)
    assert ELSEWHERE in (await phone.get(link)).main
    assert ELSEWHERE in (await phone.post(link)).main
    assert SESSION not in phone.cookies
    # when the code is typed at the desk
    code = code_in(await console.mail(console.address_of(MARGARET)))
    signed_in = await desk.post("/sign-in/code", code=code)
    # then that is where they are signed in
    assert signed_in.header("location") == "/me"
    assert sessions(console) == 1


async def test_a_code_is_not_found_by_trying(console: Console) -> None:
    visitor = console.visitor()
    await asked(console, visitor)
    code = code_in(await console.mail(console.address_of(MARGARET)))
    wrong = f"{(int(code) + 1) % 1_000_000:06}"
    said = [(await visitor.post("/sign-in/code", code=wrong)).main for _ in range(4)]
    assert "not the code of the mail" in said[0]
    assert "no longer works" in said[-1]
    right = await visitor.post("/sign-in/code", code=code)
    assert (right.status, sessions(console)) == (422, 0)
    # a code is of no use in a browser that has not asked for it
    assert (await console.visitor().post("/sign-in/code", code=code)).header("location") == "/sign-in"


async def test_link_and_code_end_after_a_quarter_of_an_hour(console: Console) -> None:
    visitor = console.visitor()
    link = await asked(console, visitor)
    code = code_in(await console.mail(console.address_of(MARGARET)))
    console.clock.skip(minutes=15, seconds=1)
    assert OVER in (await visitor.post(link)).main
    assert (await visitor.post("/sign-in/code", code=code)).status == 422


async def test_nobody_hears_whether_an_address_is_known(console: Console) -> None:
    known, stranger = console.visitor(), console.visitor()
    answers = [
        await visitor.post("/sign-in", address=address)
        for visitor, address in ((known, console.address_of(MARGARET)), (stranger, "nobody@example.org"))
    ]
    mail = await console.mail(console.address_of(MARGARET))
    pages = [await visitor.follow(answer) for visitor, answer in zip((known, stranger), answers, strict=True)]
    assert [answer.status for answer in answers] == [303, 303]
    headers = [sorted(name for name, _ in answer.headers) for answer in answers]
    assert headers[0] == headers[1]
    assert pages[0].text == pages[1].text
    assert mail["To"] == "Margaret Ashworth-Bell <margaret.ashworth.bell@example.org>"
    assert not list(console.mails("nobody@example.org"))
    # nor by trying codes
    wrong = f"{(int(code_in(mail)) + 1) % 1_000_000:06}"
    for _ in range(4):
        tried = [await visitor.post("/sign-in/code", code=wrong) for visitor in (known, stranger)]
        assert (tried[0].status, tried[0].text) == (tried[1].status, tried[1].text)


async def test_mails_and_pages_are_in_the_language_of_their_reader(console: Console) -> None:
    visitor = console.visitor()
    page = await visitor.get("/sign-in", Accept_Language="de-AT,de;q=0.9,en;q=0.5")
    assert '<html lang="de">' in page.text
    assert "Anmelden" in page.main
    await asked(console, visitor, GERMAN)
    mail = await console.mail(console.address_of(GERMAN))
    assert (mail["Subject"], mail["Content-Language"]) == ("Ihr Link zum Anmelden", "de")
    assert "öffnen Sie diesen Link" in text_of(mail)


async def test_too_many_mails_are_not_sent(console: Console) -> None:
    answers = [
        await console.visitor().post("/sign-in", address=console.address_of(MARGARET), then="/me") for _ in range(6)
    ]
    assert [answer.status for answer in answers] == [303] * 5 + [429]
    assert "Too many mails" in answers[-1].main


@pytest.mark.parametrize(
    "address", ["", "margaret", "a@b", "a@example.org, b@example.org", "a@example.org\r\nBcc: b@example.org"]
)
async def test_what_is_no_address_is_said_beside_the_field_and_stays_there(console: Console, address: str) -> None:
    refused = await console.visitor().post("/sign-in", address=address, then="/me")
    assert refused.status == 422
    assert "Error: Enter a mail address" in refused.main
    assert 'name="then" value="/me"' in refused.text
    assert not list(console.settings.maildir.glob("new/*"))


async def test_signing_in_ends_the_session_that_the_browser_had_and_keeps_no_given_one(console: Console) -> None:
    # given a browser with a session of somebody else, whose cookie an attacker knows
    planted = console.session("P-5HN3TC")
    visitor = Visitor(console.origin, {SESSION: planted})
    link = await asked(console, visitor)
    # when its owner signs in there
    await visitor.post(link)
    # then the cookie is another one, and the old one opens nothing
    assert visitor.cookies[SESSION] != planted
    assert (await Visitor(console.origin, {SESSION: planted}).get("/me")).status == 303


async def test_signing_out_ends_the_session_and_not_only_the_cookie(console: Console) -> None:
    visitor = console.visitor(MARGARET)
    kept = dict(visitor.cookies)
    out = await visitor.post("/sign-out")
    assert SESSION not in visitor.cookies
    assert "You have signed out." in (await visitor.follow(out)).main
    assert (await Visitor(console.origin, kept).get("/me")).status == 303


async def test_after_a_while_without_anybody_one_signs_in_again_and_is_back_where_one_was(console: Console) -> None:
    visitor = console.visitor(MARGARET)
    assert (await visitor.get("/me")).status == 200
    console.clock.skip(hours=2, minutes=1)
    asked_for = await visitor.get("/me")
    assert asked_for.header("location") == "/sign-in?then=%2Fme&ended=idle"
    assert "You were signed out, because nobody was here for a while." in (await visitor.follow(asked_for)).main


async def test_who_is_signed_out_is_told_why_as_far_as_the_records_know(console: Console) -> None:
    async def told(visitor: Visitor) -> str:
        asked_for = await visitor.get("/me")
        return (await visitor.follow(asked_for)).main

    # given somebody in two browsers, who signs out everywhere in one of them
    here, there = console.visitor(MARGARET), console.visitor(MARGARET)
    await here.post("/me/sign-out-everywhere")
    assert "You were signed out: by yourself somewhere else, or by HR." in await told(there)
    # or whom HR signs out
    signed_out = console.visitor(MARGARET)
    end_sessions(console.database, MARGARET, MARGARET)
    assert "by yourself somewhere else, or by HR." in await told(signed_out)
    # or whose mail address is not theirs any more, which is said to nobody
    changed = console.visitor(MARGARET)
    with console.database.session() as session:
        session.execute(update(SessionRecord).values(address="0" * 64))
    assert "You are not signed in any more." in await told(changed)
    # or who was there all the time, for half a day
    busy = console.visitor(MARGARET)
    for _ in range(11):
        console.clock.skip(hours=1, minutes=5)
        assert (await busy.get("/me")).status == 200
    console.clock.skip(minutes=10)
    sent = await busy.post("/me/language", language="de")
    assert "nobody stays signed in for longer than twelve hours. What you sent was not taken" in sent.main
    assert "nobody stays signed in for longer than twelve hours." in await told(busy)


async def test_a_page_that_follows_is_told_that_nobody_is_signed_in_and_given_no_form(console: Console) -> None:
    answer = await console.visitor().get("/board/events", Accept="text/html, text/event-stream")
    assert (answer.status, answer.text) == (401, "")


async def test_what_was_typed_into_a_form_outlives_the_session(console: Console) -> None:
    # given somebody who sends a form when their session has ended
    visitor = console.visitor(MARGARET)
    console.clock.skip(hours=2, minutes=1)
    sent = await visitor.post("/me/language", language="de", note='<b>"so"</b>')
    # then nothing is done, and all they typed is on a page that sends it once more
    assert sent.status == 401
    assert "it is not lost" in sent.main
    assert '<form method="post" action="/me/language">' in sent.text
    assert 'name="language" value="de"' in sent.text
    assert "&lt;b&gt;" in sent.text
    for path in ("/tasks/R-00001-DATA1-1", "/tasks/R-00001-DATA1-1/hand-on"):  # also where it can't be a draft
        moved = await visitor.post(path, to="Katharina Größl")
        assert (moved.status, 'name="to" value="Katharina Größl"' in moved.text) == (401, True)
    # and as soon as they have signed in again, that is taken
    again = console.visitor(MARGARET)
    assert (await again.post("/me/language", language="de")).status == 303
    # while whoever never was signed in is asked to do so
    assert (await console.visitor().post("/me/language", language="de")).status == 303


async def test_a_session_of_somebody_who_has_left_or_is_gone_opens_nothing(console: Console) -> None:
    visitor = console.visitor("P-NOBODY")
    assert (await visitor.get("/me")).status == 303


async def test_the_mail_goes_out_by_the_mail_server(filled: Path, tmp_path: Path) -> None:
    received: asyncio.Queue[bytes] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    class Taking:
        async def handle_DATA(self, server: object, session: object, envelope: object) -> str:  # noqa: N802
            loop.call_soon_threadsafe(received.put_nowait, envelope.content)  # type: ignore[attr-defined]
            return "250 OK"

    (port,) = ports.some_free(1)
    server = Controller(Taking(), hostname="127.0.0.1", port=port)
    server.start()
    try:
        shutil.copy(filled, tmp_path / "waymark.db")
        async with open_console(tmp_path, smtp_url=f"smtp://127.0.0.1:{port}") as console:
            await console.visitor().post("/sign-in", address="Margaret.Ashworth.Bell@EXAMPLE.org")
            mail = await asyncio.wait_for(received.get(), 30)
    finally:
        server.stop()
    assert b"Subject: Your link to sign in" in mail
