"""What the tests of certificates share: an issuer, requests, and a second implementation of ``eddsa-rdfc-2022``."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pyld import jsonld  # type: ignore[import-untyped]

from domain.certification.credentials import IssueRequest
from domain.core.skills import RequiredSkill
from domain.learning.catalogue import Certificate
from engine.settings import Settings, load_settings
from service.certification.issuer import Issuer, load_issuer, make_issuer_key

AT = datetime(2027, 3, 1, 9, 30, tzinfo=UTC)
UNTIL = AT + timedelta(days=730)
HOLDER, ADDRESS = "P-AMARA", "amara@example.org"

CERTIFICATE = Certificate(
    id="DATA-PRO",
    title="Data professional",
    description="Works with data on their own.",
    criteria="Passed an exam of two hours, with a person.",
    profile="DATA1",
    examiner="P-BO1",
)
SHOWN = [
    RequiredSkill(skill="sql", level=Decimal("4.5"), importance=Decimal(5)),
    RequiredSkill(skill="data & æsthetics", level=Decimal(3), importance=Decimal(2)),
]


def request(case: str = "U-7F3K2M-DATA1", n: int = 1, **changes: Any) -> IssueRequest:
    """A certificate to be issued to P-AMARA, valid for two years."""
    values: dict[str, Any] = {
        "case": case,
        "n": n,
        "at": AT,
        "holder": HOLDER,
        "certificate": CERTIFICATE,
        "shown": SHOWN,
        "valid_from": AT,
        "valid_until": UNTIL,
    }
    return IssueRequest(**(values | changes))


def settings_in(directory: Path, **more: Any) -> Settings:
    """Settings with everything in this directory, and an issuer of their own."""
    more.setdefault("issuer_key", directory / "issuer" / "issuer.pem")
    return load_settings(data_dir=directory, issuer_name="Example plc", issuer_url="https://badges.example.org", **more)


def issuer_in(directory: Path) -> Issuer:
    """The issuer of this directory; its key is made when it is first asked for."""
    settings = settings_in(directory)
    return load_issuer(settings) if settings.issuer_key.exists() else make_issuer_key(settings)


# A second implementation, of PyLD and cryptography only. The contexts alone are openbadgeslib's, as files.

CONTEXTS = {
    "https://www.w3.org/ns/credentials/v2": "credentials-v2.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json": "ob-v3p0-context-3.0.3.json",
    "https://purl.imsglobal.org/spec/ob/v3p0/extensions.json": "ob-v3p0-extensions.json",
}
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
ED25519 = b"\xed\x01"


def hashes(document: Mapping[str, Any], contexts: Mapping[str, Any] = {}) -> tuple[str, str]:
    """SHA-256 of the canonical proof options and of the canonical document, as hexadecimal digits."""
    options = {name: value for name, value in document["proof"].items() if name != "proofValue"}
    unsigned = {name: value for name, value in document.items() if name != "proof"}
    canonical = [_canonical(part, contexts) for part in (options | {"@context": document["@context"]}, unsigned)]
    first, second = (hashlib.sha256(text.encode()).hexdigest() for text in canonical)
    return first, second


def signature_fits(document: Mapping[str, Any], did: str, contexts: Mapping[str, Any] = {}) -> bool:
    """Whether the key of this ``did:key`` signed the RDF statements of the document."""
    multikey = from_base58(did.removeprefix("did:key:z"))
    assert multikey.startswith(ED25519)
    key = Ed25519PublicKey.from_public_bytes(multikey.removeprefix(ED25519))
    signature = from_base58(document["proof"]["proofValue"].removeprefix("z"))
    try:
        key.verify(signature, bytes.fromhex("".join(hashes(document, contexts))))
    except InvalidSignature:
        return False
    return True


def bit(status_list: Mapping[str, Any], index: int) -> bool:
    """One bit of a status list, the first being the highest of the first byte."""
    packed = status_list["credentialSubject"]["encodedList"].removeprefix("u")
    bits = gzip.decompress(base64.urlsafe_b64decode(packed + "=" * (-len(packed) % 4)))
    return bool(bits[index // 8] >> (7 - index % 8) & 1)


def from_base58(text: str) -> bytes:
    """The bytes of a base58btc text."""
    number = 0
    for letter in text:
        number = 58 * number + BASE58.index(letter)
    leading = len(text) - len(text.lstrip("1"))
    return bytes(leading) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def _canonical(document: Mapping[str, Any], contexts: Mapping[str, Any]) -> str:
    def load(url: str, _options: Any) -> dict[str, Any]:
        found = contexts.get(url) or json.loads((files("openbadgeslib.ob3.contexts") / CONTEXTS[url]).read_text())
        return {"contextUrl": None, "documentUrl": url, "document": found, "contentType": "application/ld+json"}

    options = {"algorithm": "URDNA2015", "format": "application/n-quads", "documentLoader": load}
    canonical: str = jsonld.normalize(document, options)
    return canonical
