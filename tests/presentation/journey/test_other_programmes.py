"""The journeys of paths, certifications and cohorts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from domain.core.model import Party
from domain.core.naming import Programme
from languages.speech import Speech
from presentation.journey.common import Material
from presentation.journey.model import How
from presentation.journey.picture import drawn
from presentation.journey.registry import journey_of
from records.tables.certification import CredentialRecord
from records.tables.cohort import CohortRecord
from records.tables.core import CaseRecord, DecisionRecord, StageRecord
from records.tables.learning import LearningRecord
from service.registry.case_records import CaseRecords
from tests.presentation.journey.journeys import NAMES, STARTS, noon
from tests.web.registry.boards import case

TODAY = STARTS + timedelta(days=60)
LEARNER = "P-7F3K2M"


def entered(case_id: str, *stages: tuple[str, int]) -> list[StageRecord]:
    """The stages of a case, each so many days after the first day."""
    return [
        StageRecord(case_id=case_id, n=n, at=noon(STARTS + timedelta(days=days)), stage=stage)
        for n, (stage, days) in enumerate(stages, start=1)
    ]


def records(case_record: CaseRecord | CohortRecord, programme: Programme, case_id: str, **more: Any) -> CaseRecords:
    """A case on record."""
    return CaseRecords(
        case_id=case_id,
        programme=programme,
        case=case_record,
        parts={Party.LEARNER: [LEARNER]},
        names=NAMES,
        goal="SQL for analysts",
        **more,
    )


def rows_of(known: CaseRecords, view: dict[str, Any]) -> dict[str, dict[str, How]]:
    """What each row holds, by label; and it can be drawn."""
    journey = journey_of(Material(known, view, noon(TODAY), Speech()))
    assert drawn(journey, Speech()).table
    return {row.key: {entry.label or entry.note: entry.how for entry in row.entries} for row in journey.rows}


def training(n: int, state: str, days: int) -> LearningRecord:
    """A training on record, as it is since a day."""
    return LearningRecord(
        case_id="U-1",
        n=n,
        at=noon(STARTS + timedelta(days=days)),
        position=n,
        training=f"T-{n}",
        kind="workshop",
        round=1,
        state=state,
        attempts=1,
        hours=8,
        cost_amount=Decimal(0),
        cost_currency="GBP",
        reason=None,
    )


def test_a_path_shows_its_trainings_by_how_they_came_out() -> None:
    own = case(1, case_id="U-1", programme="upskilling", stage="training", person=LEARNER, time_zone="UTC")
    stages = entered("U-1", ("assessment", 0), ("planning", 9), ("training", 14))
    trainings = [
        (training(1, "passed", 30), "Joins"),
        (training(2, "not_passed", 40), "Windows"),
        (training(3, "under_way", 41), "Plans"),
    ]
    begun: list[dict[str, Any]] = [
        {"n": n, "begun": noon(STARTS + timedelta(days=15)).isoformat(), "state": "", "training": {}} for n in (1, 2, 3)
    ]

    rows = rows_of(
        records(own, Programme.UPSKILLING, "U-1", stages=stages, trainings=trainings),
        {"enrolments": begun, "decision_at": noon(TODAY + timedelta(days=20)).isoformat()},
    )
    assert list(rows["stages"]) == ["Assessment", "Planning", "Training"]
    assert rows["trainings"] == {"Joins": How.DONE, "Windows": How.NOT_DONE, "Plans": How.UNDER_WAY}
    assert rows["decision"] == {"Conversion is decided": How.PLANNED}
    alone = rows_of(records(own, Programme.UPSKILLING, "U-1", stages=stages, trainings=trainings), {})
    assert set(alone["trainings"]) == {"Joins", "Windows", "Plans"}


def test_a_certification_shows_exams_and_how_long_a_certificate_counts() -> None:
    own = case(1, case_id="C-1", programme="certification", stage="valid", person=LEARNER, time_zone="UTC")
    exams = [
        DecisionRecord(
            case_id="C-1",
            n=n,
            at=noon(STARTS + timedelta(days=days)),
            what="exam",
            decided=decided,
            by_person="P-EXAM",
            policy="x@1",
            reason=None,
            evidence={"exam": n, "taken_at": noon(STARTS + timedelta(days=days - 1)).isoformat()},
            previous_seal="",
            seal="",
        )
        for n, days, decided in ((1, 10, "failed"), (2, 30, "passed"))
    ]
    credential = CredentialRecord(
        id="urn:uuid:1",
        case_id="C-1",
        n=1,
        person=LEARNER,
        certificate="DATA-PRO",
        issuer="did:key:x",
        issued_at=noon(STARTS + timedelta(days=30)),
        valid_from=noon(STARTS + timedelta(days=30)),
        valid_until=noon(STARTS + timedelta(days=760)),
        status="valid",
        status_since=noon(STARTS + timedelta(days=30)),
        status_reason=None,
        status_index=1,
        status_home="x",
        document="{}",
    )
    stages = entered("C-1", ("preparing", 0), ("exam", 9), ("preparing", 10), ("valid", 30))

    rows = rows_of(
        records(own, Programme.CERTIFICATION, "C-1", stages=stages, decisions=exams, credentials=[credential]),
        {"coming": [{"at": noon(STARTS + timedelta(days=700)).isoformat(), "what": "renewal_opens"}]},
    )
    assert rows["exams"] == {"Exam 1": How.NOT_DONE, "Exam 2": How.DONE}
    assert rows["certificates"] == {"Certificate 1": How.UNDER_WAY, "Can be renewed": How.PLANNED}


def test_a_cohort_has_a_row_for_each_placement_and_says_what_colours_mean() -> None:
    own = CohortRecord(
        cohort="SPRING-2027",
        at=noon(TODAY),
        position=9,
        title="Spring 2027",
        policy="x@1",
        led_by="P-HRHRHR",
        stage="running",
        starts_on=STARTS,
        ends_on=STARTS + timedelta(days=111),
        time_zone="UTC",
        participants=2,
        matched=2,
        ended=1,
        paused=False,
        at_risk=[],
    )
    inside = {
        "R-1": entered("R-1", ("intake", -30), ("matching", -28), ("preboarding", -20), ("placement", 0)),
        "R-2": entered("R-2", ("intake", -30), ("ended", -25)),
    }
    cases = {
        "R-1": case(1, case_id="R-1", person="P-7F3K2M", ends_on=STARTS + timedelta(days=111)),
        "R-2": case(2, case_id="R-2", person="P-4CY9GS", stage="ended", outcome="withdrawn", ends_on=None),
    }
    known = records(
        own,
        Programme.COHORT,
        "K-SPRING-2027",
        stages=entered("K-SPRING-2027", ("matching", -30), ("running", 0)),
        inside=inside,
        inside_cases=cases,
    )
    date_of = {"key": "kick_off", "title": "Kick-off", "starts": noon(STARTS).isoformat(), "state": "over"}
    view = {"dates": [date_of], "pauses": [{"first": str(date(2027, 2, 1)), "back_on": str(date(2027, 2, 8))}]}

    journey = journey_of(Material(known, view, noon(TODAY), Speech()))
    rows = {row.key: row for row in journey.rows}
    assert [rows["R-1"].title, rows["R-2"].title] == ["Priya Venkataraman", "Sean O'Malley"]
    assert rows["R-1"].stretches[-1].how is How.UNDER_WAY
    assert [mark.label for mark in rows["dates"].marks] == ["Kick-off"]
    assert [pause.how for pause in journey.absences] == [How.DONE]
    # and who waits for the first day has a placement ahead
    cases["R-2"] = case(
        2,
        case_id="R-2",
        person="P-4CY9GS",
        stage="matching",
        starts_on=noon(TODAY).date() + timedelta(days=9),
        ends_on=None,
    )
    inside["R-2"] = entered("R-2", ("intake", -30), ("matching", -25))
    later = journey_of(Material(replace(known, inside=inside, inside_cases=cases), view, noon(TODAY), Speech()))
    ahead = next(row for row in later.rows if row.key == "R-2").stretches[-1]
    assert (ahead.kind, ahead.how, ahead.until.date()) == ("stage-placement", How.PLANNED, own.ends_on)
    made = drawn(journey, Speech())
    assert ("stage-placement", "Placement") in made.legend
    assert "Priya Venkataraman" in made.wide
