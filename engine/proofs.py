"""Data integrity proofs of the cryptosuite ``eddsa-rdfc-2022``, checked without a network.

What is signed is the set of RDF statements a document stands for, not its bytes. So a signature alone says nothing
about the JSON: the same statements can be spelled in a document that reads differently. ``openbadgeslib`` also checks
that the JSON is exactly how its contexts, which it ships, spell what was signed. In public it does so for badges only,
and by its own clock; we need it for status lists too, and at any instant, hence the function that has an underscore.
"""

from __future__ import annotations

import json
import re
from typing import Any

from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3 import OB3GuardUnavailable, resolve_verification_method, verify_data_integrity_proof
from openbadgeslib.ob3.contexts import document_loader
from openbadgeslib.ob3.ldp import MAX_LDP_DOCUMENT_BYTES, _check_json_ld_form

CRYPTOSUITE = "eddsa-rdfc-2022"
MAX_DOCUMENT_BYTES = MAX_LDP_DOCUMENT_BYTES

ED25519_DID = re.compile(r"did:key:z6Mk[1-9A-HJ-NP-Za-km-z]{44}")
"""A ``did:key`` of an Ed25519 key: the only kind of issuer that can be checked without asking anybody."""


class NotProven(Exception):
    """The document is not, as it reads, what its issuer signed."""


class NoDocument(Exception):
    """It is no JSON object, or none that everybody reads alike."""


def read_document(content: bytes) -> dict[str, Any]:
    """A JSON object of at most :data:`MAX_DOCUMENT_BYTES`. Raises :class:`NoDocument`, whatever the bytes are."""
    if len(content) > MAX_DOCUMENT_BYTES:
        raise NoDocument(f"it is longer than {MAX_DOCUMENT_BYTES:,} bytes")
    try:
        document = json.loads(content.decode("utf-8"), object_pairs_hook=_each_once)
    except (ValueError, RecursionError):
        raise NoDocument("it is no JSON") from None
    if not isinstance(document, dict):
        raise NoDocument("it is no JSON object")
    return document


def _each_once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; of a name that stands twice, one reader takes the first and another the last."""
    made = dict(members)
    if len(made) != len(members):
        raise ValueError("a name stands twice")
    return made


def issuer_of(document: dict[str, Any]) -> str | None:
    """Who a document says it is from; unproven."""
    issuer = document.get("issuer")
    said = issuer.get("id") if isinstance(issuer, dict) else issuer
    return said if isinstance(said, str) else None


def method_of(did: str) -> str:
    """The one key of a ``did:key``, as a proof names it."""
    return f"{did}#{did.removeprefix('did:key:')}"


def check_proof(document: dict[str, Any], did: str) -> None:
    """Raise :class:`NotProven` unless this issuer, a ``did:key`` of an Ed25519 key, signed what the JSON says.

    Raises ``OB3GuardUnavailable`` where the installed libraries can't check anything, which is no word on the document.
    """
    proof = document.get("proof")
    if not isinstance(proof, dict):
        raise NotProven("it is not signed")
    if not ED25519_DID.fullmatch(did) or proof.get("verificationMethod") != method_of(did):
        raise NotProven("it is not signed with its issuer's key")
    if proof.get("cryptosuite") != CRYPTOSUITE:
        raise NotProven(f"it is not signed by {CRYPTOSUITE}")
    try:
        verify_data_integrity_proof(document, resolve_verification_method(method_of(did)))
        _check_json_ld_form(document, proof, document_loader())
    except OB3GuardUnavailable:
        raise
    except LibOpenBadgesException as error:
        raise NotProven("its signature does not fit what it says") from error
