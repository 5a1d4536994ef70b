"""People as mails name them: a name that fits on one line, and an address that mail servers take."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from email import headerregistry
from email.utils import parseaddr
from urllib.parse import quote

from domain.core.addresses import for_mail
from domain.core.characters import one_line
from domain.core.languages import ENGLISH
from domain.core.post import Address

PLAIN_IN_A_URI = "!$'*+-._~"


class UnusableAddress(Exception):
    """What the records hold as somebody's address is none. The text doesn't repeat it."""


@dataclass(frozen=True)
class Contact:
    """Somebody's name and mail address, looked up when a letter is sent; and their private one, if they have one.

    ``daily`` is who has chosen one mail a day, and ``daily_since`` when; none where nobody knows, for ever.
    """

    name: str
    email: str
    time_zone: str | None = None
    language: str = ENGLISH
    """In which they are written to: one of :data:`domain.core.languages.LANGUAGES`."""
    private_email: str | None = None
    daily: bool = False
    daily_since: datetime | None = None

    @classmethod
    def parse(cls, text: str) -> Contact:
        """From ``Name <local@domain>``. Raises ``ValueError`` when there is no address in it."""
        name, email = parseaddr(text)
        try:
            return cls(name or email, email).for_mail()
        except UnusableAddress:
            raise ValueError(f"{text!r} is not one mail address, such as Waymark <waymark@example.org>") from None

    def gathers(self, at: datetime) -> bool:
        """Whether a letter that was written then can wait for their morning.

        Not what was written before they chose so: it may have been sent already, with nobody having noted it.
        """
        return self.daily and (self.daily_since is None or at >= self.daily_since)

    def address_for(self, reach: Address) -> Address:
        """Which of their addresses it is by which they are reached."""
        return "private" if reach == "private" and self.private_email else "work"

    def reached(self, reach: Address) -> Contact:
        """The same, with the address by which they are reached."""
        return replace(self, email=self.private_email) if reach == "private" and self.private_email else self

    def for_mail(self) -> Contact:
        """The same as it stands in headers and calendar entries alike. Raises :class:`UnusableAddress`."""
        try:
            return Contact(one_line(self.name), for_mail(self.email))
        except ValueError as broken:
            raise UnusableAddress(f"the address in the records can't be used: it {broken}") from None

    def as_header(self) -> headerregistry.Address:
        """For a header. Raises :class:`UnusableAddress`."""
        usable = self.for_mail()
        username, _, domain = usable.email.rpartition("@")
        return headerregistry.Address(usable.name, username, domain)

    def as_uri(self) -> str:
        """``mailto:local@domain`` (RFC 6068). Raises :class:`UnusableAddress`."""
        local, _, domain = self.for_mail().email.rpartition("@")
        return f"mailto:{quote(local, safe=PLAIN_IN_A_URI)}@{domain}"
