"""Certificates on the command line, as far as it needs no server: starting, showing, saving."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from rich.console import Console
from temporalio.client import Client

from activities.certification.credentials import CredentialActivities
from cli.core.rendering import ids_in, rendered
from domain.certification.credentials import Credential, CredentialStatus, IssueRequest, StatusRequest
from domain.certification.exams import Attempt
from domain.certification.state import CertificationState, HeldCredential
from domain.certification.validity import coming_dates
from domain.core.skills import RequiredSkill, Source
from engine.settings import load_settings
from records.database import Database
from records.tables.learning import CertificateRecord, LevelRecord, ProfileRecord, ProfileSkillRecord
from service.certification.issuer import make_issuer_key
from tests.certifying import CERTIFICATE, SHOWN
from tests.cli.conftest import CommandLine
from tests.domain.factories import shipped_learning_policy

HR, HOLDER, CASE = "P-7LM2ZA", "P-7F3K2M", "C-7F3K2M-DATA-PRO"
START = ("certificate", "start", HOLDER, "DATA-PRO", "--role", "DATA1", "--as")
NOW = datetime.now(UTC)


@pytest.fixture
def certified(staffed: CommandLine, database: Database, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """The examples, with a certificate on offer and a client that can't be used."""

    async def no_client() -> Client:
        return None  # type: ignore[return-value]

    monkeypatch.setattr("cli.certification.commands.temporal", no_client)
    with database.session() as session:
        session.add(CertificateRecord(**CERTIFICATE.model_dump()))
        session.add(ProfileRecord(id="DATA1", title="Data analyst", source="own"))
        session.flush()
        session.add(
            ProfileSkillRecord(profile="DATA1", skill="sql", level=Decimal(5), importance=Decimal(4), mandatory=True)
        )
    return staffed


@pytest.fixture
def issued(certified: CommandLine, database: Database) -> CommandLine:
    """Somebody who once had a certificate, let it expire, earned it anew, and has it suspended."""
    make_issuer_key(load_settings())
    office = CredentialActivities(database, load_settings())
    for n, days_ago in ((1, 800), (2, 30)):
        at = NOW - timedelta(days=days_ago)
        request = IssueRequest(
            case=CASE,
            n=n,
            at=at,
            holder=HOLDER,
            certificate=CERTIFICATE,
            shown=SHOWN,
            valid_from=at,
            valid_until=at + timedelta(days=365),
        )
        credential = office.issue_credential(request)
    office.set_credential_status(
        StatusRequest(credential=credential.id, status=CredentialStatus.SUSPENDED, at=NOW, reason="looked into")
    )
    return certified


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        ((*START, "P-NOBODY"), 3, "P-NOBODY"),
        ((*START, "P-3MT8KW"), 1, "it is for HR (P-7LM2ZA)"),
        (("certificate", "start", HOLDER, "NONE", "--role", "DATA1", "--as", HR), 3, "no certificate NONE"),
        ((*START, HR), 1, f"{HOLDER} has gaps to DATA1, which an upskilling path closes: sql: level 0 of 5"),
    ],
)
def test_what_cannot_be_started_says_why(
    certified: CommandLine, words: tuple[str, ...], code: int, sentence: str
) -> None:
    assert sentence in certified.error(*words, code=code)["error"]


def test_hr_does_not_look_after_their_own_certificate(certified: CommandLine, database: Database) -> None:
    with database.session() as session:
        session.add(
            LevelRecord(
                person=HR,
                skill="sql",
                source=Source.TEST.value,
                found_on=NOW.date(),
                level=Decimal(6),
                by_person=HR,
                case_id=None,
            )
        )
    error = certified.error("certificate", "start", HR, "DATA-PRO", "--role", "DATA1", "--as", HR, code=1)
    assert f"the holder, {HR}, can't be the HR too" in error["error"]


def test_a_person_s_certificates_are_shown_as_they_stand(issued: CommandLine) -> None:
    found = issued.json("certificate", "show", HOLDER)
    assert [(certificate["n"], certificate["status"], certificate["reason"]) for certificate in found] == [
        (1, "expired", None),
        (2, "suspended", "looked into"),
    ]
    assert "DATA-PRO" in issued("certificate", "show", HOLDER)
    assert "has no certificate" in issued("certificate", "show", HR)
    assert issued.error("certificate", "show", "P-NOBODY", code=3)["kind"] == "unknown"


def test_a_saved_certificate_is_the_one_that_can_be_verified(issued: CommandLine, tmp_path: Path) -> None:
    files = issued.json("certificate", "save", CASE, "--to", str(tmp_path / "new" / "badges"))["files"]

    assert [Path(file).name for file in files] == [f"{CASE}-2.json", f"{CASE}-2.svg"]
    assert json.loads(Path(files[0]).read_text())["validUntil"].startswith(f"{NOW + timedelta(days=335):%Y-%m-%d}")
    for file in files:
        assert "suspended" in issued("certificate", "verify", file, code=1)
    error = issued.error("certificate", "save", CASE, "--n", "3", "--to", str(tmp_path), code=3)
    assert error["error"] == f"there is no certificate 3 of {CASE} in the records"


def test_a_directory_that_cannot_be_written_is_an_error(issued: CommandLine, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    error = issued.error("certificate", "save", CASE, "--to", str(file / "inside"), code=1)
    assert "can't be written" in error["error"]


def test_a_certification_is_shown_with_its_exams_and_what_is_to_come() -> None:
    passed = datetime(2027, 3, 1, 9, tzinfo=UTC)
    expiry = passed.replace(year=2028)
    policy = shipped_learning_policy()
    state = CertificationState.model_validate(
        {
            "case": CASE,
            "programme": "certification",
            "stage": "valid",
            "policy": policy,
            "stage_since": passed,
            "clock": {"began": passed, "began_really": passed, "seconds_per_day": 86_400},
            "parties": {"learner": HOLDER, "examiner": "P-EXAM"},
            "holder": HOLDER,
            "certificate": CERTIFICATE,
            "shown": [RequiredSkill(skill="sql", level=Decimal(5), importance=Decimal(4))],
            "role_title": None,
            "time_zone": "Europe/London",
            "country": "GB-ENG",
            "exams": [Attempt(n=1, at=passed, passed=True, by="P-EXAM", percent=88)],
            "credentials": [
                HeldCredential(
                    credential=Credential(
                        id="urn:uuid:00000000-0000-4000-8000-000000000000",
                        n=1,
                        valid_from=passed,
                        valid_until=expiry,
                    ),
                    since=passed,
                )
            ],
            "coming": coming_dates(passed, expiry, policy.certificate),
        }
    )
    view = state.view(passed)
    output = io.StringIO()
    console = Console(file=output, width=200, markup=False)
    for part in rendered(view, {HOLDER: "Amara"}):
        console.print(part)
    text = output.getvalue()
    assert "P-EXAM" in ids_in(view)
    assert "Amara (P-7F3K2M)" in text
    assert "sql at level 5" in text
    for row in (
        ["1", "2027-03-01", "passed", "88", "P-EXAM"],
        ["2027-09-01", "renewal opens"],
        ["2028-03-01", "expiry"],
    ):
        assert any(all(part in line for part in row) for line in text.splitlines()), row
