"""Statements of learning systems, with real keys: what is believed, and what is not."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key
from cryptography.x509.oid import NameOID
from temporalio.exceptions import ApplicationError

from activities.learning.statements import StatementActivities
from demo.learning_system import LearningSystem, statement
from domain.learning.xapi import HandIn, Reading, Verb
from engine.settings import load_settings
from records.database import Database
from records.tables.core import PersonRecord
from tests.migrated import new_records

LEARNER, TWIN, OTHER_TWIN = "P-LEARNER", "P-TWIN1", "P-TWIN2"
COURSE = "https://lms.example.org/courses/sql"
AT = datetime(2026, 9, 7, 10, tzinfo=UTC)


class Desk:
    """Where statements are handed in: records with three people, and a directory of keys."""

    def __init__(self, directory: Path) -> None:
        self.keys = directory / "lms-keys"
        self.database = Database(f"sqlite:///{directory / 'records.db'}")
        settings = load_settings(data_dir=directory, lms_keys=self.keys)
        self._activities = StatementActivities(self.database, settings)

    def __call__(self, text: str) -> Reading:
        """What comes of handing in a text."""
        return self._activities.read_statement(HandIn(actor="P-SOMEONE", text=text))


def person(id: str, email: str) -> PersonRecord:
    return PersonRecord(
        id=id, name="…", email=email, time_zone="UTC", country="GB-ENG", languages=["en"], skills=[], preferences=[],
        mentor=False,
    )  # fmt: skip


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    new_records(tmp_path / "records.db").close()
    desk = Desk(tmp_path)
    with desk.database.session() as session:
        session.add(person(LEARNER, "Ada.Lovelace@Example.org"))
        session.add_all([person(TWIN, "twins@example.org"), person(OTHER_TWIN, "twins@example.org")])
    yield desk
    desk.database.close()


@pytest.fixture
def academy(desk: Desk, tmp_path: Path) -> LearningSystem:
    """A learning system that we believe."""
    return LearningSystem.open(tmp_path / "academy", desk.keys)


@pytest.fixture
def stranger(tmp_path: Path) -> LearningSystem:
    """A learning system whose key we don't hold, though it goes by the same name."""
    return LearningSystem.open(tmp_path / "stranger", tmp_path / "elsewhere")


def said(**changed: Any) -> dict[str, Any]:
    return statement(Verb.PASSED, LEARNER, COURSE, AT) | changed


def part(content: dict[str, Any]) -> str:
    """A part of a JSON web signature."""
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


def test_a_signed_statement_is_read(desk: Desk, academy: LearningSystem) -> None:
    id = "33cff416-e331-4c9d-969e-5373a1756120"
    reading = desk(academy.completed(LEARNER, COURSE, AT, id.upper()))
    found = reading.statement
    assert found is not None
    assert (found.id, found.person, found.verb, found.activity) == (id, LEARNER, Verb.COMPLETED, COURSE)
    assert (found.at, found.success, found.completion, found.signed_by) == (AT, None, True, "academy")
    assert Reading.model_validate_json(reading.model_dump_json()) == reading


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512"])
def test_all_of_xapis_algorithms_are_taken(desk: Desk, academy: LearningSystem, algorithm: str) -> None:
    assert desk(academy.sign(said(), algorithm)).statement


def test_a_statement_beside_its_signature_is_read_as_it_was_signed(desk: Desk, academy: LearningSystem) -> None:
    signed = said(timestamp=None)
    given = signed | {"timestamp": "2026-09-07T10:00:05Z", "stored": "2026-09-07T10:00:05Z", "authority": {}}
    reading = desk(json.dumps({"statement": given, "signature": academy.sign(signed)}))
    assert reading.statement
    assert reading.statement.at is None


def test_a_plain_statement_is_read_as_one_that_nobody_has_signed(desk: Desk) -> None:
    reading = desk(json.dumps(said()))
    assert reading.statement
    assert reading.statement.signed_by is None


def test_a_certificate_is_as_good_as_a_key(desk: Desk, tmp_path: Path) -> None:
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "LMS")])
    builder = x509.CertificateBuilder(name, name, private.public_key(), 1, AT, AT + timedelta(days=1))
    desk.keys.mkdir()
    (desk.keys / "vendor.pem").write_bytes(builder.sign(private, hashes.SHA256()).public_bytes(Encoding.PEM))
    reading = desk(LearningSystem("vendor", private).passed(LEARNER, COURSE, AT))
    assert reading.statement
    assert reading.statement.signed_by == "vendor"


def test_an_unknown_key_signs_for_nobody(desk: Desk, academy: LearningSystem, stranger: LearningSystem) -> None:
    forged = desk(stranger.passed(LEARNER, COURSE, AT))
    assert forged.forged == "no learning system whose key we hold has signed it"
    assert forged.statement is None


def test_without_any_keys_no_signature_is_believed(desk: Desk, stranger: LearningSystem) -> None:
    assert not desk.keys.exists()
    assert desk(stranger.passed(LEARNER, COURSE, AT)).forged


def test_a_payload_that_was_changed_after_signing_is_forged(desk: Desk, academy: LearningSystem) -> None:
    header, _, signature = academy.failed(LEARNER, COURSE, AT).split(".")
    assert desk(f"{header}.{part(said())}.{signature}").forged


def test_a_signature_of_another_statement_is_forged(desk: Desk, academy: LearningSystem) -> None:
    failed = academy.failed(LEARNER, COURSE, AT)
    assert desk(json.dumps({"statement": said(), "signature": failed})).forged


def test_no_algorithm_but_xapis_is_believed(desk: Desk, academy: LearningSystem) -> None:
    """Neither none at all, nor a secret that everybody knows: our own public key."""
    for none in ("none", "None", "", None):
        assert desk(f"{part({'alg': none})}.{part(said())}.").forged
    secret = (desk.keys / "academy.pem").read_bytes()
    for algorithm in ("HS256", "RS256"):
        signing_input = f"{part({'alg': algorithm})}.{part(said())}"
        digest = hmac.digest(secret, signing_input.encode(), hashlib.sha256)
        assert desk(f"{signing_input}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}").forged


def test_a_key_that_comes_with_the_statement_proves_nothing(
    desk: Desk, academy: LearningSystem, stranger: LearningSystem
) -> None:
    public = load_pem_public_key(stranger.public_pem)
    assert isinstance(public, rsa.RSAPublicKey)
    number = public.public_numbers().n
    modulus = base64.urlsafe_b64encode(number.to_bytes(256, "big")).decode().rstrip("=")
    header = {"alg": "RS256", "jwk": {"kty": "RSA", "e": "AQAB", "n": modulus}, "kid": "academy"}
    _, payload, signature = stranger.passed(LEARNER, COURSE, AT).split(".")
    assert desk(f"{part(header)}.{payload}.{signature}").forged


def test_a_statement_about_somebody_else_is_about_somebody_else(desk: Desk, academy: LearningSystem) -> None:
    for learner, known_as in ((TWIN, TWIN), ("P-NOBODY", None), ("somebody", None), ("P-X'; --", None)):
        reading = desk(academy.passed(learner, COURSE, AT))
        assert reading.statement
        assert reading.statement.person == known_as


@pytest.mark.parametrize(
    ("actor", "known_as"),
    [
        ({"mbox": "mailto:ADA.lovelace@example.org"}, LEARNER),
        ({"mbox_sha1sum": hashlib.sha1(b"mailto:ada.lovelace@example.org").hexdigest().upper()}, LEARNER),
        ({"mbox_sha1sum": hashlib.sha1(b"mailto:Ada.Lovelace@Example.org").hexdigest()}, LEARNER),
        ({"mbox": "mailto:eve@example.org"}, None),
        ({"mbox": "mailto:twins@example.org"}, None),
        ({"mbox": "mailto:nobody\0@example.org"}, None),
        ({"openid": "https://ada.example.org"}, None),
        ({"objectType": "Group", "mbox": "mailto:ada.lovelace@example.org"}, None),
    ],
)
def test_people_are_found_by_their_mail_address_too(
    desk: Desk, academy: LearningSystem, actor: dict[str, str], known_as: str | None
) -> None:
    reading = desk(academy.sign(said(actor=actor)))
    assert reading.statement
    assert reading.statement.person == known_as


@pytest.mark.parametrize(
    "text",
    [
        "hello",
        "aaa.bbb.ccc",
        "{",
        "[]",
        "{}",
        '{"id": 1, "id": 2}',
        "[" * 200_000,
        '{"statement": {}, "signature": "aaa.bbb.ccc"}',
    ],
)
def test_what_is_no_statement_is_neither_believed_nor_called_forged(
    desk: Desk, academy: LearningSystem, text: str
) -> None:
    reading = desk(text)
    assert reading.unusable
    assert (reading.statement, reading.forged) == (None, None)


def test_hostile_json_is_unusable_even_when_it_is_signed(desk: Desk, academy: LearningSystem) -> None:
    assert desk(academy.sign({"a": "b"})).unusable
    assert desk(academy.sign(said(result={"success": float("nan")}))).unusable
    deep: Any = {}
    for _ in range(300):
        deep = {"context": deep}
    assert desk(academy.sign(said(context=deep))).statement  # strange, but within what JSON allows


def test_a_key_that_cannot_be_read_calls_nobody_a_forger(
    desk: Desk, academy: LearningSystem, stranger: LearningSystem
) -> None:
    elliptic = ec.generate_private_key(ec.SECP256R1()).public_key()
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    (desk.keys / "aaa.pem").write_text("-----BEGIN PUBLIC KEY-----\nnonsense\n-----END PUBLIC KEY-----\n")
    (desk.keys / "elliptic.pem").write_bytes(elliptic.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    (desk.keys / "short.pem").write_bytes(LearningSystem("short", short).public_pem)

    assert desk(academy.passed(LEARNER, COURSE, AT)).statement  # the good key is enough
    with pytest.raises(ApplicationError) as waits:
        desk(stranger.passed(LEARNER, COURSE, AT))
    assert waits.value.type == "KeysUnusable"
    assert not waits.value.non_retryable
    for problem in ("aaa.pem: is no public key", "elliptic.pem: is not an RSA key", "short.pem: is shorter than 2048"):
        assert problem in str(waits.value)
    assert not any(str(desk.keys) in str(arg) for arg in waits.value.args)


def test_records_that_cant_be_reached_are_waited_for(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    academy = LearningSystem.open(tmp_path / "academy", desk.keys)
    with pytest.raises(ApplicationError) as waits:
        desk(academy.passed(LEARNER, COURSE, AT))
    assert waits.value.type == "RecordsUnreachable"
    assert not waits.value.non_retryable


def test_a_learning_system_stays_the_same_one(desk: Desk, academy: LearningSystem, tmp_path: Path) -> None:
    again = LearningSystem.open(tmp_path / "academy", desk.keys)
    assert again.public_pem == academy.public_pem
    assert (tmp_path / "academy" / "academy-private.pem").stat().st_mode & 0o077 == 0
