"""Whether a document is, as it reads, what an issuer signed: a Data Integrity proof by ``eddsa-rdfc-2022``.

A signature of this kind covers the document's RDF statements and not its JSON. A name that stands twice, or a term
that RDF drops, is no part of them; the same statements can be spelled in a document that reads differently.
``openbadgeslib`` also checks that the JSON is exactly how its contexts, which it ships, spell what was signed. In
public it does so for badges only, and by its own clock; we need it for status lists too, and at any instant, hence the
function that has an underscore.

What is signed in another way is neither proven nor disproven here: that is :class:`Uncheckable`, never ``NotProven``.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3 import OB3GuardUnavailable, resolve_verification_method, verify_data_integrity_proof
from openbadgeslib.ob3.contexts import bundled_contexts, document_loader
from openbadgeslib.ob3.ldp import MAX_LDP_DOCUMENT_BYTES, _check_json_ld_form

from domain.core.json_text import NotJson, read_json

CRYPTOSUITE = "eddsa-rdfc-2022"
MAX_DOCUMENT_BYTES = MAX_LDP_DOCUMENT_BYTES

ED25519_DID = re.compile(r"did:key:z6Mk[1-9A-HJ-NP-Za-km-z]{44}")
"""A ``did:key`` of an Ed25519 key: the only kind of issuer that can be checked without asking anybody."""

JWT = re.compile(rb"\s*eyJ[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\.[A-Za-z0-9_.~=-]*\s*")
"""A JSON Web Token, or what is made of one: a header, a payload and a signature in base64."""

ENVELOPED = {"EnvelopedVerifiableCredential", "EnvelopedVerifiablePresentation"}
VC_CONTEXT = "https://www.w3.org/ns/credentials/v2"
NAMEABLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9:/._#-]{0,119}")
"""What a stranger wrote that may be repeated in a sentence: nothing that could be taken for our own words."""


class NotProven(Exception):
    """The document is not, as it reads, what its issuer signed."""


class NoDocument(Exception):
    """It is no JSON object, or none that everybody reads alike."""


class Uncheckable(Exception):
    """It may be genuine, but is made in a way that can't be checked here. The text says in which."""


def read_document(content: bytes) -> dict[str, Any]:
    """A JSON object of at most :data:`MAX_DOCUMENT_BYTES`.

    Raises :class:`NoDocument`, whatever the bytes are, or :class:`Uncheckable` for a JSON Web Token.
    """
    if len(content) > MAX_DOCUMENT_BYTES:
        raise NoDocument(f"it is longer than {MAX_DOCUMENT_BYTES:,} bytes")
    if JWT.fullmatch(content):
        raise Uncheckable(_IS_JWT)
    try:
        document = read_json(content.decode("utf-8"))
    except (NotJson, UnicodeDecodeError):
        raise NoDocument("it is no JSON") from None
    if not isinstance(document, dict):
        raise NoDocument("it is no JSON object")
    if any(kind in ENVELOPED for kind in types_of(document)):
        raise Uncheckable(_IS_JWT)
    return document


_IS_JWT = f"it is signed as a JSON Web Token (JWT), and only JSON with a proof by {CRYPTOSUITE} is looked into"


def types_of(document: dict[str, Any]) -> list[str]:
    """What a document says that it is: its ``type``, one or several."""
    found = document.get("type")
    return [kind for kind in (found if isinstance(found, list) else [found]) if isinstance(kind, str)]


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

    Of several proofs those count that are by the issuer's key and our suite; each must be good. Raises
    :class:`Uncheckable` where there is none of these but others, and ``OB3GuardUnavailable`` where the installed
    libraries can't check anything: neither is a word on the document.
    """
    proofs = _proofs_by(document, did)
    _check_contexts(document.get("@context"))
    for proof in proofs:
        _check_one(document | {"proof": proof}, proof, did)


def _proofs_by(document: dict[str, Any], did: str) -> list[dict[str, Any]]:
    """The proofs of a document that are this issuer's and can be checked."""
    found = document.get("proof")
    proofs = [proof for proof in (found if isinstance(found, list) else [found]) if isinstance(proof, dict) and proof]
    if not proofs:
        raise NotProven("it is not signed")
    if not ED25519_DID.fullmatch(did):
        raise Uncheckable("its issuer is known by another name than a did:key of an Ed25519 key")
    of_our_kind = [proof for proof in proofs if _kind(proof) == CRYPTOSUITE]
    if not of_our_kind:
        kinds = ", ".join(sorted({_named(_kind(proof)) for proof in proofs}))
        raise Uncheckable(f"it is signed by {kinds}, and only {CRYPTOSUITE} is looked into")
    by_issuer = [proof for proof in of_our_kind if proof.get("verificationMethod") == method_of(did)]
    if not by_issuer:
        raise NotProven("it is not signed with its issuer's key")
    if any("previousProof" in proof for proof in by_issuer):
        raise Uncheckable("its signature is one of a chain, and only those that stand by themselves are looked into")
    return by_issuer


def _kind(proof: dict[str, Any]) -> object:
    """How a proof was made: by its cryptographic suite, or for older kinds its type."""
    return proof.get("cryptosuite") if proof.get("type") == "DataIntegrityProof" else proof.get("type")


def _named(said: object) -> str:
    return said if isinstance(said, str) and NAMEABLE.fullmatch(said) else "something unnamed"


def _check_contexts(context: object) -> None:
    """Refuse contexts that we don't have: without them nobody can say what it was that was signed."""
    entries = context if isinstance(context, list) else [context]
    for entry in entries:
        if not isinstance(entry, str):
            raise Uncheckable("it brings its own definitions of words (a context within it)")
        if entry not in bundled_contexts():
            raise Uncheckable(f"its words are defined by a context that is not kept here: {_named(entry)}")
    if not entries or entries[0] != VC_CONTEXT:
        raise Uncheckable(f"its first context is not that of Verifiable Credentials 2.0 ({VC_CONTEXT})")


def _check_one(document: dict[str, Any], proof: dict[str, Any], did: str) -> None:
    if proof.get("proofPurpose") != "assertionMethod":
        raise NotProven("its signature was made for another purpose than to assert it")
    try:
        verify_data_integrity_proof(document, resolve_verification_method(method_of(did)))
        _check_json_ld_form(document, proof, document_loader())
    except OB3GuardUnavailable:
        raise
    except LibOpenBadgesException as error:
        if _ran_out(proof):
            raise Uncheckable("its signature was to count for a limited time only, which is over") from None
        raise NotProven("its signature does not fit what it says") from error


def _ran_out(proof: dict[str, Any]) -> bool:
    try:
        return datetime.fromisoformat(str(proof.get("expires"))) < datetime.now(UTC)
    except (ValueError, TypeError):
        return False
