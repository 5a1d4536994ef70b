"""What was recommended and decided of a programme, put on record; on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from domain.core.decisions import DecisionRow
from records.database import Database
from records.queries.placement import choosing
from records.tampering import problems_of

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
CASE = "W-AAA111-DATA1"


def test_decisions_entered_at_the_same_time_are_all_kept_in_one_chain(database: Database) -> None:
    def decide(who: int) -> choosing.Entered:
        rows = [
            DecisionRow(n=1, at=NOW, what=kind, decided="neither", by=None, policy="p@1", reason=str(who), evidence={})
            for kind in ("programme_recommended", "programme_decided")
        ]
        with database.session() as session:
            return choosing.enter_decisions(session, CASE, rows)

    with ThreadPoolExecutor(4) as pool:
        numbers = sorted(entered.numbers for entered in pool.map(decide, range(8)))

    assert numbers == [[n, n + 1] for n in range(1, 17, 2)]
    with database.reading() as session:
        assert problems_of(session, CASE) == []


def test_the_same_decisions_entered_at_the_same_time_are_kept_once(database: Database) -> None:
    rows = [
        DecisionRow(n=1, at=NOW, what=kind, decided="neither", by=None, policy="p@1", reason="why", evidence={})
        for kind in ("programme_recommended", "programme_decided")
    ]

    def decide(_: int) -> choosing.Entered:
        with database.session() as session:
            return choosing.enter_decisions(session, CASE, rows)

    with ThreadPoolExecutor(4) as pool:
        entered = list(pool.map(decide, range(4)))

    assert [outcome.numbers for outcome in entered] == [[1, 2]] * 4
    assert sorted(outcome.already for outcome in entered) == [False, True, True, True]
