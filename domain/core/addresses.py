"""Which mail addresses the mailer takes, and how they go out: one rule for imports, letters and invitations.

The domain may be an internationalised one: it goes out in its ASCII form, the same in every header and calendar
entry. The part before the @ may not: only some mail servers take such a part, and a letter would be refused for good.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST, LONGEST_LOCAL, LONGEST_DOMAIN = 254, 64, 253

_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_DOTS = re.compile("[.\u3002\uff0e\uff61]")
"""What separates the labels of a domain, by IDNA (RFC 3490)."""


def fault_of(address: str) -> str | None:
    """Why the mailer can't take this as somebody's address, as a rule that it breaks; None where it takes it."""
    try:
        sent = for_mail(address)
    except ValueError as broken:
        return str(broken)
    return None if "." in sent.rpartition("@")[2] else "must have a domain with a dot, such as example.org"


def for_mail(address: str) -> str:
    """The address as it stands in a mail: in ASCII, with its domain in small letters.

    A server within one's own house may have a domain without a dot. Raises ``ValueError`` with the rule that is
    broken, which doesn't repeat the address.
    """
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain or "@" in local:
        raise ValueError("must be one mail address: a name, one @, and a domain")
    _check_local(local)
    sent = f"{local}@{_domain_for_mail(domain)}"
    if len(sent) > LONGEST:
        raise ValueError(f"must not be longer than {LONGEST} characters, as mail servers count them")
    return sent


def comparable(address: str) -> str:
    """The same text for all ways to write one address: no difference of case, nor of a domain's form.

    What is no address is compared as it is, without case.
    """
    try:
        return for_mail(address).lower()
    except ValueError:
        return unicodedata.normalize("NFC", address).casefold()


def _check_local(local: str) -> None:
    if not local.isascii():
        raise ValueError("must have only ASCII letters before the @: mail servers refuse others there")
    if len(local) > LONGEST_LOCAL:
        raise ValueError(f"must not have more than {LONGEST_LOCAL} characters before the @")
    if not _ATOMS.fullmatch(local):
        raise ValueError("must have only letters, digits, single dots and !#$%&'*+-/=?^_`{|}~ before the @")


def _domain_for_mail(domain: str) -> str:
    labels = [_label_for_mail(label) for label in _DOTS.split(domain)]
    sent = ".".join(labels)
    if len(sent) > LONGEST_DOMAIN or labels[-1].isdigit():
        raise ValueError("must have the name of a domain after the @, such as example.org")
    return sent


def _label_for_mail(label: str) -> str:
    """One part of a domain, in ASCII.

    What IDNA would turn into something else (ß into ss, a wide letter into a narrow one) is refused and not guessed:
    it may be another domain, and so another person.
    """
    small = unicodedata.normalize("NFC", label.lower())
    try:
        sent = small if small.isascii() else small.encode("idna").decode("ascii")
        unchanged = small.isascii() or sent.encode("ascii").decode("idna") == small
    except UnicodeError:
        raise ValueError(_NOT_A_LABEL if small.isascii() else _NOT_INTERNATIONAL) from None
    if not unchanged:
        raise ValueError(_NOT_INTERNATIONAL)
    if not _LABEL.fullmatch(sent):
        raise ValueError(_NOT_A_LABEL)
    return sent


_NOT_A_LABEL = "must have a domain of letters, digits, hyphens and single dots after the @, such as example.org"
_NOT_INTERNATIONAL = "must have its internationalised domain in the form that mail servers use, which begins with xn--"
