"""Signing and checking by ``eddsa-rdfc-2022``: W3C's own numbers, and two implementations that agree."""

from __future__ import annotations

from datetime import datetime

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from openbadgeslib.errors import LibOpenBadgesException
from openbadgeslib.ob3 import add_data_integrity_proof, resolve_verification_method, verify_data_integrity_proof

from service.certification.proofs import method_of
from tests.certificates import from_base58, hashes, signature_fits
from tests.service.certification import w3c_vector as vector

DID = f"did:key:{vector.PUBLIC_KEY}"
SECRET = b"\x80\x26"
"""The prefix (multicodec) of a secret Ed25519 key."""


def test_w3cs_test_vector_is_signed_to_the_byte() -> None:
    secret = from_base58(vector.SECRET_KEY.removeprefix("z")).removeprefix(SECRET)
    pem = Ed25519PrivateKey.from_private_bytes(secret).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    signed = add_data_integrity_proof(
        vector.UNSIGNED,
        pem,
        method_of(DID),
        created=datetime.fromisoformat(vector.CREATED),
        extra_contexts=vector.CONTEXTS,
    )
    assert signed["proof"] == {
        "type": "DataIntegrityProof",
        "cryptosuite": "eddsa-rdfc-2022",
        "created": vector.CREATED,
        "verificationMethod": f"{DID}#{vector.PUBLIC_KEY}",
        "proofPurpose": "assertionMethod",
        "proofValue": vector.PROOF_VALUE,
    }
    # and the implementation of the tests comes to the same canonical forms, and takes the signature
    assert hashes(signed, vector.CONTEXTS) == (vector.PROOF_HASH, vector.DOCUMENT_HASH)
    assert signature_fits(signed, DID, vector.CONTEXTS)
    verify_data_integrity_proof(signed, resolve_verification_method(method_of(DID)), extra_contexts=vector.CONTEXTS)


def test_w3cs_test_vector_tampered_with_is_refused_by_both() -> None:
    proof = {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "created": vector.CREATED}
    proof |= {"verificationMethod": method_of(DID), "proofPurpose": "assertionMethod", "proofValue": vector.PROOF_VALUE}
    changed = vector.UNSIGNED | {"name": "Alumna Credential", "proof": proof}
    assert not signature_fits(changed, DID, vector.CONTEXTS)
    with pytest.raises(LibOpenBadgesException):
        verify_data_integrity_proof(
            changed, resolve_verification_method(method_of(DID)), extra_contexts=vector.CONTEXTS
        )
