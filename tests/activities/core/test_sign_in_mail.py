"""The mail with the link by which somebody signs in: in their language, at once, to them alone."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from activities.core.contacts import Contact
from activities.core.sign_in_mail import SignInMailer
from activities.core.transport import SmtpTransport
from domain.core.sign_in import SignInMail
from tests.activities.core.mailroom import AMARA, AT, BO, SENDER, Book, Mailroom, free_port, running, smtp, three_people

MAIL = SignInMail(
    id="0f3e", at=AT, to=AMARA, reach="work", token="x7Kd9", code="042137", ends_at=AT + timedelta(minutes=15)
)
ADDRESS = "amara@example.org"


def link(token: str) -> str:
    return f"https://waymark.example.org/sign-in/{token}"


def test_link_and_code_come_at_once_also_to_who_has_chosen_one_mail_a_day() -> None:
    book = Book({AMARA: Contact("Amara Ökafor", ADDRESS, "Europe/Dublin", daily=True)})
    with running(mailroom := Mailroom()) as server:
        SignInMailer(book, smtp(server), SENDER, link)(MAIL)
    (mail,) = mailroom.mails
    text = mail.get_content()
    assert mailroom.recipients == [ADDRESS]
    assert mail["Subject"] == "Your link to sign in"
    assert "\n    https://waymark.example.org/sign-in/x7Kd9\n" in text.replace("\r\n", "\n")
    assert "    042137" in text
    assert "09:45 GMT" in text
    assert "042137" not in mail["Subject"]


def test_it_is_in_the_language_of_its_reader_and_goes_to_the_address_that_reaches_them() -> None:
    book = Book({AMARA: Contact("Amara", ADDRESS, "Europe/Berlin", language="de", private_email="a@home.example")})
    with running(mailroom := Mailroom()) as server:
        SignInMailer(book, smtp(server), SENDER, link)(MAIL.model_copy(update={"reach": "private"}))
    (mail,) = mailroom.mails
    assert mailroom.recipients == ["a@home.example"]
    assert (mail["Subject"], mail["Content-Language"]) == ("Ihr Link zum Anmelden", "de")
    assert "10:45 " in mail.get_content()


def test_a_busy_server_is_asked_again_and_one_that_refuses_is_not(caplog: pytest.LogCaptureFixture) -> None:
    with running(mailroom := Mailroom(falters_after=0)) as server:
        mailer = SignInMailer(three_people(), smtp(server), SENDER, link, waits=(0.0, 0.0))
        mailer(MAIL)
        assert mailroom.mails == []
        mailroom.falters_after = None
        mailer(MAIL)
        assert mailroom.recipients == [ADDRESS]
        mailroom.refused["bo@example.org"] = "550 5.1.1 unknown here"
        mailer(MAIL.model_copy(update={"to": BO}))
    reasons = [vars(record)["reason"] for record in caplog.records if record.levelno == logging.ERROR]
    assert len(reasons) == 2
    assert "451" in reasons[0]
    assert "550" in reasons[1]
    assert "example.org" not in caplog.text


def test_where_the_mail_server_cant_be_reached_it_is_logged_and_nothing_is_raised(
    caplog: pytest.LogCaptureFixture,
) -> None:
    unreachable = SmtpTransport(f"smtp://127.0.0.1:{free_port()}", timeout=5)
    SignInMailer(three_people(), unreachable, SENDER, link, waits=())(MAIL)
    assert "a link to sign in was not sent" in caplog.text


def test_nobody_gets_a_mail_who_is_not_on_record() -> None:
    with running(mailroom := Mailroom()) as server:
        SignInMailer(Book({}), smtp(server), SENDER, link)(MAIL)
    assert mailroom.mails == []
