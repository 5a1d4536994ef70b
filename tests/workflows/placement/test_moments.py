"""What is asked of a placement in the very moment in which something else comes. Without a server: each such moment."""

from __future__ import annotations

from itertools import count

import pytest

from domain.core.case import Withdraw
from tests.office import RETURNER
from tests.workflows.case.any_order import LAST
from tests.workflows.case.courses import placement

CASE = "placement-R-1-DATA1"


@pytest.mark.parametrize("first", [0, LAST], ids=["in a step of its own", "together with what came back"])
def test_a_withdrawal_is_heeded_in_every_moment_after_a_mentor_has_agreed(first: int) -> None:
    """Whatever is looked up or taken then: what comes back in that moment must not make it forgotten."""
    for things in count():
        # Given a mentor who has agreed, and so many things that have happened since
        with (course := placement()).driver as driver:
            course.until(lambda: bool(driver.query(CASE, "open_tasks")))
            course.ask_of(driver.executions[CASE], "answer")
            for _ in range(things):
                driver.step()
            if driver.query(CASE)["stage"] == "preboarding":
                break

            # When the returner withdraws
            driver.update(CASE, "withdraw", Withdraw(actor=RETURNER, reason="another plan"))
            for _ in range(10):
                driver.step(first)

            # Then the case ends in good order
            course.run_to_completion()
            assert driver.query(CASE)["outcome"] == "withdrawn"
    assert things > 5
