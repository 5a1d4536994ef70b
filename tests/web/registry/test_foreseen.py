"""What a case or a departure would refuse, said beside its field before the last look, on the real server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from domain.cohort.state import CohortDate
from domain.core.model import PersonId
from domain.core.naming import Programme
from service.registry.foreseen import state_in
from tests.domain.cohort.states import NOW, begun
from tests.office import HR, HR_LEAD, MANAGER, RETURNER, STAND_IN, Case
from tests.web.running import Running

REASON = "She knows the second system now as well."
LAST_DAY = (datetime.now(UTC).date() + timedelta(days=60)).isoformat()
MENTOR_OF_NOW = "whoever is the mentor"


def beside(text: str, field: str) -> str:
    """What is said beside a field."""
    return text.partition(f'id="field-{field}-error"')[2].partition("</div>")[0]


async def meant(case: Case, person: PersonId) -> PersonId:
    view = await case.view()
    return str({MENTOR_OF_NOW: view["parties"]["mentor"], RETURNER: view["returner"]}.get(person, person))


@pytest.mark.parametrize(
    ("who", "says"),
    [
        (RETURNER, "is the returner"),
        (MANAGER, "takes part in the decision on the conversion"),
        (MENTOR_OF_NOW, "is the mentor who is to be replaced"),
    ],
)
@pytest.mark.parametrize("step", ["check", "send"])
async def test_who_can_t_be_the_mentor_is_known_before_the_last_look_and_said_by_the_case_as_well(
    shared: Running, placed: Case, step: str, who: PersonId, says: str
) -> None:
    fields = {"mentor": await meant(placed, who), "reason": REASON, "_step": step}
    answer = await shared.visitor(HR).post(f"/cases/{placed.id}/actions/reassign_mentor", fields.items())
    assert answer.status == 422
    assert says in beside(answer.text, "mentor")
    assert REASON in answer.text


@pytest.mark.parametrize(
    ("who", "says"),
    [
        (RETURNER, "it is about themselves"),
        (MENTOR_OF_NOW, "whoever is or was the mentor does not decide"),
        (MANAGER, "is the manager in"),
    ],
)
async def test_who_can_t_have_a_part_is_known_before_the_last_look_and_nothing_comes_on_record(
    shared: Running, placed: Case, who: PersonId, says: str
) -> None:
    before = (await placed.view())["attempts"]
    fields = {"party": "manager", "to": await meant(placed, who), "reason": REASON, "_step": "check"}
    answer = await shared.visitor(HR).post(f"/cases/{placed.id}/actions/reassign", fields.items())
    assert answer.status in (403, 422)
    assert says in beside(answer.text, "to")
    assert REASON in answer.text
    assert (await placed.view())["attempts"] == before


async def test_what_can_be_done_gets_to_the_last_look(shared: Running, placed: Case) -> None:
    hr = shared.visitor(HR)
    for action, fields in (
        ("reassign", {"party": "manager", "to": STAND_IN}),
        ("reassign_mentor", {"mentor": shared.office.outsider}),
        ("reassign_mentor", {}),
    ):
        path = f"/cases/{placed.id}/actions/{action}"
        answer = await hr.post(path, {"reason": REASON, "_step": "check", **fields}.items())
        assert (answer.status, "Check before you send" in answer.main) == (200, True)


async def test_of_a_view_that_is_cut_short_nothing_is_foreseen(placed: Case) -> None:
    view = await placed.view()
    assert state_in(Programme.RETURNSHIP, view) is not None
    assert state_in(Programme.RETURNSHIP, view | {"left_out": ["decisions"]}) is None
    assert state_in(Programme.RETURNSHIP, view | {"stage": "none that is known"}) is None
    assert state_in(Programme.RETURNSHIP, {}) is None


def test_what_a_view_says_besides_the_state_does_no_harm() -> None:
    cohort = begun(["R-ONE"])
    cohort.dates = [CohortDate(key="welcome", title="Welcome", starts=NOW, ends=NOW)]
    view = cohort.view(NOW)
    assert "does_not_suit" in view["dates"][0]
    found = state_in(Programme.COHORT, view)
    assert found is not None
    assert found.parties == cohort.parties


@pytest.mark.parametrize("step", ["check", "send"])
async def test_who_leaves_takes_nothing_over_and_nobody_declares_that_of_themselves(shared: Running, step: str) -> None:
    hr = shared.visitor(HR)
    fields = {"last_day": LAST_DAY, "successor": MANAGER, "reason": "A new job.", "_step": step}
    answer = await hr.post(f"/people/{MANAGER}/leave", fields.items())
    assert (answer.status, "is who leaves" in beside(answer.text, "successor")) == (422, True)
    themselves = await hr.post(f"/people/{HR}/leave", (fields | {"successor": HR_LEAD}).items())
    assert (themselves.status, "declare that of themselves" in themselves.main) == (403, True)
    assert "A new job." in themselves.text


async def test_a_form_that_is_opened_when_it_can_t_be_asked_says_why(running: Running) -> None:
    case = await running.in_placement()
    await case.settled()
    hr = running.visitor(HR)
    begins, ends = (f"/cases/{case.id}/actions/{action}" for action in ("pause", "resume"))
    # while none runs, no leave can be ended
    late = await hr.get(ends)
    assert (late.status, f"{case.id} is not paused" in late.main) == (409, True)
    # and while one runs, none can be begun, nor what waits for it to end
    assert (await hr.post(begins, leave_type="other", _step="send")).status == 303
    await case.settled()
    late = await hr.get(begins)
    assert (late.status, f"{case.id} is paused already" in late.main) == (409, True)
    assert "is paused; resume it first" in (await hr.get(f"/cases/{case.id}/actions/decide_early")).main
    # nor what is of another stage
    other = await hr.get(f"/cases/{case.id}/actions/release")
    assert (other.status, "in the stage placement; it can in decision" in other.main) == (409, True)
