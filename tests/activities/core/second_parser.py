"""A second reader of mails: the standard library's older one for the parts, and RFC 5322 to the letter for addresses.

It knows nothing of how our mails are written, and forgives nothing.
"""

from __future__ import annotations

import base64
import quopri
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message
from email.policy import compat32

ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]"
ENCODED = re.compile(r"=\?utf-8\?([bq])\?([!->@-~]*)\?=")
TOKEN = re.compile(rf'\s+|(?P<atom>{ATEXT}+(?:\.{ATEXT}+)*)|(?P<quoted>"(?:[^"\\\r\n]|\\.)*")|(?P<special>[<>@,:;])')


@dataclass(frozen=True)
class Mailbox:
    """Who a header names."""

    name: str
    address: str


@dataclass(frozen=True)
class Read:
    """A mail as it was read."""

    headers: dict[str, str]
    parts: list[Message]

    def mailbox(self, header: str) -> Mailbox:
        """The one mailbox of a header. Raises ``ValueError`` for anything else."""
        return mailbox(self.headers[header])

    @property
    def subject(self) -> str:
        return decoded(self.headers["subject"])

    def part(self, kind: str) -> bytes:
        """The content of the one part of this kind."""
        (found,) = (part for part in self.parts if part.get_content_type() == kind)
        content = found.get_payload(decode=True)
        assert isinstance(content, bytes)
        return content


def read(content: bytes) -> Read:
    """A mail, as it goes over the wire. Raises ``ValueError`` for headers that are none."""
    head, found, _ = content.partition(b"\r\n\r\n")
    if not found or b"\n" in head.replace(b"\r\n", b"") or b"\r" in head.replace(b"\r\n", b""):
        raise ValueError("lines must end in CR LF")
    lines = head.decode("ascii").split("\r\n")
    if any(len(line) > 998 for line in lines) or any(not line.strip() for line in lines):
        raise ValueError("a line is too long, or of blanks only")
    headers: dict[str, str] = {}
    for line in re.sub(r"\r\n(?=[ \t])", "", "\r\n".join(lines)).split("\r\n"):
        name, colon, value = line.partition(":")
        if not colon or not re.fullmatch(r"[!-9;-~]+", name) or name.lower() in headers:
            raise ValueError(f"no header, or one that stands twice: {line!r}")
        headers[name.lower()] = value.strip()
    mail = message_from_bytes(content, policy=compat32)
    return Read(headers, [part for part in mail.walk() if not part.is_multipart()])


def mailbox(value: str) -> Mailbox:
    """The one mailbox in a header. Raises ``ValueError`` where there are more, or none."""
    tokens = _tokens(value)
    words: list[str] = []
    while tokens and tokens[0][0] in ("atom", "quoted"):
        words.append(tokens.pop(0)[1])
    if [kind for kind, _ in tokens] != ["<", "atom", "@", "atom", ">"]:
        raise ValueError(f"not one mailbox: {value!r}")
    return Mailbox(_phrase(words), f"{tokens[1][1]}@{tokens[3][1]}")


def _tokens(value: str) -> list[tuple[str, str]]:
    tokens, at = [], 0
    while at < len(value):
        found = TOKEN.match(value, at)
        if found is None:
            raise ValueError(f"not in a header: {value[at]!r}")
        kind = found.lastgroup
        if kind is not None:
            tokens.append((found[0] if kind == "special" else kind, found[0]))
        at = found.end()
    return tokens


def _phrase(words: list[str]) -> str:
    """A name: quotes taken away, encoded words decoded and joined to each other without what stands between them."""
    name, joins = "", False
    for word in words:
        is_encoded = ENCODED.fullmatch(word) is not None
        if name and not (joins and is_encoded):
            name += " "
        name += _word(word) if is_encoded else re.sub(r"\\(.)", r"\1", word.strip('"'))
        joins = is_encoded
    return name


def decoded(value: str) -> str:
    """A text with encoded words in it."""
    return ENCODED.sub(lambda word: _word(word[0]), re.sub(r"(?<=\?=)[ \t]+(?==\?)", "", value))


def _word(word: str) -> str:
    found = ENCODED.fullmatch(word)
    if found is None or len(word) > 75:
        raise ValueError(f"no encoded word: {word!r}")
    how, text = found.groups()
    content = base64.b64decode(text, validate=True) if how == "b" else quopri.decodestring(text.replace("_", " "))
    return content.decode("utf-8")
