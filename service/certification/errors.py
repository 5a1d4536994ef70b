"""Why nobody is certified, and what is wrong with the keys of issuers."""

from __future__ import annotations

from service.core.errors import Refused


class HasGaps(Refused):
    """Whoever is to be certified can't do yet what the certificate asks for."""


class NoIssuerKey(Exception):
    """There is no key to sign with, or it can't be used. The text says what to do."""


class NoKeyYet(NoIssuerKey):
    """Nobody has made a key."""


class KeyNotMade(Refused):
    """A key can't be made, or replaced."""


class KeyIsThere(KeyNotMade):
    """A key was made already, and is not to be lost."""
