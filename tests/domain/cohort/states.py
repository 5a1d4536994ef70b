"""Cohorts to test pure rules on: one that has begun, and those who take part."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime

from domain.cohort.participant_state import ParticipantState, ParticipantStatus
from domain.cohort.participants import Participant
from domain.cohort.state import CohortStart, CohortState
from tests.domain.factories import shipped_policy
from tests.office import ELIGIBLE, HR, HR_LEAD, ROLE

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
POLICY = shipped_policy()


def begun(cases: Iterable[str]) -> CohortState:
    """A cohort with these placements of R-NAME for P-NAME, whose mentors are just being asked."""
    start = CohortStart(
        cohort="SPRING",
        title="Spring",
        policy=POLICY,
        starts_on=date(2027, 3, 1),
        weeks=16,
        country="GB",
        time_zone="Europe/London",
        led_by=HR,
        hr_lead=HR_LEAD,
    )
    state = CohortState.begin(start, NOW)
    state.roles[ROLE.id] = ROLE
    for case in cases:
        who = Participant(case=case, returner=f"P-{case[2:]}", role=ROLE.id, application=ELIGIBLE)
        state.participants[case] = ParticipantState(who=who, status=ParticipantStatus.ASKED, enlisted_by=HR)
    return state
