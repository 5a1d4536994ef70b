"""Who issues certificates: an Ed25519 key, and the DID that is made of it.

The DID is a ``did:key``: it *is* the public key, so whoever knows it can check a signature without asking anybody, now
and when no server of ours stands any more. Who the DID belongs to, it does not say; that, people have to be told.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from openbadgeslib.ob3 import add_data_integrity_proof, did_key_from_pem

from engine.proofs import check_proof, method_of
from engine.settings import Settings


class NoIssuerKey(Exception):
    """There is no key to sign with, or it can't be used. The text says what to do."""


@dataclass(frozen=True)
class Issuer:
    """Who signs: the key (PEM), its DID, and the name and address that stand in what is signed."""

    did: str
    name: str
    url: str
    key: bytes = field(repr=False)

    def sign(self, document: dict[str, Any], at: datetime) -> dict[str, Any]:
        """The document with an ``eddsa-rdfc-2022`` proof, made at that instant; the one given stays as it is.

        Raises :class:`engine.proofs.NotProven` rather than return something the proof does not cover whole, and
        ``openbadgeslib``'s errors for what can't be signed at all.
        """
        signed: dict[str, Any] = add_data_integrity_proof(document, self.key, method_of(self.did), created=at)
        check_proof(signed, self.did)
        return signed


def load_issuer(settings: Settings) -> Issuer:
    """The issuer of these settings. Raises :class:`NoIssuerKey`."""
    try:
        pem = settings.issuer_key.read_bytes()
    except FileNotFoundError:
        raise NoIssuerKey(
            "there is no issuer key where WAYMARK_ISSUER_KEY points to: make one with `starter.py certificate key "
            "--new`, once, and give the same file to every worker"
        ) from None
    except OSError as error:
        raise NoIssuerKey(f"the issuer key (WAYMARK_ISSUER_KEY) can't be read: {error.strerror}") from None
    return Issuer(did=_did(pem), name=settings.issuer_name, url=settings.issuer_url, key=pem)


def make_issuer_key(settings: Settings) -> Issuer:
    """Make the key of these settings, readable for its owner only. Raises :class:`NoIssuerKey` where one is already.

    Never called by a worker: several would make several keys, and each sign with its own.
    """
    path = settings.issuer_key
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(pem)
    except FileExistsError:
        raise NoIssuerKey(
            "there is an issuer key already; it is never replaced, because what it signed would lose its issuer"
        ) from None
    except OSError as error:
        raise NoIssuerKey(f"the issuer key (WAYMARK_ISSUER_KEY) can't be written: {error.strerror}") from None
    return load_issuer(settings)


def _did(pem: bytes) -> str:
    """The ``did:key`` of a private key."""
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise NoIssuerKey("the issuer key (WAYMARK_ISSUER_KEY) is no Ed25519 private key as PEM without a password")
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    did: str = did_key_from_pem(public)
    return did
