"""``verify``, ``key`` and ``status-lists``, as somebody types them."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from activities.certification.credentials import CredentialActivities
from cli.core.app import app
from domain.certification.credentials import CredentialStatus, StatusRequest
from domain.core.people import Person
from engine.settings import load_settings
from records.database import Database
from records.imports.core.people_and_roles import store_people
from records.imports.core.report import PeopleReport
from records.tables.certification import CredentialRecord
from service.certification.badges import picture
from tests.certificates import ADDRESS, AT, HOLDER, request
from tests.cli.conftest import CommandLine

ON = f"--at={AT + timedelta(days=30):%Y-%m-%d}"


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["certificate", *words])


def said(*words: str) -> Any:
    return json.loads(run(*words, "--json").stdout)


@pytest.fixture
def issued(database: Database, command: CommandLine, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate of P-AMARA's, as a file."""
    monkeypatch.delenv("WAYMARK_ISSUER_KEY", raising=False)
    holder = Person(id=HOLDER, name="Amara", email=ADDRESS, country="GB-ENG", languages=["en"], time_zone="UTC")
    with database.session() as session:
        store_people(session, PeopleReport(entries=1, people=[holder]))
    assert run("key", "--new").exit_code == 0
    credential = CredentialActivities(database, load_settings()).issue_credential(request())
    with database.reading() as session:
        document = session.get_one(CredentialRecord, credential.id).document
    return Path(command.file("certificate.json", document))


@pytest.fixture
def revoke(database: Database, issued: Path) -> Callable[[], None]:
    def now() -> None:
        credential = json.loads(issued.read_text())["id"]
        asked = StatusRequest(credential=credential, status=CredentialStatus.REVOKED, at=AT, reason="cheated")
        CredentialActivities(database, load_settings()).set_credential_status(asked)

    return now


def test_our_own_certificate_is_looked_up_in_our_records(issued: Path, revoke: Callable[[], None]) -> None:
    result = run("verify", str(issued), ON)
    assert result.exit_code == 0
    assert result.stdout.startswith(
        "Data professional: genuine, and valid until 2029-02-28.\nIssued by Waymark (did:key:"
    )
    assert "--holder" in result.stdout
    assert "--holder" not in run("verify", str(issued), ON, "--holder", ADDRESS).stdout
    assert said("verify", str(issued), ON, "--holder", ADDRESS)["finding"] == "valid"
    revoke()
    result = run("verify", str(issued), ON)
    assert (result.exit_code, result.stdout) == (1, "This was revoked by its issuer, for good.\n")


def test_others_verify_by_the_did_and_the_lists_alone(
    issued: Path, revoke: Callable[[], None], command: CommandLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given somebody who was told our DID and has our lists, but neither key nor records
    did = said("key")["did"]
    trust = command.file("trust.txt", f"# Example plc\n{did}  # since 2027\n")
    revocation, suspension = lists = [f"--status-list={file}" for file in said("status-lists")["files"]]
    assert "revocation" in revocation
    monkeypatch.setenv("WAYMARK_DATA_DIR", str(command.directory / "theirs"))
    file = command.directory / "badge.svg"
    file.write_bytes(picture(issued.read_text()))

    assert run("verify", str(file), ON, f"--issuer={did}", *lists).exit_code == 0
    assert run("verify", str(file), ON, f"--issuer={did}", suspension).exit_code == 0
    assert said("verify", str(issued), ON, f"--trust={trust}", revocation)["finding"] == "status unknown"
    assert not (command.directory / "theirs").exists()

    # when it is revoked, they need the newer lists to know
    monkeypatch.undo()
    monkeypatch.setenv("WAYMARK_DATA_DIR", str(command.directory / "data"))
    revoke()
    assert said("verify", str(issued), ON, f"--trust={trust}", *lists)["finding"] == "revoked"
    assert said("verify", str(issued), ON, f"--trust={trust}", suspension)["finding"] == "suspended or revoked"


def test_after_a_new_key_both_are_shown_and_trusted(issued: Path, revoke: Callable[[], None]) -> None:
    first = said("key")["did"]
    now = said("key", "--replace")
    assert now["did"] != first
    assert now["earlier"] == [first]
    assert first in run("key").stdout
    lists = [f"--status-list={file}" for file in said("status-lists")["files"]]
    assert said("verify", str(issued), ON)["finding"] == "valid"
    assert said("verify", str(issued), ON, *lists)["finding"] == "valid"
    revoke()
    assert said("verify", str(issued), ON)["finding"] == "revoked"
    assert said("verify", str(issued), ON, *lists)["finding"] == "revoked"


def test_what_can_not_be_told_ends_with_a_sentence(issued: Path, command: CommandLine) -> None:
    rubbish = command.file("rubbish.json", "{}")
    assert said("verify", rubbish)["finding"] == "not a credential"
    assert said("verify", str(issued), "--at=2031-01-01")["finding"] == "expired"
    assert run("verify", str(issued), ON, f"--status-list={rubbish}").exit_code == 1
    assert run("verify", str(issued), ON, "--issuer=did:web:example.org").exit_code == 1
    assert "--replace" in run("key", "--new").output
    assert run("key", "--new", "--replace").exit_code == 2


def test_without_a_key_it_says_what_to_do(command: CommandLine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WAYMARK_ISSUER_KEY", raising=False)
    result = run("verify", command.file("any.json", "{}"))
    assert result.exit_code == 2
    assert "--issuer" in result.output
    assert run("status-lists").exit_code == 2
