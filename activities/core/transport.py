"""The two ways out for a mail: a mail server, or a Maildir on disk where there is none.

Errors name the server, never its password and never anybody's address: they end up in Temporal's histories.
"""

from __future__ import annotations

import os
import re
import smtplib
import ssl
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, unquote, urlsplit

TIMEOUT_SECONDS = 40.0
"""For each answer of the mail server. Long, because one that looks through a mail before it takes it must not be given
up just before it does."""

DEFAULT_PORTS = {"smtp": 25, "smtps": 465}
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
AUTHENTICATION_REQUIRED, CLOSING = 530, 421
"""Replies that mean the server and not this mail."""


class MailServerUnreachable(Exception):
    """Nothing can be sent now; later it may. The text says where and why."""


class NotNow(Exception):
    """The server does not take this mail now; later it may. Others aren't affected. The text says why."""


class RecipientRefused(Exception):
    """The server will never take this mail for this recipient; others aren't affected. The text says why."""


class Session(Protocol):
    """An open way out."""

    def send(self, mail: EmailMessage) -> None:
        """Send to the one in ``To``. Raises :class:`MailServerUnreachable`, :class:`NotNow` or
        :class:`RecipientRefused`."""


class Transport(Protocol):
    """A way out for mails."""

    def session(self) -> AbstractContextManager[Session]:
        """One for several mails; it connects with the first."""


def transport_for(smtp_url: str | None, maildir: Path) -> Transport:
    """The mail server at the URL, or without one a Maildir. Raises ``ValueError`` for a URL that can't be used."""
    return SmtpTransport(smtp_url) if smtp_url else MaildirTransport(maildir)


# A mail server


@dataclass(frozen=True)
class Server:
    """Where a mail server is, and who we are there. ``secure`` is TLS from the first byte."""

    host: str
    port: int
    secure: bool
    user: str | None = None
    password: str = field(default="", repr=False)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


def read_url(url: str) -> Server:
    """From ``smtp://user:password@host:port`` or ``smtps://...``; user, password and port may be left out.

    Raises ``ValueError`` with a sentence that doesn't repeat the URL.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise ValueError("the mail server's URL has a host or port that can't be read") from None
    if parts.scheme not in DEFAULT_PORTS:
        raise ValueError("the mail server's URL must begin with smtp:// or smtps://")
    if not parts.hostname or port == 0:
        raise ValueError("the mail server's URL must name a host (and a port from 1 to 65535, if any)")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("the mail server's URL must end after the port; write / ? # in a password as %2F %3F %23")
    if parts.password is not None and not parts.username:
        raise ValueError("the mail server's URL has a password without a user")
    return Server(
        host=parts.hostname,
        port=port or DEFAULT_PORTS[parts.scheme],
        secure=parts.scheme == "smtps",
        user=unquote(parts.username) if parts.username else None,
        password=unquote(parts.password or ""),
    )


class SmtpTransport:
    """Sends by SMTP, with STARTTLS wherever the server offers it. ``timeout`` is in seconds, for each answer.

    Certificates are verified against the system's authorities, or those of ``tls``.
    """

    def __init__(self, url: str, timeout: float = TIMEOUT_SECONDS, tls: ssl.SSLContext | None = None) -> None:
        self._server = read_url(url)
        self._timeout = timeout
        self._tls = tls or ssl.create_default_context()

    @contextmanager
    def session(self) -> Iterator[Session]:
        """One connection for several mails, made when the first is sent."""
        session = _SmtpSession(self._server, self._timeout, self._tls)
        try:
            yield session
        finally:
            session.close()


class _SmtpSession:
    def __init__(self, server: Server, timeout: float, tls: ssl.SSLContext) -> None:
        self._server = server
        self._timeout = timeout
        self._tls = tls
        self._connection: smtplib.SMTP | None = None

    def send(self, mail: EmailMessage) -> None:
        author = "Sender" if "Sender" in mail else "From"
        sender, recipient = (mail[header].addresses[0].addr_spec for header in (author, "To"))
        with self._errors():
            if self._connection is None:
                self._connection = self._connect()
            self._connection.send_message(mail, sender, [recipient])

    def close(self) -> None:
        if self._connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._connection.quit()
            self._connection.close()

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        connection = (
            smtplib.SMTP_SSL(server.host, server.port, timeout=self._timeout, context=self._tls)
            if server.secure
            else smtplib.SMTP(server.host, server.port, timeout=self._timeout)
        )
        try:
            self._introduce(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _introduce(self, connection: smtplib.SMTP) -> None:
        connection.ehlo_or_helo_if_needed()
        secure = self._server.secure
        if not secure and connection.has_extn("starttls"):
            connection.starttls(context=self._tls)
            connection.ehlo()
            secure = True
        if self._server.user is None:
            return
        if not secure and self._server.host not in LOOPBACK:
            raise MailServerUnreachable(
                f"mail server {self._server}: it offers no TLS, and the password isn't sent without"
            )
        connection.login(self._server.user, self._server.password)

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Every error as one of our three, without the address or password it may carry (nor as its cause)."""
        try:
            yield
        except smtplib.SMTPRecipientsRefused as error:
            code, message = next(iter(error.recipients.values()))
            raise self._refusal(code, message) from None
        except smtplib.SMTPDataError as error:
            raise self._refusal(error.smtp_code, error.smtp_error) from None
        except smtplib.SMTPResponseException as error:
            raise self._unreachable(_reply(error.smtp_code, error.smtp_error)) from None
        except smtplib.SMTPNotSupportedError as error:
            if self._connection is None:
                raise self._unreachable("it takes no login") from None
            raise RecipientRefused(without_addresses(str(error))) from None
        except (smtplib.SMTPException, OSError) as error:
            raise self._unreachable(without_addresses(str(error)) or type(error).__name__) from None

    def _refusal(self, code: int, message: bytes | str) -> MailServerUnreachable | NotNow | RecipientRefused:
        if code in (AUTHENTICATION_REQUIRED, CLOSING):
            return self._unreachable(_reply(code, message))
        reply = f"mail server {self._server}: {_reply(code, message)}"
        return RecipientRefused(_reply(code, message)) if 500 <= code < 600 else NotNow(reply)

    def _unreachable(self, why: str) -> MailServerUnreachable:
        return MailServerUnreachable(f"mail server {self._server}: {why}")


def _reply(code: int, message: bytes | str) -> str:
    text = message.decode("utf-8", "replace") if isinstance(message, bytes) else message
    return without_addresses(f"{code} {text}")


def without_addresses(text: str) -> str:
    """A server's words on one line without the mail addresses in them: they would stay in histories for ever."""
    return re.sub(r"[^\s<>]+@[^\s<>]+", "...", " ".join(text.split()))


# A Maildir


class MaildirTransport:
    """Puts each mail as one ``.eml`` file into a Maildir, which mail programs open.

    The file's name is made from the Message-ID: sending a mail again replaces its file, also where a mail program
    has moved it to ``cur``.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def session(self) -> Iterator[Session]:
        """The Maildir itself, made if it isn't there."""
        yield self

    def send(self, mail: EmailMessage) -> None:
        """Write the mail. Raises :class:`MailServerUnreachable` when the disk doesn't take it."""
        try:
            for part in ("tmp", "new", "cur"):
                (self._path / part).mkdir(parents=True, exist_ok=True)
            self._deliver(mail.as_bytes(), _file_name(str(mail["Message-ID"])))
        except OSError as error:
            raise MailServerUnreachable(f"Maildir {self._path}: {error.strerror or error}") from None

    def _deliver(self, content: bytes, name: str) -> None:
        temporary = self._path / "tmp" / f"{uuid.uuid4().hex}.eml"
        try:
            with temporary.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(self._place(name))
        except BaseException:
            temporary.unlink(missing_ok=True)  # each try would leave another one
            raise

    def _place(self, name: str) -> Path:
        seen = (path for path in (self._path / "cur").iterdir() if path.name.partition(":")[0] == name)
        return next(seen, self._path / "new" / name)


def _file_name(message_id: str) -> str:
    return f"{quote(message_id.strip('<>'), safe='@')}.eml"
