"""Scarce things on the command line: what the records know of them, and how large they are to be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from temporalio.client import Client

from domain.capacity.reserving import CapacityStart, Reserve, Resize
from domain.capacity.rules import CapacityState
from domain.core.journal import JournalBatch
from records.database import Database
from records.journal import write
from tests.cli.conftest import EXAMPLES, CommandLine, on_server
from tests.office import BUDGET_OWNER, HR, MANAGER, open_office

NOW = datetime(2027, 1, 4, 9, tzinfo=UTC)
SEATS, BUDGET = "seats-SQL-101-MARCH", "budget-TRAINING"


@pytest.fixture
def wanted(command: CommandLine, database: Database) -> CommandLine:
    """The command line with two seats that five people want, and a budget that nobody has touched."""
    seats = opened(SEATS, "SQL, in March", "places", "2")
    for n, name in enumerate(["ZOE", "YAN", "XIA", "WIM", "VIC"]):
        ask = Reserve(actor="P-LEARN1", holder=f"U-{name}-DATA1/seat-1", wait=True, signal_to="upskilling-U-1")
        seats.reserve(ask, NOW + timedelta(minutes=n))
    seats.resize(Resize(actor="P-OWNER", size=Decimal(3), reason="a larger room"), NOW + timedelta(hours=1))
    with database.session() as session:
        for state in (seats, opened(BUDGET, "Training", "GBP", "2500.5")):
            write(session, JournalBatch(case=state.id, rows=state.journal.waiting, first=1))
    return command


def opened(capacity: str, title: str, unit: str, size: str) -> CapacityState:
    start = CapacityStart(id=capacity, title=title, unit=unit, size=Decimal(size), owners=["P-OWNER"])
    return CapacityState.begin(start, NOW)


def test_all_capacities_are_listed_with_what_is_free(wanted: CommandLine) -> None:
    budget, seats = wanted.json("capacity", "list")
    assert [budget[key] for key in ("id", "size", "held", "free", "waiting")] == [
        BUDGET,
        "2500.50",
        "0.00",
        "2500.50",
        0,
    ]
    numbers = {key: seats[key] for key in ("size", "held", "offered", "free", "waiting")}
    assert numbers == {"size": "3", "held": "2", "offered": "1", "free": "0", "waiting": 2}
    assert [capacity["id"] for capacity in wanted.json("capacity", "list", "--kind", "seats")] == [SEATS]
    assert wanted.json("capacity", "list", "--kind", "mentor") == []
    assert "SQL, in March" in wanted("capacity", "list")
    assert "seats, budget, mentor or headcount" in wanted.error("capacity", "list", "--kind", "chairs", code=2)["error"]


def test_who_holds_and_who_waits_is_shown_in_order(wanted: CommandLine) -> None:
    found = wanted.json("capacity", "holders", SEATS)["reservations"]
    assert {status: names(reservations) for status, reservations in found.items()} == {
        "held": ["ZOE", "YAN"],
        "offered": ["XIA"],
        "waiting": ["WIM", "VIC"],
    }
    shown = wanted("capacity", "holders", SEATS)
    assert "SQL, in March: 2 of 3 places held, 2 waiting" in shown
    assert shown.index("U-WIM-DATA1") < shown.index("U-VIC-DATA1")
    # and a heading that is longer than its rows, which are none, is one line
    assert "Training: 0.00 of 2,500.50 GBP held, 0 waiting" in wanted("capacity", "holders", BUDGET)


def test_what_nobody_has_asked_for_yet_is_told_from_what_there_is_not(staffed: CommandLine) -> None:
    staffed("import", "profiles", str(EXAMPLES / "profiles.yaml"))
    staffed("import", "catalogue", str(EXAMPLES / "catalogue.yaml"))

    for known in ("seats-STAT-201-MAR", "mentor-6NB4YV"):
        assert f"nobody has asked for {known} yet" in staffed("capacity", "holders", known, code=3)
    for none in ("seats-STAT-201-MAY", "mentor-NOBODY", "headcount-NONE", "budget-NONE"):
        assert f"there is no capacity {none} (`capacity list`" in staffed("capacity", "holders", none, code=3)
    assert "nonsense" in staffed("capacity", "holders", "nonsense", code=1).lower()


def names(reservations: Sequence[dict[str, str]]) -> list[str]:
    return [reservation["holder"].split("-")[1] for reservation in reservations]


async def test_a_budget_is_set_up_by_who_answers_for_money_and_changed_by_its_owner(
    client: Client, tmp_path: Path
) -> None:
    async with open_office(client, tmp_path) as office:
        starter = on_server(office)
        resize = ("capacity", "resize", BUDGET, "--reason", "for 2027")
        new = ("--unit", "GBP", "--title", "Training, 2027")

        missing = await starter(*resize, "--size", "900", "--as", HR)
        assert (missing.code, missing.error) == (
            3,
            f"there is no capacity {BUDGET}; with a unit and a title it is set up (--unit, --title)",
        )
        manager = await starter(*resize, *new, "--size", "900", "--as", MANAGER)
        assert (manager.code, MANAGER in manager.error) == (1, True)
        bad = await starter(*resize, *new, "--size", "much", "--as", HR)
        assert (bad.code, bad.error.partition(":")[0]) == (2, "--size")

        places = await starter(*resize, "--unit", "places", "--title", "T", "--size", "9", "--as", HR)
        assert (places.code, places.error) == (1, f"--unit: {BUDGET} is money, counted in a currency such as GBP")
        mentor = ("capacity", "resize", "--reason", "for 2027", "--size", "2", "--as", HR)
        pounds = await starter(*mentor, f"mentor-{HR.removeprefix('P-')}", "--unit", "GBP")
        assert (pounds.code, pounds.error) == (1, "--unit: mentor-HR1 is counted in places, not in GBP")
        nobody = await starter(*mentor, "mentor-NOBODY", "--unit", "places", "--title", "Places")
        assert (nobody.code, "P-NOBODY" in nobody.error) == (3, True)

        made = await starter(*resize, *new, "--size", "900", "--as", BUDGET_OWNER)
        assert made.json == {"capacity": BUDGET, "unit": "GBP", "size": "900", "held": "0", "waiting": 0}
        more = await starter(*resize, "--size", "1200.50", "--as", BUDGET_OWNER)
        assert more.json["size"] == "1200.50"

        refused = await starter(*resize, "--size", "1", "--as", HR)
        assert (refused.code, refused.error) == (1, f"{HR} can't change the size of {BUDGET}: it is for {BUDGET_OWNER}")
        euros = await starter(*resize, "--unit", "EUR", "--size", "1", "--as", BUDGET_OWNER)
        assert (euros.code, euros.error) == (1, f"{BUDGET} is counted in GBP, not in EUR")
        listed = await starter("capacity", "list")
        assert [(capacity["id"], capacity["title"], capacity["size"]) for capacity in listed.json] == [
            (BUDGET, "Training, 2027", "1200.50")
        ]
