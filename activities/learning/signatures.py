"""Who has signed a statement: one of the learning systems whose keys we hold, or nobody we believe.

xAPI (1.0.3, 2.6) signs by RSA with RS256, RS384 or RS512. Whom we believe is decided by the keys that an operator has
put in place, never by a key or certificate that comes with the statement itself.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from cryptography.x509 import load_pem_x509_certificate
from jwt.api_jws import PyJWS
from jwt.exceptions import InvalidTokenError

ALGORITHMS = ("RS256", "RS384", "RS512")
SHORTEST_KEY = 2048
"""Bits: shorter RSA keys can be broken (NIST SP 800-131A)."""

_JWS = PyJWS(ALGORITHMS)


class Forged(Exception):
    """A signature is nobody's whom we believe; the message says why."""


class Malformed(Exception):
    """It is no signature at all."""


class KeysUnusable(Exception):
    """A key of a learning system can't be read; the message names its file and what is wrong with it."""


def signed(signature: str, keys: Path) -> tuple[str, bytes]:
    """Who has signed (the name of their key's file, without ``.pem``), and what: the payload.

    ``signature`` is a JSON web signature in its compact form, ``keys`` the directory of the learning systems' public
    keys or certificates. Raises :class:`Malformed`, :class:`Forged`, or, where the key that is wanted may be one that
    can't be read, :class:`KeysUnusable`.
    """
    try:
        algorithm = _JWS.get_unverified_header(signature).get("alg")
    except InvalidTokenError:
        raise Malformed("its signature is malformed") from None
    if algorithm not in ALGORITHMS:
        raise Forged(f"it is not signed by {', '.join(ALGORITHMS[:-1])} or {ALGORITHMS[-1]}")
    unusable: list[str] = []
    for file in _files(keys):
        try:
            key = _key(file)
        except (OSError, ValueError, UnsupportedAlgorithm) as error:
            unusable.append(f"{file.name}: {_reason(error)}")
            continue
        try:
            payload: bytes = _JWS.decode(signature, key, algorithms=ALGORITHMS)
        except InvalidTokenError:
            continue
        return file.stem, payload
    if unusable:
        raise KeysUnusable("; ".join(unusable))
    raise Forged("no learning system whose key we hold has signed it")


def _files(keys: Path) -> list[Path]:
    """The files of keys, in the order of their names; none where there is no such directory yet."""
    try:
        return sorted(file for file in keys.iterdir() if file.suffix == ".pem")
    except FileNotFoundError:
        return []
    except OSError as error:
        raise KeysUnusable(f"{keys.name}: {_reason(error)}") from None


def _key(file: Path) -> RSAPublicKey:
    """A public key, or that of a certificate. How long a certificate is valid is not asked: its file stands there."""
    pem = file.read_bytes()
    key = load_pem_x509_certificate(pem).public_key() if b" CERTIFICATE-----" in pem else load_pem_public_key(pem)
    if not isinstance(key, RSAPublicKey):
        raise _NoKey("is not an RSA key")
    if key.key_size < SHORTEST_KEY:
        raise _NoKey(f"is shorter than {SHORTEST_KEY} bits")
    return key


class _NoKey(ValueError):
    """A key that we don't take."""


def _reason(error: Exception) -> str:
    if isinstance(error, _NoKey):
        return str(error)
    if isinstance(error, OSError):
        return error.strerror or type(error).__name__
    return "is no public key or certificate in PEM form"
