"""A conversion that waits for a headcount is given up while a place comes: in each moment it is one of the two."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import count

import pytest
from temporalio.exceptions import ApplicationError

from domain.capacity.reserving import Resize
from domain.core.questions import TaskKind
from domain.core.tasks import AnswerTask
from domain.placement.requests import ReleaseWaiting
from domain.placement.stages import Outcome
from tests.office import BUDGET_OWNER, HR, HR_LEAD, ROLE, STAND_IN
from tests.workflows.case.any_order import LAST
from tests.workflows.case.stand_ins import StandIns
from tests.workflows.placement.placement_by_hand import CASE, PlacementByHand

HEADCOUNT = "capacity-headcount-DATA"
ROLE_WITH_HEADCOUNT = ROLE.model_copy(update={"headcount": "headcount-DATA"})
GIVE_UP = ReleaseWaiting(actor=HR, reason="no place before next year")
MORE = Resize(actor=BUDGET_OWNER, size=Decimal(1), reason="a post more")


def waiting() -> PlacementByHand:
    """A placement whose conversion waits for a place of the headcount."""
    placement = PlacementByHand(StandIns(), role=ROLE_WITH_HEADCOUNT)
    placement.go_on(lambda view: any("waits for a place" in why for why in view["at_risk"].values()))
    placement.driver.settle()
    return placement


@pytest.mark.parametrize("first", [0, LAST], ids=["in a step of its own", "together with what came back"])
def test_given_up_in_every_moment_in_which_a_place_comes_it_is_one_or_the_other(first: int) -> None:
    outcomes = []
    for things in count():
        # Given a conversion that waits, a place that is free now, and so many things that have happened since
        placement = waiting()
        with placement.driver as driver:
            driver.update(HEADCOUNT, "resize", MORE)
            if not all(driver.step() for _ in range(things)):
                break

            # When HR gives it up
            sent = driver.update(CASE, "release", GIVE_UP)
            for _ in range(10):
                driver.step(first)

            # Then either it is released, and the place free for others; or there is a place, and HR hears of that
            placement.course.run_to_completion()
            view, capacity = placement.view(), driver.query(HEADCOUNT)
            (outcome,) = [said for said in view["decisions"] if said["what"] == "outcome"]
            holders = [held["holder"] for held in capacity["holders"]]
            if sent.failure is None and sent.refusal is None:
                assert (outcome["decided"], outcome["by"]) == (Outcome.RELEASED, HR)
                assert (holders, capacity["waiting"], capacity["offers"]) == ([], [], [])
            else:
                assert "no headcount" in (sent.refusal or "") or "has just come" in (sent.refusal or "")
                assert outcome["decided"] == Outcome.CONVERTED
                assert holders == ["R-1-DATA1/headcount"]
            outcomes.append(outcome["decided"])
    assert set(outcomes) == {Outcome.RELEASED, Outcome.CONVERTED}


@pytest.fixture
def placement() -> Iterator[PlacementByHand]:
    found = waiting()
    with found.driver:
        yield found


def test_what_is_given_up_is_told_as_any_release_and_on_record(placement: PlacementByHand) -> None:
    placement.ask("release", GIVE_UP)

    view = placement.view()
    assert (view["outcome"], view["stage"], view["at_risk"]) == (Outcome.RELEASED, "closing", {})
    last = [(said["what"], said["decided"], said["by"], said["reason"]) for said in view["decisions"][-2:]]
    assert last == [
        ("headcount", "given up", HR, GIVE_UP.reason),
        ("outcome", "released", HR, GIVE_UP.reason),
    ]
    letters = [letter for delivery in placement.course.office.delivered for letter in delivery.letters]
    told = {letter.to: letter.facts["reason"] for letter in letters if letter.template == "released"}
    assert told[ROLE.manager] == told[HR] == GIVE_UP.reason
    assert told["P-RETURN"].startswith("there is no place for it in the headcount")
    with pytest.raises(ApplicationError, match="can't be released for want of a headcount in the stage closing"):
        placement.ask("release", GIVE_UP)


def test_who_has_another_part_in_the_decision_does_not_give_it_up_and_that_is_recorded() -> None:
    # Given a head of HR to whom an approval was handed, and who has answered it
    placement = PlacementByHand(StandIns(), role=ROLE_WITH_HEADCOUNT)
    with placement.driver:
        approval = placement.next_task(TaskKind.APPROVAL)
        handed = AnswerTask(actor=approval["assignee"], task=approval["id"], delegate_to=HR_LEAD)
        placement.driver.update(CASE, "answer_task", handed)
        placement.driver.settle()
        placement.answer(approval, by=HR_LEAD)
        placement.go_on(lambda view: any("waits for a place" in why for why in view["at_risk"].values()))

        # When they, or somebody outside HR, want to release
        for who, why in ((HR_LEAD, "another part in this decision"), (STAND_IN, "it is for")):
            with pytest.raises(ApplicationError, match=why):
                placement.ask("release", GIVE_UP.model_copy(update={"actor": who}))

        # Then the conversion waits on, and the attempt of who had a part is on record
        assert placement.view()["outcome"] is None
        assert placement.view()["attempts"] == 1
        placement.ask("release", GIVE_UP)
        assert placement.view()["outcome"] == Outcome.RELEASED
