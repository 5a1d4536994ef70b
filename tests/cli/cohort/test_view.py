"""A cohort's view as people read it."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

from rich.console import Console

from cli.core.rendering import ids_in, rendered
from domain.cohort.figures import CohortFigures, Retention
from domain.cohort.participant_state import ParticipantState, ParticipantStatus
from domain.cohort.participants import Participant
from domain.cohort.state import CohortDate, CohortPause, CohortStage, CohortStart, CohortState, DateState
from tests.domain.factories import shipped_policy
from tests.office import ELIGIBLE, HR, HR_LEAD

NOW = datetime(2027, 5, 3, 9, tzinfo=UTC)


def participant(n: int, status: ParticipantStatus, **more: Any) -> ParticipantState:
    who = Participant(case=f"R-RET{n}-DATA1", returner=f"P-RET{n}", role="DATA1", application=ELIGIBLE)
    return ParticipantState(who=who, status=status, enlisted_by=HR, **more)


def state() -> CohortState:
    """A cohort to which a little of everything has happened."""
    start = CohortStart(
        cohort="SPRING-2027",
        title="Spring [b]2027[/b]",
        policy=shipped_policy(),
        starts_on=date(2027, 3, 1),
        weeks=16,
        country="GB-ENG",
        time_zone="Europe/London",
        led_by=HR,
        hr_lead=HR_LEAD,
    )
    made = CohortState.begin(start, NOW)
    made.stage = CohortStage.RUNNING
    made.more_follow = True
    people = [
        participant(1, ParticipantStatus.MATCHED, mentor="P-MENTOR1"),
        participant(2, ParticipantStatus.MATCHED, mentor="P-MENTOR1"),
        participant(3, ParticipantStatus.UNMATCHED, why="no place left with anybody who may"),
        participant(4, ParticipantStatus.NOT_STARTED, why="the role pays no stipend"),
    ]
    made.participants = {person.who.case: person for person in people}
    mid_point = datetime(2027, 4, 26, 13, tzinfo=UTC)
    made.dates = [
        CohortDate(
            key="mid_point",
            title="Mid-point",
            starts=mid_point,
            ends=mid_point + timedelta(minutes=90),
            state=DateState.INVITED,
            invited=[HR, "P-RET1"],
        )
    ]
    refused = {f"R-RET{n}-DATA1": f"R-RET{n}-DATA1 can't be paused in the stage matching" for n in (2, 3)}
    made.pauses = [CohortPause(first=NOW.date(), cases=["R-RET1-DATA1"], refused=refused)]
    return made


FIGURES = CohortFigures(
    cohort="SPRING-2027",
    participants=3,
    starts=2,
    completions=0,
    conversions=0,
    declined=0,
    expired=0,
    released=0,
    withdrawn=0,
    not_eligible=0,
    retained=[
        Retention(days=30, retained=1, gone=1, to_come=0, not_asked=0),
        Retention(days=90, retained=0, gone=0, to_come=2, not_asked=0),
    ],
    stipends=[],
    training=[],
    certificates=0,
)


def text(seen: dict[str, Any]) -> str:
    console = Console(file=io.StringIO(), width=140, markup=False)
    for part in rendered(seen, {"P-RET1": "Amara"}):
        console.print(part)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def test_the_view_tells_how_it_stands_with_everybody() -> None:
    seen = state().view(NOW) | {
        "cases": {
            "R-RET1-DATA1": {"stage": "placement", "week": 9, "paused": True, "mentor": "P-MENTOR2", "outcome": None}
        },
        "figures": FIGURES.model_dump(mode="json"),
    }

    said = text(seen)

    assert "4: 1 not started, 1 unmatched, 2 matched" in said
    assert "Spring [b]2027[/b]" in said
    assert "broke off: then launch it again" in said
    # the records know more of a placement than its cohort does: another mentor has come since
    (first,) = [line for line in said.splitlines() if line.startswith("R-RET1-DATA1")]
    assert all(part in first for part in ("Amara (P-RET1)", "P-MENTOR2", "placement, week 9, paused"))
    assert "the role pays no stipend" in said
    assert "2027-04-26 14:00 to 15:30" in said  # as it is in London
    assert "2 can't be paused in the stage matching" in said
    assert "retained after 30 days" in said
    assert "1 of 2" in said
    assert "90 days" not in said


def test_it_tells_the_same_where_the_records_cant_be_reached() -> None:
    said = text(state().view(NOW))

    assert "P-MENTOR1" in said
    assert "What came of it" not in said


def test_everybody_in_it_is_named() -> None:
    assert {"P-RET1", "P-MENTOR1", HR, HR_LEAD} <= ids_in(state().view(NOW))
