"""Who issues certificates: an Ed25519 key, and the DID that is made of it.

The DID is a ``did:key``: it *is* the public key, so whoever knows it can check a signature without asking anybody, now
and when no server of ours stands any more. Who the DID belongs to, it does not say; that, people have to be told.

A new key is a new issuer. The earlier ones are kept: what they signed can be revoked only by a list that they sign.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
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

from engine.settings import Settings
from service.certification.errors import KeyIsThere, KeyNotMade, NoIssuerKey, NoKeyYet
from service.certification.proofs import check_proof, method_of


@dataclass(frozen=True)
class Issuer:
    """Who signs: the key (PEM), its DID, and the name and address that stand in what is signed."""

    did: str
    name: str
    url: str
    key: bytes = field(repr=False)

    def sign(self, document: dict[str, Any], at: datetime) -> dict[str, Any]:
        """The document with an ``eddsa-rdfc-2022`` proof, made at that instant; the one given stays as it is.

        Raises :class:`NotProven` rather than return something the proof does not cover whole, and
        ``openbadgeslib``'s errors for what can't be signed at all.
        """
        signed: dict[str, Any] = add_data_integrity_proof(document, self.key, method_of(self.did), created=at)
        check_proof(signed, self.did)
        return signed


def load_issuer(settings: Settings) -> Issuer:
    """The issuer of these settings, who signs what is new. Raises :class:`NoIssuerKey`."""
    try:
        pem = settings.issuer_key.read_bytes()
    except FileNotFoundError:
        raise NoKeyYet(
            "there is no issuer key where WAYMARK_ISSUER_KEY points to: make one, once, and give the same file to "
            "every worker"
        ) from None
    except OSError as error:
        raise NoIssuerKey(f"the issuer key (WAYMARK_ISSUER_KEY) can't be read: {error.strerror}") from None
    return _issuer(settings, pem, "the issuer key (WAYMARK_ISSUER_KEY)")


def load_issuers(settings: Settings) -> dict[str, Issuer]:
    """All who signed certificates and whose keys are here, by DID: first who signs now, then the earlier ones.

    Raises :class:`NoIssuerKey`.
    """
    found = [load_issuer(settings)]
    for file in sorted(earlier_keys(settings).glob("*.pem")):
        what = f"the earlier issuer key {file.name}"
        try:
            found.append(_issuer(settings, file.read_bytes(), what))
        except OSError as error:
            raise NoIssuerKey(f"{what} can't be read: {error.strerror}") from None
    return {issuer.did: issuer for issuer in found}


def earlier_keys(settings: Settings) -> Path:
    """The directory with the keys that were replaced."""
    return settings.issuer_key.parent / "earlier"


def key_missing(did: str, settings: Settings) -> str:
    """What there is to do about certificates of an issuer whose key is not here."""
    return (
        f"certificates of {did} are about, and its key is not here: only that key can sign the list that revokes them; "
        f"put it into {earlier_keys(settings)}"
    )


def make_issuer_key(settings: Settings) -> Issuer:
    """Make the key of these settings, readable for its owner only. Raises :class:`KeyNotMade`.

    Never called by a worker: several would make several keys, and each sign with its own.
    """
    try:
        _make_directory(settings.issuer_key.parent)
        _write_new(settings.issuer_key, _new_key())
    except FileExistsError:
        raise KeyIsThere(
            "there is an issuer key already, and what it signed must not lose its issuer: replace it, which keeps it "
            "among the earlier ones",
            "refused",
        ) from None
    except OSError as error:
        raise KeyNotMade(f"the issuer key (WAYMARK_ISSUER_KEY) can't be written: {error.strerror}", "refused") from None
    return load_issuer(settings)


def replace_issuer_key(settings: Settings) -> Issuer:
    """Make a new key, and keep the present one among the earlier ones. Raises :class:`KeyNotMade`.

    The present key is kept before it is replaced, so that whatever stops this loses none.
    """
    try:
        present = load_issuer(settings)
    except NoIssuerKey as error:
        raise KeyNotMade(str(error), "refused") from None
    kept = earlier_keys(settings) / f"{present.did.removeprefix('did:key:')}.pem"
    try:
        _make_directory(kept.parent)
        _replace(kept, present.key)  # whole also where an attempt that was stopped has left a part of it
        _replace(settings.issuer_key, _new_key())
    except OSError as error:
        raise KeyNotMade(
            f"the issuer key (WAYMARK_ISSUER_KEY) can't be replaced: {error.strerror}", "refused"
        ) from None
    return load_issuer(settings)


def _new_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _make_directory(path: Path) -> None:
    path.mkdir(parents=True, exist_ok=True, mode=0o700)


def _write_new(path: Path, content: bytes) -> None:
    """Write a file that isn't there, for its owner only. Raises ``OSError``; then no half of it stays behind."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise


def _replace(path: Path, content: bytes) -> None:
    """Put a file in the place of what is there, if anything is: whole, or not at all."""
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    _write_new(draft, content)
    draft.replace(path)


def _issuer(settings: Settings, pem: bytes, what: str) -> Issuer:
    return Issuer(did=_did(pem, what), name=settings.issuer_name, url=settings.issuer_url, key=pem)


def _did(pem: bytes, what: str) -> str:
    """The ``did:key`` of a private key. ``what`` names it where it is none."""
    try:
        key = load_pem_private_key(pem, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise NoIssuerKey(f"{what} is no Ed25519 private key as PEM without a password")
    public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    did: str = did_key_from_pem(public)
    return did
