"""How the headers that we fill in are written: so that every mail program reads back what we meant.

The standard library folds a long name with a comma in such a way that it loses its quotes and names two recipients. So
what stands in these headers is made here, of pieces that need no quotes where they are long: encoded words (RFC 2047),
each on a line of its own. Values that the library or we have made of our own letters are kept and written as they are:
to read them again, as it would each time, took it more than all the rest of a mail. All else stays the library's.
"""

from __future__ import annotations

import base64
import re
from email.headerregistry import Address
from email.policy import EmailPolicy
from typing import Any, Self

LINE = 76
"""Letters of a line of a header; the rule is at most 78, and an encoded word has at most 75."""

_WORDS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,40}( [A-Za-z0-9!#$%&'*+/=?^_`{|}~-]{1,40})*")
"""Words of a name that need no quotes, none so long that it could not stand on a line."""
_PLAIN = re.compile(r"[!-~]{1,60}( [!-~]{1,60})*")
ENCODED = ("=?utf-8?b?", "?=")
BYTES = 45
"""Of a text, in one encoded word: 60 letters in base64, and 72 with its marks."""

ADDRESSES, TEXTS = frozenset({"from", "sender", "to"}), frozenset({"subject"})
AS_THEY_ARE = frozenset(
    {
        "auto-submitted",
        "content-disposition",
        "content-transfer-encoding",
        "content-type",
        "date",
        "message-id",
        "mime-version",
        "x-waymark-case",
    }
)
KEPT = TEXTS | AS_THEY_ARE
OURS = ADDRESSES | KEPT
"""Headers that are kept as the text they were given, and all that are made here."""


class Mailbox(str):
    """A header with one address, as it was meant. (The library would read it from text, and not always so.)"""

    name: str
    addresses: tuple[Address]

    def __new__(cls, name: str, address: Address) -> Self:
        mailbox = super().__new__(cls, str(address))
        mailbox.name, mailbox.addresses = name, (address,)
        return mailbox


class MailPolicy(EmailPolicy):
    """The policy of our mails. Seven-bit bodies pass through every server, also one that never heard of 8BITMIME."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**{"cte_type": "7bit", **settings})

    def header_max_count(self, name: str) -> int | None:
        """One of each that is written here; the library looks up the others."""
        return 1 if name.lower() in OURS else super().header_max_count(name)

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        """Keep what we write ourselves as it was given. Raises ``ValueError`` for more than one line."""
        if isinstance(value, Address) and name.lower() in ADDRESSES:
            return name, Mailbox(name, value)
        if name.lower() in KEPT and isinstance(value, str):
            if len(value.splitlines()) > 1:
                raise ValueError(f"{name} must be one line")
            return name, value
        return super().header_store_parse(name, value)

    def header_fetch_parse(self, name: str, value: Any) -> Any:
        """A header as it was kept."""
        return value if name.lower() in KEPT else super().header_fetch_parse(name, value)

    def fold(self, name: str, value: Any) -> str:
        """A header as it is written, in lines that end as the policy says."""
        return _written(name, value, self.linesep) or super().fold(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The same in bytes: ASCII, as all that we write is."""
        ours = _written(name, value, self.linesep)
        return ours.encode("ascii") if ours else super().fold_binary(name, value)


def _written(name: str, value: Any, linesep: str) -> str | None:
    """One of the headers that are made here; None for the others."""
    if isinstance(value, Mailbox):
        (address,) = value.addresses
        return _lines(name, [*phrase(address.display_name), f"<{address.addr_spec}>"], linesep)
    if name.lower() in TEXTS:
        return _lines(name, text(value), linesep)
    if name.lower() in AS_THEY_ARE and (name.lower() == "message-id" or len(name) + 2 + len(value) <= LINE):
        return f"{name}: {value}{linesep}"
    return None


def phrase(name: str) -> list[str]:
    """The words of somebody's name, as they stand before an address: none has a letter that would need quotes."""
    return name.split() if _WORDS.fullmatch(name) and "=?" not in name else encoded(name)


def text(value: str) -> list[str]:
    """The words of a subject. What only looks like an encoded word is encoded, lest it is read as one."""
    return value.split(" ") if _PLAIN.fullmatch(value) and "=?" not in value else encoded(value)


def encoded(value: str) -> list[str]:
    """A text as encoded words, of whole characters each. Between them there is nothing when they are read."""
    pieces: list[bytes] = [b""]
    for character in value:
        letter = character.encode("utf-8", "replace")
        if len(pieces[-1]) + len(letter) > BYTES:
            pieces.append(b"")
        pieces[-1] += letter
    return [base64.b64encode(piece).decode().join(ENCODED) for piece in pieces if piece]


def _lines(name: str, words: list[str], linesep: str) -> str:
    lines = [f"{name}:"]
    for word in words:
        if len(lines[-1]) + 1 + len(word) > LINE and lines[-1] != f"{name}:":
            lines.append("")
        lines[-1] += f" {word}"
    return linesep.join(lines) + linesep
