"""A cohort that pauses, goes on and closes faster than its placements can be asked: the last instruction holds.

Without a server, in any order: placements are asked one after the other while HR gives the next instruction, and now
and then once more, much later, by a worker that had been given up.
"""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from domain.cohort.requests import PauseCohort, ResumeCohort
from domain.core.case import Withdraw
from domain.placement.requests import PausePlacement
from tests.office import HR, HR_LEAD
from tests.workflows.case.any_order import Course
from tests.workflows.case.driver import Driver
from tests.workflows.case.stand_ins import StandIns
from tests.workflows.cohort.cohorts_by_hand import ANSWERS, COHORT, some, start_cohort, take_part
from workflows.cohort.activity_calls import ASK_PLACEMENTS

ENDS = ("paused", "going on", "closed", "closed while paused")


def go_on(driver: Driver, things: int, order: random.Random) -> None:
    """Let so many things happen in some order; some of what is under way is begun once more by another worker."""
    for _ in range(things):
        if order.random() < 0.2:
            driver.begin_again(ASK_PLACEMENTS.name)
        driver.step(order.randrange(1_000))


def is_paused(driver: Driver, workflow_id: str) -> bool:
    return bool(driver.query(workflow_id)["clock"]["paused_since"])


@some(8)
@given(st.sampled_from(ENDS), st.lists(st.integers(0, 30), min_size=3, max_size=3), st.integers(0, 10_000))
def test_the_last_instruction_holds_however_fast_it_follows_the_one_before(
    ends: str, gaps: list[int], seed: int
) -> None:
    office, order = StandIns(), random.Random(seed)
    with office.driver as driver:
        # Given a cohort whose placements all have mentors, and one of them that HR has paused on its own.
        cohort = start_cohort(office)
        placements = take_part(office, 3)
        Course(office, {}, ANSWERS).until(
            lambda: all(
                participant["status"] == "matched" for participant in driver.query(COHORT)["participants"].values()
            )
        )
        driver.update(placements[0], "pause", PausePlacement(actor=HR))
        driver.settle()

        # When HR changes its mind while placements are still being asked.
        driver.update(COHORT, "pause", PauseCohort(actor=HR, reason="the site is closed"))
        go_on(driver, gaps[0], order)
        driver.update(COHORT, "resume", ResumeCohort(actor=HR))
        go_on(driver, gaps[1], order)
        if ends in ("paused", "closed while paused"):
            driver.update(COHORT, "pause", PauseCohort(actor=HR_LEAD, reason="it is not over"))
            go_on(driver, gaps[2], order)
        if ends.startswith("closed"):
            driver.update(COHORT, "withdraw", Withdraw(actor=HR, reason="we do it without"))
        while driver.choices():
            go_on(driver, 1, order)

        # Then they do as it was said last, but for the one that HR has paused on its own.
        assert [is_paused(driver, placement) for placement in placements] == [True, *([ends == "paused"] * 2)]
        assert cohort.status == ("completed" if ends.startswith("closed") else "running")
