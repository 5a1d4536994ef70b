"""Certificates, from being issued to arriving in a mailbox: each once, and their status published."""

from __future__ import annotations

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update
from temporalio.exceptions import ApplicationError
from temporalio.testing import ActivityEnvironment

from activities.certification.credentials import CredentialActivities
from activities.certification.mail_records import RecordsCredentials
from activities.core.mail import PostActivities
from activities.core.mail_records import RecordsAddressBook, RecordsLedger
from domain.certification.credentials import Credential, CredentialStatus, Finding, StatusRequest, Verdict
from domain.core.people import Person
from domain.core.post import Invitation, Letter, PostBatch
from engine.settings import Settings
from records.database import Database
from records.imports.core.people_and_roles import store_people
from records.imports.core.report import PeopleReport
from records.local_time import local_day
from records.queries.certification import credentials
from records.tables.certification import CredentialRecord
from records.tables.dispatch import MailRecord
from service.certification import status_lists
from service.certification.errors import KeyIsThere
from service.certification.issuer import (
    earlier_keys,
    load_issuer,
    load_issuers,
    make_issuer_key,
    replace_issuer_key,
)
from service.certification.publishing import publish_status_lists
from service.certification.verifying import lists_say, verify
from tests.activities.core.mailroom import SENDER, Mailroom, running, smtp
from tests.certificates import ADDRESS, AT, HOLDER, UNTIL, bit, request, settings_in, signature_fits

LATER = AT + timedelta(days=30)
VALID, SUSPENDED, REVOKED = CredentialStatus.VALID, CredentialStatus.SUSPENDED, CredentialStatus.REVOKED


@pytest.fixture
def issuing(database: Database, tmp_path: Path) -> Settings:
    """Settings with an issuer's key; P-AMARA is in the records."""
    holder = Person(id=HOLDER, name="Amara Ökafor", email=ADDRESS, country="GB-ENG", languages=["en"], time_zone="UTC")
    with database.session() as session:
        store_people(session, PeopleReport(entries=1, people=[holder]))
    settings = settings_in(tmp_path / "waymark")
    make_issuer_key(settings)
    return settings


@pytest.fixture
def activities(database: Database, issuing: Settings) -> CredentialActivities:
    return CredentialActivities(database, issuing)


def asked(
    credential: Credential, status: CredentialStatus, days: int = 1, why: str | None = "an audit"
) -> StatusRequest:
    return StatusRequest(credential=credential.id, status=status, at=AT + timedelta(days=days), reason=why)


def record(database: Database, credential: Credential) -> CredentialRecord:
    with database.reading() as session:
        return credentials.credential(session, credential.id)


def folder(settings: Settings, did: str = "") -> Path:
    """Where the lists of an issuer are, of the present one without a DID."""
    return settings.data_dir / "credentials" / "status" / (did or load_issuer(settings).did).removeprefix("did:key:")


def published(settings: Settings, did: str = "") -> dict[str, Any]:
    """An issuer's lists as they stand on disk, by purpose."""
    return {file.stem: json.loads(file.read_text()) for file in folder(settings, did).glob("*.json")}


def saying(lists: dict[str, Any]) -> dict[str, Any]:
    """What lists say, whenever they were signed."""
    dated = ("proof", "validFrom", "validUntil")
    return {
        purpose: {key: value for key, value in document.items() if key not in dated}
        for purpose, document in lists.items()
    }


def look(database: Database, settings: Settings, document: bytes) -> Verdict:
    """What whoever has the published lists says of it, which is what the records say too."""
    dids = list(load_issuers(settings))
    lists = [
        status_lists.read_status_list(file.read_bytes(), dids, LATER)
        for file in (settings.data_dir / "credentials" / "status").rglob("*.json")
    ]
    by_lists = verify(document, issuers=dids, status=lists_say(lists), now=LATER)
    by_records = verify(document, issuers=dids, status=credentials.status_by_records(database), now=LATER)
    assert by_lists == by_records
    return by_lists


# Issued once


def test_a_certificate_is_issued_and_verifies(
    database: Database, activities: CredentialActivities, issuing: Settings
) -> None:
    issued = activities.issue_credential(request())

    assert (issued.n, issued.valid_from, issued.valid_until) == (1, AT, UNTIL)
    kept = record(database, issued)
    assert (kept.case_id, kept.person, kept.certificate, kept.status) == (request().case, HOLDER, "DATA-PRO", "valid")
    document = json.loads(kept.document)
    assert signature_fits(document, load_issuer(issuing).did)
    assert document["credentialStatus"]["statusListIndex"] == str(kept.status_index)
    assert document["credentialStatus"]["statusListCredential"] == published(issuing)["suspension"]["id"]
    assert look(database, issuing, kept.document.encode()).valid


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "America/Los_Angeles", None])
def test_the_day_on_which_it_expires_is_that_of_where_it_was_earned(
    activities: CredentialActivities, zone: str | None
) -> None:
    for hour in (3, 22):
        until = UNTIL.replace(hour=hour)
        issued = activities.issue_credential(request(f"U-{hour}-DATA1", valid_until=until, time_zone=zone))
        assert issued.last_day == local_day(until, zone)


def test_issued_twice_it_is_one_document(database: Database, activities: CredentialActivities) -> None:
    first = activities.issue_credential(request())
    before = record(database, first).document
    assert activities.issue_credential(request(at=LATER)) == first
    assert record(database, first).document == before
    # and the next one of the same case is another
    assert activities.issue_credential(request(n=2)).id != first.id
    with database.reading() as session:
        assert credentials.count(session) == 2


def test_issued_at_once_each_has_a_place_of_its_own(
    database: Database, activities: CredentialActivities, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Given lists so short that who draws lots at once would often draw the same
    monkeypatch.setattr(status_lists, "FIRST_SIZE", 16)
    cases = [f"U-{n}" for n in (1, 2, 3, 4, 5, 6, 1, 2)]

    with ThreadPoolExecutor(len(cases)) as pool:
        issued = list(pool.map(lambda case: activities.issue_credential(request(case)), cases))

    assert len({credential.id for credential in issued}) == 6
    assert (issued[0], issued[1]) == (issued[6], issued[7])
    with database.reading() as session:
        places = list(session.scalars(select(CredentialRecord.status_index)))
    assert len(set(places)) == 6
    assert all(0 <= place < 16 for place in places)


def test_the_lists_grow_with_what_was_issued(
    database: Database, activities: CredentialActivities, issuing: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status_lists, "FIRST_SIZE", 8)
    issued = [activities.issue_credential(request(f"U-{n}")) for n in range(10, 20)]
    for credential in issued:
        activities.set_credential_status(asked(credential, SUSPENDED))
    for credential in issued:
        assert look(database, issuing, record(database, credential).document.encode()).finding is Finding.SUSPENDED


# What it stands like


def test_suspended_reinstated_revoked(database: Database, activities: CredentialActivities, issuing: Settings) -> None:
    issued, other = activities.issue_credential(request()), activities.issue_credential(request("U-OTHER"))
    document = record(database, issued).document.encode()
    place = record(database, issued).status_index

    activities.set_credential_status(asked(issued, SUSPENDED))
    assert look(database, issuing, document).finding is Finding.SUSPENDED
    assert bit(published(issuing)["suspension"], place)
    activities.set_credential_status(asked(issued, VALID, 2, None))
    assert look(database, issuing, document).valid
    activities.set_credential_status(asked(issued, REVOKED, 3, "cheated"))
    assert look(database, issuing, document).finding is Finding.REVOKED
    assert bit(published(issuing)["revocation"], place)
    assert bit(published(issuing)["suspension"], place)

    assert record(database, issued).document.encode() == document
    assert look(database, issuing, record(database, other).document.encode()).valid


def test_what_is_asked_again_or_late_changes_nothing(database: Database, activities: CredentialActivities) -> None:
    issued = activities.issue_credential(request())
    activities.set_credential_status(asked(issued, SUSPENDED, 1))
    activities.set_credential_status(asked(issued, SUSPENDED, 2, "another reason"))
    assert record(database, issued).status_reason == "an audit"
    activities.set_credential_status(asked(issued, VALID, 3, None))
    activities.set_credential_status(asked(issued, SUSPENDED, 1))  # given up as lost, and arrived after all
    assert record(database, issued).status == "valid"


def test_a_revoked_one_stays_revoked(database: Database, activities: CredentialActivities) -> None:
    issued = activities.issue_credential(request())
    activities.set_credential_status(asked(issued, REVOKED))
    activities.set_credential_status(asked(issued, REVOKED, 2))
    for status in (VALID, SUSPENDED):
        with pytest.raises(ApplicationError, match="revoked on 2027-03-02T09:30Z, for good") as refused:
            activities.set_credential_status(asked(issued, status, 3))
        assert (refused.value.type, refused.value.non_retryable) == ("Refused.conflict", True)
    assert record(database, issued).status_since == AT + timedelta(days=1)


def test_lists_that_were_lost_are_written_anew(
    database: Database, activities: CredentialActivities, issuing: Settings
) -> None:
    activities.set_credential_status(asked(activities.issue_credential(request()), REVOKED))
    before = published(issuing)
    for file in folder(issuing).iterdir():
        file.unlink()
    publish_status_lists(database, load_issuers(issuing), issuing)
    assert saying(published(issuing)) == saying(before)


# After a new key


def test_after_a_new_key_old_ones_stay_checkable_by_lists_of_their_own_issuer(
    database: Database, activities: CredentialActivities, issuing: Settings
) -> None:
    # Given one certificate by the first key, and one by the next
    first = load_issuer(issuing)
    old = activities.issue_credential(request())
    second = replace_issuer_key(issuing)
    new = activities.issue_credential(request("U-OTHER"))
    documents = {credential.id: record(database, credential).document.encode() for credential in (old, new)}
    assert [look(database, issuing, document).finding for document in documents.values()] == [Finding.VALID] * 2

    # when the old one is suspended, and later revoked
    activities.set_credential_status(asked(old, SUSPENDED))
    assert look(database, issuing, documents[old.id]).finding is Finding.SUSPENDED
    activities.set_credential_status(asked(old, REVOKED, 2))

    # then lists that the first issuer signed say so, and the new one is untouched
    assert look(database, issuing, documents[old.id]).finding is Finding.REVOKED
    assert look(database, issuing, documents[new.id]).valid
    for issuer, marked in ((first, True), (second, False)):
        lists = published(issuing, issuer.did)
        assert {status_list["issuer"] for status_list in lists.values()} == {issuer.did}
        assert all(signature_fits(status_list, issuer.did) for status_list in lists.values())
        assert bit(lists["revocation"], record(database, old).status_index) is marked


def test_a_key_that_was_kept_in_part_only_is_kept_whole_before_it_is_replaced(issuing: Settings) -> None:
    first = load_issuer(issuing)
    kept = earlier_keys(issuing) / f"{first.did.removeprefix('did:key:')}.pem"
    kept.parent.mkdir()
    kept.touch()  # the power went in the middle

    replace_issuer_key(issuing)

    assert kept.read_bytes() == first.key
    assert list(load_issuers(issuing))[1:] == [first.did]


def test_without_an_earlier_key_its_lists_stay_as_they_are_and_only_its_changes_wait(
    database: Database, activities: CredentialActivities, issuing: Settings, tmp_path: Path
) -> None:
    first = load_issuer(issuing)
    old = activities.issue_credential(request())
    replace_issuer_key(issuing)
    (kept,) = earlier_keys(issuing).iterdir()
    kept.rename(tmp_path / kept.name)
    before = published(issuing, first.did)

    activities.issue_credential(request("U-OTHER"))
    with pytest.raises(ApplicationError, match=first.did) as waits:
        activities.set_credential_status(asked(old, REVOKED))
    assert (waits.value.type, waits.value.non_retryable) == ("NoIssuerKey", False)
    assert published(issuing, first.did) == before
    assert publish_status_lists(database, load_issuers(issuing), issuing).without_key == [first.did]

    (tmp_path / kept.name).rename(kept)
    activities.set_credential_status(asked(old, REVOKED))
    assert bit(published(issuing, first.did)["revocation"], record(database, old).status_index)


def test_a_key_that_is_replaced_is_kept_for_its_owner_only(issuing: Settings) -> None:
    first = load_issuer(issuing)
    second = replace_issuer_key(issuing)
    third = replace_issuer_key(issuing)
    assert next(iter(load_issuers(issuing))) == third.did
    assert set(load_issuers(issuing)) == {first.did, second.did, third.did}
    keys = [issuing.issuer_key, *earlier_keys(issuing).iterdir()]
    assert {stat.S_IMODE(file.stat().st_mode) for file in keys} == {0o600}
    assert len(list(issuing.issuer_key.parent.iterdir())) == 2


def test_certificates_of_former_versions_keep_their_address_whoever_signed_them(
    database: Database, activities: CredentialActivities, issuing: Settings
) -> None:
    # Given certificates of two issuers, all of which name one address
    former = "https://badges.example.org/status"
    dids = [load_issuer(issuing).did]
    activities.issue_credential(request())
    dids.append(replace_issuer_key(issuing).did)
    activities.issue_credential(request("U-OTHER", at=LATER))
    with database.session() as session:
        session.execute(update(CredentialRecord).values(status_home=former))

    written = publish_status_lists(database, load_issuers(issuing), issuing).files

    lists = [json.loads(file.read_text()) for file in written]
    by_issuer = [{status_list["id"] for status_list in lists if status_list["issuer"] == did} for did in dids]
    assert by_issuer[0] == {f"{former}/revocation", f"{former}/suspension"}
    assert by_issuer[1] > by_issuer[0]
    assert issuing.data_dir / "credentials" / "status" / "suspension.json" in written
    assert len(written) == 6


# What is in the way


def test_without_a_key_it_waits_and_no_worker_makes_one(database: Database, issuing: Settings) -> None:
    activities = CredentialActivities(database, settings_in(issuing.data_dir / "elsewhere"))
    settings = settings_in(issuing.data_dir / "elsewhere")
    with pytest.raises(ApplicationError, match="make one, once") as waits:
        activities.issue_credential(request())
    assert (waits.value.type, waits.value.non_retryable) == ("NoIssuerKey", False)
    assert not settings.issuer_key.exists()
    # Once somebody has made it, everything goes on
    make_issuer_key(settings)
    assert stat.S_IMODE(settings.issuer_key.stat().st_mode) == 0o600
    activities.issue_credential(request())
    with pytest.raises(KeyIsThere, match="replace it"):
        make_issuer_key(settings)


def test_a_holder_nobody_knows_is_waited_for(activities: CredentialActivities) -> None:
    with pytest.raises(ApplicationError, match="P-NOBODY") as waits:
        activities.issue_credential(request(holder="P-NOBODY"))
    assert (waits.value.type, waits.value.non_retryable) == ("Unknown", False)


# In the mail


def test_it_arrives_by_mail_and_verifies(
    database: Database, activities: CredentialActivities, issuing: Settings
) -> None:
    issued = activities.issue_credential(request())
    invitation = Invitation(
        method="REQUEST",
        uid="exam@waymark.invalid",
        sequence=0,
        starts=LATER,
        ends=LATER + timedelta(hours=2),
        summary="Exam",
        attendees=[HOLDER],
    )
    facts = {"role_title": "Data engineer", "since": "2027-03-01", "fixed": False}
    letter = Letter(key="7-paused", at=AT, template="paused", to=HOLDER, facts=facts, attachments=[issued.id])
    mailroom = Mailroom()
    with running(mailroom) as server:
        post = PostActivities(
            RecordsLedger(database), RecordsAddressBook(database), smtp(server), SENDER, RecordsCredentials(database)
        )
        with_entry = letter.model_copy(update={"key": "8-paused", "invitation": invitation})
        unknown = letter.model_copy(update={"key": "9-paused", "attachments": [f"urn:uuid:{'0' * 36}"]})
        batch = PostBatch(case="U-7F3K2M-DATA1", letters=[letter, with_entry, unknown])
        for _ in range(2):
            assert ActivityEnvironment().run(post.send_post, batch).done == ["7-paused", "8-paused"]

    plain, invited = mailroom.mails
    assert plain["Message-ID"] == "<U-7F3K2M-DATA1.7-paused@waymark.invalid>"
    for mail in (plain, invited):
        document, picture = files = _attached(mail)
        assert [(file.get_filename(), file.get_content_type()) for file in files] == [
            ("DATA-PRO.json", "application/json"),
            ("DATA-PRO.svg", "image/svg+xml"),
        ]
        assert document.get_content() == record(database, issued).document.encode()
        for file in files:
            assert look(database, issuing, file.get_content()).valid
        assert b"valid until 28 February 2029" in picture.get_content()
    assert "text/calendar" in [part.get_content_type() for part in invited.walk()]
    with database.reading() as session:
        assert session.scalars(select(MailRecord.status)).all() == ["sent", "sent"]


def _attached(mail: EmailMessage) -> list[EmailMessage]:
    return [part for part in mail.iter_attachments() if isinstance(part, EmailMessage)]
