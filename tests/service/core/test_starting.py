"""Starting a case beside others: nobody has two of a kind unawares, and what a second start asks for is compared."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client
from temporalio.service import RPCError
from temporalio.worker import Worker

from domain.core.beginning import Claim
from domain.core.journal import JournalBatch
from domain.core.naming import workflow_id
from domain.learning.beginning import path_beginning
from domain.placement.beginning import FIRST_DAY
from domain.placement.start import PlacementStart
from records.database import Database
from records.journal import write
from records.queries.core.starts import BEING_STARTED, enter, siblings
from service.core.alone import check_alone
from service.core.errors import CantStart, Refused
from service.core.started import Started
from service.core.starting import START_WITHIN, start_once
from service.learning.starting import claim_role, give_role_up
from service.placement.placing import checked_beginning
from tests.activities.placement.placement_probe import PlacementProbe
from tests.domain.factories import shipped_policy
from tests.migrated import new_records
from tests.office import ELIGIBLE, HR, ROLE
from tests.records.rows import case_row
from tests.school import path_start

OTHER_ROLE = ROLE.model_copy(update={"id": "OPS1"})
NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)


@dataclass
class Starting:
    """Where placements are started of which the records hear nothing: the engine and what was put on record before."""

    client: Client
    database: Database
    queue: str
    name: str

    async def __call__(self, n: int, unasked: frozenset[str] = frozenset(), **changes: Any) -> Started:
        values: dict[str, Any] = {
            "case": f"R-{self.name}-{n}",
            "returner": "P-ANN",
            "application": ELIGIBLE,
            "role": ROLE,
            "starts_on": date(2027, 3, 1),
            "weeks": 16,
            "policy": shipped_policy(),
            "started_by": HR,
        }
        start = PlacementStart(**(values | changes))
        beginning = checked_beginning(self.database, start, unasked)
        return await start_once(self.client, self.database, beginning, self.queue)

    async def end(self, started: Started) -> None:
        handle = self.client.get_workflow_handle(workflow_id(started.case))
        await handle.signal(PlacementProbe.end)
        await handle.result()


@pytest.fixture
async def start(client: Client, tmp_path: Path) -> AsyncIterator[Starting]:
    database = new_records(tmp_path / "records.db")
    queue = f"probe-{uuid.uuid4()}"
    async with Worker(client, task_queue=queue, workflows=[PlacementProbe]):
        yield Starting(client, database, queue, uuid.uuid4().hex[:8].upper())
    database.close()


async def test_a_second_placement_of_a_person_is_refused_until_the_first_is_over(start: Starting) -> None:
    first = await start(1)

    changes: list[dict[str, Any]] = [{}, {"role": OTHER_ROLE}]
    for change in changes:
        with pytest.raises(CantStart, match=f"P-ANN has a placement already: {first.case}; .* needs a reason"):
            await start(2, **change)

    assert not (await start(3, returner="P-BOB")).already_running
    await start.end(first)
    assert not (await start(2)).already_running


async def test_it_starts_beside_another_for_a_reason(start: Starting) -> None:
    await start(1)

    assert not (await start(2, beside="two half-time placements, agreed with both teams")).already_running


async def test_a_placement_whose_path_inside_would_be_a_second_one_is_refused_whole(start: Starting) -> None:
    """Given a path that runs, then no placement starts with another to the same role inside, unless for a reason."""
    alone = path_start(case=f"U-{start.name}-1", learner="P-ANN")
    running = await start_once(start.client, start.database, path_beginning(alone), f"nobody-{start.queue}")
    inside = path_start(case=f"U-{start.name}-2", learner="P-ANN")

    with pytest.raises(CantStart, match=f"P-ANN has a path to this role already: {alone.case}; .* needs a reason"):
        await start(1, learning=inside)

    assert not (await start(2)).already_running, "nothing of what was refused is on record"
    reason = "half of it was learned elsewhere"
    assert not (await start(3, beside=reason, learning=inside.model_copy(update={"beside": reason}))).already_running
    await start.client.get_workflow_handle(workflow_id(running.case)).terminate()


async def test_of_many_starts_at_once_there_is_one(start: Starting) -> None:
    came = await asyncio.gather(*(start(n) for n in range(8)), return_exceptions=True)

    started = [result for result in came if isinstance(result, Started)]
    refused = [result for result in came if isinstance(result, CantStart)]
    assert (len(started), len(refused)) == (1, 7)


async def test_of_two_certifications_of_one_certificate_that_start_at_once_there_is_one(start: Starting) -> None:
    of_a_certificate: dict[str, Any] = {"programme": "certification", "role": "DATA-PRO", "in_role_only": True}
    claims = [claim(f"C-{start.name}-{n}", **of_a_certificate) for n in range(2)]

    came = await asyncio.gather(
        *(check_alone(start.client, start.database, [rival]) for rival in claims), return_exceptions=True
    )

    (refused,) = [str(result) for result in came if result is not None]
    assert refused.endswith("; there can't be two")


async def test_a_second_start_is_told_what_is_otherwise_in_the_case_that_runs(start: Starting) -> None:
    first = await start(1)

    again = await start(1, starts_on=date(2027, 4, 5), weeks=12, cohort="SPRING-2027", seconds_per_day=0.5)

    assert (again.already_running, again.run) == (True, first.run)
    assert again.differs == [
        f"{first.case} keeps the first day it was started with: 2027-03-01, not 2027-04-05",
        f"{first.case} keeps the number of weeks it was started with: 16, not 12",
        f"{first.case} was started with no cohort, and stays so; SPRING-2027 was asked for",
        f"{first.case} keeps the pace it was started with: 86400 s a day, not 0.5 s a day",
    ]
    assert again.policies == first.policies == [shipped_policy().label]
    by_default = await start(1, unasked=frozenset({FIRST_DAY}), starts_on=date(2027, 4, 5))
    assert by_default.differs == []
    rehearsed = await start(2, returner="P-CHLOE", seconds_per_day=0.5)
    assert (await start(2, returner="P-CHLOE")).differs == [], rehearsed
    with pytest.raises(CantStart, match="for another person or role: DATA1"):
        await start(1, role=OTHER_ROLE)


async def test_a_second_start_that_leaves_something_out_is_told_that_it_stays(start: Starting) -> None:
    inside = path_start(case=f"U-{start.name}", learner="P-DORA")
    first = await start(4, returner="P-DORA", cohort="SPRING-2027", learning=inside)

    assert (await start(4, returner="P-DORA")).differs == [
        f"{first.case} keeps the cohort it was started with: SPRING-2027; none was named this time",
        f"{first.case} keeps the learning inside it was started with: {inside.case}; none was named this time",
    ]
    longer = inside.model_copy(update={"hours": inside.hours + 1})
    assert (await start(4, returner="P-DORA", cohort="SPRING-2027", learning=longer)).differs == [
        f"{first.case} keeps the number of hours of the learning inside it was started with: "
        f"{inside.hours}, not {longer.hours}"
    ]


# What the records say


@pytest.fixture
def database(tmp_path: Path) -> Database:
    return new_records(tmp_path / "records.db")


def claim(case: str, **changes: Any) -> Claim:
    values = {"programme": "returnship", "person": "P-RETURN", "role": "DATA1", "started_by": HR}
    return Claim(case=case, **(values | changes))


def test_what_somebody_set_out_to_start_counts_until_it_has_ended_and_for_a_minute_without_the_engine(
    database: Database,
) -> None:
    with database.session() as session:
        assert enter(session, claim("R-1"), (), NOW) == []
        (rival,) = enter(session, claim("R-2"), (), NOW)
        assert (rival.case, [sibling.case for sibling in siblings(session, claim("R-3"))]) == ("R-1", ["R-1"])
        assert rival.may_be_starting(NOW + BEING_STARTED - timedelta(seconds=1))
        assert not rival.may_be_starting(NOW + BEING_STARTED)
        write(session, JournalBatch(case="R-1", rows=[case_row(stage="ended")]))
        assert enter(session, claim("R-2"), (), NOW) == []


def test_what_is_set_out_to_be_started_once_more_counts_although_the_first_try_came_to_nothing(
    database: Database,
) -> None:
    later = NOW + BEING_STARTED
    with database.session() as session:
        enter(session, claim("R-1"), (), NOW)
        gone = siblings(session, claim("R-2"))
        enter(session, claim("R-1"), (), later)
        assert [rival.case for rival in enter(session, claim("R-2"), gone, later)] == ["R-1"]


async def test_a_start_that_the_engine_does_not_take_is_given_up_before_it_stops_counting_for_others(
    start: Starting, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert BEING_STARTED > START_WITHIN

    async def hangs(*_: Any, **__: Any) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("service.core.starting.START_WITHIN", timedelta(seconds=2))
    with monkeypatch.context() as unreachable:
        unreachable.setattr(Client, "start_workflow", hangs)
        with pytest.raises(RPCError, match=r"has not taken the start of .* start it again"):
            await start(1)

    # Then it counts, and it may be started again.
    with pytest.raises(CantStart, match="P-ANN has a placement already"):
        await start(2)
    monkeypatch.undo()
    assert not (await start(1)).already_running


def test_a_path_to_another_role_is_no_other_path(database: Database) -> None:
    with database.session() as session:
        first = claim("U-1", programme="upskilling", in_role_only=True)
        enter(session, first, (), NOW)
        other_role = first.model_copy(update={"case": "U-2", "role": "OPS1"})
        assert enter(session, other_role, (), NOW) == []
        same_role = first.model_copy(update={"case": "U-3"})
        assert [rival.case for rival in enter(session, same_role, (), NOW)] == ["U-1"]
        assert siblings(session, claim("R-1")) == []


async def test_a_path_is_not_led_to_a_role_to_which_there_is_another(client: Client, database: Database) -> None:
    # Given a path that runs, one that an operator has ended, and one that is just being started.
    ended, third = (f"U-{uuid.uuid4().hex[:8].upper()}" for _ in range(2))
    of_a_path: dict[str, Any] = {"programme": "upskilling", "person": "P-3MT8KW"}
    with database.session() as session:
        for case, role in ((ended, "DATA1"), (third, "OPS1")):
            write(session, JournalBatch(case=case, rows=[case_row(**of_a_path, role=role)]))
        being_started = Claim(case="U-NEW", role="CARE1", started_by=HR, in_role_only=True, **of_a_path)
        enter(session, being_started, (), datetime.now(UTC))

    # Then whoever is led where another leads is refused, and only then.
    with pytest.raises(Refused, match="P-3MT8KW has a path to CARE1 already: U-NEW; withdraw one"):
        await claim_role(client, database, third, "CARE1", HR)
    await claim_role(client, database, third, "DATA1", HR)

    # And a path that starts meanwhile finds it on its way there, until that has come to nothing.
    next_claim = Claim(case="U-NEXT", role="DATA1", started_by=HR, in_role_only=True, **of_a_path)
    with database.session() as session:
        (on_its_way,) = [sibling for sibling in siblings(session, next_claim) if sibling.changes]
    assert on_its_way.case == third
    give_role_up(database, third)
    with database.session() as session:
        assert not any(sibling.changes for sibling in siblings(session, next_claim))
