"""Signing in by a link that comes by mail: how long it counts, how often one may be asked for, how long it lasts.

Numbers of the house's security, not of a programme: no policy changes them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from domain.core.letters import LetterFacts
from domain.core.model import Fixed, Instant, PersonId
from domain.core.post import Address

LINK_VALID = timedelta(minutes=15)
"""So long a link, and the code that comes with it, can be used; each once."""

CODE_DIGITS = 6
CODE_TRIES = 3
"""After so many wrong codes only the link is left: a million codes, and at most so many tries for each mail."""


class Limit(Fixed):
    """At most so many ``asked`` ``within`` that time."""

    asked: int
    within: timedelta


FROM_HERE_FOR_ADDRESS = Limit(asked=5, within=timedelta(hours=1))
"""From one source for one address. Only what nobody used counts, here and below."""
FROM_HERE_FOR_ADDRESS_A_DAY = Limit(asked=8, within=timedelta(days=1))
"""The same over a day, so that one source alone never reaches the limit of an address."""
FOR_ADDRESS = Limit(asked=40, within=timedelta(days=1))
"""For one address, from wherever: nobody fills a mailbox. Of five sources, so that not everybody can keep somebody from
signing in."""
FROM_SOURCE = Limit(asked=60, within=timedelta(hours=1))
"""From one source, for whatever addresses: a whole office may be one."""

WRONG_CODES = Limit(asked=300, within=timedelta(hours=1))
"""Wrong codes of all people together; after them only links sign in. Nobody guesses codes of many from many sources:
at this rate it takes three months until one is hit with even odds."""

KEPT = timedelta(days=1)
"""So long it is on record that somebody asked for a link: as long as a limit counts it."""

SEEN_EVERY = timedelta(minutes=1)
"""A session notes so often that somebody was there, and not at each page."""


class SessionRules(Fixed):
    """A session ends when nobody was there for ``idle``, and at the latest after ``longest``."""

    idle: timedelta = timedelta(hours=2)
    longest: timedelta = timedelta(hours=12)

    def is_over(self, last_seen_at: datetime, ends_at: datetime, now: datetime) -> bool:
        """Whether a session has ended by now."""
        return now >= ends_at or now >= last_seen_at + self.idle


class SignInMail(Fixed):
    """What is sent to somebody who asked for a link: the ``token`` that stands in it, and the ``code``, until then."""

    id: str
    at: Instant
    to: PersonId
    reach: Address
    token: str
    code: str
    ends_at: Instant


class SignInLink(LetterFacts):
    """Somebody has asked for a link to sign in, with their address; ``id`` is whose that is."""

    template: ClassVar[str] = "sign_in"

    id: PersonId
    link: str
    code: str
    until: Instant


class AddressChanged(LetterFacts):
    """A mail address of the reader was changed at this instant; until then they had the one to which this goes."""

    template: ClassVar[str] = "address_changed"

    id: PersonId
    changed_at: Instant


BROWSERS: Sequence[tuple[str, str]] = (
    ("Edg(?:e|A|iOS)?/", "Edge"),
    ("OPR/|Opera", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/|FxiOS/", "Firefox"),
    ("Chrome/|CriOS/|Chromium/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS: Sequence[tuple[str, str]] = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh|Mac OS X", "Mac"),
    ("Linux", "Linux"),
)
"""How browsers and systems call themselves, the more special ones first: most claim to be others too."""


def agent_in_words(user_agent: str) -> str:
    """``Firefox, Windows``, by how a browser calls itself: enough to know one's own again; empty of a stranger."""
    known = (_first(BROWSERS, user_agent), _first(SYSTEMS, user_agent))
    return ", ".join(filter(None, known))


def _first(known: Sequence[tuple[str, str]], user_agent: str) -> str | None:
    return next((name for pattern, name in known if re.search(pattern, user_agent[:1000])), None)
