"""A cohort that pauses and goes on with its placements. (How fast it may change its mind: ``test_last_instruction``.)

Without a server.
"""

from __future__ import annotations

from domain.cohort.participants import Enlisting
from domain.cohort.requests import Enlist, PauseCohort, ResumeCohort
from domain.core.case import Done
from domain.core.naming import workflow_id
from tests.office import HR, HR_LEAD, ROLE
from tests.workflows.case.any_order import Course
from tests.workflows.case.stand_ins import StandIns
from tests.workflows.cohort.cohorts_by_hand import ANSWERS, COHORT, enlisting, start_cohort

OTHER_HR = "P-HR2"


def test_whoever_leads_the_cohort_pauses_also_placements_of_other_hr_partners() -> None:
    # Given a cohort one of whose placements is another HR partner's.
    office = StandIns()
    with office.driver as driver:
        start_cohort(office)
        _, request = enlisting(1, 1)
        roles = {ROLE.id: ROLE.model_copy(update={"hr": OTHER_HR})}
        theirs = Enlisting(participants=request.enlisting.participants, roles=roles)
        driver.update(COHORT, "enlist", Enlist(actor=HR_LEAD, enlisting=theirs))
        (participant,) = theirs.participants
        placement = workflow_id(participant.case)
        Course(office, {}, ANSWERS).until(
            lambda: driver.query(COHORT)["participants"].get(participant.case, {}).get("status") == "matched"
        )
        assert driver.query(placement)["parties"]["hr"] == OTHER_HR

        driver.ask(COHORT, "pause", PauseCohort(actor=HR, reason="the site is closed"), Done)

        (pause,) = driver.query(COHORT)["pauses"]
        assert (pause["pause_sent"], pause["refused"]) == (True, {})
        assert driver.query(placement)["clock"]["paused_since"]
        driver.ask(COHORT, "resume", ResumeCohort(actor=HR), Done)
        assert driver.query(COHORT)["pauses"][0]["resume_sent"]
        assert not driver.query(placement)["clock"]["paused_since"]
