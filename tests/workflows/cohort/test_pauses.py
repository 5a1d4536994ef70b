"""A cohort that pauses and goes on with its placements. (How fast it may change its mind: ``test_last_word``.)"""

from __future__ import annotations

from collections.abc import Sequence

from domain.cohort.state import PauseCohort, ResumeCohort
from domain.core.naming import workflow_id
from tests.cohorts import answering, newcomers, policy_with, start_cohort
from tests.office import HR, HR_LEAD, ROLE, Office, person

OTHER_HR = "P-HR2"


async def paused(office: Office, cases: Sequence[str]) -> list[bool]:
    views = [await office.client.get_workflow_handle(workflow_id(case)).query("view") for case in cases]
    return [bool(view["clock"]["paused_since"]) for view in views]


async def test_whoever_leads_the_cohort_pauses_also_placements_of_other_hr_partners(office: Office) -> None:
    # Given a cohort one of whose placements is another HR partner's.
    cohort = await start_cohort(office, policy=policy_with(), seconds_per_day=2)
    (one,) = newcomers(office, 1)
    with office.database.session() as records:
        records.add(person(OTHER_HR))
    await cohort.enlist([one], ROLE.model_copy(update={"hr": OTHER_HR}), by=HR_LEAD)
    async with answering(cohort):
        await cohort.until(lambda view: view["participants"][one.case]["standing"] == "matched")

    await cohort.ask("pause", PauseCohort(actor=HR, reason="the site is closed"))
    view = await cohort.until(lambda view: view["pauses"][0]["told"])

    assert view["pauses"][0]["refused"] == {}
    assert await paused(office, [one.case]) == [True]
    await cohort.ask("resume", ResumeCohort(actor=HR))
    await cohort.until(lambda view: view["pauses"][0]["told_to_go_on"])
    assert await paused(office, [one.case]) == [False]
