"""Starting a case: once, and never once more under a name that the records know."""

from __future__ import annotations

import asyncio
from datetime import UTC, date, datetime, timedelta

import pytest

from domain.core.case import Withdraw
from domain.core.questions import TaskKind
from records.queries.core.cases import decisions
from records.tables.core import CaseRecord, PersonRecord
from service.core.connecting import connected
from service.core.errors import HasEnded
from service.core.started import Started
from service.placement.starting import WantedPlacement, start_placement
from tests.domain.factories import shipped_policy
from tests.office import HR, RETURNER, ROLE, Case, Office, eventually

AGAIN = "has ended and can't be started again; name another case"


async def start(
    office: Office, case: str = "R-ONCE", starts_on: date | None = None, beside: str | None = None
) -> Started:
    """Start a placement as the command line does."""
    with office.database.session() as records:
        returner = records.get_one(PersonRecord, RETURNER)
        returner.break_months, returner.underemployed, returner.experience_years = 30, False, 8
    wanted = WantedPlacement(
        returner=RETURNER,
        role=ROLE.id,
        policy=shipped_policy(),
        starts_on=starts_on or datetime.now(UTC).date(),
        case=case,
        seconds_per_day=1,
        beside=beside,
    )
    return await start_placement(connected(office.client), office.database, wanted, HR, office.queue)


async def test_a_second_start_finds_the_case_that_runs(office: Office) -> None:
    sunday = datetime.now(UTC).date() + timedelta(days=7)
    sunday -= timedelta(days=sunday.isoweekday() % 7)
    first = await start(office, starts_on=sunday)
    (begins,) = first.notes
    assert f"because {sunday} is no working day in GB-ENG" in begins
    case = Case(office, first.case, office.client.get_workflow_handle(f"placement-{first.case}"), skips=False)
    await case.next_task(TaskKind.MENTOR_REQUEST)
    await eventually(lambda: _is_in_records(office, first.case))

    again = await start(office, starts_on=sunday)

    assert (again.notes, again.differs) == ([], [])
    assert (first.already_running, again.already_running) == (False, True)
    assert again.run == first.run
    await case.ask("withdraw", Withdraw(actor=RETURNER, reason="x"))
    await case.ended()
    with pytest.raises(HasEnded, match=AGAIN):
        await start(office)


async def test_of_starts_beside_each_other_at_once_all_but_the_first_keep_their_reason(office: Office) -> None:
    """None of them is refused, though none found another when it looked."""
    reason = "two half-time placements, agreed with both teams"
    cases = [f"R-BESIDE-{n}" for n in range(4)]

    started = await asyncio.gather(*(start(office, case, beside=reason) for case in cases))

    assert [begun.already_running for begun in started] == [False] * 4
    placements = [
        Case(office, case, office.client.get_workflow_handle(f"placement-{case}"), skips=False) for case in cases
    ]
    for placement in placements:
        await placement.ask("withdraw", Withdraw(actor=RETURNER, reason="x"))
        await placement.ended()
    with office.database.reading() as records:
        decided = [decision for case in cases for decision in decisions(records, case)]
    reasons = [decision.reason for decision in decided if decision.decided == "beside another placement"]
    assert reasons == [reason] * 3


async def test_a_case_that_was_terminated_and_forgotten_is_not_started_once_more(office: Office) -> None:
    case = await office.start()
    await case.next_task(TaskKind.MENTOR_REQUEST)
    office.cases.remove(case)
    await case.handle.terminate("a rehearsal")

    with pytest.raises(HasEnded, match=AGAIN):
        await start(office, case.id)


def _is_in_records(office: Office, case: str) -> bool:
    with office.database.reading() as records:
        return records.get(CaseRecord, case) is not None
