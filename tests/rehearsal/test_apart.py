"""A rehearsal is apart from everything real, by how it is made."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import select

from domain.core.case_rows import StageRow
from domain.core.delivery import Delivery
from domain.core.holdings import ReservationStatus
from domain.core.post import Letter, PostBatch
from records.database import Database
from records.queries.core.people import people
from records.tables.capacity import CapacityRecord, ReservationRecord
from records.tables.core import PersonRecord, StageRecord
from records.tables.placement import MentorshipRecord
from rehearsal.no_mail import LetterRecord, RehearsalPost, make_tables, open_records
from rehearsal.records_setup import look_up, move_in
from rehearsal.settings import environment, settings_in
from tests.domain.factories import shipped_policy
from tests.migrated import new_records

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


def test_whatever_the_environment_names_a_rehearsal_stays_in_its_directory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = {
        "WAYMARK_RECORDS_URL": "postgresql://hr:secret@records.example.org/hr",
        "WAYMARK_SMTP_URL": "smtps://hr:secret@mail.example.org",
        "WAYMARK_MAILDIR": "/var/mail/hr",
        "WAYMARK_LMS_KEYS": "/etc/waymark/lms",
        "WAYMARK_ISSUER_KEY": "/etc/waymark/issuer.pem",
        "WAYMARK_SEAL_KEY": "/etc/waymark/seal.key",
        "WAYMARK_SEAL_LIST": "/etc/waymark/seals.jsonl",
        "WAYMARK_TASK_QUEUE": "waymark-live",
        "TEMPORAL_ADDRESS": "temporal.example.org:7233",
    }
    for name, value in real.items():
        monkeypatch.setenv(name, value)
    settings = settings_in(tmp_path)
    named = settings.model_dump_json() + settings.records_url
    assert settings.smtp_url is None
    assert not [value for value in real.values() if value in named]
    keys = (settings.issuer_key, settings.seal_key, settings.seal_list)
    for path in (settings.data_dir, settings.maildir, settings.lms_keys, *keys):
        assert path.is_relative_to(tmp_path)
    assert not set(real) & set(environment())


def test_a_letter_is_noted_once_and_goes_nowhere(tmp_path: Path) -> None:
    database = open_records(f"sqlite:///{tmp_path / 'waymark.db'}")
    make_tables(database)
    post = RehearsalPost(database)
    letter = Letter(key="1-task_reminder", at=NOW, template="task_reminder", to="P-AAA", facts={"task": "R-1-4"})
    stage = StageRow(n=1, at=NOW, stage="intake")
    for _ in range(2):  # an activity may be tried twice
        sent = post.deliver(Delivery(case="R-1", first_row=1, rows=[stage], letters=[letter]))
        assert sent.done == ["1-task_reminder"]
    assert post.send_post(PostBatch(case="R-1", letters=[letter])).done == ["1-task_reminder"]
    with database.reading() as session:
        noted = session.scalars(select(LetterRecord)).all()
        assert [(note.template, note.to, note.task, note.at) for note in noted] == [
            ("task_reminder", "P-AAA", "R-1-4", NOW)
        ]
        assert len(session.scalars(select(StageRecord)).all()) == 1
    assert sorted(path.name.partition("-")[0] for path in tmp_path.iterdir()) == ["waymark.db"] * len(
        list(tmp_path.iterdir())
    )
    database.close()


@pytest.fixture
def real(tmp_path: Path) -> Database:
    """Records with two mentors and what is scarce: two of five headcounts and one mentor's place are taken."""
    database = new_records(tmp_path / "real.db")
    with database.session() as session:
        session.add_all([_mentor("P-MENTOR1"), _mentor("P-MENTOR2")])
        session.add_all([_capacity("headcount-DATA", "5", "2"), _capacity("mentor-MENTOR1", "2", "1")])
        session.add_all([_held("headcount-DATA", "R-9/headcount", "2"), _held("mentor-MENTOR1", "R-9/mentee-1", "1")])
        session.add(_capacity("seats-SQL-101", "12", "0"))
        session.add(
            MentorshipRecord(
                case_id="R-8", n=1, at=NOW, position=1, mentor="P-MENTOR2", state="asked", reason=None, score=None,
                reasons=None, passed_over=None,
            )
        )  # fmt: skip
    return database


def test_what_is_taken_of_scarce_things_is_taken_in_the_rehearsal_too(real: Database) -> None:
    with real.reading() as session:
        staff = look_up(session, shipped_policy())
    assert {capacity.id: capacity.amount for capacity in staff.free} == {
        "headcount-DATA": Decimal(3),
        "mentor-MENTOR1": Decimal(1),
        "mentor-MENTOR2": Decimal(2),  # one of the policy's three is promised to whoever was asked for
    }
    assert staff.mentors == ["P-MENTOR1", "P-MENTOR2"]


def test_nobody_can_be_found_or_reached_by_what_a_rehearsal_knows(real: Database, tmp_path: Path) -> None:
    with real.reading() as session:
        staff = look_up(session, shipped_policy())
    rehearsed = open_records(f"sqlite:///{tmp_path / 'rehearsed.db'}")
    make_tables(rehearsed)
    move_in(rehearsed, staff)
    with rehearsed.reading() as session:
        there = people(session)
    assert [(person.name, person.email, person.private_email) for person in there] == [
        ("P-MENTOR1", "p-mentor1@rehearsal.invalid", None),
        ("P-MENTOR2", "p-mentor2@rehearsal.invalid", None),
    ]
    assert there[0].skills == ["sql"]
    rehearsed.close()


def _mentor(person: str) -> PersonRecord:
    return PersonRecord(
        id=person, name="Margaret Ashworth", email=f"{person.lower()}@example.org", time_zone="Europe/London",
        country="IE", languages=["en"], skills=["sql"], preferences=[], manager=None, mentor=True, break_months=None,
        underemployed=None, experience_years=None, private_email=f"{person.lower()}@home.example",
    )  # fmt: skip


def _capacity(capacity: str, size: str, held: str) -> CapacityRecord:
    return CapacityRecord(
        id=capacity,
        at=NOW,
        position=1,
        title="Scarce",
        unit="places",
        size=Decimal(size),
        held=Decimal(held),
        waiting=0,
    )


def _held(capacity: str, holder: str, amount: str) -> ReservationRecord:
    return ReservationRecord(
        capacity=capacity,
        holder=holder,
        at=NOW,
        position=1,
        status=ReservationStatus.HELD.value,
        amount=Decimal(amount),
    )
