"""The ways out: login, TLS and silence of a real SMTP server, and a Maildir."""

from __future__ import annotations

import errno
import mailbox
import os
import shutil
import socket
import ssl
import subprocess
from email import message_from_bytes, policy
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from activities.core.transport import MaildirTransport, SmtpTransport, transport_for
from tests.activities.core.mailroom import CASE, CHEN, Book, Entries, Mailroom, fail, letter, running, send, smtp

# Login and TLS


def only_hr(*args: Any) -> AuthResult:
    data = args[-1]
    assert isinstance(data, LoginPassword)
    return AuthResult(success=(data.login, data.password) == (b"hr", b"s3cret/@"), handled=False)


@pytest.mark.filterwarnings("ignore:Requiring AUTH while not requiring TLS")
@pytest.mark.parametrize(("password", "goes_through"), [("s3cret%2F%40", True), ("guessed", False)])
def test_login(password: str, goes_through: bool, mailroom: Mailroom, entries: Entries, book: Book) -> None:
    with running(mailroom, authenticator=only_hr, auth_require_tls=False, auth_required=True) as server:
        transport = smtp(server, f"hr:{password}@")
        if goes_through:
            send(transport, entries, book, letter(1))
        else:
            error = fail(transport, entries, book, letter(1))
            assert "535" in str(error)
            assert password not in str(error)
    assert len(mailroom.mails) == goes_through


@pytest.mark.skipif(shutil.which("openssl") is None, reason="needs the openssl program to make a certificate")
@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_tls(scheme: str, tmp_path: Path, mailroom: Mailroom, entries: Entries, book: Book) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(certificate)]
    names = ["-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*make, *names], check=True, capture_output=True)
    ours = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    ours.load_cert_chain(certificate, key)
    tls: dict[str, Any] = (
        {"ssl_context": ours} if scheme == "smtps" else {"tls_context": ours, "require_starttls": True}
    )
    trusting = ssl.create_default_context(cafile=str(certificate))
    with running(mailroom, **tls) as server:
        url = f"{scheme}://127.0.0.1:{server.port}"
        assert "CERTIFICATE_VERIFY_FAILED" in str(fail(SmtpTransport(url), entries, book, letter(1)))
        send(SmtpTransport(url, tls=trusting), entries, book, letter(1))
    assert len(mailroom.mails) == 1


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("http://mail.example.org", "must begin with smtp:// or smtps://"),
        ("mail.example.org:25", "must begin with smtp:// or smtps://"),
        ("smtp://", "must name a host"),
        ("smtp://mail.example.org:0", "must name a host"),
        ("smtp://mail.example.org:mail", "can't be read"),
        ("smtp://hr:secret/word@mail.example.org", "can't be read"),
        ("smtp://hr@mail.example.org/inbox", "must end after the port"),
        ("smtp://:secret@mail.example.org", "without a user"),
    ],
)
def test_a_bad_url_is_refused_without_repeating_it(url: str, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=sentence) as caught:
        transport_for(url, tmp_path)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("speaks", [b"", b"220 ready\r\n"])
def test_a_server_that_stops_speaking_is_given_up(speaks: bytes, entries: Entries, book: Book) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def greet() -> None:
            connection, _ = listening.accept()
            connection.sendall(speaks)
            connection.recv(1000)
            connection.recv(1000)

        listener = Thread(target=greet, daemon=True)
        listener.start()
        error = fail(SmtpTransport(f"smtp://127.0.0.1:{port}", timeout=0.2), entries, book, letter(1))
        assert "timed out" in str(error)


# Maildir


def test_a_mail_sent_twice_is_one_file(tmp_path: Path, book: Book) -> None:
    transport = transport_for(None, tmp_path / "mail")
    assert isinstance(transport, MaildirTransport)
    for _ in range(2):
        send(transport, Entries(), book, letter(1), letter(2, to=CHEN))

    box = mailbox.Maildir(tmp_path / "mail", create=False)
    assert sorted(message["Message-ID"] for message in box) == [
        f"<{CASE}.1-paused@waymark.invalid>",
        f"<{CASE}.2-paused@waymark.invalid>",
    ]
    assert not list((tmp_path / "mail" / "tmp").iterdir())
    file = tmp_path / "mail" / "new" / f"{CASE}.1-paused@waymark.invalid.eml"
    read = message_from_bytes(file.read_bytes(), policy=policy.default)
    assert read["Subject"] == f"Placement {CASE} is paused"


def test_a_mail_that_was_read_is_replaced_where_it_lies(tmp_path: Path, book: Book) -> None:
    transport = MaildirTransport(tmp_path)
    send(transport, Entries(), book, letter(1))
    (file,) = (tmp_path / "new").iterdir()
    file.rename(tmp_path / "cur" / f"{file.name}:2,S")
    send(transport, Entries(), book, letter(1))
    assert [path.name for path in (tmp_path / "cur").iterdir()] == [f"{file.name}:2,S"]
    assert not list((tmp_path / "new").iterdir())
    assert len(mailbox.Maildir(tmp_path, create=False)) == 1


def test_a_disk_that_takes_nothing_is_waited_for(tmp_path: Path, entries: Entries, book: Book) -> None:
    (tmp_path / "mail").write_text("a file where the Maildir should be")
    error = fail(MaildirTransport(tmp_path / "mail"), entries, book, letter(1))
    assert error.type == "MailServerUnreachable"


def test_a_full_disk_leaves_no_empty_files(
    tmp_path: Path, entries: Entries, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("activities.core.transport.os.fsync", full)
    error = fail(MaildirTransport(tmp_path / "mail"), entries, book, letter(1))
    assert error.type == "MailServerUnreachable"
    assert not [path for path in (tmp_path / "mail").rglob("*") if path.is_file()]
