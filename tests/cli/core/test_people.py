"""Who leaves: what the command line refuses, and what it shows from the records alone."""

from __future__ import annotations

from datetime import UTC, date, datetime

from domain.core.case_rows import PartsRow
from domain.core.departure import DepartureRow, DepartureStage, HandedThing, Leaving
from domain.core.journal import JournalBatch
from domain.core.model import Party
from domain.core.reassigning import HandedPart, Handing
from records.database import Database
from records.journal import write
from records.queries.core import people as in_records
from records.queries.leaving import write_departure
from records.tables.core import PersonRecord
from tests.cli.conftest import CommandLine
from tests.records.rows import placement_row

CASE, RETURNER, MANAGER, HR, NEW = "R-7F3K2M-DATA1", "P-7F3K2M", "P-5HN3TC", "P-7LM2ZA", "P-4CY9GS"
OUTSIDE = "P-8KD4WZ"
"""Has no part in DATA1."""
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
LAST_DAY = date(2026, 11, 30)


def case_around(database: Database, manager: str) -> None:
    row = placement_row(NOW, RETURNER)
    parts = PartsRow(at=NOW, parts={Party.RETURNER: [RETURNER], Party.MANAGER: [manager]})
    with database.session() as session:
        write(session, JournalBatch(case=CASE, rows=[row, parts], first=1))


def test_what_somebody_has_is_listed_before_anything_is_declared(staffed: CommandLine, database: Database) -> None:
    case_around(database, MANAGER)

    shown = staffed.json("people", "leave", MANAGER, "--dry-run", "--as", HR)

    assert shown["declared"] is None
    assert shown["theirs"] == [{"case": CASE, "parts": ["manager"], "tasks": []}]
    assert shown["named_in"][0].startswith("role DATA1: manager")
    assert CASE in staffed("people", "leave", MANAGER, "--dry-run", "--as", HR)


def test_who_would_be_both_of_hr_is_told_before_it_is_declared(staffed: CommandLine, database: Database) -> None:
    parts = PartsRow(at=NOW, parts={Party.RETURNER: [RETURNER], Party.HR: [NEW], Party.HR_LEAD: [HR]})
    with database.session() as session:
        write(session, JournalBatch(case=CASE, rows=[placement_row(NOW, RETURNER), parts], first=1))
    leave = ("people", "leave", NEW, "--dry-run", "--as", HR)

    assert staffed.json(*leave, "--successor", HR)["alone_in_hr"] == [CASE]
    assert f"is then HR and head of HR in {CASE}" in staffed(*leave, "--part", f"hr={HR}")
    assert staffed.json(*leave, "--successor", HR, "--part", f"hr={MANAGER}")["alone_in_hr"] == []


def test_how_far_a_departure_has_come_is_shown_from_the_records(staffed: CommandLine, database: Database) -> None:
    case_around(database, NEW)
    waits = HandedPart(what="manager", state=Handing.WAITS, at=NOW, why=f"{HR} is asked who takes over")
    row = DepartureRow(
        person=MANAGER,
        at=NOW,
        leaving=Leaving(last_day=LAST_DAY, declared_by=HR, successor=OUTSIDE),
        stage=DepartureStage.HANDING_OVER,
        looks=2,
        handed=[HandedThing(case=CASE, handed=waits)],
    )
    with database.session() as session:
        write_departure(session, row)

    said = staffed("people", "departure", MANAGER)

    assert "last day 2026-11-30, handing over" in said
    assert f"{HR} is asked who takes over" in said
    assert staffed.json("people", "departure", MANAGER)["departure"]["successor"] == OUTSIDE
    # and new cases begin with the successor: only what is imported elsewhere still names who has left
    with database.reading() as session:
        assert in_records.role(session, "DATA1").manager == OUTSIDE
    assert not [place for place in staffed.json("people", "departure", MANAGER)["named_in"] if "role" in place]


def test_a_successor_gets_no_duty_beyond_cases_by_a_departure_and_no_second_part_in_a_decision(
    staffed: CommandLine, database: Database
) -> None:
    with database.reading() as session:
        before = in_records.role(session, "DATA1")
    for person, successor in ((before.hr, NEW), (before.manager, before.second_manager)):
        row = DepartureRow(
            person=person,
            at=NOW,
            leaving=Leaving(last_day=LAST_DAY, declared_by=before.hr_lead, successor=successor),
            stage=DepartureStage.DONE,
            looks=2,
            handed=[],
        )
        with database.session() as session:
            write_departure(session, row)

    with database.reading() as session:
        assert in_records.role(session, "DATA1") == before
    assert "role DATA1: HR" in str(staffed.json("people", "departure", before.hr)["named_in"])


def test_who_reported_to_them_reports_to_the_successor_from_then_on(staffed: CommandLine, database: Database) -> None:
    # given a team of which one takes over; and above that one, somebody who reports to who leaves
    above, successor = NEW, OUTSIDE
    with database.session() as session:
        for person, manager in ((RETURNER, MANAGER), (above, MANAGER), (successor, above)):
            session.get_one(PersonRecord, person).manager = manager
    # when who leaves hands over, which is put on record again and again, then all others report to the successor
    for stage in (DepartureStage.PLANNED, DepartureStage.HANDING_OVER, DepartureStage.DONE, DepartureStage.BACK):
        row = DepartureRow(
            person=MANAGER,
            at=NOW,
            leaving=Leaving(last_day=LAST_DAY, declared_by=HR, successors={Party.MANAGER: successor}),
            stage=stage,
            looks=2,
            handed=[],
        )
        with database.session() as session:
            write_departure(session, row)
        with database.reading() as session:
            managers = [in_records.person(session, person).manager for person in (RETURNER, above, successor)]
        assert managers == [MANAGER if stage is DepartureStage.PLANNED else successor, MANAGER, above]
    assert f"manager of {above}" in str(staffed.json("people", "departure", MANAGER)["named_in"])


def test_what_can_not_be_declared_is_refused_with_the_option_that_says_it(staffed: CommandLine) -> None:
    leave = ("people", "leave", MANAGER, "--on", "2027-03-31")

    assert staffed.error(*leave, "--as", "P-NOBODY", code=3)
    assert "that is for HR" in staffed.error(*leave, "--as", NEW, code=1)["error"]
    assert (
        "somebody else of HR does"
        in staffed.error("people", "leave", HR, "--on", "2027-03-31", "--as", HR, code=1)["error"]
    )
    assert "is who leaves" in staffed.error(*leave, "--successor", MANAGER, "--as", HR, code=1)["error"]
    over = staffed.error("people", "leave", MANAGER, "--on", "2020-03-31", "--as", HR, code=1)["error"]
    assert "is over where P-5HN3TC lives: all they have would be handed over at once" in over
    assert over.endswith("(if that is so: --at-once)")
    error = staffed.error(*leave, "--part", f"it={MANAGER}", "--as", HR, code=1)["error"]
    assert error == f"--part: {MANAGER} is who leaves"
    assert "boss is no part" in staffed.error(*leave, "--part", "boss=P-4CY9GS", "--as", HR, code=2)["error"]
    assert "say who takes it over" in staffed.error(*leave, "--part", "hr", "--as", HR, code=2)["error"]
    staffed.error("people", "departure", "P-NOBODY", code=3)
    staffed.error("reassign", CASE, "boss", "--to", NEW, "--reason", "x", "--as", HR, code=2)
