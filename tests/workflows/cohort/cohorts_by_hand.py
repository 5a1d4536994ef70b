"""Placements and cohorts without a server: with little of everything, so that whole courses are short."""

from __future__ import annotations

import os
from datetime import timedelta
from functools import cache
from typing import Any

from hypothesis import HealthCheck, Phase, settings

from domain.cohort.participants import Enlisting, Participant
from domain.cohort.requests import Enlist, Enlisted
from domain.cohort.state import CohortStart
from domain.core.naming import workflow_id
from domain.core.questions import TaskKind
from domain.placement.policy import Policy
from tests.domain.factories import shipped_policy
from tests.office import ELIGIBLE, HR, HR_LEAD, ROLE
from tests.school import FIRST, REACHED, levels
from tests.workflows.case.any_order import Answers
from tests.workflows.case.executions import Execution
from tests.workflows.case.stand_ins import StandIns
from workflows.cohort.workflow import Cohort

COHORT = "cohort-SPRING"


def some(courses: int) -> settings:
    """So many courses: a few seconds of them. ``WAYMARK_ORDERS=100`` looks through a hundred times as many."""
    return settings(
        max_examples=courses * int(os.environ.get("WAYMARK_ORDERS", "1")),
        suppress_health_check=[HealthCheck.too_slow],
        phases=[Phase.reuse, Phase.generate, Phase.shrink],
    )


def assessed(task: dict[str, Any], view: dict[str, Any]) -> dict[str, Any]:
    """At first the levels of FIRST; after training, what it leads to."""
    return levels(task, REACHED if view["round"] else FIRST)


ANSWERS: Answers = {
    **dict.fromkeys((TaskKind.SKILLS_SELF, TaskKind.SKILLS_MANAGER, TaskKind.CALIBRATION), assessed),
}


@cache
def short_policy() -> Policy:
    """Little of everything that a placement has."""
    policy = shipped_policy()
    items = [item for item in policy.onboarding.items if item.key in ("laptop", "orientation")]
    equipment, handover = (item for item in policy.offboarding.items if item.key in ("equipment", "handover"))
    leaving = [equipment.model_copy(update={"undoes": ["laptop"]}), handover]
    staying = [item for item in policy.changeover.items if item.key in ("contract", "last_session")]
    return policy.model_copy(
        update={
            "onboarding": policy.onboarding.model_copy(update={"items": items}),
            "offboarding": policy.offboarding.model_copy(update={"items": leaving}),
            "changeover": policy.changeover.model_copy(update={"items": staying}),
            "reviews": policy.reviews.model_copy(update={"weeks": [2]}),
            "mentoring": policy.mentoring.model_copy(update={"weekly_for_weeks": 1, "then_every_weeks": 4}),
            "decision": policy.decision.model_copy(update={"early_from_week": 2}),
            "stipend": policy.stipend.model_copy(update={"budget_from": "budget-RETURN"}),
            "translations": {},
            "follow_up": policy.follow_up.model_copy(update={"days": [30]}),
        }
    )


def start_cohort(office: StandIns, *, events_a_run: int = 1_000) -> Execution:
    """Start a cohort in which nobody takes part yet."""
    start = CohortStart(
        cohort="SPRING",
        title="Spring cohort",
        policy=short_policy(),
        starts_on=(office.driver.now + timedelta(weeks=6)).date(),
        weeks=8,
        country=ROLE.country,
        time_zone=ROLE.time_zone,
        led_by=HR,
        hr_lead=HR_LEAD,
        events_a_run=events_a_run,
    )
    return office.driver.start(Cohort, COHORT, start)


def enlisting(first: int, last: int) -> tuple[str, Enlist]:
    """The update that enlists the returners of these numbers."""
    people = [
        Participant(case=f"R-RETURN{n}-DATA1", returner=f"P-RETURN{n}", role=ROLE.id, application=ELIGIBLE)
        for n in range(first, last + 1)
    ]
    return "enlist", Enlist(actor=HR, enlisting=Enlisting(participants=people, roles={ROLE.id: ROLE}))


def take_part(office: StandIns, number: int) -> list[str]:
    """Enlist so many more returners; the workflows of their placements."""
    there = len(office.driver.query(COHORT)["participants"])
    update, request = enlisting(there + 1, there + number)
    office.driver.ask(COHORT, update, request, Enlisted)
    return [workflow_id(participant.case) for participant in request.enlisting.participants]
