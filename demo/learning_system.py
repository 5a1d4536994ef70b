"""A learning system for the demo and the tests: it has a key of its own, and signs what it says of people's courses."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from jwt.api_jws import PyJWS

from domain.core.model import PersonId
from domain.learning.catalogue import Iri
from domain.learning.xapi import Verb

HOME_PAGE = "https://people.example.org"
"""Where the accounts are that it names people by."""


class LearningSystem:
    """Says by xAPI statements who has completed, passed or failed what."""

    def __init__(self, name: str, key: rsa.RSAPrivateKey) -> None:
        self.name = name
        self._key = key

    @classmethod
    def open(cls, data_dir: Path, keys: Path, name: str = "academy") -> LearningSystem:
        """The one of a data directory: its private key is made there once, its public key goes to ``keys``.

        ``keys`` is the setting ``lms_keys`` of those who are to believe it.
        """
        file = data_dir / f"{name}-private.pem"
        if not file.exists():
            data_dir.mkdir(parents=True, exist_ok=True)
            made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
            file.touch(mode=0o600)
            file.write_bytes(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        key = load_pem_private_key(file.read_bytes(), password=None)
        assert isinstance(key, rsa.RSAPrivateKey)
        system = cls(name, key)
        keys.mkdir(parents=True, exist_ok=True)
        (keys / f"{name}.pem").write_bytes(system.public_pem)
        return system

    @property
    def public_pem(self) -> bytes:
        """Its public key in PEM form."""
        return self._key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def completed(
        self, learner: PersonId, activity: Iri, at: datetime, id: str | None = None, took: str | None = None
    ) -> str:
        """A signed statement that somebody has completed an activity."""
        return self.sign(statement(Verb.COMPLETED, learner, activity, at, id, took))

    def passed(
        self, learner: PersonId, activity: Iri, at: datetime, id: str | None = None, took: str | None = None
    ) -> str:
        """A signed statement that somebody has passed an activity."""
        return self.sign(statement(Verb.PASSED, learner, activity, at, id, took))

    def failed(
        self, learner: PersonId, activity: Iri, at: datetime, id: str | None = None, took: str | None = None
    ) -> str:
        """A signed statement that somebody has failed an activity."""
        return self.sign(statement(Verb.FAILED, learner, activity, at, id, took))

    def sign(self, said: dict[str, Any], algorithm: str = "RS256") -> str:
        """A JSON web signature of a statement in its compact form, as xAPI signs."""
        return PyJWS().encode(json.dumps(said).encode(), self._key, algorithm=algorithm)


def statement(
    verb: Verb, learner: PersonId, activity: Iri, at: datetime, id: str | None = None, took: str | None = None
) -> dict[str, Any]:
    """A statement as cmi5 has it, under a new id unless one is given.

    ``at`` is an instant, ``took`` how long it took by ISO 8601 (``PT1H30M``) where that was measured.
    """
    results: dict[Verb, dict[str, Any]] = {
        Verb.COMPLETED: {"completion": True},
        Verb.PASSED: {"success": True},
        Verb.FAILED: {"success": False},
    }
    return {
        "id": id or str(uuid.uuid4()),
        "actor": {"objectType": "Agent", "account": {"homePage": HOME_PAGE, "name": learner}},
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb.value}", "display": {"en": verb.value}},
        "object": {"objectType": "Activity", "id": activity},
        "result": {**results.get(verb, {}), **({"duration": took} if took else {})},
        "timestamp": at.astimezone(UTC).isoformat(),
    }
