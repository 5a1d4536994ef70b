"""Importing the catalogue: it fits together afterwards, or nothing is imported."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from domain.learning.catalogue import Catalogue, MoveOn
from records.database import Database
from records.imports.core.report import ImportRefused
from records.imports.learning.catalogue_yaml import read_catalogue
from records.imports.learning.report import CatalogueReport
from records.imports.learning.storing import store_catalogue
from records.queries.core.people import Unknown
from records.queries.learning import learning
from tests.records.imports.learning.learning_files import catalogue_yaml, certificate, training, workshop
from tests.records.imports.problems import said

KNOWN = {"P-BOSS", "P-ANN"}
ALLOWED = "https://, http://, urn: or tag:, such as https://lms.example.org/courses/sql"


def read(text: str | bytes, present: Catalogue | None = None) -> CatalogueReport:
    return read_catalogue(text, "catalogue.yaml", people=KNOWN, profiles={"DATA1"}, present=present)


def present(*trainings: dict[str, Any]) -> Catalogue:
    """A catalogue that is in the records already."""
    report = read(catalogue_yaml(*trainings))
    assert report.clean
    return Catalogue(trainings=report.trainings)


def test_the_catalogue_is_stored_looked_up_and_updated(database: Database) -> None:
    # Given a workshop, an e-learning that requires it, and a certificate
    entries = [workshop("SQL-101"), training("SQL-201", requires=["SQL-101"], move_on="Passed", leads_to={"SQL": 4.5})]
    report = read(catalogue_yaml(*entries, certificates=(certificate(),)))
    for expected in ("3 added", "3 unchanged"):
        with database.session() as session:
            assert str(store_catalogue(session, report)) == f"trainings and certificates: {expected}"
    # then they come back as they were read, with instants in UTC
    with database.reading() as session:
        found = learning.catalogue(session)
        assert learning.certificate(session, "DATA-PRO") == found.certificates[0]
        with pytest.raises(Unknown, match="no certificate OPS-PRO in the catalogue; import the catalogue first"):
            learning.certificate(session, "OPS-PRO")
    shop, course = found.trainings
    assert (shop.id, shop.trainer, shop.sessions[0].seats) == ("SQL-101", "P-BOSS", 8)
    assert shop.sessions[0].starts == datetime(2027, 5, 11, 8, 30, tzinfo=UTC)
    assert shop.sessions[0].starts.utcoffset() == UTC.utcoffset(None)
    assert (course.requires, course.move_on, course.leads_to) == (["SQL-101"], MoveOn.PASSED, {"sql": Decimal("4.5")})
    assert found.certificates == report.certificates
    # and a training that has changed is changed, with what it requires in the records already
    with database.session() as session:
        entry = training("SQL-201", requires=["SQL-101"], hours=20)
        stored = store_catalogue(session, read(catalogue_yaml(entry), found))
    assert str(stored) == "trainings and certificates: 1 changed"
    with database.reading() as session:
        assert [(kept.id, kept.hours) for kept in learning.catalogue(session).trainings] == [
            ("SQL-101", 12),
            ("SQL-201", 20),
        ]


@pytest.mark.parametrize(
    ("entry", "problem"),
    [
        (workshop("A1", trainer="P-NOBODY"), "training A1, trainer: no person P-NOBODY in the records; import people"),
        (workshop("A1", sessions=[]), "training A1: sessions: a training of the kind workshop must"),
        (training("A1", activity=None), "training A1: activity: a training of the kind e_learning must"),
        (training("A1", activity="no iri"), "training A1, activity: "),
        *(
            (
                training("A1", activity=f"{scheme}x"),
                f"training A1, activity: must begin with {ALLOWED}, not “{scheme}x”",
            )
            for scheme in (
                "javascript:",
                "data:text/html,",
                "vbscript:",
                "file:///",
                "mailto:",
                "x:https://",
            )
        ),
        (training("A1", kind="course"), "training A1, kind: must be workshop, "),
        (training("A1", cost=100), "training A1, cost: must be an amount and a currency"),
        (training("A1", cost={"amount": -1, "currency": "GBP"}), "training A1: cost must not be negative"),
        (
            training("A1", cost={"amount": "1.005", "currency": "GBP"}),
            "training A1, cost.amount: must have at most two decimal places",
        ),
        (
            training("A1", cost={"amount": 0.125, "currency": "GBP"}),
            "training A1, cost.amount: must have at most two decimal places",
        ),
        (training("A1", leads_to={"sql": 9}), "training A1, leads_to.sql: must be 7 or less, not 9"),
        (training("A1", requires=["A1"]), "training A1: it requires itself"),
        (training("A1", requires=["ZZ-9"]), "training A1, requires: ZZ-9 is neither in the file nor in the records"),
        (training("A1", colour="red"), "training A1, colour: is not a key of a training"),
        ("A1", "training number 1: must be a mapping of keys to values"),
        (training("A1", activity="https://lms.example.org/B1"), "training A1, activity: is also that of B1"),
    ],
)
def test_a_bad_training_is_refused_with_its_key_and_the_rule(entry: Any, problem: str) -> None:
    report = read(catalogue_yaml(entry, training("B1")))
    assert said(report)[0][: len(problem)] == problem
    assert [imported.id for imported in report.trainings] == ([] if "also that" in problem else ["B1"])


@pytest.mark.parametrize("activity", ["http://lms.example.org/1", "urn:uuid:1f0c", "tag:example.org,2027:sql"])
def test_an_activity_is_an_address_or_a_name_that_nobody_can_open(activity: str) -> None:
    assert said(read(catalogue_yaml(training("A1", activity=activity)))) == []


def test_of_two_entries_with_one_id_nobody_knows_the_right_one_not_even_where_one_is_bad() -> None:
    report = read(catalogue_yaml(training("A1", hours=0), training("A1"), training("B1")))

    assert said(report) == ["training A1, hours: must be 1 or more, not 0", "training A1, id: stands twice"]
    assert [imported.id for imported in report.trainings] == ["B1"]


def test_a_session_without_an_offset_or_on_no_day_of_the_calendar_is_refused() -> None:
    text = catalogue_yaml(workshop("A1")).replace("2027-05-12T15:00:00Z", "{}")
    for wrong in ("2027-05-12T15:00:00", "2027-02-30T15:00:00Z"):
        for quoted in (wrong, f"'{wrong}'"):
            (problem,) = read(text.replace("'{}'", quoted)).problems
            assert (problem.where, problem.column) == ("training A1", "sessions number 1, ends")
            assert problem.rule.startswith("must")


def test_a_certificate_names_an_examiner_and_a_profile_in_the_records() -> None:
    report = read(catalogue_yaml(certificates=(certificate(examiner="P-NOBODY", profile="OPS1"),)))
    assert said(report) == [
        "certificate DATA-PRO, examiner: no person P-NOBODY in the records; import people first",
        "certificate DATA-PRO, profile: no profile OPS1 in the records; import profiles first",
    ]
    assert report.certificates == []


def test_requirements_that_go_in_a_circle_are_refused_and_all_that_counts_on_them() -> None:
    # Given A requires B, B requires C, C requires A; D requires A; and E stands alone
    entries = [training(a, requires=[b]) for a, b in (("A1", "B1"), ("B1", "C1"), ("C1", "A1"), ("D1", "A1"))]
    report = read(catalogue_yaml(*entries, training("E1")))
    # then the circle is told in its direction, and D is refused in turn
    assert {str(problem.where) for problem in report.problems} == {
        "training A1",
        "training B1",
        "training C1",
        "training D1",
    }
    told = next(problem.rule for problem in report.problems if problem.where == "training A1")
    circle = told.removeprefix("goes in a circle: ").split(" requires ")
    assert all(b == {"A1": "B1", "B1": "C1", "C1": "A1"}[a] for a, b in pairwise(circle)), told
    assert "training D1, requires: A1 is refused in this file" in said(report)
    assert [imported.id for imported in report.trainings] == ["E1"]


def test_a_circle_can_be_closed_by_what_is_in_the_records() -> None:
    report = read(
        catalogue_yaml(training("A1", requires=["B1"])), present(training("A1"), training("B1", requires=["A1"]))
    )
    assert [problem.where for problem in report.problems] == ["training A1"]
    assert "goes in a circle" in report.problems[0].rule


@pytest.mark.parametrize(("other", "problems"), [("B1", 1), ("A1", 0)])
def test_no_two_trainings_have_the_same_activity(other: str, problems: int) -> None:
    # Given an activity that a training in the records has: another one, or the same one that is imported again
    taken = training(other, activity="https://lms.example.org/x")
    report = read(catalogue_yaml(training("A1", activity="https://lms.example.org/x")), present(taken))
    assert len(report.problems) == problems


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("trainings: [", "catalogue.yaml: line 1: is not YAML"),
        (
            "roles: []",
            "catalogue.yaml: must hold lists under the keys `trainings` and `certificates`, and nothing else",
        ),
        ("trainings: {}", "catalogue.yaml: must hold lists under the keys"),
        (b"\xff", "catalogue.yaml: is not UTF-8 text"),
        (catalogue_yaml(training("A1"), training("A1", hours=3)), "training A1, id: stands twice"),
    ],
)
def test_a_file_without_a_usable_catalogue_says_why(text: str | bytes, problem: str) -> None:
    report = read(text)
    assert [sentence[: len(problem)] for sentence in said(report)] == [problem]
    assert report.trainings == []


def test_nothing_of_a_catalogue_is_half_imported(database: Database) -> None:
    report = read(catalogue_yaml(training("A1", hours=0), training("B1")))
    with pytest.raises(ImportRefused, match="training A1, hours"), database.session() as session:
        store_catalogue(session, report)
    with database.session() as session:
        assert learning.catalogue(session) == Catalogue()
        assert str(store_catalogue(session, report, clean_only=True)).endswith("1 added, 1 refused")


def test_a_report_repeats_nothing_but_what_is_wrong() -> None:
    report = read(catalogue_yaml(training("A1", title="secret skill", hours="never")))
    assert report.problems
    assert "secret" not in f"{report} {report.model_dump_json()} {report!r}"


def test_an_id_that_stands_twice_is_told_even_where_one_of_its_entries_can_not_be_read() -> None:
    report = read(catalogue_yaml(training("A-101", leads_to={}), training("A-101")))
    assert said(report) == ["training A-101, leads_to: must have 1 entry or more", "training A-101, id: stands twice"]
    assert report.trainings == []


def test_a_workshop_whose_sessions_are_all_over_is_noted_and_taken() -> None:
    text = catalogue_yaml(workshop("A1"), workshop("B1"))
    ends = max(session.ends for session in read(text).trainings[0].sessions)
    report = read_catalogue(text, people=KNOWN, now=ends)
    assert (report.clean, len(report.trainings)) == (True, 2)
    assert report.notes[0].startswith("training A1: all its sessions are over, the last since 2027-")
    assert read_catalogue(text, people=KNOWN, now=ends - timedelta(seconds=1)).notes == []


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"trainer": "P-BOSS"}, "training A1: trainer: only a training of the kind workshop has that"),
        ({"cost": {"amount": "-1.00", "currency": "GBP"}}, "training A1: cost must not be negative"),
        ({"hours": 0}, "training A1, hours: must be 1 or more, not 0"),
        ({"kind": "e_learning", "activity": "sql course"}, "training A1, activity: must be an IRI, such as https://"),
    ],
)
def test_what_does_not_go_with_a_kind_of_training_is_told(changes: dict[str, object], problem: str) -> None:
    (found,) = said(read(catalogue_yaml(training("A1", **changes))))
    assert found.startswith(problem)
